"""What a published cell counts, and when a publication says it came out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from vrn_metrics.periods import MONTHS
from vrn_metrics.sources._document import Cell, Row, text

# A dash is none of these: publishers use it for nil as well as for not available.
NOT_PUBLISHED: Final = frozenset({"", "[x]", "[z]", "..", ":", "n/a"})
_WHOLE: Final = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?")
_STATED: Final = re.compile(
    r"(?<!next )(?:last updated|updated|published|publication date|release date)\b"
    r"(?: on)?[:\s]*(?:(\d{1,2})(?:st|nd|rd|th)? ([a-z]+) (\d{4})|(\d{4})-(\d{2})-(\d{2}))",
    re.IGNORECASE,
)


def count_of(cell: Cell) -> float:
    """The whole number in a cell; not a number where nothing was published.

    Negative counts are legitimate: forces net transfers in the quarter they happen in.

    Raises
    ------
    ValueError
        If the cell holds something else, a fraction or a marker of suppression included.

    Examples
    --------
    >>> count_of("94,194 "), count_of(-3), count_of("[x]")
    (94194.0, -3.0, nan)
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not math.isfinite(cell) or cell != int(cell):
            raise ValueError(f"not a whole number: {cell}")
        return float(cell)
    words = text(cell)
    if words.lower() in NOT_PUBLISHED:
        return math.nan
    if not _WHOLE.fullmatch(words):
        raise ValueError(f"not a whole number: {words}")
    return float(words.replace(",", "").replace("−", "-"))


def stated_date(lines: Iterable[str]) -> date | None:
    """The day a publication says it came out or was updated; the latest if it says several.

    Examples
    --------
    >>> stated_date(["Updated: 23 July 2026", "Next update: 22 October 2026"])
    datetime.date(2026, 7, 23)
    """
    return max((day for line in lines for day in _days(line)), default=None)


def words_of(row: Row) -> str:
    """A row as one line of words."""
    return " ".join(filled for cell in row if (filled := text(cell)))


def _days(line: str) -> list[date]:
    days = []
    for found in _STATED.finditer(line):
        day, month, year = (
            (found[1], str(MONTHS.get(found[2].lower(), 0)), found[3])
            if found[1]
            else (found[6], found[5], found[4])
        )
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue  # 31 June is no date, and no reason to refuse the table
    return days
