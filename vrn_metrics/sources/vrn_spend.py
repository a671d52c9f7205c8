"""The ledger: what was planned, is expected and was spent, line by line and to the penny."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeVar

import pandas as pd

from vrn_metrics.errors import Problem, UnknownNameError
from vrn_metrics.money import parse_pounds
from vrn_metrics.periods import parse_financial_year
from vrn_metrics.sources import Document, Note, Reading, Source, refuse
from vrn_metrics.sources._extract import SEE, is_layout, read_extract

T = TypeVar("T")

SOURCE = Source(
    key="vrn-spend",
    title="Ledger of the network's funding (local)",
    publisher="The network's programme office",
    kind="local",
    profile="none_public",
    licence="Held by the network",
    address="docs/layouts.md",
    cadence="monthly or quarterly",
    caveats=("As the programme office keeps it; not the audited accounts.",),
)

CATEGORIES: Final = ("intervention", "evaluation", "staff", "analysis", "communication", "other")
KINDS: Final = ("plan", "forecast", "actual")
STREAMS: Final = ("home-office", "match", "other")
_ANSWERS: Final = {"yes": True, "y": True, "no": False, "n": False, "": False}
_NEEDED: Final = ("date", "year", "line", "project", "category", "amount", "kind", "funding_stream")
_COLUMNS: Final = (*_NEEDED, "classified_by", "reason", "doubtful", "currency")


def recognise(document: Document) -> bool:
    """Whether the file says that it is this layout."""
    return is_layout(document, SOURCE.key)


def read(document: Document) -> Reading:
    """Every line of the ledger, amounts in whole pence.

    Notes
    -----
    A file holds whole financial years: a newer one replaces those years whole. A line's
    category is a decision, so a line that counts as intervention says who made it (a role).

    Raises
    ------
    BadInputError
        With every broken rule, row by row; another currency than pounds is one.
    """
    extract = read_extract(document, required=_NEEDED, one_of=(), known=_COLUMNS)
    problems: list[Problem] = []
    covers = extract.covers
    records = []
    for place, number in enumerate(extract.rows):
        given = {
            name: extract.columns[name][place] if extract.has(name) else "" for name in _COLUMNS
        }
        record = {"position": place, **_line(number, given, problems)}
        day = record["day"]
        if record["kind"] == "actual" and isinstance(day, date) and not covers.holds(day):
            expected = f"an actual amount of a covered month, up to {covers.end:%B %Y}"
            problems.append(Problem(expected, f"'{given['date']}'", SEE, row=number))
        records.append(record)
    table = pd.DataFrame(records, dtype=object)
    if not problems and table.empty:
        problems.append(Problem("at least one line", "none", SEE))
    if not problems:
        again = table.duplicated(["year", "line", "kind"])
        if again.any():
            first = int(again.to_numpy().argmax())
            problems.append(
                Problem(
                    "each line once in a year and kind",
                    f"'{table['line'].iloc[first]}' again",
                    "Give a journal a line number of its own.",
                    row=extract.rows[first],
                    times=int(again.sum()),
                )
            )
    if problems:
        raise refuse(document, *problems)
    years = ", ".join(sorted(set(table["year"])))
    return Reading(
        edition=extract.covers.end,
        observations=pd.DataFrame(),
        tables={"ledger_lines": table},
        notes=(Note("read", f"lines of {years}", len(table)),),
        demonstration=extract.demonstration,
    )


def _line(number: int, given: Mapping[str, str], problems: list[Problem]) -> dict[str, object]:
    def fault(expected: str, found: str) -> None:
        problems.append(Problem(expected, f"'{found[:60]}'", SEE, row=number))

    def value(name: str, read: Callable[[str], T], expected: str) -> T | None:
        try:
            return read(given[name])
        except (UnknownNameError, ValueError, KeyError):
            fault(f"{expected} in column '{name}'", given[name])
            return None

    def word(name: str, known: tuple[str, ...]) -> str:
        found = given[name].lower()
        if found not in known:
            fault(f"one of {', '.join(known)} in column '{name}'", given[name])
        return found

    if given["currency"] and given["currency"].upper() not in ("GBP", "£"):
        fault("pounds (GBP)", given["currency"])
    for name in ("line", "project"):
        if not given[name]:
            fault(f"'{name}'", "nothing")
    day = value("date", date.fromisoformat, "a day such as 2025-06-30")
    period = value("year", parse_financial_year, "a financial year such as 2025-26")
    if day and period and not period.start <= day <= period.end:
        fault(f"a day in {given['year']}", given["date"])
    category = word("category", CATEGORIES)
    if category == "intervention" and not given["classified_by"]:
        fault("the role of who classified it, in 'classified_by'", "nothing")
    doubtful = value("doubtful", lambda text: _ANSWERS[text.lower()], "yes or no")
    return {
        "year": f"{period.start.year}-{period.end.year % 100:02d}" if period else "",
        "day": day,
        "line": given["line"],
        "project": given["project"],
        "category": category,
        "amount_pence": value("amount", parse_pounds, "pounds such as 1,234.50"),
        "kind": word("kind", KINDS),
        "funding_stream": word("funding_stream", STREAMS),
        "classified_by": given["classified_by"] or None,
        "reason": given["reason"] or None,
        "doubtful": bool(doubtful),
    }
