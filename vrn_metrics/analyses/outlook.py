"""Where might the next period end, and which count would change the verdict?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scipy import special

from vrn_metrics.analyses.figures import Figure, exposures
from vrn_metrics.methods.comparison import rate_ratios
from vrn_metrics.periods import Period

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_PRIOR: Final = 0.5  # Jeffreys' prior for a Poisson rate


@dataclass(frozen=True)
class Outlook:
    """The next period of the same length, were the rate to stay as it is.

    Parameters
    ----------
    fan
        The count below which the next period stays with the chances of `LEVELS`.
    chance_below
        That its rate is below the baseline's.
    lower_at_most, higher_at_least
        The counts from which the verdict would be *lower* and *higher*; `None` where none
        is low enough.
    """

    period: Period
    fan: tuple[int, ...]
    chance_below: float
    lower_at_most: int | None
    higher_at_least: int


def outlook(current: Figure, past: Figure) -> Outlook | None:
    """What the next period may bring; `None` where a count is hidden or rounded.

    Notes
    -----
    The rate is taken from the current period alone, with Jeffreys' prior; the next count is
    then negative binomial. A rate that moves, or events that come in clusters, make the fan
    too narrow. The population is taken to stay.
    """
    if not (current.count.is_exact and past.count.is_exact):
        return None
    now, then = exposures(current, past)
    count, before = int(current.count.lower or 0), int(past.count.lower or 0)
    lower = _first(lambda k: not rate_ratios(k, now, before, then).upper < 1)
    higher = _first(lambda k: bool(rate_ratios(k, now, before, then).lower > 1))
    fan = tuple(_reaches(level, count + _PRIOR) for level in LEVELS)
    below = _first(lambda k: k / now >= before / then)
    period = Period.span(_day_after(current.period), current.period.months)
    return Outlook(
        period,
        fan,
        _at_most(below - 1, count + _PRIOR) if below else 0.0,
        lower - 1 if lower else None,
        higher,
    )


def _first(holds: Callable[[int], bool]) -> int:
    """The first count from which on something holds, which it does from some count on."""
    most = 1
    while not holds(most):
        most *= 2
    return bisect_left(range(most + 1), True, key=holds)


def _reaches(level: float, shape: float) -> int:
    return _first(lambda count: _at_most(count, shape) >= level)


def _at_most(count: int, shape: float) -> float:
    """The chance of so many events or fewer in as much exposure as gave `shape` events."""
    return float(special.betainc(shape, count + 1.0, 0.5))


def _day_after(period: Period) -> date:
    return period.end + timedelta(days=1)
