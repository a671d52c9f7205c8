"""What changed between two days on its way out: the JSON contract, flat rows, a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from vrn_metrics import narrative
from vrn_metrics.analyses.changes import Changes
from vrn_metrics.exports.contract import period_json
from vrn_metrics.exports.dataset import (
    Column,
    Dataset,
    Mark,
    Row,
    count_columns,
    count_values,
    dataset,
    span_columns,
    span_values,
)
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.exports.tables import count_cell


def changes_json(found: Changes) -> dict[str, Any]:
    """`vrn changes --format json`."""
    return {
        "area": {"code": found.area.code, "name": found.area.name},
        "since": found.since.isoformat() if found.since else None,
        "as_of": found.as_of.isoformat(),
        "demonstration_data": found.demonstration_data,
        **({"notice": narrative.demonstration_notice()} if found.demonstration_data else {}),
        "sentence": narrative.changes_words(found),
        "measures": [
            {
                "measure": each.now.measure.key,
                "title": each.now.measure.title,
                "verdict_then": str(each.then.verdict),
                "verdict_now": str(each.now.verdict),
                "period_then": period_json(each.then.current.period) if each.then.current else None,
                "period_now": period_json(each.now.current.period) if each.now.current else None,
                "why": str(each.why),
                "releases_then": [release.id for release in each.then.releases],
                "releases_now": [release.id for release in each.now.releases],
                "moved": [
                    {
                        "period": period_json(moved.period),
                        "count_then": moved.counts[0].as_json(),
                        "count_now": moved.counts[1].as_json(),
                        "difference": moved.difference,
                    }
                    for moved in each.moved
                ],
            }
            for each in found.measures
        ],
    }


def verdict_rows(found: Changes) -> list[dict[str, str]]:
    """One row a measure: its verdict on both days."""
    return [
        {
            "measure": each.now.measure.title,
            "was": f"{each.then.verdict.symbol} {each.then.verdict.words}",
            "is": f"{each.now.verdict.symbol} {each.now.verdict.words}",
            "period": each.now.current.period.label if each.now.current else "",
            "what lies behind": narrative.behind_words(each)
            if each.is_verdict or each.moved
            else "Unchanged",
        }
        for each in found.measures
    ]


def moved_rows(found: Changes) -> list[dict[str, str]]:
    """One row a figure that moved."""
    return [
        {
            "measure": change.now.measure.title,
            "period": moved.period.label,
            "was": count_cell(moved.counts[0]),
            "is": count_cell(moved.counts[1]),
            "moved by": "" if moved.difference is None else f"{moved.difference:+,}",
        }
        for change, moved in found.moved
    ]


_VERDICTS: Final = (
    Column("measure", "Measure key", "Key of the measure in the catalogue."),
    Column("title", "Measure", "What is counted."),
    Column("verdict_then", "Verdict, as it was", "What was said on the earlier day."),
    Column("verdict_now", "Verdict, as it is", "What is said on the later day."),
    *span_columns("period_then", "Period, as it was"),
    *span_columns("period_now", "Period, as it is"),
    Column("why", "What lies behind", "Key of the first reason that applies."),
)

_MOVED: Final = (
    Column("measure", "Measure key", "Key of the measure in the catalogue."),
    Column("title", "Measure", "What is counted."),
    *span_columns("period", "Period"),
    *count_columns("count_then", "Events, as they were"),
    *count_columns("count_now", "Events, as they are"),
    Column(
        "difference",
        "Moved by",
        "Now less then, where both are shown as one number.",
        "integer",
        "events",
    ),
)


def verdicts_dataset(found: Changes) -> Dataset:
    """One row a measure with its verdict on both days, for machines."""
    names = ("measure", "title", "verdict_then", "verdict_now")
    rows: list[Row] = [
        {
            **{name: each[name] for name in names},
            **span_values("period_then", each["period_then"]),
            **span_values("period_now", each["period_now"]),
            "why": each["why"],
        }
        for each in changes_json(found)["measures"]
    ]
    return _of(found, "verdicts", "Verdicts then and now", _VERDICTS, rows, ("measure",))


def changes_dataset(found: Changes) -> Dataset:
    """One row a figure that moved, for machines."""
    rows: list[Row] = [
        {
            "measure": change.now.measure.key,
            "title": change.now.measure.title,
            "period_start": moved.period.start,
            "period_end": moved.period.end,
            **count_values("count_then", moved.counts[0].as_json()),
            **count_values("count_now", moved.counts[1].as_json()),
            "difference": Mark.HIDDEN
            if any(each.is_hidden for each in moved.counts)
            else Mark.NOT_APPLICABLE
            if moved.difference is None
            else moved.difference,
        }
        for change, moved in found.moved
    ]
    key = ("measure", "period_start", "period_end")
    return _of(found, "changes", "Figures that were revised", _MOVED, rows, key)


def _of(
    found: Changes,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    key: Sequence[str],
) -> Dataset:
    entries = [entry for each in found.measures for entry in (each.then, each.now)]
    return dataset(
        f"{name}-{found.area.code}-{found.as_of.isoformat()}",
        f"{title}, {found.area.name}",
        columns,
        rows,
        key,
        Provenance.of(found.area, found.as_of, entries),
    )
