"""The columns of an interrupted time series, as many as the series can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

POINTS_A_COEFFICIENT: Final = 4  # two whole years of months carry one harmonic, three carry two


@dataclass(frozen=True)
class Design:
    """The columns of a series, with and without its interruption.

    Parameters
    ----------
    columns
        One row a point: 1, time, level, slope (where asked for), disruption (where there is
        one), sines and cosines.
    names
        Of the columns.
    harmonics
        How many pairs of sine and cosine are among them.
    used
        The points to be fitted.
    """

    columns: Floats
    names: tuple[str, ...]
    harmonics: int
    used: Mask

    def contrast(self, name: str) -> Floats | None:
        """The contrast that is one coefficient, or `None` where it is not among them."""
        if name not in self.names:
            return None
        return np.array([each == name for each in self.names], dtype=float)

    @property
    def without_change(self) -> Floats:
        """The columns as they would be had nothing been interrupted."""
        return self.columns * [name not in ("level", "slope") for name in self.names]


def design(
    events: Floats,
    used: Mask,
    *,
    start: int,
    period: int,
    harmonics: int,
    slope_change: bool,
    disrupted: Mask | None,
) -> Design | str:
    """The largest design up to `harmonics` that the series can carry, or why there is none.

    Harmonics are left off, the quickest first, until there are four points for each
    coefficient and a maximum of the likelihood is sure to exist: it is where the rows with
    events alone have full rank.
    """
    # 1 at the first point after the change, as in Bernal's code: the level is then the step
    # from the last point before it, and with it come the reference values.
    place = np.arange(len(events), dtype=np.float64)
    time, after = place - start + 1, (place >= start).astype(float)
    base = {"constant": np.ones_like(time), "time": time, "level": after}
    if slope_change:
        base["slope"] = time * after
    if disrupted is not None:
        base["disruption"] = disrupted.astype(float)
    for pairs in range(min(harmonics, period // 2), -1, -1):
        named = base | _waves(time, period, pairs)
        columns = np.column_stack(list(named.values()))
        enough = pairs == 0 or used.sum() >= POINTS_A_COEFFICIENT * columns.shape[1]
        if enough and _full_rank(columns[used & (events > 0)]):
            return Design(columns, tuple(named), pairs, used)
    if not _full_rank(columns[used]):
        return (
            "the disruption cannot be told apart from the change: it covers the same points"
            if disrupted is not None
            else "too few points are known to tell trend, level and slope apart"
        )
    return "too few points have events to fit trend, level and slope"


def _waves(time: Floats, period: int, pairs: int) -> dict[str, Floats]:
    """Sines and cosines, less the sine that is zero at every point."""
    waves = {}
    for pair in range(1, pairs + 1):
        angle = 2 * np.pi * pair * time / period
        if 2 * pair != period:
            waves[f"sine {pair}"] = np.sin(angle)
        waves[f"cosine {pair}"] = np.cos(angle)
    return waves


def _full_rank(rows: Floats) -> bool:
    scaled = rows / np.maximum(np.abs(rows).max(axis=0, initial=0), 1e-12)
    return bool(np.linalg.matrix_rank(scaled) == rows.shape[1]) if len(rows) else False
