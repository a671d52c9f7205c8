"""Which points of a series are more than chance, by which rule, and is that good?

The rules are those of NHS *Making Data Count* as NHSRplotthedots 0.2.2 applies them. They
say that something changed and never what changed it.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.methods.limits import Flags, Floats, Limits, as_series

IN_A_ROW: Final = 7  # points on one side, or points that rise or fall
ON_THE_LINE: Final = 1e-12  # nearer than this, relative to the line, is rounding and not a side

Improvement = Literal["decrease", "increase", "neutral"]


class Rule(StrEnum):
    """What is unusual about a point; the first that holds names it."""

    ABOVE_LIMIT = "above the upper limit"
    BELOW_LIMIT = "below the lower limit"
    RISING = "seven points rising"
    FALLING = "seven points falling"
    TWO_OF_THREE_HIGH = "two of three points close to the upper limit"
    TWO_OF_THREE_LOW = "two of three points close to the lower limit"
    RUN_ABOVE = "seven points above the centre line"
    RUN_BELOW = "seven points below the centre line"

    @property
    def is_high(self) -> bool:
        """Whether it speaks of large or growing values."""
        return self in _HIGH


_HIGH: Final = {Rule.ABOVE_LIMIT, Rule.RISING, Rule.TWO_OF_THREE_HIGH, Rule.RUN_ABOVE}


class Meaning(StrEnum):
    """Whether a special cause is for the better."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"


class SpecialCause(StrEnum):
    """The label of a point that is more than chance: what it means, and by which rule."""

    IMPROVEMENT_ABOVE_LIMIT = "improvement: above the upper limit"
    IMPROVEMENT_BELOW_LIMIT = "improvement: below the lower limit"
    IMPROVEMENT_RISING = "improvement: seven points rising"
    IMPROVEMENT_FALLING = "improvement: seven points falling"
    IMPROVEMENT_TWO_OF_THREE_HIGH = "improvement: two of three points close to the upper limit"
    IMPROVEMENT_TWO_OF_THREE_LOW = "improvement: two of three points close to the lower limit"
    IMPROVEMENT_RUN_ABOVE = "improvement: seven points above the centre line"
    IMPROVEMENT_RUN_BELOW = "improvement: seven points below the centre line"
    CONCERN_ABOVE_LIMIT = "concern: above the upper limit"
    CONCERN_BELOW_LIMIT = "concern: below the lower limit"
    CONCERN_RISING = "concern: seven points rising"
    CONCERN_FALLING = "concern: seven points falling"
    CONCERN_TWO_OF_THREE_HIGH = "concern: two of three points close to the upper limit"
    CONCERN_TWO_OF_THREE_LOW = "concern: two of three points close to the lower limit"
    CONCERN_RUN_ABOVE = "concern: seven points above the centre line"
    CONCERN_RUN_BELOW = "concern: seven points below the centre line"
    NEUTRAL_ABOVE_LIMIT = "neutral: above the upper limit"
    NEUTRAL_BELOW_LIMIT = "neutral: below the lower limit"
    NEUTRAL_RISING = "neutral: seven points rising"
    NEUTRAL_FALLING = "neutral: seven points falling"
    NEUTRAL_TWO_OF_THREE_HIGH = "neutral: two of three points close to the upper limit"
    NEUTRAL_TWO_OF_THREE_LOW = "neutral: two of three points close to the lower limit"
    NEUTRAL_RUN_ABOVE = "neutral: seven points above the centre line"
    NEUTRAL_RUN_BELOW = "neutral: seven points below the centre line"

    @property
    def meaning(self) -> Meaning:
        """Whether it is for the better."""
        return Meaning(self.split(": ")[0])

    @property
    def rule(self) -> Rule:
        """What is unusual about the point."""
        return Rule(self.split(": ")[1])

    @classmethod
    def of(cls, rule: Rule, improvement: Improvement) -> SpecialCause:
        """The label of a rule where `improvement` is what one hopes for."""
        if improvement == "neutral":
            return cls(f"{Meaning.NEUTRAL}: {rule}")
        hoped_for = rule.is_high == (improvement == "increase")
        return cls(f"{Meaning.IMPROVEMENT if hoped_for else Meaning.CONCERN}: {rule}")


def special_causes(
    values: ArrayLike, *, limits: Limits, improvement: Improvement = "decrease"
) -> NDArray[np.object_]:
    """The label of every point: what makes it more than chance, `None` where nothing does.

    Where several rules hold, the label is the first in the order limits, trend, two of
    three, run. Where one trend turns into another the point belongs to the one that follows.

    Parameters
    ----------
    values
        The series that `limits` were found for, along the last axis; NaN where missing.
    limits
        Of any chart in this package.
    improvement
        Whether small values are good (`"decrease"`), large ones (`"increase"`), or neither.

    Returns
    -------
    numpy.ndarray
        `SpecialCause` or `None`, of the shape of `values`. All are `None` where the limits
        cannot be used; so is every missing point.

    Raises
    ------
    ValueError
        If `improvement` is none of the three, or values are infinite.

    Notes
    -----
    The side that counts is the rule's: points of a falling trend are all an improvement of
    a decrease, though the first lie above the centre line.

    Examples
    --------
    >>> from vrn_metrics.methods import spc
    >>> knives = [9, 8, 10, 9, 11, 9, 8, 10, 9, 10, 11, 9, 20, 9]
    >>> labels = special_causes(knives, limits=spc.process_limits(knives))
    >>> [str(label) for label in labels if label]
    ['concern: above the upper limit']
    """
    if improvement not in ("decrease", "increase", "neutral"):
        raise ValueError(
            f"improvement is 'decrease', 'increase' or 'neutral', but {improvement!r} was given"
        )
    series = as_series(values, "values")
    holding = rules(series, limits=limits)
    falls_next = np.zeros(series.shape, dtype=bool)
    falls_next[..., :-1] = series[..., 1:] < series[..., :-1]
    holding[Rule.RISING] &= ~(holding[Rule.FALLING] & falls_next)
    code = np.zeros(series.shape, dtype=np.int8)
    for number, rule in reversed([*enumerate(Rule, start=1)]):
        np.copyto(code, number, where=holding[rule])
    labels = np.array([None, *(SpecialCause.of(rule, improvement) for rule in Rule)], dtype=object)
    return labels[code]


def rules(values: ArrayLike, *, limits: Limits) -> dict[Rule, Flags]:
    """Every rule, with the points at which it holds, whichever names them.

    Parameters
    ----------
    values, limits
        As for `special_causes`.

    Returns
    -------
    dict
        For each rule a truth value a point, of the shape of `values`.

    Notes
    -----
    A missing point holds no rule and breaks a run, a trend and a group of three: what lies
    on either side of it did not follow on each other. A point on the centre line is on
    neither side and breaks a run; two equal neighbours break a trend. Two of three needs
    all three points on one side, and a point outside the limits is not *close* to them.
    No rule looks from one stretch into the next.
    """
    series = as_series(values, "values")
    slack = ON_THE_LINE * np.abs(limits.centre)
    judged = np.broadcast_to(limits.usable, series.shape)
    holding: dict[Rule, Flags] = {rule: np.zeros(series.shape, dtype=bool) for rule in Rule}

    above = (series - limits.centre > slack) & judged
    below = (limits.centre - series > slack) & judged
    holding[Rule.ABOVE_LIMIT] |= (series > limits.upper) & judged
    holding[Rule.BELOW_LIMIT] |= (series < limits.lower) & judged
    close_above = above & (series > limits.near_upper) & ~holding[Rule.ABOVE_LIMIT]
    close_below = below & (series < limits.near_lower) & ~holding[Rule.BELOW_LIMIT]
    for start, stop in pairwise((*limits.starts, series.shape[-1])):
        part = np.s_[..., start:stop]
        found = {
            Rule.RISING: _trend(series[part], 1) & judged[part],
            Rule.FALLING: _trend(series[part], -1) & judged[part],
            Rule.TWO_OF_THREE_HIGH: _two_of_three(above[part], close_above[part]),
            Rule.TWO_OF_THREE_LOW: _two_of_three(below[part], close_below[part]),
            Rule.RUN_ABOVE: _in_a_row(above[part], IN_A_ROW),
            Rule.RUN_BELOW: _in_a_row(below[part], IN_A_ROW),
        }
        for rule, points in found.items():
            holding[rule][part] = points
    return holding


def _trend(series: Floats, direction: int) -> Flags:
    """Every point of seven or more that all rise (1) or all fall (-1)."""
    steps = direction * np.diff(series) > 0
    in_trend = _in_a_row(steps, IN_A_ROW - 1)
    points = np.zeros(series.shape, dtype=bool)
    points[..., :-1] |= in_trend
    points[..., 1:] |= in_trend
    return points


def _two_of_three(on_side: Flags, close: Flags) -> Flags:
    """Every point close to a limit that has another such among three on one side."""
    if on_side.shape[-1] < 3:
        return np.zeros(on_side.shape, dtype=bool)
    one, two, three = (close[..., at : close.shape[-1] - 2 + at] for at in range(3))
    together = (one & two) | (one & three) | (two & three)
    return close & _covered(_windows(on_side, 3) & together, 3)


def _in_a_row(flags: Flags, length: int) -> Flags:
    """Every point that is one of so many true ones in a row, or more."""
    if flags.shape[-1] < length:
        return np.zeros(flags.shape, dtype=bool)
    return _covered(_windows(flags, length), length)


def _windows(flags: Flags, length: int) -> Flags:
    """Whether all of the so many points from each one on are true."""
    count = flags.shape[-1] - length + 1
    all_true = flags[..., :count].copy()
    for later in range(1, length):
        all_true &= flags[..., later : count + later]
    return all_true


def _covered(windows: Flags, length: int) -> Flags:
    """The points that lie in a window, each window being known by its first point."""
    count = windows.shape[-1]
    points = np.zeros((*windows.shape[:-1], count + length - 1), dtype=bool)
    for later in range(length):
        points[..., later : count + later] |= windows
    return points
