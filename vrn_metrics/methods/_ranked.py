"""The placebo test of any estimator that gives every unit of a panel a gap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vrn_metrics.methods._synthetic_input import Panel
from vrn_metrics.methods._synthetic_result import PlaceboTest, rmspe
from vrn_metrics.methods.placebo import (
    Statistic,
    at_least,
    compatible_effects,
    filtered,
    p_value,
)

Floats = NDArray[np.float64]


def ranked(
    gaps: Floats,
    weights: Floats,
    panel: Panel,
    *,
    method: str,
    statistic: Statistic = "ratio",
    unique: NDArray[np.bool_] | None = None,
    confidence: float = 0.95,
    notes: tuple[str, ...] = (),
) -> PlaceboTest:
    """The placebo test of gaps that some estimator made for every unit of a panel.

    Parameters
    ----------
    gaps
        Units by periods.
    weights
        Units by units: how much of each is in the synthetic control of each.
    statistic
        What is ranked, and what the interval is made from.
    """
    own, before = panel.treated, panel.pre_periods
    donors = np.delete(np.arange(len(gaps)), own)
    size = float(np.abs(panel.values).max())
    pre, post = rmspe(gaps[:, :before], size), rmspe(gaps[:, before:], size)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(pre > 0, post / pre, np.where(post > 0, np.inf, 0.0))
    atts = gaps[:, before:].mean(axis=1)
    size_of = pre if statistic == "ratio" else np.ones(len(gaps))
    since = gaps[:, before:] if statistic == "ratio" else atts[:, None]
    lower, upper = compatible_effects(
        since[own],
        since[donors],
        float(size_of[own]),
        size_of[donors],
        weights[donors, own],
        confidence=confidence,
    )
    ranks = ratios if statistic == "ratio" else np.abs(atts)
    return PlaceboTest(
        method=method,
        donors=donors,
        gap=gaps[own],
        gaps=gaps[donors],
        att=float(atts[own]),
        atts=atts[donors],
        pre_rmspe=float(pre[own]),
        pre_rmspes=pre[donors],
        weights=weights,
        statistic=statistic,
        ratio=float(ratios[own]),
        ratios=ratios[donors],
        rank=1 + at_least(float(ranks[own]), ranks[donors]),
        p_value=p_value(float(ranks[own]), ranks[donors]),
        smallest_p_value=1 / len(gaps),
        p_value_ratio=p_value(float(ratios[own]), ratios[donors]),
        p_value_att=p_value(abs(float(atts[own])), np.abs(atts[donors])),
        p_value_lower=p_value(-float(atts[own]), -atts[donors]),
        filters=filtered(float(ranks[own]), ranks[donors], float(pre[own] ** 2), pre[donors] ** 2),
        unique=(np.ones(len(gaps), dtype=bool) if unique is None else unique)[donors],
        lower=lower,
        upper=upper,
        confidence=confidence,
        notes=notes,
    )
