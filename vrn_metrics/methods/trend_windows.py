"""May a trend be tested on these points, and which way does it go?"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDING: Final = 0.1  # February is so much shorter than a twelfth of a year: no overlap


class Marker(StrEnum):
    """The answer of a trend test."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    NO_CHANGE = "no significant change"
    CANNOT = "cannot be calculated"


def overlap(times: Floats, length: float) -> str | None:
    """Why the points cannot be tested together, when their windows overlap; else `None`.

    Parameters
    ----------
    times
        Where each point lies, start or middle, in any order.
    length
        How much time each covers, in the unit of `times`.

    Raises
    ------
    ValueError
        If `length` is not above zero or a time is not finite.
    """
    if not length > 0:
        raise ValueError(f"the length of a window is above 0, but {length} was given")
    if not np.isfinite(times).all():
        raise ValueError("times are finite numbers, but one is missing or infinite")
    step = np.diff(np.sort(times)).min(initial=np.inf)
    if step < length * (1 - ROUNDING):
        return (
            f"the windows overlap: each covers {length:g} but begins {step:g} after the one"
            " before, so that they share events; use windows that do not overlap"
        )
    return None
