"""What is new since an earlier day: verdicts, and special causes that were not marked before.

Everything in it is on the scorecards and the control charts of the two days; nothing is counted
here. Days are the finest that a view can be asked for, so what was approved on one day is one
digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from vrn_metrics.analyses.changes import Change, Changes, before_the_last_decision, changes
from vrn_metrics.analyses.figures import Figure
from vrn_metrics.analyses.trend import Trend, trend
from vrn_metrics.areas import NETWORK, Area
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures import CATALOGUE, DUTY
from vrn_metrics.methods.signals import SpecialCause
from vrn_metrics.periods import Period
from vrn_metrics.store import Release, Store
from vrn_metrics.store.releases import APPROVED, WITHDRAWN

RECENT_MONTHS = 12


@dataclass(frozen=True)
class Signal:
    """One point of a control chart that is more than chance; `was` is what it was marked before."""

    figure: Figure
    cause: SpecialCause
    was: SpecialCause | None

    @property
    def is_new(self) -> bool:
        """Whether the earlier day did not mark it so."""
        return self.cause is not self.was


@dataclass(frozen=True)
class News:
    """One measure on both days; `change` and `then` are `None` where nothing counted before."""

    now: Trend
    then: Trend | None
    change: Change | None

    @property
    def is_comparable(self) -> bool:
        """Whether both days have a chart of the same series in points of the same length."""
        then, now = self.then, self.now
        if then is None or then.chart is None or now.chart is None:
            return False
        return then.entry.numerator == now.entry.numerator and _months(then) == _months(now)

    @property
    def signals(self) -> tuple[Signal, ...]:
        """The marked points of the last year, oldest first."""
        before = self._before()
        return tuple(
            Signal(figure, cause, before.get(figure.period))
            for figure, cause in self._marked()
            if self._is_recent(figure)
        )

    @property
    def new_signals(self) -> tuple[Signal, ...]:
        """Those that the earlier day did not mark so."""
        return tuple(each for each in self.signals if each.is_new)

    @property
    def no_longer(self) -> tuple[Period, ...]:
        """Periods of the last year that were marked and are not."""
        marked = {figure.period for figure, _ in self._marked()}
        before = self._before()
        return tuple(
            figure.period
            for figure in self.now.figures
            if self._is_recent(figure) and figure.period in before and figure.period not in marked
        )

    @property
    def older_marks_changed(self) -> int:
        """How many older points are marked otherwise, since the lines are drawn from all points."""
        before = self._before()
        if not self.is_comparable:
            return 0
        now = {figure.period: cause for figure, cause in self._marked()}
        return sum(
            now.get(figure.period) is not before.get(figure.period)
            for figure in self.now.figures
            if not self._is_recent(figure)
        )

    @property
    def is_news(self) -> bool:
        """Whether anything of it must be told."""
        turned = self.change is not None and (self.change.is_verdict or bool(self.change.moved))
        return turned or bool(self.new_signals or self.no_longer)

    def _marked(self) -> list[tuple[Figure, SpecialCause]]:
        return _marked(self.now)

    def _before(self) -> Mapping[Period, SpecialCause]:
        if self.then is None or not self.is_comparable:
            return {}
        return {figure.period: cause for figure, cause in _marked(self.then)}

    def _is_recent(self, figure: Figure) -> bool:
        last = self.now.figures[-1].period.end
        return figure.period.start >= Period.last_months(last, RECENT_MONTHS).start


@dataclass(frozen=True)
class Digest:
    """What is new in an area since an earlier day.

    `since` is `None` where nothing had counted before. `approved` and `withdrawn` are the releases
    on which that was decided after it, by number.
    """

    area: Area
    since: date | None
    as_of: date
    changes: Changes
    news: tuple[News, ...]
    approved: tuple[Release, ...]
    withdrawn: tuple[Release, ...]

    @property
    def releases(self) -> tuple[Release, ...]:
        """Those that it is about."""
        return tuple(sorted((*self.approved, *self.withdrawn), key=lambda each: each.id))

    @property
    def demonstration_data(self) -> bool:
        """Whether any figure on either day is made up."""
        return (
            self.changes.demonstration_data
            or any(each.now.demonstration_data for each in self.news)
            or any(each.demonstration for each in self.releases)
        )

    @property
    def signals(self) -> tuple[tuple[News, Signal], ...]:
        """Every new special cause, with its measure."""
        return tuple((each, signal) for each in self.news for signal in each.new_signals)


def digest(
    store: Store,
    *,
    area: str = NETWORK,
    since: date | None = None,
    as_of: date | None = None,
    baseline_key: str | None = None,
    definition_key: str = DUTY,
) -> Digest:
    """What is new since a day, or since the day before the last decision.

    Raises
    ------
    UnknownNameError
        For an area, baseline or definition that does not exist.
    """
    since = since or before_the_last_decision(store, as_of)
    found = changes(
        store,
        area=area,
        since=since,
        as_of=as_of,
        baseline_key=baseline_key,
        definition_key=definition_key,
    )
    turned = {each.now.measure.key: each for each in found.measures}

    def asked(key: str, day: date | None) -> Trend:
        return trend(
            store,
            key,
            area=area,
            baseline_key=baseline_key,
            definition_key=definition_key,
            as_of=day,
        )

    news = tuple(
        News(
            asked(key, as_of),
            asked(key, found.since) if found.since is not None else None,
            turned.get(key),
        )
        for key in CATALOGUE
    )
    decided = [
        each
        for each in store.releases(as_of)
        if each.state in (APPROVED, WITHDRAWN) and (since is None or each.since.date() > since)
    ]
    decided.sort(key=lambda each: each.id)
    return Digest(
        area=found.area,
        since=found.since,
        as_of=found.as_of,
        changes=found,
        news=news,
        approved=tuple(each for each in decided if each.state == APPROVED),
        withdrawn=tuple(each for each in decided if each.state != APPROVED),
    )


def day_before(store: Store, release_id: int, as_of: date | None = None) -> date:
    """The day before a release was approved.

    Raises
    ------
    UnknownNameError
        If there is no such release, or it does not count.
    """
    for each in store.releases(as_of):
        if each.id == release_id:
            if each.state != APPROVED:
                raise UnknownNameError(
                    f"release {release_id} is {each.state}, not approved; give a DATE instead."
                )
            return each.since.date() - timedelta(days=1)
    raise UnknownNameError(f"no release {release_id}; 'vrn releases' lists them.")


def _months(found: Trend) -> int | None:
    """How long a point is."""
    return found.choice.size.months if found.choice.size else None


def _marked(found: Trend) -> list[tuple[Figure, SpecialCause]]:
    if found.chart is None:
        return []
    pairs = zip(found.figures, found.chart.causes, strict=True)
    return [(figure, cause) for figure, cause in pairs if cause is not None]
