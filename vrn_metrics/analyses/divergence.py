"""Do hospital and police figures tell the same story? Both against the same year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from vrn_metrics.analyses.figures import Figure, Population, exposures, population, publish_seen
from vrn_metrics.areas import NETWORK
from vrn_metrics.measures import Numerator, breaks_for, measure
from vrn_metrics.methods.comparison import RateRatio, rate_ratio, ratio_of_ratios
from vrn_metrics.periods import Period
from vrn_metrics.store import Store, Timeline, View

PARTNERS: Final[Mapping[str, tuple[str, str]]] = {
    key: pair
    for pair in (
        ("knife-admissions", "knife-violence"),
        ("knife-admissions-under25", "knife-violence-under25"),
        ("violence-admissions", "violence-with-injury"),
    )
    for key in pair
}
"""For a measure, the pair of hospital and police measures that it belongs to."""

FEWEST_YEARS: Final = 4  # from which a median of steps says something
MEDIAN_RANGE: Final = 0.954  # median distance of two standard normal values

READING: Final = (
    "Hospital figures hardly depend on who reports to the police; police figures do. Recorded "
    "is not occurred: where the two part, look at recording first."
)


@dataclass(frozen=True)
class Beside:
    """Both measures in one year, each as its rate over that of the first year."""

    period: Period
    health: RateRatio
    police: RateRatio


@dataclass(frozen=True)
class Divergence:
    """A hospital and a police measure side by side since the last break in either.

    `apart` is the police change over the hospital change from the first year to the last;
    `is_apart` whether its 95% interval leaves out 1.
    """

    health: str
    police: str
    first: Period
    years: tuple[Beside, ...]
    apart: RateRatio

    @property
    def is_apart(self) -> bool:
        """Whether the two tell different stories."""
        low, high = self.apart.lower, self.apart.upper
        return low is not None and high is not None and (low > 1 or high < 1)


def divergence(
    store: Store, measure_key: str, *, area: str = NETWORK, as_of: date | None = None
) -> Divergence | None:
    """The measure beside its partner; `None` where it has none, or no two years of both.

    Notes
    -----
    The flag is that of a ratio of ratios, whose errors are widened by how much each series
    varies round its own trend. METHODS.md has the simulated rates, clustered counts and true
    changes in reporting among them.
    """
    if measure_key not in PARTNERS:
        return None
    view = store.view(as_of)
    keys = PARTNERS[measure_key]
    sides = [_Side.of(view, key, area) for key in keys]
    if any(side is None for side in sides):
        return None
    health, police = (side for side in sides if side is not None)
    since = max(health.since, police.since)
    shared = [each for each in health.years() if each in set(police.years())]
    shared = [each for each in shared if each.start >= since]
    ours, theirs = health.figures(shared), police.figures(shared)
    known = [
        place
        for place in range(len(shared))
        if ours[place].count.is_known and theirs[place].count.is_known
    ]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    years = tuple(
        Beside(shared[k], _change(ours[k], ours[first]), _change(theirs[k], theirs[first]))
        for k in known
    )
    now, then = exposures(theirs[last], theirs[first])
    here, before = exposures(ours[last], ours[first])
    apart = ratio_of_ratios(
        theirs[last].count,
        now,
        theirs[first].count,
        then,
        ours[last].count,
        here,
        ours[first].count,
        before,
        dispersion=_dispersion(theirs),
        comparator_dispersion=_dispersion(ours),
    )
    return Divergence(*keys, shared[first], years, apart)


def _dispersion(figures: Sequence[Figure]) -> float:
    """How much more the years vary than by chance, from the median step; 1 at least.

    On the scale 2 sqrt(x + 3/8), where chance has variance 1. A single step, which is what a
    change in recording looks like, hardly moves a median of ranges.
    """
    counts = [f.count.lower for f in figures if f.count.is_exact and f.count.lower is not None]
    if len(counts) < FEWEST_YEARS:
        return 1.0
    steps = np.abs(np.diff(2 * np.sqrt(np.array(counts, dtype=float) + 3 / 8)))
    return max(1.0, float(np.median(steps) / MEDIAN_RANGE) ** 2)


@dataclass(frozen=True)
class _Side:
    """One of the two: its numerator's timeline and its people."""

    timeline: Timeline
    people: Population
    per: int
    since: date

    @classmethod
    def of(cls, view: View, key: str, area: str) -> _Side | None:
        found = measure(key)
        for numerator in found.numerators:
            timeline = view.timeline(numerator, area)
            if not timeline.is_empty:
                people = population(view, area, found.denominator)
                return cls(timeline, people, found.per, _since(numerator, area))
        return None

    def years(self) -> list[Period]:
        return [each for each in self.timeline.windows(12) if each.end.month == 3]

    def figures(self, periods: list[Period]) -> tuple[Figure, ...]:
        seen = [self.timeline.over(each) for each in periods]
        return Figure.of(publish_seen(periods, seen, self.timeline.profile), self.people, self.per)


def _since(numerator: Numerator, area: str) -> date:
    found = (each for each in breaks_for(numerator, area) if each.effect == "breaks")
    return max((each.until or each.since for each in found), default=date.min)


def _change(now: Figure, then: Figure) -> RateRatio:
    here, before = exposures(now, then)
    return rate_ratio(now.count, here, then.count, before)
