"""In what kinds of place does it happen? The network's events of each year by setting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vrn_metrics.analyses.figures import exact_count, publish_seen
from vrn_metrics.areas import NETWORK
from vrn_metrics.counts import Count
from vrn_metrics.measures import Measure, Place, measure
from vrn_metrics.methods.disclosure import Published
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Release, Store


@dataclass(frozen=True)
class PlaceShare:
    """The events of one kind of place in a year; `share` is of all events, `None` if hidden."""

    place: Place
    count: Count
    share: float | None


@dataclass(frozen=True)
class PlaceYear:
    """One financial year by kind of place."""

    period: Period
    shown: Published
    shares: tuple[PlaceShare, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether the year may not be shown by place."""
        return any(each.count.is_hidden for each in self.shares)


@dataclass(frozen=True)
class KindsOfPlace:
    """One measure over the network by kind of place, year by year, oldest first."""

    measure: Measure
    source: Source
    years: tuple[PlaceYear, ...]
    releases: tuple[Release, ...]

    @property
    def is_demonstration(self) -> bool:
        """Whether any figure in it is made up."""
        return any(each.demonstration for each in self.releases)

    @property
    def latest(self) -> PlaceYear | None:
        """The last year that may be shown."""
        return next((each for each in reversed(self.years) if not each.is_hidden), None)


def kinds_of_place(store: Store, key: str, *, as_of: date | None = None) -> KindsOfPlace | None:
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
    view = store.view(as_of)
    places = asked.in_places()
    timelines = [view.timeline(numerator, NETWORK) for _, numerator in places]
    if not timelines or any(each.is_empty for each in timelines):
        return None
    source = all_readers()[places[0][1].source].source
    years, used = [], frozenset[int]()
    for period in timelines[0].windows(12):
        seen = [each.over(period) for each in timelines]
        shown = publish_seen([period] * len(seen), seen, source.profile)
        counts = shown.counts()
        total = sum(exact_count(each) for each in counts)
        shares = tuple(
            PlaceShare(place, count, exact_count(count) / total if total > 0 else None)
            for (place, _), count in zip(places, counts, strict=True)
        )
        years.append(PlaceYear(period, shown, shares))
        used = used.union(*(each.release_ids for each in seen))
    return KindsOfPlace(
        asked, source, tuple(years), tuple(view.releases[number] for number in sorted(used))
    )
