"""Which of several files is the newest, by one stated rule.

The day of publication at the end of a file name decides (`…-230726.ods`), then the latest month
or year that the name or title states (`mar2021-mar2026`, `May_2024`, `LAD24`), then the version
(`_V2`), then the place in the publisher's own list, the first before the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from vrn_metrics.errors import FetchError
from vrn_metrics.fetch.catalogue import Entry

RULE: Final = (
    "the day at the end of the file name, then the latest month or year named, then the version, "
    "then the first that the publisher lists"
)
_SHOWN: Final = 12
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_PUBLISHED: Final = re.compile(r"[-_](\d{2})(\d{2})(\d{2})(?=\.\w+$|$)")
_NAMES: Final = "|".join(f"{each[:3]}(?:{each[3:]})?" for each in _MONTHS)
_MONTH: Final = re.compile(rf"({_NAMES})[ _-]*(20\d{{2}}|\d{{2}})(?!\d)", re.IGNORECASE)
_ISO_MONTH: Final = re.compile(r"(?<!\d)(20\d{2})-(\d{2})(?!\d)")
_YEAR: Final = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_VINTAGE: Final = re.compile(r"(?<![A-Z])[A-Z]{2,6}(\d{2})(?=_|$)")
_VERSION: Final = re.compile(r"_V(\d+)(?![0-9A-Za-z])", re.IGNORECASE)
_UNSAFE: Final = re.compile(r"[^\w.\-+() ]")
_LONGEST: Final = 120


@dataclass(frozen=True)
class Candidate:
    """One file that a publisher offers.

    `size` is what the listing says of it, in bytes; `published` the day it gives.
    """

    address: str
    name: str
    title: str
    published: date | None = None
    size: int | None = None


def newest(entry: Entry, offered: Sequence[Candidate]) -> Candidate:
    """The newest of those that the entry's pattern fits.

    Raises
    ------
    FetchError
        If it fits none; the titles that were found are in the message.
    """
    fitting = [each for each in offered if entry.fits(each.title, each.name)]
    if fitting:
        return max(fitting, key=lambda each: rank(each.name, each.title))  # the first of equals
    titles = "; ".join(dict.fromkeys(f"'{each.title}'" for each in offered[:_SHOWN]))
    more = f"; and {len(offered) - _SHOWN} more" if len(offered) > _SHOWN else ""
    raise FetchError(
        entry.key,
        f"a file like '{entry.named}'",
        f"{titles}{more}" if offered else "no files at all",
        f"The publisher may name it otherwise now: see {entry.where_to_look}.",
    )


def rank(name: str, title: str = "") -> tuple[date, tuple[int, int], int]:
    """What orders files from old to new.

    Examples
    --------
    >>> rank("prc-csp-mar2021-mar2026-tables-230726.ods")
    (datetime.date(2026, 7, 23), (2026, 3), 0)
    >>> rank("LAD_MAY_2025_UK_BSC_V2")[1:]
    ((2025, 5), 2)
    >>> rank("LSOA21_WD24_LAD24_EW_LU")[1]
    (2024, 0)
    >>> rank("", "Year ending September 2025; a summary 2026")[1]
    (2026, 0)
    """
    version = max((int(each) for each in _VERSION.findall(name)), default=0)
    return day_of(name) or date.min, max(_months(name), _months(title)), version


def day_of(name: str) -> date | None:
    """The day of publication at the end of a file name."""
    if (found := _PUBLISHED.search(name)) is None:
        return None
    day, month, year = (int(each) for each in found.groups())
    try:
        return date(2000 + year, month, day)
    except ValueError:
        return None


def safe_name(address: str, otherwise: str) -> str:
    """The last part of an address as a file name that leads nowhere else.

    Examples
    --------
    >>> safe_name("https://host/a/..%2f..%2fb%20c.csv", "x")
    'b c.csv'
    """
    path = address.partition("?")[0].partition("#")[0]
    name = PurePosixPath(unquote(path).replace("\\", "/")).name
    kept = _UNSAFE.sub("_", name).lstrip(". ").rstrip(". ")
    return kept[-_LONGEST:] or otherwise


def _months(words: str) -> tuple[int, int]:
    """The latest month that is named; of a bare year, month 0."""
    found = [(_century(year), _month(month)) for month, year in _MONTH.findall(words)]
    found += [(int(year), int(month)) for year, month in _ISO_MONTH.findall(words)]
    found += [(int(year), 0) for year in _YEAR.findall(words)]
    found += [(2000 + int(year), 0) for year in _VINTAGE.findall(words)]
    return max(found, default=(0, 0))


def _month(name: str) -> int:
    return [each[:3] for each in _MONTHS].index(name[:3].lower()) + 1


def _century(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)
