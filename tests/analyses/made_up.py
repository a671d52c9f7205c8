"""A store whose series are given as numbers, so that a thousand of them can be tried."""

from datetime import date

from vrn_metrics.areas import ENGLAND, ENGLAND_AND_WALES, NETWORK
from vrn_metrics.counts import Status
from vrn_metrics.periods import Period, shift
from vrn_metrics.sources import all_readers
from vrn_metrics.store import Point, Release, View
from vrn_metrics.store.timeline import Tiled

PEOPLE = 1_100_000
LAST = date(2026, 3, 31)


class MadeUpStore:
    """A store whose series are given as numbers, so that a thousand of them can be tried."""

    def __init__(self, series, people=PEOPLE):
        self.series = series
        self.people = people

    def view(self, as_of=None):
        return MadeUpView(self.series, self.people)


class MadeUpView(View):
    def __init__(self, series, people):
        object.__setattr__(self, "series", series)
        object.__setattr__(self, "people", people)
        object.__setattr__(self, "as_of", None)

    @property
    def releases(self):
        day = date(2026, 4, 1)
        return {
            1: Release(
                1, "s", "t", "f.csv", "0" * 64, day, day, day, 1, False, "approved", day, "x"
            )
        }

    def timelines(self, numerator, area_codes):
        """As of a public source, but with the profile of the numerator's own."""
        profile = all_readers()[numerator.source].source.profile
        found = {
            code: self.series.get((numerator.source, numerator.series, code), [])
            for code in area_codes
        }
        return {code: Tiled(points, profile) for code, points in found.items()}

    def points_of(self, source, series, definition, area_codes, *, age_bands, sexes=("all",)):
        if source != "ons-population" or self.people is None:
            return {}
        return {code: self._people(code) for code in area_codes}

    def newest(self, source):
        return None

    def ledger(self):
        return []

    def ledger_history(self):
        return []

    def neighbours(self, area_code):
        return [f"E0700000{number}" for number in range(8)]

    def names(self, codes):
        return {}

    def _people(self, area_code):
        people = self.people / (1 if area_code in (NETWORK, ENGLAND, ENGLAND_AND_WALES) else 9)
        return [
            Point(Period(day, day), people, people, Status.EXACT, False, 1)
            for day in (date(year, 6, 30) for year in range(2013, 2026))
        ]


def monthly(counts, last=LAST, provisional=0):
    """Points of consecutive months, the last one ending on `last`."""
    first = shift(date(last.year, last.month, 1), 1 - len(counts))
    return [
        Point(
            Period.span(shift(first, step), 1),
            None if count is None else float(count),
            None if count is None else float(count),
            Status.MISSING if count is None else Status.EXACT,
            step >= len(counts) - provisional,
            1,
        )
        for step, count in enumerate(counts)
    ]
