"""Which method suits a series of this size? The rule, the answer and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from vrn_metrics.counts import Count
from vrn_metrics.errors import UnknownNameError

FEWEST_EVENTS: Final = 5.0
"""Events a point needs on average before single counts are roughly symmetric."""

FEWEST_POINTS: Final = 12
MOST_HIDDEN: Final = 0.1
MOST_ZEROS: Final = 0.25
FEWEST_YEARS: Final = 5
FEWEST_IN_ALL: Final = 10
PERIOD_WORDS: Final = {1: "month", 3: "quarter", 12: "year", 36: "three years"}


class Method(StrEnum):
    """How a series is judged."""

    XMR = "xmr"
    U_PRIME = "u-prime"
    YEARLY = "yearly-trend"
    NONE = "too-few"

    @property
    def words(self) -> str:
        """Its name for a reader."""
        return _WORDS[self]

    @property
    def is_chart(self) -> bool:
        """Whether it draws process limits."""
        return self in (Method.XMR, Method.U_PRIME)


_WORDS: Final = {
    Method.XMR: "XmR chart of counts (NHS Making Data Count)",
    Method.U_PRIME: "u′ chart of rates (Laney)",
    Method.YEARLY: "Poisson or negative binomial trend over years",
    Method.NONE: "Too few to judge",
}


@dataclass(frozen=True)
class Size:
    """How large a series is at one length of its points.

    `dispersion` is the variance of the counts over their mean: 1 where they vary by chance
    alone. Points that are not one number are not in it.
    """

    months: int
    points: int
    per_point: float
    zeros: float
    hidden: float
    dispersion: float | None

    @classmethod
    def of(cls, months: int, counts: Sequence[Count]) -> Size:
        """The size of these points."""
        known = [middle(each) for each in counts]
        values = np.array([each for each in known if each is not None], dtype=float)
        mean = float(values.mean()) if values.size else 0.0
        spread = float(values.var(ddof=1)) if values.size > 1 else None
        return cls(
            months,
            len(counts),
            mean,
            float(np.mean(values == 0)) if values.size else 0.0,
            1 - values.size / len(counts) if counts else 0.0,
            spread / mean if spread is not None and mean > 0 else None,
        )

    @property
    def suits_a_chart(self) -> bool:
        """Whether limits from its points mean what they say."""
        return (
            self.months < 12
            and self.points >= FEWEST_POINTS
            and self.per_point >= FEWEST_EVENTS
            and self.hidden <= MOST_HIDDEN
            and self.zeros <= MOST_ZEROS
        )

    @property
    def suits_a_trend(self) -> bool:
        """Whether its years are enough for a trend."""
        known = round(self.points * (1 - self.hidden))
        return self.months == 12 and known >= FEWEST_YEARS and self.events >= FEWEST_IN_ALL

    @property
    def events(self) -> float:
        """All its events."""
        return self.per_point * self.points * (1 - self.hidden)

    @property
    def words(self) -> str:
        """The size as a reader sees it."""
        point = PERIOD_WORDS[self.months]
        said = f"{self.points} points of a {point}, {self.per_point:.3g} events each on average"
        if self.dispersion is not None:
            said += f", variance {self.dispersion:.1f} times that of chance"
        if self.hidden:
            said += f", {self.hidden:.0%} hidden or missing"
        return said


@dataclass(frozen=True)
class Choice:
    """A method, the length of the points it is used on, and why."""

    method: Method
    size: Size | None
    reason: str
    could_be: tuple[Method, ...] = ()


def middle(count: Count) -> float | None:
    """The number a chart plots: the count, the middle of a rounded one, none of a hidden one."""
    if count.lower is None or count.upper is None or count.is_hidden:
        return None
    return (count.lower + count.upper) / 2


def choose(sizes: Mapping[int, Size], wanted: str | None = None) -> Choice:
    """The method for a series by its size, or the one that was asked for.

    Parameters
    ----------
    sizes
        The series at each length of points that there is.
    wanted
        Key of a `Method`; chosen by the rule when not given.

    Raises
    ------
    UnknownNameError
        If there is no such method.
    """
    by_length = [sizes[months] for months in sorted(sizes)]
    charted = [each for each in by_length if each.suits_a_chart]
    yearly = [each for each in by_length if each.suits_a_trend]
    could_be = (
        *((Method.XMR, Method.U_PRIME) if charted else ()),
        *((Method.YEARLY,) if yearly else ()),
    )
    if wanted is not None and wanted not in set(Method):
        raise UnknownNameError(f"no method '{wanted}'; there are {', '.join(Method)}.")
    if wanted is not None and Method(wanted) in could_be:
        size = (charted if Method(wanted).is_chart else yearly)[0]
        return Choice(Method(wanted), size, f"Asked for: {size.words}.", could_be)
    asked = (
        f"{Method(wanted).words} was asked for and does not fit. "
        if wanted is not None and wanted != Method.NONE
        else ""
    )
    if charted:
        reason = (
            f"{asked}The shortest points that hold at least {FEWEST_EVENTS:.0f} events on "
            f"average: {charted[0].words}."
        )
        return Choice(Method.XMR, charted[0], reason, could_be)
    if yearly:
        reason = f"{asked}No points short of a year hold enough events for a chart: "
        return Choice(Method.YEARLY, yearly[0], f"{reason}{yearly[0].words}.", could_be)
    found = "; ".join(each.words for each in by_length) or "no points"
    reason = (
        f"{asked}A chart needs {FEWEST_POINTS} points of {FEWEST_EVENTS:.0f} events or more, a "
        f"trend {FEWEST_YEARS} years with {FEWEST_IN_ALL} events in all; there are {found}."
    )
    return Choice(Method.NONE, by_length[-1] if by_length else None, reason, could_be)
