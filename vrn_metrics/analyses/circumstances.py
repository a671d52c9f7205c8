"""Where and when does it happen? The network's events by kind of place, and by time of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vrn_metrics.analyses.figures import exact_count, publish_seen
from vrn_metrics.areas import NETWORK
from vrn_metrics.counts import Count
from vrn_metrics.measures import Kind, Measure, Numerator, measure
from vrn_metrics.methods.disclosure import Published
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Release, Store, View


class Of(StrEnum):
    """What the kinds are kinds of."""

    PLACE = "place"
    TIME = "time"


@dataclass(frozen=True)
class KindShare:
    """The events of one kind in a year; `share` is of all events, `None` if hidden."""

    kind: Kind
    count: Count
    share: float | None


@dataclass(frozen=True)
class KindYear:
    """One financial year by kind."""

    period: Period
    shown: Published
    shares: tuple[KindShare, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether the year may not be shown by kind."""
        return any(each.count.is_hidden for each in self.shares)


@dataclass(frozen=True)
class Circumstances:
    """One measure over the network by kind of place or time of day, year by year, oldest first."""

    of: Of
    measure: Measure
    source: Source
    years: tuple[KindYear, ...]
    releases: tuple[Release, ...]

    @property
    def is_demonstration(self) -> bool:
        """Whether any figure in it is made up."""
        return any(each.demonstration for each in self.releases)

    @property
    def latest(self) -> KindYear | None:
        """The last year that may be shown."""
        return next((each for each in reversed(self.years) if not each.is_hidden), None)


def kinds_of_place(store: Store, key: str, *, as_of: date | None = None) -> Circumstances | None:
    """A measure by kind of place, `None` where no extract that counts has it so.

    Parameters
    ----------
    key
        Of the catalogue.
    as_of
        As for `scorecard`.

    Raises
    ------
    UnknownNameError
        For a measure that does not exist.

    Notes
    -----
    Over the network and by financial year only; a year is shown whole or not at all. *Not
    known* is a kind of its own: a share of what is known would take the unknown to be like
    the rest.
    """
    asked = measure(key)
    return _by_kind(store.view(as_of), Of.PLACE, asked, asked.in_places())


def times_of_day(store: Store, key: str, *, as_of: date | None = None) -> Circumstances | None:
    """A measure by time of day, `None` where no extract that counts has it so.

    As `kinds_of_place`. *Assumes* that the time recorded is when it happened: that of an offence
    found later is often the first or the last time it could have been, or midnight, which makes
    night too large.
    """
    asked = measure(key)
    return _by_kind(store.view(as_of), Of.TIME, asked, asked.at_times())


def _by_kind(
    view: View, of: Of, asked: Measure, kinds: Sequence[tuple[Kind, Numerator]]
) -> Circumstances | None:
    timelines = [view.timeline(numerator, NETWORK) for _, numerator in kinds]
    if not timelines or any(each.is_empty for each in timelines):
        return None
    source = all_readers()[kinds[0][1].source].source
    years, used = [], frozenset[int]()
    for period in timelines[0].windows(12):
        seen = [each.over(period) for each in timelines]
        shown = publish_seen([period] * len(seen), seen, source.profile)
        counts = shown.counts()
        total = sum(exact_count(each) for each in counts)
        shares = tuple(
            KindShare(kind, count, exact_count(count) / total if total > 0 else None)
            for (kind, _), count in zip(kinds, counts, strict=True)
        )
        years.append(KindYear(period, shown, shares))
        used = used.union(*(each.release_ids for each in seen))
    releases = tuple(view.releases[number] for number in sorted(used))
    return Circumstances(of, asked, source, tuple(years), releases)
