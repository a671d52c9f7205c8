"""The districts of a board pack: each measure's funnel with its nine rows, and the maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from vrn_metrics import areas, charts, maps, narrative
from vrn_metrics.analyses.districts import Districts, Place
from vrn_metrics.exports.districts import districts_json, districts_origin
from vrn_metrics.exports.pack.section import Drawing, Line, Look, Picture, Section, Table
from vrn_metrics.exports.pack.sections import notes_of
from vrn_metrics.exports.tables import count_cell
from vrn_metrics.measures import Measure
from vrn_metrics.methods.funnel import Position
from vrn_metrics.store import Shapes

MAPS_A_SLIDE: Final = 2
WITHIN, OUTSIDE = "Within the limits", "Outside the limits"
_LIMITS: Final = {0.95: "95%", 0.998: "99.8%"}


def districts_section(found: Districts, address: str, here: str | None = None) -> Section:
    """Which districts stand out in a measure: the funnel, and all nine with their intervals."""
    origin = districts_origin(found)
    per = found.measure.per
    hidden = narrative.hidden_words(each.figure.count for each in found.places)
    table = Table(
        f"{found.measure.title}, {found.period.label}: per {per:,} a year with 95% interval",
        ("District", "Events", "Rate", "Among districts"),
        tuple(
            (
                each.area.name,
                count_cell(each.figure.count),
                narrative.rate_words(each.figure, per).replace(f" per {per:,} a year", ""),
                narrative.place_words(each),
            )
            for each in found.places
        ),
        strong="District",
    )
    return Section(
        key=f"districts-{found.measure.key}",
        title=narrative.districts_sentence(found),
        said=(hidden,) if hidden and found.funnel is None else (),
        notes=(
            narrative.funnel_words(found),
            *((hidden,) if hidden else ()),
            *origin.definitions,
            *notes_of(origin),
        ),
        address=address,
        drawing=_funnel(found, here) if found.funnel is not None else None,
        table=table,
        releases=found.releases,
    )


def without_section(measures: Sequence[Measure], address: str) -> Section:
    """Which measures nothing has by district, in one sentence."""
    titles = "; ".join(each.title for each in measures)
    return Section(
        key="districts-without",
        title="No release that counts has these measures by district.",
        said=(f"{titles}.",),
        notes=("Load a file that has them by district on the Data page.",),
        address=address,
    )


def maps_sections(
    found: Sequence[Districts], shapes: Shapes, address: str, here: str | None = None
) -> list[Section]:
    """The measures on maps, two a slide; those of which too little may be shown are left out."""
    drawn = [each for each in found if each.funnel is not None]
    return [
        _maps(drawn[first : first + MAPS_A_SLIDE], shapes, address, here, first)
        for first in range(0, len(drawn), MAPS_A_SLIDE)
    ]


def _maps(
    found: Sequence[Districts], shapes: Shapes, address: str, here: str | None, first: int
) -> Section:
    titles = " and ".join(
        _in_a_sentence(each.measure.title, place) for place, each in enumerate(found)
    )
    patterns = dict.fromkeys(words for each in found if (words := narrative.pattern_words(each)))
    return Section(
        key=f"maps-{first // MAPS_A_SLIDE + 1}",
        title=f"On the map: {titles}.",
        said=tuple(patterns),
        notes=(
            "The rate of each district. Darker is higher; that is no sign of standing out, which "
            "the funnel of each measure tests.",
            *((maps.SCHEMATIC_NOTE,) if shapes.is_schematic else ()),
            *(narrative.districts_sentence(each) for each in found),
            *dict.fromkeys(note for each in found for note in notes_of(districts_origin(each))),
        ),
        address=address,
        pictures=tuple(_map(each, shapes, here) for each in found),
        releases=tuple(release for each in found for release in each.releases),
    )


def _in_a_sentence(title: str, place: int) -> str:
    return title if place == 0 else f"{title[0].lower()}{title[1:]}"


def _map(found: Districts, shapes: Shapes, here: str | None) -> Picture:
    said = narrative.map_words(found)
    described = narrative.describe_map(found)
    return Picture(maps.district_map(found, shapes, said, described, here=here), described)


def _funnel(found: Districts, here: str | None) -> Drawing:
    """The funnel as the page draws it, with the numbers that its JSON gives."""
    answer = districts_json(found)
    described = narrative.describe_funnel(found)
    lines = _limits(answer["funnel"])
    inside = [each for each in found.places if _is_drawn(each) and not _is_outside(each)]
    outside = [each for each in found.places if _is_drawn(each) and _is_outside(each)]
    own = [each for each in (*inside, *outside) if each.area.code == here]
    rates = {each["code"]: each["rate"]["value"] for each in answer["districts"] if each["rate"]}
    groups: tuple[tuple[str, Look, list[Place]], ...] = (
        (WITHIN, "points", [each for each in inside if each not in own]),
        (OUTSIDE, "concern", [each for each in outside if each not in own]),
        (areas.area(here).name if here and own else "", "improvement", own),
    )
    for name, look, places in groups:
        if places:
            lines.append(
                Line(
                    name,
                    tuple(rates[each.area.code] for each in places),
                    look,
                    places=tuple(round(each.figure.person_years or 0) for each in places),
                    names=() if look == "points" else tuple(each.area.name for each in places),
                )
            )
    return Drawing(
        spec=charts.funnel_chart(found, described, here),
        described=described,
        unit=f"Per {found.measure.per:,} a year",
        categories=(),
        lines=tuple(lines),
        shape="by size",
        along="Person-years",
    )


def _limits(funnel: dict[str, Any]) -> list[Line]:
    along = tuple(funnel["limits"][0]["person_years"])
    lines = [Line("The network's rate", (funnel["centre"],) * len(along), "centre", along)]
    for each in funnel["limits"]:
        named = _LIMITS[each["confidence"]]
        lines += [
            Line(
                f"{side.capitalize()} {named} limit",
                tuple(each[side]),
                "limit",
                tuple(each["person_years"]),
            )
            for side in ("lower", "upper")
        ]
    return lines


def _is_drawn(place: Place) -> bool:
    rate = place.figure.rate
    return rate is not None and rate.value is not None and place.figure.count.is_exact


def _is_outside(place: Place) -> bool:
    return place.position not in (Position.INSIDE, Position.NOT_JUDGED)
