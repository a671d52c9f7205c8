"""How much more did treated units change than the others, and could that be chance?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._few_clusters import (
    TwoSample,
    WildBootstrap,
    assignments,
    two_sample,
    wild_bootstrap,
)
from vrn_metrics.methods._synthetic_input import (
    need_post_periods,
    read_panel,
    read_unit,
)
from vrn_metrics.methods.estimates import check_confidence
from vrn_metrics.methods.placebo import at_least, compatible_effects

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEW_TREATED: Final = 5  # below it, errors that treat clusters as many are far too small
CR1: Final = "CR1, unit and period dummies counted"


@dataclass(frozen=True, kw_only=True, eq=False)
class EventStudy:
    """The difference in every period, beside that in the last one before the start.

    Parameters
    ----------
    coefficients
        One a period; 0 by definition at `reference`.
    p_values
        By permutation, one a period, each for itself; 1 at `reference`.
    reference
        The index of the last period before the start.
    pre_trend_p_value
        Of the largest absolute coefficient before the start: parallel until then? A large one
        does not show that they were. `None` where one period lies before the start.
    """

    coefficients: Floats
    p_values: Floats
    reference: int
    pre_trend_p_value: float | None


@dataclass(frozen=True, kw_only=True, eq=False)
class DifferenceInDifferences:
    """The change of the treated units less that of the others.

    Parameters
    ----------
    att
        The effect on the treated, in units of the outcome.
    p_value, smallest_p_value
        By permutation: among all choices of as many units, how many differ as much. Less than
        the latter cannot be reached.
    is_enumerated
        Whether all choices were gone through, or some drawn at random with a fixed seed.
    rank, choices
        Where the true choice stands, 1 for the largest absolute difference, and of how many.
    lower, upper, confidence
        The constant effects that the permutation test does not reject; `None` where any is
        compatible.
    standard_errors
        By convention, all clustered by unit: they differ by factors only, and none is to be
        trusted with fewer than five treated units (`notes` says so).
    wild, welch
        Two other tests, or why there is none.
    changes
        Of each unit, its mean since the start less that before.
    treated
        Which units are.
    event_study
        Period by period.
    notes
        What a reader of the figures must know.
    """

    att: float
    p_value: float
    smallest_p_value: float
    is_enumerated: bool
    rank: int
    choices: int
    lower: float | None
    upper: float | None
    confidence: float
    standard_errors: dict[str, float]
    wild: WildBootstrap
    welch: TwoSample
    changes: Floats
    treated: Mask
    event_study: EventStudy
    notes: tuple[str, ...]

    @property
    def standard_error(self) -> float | None:
        """CR1 with all dummies counted, as R and statsmodels print it; see `standard_errors`."""
        return self.standard_errors.get(CR1)


def fit(
    panel: ArrayLike,
    *,
    treated: Hashable | Iterable[Hashable],
    pre_periods: SupportsIndex,
    confidence: float = 0.95,
) -> DifferenceInDifferences:
    """Difference-in-differences of a balanced panel with one start, and its event study.

    Parameters
    ----------
    panel
        One row a period, one column a unit; an array or a data frame.
    treated
        The treated unit's column, or several: numbers from 0, or names in a data frame.
    pre_periods
        How many periods lie before the start.
    confidence
        Of the intervals.

    Returns
    -------
    DifferenceInDifferences

    Raises
    ------
    VrnMetricsError
        If it is no such panel, a number is missing, no unit is left untreated, or no period
        lies on one side of the start.

    Notes
    -----
    Equal to the coefficient of treated × since in a regression with unit and period dummies.
    Inference is by permutation over units (Conley and Taber's idea without their large
    number of controls): exact if any units might have been the treated ones.

    The conventions of `standard_errors`, with G units, n observations and k coefficients: CR0
    is the plain sandwich; the others multiply its square by G/(G-1) × (n-1)/(n-k) with all
    dummies counted in k (R's vcovCL with HC1, statsmodels), by the same with k = 3 and the
    dummies not counted (diff-diff), or by n/(n-k) alone (linearmodels).

    Assumptions, and which way each leans if wrong. The treated units would have gone parallel
    to the others: units chosen for a run of high years would have fallen anyway, which is
    counted as effect; the event study shows it only if it began before the start. Nothing else
    befell one side from the start on. Units are exchangeable: a small and noisy treated unit
    makes the test reject too often.

    References
    ----------
    Bertrand M, Duflo E, Mullainathan S. How much should we trust differences-in-differences
    estimates? Quarterly Journal of Economics 2004; 119: 249-275. Conley TG, Taber CR. Inference
    with "difference in differences" with a small number of policy changes. Review of Economics
    and Statistics 2011; 93: 113-125.

    Examples
    --------
    >>> found = fit([[1, 5, 3], [1, 5, 3], [5, 6, 4]], treated=0, pre_periods=2)
    >>> found.att, found.p_value, found.event_study.coefficients.tolist()
    (3.0, 0.3333333333333333, [0.0, 0.0, 3.0])
    """
    level = 2 * check_confidence(confidence)
    values, mask, before = read_groups(panel, treated, pre_periods)
    changes = values[:, before:].mean(axis=1) - values[:, :before].mean(axis=1)
    others, is_enumerated = assignments(len(values), mask)
    own, theirs = float(_contrast(changes, mask)), _contrast(changes, others)
    # An effect taken out of the treated units moves every other contrast that has them in it.
    influence = -_contrast(mask.astype(float), others)
    lower, upper = compatible_effects(
        np.array([own]),
        theirs[:, None],
        1.0,
        np.ones(len(theirs)),
        influence,
        confidence=confidence,
    )
    ahead = at_least(abs(own), np.abs(theirs))
    return DifferenceInDifferences(
        att=own,
        p_value=(1 + ahead) / (1 + len(theirs)),
        smallest_p_value=1 / (1 + len(theirs)),
        is_enumerated=is_enumerated,
        rank=1 + ahead,
        choices=1 + len(theirs),
        lower=lower,
        upper=upper,
        confidence=confidence,
        standard_errors=_standard_errors(changes, mask, values.shape[1]),
        wild=wild_bootstrap(changes, mask),
        welch=two_sample(changes, mask, level),
        changes=changes,
        treated=mask,
        event_study=_event_study(values, mask, others, before),
        notes=_notes(mask),
    )


def read_groups(
    panel: ArrayLike, treated: Hashable | Iterable[Hashable], pre_periods: SupportsIndex
) -> tuple[Floats, Mask, int]:
    """Units by periods, which units are treated, and how many periods lie before the start."""
    several = isinstance(treated, Iterable) and not isinstance(treated, str | tuple)
    named = list(treated) if several and isinstance(treated, Iterable) else [treated]
    if not named:
        raise VrnMetricsError("expected at least one treated unit, found none")
    columns = [*getattr(panel, "columns", ())]
    shape = np.shape(panel)
    units = shape[1] if len(shape) == 2 else 0
    places = [read_unit(each, columns, units) for each in named] if units else [0]
    read = read_panel(panel, places[0], pre_periods)
    need_post_periods(read)
    mask = np.zeros(len(read.values), dtype=bool)
    mask[places] = True
    if mask.all():
        raise VrnMetricsError("expected at least one unit that is not treated, found none")
    return read.values, mask, read.pre_periods


def _contrast(values: Floats, chosen: Mask) -> Floats:
    """Mean of the chosen less mean of the rest; one a row of `chosen`."""
    size = chosen.sum(axis=-1)
    total = values.sum(axis=0)
    inside = chosen @ values
    rest = chosen.shape[-1] - size
    if values.ndim == 2:
        size, rest = np.asarray(size)[..., None], np.asarray(rest)[..., None]
    return np.asarray(inside / size - (total - inside) / rest)


def _standard_errors(changes: Floats, mask: Mask, periods: int) -> dict[str, float]:
    sides = changes[mask], changes[~mask]
    plain = float(np.sqrt(sum(side.var() / len(side) for side in sides)))
    units = len(changes)
    rows, dummies = units * periods, units + periods
    small = units / (units - 1)
    factors = {
        "CR0": 1.0,
        CR1: small * (rows - 1) / (rows - dummies) if rows > dummies else np.nan,
        "CR1, dummies not counted": small * (rows - 1) / (rows - 3) if rows > 3 else np.nan,
        "rows over degrees of freedom only": rows / (rows - dummies) if rows > dummies else np.nan,
    }
    return {
        name: plain * float(np.sqrt(factor))
        for name, factor in factors.items()
        if np.isfinite(factor)
    }


def _event_study(values: Floats, mask: Mask, others: Mask, before: int) -> EventStudy:
    since_reference = values - values[:, [before - 1]]
    own = _contrast(since_reference, mask)
    theirs = _contrast(since_reference, others)
    p_values = np.array(
        [
            (1 + at_least(abs(float(own[period])), np.abs(theirs[:, period]))) / (1 + len(theirs))
            for period in range(values.shape[1])
        ]
    )
    past = slice(0, before - 1)
    trend = None
    if before > 1:
        largest = np.abs(theirs[:, past]).max(axis=1)
        trend = (1 + at_least(float(np.abs(own[past]).max()), largest)) / (1 + len(theirs))
    return EventStudy(
        coefficients=own,
        p_values=p_values,
        reference=before - 1,
        pre_trend_p_value=trend,
    )


def _notes(mask: Mask) -> tuple[str, ...]:
    notes = []
    if mask.sum() < FEW_TREATED:
        notes.append(
            f"{int(mask.sum())} treated: clustered standard errors are far too small;"
            " the permutation test is to be used"
        )
    return tuple(notes)
