"""What changed between two days: which verdicts, and which figures moved from release to release.

Both days' figures are those that anybody could see on that day; a difference is taken of two
shown numbers only. That no such difference gives a small number away was decided when the later
release was approved (METHODS.md, "What is protected").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vrn_metrics.analyses.figures import Figure
from vrn_metrics.analyses.scorecard import Entry, Scorecard, scorecard
from vrn_metrics.areas import NETWORK, Area
from vrn_metrics.counts import Count
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures import DUTY
from vrn_metrics.methods.disclosure import Published
from vrn_metrics.periods import Period
from vrn_metrics.store import Store
from vrn_metrics.store.releases import APPROVED, WITHDRAWN


class Why(StrEnum):
    """What lies behind a change, the first that applies."""

    FIRST_DATA = "first-data"
    NO_MORE_DATA = "no-more-data"
    OTHER_SOURCE = "other-source"
    NEWER_PERIOD = "newer-period"
    FIGURES_MOVED = "figures-moved"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Moved:
    """One period whose figure is not what it was: a row of each day's published table.

    One of the two may be hidden; then nobody can say whether it was revised.
    """

    then: Published
    now: Published

    @property
    def period(self) -> Period:
        """When it was counted."""
        return Period(self.now.rows[0]["period_start"], self.now.rows[0]["period_end"])

    @property
    def counts(self) -> tuple[Count, Count]:
        """The figure then and now."""
        return self.then.counts()[0], self.now.counts()[0]

    @property
    def is_revised(self) -> bool:
        """Whether both days show it, so that it is another number."""
        return not any(each.is_hidden for each in self.counts)

    @property
    def difference(self) -> int | None:
        """By how much it moved; `None` unless both are shown as one number."""
        then, now = self.counts
        if not (self.is_revised and then.is_exact and now.is_exact):
            return None
        return (now.lower or 0) - (then.lower or 0)


@dataclass(frozen=True)
class Change:
    """One measure on both days.

    `moved` are the periods on the scorecard of either day, baselines included, that both days
    have and whose figures differ, oldest first; none where the source is another, since its
    figures are of something else.
    """

    then: Entry
    now: Entry
    moved: tuple[Moved, ...]

    @property
    def is_verdict(self) -> bool:
        """Whether the verdict is another."""
        return self.then.verdict is not self.now.verdict

    @property
    def why(self) -> Why:
        """What lies behind it."""
        then, now = self.then.current, self.now.current
        if then is None or now is None:
            return Why.NOTHING if then is now else Why.FIRST_DATA if now else Why.NO_MORE_DATA
        if self.then.numerator != self.now.numerator:
            return Why.OTHER_SOURCE
        if then.period != now.period:
            return Why.NEWER_PERIOD
        return Why.FIGURES_MOVED if any(each.is_revised for each in self.moved) else Why.NOTHING


@dataclass(frozen=True)
class Changes:
    """Every measure of an area on two days.

    `since` is the earlier day; `None` where nothing had ever counted before, and then there is
    nothing to compare with.
    """

    area: Area
    since: date | None
    as_of: date
    measures: tuple[Change, ...]

    @property
    def verdicts(self) -> tuple[Change, ...]:
        """Those whose verdict changed."""
        return tuple(each for each in self.measures if each.is_verdict)

    @property
    def moved(self) -> tuple[tuple[Change, Moved], ...]:
        """Every figure that moved, with its measure."""
        return tuple((change, each) for change in self.measures for each in change.moved)

    @property
    def demonstration_data(self) -> bool:
        """Whether any figure on either day is made up."""
        return any(
            entry.is_demonstration for each in self.measures for entry in (each.then, each.now)
        )


def changes(
    store: Store,
    *,
    area: str = NETWORK,
    since: date | None = None,
    as_of: date | None = None,
    baseline_key: str | None = None,
    definition_key: str = DUTY,
) -> Changes:
    """What is different from what the board saw on an earlier day?

    Parameters
    ----------
    since
        The earlier day; when not given, the last one before the latest approval or withdrawal.
    as_of
        The later day; today when not given.
    area, baseline_key, definition_key
        As for `scorecard`.

    Raises
    ------
    UnknownNameError
        For an area, baseline or definition that does not exist, or days in the wrong order.
    """
    if since is not None and since >= (as_of or date.today()):
        raise UnknownNameError(
            f"expected an earlier day than {as_of or date.today()} to compare with, found {since}."
        )
    given = {"area": area, "baseline_key": baseline_key, "definition_key": definition_key}
    now = scorecard(store, as_of=as_of, **given)  # type: ignore[arg-type]
    earlier = since or before_the_last_decision(store, as_of)
    if earlier is None:
        return Changes(now.area, None, now.as_of, ())
    then = scorecard(store, as_of=earlier, **given)  # type: ignore[arg-type]
    return between(then, now)


def between(then: Scorecard, now: Scorecard) -> Changes:
    """What is different between two scorecards of the same area."""
    pairs = zip(then.entries, now.entries, strict=True)
    return Changes(now.area, then.as_of, now.as_of, tuple(_change(*pair) for pair in pairs))


def before_the_last_decision(store: Store, as_of: date | None = None) -> date | None:
    """The day before the latest approval or withdrawal; `None` where nothing counted by then.

    Days are the finest that a view can be asked for: what was decided on one day is one change.
    """
    decided = [
        each.since.date() for each in store.releases(as_of) if each.state in (APPROVED, WITHDRAWN)
    ]
    if not decided:
        return None
    day = max(decided) - timedelta(days=1)
    return day if any(each.state == APPROVED for each in store.releases(day)) else None


def moved(then: Sequence[Published], now: Sequence[Published]) -> tuple[Moved, ...]:
    """The periods that both have and whose figures differ, oldest first, each once.

    Of a figure that is hidden on both days nothing can be said, though its bounds may differ.
    """
    before, after = _by_period(then), _by_period(now)
    return tuple(
        Moved(before[period], after[period])
        for period in sorted(before.keys() & after.keys())
        if _differ(before[period].counts()[0], after[period].counts()[0])
    )


def _differ(then: Count, now: Count) -> bool:
    return then != now and not (then.is_hidden and now.is_hidden)


def _change(then: Entry, now: Entry) -> Change:
    if then.numerator is None or then.numerator != now.numerator:
        return Change(then, now, ())
    return Change(then, now, moved(list(_tables(then)), list(_tables(now))))


def _tables(entry: Entry) -> Iterator[Published]:
    """Every published table that the card is made from."""
    yield entry.points
    figures: list[Figure | None] = [entry.current, *(each.figure for each in entry.sensitivity)]
    yield from (each.shown for each in figures if each is not None)


def _by_period(tables: Sequence[Published]) -> dict[Period, Published]:
    found = {}
    for table in tables:
        for place, row in enumerate(table):
            period = Period(row["period_start"], row["period_end"])
            found[period] = table.part(place, place + 1)
    return found
