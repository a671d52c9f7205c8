"""The counts of one quantity in one area by period, as far as they may be seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from vrn_metrics.counts import Count, Status
from vrn_metrics.periods import Period


@dataclass(frozen=True)
class Point:
    """One stored period of a series in an area, summed over the bands asked for."""

    period: Period
    lower: float | None
    upper: float | None
    status: Status
    provisional: bool
    release_id: int

    @property
    def count(self) -> Count:
        """The value as a count of events."""
        if self.lower is None or self.upper is None or self.status is Status.MISSING:
            return Count.missing()
        return Count(int(self.lower), int(self.upper), self.status)


@dataclass(frozen=True)
class Seen:
    """What may be seen of one period, and which releases it is from."""

    count: Count
    provisional: bool = False
    release_ids: frozenset[int] = frozenset()

    @classmethod
    def nothing(cls) -> Seen:
        """No release has it."""
        return cls(Count.missing())


class Timeline(ABC):
    """Counts by period, whether put together from published months or decided by the guard."""

    profile: str

    @abstractmethod
    def over(self, period: Period) -> Seen:
        """What may be seen of a period."""

    @abstractmethod
    def windows(self, months: int) -> list[Period]:
        """The stretches of so many months that there are, oldest first, without provisional ones.

        Provisional ones are among them only where there are no others: they are still
        filling up, and would read as a fall.
        """

    @property
    @abstractmethod
    def is_empty(self) -> bool:
        """Whether no release has anything."""

    def latest(self, months: int) -> Period | None:
        """The latest stretch of so many months."""
        found = self.windows(months)
        return found[-1] if found else None

    def trail(self, current: Period, most: int) -> list[Period]:
        """The stretches up to the current one, each the latest that ends before the next begins."""
        found = [current]
        for each in reversed(self.windows(current.months)):
            if each.end < found[-1].start and len(found) < most:
                found.append(each)
        return found[::-1]


@dataclass(frozen=True)
class Tiled(Timeline):
    """Counts put together from the periods of a public source."""

    points: Sequence[Point]
    profile: str

    def over(self, period: Period) -> Seen:
        """The sum of the stored periods that tile it."""
        count, parts = window(self.points, period)
        return Seen(
            count,
            any(each.provisional for each in parts),
            frozenset(each.release_id for each in parts),
        )

    def windows(self, months: int) -> list[Period]:
        """Stretches that the stored periods tile, each of whole months up to a stored end."""
        settled = [each for each in self.points if not each.provisional or each.period.months >= 12]
        return self._tiled(settled, months) or self._tiled(self.points, months)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stored."""
        return not self.points

    def _tiled(self, points: Sequence[Point], months: int) -> list[Period]:
        ends = sorted({each.period.end for each in points})
        wanted = [Period.last_months(end, months) for end in ends]
        return [each for each in wanted if window(points, each)[0].is_known]


@dataclass(frozen=True)
class Guarded(Timeline):
    """Counts of a local extract as the guard decided them; no others can be asked for."""

    figures: Mapping[Period, Seen]
    profile: str

    def over(self, period: Period) -> Seen:
        """What was decided of it; nothing where it cannot be asked for."""
        return self.figures.get(period, Seen.nothing())

    def windows(self, months: int) -> list[Period]:
        """The stretches that can be asked for."""
        found = sorted(each for each in self.figures if each.months == months)
        return [each for each in found if not self.figures[each].provisional] or found

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be asked for."""
        return not self.figures


def whole(parts: Mapping[str, Timeline], codes: Sequence[str]) -> Tiled:
    """The sum of areas of a public source; empty unless all of them are there.

    A period that any of them lacks is missing.
    """
    found = [parts[code] for code in codes if code in parts]
    tiled = [each for each in found if isinstance(each, Tiled) and each.points]
    if not tiled or len(tiled) < len(codes):
        return Tiled((), found[0].profile if found else "none_public")
    by_period: dict[Period, list[Point]] = {}
    for each in tiled:
        for point in each.points:
            by_period.setdefault(point.period, []).append(point)
    points = [
        _sum(period, points)
        for period, points in sorted(by_period.items())
        if len(points) == len(codes)
    ]
    return Tiled(points, tiled[0].profile)


def _sum(period: Period, points: Sequence[Point]) -> Point:
    total = Count.total(each.count for each in points)
    newest = max(each.release_id for each in points)
    provisional = any(each.provisional for each in points)
    return Point(period, total.lower, total.upper, total.status, provisional, newest)


def window(points: Sequence[Point], period: Period) -> tuple[Count, tuple[Point, ...]]:
    """The count of a period put together from stored ones, and the parts used.

    `points` are in the order of their start, as `View.points` gives them. The parts must
    tile the period without gap or overlap, else the count is missing: an absent month is
    not zero.
    """
    first = bisect_left(points, period.start, key=lambda each: each.period.start)
    started = takewhile(lambda each: each.period.start <= period.end, points[first:])
    parts = tuple(each for each in started if each.period.end <= period.end)
    if not parts or sum(each.period.days for each in parts) != period.days:
        return Count.missing(), ()
    if any(a.period.overlaps(b.period) for a, b in pairwise(parts)):
        return Count.missing(), ()
    return Count.total(each.count for each in parts), parts
