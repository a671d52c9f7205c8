"""Districts, a district's measures, its neighbours and circumstances as tables for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from vrn_metrics import narrative
from vrn_metrics.analyses.circumstances import Circumstances
from vrn_metrics.analyses.district import District
from vrn_metrics.analyses.districts import Districts
from vrn_metrics.areas import network
from vrn_metrics.exports.circumstances import circumstances_json
from vrn_metrics.exports.dataset import (
    Column,
    Dataset,
    Mark,
    Row,
    Value,
    count_columns,
    count_values,
    dataset,
    estimate_columns,
    estimate_values,
    known,
    span_columns,
    span_values,
)
from vrn_metrics.exports.districts import district_json, districts_json, districts_origin
from vrn_metrics.exports.provenance import Provenance

_RATE_UNIT: Final = "events per so many people a year"
_MEASURE: Final = (
    Column("measure", "Measure key", "Key of the measure in the catalogue."),
    Column("title", "Measure", "What is counted."),
)
_DISTRICT: Final = (
    Column("district_code", "District code", "ONS code of the district."),
    Column("district", "District", "Name of the district."),
)
_FIGURE: Final = (
    *span_columns("period", "Period"),
    *count_columns("count", "Events"),
    *estimate_columns("rate", "Rate a year", _RATE_UNIT),
    Column("rate_per", "Rate per people", "How many people the rate is per.", "integer", "people"),
)
_AMONG: Final = (
    Column("position", "Among districts", "Where it lies in the funnel."),
    Column("position_by_chance", "By chance alone", "The same without usual variation."),
    Column("among", "In words", "Where it lies among the nine districts."),
)
_VERDICT: Final = Column("verdict", "Verdict", "What may be said since the baseline.")
_PEOPLE: Final = Column(
    "person_years", "Person-years", "People times years of the period.", "integer", "person-years"
)
_SHARES: Final = (
    Column("share_of_events", "Share of events", "Of the network's.", "number", "proportion"),
    Column("share_of_people", "Share of people", "Of the network's.", "number", "proportion"),
)


def districts_dataset(found: Districts) -> Dataset:
    """One row a district in one measure, the network below them."""
    answer = districts_json(found)
    same: Row = {"measure": answer["measure"], "title": answer["title"]}
    rows = [
        {
            **same,
            "district_code": each["code"],
            "district": each["name"],
            **_figure_values(each),
            "person_years": known(each["person_years"]),
            "verdict": each["verdict"],
            **_among_values(each),
        }
        for each in answer["districts"]
    ]
    rows.append(
        {
            **same,
            "district_code": network().code,
            "district": network().name,
            **_figure_values(answer["network"]),
            **dict.fromkeys(
                ("person_years", "verdict", *(each.name for each in _AMONG)), Mark.NOT_APPLICABLE
            ),
        }
    )
    return dataset(
        f"districts-{found.measure.key}-{found.as_of.isoformat()}",
        f"{found.measure.title} in the nine districts, {found.period.label}",
        (*_MEASURE, *_DISTRICT, *_FIGURE, _PEOPLE, _VERDICT, *_AMONG),
        rows,
        ("district_code",),
        districts_origin(found),
    )


def district_dataset(found: District) -> Dataset:
    """One row a measure of one district."""
    answer = district_json(found)
    return dataset(
        f"district-{found.area.code}-{found.as_of.isoformat()}",
        f"Every measure in {found.area.name}",
        (*_MEASURE, *_FIGURE, _VERDICT, *_SHARES, *_AMONG),
        [
            {
                "measure": each["measure"],
                "title": each["title"],
                **_figure_values(each),
                "verdict": each["verdict"],
                "share_of_events": known((each["share"] or {}).get("events")),
                "share_of_people": known((each["share"] or {}).get("people")),
                **_among_values(each["among_districts"]),
            }
            for each in answer["measures"]
        ],
        ("measure",),
        Provenance.of(found.area, found.as_of, [each.entry for each in found.lines]),
    )


def neighbours_dataset(found: District) -> Dataset:
    """One row a measure and statistical neighbour, the district's own first."""
    titles = {each.measure.key: each.measure.title for each in found.neighbours}
    rows: list[Row] = []
    for each in district_json(found)["neighbours"]:
        own = {"code": found.area.code, "name": found.area.name, **each["own"]}
        rows += [
            {
                "measure": each["measure"],
                "title": titles[each["measure"]],
                "district_code": one["code"],
                "district": one["name"],
                **_figure_values(one),
                "is_own": "yes" if one is own else "no",
            }
            for one in (own, *each["neighbours"])
        ]
    origin = Provenance.of_releases(
        found.area,
        found.as_of,
        [release for each in found.neighbours for release in each.releases],
        definitions=[
            f"{each.measure.title}: {each.measure.definition}" for each in found.neighbours
        ],
        caveats=[narrative.NEIGHBOURS_ARE, *(narrative.without_words(e) for e in found.neighbours)],
    )
    return dataset(
        f"neighbours-{found.area.code}-{found.as_of.isoformat()}",
        f"{found.area.name} beside its statistical nearest neighbours",
        (
            *_MEASURE,
            *_DISTRICT,
            *_FIGURE,
            Column("is_own", "Own", "Whether the row is the district itself: yes or no."),
        ),
        rows,
        ("measure", "district_code"),
        replace(origin, caveats=tuple(each for each in origin.caveats if each)),
    )


def circumstances_dataset(found: Circumstances, as_of: date) -> Dataset:
    """One row a year and kind of place or time of day."""
    of, what = str(found.of), narrative.kinds_words(found)
    titles = {one.kind.key: one.kind.title for year in found.years for one in year.shares}
    return dataset(
        f"{of}s-{found.measure.key}-{as_of.isoformat()}",
        f"{found.measure.title} by {what}, {network().name}",
        (
            *_MEASURE,
            *span_columns("period", "Year"),
            Column(of, what.capitalize(), f"Key of the {what}."),
            Column(f"{of}_title", f"{what.capitalize()}, in words", "What it is called."),
            *count_columns("count", "Events"),
            Column("share", "Share", "Of the year's events.", "number", "proportion"),
        ),
        [
            {
                "measure": found.measure.key,
                "title": found.measure.title,
                **span_values("period", year["period"]),
                of: one[of],
                f"{of}_title": titles[one[of]],
                **count_values("count", one["count"]),
                "share": known(one["share"], _gap(one["count"])),
            }
            for year in circumstances_json(found)["years"]
            for one in year[f"{of}s"]
        ],
        ("period_start", of),
        Provenance.of_releases(
            network(),
            as_of,
            found.releases,
            definitions=[f"{found.measure.title}: {found.measure.definition}"],
            caveats=[narrative.circumstances_caveat(found)],
        ),
    )


def _figure_values(answer: Mapping[str, Any]) -> dict[str, Value]:
    hidden = _gap(answer["count"]) is Mark.HIDDEN
    return {
        **span_values("period", answer["period"]),
        **count_values("count", answer["count"]),
        **estimate_values("rate", answer["rate"], hidden=hidden),
        "rate_per": known((answer["rate"] or {}).get("per")),
    }


def _among_values(answer: Mapping[str, Any] | None) -> dict[str, Value]:
    if answer is None:
        return dict.fromkeys((each.name for each in _AMONG), Mark.NOT_AVAILABLE)
    return {
        "position": answer["position"],
        "position_by_chance": answer["position_by_chance"],
        "among": answer["said"],
    }


def _gap(count: Mapping[str, Any]) -> Mark:
    return Mark.HIDDEN if count["status"] == "suppressed" else Mark.NOT_AVAILABLE
