"""The smallest detectable fall is the one that the exact test finds four times in five."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.methods.comparison import rate_ratios
from vrn_metrics.methods.power import (
    MANY,
    approximate_detectable_fall,
    smallest_detectable_fall,
)

MEANS = st.floats(1, 500)


@pytest.mark.parametrize(
    ("mean", "exposure_ratio", "power", "level"),
    [(10, 1, 0.8, 0.05), (42, 1, 0.8, 0.05), (300, 1 / 3, 0.9, 0.05), (60, 3, 0.8, 0.002)],
)
def test_simulated_falls_of_that_size_are_found_that_often(mean, exposure_ratio, power, level):
    fall = smallest_detectable_fall(mean, exposure_ratio=exposure_ratio, power=power, level=level)
    random, trials = np.random.default_rng(7), 60_000
    earlier = random.poisson(mean, trials)
    later = random.poisson(mean * exposure_ratio * (1 - fall), trials)
    test = rate_ratios(later, exposure_ratio, earlier, 1, confidence=1 - level)
    found = ((test.p_value < level) & (test.value < 1)).mean()
    assert found == pytest.approx(power, abs=4 * math.sqrt(power * (1 - power) / trials))


@pytest.mark.parametrize(
    ("mean", "approximate", "exact"),
    # Planning figures by square roots (Anscombe 1948), and beside them what the exact test
    # needs, which the simulation above bears out: one year against one, then three.
    [
        (10, 0.86, 0.925),
        (14, 0.78, 0.827),
        (50, 0.48, 0.499),
        (100, 0.36, 0.366),
        (150, 0.30, 0.303),
        (700, 0.14, 0.146),
        (30, 0.59, 0.620),
        (42, 0.52, 0.537),
        (300, 0.22, 0.219),
        (450, 0.18, 0.180),
        (2100, 0.085, 0.085),
    ],
)
def test_known_detectable_falls(mean, approximate, exact):
    assert approximate_detectable_fall(mean) == pytest.approx(approximate, abs=0.006)
    assert smallest_detectable_fall(mean) == pytest.approx(exact, abs=6e-4)


@given(MEANS, st.floats(0.2, 5), st.floats(0.3, 0.95), st.floats(0.001, 0.2))
def test_it_is_a_proportion_that_shrinks_with_more_events_and_grows_with_what_is_asked(
    mean, exposure_ratio, power, level
):
    options = {"exposure_ratio": exposure_ratio, "power": power, "level": level}
    fall = smallest_detectable_fall(mean, **options)
    assert 0 < fall <= 1
    assert smallest_detectable_fall(mean, **options | {"power": power + 0.04}) >= fall - 1e-6
    assert smallest_detectable_fall(mean, **options | {"level": level / 2}) >= fall - 1e-6
    assert smallest_detectable_fall(4 * mean, **options) <= fall + 1e-6


@pytest.mark.parametrize("exposure_ratio", [1 / 3, 1, 3])
def test_the_approximation_takes_over_without_a_jump(exposure_ratio):
    mean = MANY / min(exposure_ratio, 1)
    below = smallest_detectable_fall(mean - 1, exposure_ratio=exposure_ratio)
    above = smallest_detectable_fall(mean + 1, exposure_ratio=exposure_ratio)
    assert below == pytest.approx(above, abs=3e-4)
    assert above == approximate_detectable_fall(mean + 1, exposure_ratio=exposure_ratio)


def test_where_not_even_a_fall_to_nothing_would_be_found_it_is_one():
    # with five expected, six or more must have happened before for none to be a clear fall
    assert smallest_detectable_fall(5) == 1
    assert smallest_detectable_fall(0) == 1
    assert approximate_detectable_fall(0) == 1
    assert smallest_detectable_fall(10) < 1


@pytest.mark.parametrize(
    ("given_", "options", "why"),
    [
        (-1, {}, "baseline count"),
        (math.nan, {}, "baseline count"),
        (math.inf, {}, "baseline count"),
        (10, {"exposure_ratio": 0}, "exposure ratio"),
        (10, {"exposure_ratio": 1e6}, "exposure ratio"),
        (10, {"power": 0.04}, "power and level"),
        (10, {"power": 1}, "power and level"),
        (10, {"level": 0}, "power and level"),
        (10, {"power": 80}, "power and level"),
    ],
)
def test_what_makes_no_sense_is_refused(given_, options, why):
    for ask in (smallest_detectable_fall, approximate_detectable_fall):
        with pytest.raises(ValueError, match=why):
            ask(given_, **options)
