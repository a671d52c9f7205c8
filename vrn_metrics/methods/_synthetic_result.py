"""What a synthetic control has to say, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vrn_metrics.methods.placebo import FilteredRank, PlaceboRanks

Floats = NDArray[np.float64]

WORST_FIT: Final = 0.25  # of the pre-period mean; our rule, see METHODS.md
ROUNDING: Final = 1e-9  # of a series' size: an error below it is none


class Certificate(NamedTuple):
    """How nearly the weights satisfy the conditions of the optimum; see `_simplex.Mixtures`.

    The largest difference of gradients within the support, and the least by which a donor
    outside it would make the fit worse. Both are 0 or above but for rounding.
    """

    stationarity: float
    dual: float | None


@dataclass(frozen=True, kw_only=True, eq=False)
class SyntheticControl:
    """A treated unit beside the mixture of donors that was most like it before the start.

    Parameters
    ----------
    weights
        One a donor, 0 or above, with sum 1.
    gap
        Treated less synthetic, one a period.
    synthetic
        The mixture itself.
    pre_periods
        How many periods lie before the start.
    att
        The mean gap from the start on: the effect on the treated unit. `None` where no
        period follows.
    pre_rmspe, post_rmspe
        The root of the mean squared gap before the start, and from it on.
    pre_mean
        Of the treated unit before the start.
    unique_weights
        Whether no other weights fit equally well.
    att_range
        The least and most that `att` is over all weights that fit equally well.
    certificate
        The proof that no other weights fit better; `None` where weights were given.
    notes
        What a reader of the figures must know.
    """

    weights: Floats
    gap: Floats
    synthetic: Floats
    pre_periods: int
    att: float | None
    pre_rmspe: float
    post_rmspe: float | None
    pre_mean: float
    unique_weights: bool = True
    att_range: tuple[float, float] | None = None
    certificate: Certificate | None = None
    notes: tuple[str, ...] = ()

    @property
    def cumulative(self) -> float | None:
        """The sum of the gaps from the start on."""
        return None if self.att is None else float(self.gap[self.pre_periods :].sum())

    @property
    def rmspe_ratio(self) -> float | None:
        """The error since the start over that before; infinite where the fit was perfect."""
        if self.post_rmspe is None:
            return None
        return self.post_rmspe / self.pre_rmspe if self.pre_rmspe > 0 else np.inf

    @property
    def relative_rmspe(self) -> float | None:
        """The error before the start as a share of the mean; `None` where that is zero."""
        return self.pre_rmspe / abs(self.pre_mean) if self.pre_mean else None

    @property
    def fits(self) -> bool:
        """Whether the error before the start is at most a quarter of the mean then."""
        return self.relative_rmspe is not None and self.relative_rmspe <= WORST_FIT


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaceboTest(PlaceboRanks):
    """The treated unit's gap among those of donors to which nothing was done.

    Parameters
    ----------
    method
        Which estimator was run for every unit.
    donors
        Which columns of the panel the donors are, in the order of everything below.
    gap, gaps
        Of the treated unit, one a period, and of the donors, one row each.
    att, atts
        Their mean gaps from the start on.
    pre_rmspe, pre_rmspes
        Their errors before it.
    weights
        One row a unit of the panel, one column a unit; the treated unit's row is its fit.
    filters
        The test among donors whose own fit is not much worse; see `FilteredRank`.
    unique
        Whether each donor's weights were the only ones that fit so well.
    lower, upper
        The effects that the test does not reject: `None` where any, however far, is
        compatible, which it always is where the smallest p-value is above the level.
    confidence
        Of the two.
    """

    method: str
    donors: NDArray[np.intp]
    gap: Floats
    gaps: Floats
    att: float
    atts: Floats
    pre_rmspe: float
    pre_rmspes: Floats
    weights: Floats
    filters: tuple[FilteredRank, ...]
    unique: NDArray[np.bool_]
    lower: float | None
    upper: float | None
    confidence: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class LeaveOneOut:
    """The effect with each donor that has weight left out in turn.

    Parameters
    ----------
    donors
        Which were left out.
    atts, pre_rmspes
        The effect without each, and the error before the start.
    gaps
        One row each.
    """

    donors: NDArray[np.intp]
    atts: Floats
    pre_rmspes: Floats
    gaps: Floats


class InTimePlacebo(NamedTuple):
    """The effect that the method finds at a start at which nothing began.

    `att` is the mean gap from `start` to the true start; `pre_rmspe` the error before `start`.
    """

    start: int
    att: float
    pre_rmspe: float
    ratio: float


def rmspe(gaps: Floats, size: Floats | float) -> Floats:
    """The root of the mean square over the last axis; rounding, beside `size`, is zero."""
    if gaps.shape[-1] == 0:
        return np.full(gaps.shape[:-1], np.nan)
    root = np.sqrt((gaps**2).mean(axis=-1))
    return np.asarray(np.where(root <= ROUNDING * np.maximum(size, 0.0), 0.0, root))
