"""What each method makes of a donor panel, in one shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vrn_metrics.analyses.impact_panel import COVID_YEAR, DonorPanel
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods import (
    augmented_control,
    difference,
    interrupted,
    synthetic_control,
    synthetic_difference,
)
from vrn_metrics.methods.placebo import FilteredRank

Floats = NDArray[np.float64]

CONFIDENCE: Final = 0.95
FEWEST_DONORS: Final = 3
PLACEBO: Final = "effects that the placebo test does not reject"


class ImpactMethod(StrEnum):
    """How the counterfactual is made."""

    SYNTHETIC = "synthetic-control"
    AUGMENTED = "augmented"
    SYNTHETIC_DIFFERENCE = "synthetic-difference"
    DIFFERENCE = "difference"
    INTERRUPTED = "interrupted"
    RATIO = "ratio"

    @property
    def words(self) -> str:
        """Its name for a reader."""
        return _WORDS[self]

    @property
    def has_donors(self) -> bool:
        """Whether single forces are compared with, each of them a placebo as well."""
        return self not in (ImpactMethod.INTERRUPTED, ImpactMethod.RATIO)


_WORDS: Final = {
    ImpactMethod.SYNTHETIC: "Synthetic control",
    ImpactMethod.AUGMENTED: "Ridge-augmented synthetic control",
    ImpactMethod.SYNTHETIC_DIFFERENCE: "Synthetic difference-in-differences",
    ImpactMethod.DIFFERENCE: "Difference-in-differences",
    ImpactMethod.INTERRUPTED: "Interrupted time series with the donors as control",
    ImpactMethod.RATIO: "Rate ratio beside England and Wales",
}


@dataclass(frozen=True)
class Placebo:
    """One donor treated as if it had been the network."""

    force: str
    gap: tuple[float, ...]
    att: float
    relative_size: float | None


@dataclass(frozen=True)
class WithoutDonor:
    """The effect without one donor."""

    force: str
    att: float


@dataclass(frozen=True)
class PretendedStart:
    """The effect found at a start at which nothing of the network's began."""

    place: int
    att: float


@dataclass(frozen=True)
class Effect:
    """The effect by one method, or the reason why there is none.

    Parameters
    ----------
    unit
        `"rate"`: a year's events per so many people, the network less its counterfactual.
        `"ratio"`: the network's change over that of what it is compared with.
    value, lower, upper
        The mean effect since the start, with the interval that `interval` names; a side that
        nothing bounds is `None`.
    p_value, smallest_p_value
        Of no effect; and the least that this design can give.
    observed, expected
        The network and its counterfactual, one a point, in rates.
    averted, averted_lower, averted_upper
        Events that did not happen since the start, if the gap is an effect: below zero where
        there were more than expected.
    running
        The same, added up from the start on.
    relative_error
        The error before the start as a share of the mean rate then.
    weights
        Of the donors that have one, the largest first.
    """

    method: ImpactMethod
    unit: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: float = CONFIDENCE
    interval: str = PLACEBO
    p_value: float | None = None
    smallest_p_value: float | None = None
    observed: tuple[float, ...] = ()
    expected: tuple[float, ...] = ()
    averted: float | None = None
    averted_lower: float | None = None
    averted_upper: float | None = None
    running: tuple[float, ...] = ()
    relative_error: float | None = None
    weights: tuple[tuple[str, float], ...] = ()
    placebos: tuple[Placebo, ...] = ()
    filters: tuple[FilteredRank, ...] = ()
    without: tuple[WithoutDonor, ...] = ()
    in_time: tuple[PretendedStart, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def null(self) -> float:
        """The value of no effect."""
        return 1.0 if self.unit == "ratio" else 0.0

    @property
    def is_found(self) -> bool:
        """Whether it can be told from chance at 5%."""
        return self.p_value is not None and self.p_value <= 1 - self.confidence

    @property
    def is_out_of_reach(self) -> bool:
        """Whether no effect of any size could have been told from chance at 5%."""
        return self.smallest_p_value is not None and self.smallest_p_value > 1 - self.confidence


def effect_of(panel: DonorPanel, method: ImpactMethod) -> Effect:
    """The effect on the network by one method of a panel."""
    try:
        if method.has_donors and len(panel.donors) < FEWEST_DONORS:
            raise VrnMetricsError(
                f"expected at least {FEWEST_DONORS} donors with figures for all points, found"
                f" {len(panel.donors)}"
            )
        return _MAKERS[method](panel)
    except VrnMetricsError as error:
        unit = "ratio" if method in (ImpactMethod.INTERRUPTED, ImpactMethod.RATIO) else "rate"
        return Effect(method, unit, reason=str(error))


def _synthetic(panel: DonorPanel) -> Effect:
    rates, before = panel.rates, panel.pre_points
    own, donors = rates[:, 0], rates[:, 1:]
    found = synthetic_control.fit(own, donors, pre_periods=before)
    test = synthetic_control.placebo_test(rates, treated=0, pre_periods=before)
    left = synthetic_control.leave_one_out(own, donors, pre_periods=before)
    pretended = synthetic_control.placebo_in_time(own, donors, pre_periods=before)
    effect = _from_test(panel, ImpactMethod.SYNTHETIC, test, found.synthetic, found.weights)
    return replace(
        effect,
        relative_error=found.relative_rmspe,
        without=tuple(
            WithoutDonor(panel.donors[place].force.name, float(att))
            for place, att in zip(left.donors, left.atts, strict=True)
        ),
        in_time=tuple(PretendedStart(each.start, each.att) for each in pretended),
        notes=found.notes,
    )


def _augmented(panel: DonorPanel) -> Effect:
    rates, before = panel.rates, panel.pre_points
    found = augmented_control.fit(rates[:, 0], rates[:, 1:], pre_periods=before)
    test = augmented_control.placebo_test(rates, treated=0, pre_periods=before)
    effect = _from_test(panel, ImpactMethod.AUGMENTED, test, found.synthetic, found.weights)
    said = f"weights below zero come to {found.extrapolation:.2f}: so far are the donors left"
    return replace(effect, relative_error=found.relative_rmspe, notes=(said,))


def _synthetic_difference(panel: DonorPanel) -> Effect:
    rates, before = panel.rates, panel.pre_points
    found = synthetic_difference.fit(rates[:, 0], rates[:, 1:], pre_periods=before)
    test = synthetic_difference.placebo_test(rates, treated=0, pre_periods=before)
    expected = rates[:, 0] - found.gap
    effect = _from_test(panel, ImpactMethod.SYNTHETIC_DIFFERENCE, test, expected, found.weights)
    mean = float(rates[:before, 0].mean())
    return replace(effect, relative_error=found.pre_rmspe / mean if mean else None)


def _from_test(
    panel: DonorPanel,
    method: ImpactMethod,
    test: synthetic_control.PlaceboTest,
    expected: Floats,
    weights: Floats,
) -> Effect:
    """What a placebo test of any estimator has in common."""
    names = [each.force.name for each in panel.donors]
    order = np.argsort(-weights, kind="stable")
    sizes = test.pre_rmspes / test.pre_rmspe if test.pre_rmspe > 0 else [None] * len(test.donors)
    effect = Effect(
        method,
        "rate",
        value=test.att,
        lower=test.lower,
        upper=test.upper,
        p_value=test.p_value,
        smallest_p_value=test.smallest_p_value,
        observed=_numbers(panel.rates[:, 0]),
        expected=_numbers(expected),
        weights=tuple((names[at], float(weights[at])) for at in order if weights[at] > 0),
        placebos=tuple(
            Placebo(name, _numbers(gap), float(att), None if size is None else float(size))
            for name, gap, att, size in zip(names, test.gaps, test.atts, sizes, strict=True)
        ),
        filters=test.filters,
    )
    return _with_events(panel, effect)


def _difference(panel: DonorPanel) -> Effect:
    rates, before = panel.rates, panel.pre_points
    found = difference.fit(rates, treated=0, pre_periods=before)
    level = rates[:before, 0].mean() - rates[:before, 1:].mean()
    expected = rates[:, 1:].mean(axis=1) + level
    gap = rates[:, 0] - expected
    mean = float(rates[:before, 0].mean())
    trend = found.event_study.pre_trend_p_value
    said = (
        ()
        if trend is None
        else (f"the largest difference before the start has p = {trend:.2f} among all forces",)
    )
    others = rates[:, 1:]
    gaps = []
    for place in range(others.shape[1]):
        rest = np.delete(others, place, axis=1).mean(axis=1)
        one = others[:, place] - rest
        gaps.append(one - one[:before].mean())
    names = [each.force.name for each in panel.donors]
    effect = Effect(
        ImpactMethod.DIFFERENCE,
        "rate",
        value=found.att,
        lower=found.lower,
        upper=found.upper,
        interval="effects that the permutation test does not reject",
        p_value=found.p_value,
        smallest_p_value=found.smallest_p_value,
        observed=_numbers(rates[:, 0]),
        expected=_numbers(expected),
        relative_error=float(np.sqrt((gap[:before] ** 2).mean())) / mean if mean else None,
        placebos=tuple(
            Placebo(name, _numbers(each), float(each[before:].mean()), None)
            for name, each in zip(names, gaps, strict=True)
        ),
        notes=(*found.notes, *said),
    )
    return _with_events(panel, effect)


def _interrupted(panel: DonorPanel) -> Effect:
    """The network's own series, with all donors together as the one that nothing befell."""
    if not panel.donors:
        raise VrnMetricsError("no force has figures for all points, so there is no control")
    counts, people = panel.counts, panel.person_years
    long = COVID_YEAR
    inside = [place for place, each in enumerate(panel.periods) if long.contains(each)]
    disrupted = np.isin(np.arange(len(panel.periods)), inside)
    found = interrupted.fit(
        counts[:, 0],
        people[:, 0],
        start=panel.pre_points,
        period=panel.points_a_year,
        harmonics=1 if panel.points_a_year > 1 else 0,
        disrupted=disrupted if inside and len(panel.periods) - len(inside) > 0 else None,
        comparator_counts=counts[:, 1:].sum(axis=1),
        comparator_exposure=people[:, 1:].sum(axis=1),
    )
    best = found.controlled
    if best is None or best.reason is not None or best.counterfactual is None:
        raise VrnMetricsError(
            f"the model cannot be fitted: {best.reason if best else found.reason}"
        )
    expected = np.asarray(best.counterfactual.value) / people[:, 0] * panel.per
    averted = best.averted
    running = np.cumsum((expected - panel.rates[:, 0])[panel.pre_points :] * _people(panel))
    return Effect(
        ImpactMethod.INTERRUPTED,
        "ratio",
        value=best.overall.value,
        lower=best.overall.lower,
        upper=best.overall.upper,
        interval=best.overall.method,
        p_value=best.overall.p_value,
        observed=_numbers(panel.rates[:, 0]),
        expected=_numbers(expected),
        averted=averted.value,
        averted_lower=averted.lower,
        averted_upper=averted.upper,
        running=_numbers(running),
        notes=found.notes,
        reason=best.overall.reason,
    )


def _ratio(panel: DonorPanel) -> Effect:  # pragma: no cover  # it has no panel
    raise VrnMetricsError(f"no panel is needed for {panel.measure.title}")


_MAKERS: Final[Mapping[ImpactMethod, Callable[[DonorPanel], Effect]]] = {
    ImpactMethod.SYNTHETIC: _synthetic,
    ImpactMethod.AUGMENTED: _augmented,
    ImpactMethod.SYNTHETIC_DIFFERENCE: _synthetic_difference,
    ImpactMethod.DIFFERENCE: _difference,
    ImpactMethod.INTERRUPTED: _interrupted,
    ImpactMethod.RATIO: _ratio,
}


def _people(panel: DonorPanel) -> Floats:
    """People times years of the network since the start, over what rates are per."""
    return np.asarray(panel.person_years[panel.pre_points :, 0] / panel.per)


def _with_events(panel: DonorPanel, effect: Effect) -> Effect:
    """The same effect in events."""
    people = _people(panel)
    gap = np.subtract(effect.observed, effect.expected)[panel.pre_points :]
    total = float(people.sum())
    running = synthetic_control.events_averted(gap, people, per=1)
    return replace(
        effect,
        averted=float(running[-1]),
        averted_lower=None if effect.upper is None else -effect.upper * total,
        averted_upper=None if effect.lower is None else -effect.lower * total,
        running=_numbers(running),
    )


def _numbers(values: Sequence[float] | Floats) -> tuple[float, ...]:
    return tuple(float(each) for each in values)
