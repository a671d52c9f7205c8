"""Where a unit stands among others to which nothing was done, and what that can show.

Every estimator of one treated unit's effect can be run for each untreated unit as well. If
all units were alike but for the treatment, the treated one's statistic would be as likely to
take any rank as any other: a test without a model of the errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vrn_metrics.methods.estimates import check_confidence

Floats = NDArray[np.float64]
Statistic = Literal["ratio", "att"]

FILTERS: Final = (2.0, 5.0, 20.0)  # Abadie, Diamond and Hainmueller 2010
EQUAL: Final = 1e-12  # relative: two statistics this near to each other are tied


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaceboRanks:
    """The rank of the treated unit, and its p-values, which are never zero.

    Parameters
    ----------
    statistic
        What is ranked: `"ratio"`, error since the start over error before, or `"att"`, the
        absolute mean gap since the start.
    ratio, ratios
        The former, of the treated unit and of each donor.
    rank
        Of the treated unit's statistic among all, 1 for the largest; ties count against it.
    p_value
        The rank over the number of units.
    smallest_p_value
        One over the number of units: less cannot be reached, whatever happened.
    p_value_ratio, p_value_att
        By either statistic. The method says which was chosen beforehand; taking the smaller of
        the two rejects too often.
    p_value_lower
        By the mean gap itself, against donors that fell at least as far: one-sided.
    """

    statistic: Statistic
    ratio: float
    ratios: Floats
    rank: int
    p_value: float
    smallest_p_value: float
    p_value_ratio: float
    p_value_att: float
    p_value_lower: float


class FilteredRank(NamedTuple):
    """The test among donors whose squared error before the start is at most `times` the unit's.

    `kept` donors are left, and `smallest_p_value` grows as they become fewer. `p_value` is
    `None` where none is left.
    """

    times: float
    kept: int
    p_value: float | None
    smallest_p_value: float | None


def at_least(own: float, others: Floats) -> int:
    """How many of the others are as large, rounding counted as equal."""
    if np.isinf(own):
        return int(np.isinf(others).sum())
    return int((others >= own - EQUAL * abs(own)).sum())


def p_value(own: float, others: Floats) -> float:
    """The share of units, this one counted, whose statistic is at least its own.

    Never zero, unlike the share among the others alone, which rejects too often.

    References
    ----------
    Phipson B, Smyth GK. Permutation p-values should never be zero. Statistical Applications in
    Genetics and Molecular Biology 2010; 9: 39.

    Examples
    --------
    >>> p_value(3.0, np.array([1.0, 2.0, 3.0, 4.0]))
    0.6
    """
    return (1 + at_least(own, others)) / (1 + len(others))


def filtered(
    own: float, others: Floats, pre_mspe: float, pre_mspes: Floats
) -> tuple[FilteredRank, ...]:
    """The test again without donors that were fitted much worse, for each of `FILTERS`.

    Notes
    -----
    The filter treats the treated unit, which is always kept, unlike the others. Where its own
    fit is among the best, few donors are left and nothing can be shown.
    """
    ranks = []
    for times in FILTERS:
        kept = others[pre_mspes <= times * pre_mspe]
        found = (p_value(own, kept), 1 / (1 + len(kept))) if len(kept) else (None, None)
        ranks.append(FilteredRank(times, len(kept), *found))
    return tuple(ranks)


def compatible_effects(
    gap: Floats,
    gaps: Floats,
    pre_rmspe: float,
    pre_rmspes: Floats,
    influence: Floats,
    *,
    confidence: float = 0.95,
) -> tuple[float | None, float | None]:
    """The constant effects that the placebo test does not reject, as an interval.

    Parameters
    ----------
    gap, gaps
        From the start on, of the treated unit and of the donors, one row each.
    pre_rmspe, pre_rmspes
        What each is divided by; ones compare the gaps themselves.
    influence
        The treated unit's weight in each donor's own synthetic control: an effect taken out
        of the treated unit's outcomes moves those gaps too.
    confidence
        One less the level of the test.

    Returns
    -------
    lower, upper
        `None` for a side that no effect however large is rejected on.

    Notes
    -----
    The statistic is the root of the mean square, so that whether a donor stands above the
    treated unit changes where a quadratic in the effect crosses zero: the test is inverted
    exactly, without a grid. Where the compatible effects are in pieces, the interval spans
    them all.

    References
    ----------
    Firpo S, Possebom V. Synthetic control method: inference, sensitivity analysis and
    confidence sets. Journal of Causal Inference 2018; 6: 20160026.
    """
    level = 2 * check_confidence(confidence)
    units = 1 + len(gaps)
    if 1 / units > level or pre_rmspe <= 0:
        return None, None
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.array([1.0, -2 * gap.mean(), (gap**2).mean()]) / pre_rmspe**2
        theirs = np.stack(
            [influence**2, 2 * influence * gaps.mean(axis=1), (gaps**2).mean(axis=1)], axis=1
        )
        ahead = own - theirs / (pre_rmspes**2)[:, None]  # above 0: the treated unit stands out
    known = np.asarray(np.isfinite(ahead).all(axis=1))
    ahead = np.where(known[:, None], ahead, [0.0, 0.0, -1.0])
    cuts, behind = _counts_between(ahead)
    accepted = (1 + behind) / units > level + EQUAL
    if not accepted.any():
        best = float(gap.mean())
        return best, best
    first, last = np.flatnonzero(accepted)[[0, -1]]
    lower = None if first == 0 else float(cuts[first - 1])
    upper = None if last == len(cuts) else float(cuts[last])
    return lower, upper


def _counts_between(quadratics: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Where any of the quadratics crosses zero, and how many are at most zero in between."""
    square, slope, constant = quadratics.T
    inside = square**2 + slope**2 <= 0  # no quadratic at all
    below = np.where(
        square != 0, square < 0, np.where(slope != 0, slope > 0, constant <= 0)
    )  # far to the left
    root = np.sqrt(np.maximum(slope**2 - 4 * square * constant, 0))
    curved = (square != 0) & (slope**2 > 4 * square * constant)
    straight = (square == 0) & ~inside
    with np.errstate(divide="ignore", invalid="ignore"):
        far = -(slope + np.copysign(root, slope)) / 2  # without cancellation
        ends = np.stack([far / square, np.where(far != 0, constant / far, 0.0)])[:, curved]
        ends = np.sort(ends, axis=0)
        single = (-constant / slope)[straight]
    into = np.where(square[curved] > 0, 1, -1)
    cuts = np.concatenate([ends[0], ends[1], single])
    changes = np.concatenate([into, -into, np.where(slope[straight] > 0, -1, 1)])
    order = np.argsort(cuts, kind="stable")
    counts = below.sum() + np.concatenate([[0], np.cumsum(changes[order])])
    return cuts[order], counts
