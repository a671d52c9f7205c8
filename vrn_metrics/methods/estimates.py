"""A figure, its interval and its method, which never travel apart; and what may go in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.counts import Count

NUMBERS: Final = "biufO"  # kinds of array; an object may be a number, or None where missing


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval, or the reason why there is none.

    Parameters
    ----------
    value
        The figure, or `None` when it is withheld; `reason` then says why.
    lower, upper
        The limits of its confidence interval; `None` when there is no interval.
    confidence
        How often such an interval covers the truth, 0.95 for 95%.
    method
        How the limits were found, in the field's words.
    reason
        Why there is no value.
    least, most
        Where a count is known as an interval only: the figure at its bounds. There is then
        no value, and `lower` and `upper` hold for every count within the bounds.

    Raises
    ------
    ValueError
        If there is neither a value nor a reason, or both.
    """

    value: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str
    reason: str | None = None
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("an estimate has either a value or the reason why it has none")

    @classmethod
    def withheld(cls, reason: str, *, confidence: float, method: str) -> Self:
        """An estimate that cannot be given, with the reason."""
        return cls(None, None, None, confidence, method, reason)


def check_confidence(confidence: float) -> float:
    """The share outside the interval on either side.

    Raises
    ------
    ValueError
        If `confidence` is not between 0 and 1: 95 is not 0.95.
    """
    if not 0 < confidence < 1:
        raise ValueError(
            f"confidence is a share between 0 and 1, such as 0.95, but {confidence} was given"
        )
    return (1 - confidence) / 2


def as_numbers(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """The values as numbers, NaN where missing.

    Dates and times between them would pass for numbers of nanoseconds, and text for what it
    spells: neither is taken.

    Raises
    ------
    ValueError
        If one is no number.
    """
    given = np.asarray(values)
    try:
        if given.dtype.kind not in NUMBERS:
            raise TypeError(f"{given.dtype} was given")
        return np.asarray(values, dtype=float)
    except (TypeError, OverflowError) as error:
        raise ValueError(f"{name} are numbers, NaN where missing, but: {error}") from error


def bounds(count: float | Count) -> tuple[float, float]:
    """The least and the most that a usable count can be."""
    if not isinstance(count, Count):
        return float(count), float(count)
    if count.lower is None or count.upper is None:
        raise ValueError("a missing count has no bounds")
    return float(count.lower), float(count.upper)


def unusable_count(count: float | Count | None) -> str | None:
    """Why nothing can be calculated from a count, or `None` when it can be used.

    A `Count` below zero is legitimate (transfers are netted in the quarter in which they
    happen) and only has no rate; a plain number below zero is a mistake of the caller.

    Raises
    ------
    ValueError
        If a plain number is negative or infinite.
    """
    if isinstance(count, Count):
        if count.lower is None:
            return "the count is missing"
        return "the count can be below zero, after transfers" if count.lower < 0 else None
    if count is None or math.isnan(count):
        return "the count is missing"
    if count < 0 or math.isinf(count):
        raise ValueError(f"a count is a finite number from 0 up, but {count} was given")
    return None


def unusable_exposure(exposure: float | None, name: str) -> str | None:
    """Why nothing can be divided by a population or time, or `None` when it can be used.

    Raises
    ------
    ValueError
        If it is negative or infinite.
    """
    if exposure is None or math.isnan(exposure):
        return f"the {name} is missing"
    if exposure < 0 or math.isinf(exposure):
        raise ValueError(f"the {name} is a finite number above 0, but {exposure} was given")
    return f"the {name} is zero" if exposure == 0 else None
