"""Is this measure really changing? Its series by the method that suits its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from vrn_metrics import areas
from vrn_metrics.analyses.control_chart import ControlChart, control_chart
from vrn_metrics.analyses.figures import (
    Figure,
    Population,
    exact_count,
    population,
    publish_seen,
)
from vrn_metrics.analyses.interventions import Register, interventions
from vrn_metrics.analyses.outlook import Outlook, outlook
from vrn_metrics.analyses.scorecard import Entry, scorecard
from vrn_metrics.analyses.trend_methods import Choice, Size, choose
from vrn_metrics.areas import NETWORK, Area
from vrn_metrics.measures import DUTY, Break, Numerator
from vrn_metrics.methods.count_trend import CountTrend, poisson_trend
from vrn_metrics.methods.disclosure import Published
from vrn_metrics.methods.trend_test import RecentTrend, recent_trend
from vrn_metrics.periods import Period
from vrn_metrics.store import Store, Timeline, View

LENGTHS = (1, 3, 12)
"""Months that a point may cover."""

YEARS_TESTED = 5
ALL_POINTS = 10_000


@dataclass(frozen=True)
class Years:
    """The years of a series, one after another, and whether they rise or fall.

    `direction` is the change of the rate from one year to the next; `recent` the test of
    the last five years as Fingertips does it. Neither looks across a break.
    """

    points: Published
    figures: tuple[Figure, ...]
    direction: CountTrend
    recent: RecentTrend


@dataclass(frozen=True)
class Trend:
    """One measure in one area over time.

    `entry` is its card on the scorecard: the verdict against each baseline. `points` are the
    points of the chart and `rolling` twelve months up to each of them, which share events
    and are drawn and never tested. `breaks` are those inside the series;
    `register` has the interventions that ran in the area, as context.
    """

    area: Area
    as_of: date
    entry: Entry
    choice: Choice
    points: Published
    figures: tuple[Figure, ...]
    chart: ControlChart | None
    years: Years | None
    rolling: Published
    breaks: tuple[Break, ...]
    outlook: Outlook | None
    register: Register = field(default_factory=Register)

    @property
    def demonstration_data(self) -> bool:
        """Whether any figure on it is made up."""
        return self.entry.is_demonstration


def trend(
    store: Store,
    measure: str,
    *,
    area: str = NETWORK,
    baseline_key: str | None = None,
    definition_key: str = DUTY,
    method: str | None = None,
    years: int | None = None,
    as_of: date | None = None,
    across_breaks: bool = False,
) -> Trend:
    """Whether a measure changes over time, by the method that suits the size of its numbers.

    Parameters
    ----------
    measure
        Key of the catalogue.
    method
        Key of a `Method`, by size when not given. One that does not fit is not used, and the
        choice says why.
    years
        How many years up to the latest point are looked at; all when not given. Fewer years give
        lines of fewer points, which find less.
    area, baseline_key, definition_key, as_of, across_breaks
        As for `scorecard`. Across breaks no lines begin anew.

    Raises
    ------
    UnknownNameError
        For a measure, area, baseline, definition or method that does not exist.

    Notes
    -----
    Everything is computed from published counts. A hidden point has no place on the chart
    and is in no test; where more than a tenth are hidden, longer points are taken.
    """
    card = scorecard(
        store,
        area=area,
        baseline_key=baseline_key,
        definition_key=definition_key,
        as_of=as_of,
        across_breaks=across_breaks,
        measures=[measure],
    )
    entry = card.entries[0]
    if entry.numerator is None or entry.source is None:
        choice = choose({}, method)
        empty = publish_seen([], [], "none_public")
        return Trend(card.area, card.as_of, entry, choice, empty, (), None, None, empty, (), None)
    view = store.view(as_of)
    place = areas.area(area)
    series = _Series(view, entry, entry.numerator, place.code, years)
    choice = choose(series.sizes(), method)
    months = choice.size.months if choice.size else 12
    periods = series.periods(months)
    points, figures = series.figures(periods)
    crossed = () if across_breaks else tuple(b for b in entry.breaks if b.effect == "breaks")
    inside = tuple(
        each for each in entry.breaks if periods and _inside(each, periods[0], periods[-1])
    )
    chosen = entry.chosen.figure
    return Trend(
        area=card.area,
        as_of=card.as_of,
        entry=entry,
        choice=choice,
        points=points,
        figures=figures,
        chart=control_chart(figures, choice.method, entry.measure.per, crossed)
        if choice.method.is_chart
        else None,
        years=_years(series, crossed),
        rolling=series.rolling(),
        breaks=inside,
        outlook=outlook(entry.current, chosen) if entry.current and chosen else None,
        register=interventions(view, place.code),
    )


class _Series:
    """The figures of one numerator in one area at every length of points."""

    def __init__(
        self,
        view: View,
        entry: Entry,
        numerator: Numerator,
        area_code: str,
        years: int | None,
    ) -> None:
        self._entry = entry
        self._years = years
        self._timeline: Timeline = view.timeline(numerator, area_code)
        self._people: Population = population(view, area_code, entry.measure.denominator)

    def periods(self, months: int) -> list[Period]:
        """Points of this length, oldest first, none overlapping the next."""
        latest = self._timeline.latest(months)
        if latest is None:
            return []
        most = ALL_POINTS if self._years is None else max(self._years * 12 // months, 1)
        return self._timeline.trail(latest, most)

    def sizes(self) -> dict[int, Size]:
        """How large the series is at each length of points that it has."""
        found = {}
        for months in LENGTHS:
            periods = self.periods(months)
            if periods:
                counts = self._publish(periods).counts()
                found[months] = Size.of(months, counts)
        return found

    def figures(self, periods: Sequence[Period]) -> tuple[Published, tuple[Figure, ...]]:
        """What may be seen of these periods, and their rates."""
        points = self._publish(periods)
        return points, Figure.of(points, self._people, self._entry.measure.per)

    def rolling(self) -> Published:
        """Every stretch of twelve months that ends in the years looked at."""
        windows = self._timeline.windows(12)
        if self._years is not None and windows:
            looked_at = Period.last_months(windows[-1].end, 12 * self._years)
            windows = [each for each in windows if each.end >= looked_at.start]
        return self._publish(windows)

    def _publish(self, periods: Sequence[Period]) -> Published:
        seen = [self._timeline.over(each) for each in periods]
        return publish_seen(periods, seen, self._timeline.profile)


def _years(series: _Series, breaks: Sequence[Break]) -> Years | None:
    """The years since the last break; `None` where there are none."""
    periods = series.periods(12)
    since = max((each.until or each.since for each in breaks), default=date.min)
    periods = [each for each in periods if each.start >= since]
    if not periods:
        return None
    points, figures = series.figures(periods)
    counts = np.array([exact_count(each.count) for each in figures])
    people = np.array([each.person_years or 1.0 for each in figures])
    times = np.array([each.period.start.toordinal() / 365.25 for each in figures])
    rates = [each.rate for each in figures[-YEARS_TESTED:]]
    value, lower, upper = (
        np.array([getattr(rate, name) if rate is not None else None for rate in rates], dtype=float)
        for name in ("value", "lower", "upper")
    )
    return Years(
        points,
        figures,
        poisson_trend(counts, people, times),
        recent_trend(value, lower, upper, times=times[-YEARS_TESTED:]),
    )


def _inside(change: Break, first: Period, last: Period) -> bool:
    return first.start < (change.until or change.since) and change.since <= last.end
