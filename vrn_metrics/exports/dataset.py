"""A result as a table for machines: typed columns, each with its meaning, and marks for gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal

from vrn_metrics.exports.provenance import Provenance


class Mark(StrEnum):
    """What stands in a cell that has no number: the shorthand of the Analysis Function.

    `BETWEEN` is ours, as there is none for a count that is known to lie between two bounds.
    """

    HIDDEN = "[c]"
    NOT_AVAILABLE = "[x]"
    NOT_APPLICABLE = "[z]"
    BETWEEN = "[range]"

    @property
    def words(self) -> str:
        """What it says."""
        return _WORDS[self]


_WORDS: Final = {
    Mark.HIDDEN: "confidential: hidden to protect people",
    Mark.NOT_AVAILABLE: "not available: not published, or not supplied",
    Mark.NOT_APPLICABLE: "not applicable",
    Mark.BETWEEN: "not one number, as it was rounded: see the two bounds beside it",
}

Value = str | int | float | date | Mark
Row = Mapping[str, Value]
Kind = Literal["string", "date", "integer", "number"]


@dataclass(frozen=True)
class Column:
    """One column: its name in a file, its title for a reader, what it means and its unit."""

    name: str
    title: str
    meaning: str
    kind: Kind = "string"
    unit: str = ""


@dataclass(frozen=True)
class Dataset:
    """A table that leaves: a row of values by column, and where they come from.

    `name` is the stem of its files; `key` the columns that tell its rows apart.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    key: tuple[str, ...]
    provenance: Provenance

    def values(self) -> list[list[Value]]:
        """The cells, row by row, in the order of the columns."""
        return [[row[column.name] for column in self.columns] for row in self.rows]


NOTICE: Final = Column("notice", "Notice", "Says so if the figures are made up; else empty.")


def dataset(
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    key: Sequence[str],
    provenance: Provenance,
) -> Dataset:
    """A table with the demonstration mark in each row, where it applies."""
    if not provenance.notice:
        return Dataset(name, title, tuple(columns), tuple(rows), tuple(key), provenance)
    marked = tuple({**row, NOTICE.name: provenance.notice} for row in rows)
    return Dataset(name, title, (*columns, NOTICE), marked, tuple(key), provenance)


def count_columns(name: str, title: str, unit: str = "events") -> tuple[Column, ...]:
    """The four columns of a count."""
    return (
        Column(name, title, "The count, where it is one number and may be shown.", "integer", unit),
        Column(f"{name}_lower", f"{title}, least", "The least it can be.", "integer", unit),
        Column(f"{name}_upper", f"{title}, most", "The most it can be.", "integer", unit),
        Column(
            f"{name}_status",
            f"{title}, status",
            "exact, rounded, suppressed (hidden to protect people) or missing.",
        ),
    )


def count_values(name: str, count: Mapping[str, Any]) -> dict[str, Value]:
    """The four values of a count as the JSON contract gives it."""
    status = str(count["status"])
    gap = Mark.HIDDEN if status == "suppressed" else Mark.NOT_AVAILABLE
    lower, upper = known(count["lower"], gap), known(count["upper"], gap)
    if status == "suppressed":
        one: Value = Mark.HIDDEN
    else:
        one = lower if lower == upper else Mark.BETWEEN
    return {
        name: one,
        f"{name}_lower": lower,
        f"{name}_upper": upper,
        f"{name}_status": status,
    }


def span_columns(name: str, title: str) -> tuple[Column, Column]:
    """The two columns of a stretch of time."""
    return (
        Column(f"{name}_start", f"{title}, first day", "Its first day.", "date"),
        Column(f"{name}_end", f"{title}, last day", "Its last day.", "date"),
    )


def span_values(name: str, span: Mapping[str, str] | None) -> dict[str, Value]:
    """The two values of a stretch of time as the JSON contract gives it."""
    return {
        f"{name}_{end}": date.fromisoformat(span[end]) if span else Mark.NOT_AVAILABLE
        for end in ("start", "end")
    }


def estimate_columns(
    name: str, title: str, unit: str, parts: Sequence[str] = ("value", "lower", "upper")
) -> tuple[Column, ...]:
    """The columns of a rate or a ratio with its 95% interval."""
    kinds = {
        "value": (name, title, "Its value."),
        "lower": (f"{name}_lower", f"{title}, lower limit", "Lower end of its interval."),
        "upper": (f"{name}_upper", f"{title}, upper limit", "Upper end of its interval."),
        "p_value": (f"{name}_p_value", f"{title}, p-value", "Two-sided, that there is no change."),
    }
    return tuple(Column(*kinds[part], "number", unit) for part in parts)


def estimate_values(
    name: str,
    estimate: Mapping[str, Any] | None,
    parts: Sequence[str] = ("value", "lower", "upper"),
    *,
    hidden: bool,
) -> dict[str, Value]:
    """The values of a rate or a ratio as the JSON contract gives it."""
    gap = Mark.HIDDEN if hidden else Mark.NOT_AVAILABLE
    return {
        name if part == "value" else f"{name}_{part}": known((estimate or {}).get(part), gap)
        for part in parts
    }


def known(value: Value | None, gap: Mark = Mark.NOT_AVAILABLE) -> Value:
    """The value, or the mark of why there is none."""
    return gap if value is None else value
