"""Interrupted time series agree with R and statsmodels, and say why where there is no answer."""

import csv
import dataclasses
import itertools
import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods import interrupted

# 120 simulated months: a fall after 66, disrupted months among those after. What R makes of
# them with one harmonic and no change of slope stands beside each comparison below.
COUNTS = [
    *(4, 3, 4, 3, 3, 5, 2, 3, 3, 3, 1, 3, 4, 4, 5, 5, 4, 6, 5, 4, 5, 2, 6, 8),
    *(9, 0, 9, 1, 3, 1, 3, 1, 2, 3, 9, 3, 7, 7, 5, 4, 4, 2, 4, 4, 6, 4, 8, 3),
    *(4, 3, 3, 5, 2, 4, 2, 5, 4, 5, 0, 3, 10, 7, 3, 7, 3, 4, 2, 4, 5, 3, 2, 7),
    *(0, 2, 2, 2, 5, 0, 3, 6, 1, 3, 4, 2, 2, 3, 6, 7, 4, 4, 0, 1, 5, 5, 1, 6),
    *(4, 0, 6, 4, 1, 2, 3, 3, 4, 6, 1, 2, 4, 5, 5, 6, 2, 2, 2, 4, 5, 3, 7, 8),
]
PEOPLE = [330_000 + 250 * month for month in range(120)]
DISRUPTED = np.isin(np.arange(120), [72, 73, 74, 79, 81, 82, 83])
AS_IN_R = {"start": 66, "harmonics": 1, "slope_change": False, "disrupted": DISRUPTED}


def months(count=60, start=36):
    return np.arange(count) - start + 1.0, np.arange(count) >= start


def simulated(mean, alpha=0.0, *, level=1.0, slope=1.0, count=60, start=36, seed=1):
    """Series after series, each with the events truly averted."""
    random = np.random.default_rng(seed)
    time, after = months(count, start)
    without = mean * np.exp(0.2 * np.sin(2 * np.pi * time / 12) + 0.003 * time)
    expected = np.where(after, level * slope**time, 1.0) * without
    while True:
        shock = random.gamma(1 / alpha, alpha, count) if alpha else 1.0
        yield random.poisson(expected * shock), float((without - expected)[after].sum())


def numbers_in(found):
    if isinstance(found, (float, np.ndarray)):
        yield found
    elif dataclasses.is_dataclass(found):
        for field in dataclasses.fields(found):
            yield from numbers_in(getattr(found, field.name))
    elif isinstance(found, tuple):
        for each in found:
            yield from numbers_in(each)


# --- beside R and statsmodels ---------------------------------------------------------------


@pytest.fixture(scope="module")
def batch():
    path = SHARED / "golden" / "data" / "its_batch_input.csv"
    if not path.exists():
        pytest.skip("the reference values are not beside this checkout")
    series = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            key = f"{row['district']}|{row['measure']}|{row['age']}"
            series.setdefault(key, []).append((float(row["y"]), float(row["pop"])))
    return {key: np.array(rows).T for key, rows in series.items()}


def test_poisson_and_quasi_poisson_agree_with_r(golden, batch):
    suite = golden("its_batch")
    near = {"rel": suite["tolerance"]["rtol"], "abs": suite["tolerance"]["atol"]}
    for case in suite["cases"]:
        known = case["expected"]
        for family in ("poisson", "quasi-poisson"):
            fit = interrupted.fit(*batch[case["id"]], start=36, harmonics=1, family=family)
            errors = known[f"{family.partition('-')[0]}_se"]
            for ratio, place in ((fit.level, 1), (fit.pre_trend, 2), (fit.slope, 3)):
                assert math.log(ratio.value) == pytest.approx(known["poisson_coef"][place], **near)
                assert ratio.model_error == pytest.approx(errors[place], **near)
            assert fit.dispersion == pytest.approx(known["dispersion"], **near)


def test_the_negative_binomial_agrees_with_r(golden, batch):
    suite, compared = golden("its_batch"), 0
    near = {"rel": suite["tolerance"]["rtol"], "abs": suite["tolerance"]["atol"]}
    for case in suite["cases"]:
        known = case["expected"]
        fit = interrupted.fit(*batch[case["id"]], start=36, harmonics=1, family="negative-binomial")
        if known.get("theta") is None or known["theta"] > 1e3:
            assert fit.family == "quasi-poisson"
            assert fit.family_reason.endswith("the likeliest alpha is 0")
            continue
        compared += 1
        assert fit.family == "negative-binomial"
        assert 1 / fit.overdispersion == pytest.approx(known["theta"], **near)
        for ratio, place in ((fit.level, 1), (fit.pre_trend, 2), (fit.slope, 3)):
            assert math.log(ratio.value) == pytest.approx(known["nb_coef"][place], **near)
            assert ratio.model_error == pytest.approx(known["nb_se"][place], **near)
    assert compared == 25


def test_no_series_of_the_batch_is_lost(batch):
    assert len(batch) == 54
    for family in ("auto", "negative-binomial"):
        for counts, people in batch.values():
            assert interrupted.fit(counts, people, start=36, family=family).reason is None


def test_level_errors_and_averted_events_are_the_reference_values():
    fit = interrupted.fit(COUNTS, PEOPLE, **AS_IN_R, family="poisson")
    assert math.log(fit.level.value) == pytest.approx(-0.377867801726, rel=1e-6)
    assert fit.level.model_error == pytest.approx(0.194408508145, rel=1e-6)
    assert fit.level.hac_error == pytest.approx(0.1273304, rel=1e-6)
    assert math.log(fit.pre_trend.value) == pytest.approx(0.003300330356, rel=1e-6)
    assert math.log(fit.disruption.value) == pytest.approx(-0.293118633112, rel=1e-6)
    assert fit.dispersion == pytest.approx(1.075744, rel=1e-6)
    assert fit.observed == 186
    assert fit.expected == pytest.approx(271.4056, rel=1e-6)
    assert fit.averted.value == pytest.approx(85.40563, rel=1e-6)
    assert fit.residual_correlation.ljung_box == pytest.approx(14.06455, rel=1e-6)
    assert fit.residual_correlation.p_value == pytest.approx(0.2966051, rel=1e-6)
    wide = interrupted.fit(COUNTS, PEOPLE, **AS_IN_R, family="quasi-poisson")
    assert wide.level.model_error == pytest.approx(0.2016367, rel=1e-6)
    nb = interrupted.fit(COUNTS, PEOPLE, **AS_IN_R, family="negative-binomial")
    assert math.log(nb.level.value) == pytest.approx(-0.377612, rel=1e-6)
    assert nb.level.model_error == pytest.approx(0.1995033, rel=1e-6)
    assert 1 / nb.overdispersion == pytest.approx(75.5236, rel=1e-5)


def test_the_larger_standard_error_is_used_and_named():
    fit = interrupted.fit(COUNTS, PEOPLE, **AS_IN_R, family="poisson")
    assert fit.level.hac_error < fit.level.model_error == fit.level.error
    assert fit.level.method == "model standard error"
    wide = math.exp(1.959963985 * fit.level.error)
    assert fit.level.upper == pytest.approx(fit.level.value * wide)
    assert fit.level.lower == pytest.approx(fit.level.value / wide)
    assert fit.disruption.model_error < fit.disruption.hac_error == fit.disruption.error
    assert fit.disruption.method == "Newey-West standard error"


def test_a_negative_binomial_pays_for_the_alpha_it_estimates():
    fit = interrupted.fit(COUNTS, PEOPLE, **AS_IN_R, family="negative-binomial")
    assert fit.level.error == pytest.approx(fit.level.model_error * math.sqrt(120 / 114))
    student = 1.980992298  # of 114 degrees of freedom
    wide = math.exp(student * fit.level.error)
    assert fit.level.upper == pytest.approx(fit.level.value * wide)


def stacked(own, other, exposures):
    """Both series in one model, each term for both and once more for ours alone."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    time, after = months(len(own))
    columns = np.column_stack([np.ones_like(time), time, after, time * after])
    both = np.vstack([columns, columns])
    ours = np.repeat([1.0, 0.0], len(own))[:, None]
    return GLM(
        np.concatenate([own, other]),
        np.hstack([both, both * ours]),
        family=Poisson(),
        offset=np.log(np.repeat(exposures, len(own))),
    )


def test_newey_west_is_that_of_statsmodels():
    own, _ = next(simulated(20, 0.1))
    fit = interrupted.fit(own, 1e5, start=36, harmonics=0, family="poisson", lags=5)
    model = stacked(own, own, [1e5, 1e5])
    alone = type(model)(
        own, model.exog[60:, :4], family=model.family, offset=np.full(60, math.log(1e5))
    ).fit(cov_type="HAC", cov_kwds={"maxlags": 5})
    for ratio, place in ((fit.pre_trend, 1), (fit.level, 2), (fit.slope, 3)):
        assert math.log(ratio.value) == pytest.approx(alone.params[place], rel=1e-6)
        assert ratio.hac_error == pytest.approx(alone.bse[place], rel=1e-6)


def test_the_controlled_change_is_that_of_the_stacked_model():
    (own, _), (other, _) = next(simulated(20, 0.1)), next(simulated(200, 0.02, seed=2))
    controlled = interrupted.fit(
        own, 1e5, start=36, harmonics=0, family="poisson", lags=5,
        comparator_counts=other, comparator_exposure=1e6,
    ).controlled  # fmt: skip
    model = stacked(own, other, [1e5, 1e6])
    known = model.fit(tol=1e-12)
    scores = model.score_factor(known.params)[:, None] * model.exog
    together = scores[:60] + scores[60:]  # what befell both in one month
    meat = together.T @ together
    for lag in range(1, 6):
        product = together[lag:].T @ together[:-lag]
        meat += (1 - lag / 6) * (product + product.T)
    robust = np.sqrt(np.diag(known.normalized_cov_params @ meat @ known.normalized_cov_params))
    changes = (controlled.pre_trend, controlled.level, controlled.slope)
    for place, ratio in enumerate(changes, start=5):
        assert math.log(ratio.value) == pytest.approx(known.params[place], rel=1e-5)
        assert ratio.model_error == pytest.approx(known.bse[place], rel=1e-5)
        assert ratio.hac_error == pytest.approx(robust[place], rel=1e-5)


# --- what it finds --------------------------------------------------------------------------


def fits(series, count, **options):
    for counts, averted in itertools.islice(series, count):
        yield interrupted.fit(counts, 1e6, start=36, **options), averted


@pytest.mark.parametrize(("mean", "alpha"), [(20, 0.0), (20, 0.3), (2, 0.3)])
def test_of_series_without_a_change_one_in_twenty_seems_to_have_one(mean, alpha):
    tried = 300
    found = [fit for fit, _ in fits(simulated(mean, alpha), tried)]
    for ratios in ([fit.level for fit in found], [fit.slope for fit in found]):
        rate = sum(ratio.p_value < 0.05 for ratio in ratios) / tried
        assert 0.02 <= rate <= 0.09  # four standard errors each side of what long runs give
    covered = sum(fit.averted.lower <= 0 <= fit.averted.upper for fit in found) / tried
    assert 0.91 <= covered <= 0.98


def test_a_family_that_is_too_narrow_would_see_changes_everywhere():
    found = [fit for fit, _ in fits(simulated(20, 0.3), 60, family="poisson")]
    assert sum(fit.level.p_value < 0.05 for fit in found) > 12


def test_averted_events_are_covered_where_there_are_some():
    tried = list(fits(simulated(58, 0.02, level=0.8, slope=0.99), 200))
    covered = sum(fit.averted.lower <= averted <= fit.averted.upper for fit, averted in tried)
    assert covered >= 0.91 * len(tried)
    assert np.median([fit.averted.value / averted for fit, averted in tried]) == pytest.approx(
        1, abs=0.1
    )


def test_a_fall_of_a_fifth_at_700_a_year_is_found():
    series = simulated(700 / 12, level=0.8)
    found = [fit.level for fit, _ in fits(series, 100, slope_change=False)]
    assert sum(ratio.upper < 1 for ratio in found) > 80
    assert np.median([ratio.value for ratio in found]) == pytest.approx(0.8, abs=0.03)


def test_a_fall_that_the_comparator_shares_is_not_ours():
    (own, _), (other, _) = (
        next(simulated(100, level=0.7, seed=3)),
        next(simulated(2_000, level=0.7, seed=4)),
    )
    fit = interrupted.fit(own, 1e6, start=36, comparator_counts=other, comparator_exposure=20e6)
    assert fit.level.upper < 1
    assert fit.controlled.level.lower < 1 < fit.controlled.level.upper
    assert fit.controlled.averted.lower < 0 < fit.controlled.averted.upper
    assert fit.controlled.expected < fit.expected
    assert fit.comparator.level.value == pytest.approx(0.7, abs=0.05)
    assert fit.controlled.level.value == pytest.approx(fit.level.value / fit.comparator.level.value)


def test_the_family_is_chosen_by_the_stated_rule():
    chosen = {}
    for counts, _ in itertools.islice(simulated(20, 0.02), 60):
        fit = interrupted.fit(counts, 1e6, start=36)
        chosen[fit.family] = fit
        assert (fit.family == "poisson") == (fit.dispersion <= 1)
        assert (fit.family == "negative-binomial") == (fit.overdispersion > 0)
    assert set(chosen) == {"poisson", "quasi-poisson", "negative-binomial"}
    assert chosen["poisson"].family_reason.endswith("no more than chance makes the counts vary")
    assert chosen["quasi-poisson"].family_reason.endswith(("not beyond chance", "alpha is 0"))
    assert chosen["negative-binomial"].family_reason.endswith("beyond chance")


def test_counts_too_wild_for_a_negative_binomial_are_quasi_poisson():
    found = [
        interrupted.fit(counts, 1e6, start=36, family=family)
        for counts, _ in itertools.islice(simulated(50, 6.0), 10)
        for family in ("auto", "negative-binomial")
    ]
    fallen_back = [fit for fit in found if "no negative binomial fits" in str(fit.family_reason)]
    assert fallen_back
    assert all(fit.family == "quasi-poisson" for fit in fallen_back)


def test_quasi_poisson_never_narrows_poisson():
    even = [20, 21, 19] * 20
    narrow, quasi = (
        interrupted.fit(even, 1e6, start=36, family=family)
        for family in ("poisson", "quasi-poisson")
    )
    assert quasi.dispersion < 1
    assert quasi.level.model_error == narrow.level.model_error
    assert any("vary less than chance" in note for note in narrow.notes)


def test_a_trend_that_cannot_be_carried_on_has_no_counterfactual():
    explosion = [0] * 28 + [10**power for power in range(8)]
    fit = interrupted.fit([*explosion, *[20, 25] * 12], 1e6, start=36, family="poisson")
    assert fit.pre_trend.value > 5
    assert fit.counterfactual is None
    assert fit.averted.reason == fit.overall.reason
    assert fit.overall.reason.startswith("too uncertain to state")


def test_counterfactual_and_observed_are_those_of_the_points_after():
    counts, _ = next(simulated(20))
    fit = interrupted.fit(counts, 1e6, start=36)
    assert fit.observed == counts[36:].sum()
    assert fit.expected == pytest.approx(fit.counterfactual.value[36:].sum())
    np.testing.assert_allclose(fit.counterfactual.value[:36], fit.fitted.value[:36])
    assert fit.averted.value == pytest.approx(fit.expected - fit.observed)
    assert fit.overall.value == pytest.approx(fit.observed / fit.expected)
    assert (fit.averted.lower > 0) == (fit.overall.upper < 1)
    # The first point after has the step and one slope of it.
    step = fit.fitted.value[36] / fit.counterfactual.value[36]
    assert step == pytest.approx(fit.level.value * fit.slope.value)


# --- what is left out -----------------------------------------------------------------------


def test_missing_points_are_left_out_and_keep_their_place():
    counts, _ = next(simulated(20))
    gaps = counts.astype(float)
    gaps[[5, 6, 50]] = np.nan
    fit = interrupted.fit(gaps, 1e6, start=36, family="poisson")
    assert fit.points == (34, 23)
    assert fit.observed == counts[36:].sum() - counts[50]
    assert np.isfinite(fit.counterfactual.value).all()
    zeros = interrupted.fit(np.nan_to_num(gaps), 1e6, start=36, family="poisson")
    assert zeros.pre_trend.value != pytest.approx(fit.pre_trend.value, rel=1e-4)
    # Two neighbours that a gap parts are not neighbours.
    apart = np.where(np.arange(60) % 2, np.nan, counts)
    sparse = interrupted.fit(apart, 1e6, start=36, harmonics=0)
    assert sparse.residual_correlation.durbin_watson is None


def test_disrupted_points_can_have_a_factor_be_dropped_or_kept():
    counts, _ = next(simulated(50))
    counts[40:46] = counts[40:46] // 4
    disrupted = {"start": 36, "slope_change": False, "disrupted": range(40, 46)}
    factor, dropped, kept = (
        interrupted.fit(counts, 1e6, **disrupted, disruption=each)
        for each in ("indicator", "drop", "keep")
    )
    assert factor.disruption.upper < 0.5
    assert dropped.disruption is None
    assert kept.disruption is None
    assert dropped.points == (36, 18)
    assert kept.level.value < factor.level.value
    assert dropped.level.value == pytest.approx(factor.level.value, rel=0.05)
    assert dropped.observed == counts[36:].sum() - counts[40:46].sum()
    assert factor.observed == counts[36:].sum()
    for other in (slice(40, 46), np.isin(np.arange(60), np.arange(40, 46))):
        same = interrupted.fit(counts, 1e6, **disrupted | {"disrupted": other})
        assert same.level == factor.level


def test_disrupted_points_without_events_are_dropped_with_a_note():
    counts, _ = next(simulated(50))
    counts[40:46] = 0
    fit = interrupted.fit(counts, 1e6, start=36, disrupted=range(40, 46))
    assert fit.disruption is None
    assert any("no events at the disrupted points" in note for note in fit.notes)


def test_a_disruption_of_the_whole_time_after_cannot_be_told_from_the_change():
    counts, _ = next(simulated(50))
    fit = interrupted.fit(counts, 1e6, start=36, disrupted=range(36, 60))
    assert fit.reason.startswith("the disruption cannot be told apart from the change")


@pytest.mark.parametrize(("count", "start", "harmonics"), [(24, 12, 1), (36, 18, 2), (60, 36, 2)])
def test_a_short_series_carries_fewer_harmonics(count, start, harmonics):
    counts, _ = next(simulated(30, count=count, start=start))
    fit = interrupted.fit(counts, 1e6, start=start)
    assert fit.harmonics == harmonics
    assert any("harmonics" in note for note in fit.notes) == (harmonics < 2)


def test_quarters_and_years_have_the_harmonics_they_can():
    counts, _ = next(simulated(30))
    assert interrupted.fit(counts, 1e6, start=36, period=4, harmonics=3).harmonics == 2
    assert interrupted.fit(counts, 1e6, start=36, period=1).harmonics == 0


def test_rolling_sums_and_dependent_months_are_remarked_on():
    counts, _ = next(simulated(30, count=72))
    rolling = np.convolve(counts, np.ones(12), mode="valid")
    notes = " ".join(interrupted.fit(rolling, 1e6, start=30).notes)
    assert "vary less than chance" in notes
    assert "depend on each other" in notes


# --- where there is no answer ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "start", "reason"),
    [
        ([0] * 60, 36, "there are no events"),
        ([math.nan] * 60, 36, "no count is known"),
        ([5, -1] * 30, 36, "a count is below zero"),
        ([5, math.inf] * 30, 36, "a count is below zero, or too large"),
        ([5, 2.5] * 30, 36, "a count is not a whole number"),
        ([5, 7] * 30, 60, "the start, 60, lies outside the 60 points"),
        ([5, 7] * 30, 0, "the start, 0, lies outside the 60 points"),
        ([5, 7] * 30, -3, "the start, -3, lies outside the 60 points"),
        ([], 0, "the start, 0, lies outside the 0 points"),
        ([5], 0, "the start, 0, lies outside the 1 points"),
        ([5, 7] * 10, 8, "8 points are known before the start, and 12 are needed"),
        ([5, 7] * 10, 14, "6 points are known from the start on, and 12 are needed"),
        ([0] * 12 + [4, 4, 4, 6, 4, 4, 1, 6, 3, 2, 7, 3], 12, "there are 0 events before"),
        ([5, 7] * 18 + [0] * 24, 36, "there are 0 events from the start on"),
        ([7] * 24, 12, "the counts follow the model exactly"),
        ([50] + [0] * 35 + [50] + [0] * 23, 36, "too few points have events"),
    ],
)
def test_what_cannot_be_judged_has_a_reason(counts, start, reason):
    fit = interrupted.fit(counts, 1e5, start=start)
    assert fit.reason.startswith(reason)
    for figure in (fit.pre_trend, fit.level, fit.slope, fit.overall, fit.averted):
        assert figure.value is None
        assert figure.reason == fit.reason
    assert fit.counterfactual is None
    assert fit.family is None


@pytest.mark.parametrize("exposure", [0, -1, math.nan, math.inf, [1e5] * 59 + [0]])
def test_an_exposure_that_cannot_be_has_a_reason(exposure):
    reason = interrupted.fit([5, 7] * 30, exposure, start=36).reason
    assert reason == "an exposure is missing, infinite or not above zero"


def test_a_comparator_that_cannot_be_fitted_withholds_the_controlled_change_only():
    counts, _ = next(simulated(20))
    for comparator in ([0] * 60, [math.nan] * 60):
        fit = interrupted.fit(
            counts, 1e6, start=36, comparator_counts=comparator, comparator_exposure=1e6
        )
        assert fit.level.value is not None
        assert fit.controlled.level.value is None
        assert fit.controlled.reason == f"the comparator: {fit.comparator.reason}"
    turned = interrupted.fit(
        [0] * 60, 1e6, start=36, comparator_counts=counts, comparator_exposure=1e6
    )
    assert turned.controlled.reason == turned.reason == "there are no events"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"family": "gaussian"}, "family is one of auto, poisson"),
        ({"disruption": "hide"}, "disruption is one of indicator, drop, keep"),
        ({"confidence": 95}, "confidence is a share"),
        ({"start": 36.5}, "cannot be set up"),
        ({"period": 0}, "period is 1 or more"),
        ({"harmonics": -1}, "harmonics and lags 0 or more"),
        ({"disrupted": [40, 41]}, "disrupted is a range of indices or 60 times true or false"),
        ({"counts": ["many"] * 60}, "expected numbers for the counts"),
        ({"counts": [[5, 7] * 30]}, "one row of counts"),
        ({"exposure": [1e5] * 59}, "one exposure for each or for all"),
        ({"comparator_counts": [5] * 60}, "a comparator needs both"),
        ({"comparator_counts": [5] * 59, "comparator_exposure": 1e5}, "the points of the series"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(change, message):
    arguments = {"counts": [5, 7] * 30, "exposure": 1e5, "start": 36} | change
    counts, exposure = arguments.pop("counts"), arguments.pop("exposure")
    with pytest.raises(VrnMetricsError, match=message):
        interrupted.fit(counts, exposure, **arguments)


COUNT = st.one_of(st.integers(0, 9), st.integers(0, 10**6), st.just(0), st.just(math.nan))


@settings(max_examples=100, deadline=None)
@given(
    counts=st.one_of(st.lists(COUNT, max_size=30), st.lists(COUNT, min_size=30, max_size=60)),
    share=st.floats(0, 1),
    period=st.sampled_from([1, 4, 12]),
    harmonics=st.integers(0, 3),
    slope_change=st.booleans(),
    disruption=st.sampled_from(["indicator", "drop", "keep"]),
    compare=st.booleans(),
)
def test_no_numbers_bring_a_traceback_a_warning_or_nan(
    counts, share, period, harmonics, slope_change, disruption, compare
):
    comparator = {"comparator_counts": counts[::-1], "comparator_exposure": 1e6} if compare else {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = interrupted.fit(
            counts,
            1e5,
            start=int(share * len(counts)),
            period=period,
            harmonics=harmonics,
            slope_change=slope_change,
            disrupted=range(len(counts) // 2, len(counts) // 2 + 5),
            disruption=disruption,
            **comparator,
        )
    assert not any(np.isnan(number).any() for number in numbers_in(fit))
    assert fit.reason is None or fit.level.reason == fit.averted.reason == fit.reason
