"""One measure in every police force that can be compared, point by point, as published."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vrn_metrics.analyses.figures import Figure, Population, publish_seen
from vrn_metrics.analyses.trend_methods import middle
from vrn_metrics.areas import NETWORK
from vrn_metrics.measures import Measure, Numerator
from vrn_metrics.measures.donor_pool import Force, incomparable, police_forces
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Release, Seen, View

Floats = NDArray[np.float64]

POPULATION_YEAR: Final = 2024
COVID_YEAR: Final = Period.financial_year(2020)


@dataclass(frozen=True)
class ForceSeries:
    """One force's points, as published, in the order of the panel's periods."""

    force: Force
    figures: tuple[Figure, ...]

    @cached_property
    def counts(self) -> tuple[float | None, ...]:
        """The number of each point, the middle of a rounded one; none of a hidden one."""
        return tuple(middle(each.count) for each in self.figures)

    @cached_property
    def person_years(self) -> tuple[float, ...]:
        """People times years behind each point."""
        return tuple(each.person_years or 0.0 for each in self.figures)

    @property
    def is_whole(self) -> bool:
        """Whether every point is a number."""
        return None not in self.counts


@dataclass(frozen=True)
class LeftOut:
    """A force that is no donor, and why."""

    force: Force
    reason: str
    source: str


@dataclass(frozen=True)
class DonorPanel:
    """The network beside its donors.

    Parameters
    ----------
    periods
        The points, oldest first; years or quarters.
    pre_points
        How many of them lie before the start.
    network
        Leicestershire.
    donors
        Those that take part; every point of each is a number.
    left_out
        All other forces, each with its reason.
    hidden
        Donors with a hidden point: the estimate is not to be used until they are dropped.
    per
        The rates are a year's events per so many people.
    skipped
        Points that were left out on request.
    """

    measure: Measure
    source: Source
    periods: tuple[Period, ...]
    pre_points: int
    network: ForceSeries
    donors: tuple[ForceSeries, ...]
    left_out: tuple[LeftOut, ...]
    hidden: tuple[Force, ...]
    releases: tuple[Release, ...]
    skipped: tuple[Period, ...] = ()

    @property
    def per(self) -> int:
        """What the rates are per."""
        return self.measure.per

    @property
    def start(self) -> date:
        """The first day from which an effect is looked for."""
        return self.periods[self.pre_points].start

    @property
    def points_a_year(self) -> int:
        """1 for years, 4 for quarters."""
        return 12 // self.periods[0].months

    @cached_property
    def counts(self) -> Floats:
        """One row a point, one column a force, the network first."""
        return np.array([each.counts for each in (self.network, *self.donors)], dtype=float).T

    @cached_property
    def person_years(self) -> Floats:
        """In the same shape."""
        return np.array([each.person_years for each in (self.network, *self.donors)]).T

    @cached_property
    def rates(self) -> Floats:
        """A year's events per `per` people, in the same shape."""
        return np.asarray(self.counts / self.person_years * self.per)


class PublishedForces:
    """The figures of one published numerator in every force, read once for many panels."""

    def __init__(self, view: View, measure: Measure, numerator: Numerator) -> None:
        self.view, self.measure, self.numerator = view, measure, numerator
        self._periods: dict[int, tuple[Period, ...]] = {}
        self._known: dict[tuple[str, int], tuple[tuple[Figure, ...], list[Seen]]] = {}

    def periods(self, months: int) -> tuple[Period, ...]:
        """The network's points of this length, oldest first."""
        if months not in self._periods:
            own = self.view.timeline(self.numerator, NETWORK)
            latest = own.latest(months)
            self._periods[months] = tuple(own.trail(latest, 400)) if latest else ()
        return self._periods[months]

    def series(
        self, force: Force, months: int, periods: Sequence[Period]
    ) -> tuple[ForceSeries, frozenset[int]]:
        """A force's points as far as they may be seen, and the releases they are from."""
        every = self.periods(months)
        if (force.code, months) not in self._known:
            timeline = self.view.timeline(self.numerator, force.code)
            seen = [timeline.over(each) for each in every]
            people = Population({POPULATION_YEAR: float(force.population)})
            shown = publish_seen(every, seen, timeline.profile)
            self._known[force.code, months] = Figure.of(shown, people, self.measure.per), seen
        figures, seen = self._known[force.code, months]
        wanted = set(periods)
        chosen = [place for place, each in enumerate(every) if each in wanted]
        ids = frozenset(number for place in chosen for number in seen[place].release_ids)
        return ForceSeries(force, tuple(figures[place] for place in chosen)), ids


def donor_panel(
    forces: PublishedForces,
    *,
    start: date,
    months: int,
    since: date | None = None,
    drop: Collection[str] = (),
    add: Collection[str] = (),
    skip: Sequence[Period] = (),
) -> DonorPanel | None:
    """The panel of a measure, or `None` where the network has no points on both sides.

    Parameters
    ----------
    forces
        The figures.
    start
        The first day from which an effect is looked for.
    months
        Of each point: 12 or 3.
    since
        The first day of the panel; as far back as there are figures when not given.
    drop, add
        Codes of forces to leave out, or to take in although the register says not to.
    skip
        Stretches whose points are left out, such as the year of Covid.
    """
    every = [
        each
        for each in forces.periods(months)
        if (since is None or each.start >= since) and (each.start.month - start.month) % months == 0
    ]
    skipped = tuple(each for each in every if any(long.contains(each) for long in skip))
    periods = tuple(each for each in every if each not in skipped)
    before = sum(each.end < start for each in periods)
    if not 0 < before < len(periods):
        return None
    register = police_forces()
    network, ids = forces.series(register[NETWORK], months, periods)
    donors, left_out, hidden = [], [], []
    for force in register.values():
        if force.code == NETWORK:
            continue
        reason = _why_not(force, forces.numerator.source, periods, drop, add)
        if reason is not None:
            left_out.append(reason)
            continue
        series, known = forces.series(force, months, periods)
        if series.is_whole:
            donors.append(series)
            ids |= known
        elif any(each.count.is_hidden for each in series.figures):
            hidden.append(force)
            left_out.append(LeftOut(force, "a point is hidden or suppressed", ""))
        else:
            left_out.append(LeftOut(force, "no figures for all these points", ""))
    if not network.is_whole:
        return None
    return DonorPanel(
        measure=forces.measure,
        source=all_readers()[forces.numerator.source].source,
        periods=periods,
        pre_points=before,
        network=network,
        donors=tuple(donors),
        left_out=tuple(left_out),
        hidden=tuple(hidden),
        releases=tuple(forces.view.releases[number] for number in sorted(ids)),
        skipped=skipped,
    )


def _why_not(
    force: Force,
    source: str,
    periods: Sequence[Period],
    drop: Collection[str],
    add: Collection[str],
) -> LeftOut | None:
    if force.code in drop:
        return LeftOut(force, "left out on request", "")
    if force.code in add:
        return None
    if force.funded_from:
        reason = f"has a funded Violence Reduction Unit since {force.funded_from}"
        return LeftOut(force, reason, force.source)
    for each in incomparable():
        if each.force == force.code and each.spoils(source, periods[0], periods[-1]):
            return LeftOut(force, f"{each.title}: {each.reason}", each.source)
    return None
