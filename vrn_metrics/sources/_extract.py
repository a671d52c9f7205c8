"""The network's own layouts: a preamble of key rows, a header row, and rows of data.

The preamble says what the file covers, because a month without a row is a zero only in a
file that covers that month. `docs/layouts.md` describes the layouts to those who make them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from vrn_metrics.errors import Problem, UnknownNameError
from vrn_metrics.periods import Period, parse_month
from vrn_metrics.sources import refuse
from vrn_metrics.sources._document import Document, text

LAYOUT_VERSION: Final = "1"
MOST_ROWS: Final = 2_000_000  # a force records some 100,000 crimes a year
_PREAMBLE: Final = (
    "layout",
    "covers",
    "publisher",
    "demonstration",
    "provisional_from",
    "rows",
)
# Parts of the names of columns, written together or apart; no column of a layout has one.
_PERSONAL: Final = re.compile(
    r"(?<!district)(?<!area)(?<!offence)name|initials|dob|birth|nhs|address|postcode|phone|"
    r"mobile|email|insurance|patient|hospital|offender|suspect|victim|crimenumber|reference|"
    r"freetext|notes"
)
# Columns that say the same thing: were both there, one would be lost unseen.
_ALTERNATIVES: Final = (
    ("month", "date"),
    ("age", "age_band"),
    ("relationship", "domestic"),
    ("method", "knife"),
)
_ANSWERS: Final = {"yes": True, "true": True, "no": False, "false": False}
SEE: Final = "docs/layouts.md describes the layout; data/templates has a file to start from."


@dataclass(frozen=True)
class Extract:
    """One extract as text: its preamble understood, its columns by name.

    `columns` hold one word a row; `rows` are the spreadsheet's row numbers.
    """

    document: Document
    covers: Period
    provisional_from: date | None
    demonstration: bool
    columns: Mapping[str, Sequence[str]]
    rows: Sequence[int]

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.columns


def is_layout(document: Document, layout: str) -> bool:
    """Whether the file's first row names this layout."""
    if document.kind not in ("csv", "xlsx", "ods", "xls") or not document.sheets:
        return False
    first = next((row for row in document.head(document.sheets[0]) if any(map(text, row))), ())
    words = [text(cell).lower() for cell in first[:2]]
    return words == ["layout", layout]


def read_extract(
    document: Document,
    *,
    required: Sequence[str],
    one_of: Sequence[Sequence[str]],
    known: Sequence[str],
) -> Extract:
    """The file's preamble and columns.

    Parameters
    ----------
    required
        Columns that must be there.
    one_of
        Groups of columns of which one must be there.
    known
        Every column that is understood; another is refused, so that nothing is lost unseen.

    Raises
    ------
    BadInputError
        With every rule that preamble or header breaks.
    """
    sheet = document.sheets[0]
    stated: dict[str, list[str]] = {}
    header: list[str] = []
    columns: list[list[str]] = []
    numbers: list[int] = []
    faults: list[Problem] = []
    ragged: list[int] = []
    again: list[int] = []
    for number, row in enumerate(document.rows(sheet), start=1):
        words = [text(cell) for cell in row]
        if not any(words):
            continue
        if not header and words[0].lower() in _PREAMBLE:
            again += [number] if words[0].lower() in stated else []
            stated[words[0].lower()] = [word for word in words[1:] if word]
        elif not header:
            header = [word.lower().replace(" ", "_") for word in words]
            while header and not header[-1]:
                header.pop()
            columns = [[] for _ in header]
            faults += _header_faults(header, number, required, one_of, known)
            if faults:
                break
        else:
            if any(words[len(header) :]) or (document.kind == "csv" and len(words) < len(header)):
                ragged.append(number)
                continue
            padded = words[: len(header)] + [""] * (len(header) - len(words))
            for column, word in zip(columns, padded, strict=True):
                column.append(word)
            numbers.append(number)
            if len(numbers) > MOST_ROWS:
                raise refuse(
                    document,
                    Problem(f"at most {MOST_ROWS:,} rows", "more", "Send counts and not events."),
                )
    if again:
        found, fix = "one of them twice", "Leave the one that is true."
        faults.append(Problem("each key row once", found, fix, row=again[0], times=len(again)))
    if not header:
        faults.append(Problem(f"a header row with {', '.join(required)}", "none", SEE))
    if ragged:
        faults.append(
            Problem(
                f"{len(header)} cells in every row",
                "another number",
                "The file may have been cut off: export it again.",
                row=ragged[0],
                times=len(ragged),
            )
        )
    covers, provisional, problems = _coverage(stated)
    is_made_up = _ANSWERS.get(" ".join(stated.get("demonstration", ["no"])).lower())
    if is_made_up is None:
        found = ", ".join(stated["demonstration"]) or "nothing"
        faults.append(Problem("yes or no in the row 'demonstration'", found, SEE))
    faults += problems + _rows_faults(stated, len(numbers) + len(ragged))
    if faults or covers is None:
        raise refuse(document, *faults)
    return Extract(
        document=document,
        covers=covers,
        provisional_from=provisional,
        demonstration=bool(is_made_up),
        columns=dict(zip(header, columns, strict=True)),
        rows=numbers,
    )


def _header_faults(
    header: Sequence[str],
    number: int,
    required: Sequence[str],
    one_of: Sequence[Sequence[str]],
    known: Sequence[str],
) -> list[Problem]:
    personal = [name for name in header if _PERSONAL.search(re.sub(r"[^a-z]", "", name))]
    if personal:
        return [
            Problem(
                "no personal data",
                f"the column {', '.join(personal)}",
                "Take it out before the file leaves your organisation, and tell your "
                "information governance lead if it was sent.",
                row=number,
            )
        ]
    faults = []
    if missing := [name for name in required if name not in header]:
        faults.append(
            Problem(f"the columns {', '.join(missing)}", ", ".join(header), SEE, row=number)
        )
    faults += [
        Problem(f"the column {' or '.join(group)}", ", ".join(header), SEE, row=number)
        for group in one_of
        if not any(name in header for name in group)
    ]
    faults += [
        Problem(f"either '{one}' or '{other}'", "both", "Leave one of them out.", row=number)
        for one, other in _ALTERNATIVES
        if one in header and other in header
    ]
    if unknown := [name or "(no name)" for name in header if name not in known]:
        faults.append(
            Problem(f"only the columns {', '.join(known)}", ", ".join(unknown), SEE, row=number)
        )
    if len(set(header)) < len(header):
        faults.append(Problem("each column once", "one of them twice", SEE, row=number))
    return faults


def _rows_faults(stated: Mapping[str, Sequence[str]], found: int) -> list[Problem]:
    """A file that states its number of rows cannot be cut off between two of them unseen."""
    if "rows" not in stated or list(stated["rows"]) == [str(found)]:
        return []
    return [
        Problem(
            f"{', '.join(stated['rows']) or 'a number of'} rows of data, as the row 'rows' says",
            f"{found}",
            "The file may have been cut off: export it again.",
        )
    ]


def _coverage(
    stated: Mapping[str, Sequence[str]],
) -> tuple[Period | None, date | None, list[Problem]]:
    faults = []
    version = list(stated.get("layout", []))[1:2]
    if version != [LAYOUT_VERSION]:
        faults.append(
            Problem(
                f"version {LAYOUT_VERSION} of the layout", "".join(version) or "none", SEE, row=1
            )
        )
    covers = provisional = None
    try:
        first, last = (parse_month(word) for word in stated.get("covers", []))
        covers = Period(first.start, last.end)
    except (UnknownNameError, ValueError):
        found = ", ".join(stated.get("covers", [])) or "none"
        faults.append(Problem("a row 'covers' with its first and last month", found, SEE))
    if covers and covers.end > _last_whole_month(date.today()):
        faults.append(
            Problem(
                "months that are over",
                f"a file that covers {covers.end:%B %Y}",
                "Correct the row 'covers': a month still running would read as a fall.",
            )
        )
    if "provisional_from" in stated:
        try:
            provisional = parse_month(" ".join(stated["provisional_from"])).start
        except UnknownNameError as error:
            faults.append(Problem("a month in the row 'provisional_from'", str(error), SEE))
    if covers and provisional and not covers.start <= provisional <= covers.end:
        faults.append(
            Problem("a covered month in the row 'provisional_from'", f"{provisional:%B %Y}", SEE)
        )
    return covers, provisional, faults


def _last_whole_month(today: date) -> date:
    """The last day of the latest month that is over."""
    day_after = today + timedelta(days=1)
    return day_after.replace(day=1) - timedelta(days=1)
