"""What no row of a street file may be, each rule with the first place and how often.

Rules look at the distinct values of a column, so they cost next to nothing.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics.errors import Problem, UnknownNameError
from vrn_metrics.periods import parse_month
from vrn_metrics.sources._street_rows import (
    FORCE,
    ID,
    LATITUDE,
    LONGITUDE,
    LSOA,
    LSOA_NAME,
    MONTH,
    TYPE,
    BoolArray,
    StreetRows,
)

# The types in use since May 2013, as the files write them.
CRIME_TYPES: Final = (
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)

MEMBER: Final = re.compile(r"(\d{4}-\d{2})-([a-z-]+?)-(street|outcomes|stop-and-search)\.csv")

_LSOA_CODE = re.compile(r"[EWSN]\d{8}")
_WEST, _EAST, _SOUTH, _NORTH = -9.0, 2.0, 49.0, 61.5  # the United Kingdom
_MINE = "Load the file exactly as data.police.uk publishes it."


def broken_rules(rows: StreetRows, repeats: pd.DataFrame) -> list[Problem]:
    """Every rule that the rows break, none when sound.

    Parameters
    ----------
    repeats
        All columns of the rows that share a Crime ID with another, exact repeats left out.
    """
    return [
        *_broken_values(rows),
        *_broken_places(rows),
        *_wrong_months(rows),
        *_contradictions(rows, repeats),
    ]


def _broken_values(rows: StreetRows) -> list[Problem]:
    """Cells that cannot be what their column says."""
    today = date.today()
    rules = (
        (MONTH, _is_month, "a month as YYYY-MM", _MINE),
        (
            MONTH,
            lambda value: not _is_month(value) or parse_month(value).start <= today,
            "a month that has begun",
            "A file cannot hold what has not happened; check where it comes from.",
        ),
        (
            TYPE,
            lambda value: value in CRIME_TYPES,
            f"one of the {len(CRIME_TYPES)} crime types in use since May 2013",
            "Check the row; if the publisher has a new type, this reader must learn it.",
        ),
        (FORCE, bool, "the name of a force", _MINE),
        (
            LSOA,
            lambda value: not value or _LSOA_CODE.fullmatch(value) is not None,
            "an LSOA code such as E01013609",
            _MINE,
        ),
    )
    problems = []
    for name, is_sound, expected, fix in rules:
        column = rows.columns[name]
        broken = column.where([not is_sound(value) for value in column.values])
        if broken.any():
            found = column.values[column.codes[broken.argmax()]]
            problems.append(_problem(rows, broken, expected, f"'{found}' as {name}", fix))
    return problems


def _broken_places(rows: StreetRows) -> list[Problem]:
    """Rows whose parts of the place contradict each other."""
    longitude, latitude = rows.degrees[LONGITUDE], rows.degrees[LATITUDE]
    nowhere = np.isnan(longitude)
    no_code, no_name = rows.columns[LSOA].is_blank, rows.columns[LSOA_NAME].is_blank
    abroad = (longitude < _WEST) | (longitude > _EAST) | (latitude < _SOUTH) | (latitude > _NORTH)
    rules = (
        (abroad, "degrees in the United Kingdom, longitude before latitude", "a place elsewhere"),
        (nowhere != np.isnan(latitude), "both coordinates or none", "one of them"),
        (no_code != no_name, "an LSOA code with its name", "one without the other"),
        (~no_code & nowhere, "coordinates beside an LSOA", "an LSOA alone"),
        (_two_names(rows), "one name for an LSOA code", "several"),
    )
    return [
        _problem(rows, broken, expected, found, _MINE)
        for broken, expected, found in rules
        if broken.any()
    ]


def _two_names(rows: StreetRows) -> BoolArray:
    """Rows of an LSOA that bears another name on its first row."""
    code, name = rows.columns[LSOA], rows.columns[LSOA_NAME]
    first_name = np.empty(len(code.values), dtype=np.int64)
    first_name[code.codes[::-1]] = name.codes[::-1]
    return np.asarray(first_name[code.codes] != name.codes)


def _wrong_months(rows: StreetRows) -> list[Problem]:
    """Members of a zip with rows of another month than their name says."""
    month = rows.columns[MONTH]
    ends = [*list(rows.members.values())[1:], len(rows)]
    broken = np.zeros(len(rows), dtype=bool)
    for (member, start), end in zip(rows.members.items(), ends, strict=True):
        if found := MEMBER.fullmatch(PurePosixPath(member).name):
            own = month.values.index(found[1]) if found[1] in month.values else -1
            broken[start:end] = month.codes[start:end] != own
    if not broken.any():
        return []
    found_month = month.values[month.codes[broken.argmax()]]
    return [_problem(rows, broken, "the month in the file's name", f"'{found_month}'", _MINE)]


def _contradictions(rows: StreetRows, repeats: pd.DataFrame) -> list[Problem]:
    """One Crime ID for different rows of a month: no one can say which is true."""
    clash = repeats[repeats.duplicated([MONTH, ID], keep=False)]
    if clash.empty:
        return []
    broken = np.zeros(len(rows), dtype=bool)
    broken[clash.index.to_numpy(dtype=np.int64)] = True
    return [
        _problem(
            rows,
            broken,
            "one row for each Crime ID of a month",
            f"different rows for '{clash[ID].iloc[0]}'",
            "Download the month again; if it is so published, remove the wrong row.",
        )
    ]


def _problem(rows: StreetRows, broken: BoolArray, expected: str, found: str, fix: str) -> Problem:
    member, row = rows.place(int(broken.argmax()))
    return Problem(expected, found, fix, sheet=member, row=row, times=int(broken.sum()))


def _is_month(value: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}", value):
        return False
    try:
        parse_month(value)
    except (UnknownNameError, ValueError):
        return False
    return True
