"""What is said to be detectable is what the placebo test detects."""

import numpy as np
import pytest

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods import synthetic_control
from vrn_metrics.methods.placebo_power import placebo_power


def made_up(periods=24, units=24, seed=1, mean=80):
    random = np.random.default_rng(seed)
    people = random.uniform(0.5, 2, units) * np.ones((periods, 1))
    rates = random.gamma(20, mean / 20, units)
    return random.poisson(rates * people), people


def test_the_share_found_is_that_of_tests_on_panels_with_such_a_fall():
    counts, people = made_up()
    power = placebo_power(counts, people, post_periods=8, falls=(0.0, 0.25), replicates=400)
    random = np.random.default_rng(5)
    fitted = counts.sum(axis=0) / people.sum(axis=0)
    found = 0
    for _ in range(200):
        mean = fitted * np.concatenate([people, people[:8]])
        mean[24:, 0] *= 0.75
        panel = random.poisson(mean) / np.concatenate([people, people[:8]])
        test = synthetic_control.placebo_test(panel, treated=0, pre_periods=24)
        found += test.p_value <= 0.05
    # Three Monte Carlo errors of the difference, plus the drift of the periods' own factors.
    assert power.shares[1] == pytest.approx(found / 200, abs=0.13)
    assert power.shares[0] <= 0.09


def test_power_grows_with_the_fall_and_the_detectable_one_is_between():
    counts, people = made_up()
    power = placebo_power(counts, people, post_periods=8, replicates=200)
    assert list(power.shares) == sorted(power.shares)
    place = next(i for i, share in enumerate(power.shares) if share >= 0.8)
    assert power.falls[place - 1] <= power.detectable <= power.falls[place]
    again = placebo_power(counts, people, post_periods=8, replicates=200)
    assert again == power


def test_too_few_donors_can_find_nothing_whatever_happens():
    counts, people = made_up(units=15)
    power = placebo_power(counts, people, post_periods=8, replicates=50)
    assert power.smallest_p_value == pytest.approx(1 / 15)
    assert set(power.shares) == {0.0}
    assert power.detectable is None


def test_counts_that_vary_beyond_chance_need_a_larger_fall():
    counts, people = made_up()
    plain = placebo_power(counts, people, post_periods=8, replicates=200)
    random = np.random.default_rng(3)
    wild = random.poisson(counts * random.gamma(8, 1 / 8, counts.shape))
    power = placebo_power(wild, people, post_periods=8, replicates=200)
    assert plain.dispersion < 1.3 < 4 < power.dispersion
    assert power.detectable is None or power.detectable > plain.detectable


@pytest.mark.parametrize(
    ("counts", "people", "said"),
    [
        (np.ones((5, 2)), np.ones((5, 2)), "three"),
        (np.ones((5, 4)), np.ones((4, 4)), "shapes"),
        (-np.ones((5, 4)), np.ones((5, 4)), "0 or above"),
        (np.full((5, 4), np.nan), np.ones((5, 4)), "missing"),
        (np.ones((5, 4)), np.zeros((5, 4)), "above 0"),
    ],
)
def test_unusable_counts_are_refused(counts, people, said):
    with pytest.raises(VrnMetricsError, match=said):
        placebo_power(counts, people, post_periods=3)
