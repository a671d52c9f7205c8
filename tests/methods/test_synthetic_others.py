"""Augmented controls, synthetic differences and conformal intervals against their papers."""

import numpy as np
import pytest

from tests.methods.synthetic_panels import california, golden
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods import (
    augmented_control,
    conformal,
    synthetic_control,
    synthetic_difference,
)


def california_apart():
    values, states, before, own = california()
    return values[:, own], np.delete(values, own, axis=1), before, states, own, values


def test_synthetic_difference_gives_california_s_published_effect():
    """Arkhangelsky et al., Table 1: -15.6; solved exactly, -15.605."""
    treated, donors, before, states, own, values = california_apart()
    found = synthetic_difference.fit(treated, donors, pre_periods=before)
    expected = golden("scm_classics")["prop99_synthdid"]["expected"]
    assert round(found.att, 3) == -15.605
    assert found.att == pytest.approx(expected["sdid"], rel=1e-3)
    names = [state for state in states if state != "California"]
    omega = [expected["omega"][name] for name in names]
    assert found.weights == pytest.approx(omega, abs=5e-3)  # theirs drop what is small
    assert found.period_weights == pytest.approx([*expected["lambda"].values()], abs=2e-4)
    assert found.gap[before:].mean() == pytest.approx(found.att)
    placebos = synthetic_difference.placebo_test(values, treated=own, pre_periods=before)
    assert placebos.att == pytest.approx(found.att)
    assert placebos.atts.std(ddof=1) == pytest.approx(expected["se_placebo_400"][0], rel=0.15)


def test_synthetic_difference_ignores_levels():
    random = np.random.default_rng(1)
    panel = random.normal(20, 1, (20, 9))
    plain = synthetic_difference.fit(panel[:, 0], panel[:, 1:], pre_periods=12)
    lifted = synthetic_difference.fit(panel[:, 0] + 300, panel[:, 1:], pre_periods=12)
    assert lifted.att == pytest.approx(plain.att, abs=1e-6)


def test_a_hard_ridge_leaves_the_synthetic_control_and_a_soft_one_fits_the_past():
    treated, donors, before, *_ = california_apart()
    plain = synthetic_control.fit(treated, donors, pre_periods=before)
    hard = augmented_control.fit(treated, donors, pre_periods=before, penalty=1e12)
    soft = augmented_control.fit(treated, donors, pre_periods=before, penalty=1e-6)
    assert hard.att == pytest.approx(plain.att, abs=1e-4)
    assert hard.extrapolation == pytest.approx(0, abs=1e-6)
    assert soft.pre_rmspe < 1e-6
    chosen = augmented_control.fit(treated, donors, pre_periods=before)
    assert soft.pre_rmspe < chosen.pre_rmspe < plain.pre_rmspe
    assert chosen.weights.sum() == pytest.approx(1)


def test_the_ridge_s_correction_is_that_of_the_paper():
    """weights + (x - X'w)' (X'X + penalty I)^-1 X', computed the long way round."""
    treated, donors, before, *_ = california_apart()
    found = augmented_control.fit(treated, donors, pre_periods=before, penalty=50.0)
    past = donors[:before].T - donors[:before].T.mean(axis=0)
    own = treated[:before] - donors[:before].T.mean(axis=0)
    inverse = np.linalg.inv(past.T @ past + 50.0 * np.eye(before))
    expected = found.simplex + past @ inverse @ (own - past.T @ found.simplex)
    assert found.weights == pytest.approx(expected, abs=1e-10)


def test_the_ridge_is_the_largest_within_one_standard_error():
    """The errors of held-out periods, computed by fitting each one out."""
    random = np.random.default_rng(3)
    donors = random.normal(20, 2, (14, 6))
    treated = donors @ [0.6, 0.6, -0.2, 0, 0, 0] + random.normal(0, 0.3, 14)
    found = augmented_control.fit(treated, donors, pre_periods=10)
    past = (donors[:10] - donors[:10].mean(axis=1, keepdims=True)).T
    largest = np.linalg.norm(past, 2) ** 2
    penalties = largest * 1e-8 ** (np.arange(21) / 20)
    errors = np.empty((10, 21))
    for period in range(10):
        rest = [each for each in range(10) if each != period]
        for column, penalty in enumerate(penalties):
            apart = augmented_control.fit(
                treated[[*rest, period]], donors[[*rest, period]], pre_periods=9, penalty=penalty
            )
            errors[period, column] = apart.gap[-1] ** 2
    means = errors.mean(axis=0)
    allowance = errors[:, means.argmin()].std(ddof=1) / np.sqrt(10)
    assert found.penalty == pytest.approx(penalties[means <= means.min() + allowance].max())


def test_all_units_augmented_together_are_each_one_alone():
    random = np.random.default_rng(5)
    panel = random.normal(20, 2, (16, 7))
    together = augmented_control.placebo_test(
        panel, treated=2, pre_periods=11, treated_in_pools=True
    )
    alone = augmented_control.fit(panel[:, 2], np.delete(panel, 2, axis=1), pre_periods=11)
    assert together.att == pytest.approx(alone.att)
    place = list(together.donors).index(5)
    other = augmented_control.fit(panel[:, 5], np.delete(panel, 5, axis=1), pre_periods=11)
    assert together.atts[place] == pytest.approx(other.att)


def test_a_conformal_interval_ends_where_its_test_begins_to_reject():
    random = np.random.default_rng(6)
    panel = random.normal(20, 1, (30, 8))
    panel[24:, 0] -= 4
    found = conformal.constant_effect(panel[:, 0], panel[:, 1:], pre_periods=24)
    assert found.p_value <= 0.05
    assert found.smallest_p_value == pytest.approx(1 / 30)
    assert found.effect.lower < -4 < found.effect.upper < 0
    for effect, rejected in (
        (found.effect.upper - 1e-9, False),
        (found.effect.upper + 0.2, True),
        (found.effect.lower - 0.2, True),
    ):
        shifted = panel[:, 0].copy()
        shifted[24:] -= effect
        p_value = conformal.no_effect(shifted, panel[:, 1:], pre_periods=24)
        assert (p_value <= 0.05) == rejected


def test_too_few_periods_have_no_conformal_interval():
    random = np.random.default_rng(7)
    panel = random.normal(20, 1, (12, 6))
    found = conformal.constant_effect(panel[:, 0], panel[:, 1:], pre_periods=9)
    assert found.smallest_p_value == pytest.approx(1 / 12)
    assert (found.effect.lower, found.effect.upper) == (None, None)


@pytest.mark.parametrize(
    ("method", "before", "units", "said"),
    [
        (augmented_control, 2, 5, "at least 3 periods"),
        (synthetic_difference, 1, 5, "two periods"),
        (synthetic_difference, 6, 2, "two donors"),
        (synthetic_difference, 8, 5, "from the start on"),
    ],
)
def test_too_little_is_refused(method, before, units, said):
    panel = np.random.default_rng(8).normal(size=(8, units))
    with pytest.raises(VrnMetricsError, match=said):
        method.fit(panel[:, 0], panel[:, 1:], pre_periods=before)
