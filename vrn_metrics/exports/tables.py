"""The same results as flat rows, for a terminal, a CSV file or a table under a chart."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.scorecard import Scorecard
from vrn_metrics.counts import Count


def scorecard_rows(card: Scorecard) -> list[dict[str, Any]]:
    """One row a measure."""
    rows = []
    for entry in card.entries:
        chosen = entry.chosen
        rows.append(
            {
                "measure": entry.measure.title,
                "key": entry.measure.key,
                "verdict": f"{entry.verdict.symbol} {entry.verdict.words}",
                "period": entry.current.period.label if entry.current else "",
                "count": count_cell(entry.current.count if entry.current else Count.missing()),
                "rate": narrative.rate_words(entry.current, entry.measure.per)
                if entry.current
                else "",
                "baseline": chosen.baseline.title,
                "baseline count": count_cell(
                    chosen.figure.count if chosen.figure else Count.missing()
                ),
                "change": narrative.against_words(chosen),
                "source": entry.source.kind if entry.source else "",
                "why hidden": narrative.hidden_words(
                    each.count for each in (entry.current, chosen.figure) if each
                ),
            }
        )
    return rows


def count_cell(count: Count) -> str:
    """A count in a table: the number, a range, or a mark that is never a number."""
    if count.lower is None or count.upper is None:
        return "hidden" if count.is_hidden else "not available"
    if count.is_hidden:
        return f"hidden ({count.lower:,}–{count.upper:,})"
    if count.lower != count.upper:
        return f"{count.lower:,}–{count.upper:,}"
    return f"{count.lower}"


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV text, header first.

    A cell that a spreadsheet would run as a formula is led by an apostrophe.
    """
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({key: _inert(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _inert(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
