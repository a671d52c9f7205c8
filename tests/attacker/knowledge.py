"""What everybody knows before asking anything: what is part of what, and who lives where.

Written by hand from the definitions of the measures, not taken from the guard's tables.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from vrn_metrics.areas import COUNTY, NETWORK, REFERENCE, members

LOCAL: Final = ("vrn-admissions", "vrn-offences", "vrn-homicides")

LEAVES: Final = members(NETWORK)
AREAS: Final[Mapping[str, frozenset[str]]] = {
    **{leaf: frozenset({leaf}) for leaf in LEAVES},
    COUNTY: frozenset(members(COUNTY)),
    NETWORK: frozenset(LEAVES),
}

# Kinds of events of which none is in two, by source, and which of them a tally counts. A
# tally is a measure under a definition of serious violence.
TALLIES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "vrn-admissions": {
        "knife-admissions-under25": frozenset({"sharp young"}),
        "knife-admissions": frozenset({"sharp young", "sharp old"}),
        "violence-admissions": frozenset({"sharp young", "sharp old", "not sharp"}),
    },
    "vrn-offences": {
        "knife-violence-under25/original": frozenset({"young public"}),
        "knife-violence-under25/duty": frozenset({"young public", "young elsewhere"}),
        "knife-violence/duty": frozenset({"young public", "young elsewhere", "old"}),
        "violence-with-injury": frozenset({"injury"}),
        "robbery": frozenset({"robbery"}),
        "weapon-possession": frozenset({"possession"}),
    },
    "vrn-homicides": {
        "homicides-nondomestic-under25-knife": frozenset({"young with a knife"}),
        "homicides-nondomestic": frozenset({"young with a knife", "other non-domestic"}),
        "homicides": frozenset({"young with a knife", "other non-domestic", "domestic"}),
    },
}
SOURCE_OF: Final = {tally: source for source, tallies in TALLIES.items() for tally in tallies}
UNDER_25: Final = frozenset(tally for tally in SOURCE_OF if "under25" in tally)

Span = tuple[date, date]
Kinds = frozenset[str]
Places = frozenset[str]


@dataclass(frozen=True, order=True)
class Cell:
    """A tally in an area over a stretch of time, which a product may be asked for."""

    tally: str
    area: str
    span: Span


def tally_of(measure: str, definition: str | None) -> str:
    """The tally of a measure, which only sometimes depends on the definition."""
    key = f"{measure}/{definition}"
    return key if key in SOURCE_OF else measure


def baselines() -> dict[str, tuple[str, Span]]:
    """Title and time of each named baseline, as the page *about* gives them."""
    text = (REFERENCE / "baselines.toml").read_text(encoding="utf-8")
    return {
        each["key"]: (each["title"], (each["start"], each["end"]))
        for each in tomllib.loads(text)["baseline"]
    }


@dataclass(frozen=True)
class People:
    """Mid-year estimates, which are public, by area, whether under 25, and year."""

    by_year: Mapping[tuple[str, bool], Mapping[int, float]]

    def person_years(self, cell: Cell) -> float | None:
        """People times years: a month has the estimate of the middle of its financial year."""
        years = self.by_year.get((cell.area, cell.tally in UNDER_25))
        if not years:
            return None
        return sum(years[_nearest(years, _financial_year(m))] / 12 for m in months_of(cell.span))


def months_of(span: Span) -> list[date]:
    """The first days of the months of a stretch of time."""
    first, last = (12 * day.year + day.month - 1 for day in span)
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]


def _financial_year(month: date) -> int:
    return month.year if month.month >= 4 else month.year - 1


def _nearest(years: Iterable[int], wanted: int) -> int:
    return min(years, key=lambda year: (abs(year - wanted), year))
