"""Results as parts of a board pack. A new part is one function here and one in `contents`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.attention import Attention
from vrn_metrics.analyses.changes import Changes
from vrn_metrics.analyses.control_chart import ControlChart
from vrn_metrics.analyses.scorecard import Scorecard
from vrn_metrics.analyses.trend import Trend, Years
from vrn_metrics.analyses.trend_methods import PERIOD_WORDS
from vrn_metrics.exports.changes import moved_rows, verdict_rows
from vrn_metrics.exports.pack.section import Drawing, Line, Look, Section, Table
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.exports.series import trend_json, trend_rows
from vrn_metrics.exports.tables import count_cell, scorecard_rows
from vrn_metrics.methods.signals import Meaning

_ON_THE_CARD: Final = {
    "measure": "Measure",
    "verdict": "Verdict",
    "count": "Events",
    "period": "In the",
    "rate": "Rate",
    "baseline count": "Before",
    "baseline": "In the baseline",
    "change": "Change of the rate",
}
_POINTS: Final = {
    "period": "Period",
    "count": "Count",
    "rate": "Rate",
    "centre": "Centre",
    "lower limit": "Lower limit",
    "upper limit": "Upper limit",
    "stands out": "Stands out",
}
_STANDING_OUT: Final[Mapping[Meaning, tuple[str, Look]]] = {
    Meaning.IMPROVEMENT: ("Stands out, for the better", "improvement"),
    Meaning.CONCERN: ("Stands out, for the worse", "concern"),
    Meaning.NEUTRAL: ("Stands out, either way", "neutral"),
}


def success_section(card: Scorecard, address: str) -> Section:
    """Are we succeeding? The success measures in one table."""
    return _card(card, "scorecard", narrative.scorecard_words(card), address, success=True)


def context_section(card: Scorecard, address: str) -> Section:
    """The measures around them."""
    return _card(card, "context", narrative.context_words(card), address, success=False)


def measure_section(found: Trend, address: str) -> Section:
    """Is this measure really changing? Its chart, and what qualifies it."""
    entry = found.entry
    title, rest = narrative.headline(entry)
    origin = Provenance.of(found.area, found.as_of, [entry])
    said = [rest] if rest else []
    if entry.numerator is not None:
        said += [
            narrative.trend_sentence(found),
            narrative.sensitivity_words(found),
            narrative.outlook_words(found),
        ]
    if changed := narrative.breaks_words(found):
        said.append(f"Changed along the way: {changed}.")
    points = [row for row in trend_rows(found) if row["count"] != "not available"]
    return Section(
        key=entry.measure.key,
        title=f"{title}.",
        said=tuple(said),
        notes=(
            *origin.definitions,
            *narrative.trend_qualifications(found, is_drawn=False),
            *notes_of(origin),
        ),
        address=address,
        drawing=_drawing(found) if found.figures else None,
        more=(_years(found, found.years),) if found.years else (),
        points=table_of(f"{entry.measure.title}: every point", _POINTS, points) if points else None,
    )


def changes_section(found: Changes, address: str) -> Section:
    """What changed since last time: verdicts, and figures that were revised."""
    entries = [entry for each in found.measures for entry in (each.then, each.now)]
    origin = Provenance.of(found.area, found.as_of, entries)
    verdicts = verdict_rows(found)
    revised = moved_rows(found)
    return Section(
        key="changes",
        title=narrative.changes_words(found),
        said=() if verdicts else (narrative.NOTHING_BEFORE,),
        notes=(
            *(narrative.change_line(each) for each in found.verdicts),
            *(narrative.moved_line(change, each) for change, each in found.moved),
            *notes_of(origin),
        ),
        address=address,
        table=table_of("Verdicts on both days", titled(verdicts), verdicts) if verdicts else None,
        more=(table_of("Figures that were revised", titled(revised), revised),) if revised else (),
    )


def attention_section(found: Attention, origin: Provenance, address: str) -> Section:
    """Which districts to look at first, for all that many are looked at."""
    title, _, rest = narrative.attention_words(found).partition(". ")
    return Section(
        key="attention",
        title=f"Districts to look at first: {title[0].lower()}{title[1:]}.",
        said=(*(narrative.attention_line(each) for each in found.listed), rest),
        notes=(
            "A district with a hidden number cannot be judged and is not on the list: absence is "
            "no acquittal.",
            *notes_of(origin),
        ),
        address=address,
    )


def methods_section(card: Scorecard, address: str) -> Section:
    """How the figures were made, and from which files."""
    origin = Provenance.of(card.area, card.as_of, card.entries)
    releases = [
        {
            "Release": str(each.id),
            "Table": each.title,
            "File": each.file_name,
            "Edition": each.edition.isoformat(),
            "Approved by": each.changed_by,
        }
        for each in origin.releases
    ]
    return Section(
        key="methods",
        title="How far to trust it: no verdict without a test, and no number that could point at "
        "a person.",
        said=narrative.METHODS,
        notes=(*origin.definitions, *notes_of(origin)),
        address=address,
        more=(table_of("Releases behind this pack", titled(releases), releases),)
        if releases
        else (),
    )


def _card(card: Scorecard, key: str, title: str, address: str, *, success: bool) -> Section:
    chosen = {each.measure.title for each in card.entries if each.measure.success is success}
    rows = [each for each in scorecard_rows(card) if each["measure"] in chosen]
    entries = [each for each in card.entries if each.measure.title in chosen]
    origin = Provenance.of(card.area, card.as_of, entries)
    return Section(
        key=key,
        title=title,
        said=(),
        notes=(*(narrative.sentence(each) for each in entries), *notes_of(origin)),
        address=address,
        table=table_of("Each measure against its baseline", _ON_THE_CARD, rows, "Verdict"),
    )


def notes_of(origin: Provenance) -> tuple[str, ...]:
    """Caveats, what is hidden, sources and releases."""
    hidden = origin.suppression if origin.sources else ()
    return (
        *origin.caveats,
        *hidden,
        f"Source: {origin.source_words}.",
        *origin.release_words,
    )


def titled(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Heads of columns from the names in rows."""
    return {name: f"{name[0].upper()}{name[1:]}" for name in (rows[0] if rows else {})}


def table_of(
    caption: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    strong: str = "",
) -> Table:
    """Rows as a table of words under the columns that are named."""
    return Table(
        caption,
        tuple(columns.values()),
        tuple(tuple(str(row[name]) for name in columns) for row in rows),
        strong,
    )


def _drawing(found: Trend) -> Drawing:
    """The chart of a trend: what the page draws, with the numbers that its JSON gives."""
    points = trend_json(found)["points"]
    chart = found.chart
    described = narrative.describe_chart(found)
    values = tuple(point["value"] if chart else _exact(point["count"]) for point in points)
    lines = [Line(_named(found), values, "points")]
    if chart is not None:
        lines += [
            Line("Centre line", tuple(each["centre"] for each in points), "centre"),
            Line("Lower limit", tuple(each["lower"] for each in points), "limit"),
            Line("Upper limit", tuple(each["upper"] for each in points), "limit"),
        ]
        lines += _standing_out(chart, values)
    unit = "Events" if chart is None or chart.per is None else f"Per {chart.per:,} a year"
    if found.choice.size is not None:
        unit += f", each {PERIOD_WORDS[found.choice.size.months]} by its last month"
    return Drawing(
        spec=charts.trend_chart(found, described),
        described=described,
        unit=unit,
        categories=tuple(f"{figure.period.end:%b %Y}" for figure in found.figures),
        lines=tuple(lines),
    )


def _standing_out(chart: ControlChart, values: Sequence[float | None]) -> list[Line]:
    """The points with a special cause, by what it means; none where there are none."""
    meanings = [cause.meaning if cause else None for cause in chart.causes]
    return [
        Line(
            name,
            tuple(
                value if found is meaning else None
                for value, found in zip(values, meanings, strict=True)
            ),
            look,
        )
        for meaning, (name, look) in _STANDING_OUT.items()
        if meaning in meanings
    ]


def _years(found: Trend, years: Years) -> Table:
    """The years that are tested for a trend, with their rates."""
    return Table(
        f"{found.entry.measure.title}: years since the last change in recording",
        ("Year", "Count", "Rate"),
        tuple(
            (
                each.period.label,
                count_cell(each.count),
                narrative.rate_words(each, found.entry.measure.per),
            )
            for each in years.figures
        ),
    )


def _exact(count: Mapping[str, Any]) -> float | None:
    shown = count["status"] == "exact" and count["lower"] == count["upper"]
    return count["lower"] if shown else None


def _named(found: Trend) -> str:
    events = found.entry.measure.events
    return f"{events[0].upper()}{events[1:]}"
