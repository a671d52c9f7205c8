"""What an interrupted time series has to say, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from vrn_metrics.methods._count_model import Family
from vrn_metrics.methods._serial_correlation import ResidualCorrelation
from vrn_metrics.methods.estimates import Estimate

Floats = NDArray[np.float64]

MODEL: Literal["model"] = "model"
HAC: Literal["Newey-West"] = "Newey-West"
DELTA: Literal["delta method on the log scale"] = "delta method on the log scale"


@dataclass(frozen=True, kw_only=True)
class Change(Estimate):
    """A ratio of rates with its interval, its p-value and both of its standard errors.

    Parameters
    ----------
    p_value
        The chance of a ratio at least this far from 1, either way, were it 1. It is below
        0.05 exactly when the 95% interval leaves 1 out.
    error
        The standard error of the ratio's logarithm that was used: the larger of the next two,
        which `method` names; the negative binomial's is first multiplied by the root of points
        over degrees of freedom.
    model_error, hac_error
        By the family's variance, and by Newey and West from the residuals as they came.
    """

    p_value: float | None = None
    error: float | None = None
    model_error: float | None = None
    hac_error: float | None = None


class Path(NamedTuple):
    """Expected events of every point of the series, missing ones too, and their limits."""

    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How the series changed, against its own past or that and a comparator.

    Parameters
    ----------
    pre_trend
        The factor from one point to the next before the start; against a comparator, the
        ratio of both factors: far from 1, it is a poor comparator.
    level
        The factor of the step at the start.
    slope
        The factor by which the trend's factor changed at the start.
    overall
        Events observed over events expected without the change, from the start on.
    averted
        The difference of the two, expected less observed; below zero where there were more.
    observed, expected
        The two, over the same points: those from the start on that were fitted.
    counterfactual
        What was to be expected without the change; before the start, the fit.
    """

    pre_trend: Change
    level: Change
    slope: Change
    overall: Change
    averted: Estimate
    observed: float | None = None
    expected: float | None = None
    counterfactual: Path | None = None
    reason: str | None = None

    @classmethod
    def none(cls, reason: str, confidence: float) -> Self:
        """No effect can be given, for this reason."""
        change = Change.withheld(reason, confidence=confidence, method=MODEL)
        return cls(
            pre_trend=change,
            level=change,
            slope=change,
            overall=change,
            averted=Estimate.withheld(reason, confidence=confidence, method=DELTA),
            reason=reason,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class InterruptedFit(Effect):
    """An interrupted time series: its effect, and what that rests on.

    Parameters
    ----------
    reason
        Why there is no fit; the figures are then withheld with the same reason.
    fitted
        What the model expects of each point, with the change.
    disruption
        The factor of the disrupted points, where they have a coefficient of their own.
    family, family_reason
        The law of the counts, and why that one.
    dispersion
        Pearson's chi-squared over its degrees of freedom under Poisson: near 1 where the
        counts vary by chance only.
    overdispersion
        Alpha of the negative binomial, variance = m + alpha m²; 0 for the other families.
    harmonics
        How many were fitted, at most as many as asked for.
    points
        How many were fitted, before the start and from it on.
    lags
        Of the autocorrelation and of the Newey-West standard errors.
    residual_correlation
        What is left of dependence between neighbours.
    notes
        What a reader of the figures must know.
    controlled
        The effect less the comparator's, where there is one.
    comparator
        The comparator's own fit.
    """

    fitted: Path | None = None
    disruption: Change | None = None
    family: Family | None = None
    family_reason: str | None = None
    dispersion: float | None = None
    overdispersion: float | None = None
    harmonics: int | None = None
    points: tuple[int, int] | None = None
    lags: int | None = None
    residual_correlation: ResidualCorrelation | None = None
    notes: tuple[str, ...] = ()
    controlled: Effect | None = None
    comparator: InterruptedFit | None = None
