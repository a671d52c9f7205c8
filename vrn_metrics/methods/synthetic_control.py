"""How did one unit fare beside the mixture of others that was most like it before?

Outcome-only: the weights are those that fit the periods before the start best, so the
problem is convex and its answer certain. Weights chosen through a search over the importance
of covariates are another matter: see `synthetic_predictors`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._donor_weights import donor_weights
from vrn_metrics.methods._ranked import ranked
from vrn_metrics.methods._synthetic_input import (
    Panel,
    need_post_periods,
    read_pair,
    read_panel,
)
from vrn_metrics.methods._synthetic_result import (
    Certificate,
    InTimePlacebo,
    LeaveOneOut,
    PlaceboTest,
    SyntheticControl,
    rmspe,
)
from vrn_metrics.methods._ties import range_of
from vrn_metrics.methods.placebo import FilteredRank

__all__ = [
    "Certificate",
    "FilteredRank",
    "InTimePlacebo",
    "LeaveOneOut",
    "PlaceboTest",
    "SyntheticControl",
    "events_averted",
    "fit",
    "leave_one_out",
    "placebo_in_time",
    "placebo_test",
    "with_weights",
]

Floats = NDArray[np.float64]

EARLIEST: Final = 2  # periods before a pretended start: with one, any donor path would fit


def fit(treated: ArrayLike, donors: ArrayLike, *, pre_periods: SupportsIndex) -> SyntheticControl:
    """The mixture of donors nearest to the treated unit before the start, and the gap since.

    Parameters
    ----------
    treated
        The treated unit's outcome, one number a period, in order.
    donors
        The same of units to which nothing was done: one row a period, one column a donor.
    pre_periods
        How many of the periods lie before the start. With all of them, there is a fit and no
        effect.

    Returns
    -------
    SyntheticControl

    Raises
    ------
    VrnMetricsError
        If shapes do not fit, no donor or no period before the start is given, or a number is
        missing: a suppressed or missing number is never taken for zero.

    Notes
    -----
    min Σ (treated - donors w)² over the periods before the start, w >= 0, Σ w = 1, solved
    exactly (`_simplex`). Where several sets of weights fit equally well, as they do when donors
    outnumber periods, the most even one is taken, `unique_weights` is false, and `att_range`
    says what the others would have given.

    Assumptions, and which way each leans if wrong. Donors were not touched: a donor that was
    helped as well makes the effect too small. No donor was hit by something else: a shock to a
    donor with weight is counted as effect with the other sign. The treated unit was not chosen
    for a run of bad luck: if it was, its return to the mean is counted as effect. The fit is
    close because the units are alike, not because many donors chase few periods: an overfit
    leans towards nothing in particular and makes the placebo test the only guide.

    References
    ----------
    Abadie A, Diamond A, Hainmueller J. Synthetic control methods for comparative case studies.
    Journal of the American Statistical Association 2010; 105: 493-505. Abadie A. Using
    synthetic controls: feasibility, data requirements, and methodological aspects. Journal of
    Economic Literature 2021; 59: 391-425.

    Examples
    --------
    >>> found = fit([2, 4, 6, 5], [[1, 3], [2, 6], [3, 9], [4, 8]], pre_periods=3)
    >>> found.weights.round(3).tolist(), round(found.att, 3), found.unique_weights
    ([0.5, 0.5], -1.0, True)
    """
    panel = read_pair(treated, donors, pre_periods)
    before = panel.pre_periods
    found = donor_weights(panel.donors[:, :before], panel.values[:1, :before])
    weights, unique = found.weights[0], bool(found.unique[0])
    dual = float(found.mixtures.dual[0])
    certificate = Certificate(
        float(found.mixtures.stationarity[0]), dual if np.isfinite(dual) else None
    )
    spread = None
    if not unique and before < panel.values.shape[1]:
        since = panel.donors[:, before:].mean(axis=1)
        low, high = range_of(
            panel.donors[:, :before], weights, found.mixtures.could_enter[0], since
        )
        own = float(panel.values[0, before:].mean())
        spread = (own - high, own - low)
    return _result(panel, weights, unique=unique, att_range=spread, certificate=certificate)


def with_weights(
    treated: ArrayLike, donors: ArrayLike, weights: ArrayLike, *, pre_periods: SupportsIndex
) -> SyntheticControl:
    """The gap to a mixture of donors whose weights come from elsewhere, such as a paper.

    Raises
    ------
    VrnMetricsError
        As `fit`, and if the weights are not one a donor.
    """
    panel = read_pair(treated, donors, pre_periods)
    given = np.asarray(weights, dtype=float)
    if given.shape != (len(panel.donors),) or not np.isfinite(given).all():
        raise VrnMetricsError(
            f"expected {len(panel.donors)} weights, one a donor, found shape {given.shape}"
        )
    return _result(panel, given)


def _result(
    panel: Panel,
    weights: Floats,
    *,
    unique: bool = True,
    att_range: tuple[float, float] | None = None,
    certificate: Certificate | None = None,
) -> SyntheticControl:
    before = panel.pre_periods
    own = panel.values[panel.treated]
    synthetic = weights @ panel.donors
    gap = own - synthetic
    size = float(np.abs(panel.values).max())
    has_post = before < len(own)
    return SyntheticControl(
        weights=weights,
        gap=gap,
        synthetic=synthetic,
        pre_periods=before,
        att=float(gap[before:].mean()) if has_post else None,
        pre_rmspe=float(rmspe(gap[:before], size)),
        post_rmspe=float(rmspe(gap[before:], size)) if has_post else None,
        pre_mean=float(own[:before].mean()),
        unique_weights=unique,
        att_range=att_range,
        certificate=certificate,
        notes=_notes(panel, unique),
    )


def _notes(panel: Panel, unique: bool) -> tuple[str, ...]:
    """What is odd about these numbers."""
    notes = []
    donors, before = len(panel.donors), panel.pre_periods
    if donors == 1:
        notes.append("there is one donor: this is its difference from the unit, not a mixture")
    if not unique:
        notes.append("other weights fit equally well; the most even ones were taken")
    if donors >= before:
        notes.append(
            f"{donors} donors for {before} periods before the start: a close fit may be chance"
        )
    flat = np.ptp(panel.values[:, :before], axis=1) == 0
    if flat[panel.treated]:
        notes.append("the treated unit does not vary before the start")
    if np.delete(flat, panel.treated).any():
        notes.append(
            f"{int(np.delete(flat, panel.treated).sum())} donors do not vary before the start"
        )
    return tuple(notes)


def placebo_test(
    panel: ArrayLike,
    *,
    treated: Hashable,
    pre_periods: SupportsIndex,
    treated_in_pools: bool = False,
    confidence: float = 0.95,
) -> PlaceboTest:
    """The treated unit's gap among those of all others, each given a synthetic control too.

    Parameters
    ----------
    panel
        One row a period, one column a unit; an array or a data frame.
    treated
        The treated unit's column: its number from 0, or its name in a data frame.
    pre_periods
        How many periods lie before the start.
    treated_in_pools
        Whether the treated unit may be a donor of the others. If it may, the test keeps its
        level exactly whatever the number of periods, if units are alike; but a large effect
        then spills into the donors that lean on the treated unit, and can hide itself. If it
        may not, the donors have one donor fewer than it, and the test rejects a little too
        often, by less than a point of a hundred with nineteen donors (METHODS.md).
    confidence
        Of the interval.

    Returns
    -------
    PlaceboTest
        Its p-value is the rank of the ratio of errors, since the start over before.

    Raises
    ------
    VrnMetricsError
        As `fit`; and if no period follows the start.

    Notes
    -----
    Exact if, but for the treatment, any unit might have been the treated one. A unit chosen
    for being high, or one much smaller and so noisier than the others, is not such a unit; the
    test then rejects too often or too seldom. A donor fitted without error before the start has
    an infinite ratio if it has any gap since; all such are tied.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> table = random.normal(10, 1, (12, 20))
    >>> table[8:, 3] -= 6
    >>> test = placebo_test(table, treated=3, pre_periods=8)
    >>> test.rank, test.p_value, test.smallest_p_value
    (1, 0.05, 0.05)
    """
    read = read_panel(panel, treated, pre_periods, fewest_donors=2)
    need_post_periods(read)
    values, own, before = read.values, read.treated, read.pre_periods
    allowed = ~np.eye(len(values), dtype=bool)
    if not treated_in_pools:
        allowed[:, own] = False
    found = donor_weights(values[:, :before], values[:, :before], allowed)
    gaps = values - found.weights @ values
    return ranked(
        gaps,
        found.weights,
        read,
        unique=found.unique,
        confidence=confidence,
        method="synthetic control",
        notes=_notes(read, bool(found.unique[own])),
    )


def leave_one_out(
    treated: ArrayLike, donors: ArrayLike, *, pre_periods: SupportsIndex
) -> LeaveOneOut:
    """The effect without each donor that has weight: is it one donor's doing?

    A donor without weight changes nothing when it is left out, and is not tried.

    Raises
    ------
    VrnMetricsError
        As `fit`; and if there is one donor, or no period follows the start.
    """
    panel = read_pair(treated, donors, pre_periods)
    need_post_periods(panel)
    others, before = panel.donors, panel.pre_periods
    if len(others) < 2:
        raise VrnMetricsError("expected at least two donors, so that one can be left out")
    full = donor_weights(others[:, :before], panel.values[:1, :before]).weights[0]
    left_out = np.flatnonzero(full > 0)
    allowed = np.ones((len(left_out), len(others)), dtype=bool)
    allowed[np.arange(len(left_out)), left_out] = False
    targets = np.repeat(panel.values[:1, :before], len(left_out), axis=0)
    weights = donor_weights(others[:, :before], targets, allowed).weights
    gaps = panel.values[0] - weights @ others
    return LeaveOneOut(
        donors=left_out,
        atts=gaps[:, before:].mean(axis=1),
        pre_rmspes=rmspe(gaps[:, :before], float(np.abs(panel.values).max())),
        gaps=gaps,
    )


def placebo_in_time(
    treated: ArrayLike,
    donors: ArrayLike,
    *,
    pre_periods: SupportsIndex,
    starts: Sequence[SupportsIndex] | None = None,
) -> list[InTimePlacebo]:
    """The effect found before the start, at starts at which nothing began.

    Parameters
    ----------
    starts
        How many periods lie before each pretended start; by default every number from a third
        of those before the true one.

    Raises
    ------
    VrnMetricsError
        As `fit`; and if a pretended start leaves no period before it, or none between it and
        the true one.

    Notes
    -----
    Only periods before the true start are used, so that nothing of the effect is in it.
    """
    panel = read_pair(treated, donors, pre_periods)
    before = panel.pre_periods
    if starts is None:
        starts = range(max(EARLIEST, -(-before // 3)), before)
    found = []
    for start in map(int, starts):
        if not 1 <= start < before:
            raise VrnMetricsError(
                f"a pretended start leaves 1 to {before - 1} periods before it, found {start}"
            )
        one = fit(panel.values[0, :before], panel.donors[:, :before].T, pre_periods=start)
        ratio = one.rmspe_ratio
        if one.att is None or ratio is None:  # pragma: no cover  # a period follows by now
            raise AssertionError
        found.append(InTimePlacebo(start, one.att, one.pre_rmspe, ratio))
    return found


def events_averted(gap: ArrayLike, exposure: ArrayLike, *, per: float = 100_000) -> Floats:
    """Events that did not happen, added up from the start on, if the gap is an effect.

    Parameters
    ----------
    gap
        Of rates, treated less synthetic, one a period from the start on.
    exposure
        People, or person-years, of the same periods.
    per
        Of the rates.

    Returns
    -------
    array
        Running totals; below zero where there were more events than expected.

    Examples
    --------
    >>> events_averted([-2.0, -1.0], [1_100_000, 1_200_000]).tolist()
    [22.0, 34.0]
    """
    gaps, people = np.asarray(gap, dtype=float), np.asarray(exposure, dtype=float)
    if gaps.ndim != 1 or people.shape not in ((), gaps.shape) or not np.isfinite(gaps).all():
        raise VrnMetricsError(
            "expected one gap a period and one exposure for each or for all, found shapes"
            f" {gaps.shape} and {people.shape}"
        )
    return np.asarray(np.cumsum(-gaps * people / per))
