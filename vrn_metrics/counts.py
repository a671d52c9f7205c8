"""A count is an interval: exact, rounded, suppressed or missing.

Suppressed is never zero and never guessed. The interval goes through every sum, rate,
ratio and verdict, so that a figure is never surer than what was published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor
from typing import Any


class Status(StrEnum):
    """How well a count is known, best first."""

    EXACT = "exact"
    ROUNDED = "rounded"
    SUPPRESSED = "suppressed"
    MISSING = "missing"

    @property
    def rank(self) -> int:
        """0 for exact, 3 for missing: a sum is as good as its worst part."""
        return _RANKS[self]

    @classmethod
    def of_rank(cls, rank: int) -> Status:
        """The status with that rank."""
        return _OF_RANK[rank]


_OF_RANK: tuple[Status, ...] = tuple(Status)
_RANKS: dict[str, int] = {status: rank for rank, status in enumerate(Status)}


@dataclass(frozen=True)
class Count:
    """What is known of a number of events.

    Parameters
    ----------
    lower, upper
        The least and the most it can be, both included; `None` when missing, and when
        hidden without anything to be said of it.
        Negative values are legitimate: police forces net transfers in the quarter in
        which they happen.
    status
        The worst status of what went into it.

    Raises
    ------
    ValueError
        If the bounds and the status contradict each other.

    Notes
    -----
    Bounds of a sum add, which is exact for the interval of the sum of independent cells.
    Where cells are tied by a published total the true interval may be narrower; ours is
    then too wide, never too narrow.

    Examples
    --------
    >>> Count.exact(12) + Count.suppressed(1, 7)
    Count(13–19, suppressed)
    >>> Count.rounded(10)
    Count(8–12, rounded)
    """

    lower: int | None
    upper: int | None
    status: Status = Status.EXACT

    def __post_init__(self) -> None:
        if self.status is Status.MISSING:
            if self.lower is not None or self.upper is not None:
                raise ValueError("a missing count has no bounds")
        elif self.lower is None or self.upper is None:
            if self.status is Status.SUPPRESSED and self.lower is self.upper:
                return
            raise ValueError(f"a count that is {self.status} needs both bounds")
        elif self.lower > self.upper:
            raise ValueError(f"lower bound {self.lower} is above upper bound {self.upper}")
        elif self.status is Status.EXACT and self.lower != self.upper:
            raise ValueError(f"an exact count has one value, got {self.lower} to {self.upper}")

    @classmethod
    def exact(cls, value: int) -> Count:
        """A count that was published or supplied as it is."""
        return cls(int(value), int(value))

    @classmethod
    def rounded(cls, value: int, to: int = 5, at_least: int = 0) -> Count:
        """A count published to the nearest multiple of `to`.

        `at_least` is the smallest count that the publisher shows: with NHS England's rule
        (1–7 suppressed) a published 10 is 8 to 12, and nothing below 8 is shown but zero.
        """
        if value == 0 and at_least == 0:
            return cls(0, floor(to / 2), Status.ROUNDED)
        lower, upper = ceil(value - to / 2), ceil(value + to / 2) - 1
        return cls(max(lower, at_least), upper, Status.ROUNDED)

    @classmethod
    def suppressed(cls, lower: int = 1, upper: int = 7) -> Count:
        """A count that is hidden, with the range that the publisher states."""
        return cls(lower, upper, Status.SUPPRESSED)

    @classmethod
    def hidden(cls) -> Count:
        """A count that is hidden, and nothing can be said of it."""
        return cls(None, None, Status.SUPPRESSED)

    @classmethod
    def missing(cls) -> Count:
        """Nobody published it. It is not zero."""
        return cls(None, None, Status.MISSING)

    @property
    def is_known(self) -> bool:
        """Whether there are bounds at all."""
        return self.lower is not None

    @property
    def is_hidden(self) -> bool:
        """Whether somebody knows it and may not say."""
        return self.status is Status.SUPPRESSED

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.lower is not None and self.lower == self.upper

    def __add__(self, other: Count) -> Count:
        return self._combine(other, 1)

    def __sub__(self, other: Count) -> Count:
        return self._combine(other, -1)

    def _combine(self, other: Count, sign: int) -> Count:
        status = max(self.status, other.status, key=lambda each: each.rank)
        if self.lower is None or self.upper is None or other.lower is None or other.upper is None:
            return Count.missing()
        ends = (sign * other.lower, sign * other.upper)
        return Count(self.lower + min(ends), self.upper + max(ends), status)

    @classmethod
    def total(cls, counts: Iterable[Count]) -> Count:
        """The sum; missing when any part is, and when there are no parts."""
        lower = upper = rank = parts = 0
        for part in counts:
            if part.lower is None or part.upper is None:
                return cls.missing()
            lower, upper, parts = lower + part.lower, upper + part.upper, parts + 1
            rank = max(rank, part.status.rank)
        return cls(lower, upper, Status.of_rank(rank)) if parts else cls.missing()

    def __contains__(self, value: int) -> bool:
        return (
            self.lower is not None and self.upper is not None and self.lower <= value <= self.upper
        )

    def __repr__(self) -> str:
        return f"Count({self}, {self.status})"

    def __str__(self) -> str:
        """The bounds as a person reads them; words for the rest are the narrative's."""
        if self.lower is None or self.upper is None:
            return "–"
        if self.lower == self.upper:
            return f"{self.lower:,}"
        return f"{self.lower:,}–{self.upper:,}"

    def as_json(self) -> dict[str, Any]:
        """The contract's `{"lower", "upper", "status"}`."""
        return {"lower": self.lower, "upper": self.upper, "status": str(self.status)}
