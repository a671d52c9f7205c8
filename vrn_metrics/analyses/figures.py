"""A count of a period with the people it happened among."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from vrn_metrics.counts import Count
from vrn_metrics.methods.disclosure import Published, publish
from vrn_metrics.methods.estimates import Estimate
from vrn_metrics.methods.rates import crude_rate
from vrn_metrics.periods import Period
from vrn_metrics.store import Seen, View

WHY_HIDDEN: Final = (
    "Hidden numbers are small enough to point at a person, or would give away one that is."
)
"""Why a figure is not shown, in words for a reader."""

POPULATION_SOURCE, POPULATION_SERIES = "ons-population", "population"


@dataclass(frozen=True)
class Population:
    """Mid-year estimates of one age band in one area, by year.

    The financial year N/N+1 takes the estimate of mid N, as OHID does; a year without an
    estimate takes the nearest one there is, and says so.
    """

    by_year: Mapping[int, float]
    release_ids: frozenset[int] = frozenset()

    def person_years(self, period: Period) -> float | None:
        """People times years, month by month; `None` without any estimate."""
        if not self.by_year:
            return None
        months = Counter(_year_of(month) for month in period.each_month())
        return sum(self.by_year[self._stand_in(year)] * n / 12 for year, n in months.items())

    def stand_ins(self, period: Period) -> list[tuple[int, int]]:
        """Years without an estimate, each with the year that stands in for it."""
        if not self.by_year:
            return []
        years = sorted({_year_of(month) for month in period.each_month()})
        return [(year, self._stand_in(year)) for year in years if year not in self.by_year]

    def _stand_in(self, year: int) -> int:
        if year in self.by_year:
            return year
        return min(self.by_year, key=lambda known: (abs(known - year), known))


@dataclass(frozen=True)
class Figure:
    """What was counted in a period, as published, and its rate a year.

    `shown` is one row of a published table: there is no figure without one. A hidden count
    has the bounds that anybody can work out from what is shown, or none.
    """

    shown: Published
    person_years: float | None
    rate: Estimate | None

    @classmethod
    def of(cls, shown: Published, people: Population, per: int) -> tuple[Figure, ...]:
        """The figure of each row of a published table, in order."""
        made = []
        for place, count in enumerate(shown.counts()):
            row = shown.part(place, place + 1)
            lived = people.person_years(_period(row))
            rate = crude_rate(count, lived, per=per) if lived and count.is_known else None
            made.append(cls(row, lived, rate))
        return tuple(made)

    @cached_property
    def period(self) -> Period:
        """When it was counted."""
        return _period(self.shown)

    @cached_property
    def count(self) -> Count:
        """What was counted."""
        return self.shown.counts()[0]


def _period(row: Published) -> Period:
    return Period(row.rows[0]["period_start"], row.rows[0]["period_end"])


def publish_seen(periods: Sequence[Period], seen: Sequence[Seen], profile: str) -> Published:
    """What may be seen of these periods, as a published table in their order."""
    counts = [each.count for each in seen]
    table: Mapping[str, Sequence[object]] = {
        "period_start": [each.start for each in periods],
        "period_end": [each.end for each in periods],
        "lower": [math.nan if each.lower is None else each.lower for each in counts],
        "upper": [math.nan if each.upper is None else each.upper for each in counts],
        "status": [str(each.status) for each in counts],
    }
    return publish(table, profile=profile)


def exact_count(count: Count) -> float:
    """The number, or not a number where it is hidden, rounded or missing."""
    return float(count.lower) if count.is_exact and count.lower is not None else math.nan


def exposures(current: Figure, past: Figure) -> tuple[float, float]:
    """What the two counts are divided by: person-years, or months where no population is known."""
    if current.person_years and past.person_years:
        return current.person_years, past.person_years
    return float(current.period.months), float(past.period.months)


def population(view: View, area_code: str, age_band: str) -> Population:
    """The population of an area, as it was known on the view's day."""
    return populations(view, [area_code], age_band)[area_code]


def populations(view: View, area_codes: Sequence[str], age_band: str) -> dict[str, Population]:
    """`population` of several areas, asked for at once."""
    found = view.points_of(
        POPULATION_SOURCE, POPULATION_SERIES, "published", area_codes, age_bands=(age_band,)
    )
    return {
        code: Population(
            {each.period.start.year: each.lower for each in points if each.lower is not None},
            frozenset(each.release_id for each in points),
        )
        for code, points in ((code, found.get(code, [])) for code in area_codes)
    }


def _year_of(month: Period) -> int:
    return month.start.year if month.start.month >= 4 else month.start.year - 1
