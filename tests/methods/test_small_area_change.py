"""What stands out among many small areas is more than chance, and more than many looks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vrn_metrics.methods.small_area_change import Course, small_area_change

AREAS = 600
RANDOM = np.random.default_rng(3)
LEVEL = RANDOM.gamma(0.8, 25, AREAS)


def marked(found):
    return np.isin(found.course, [Course.EMERGING, Course.FALLING])


def test_with_no_change_almost_no_area_stands_out():
    random = np.random.default_rng(1)
    runs = [small_area_change(random.poisson(LEVEL), random.poisson(LEVEL)) for _ in range(200)]
    # Benjamini and Hochberg: with nothing true, any find at all in at most 5% of runs.
    assert np.mean([marked(each).any() for each in runs]) < 0.08
    assert np.mean([each.dispersion for each in runs]) == pytest.approx(1.1, abs=0.12)


def test_a_general_rise_makes_no_area_stand_out():
    random = np.random.default_rng(2)
    runs = [
        small_area_change(random.poisson(LEVEL * 1.5), random.poisson(LEVEL)) for _ in range(60)
    ]
    assert np.mean([marked(each).any() for each in runs]) < 0.12


def test_counts_that_vary_more_than_chance_are_allowed_for():
    random = np.random.default_rng(3)
    finds, dispersions = [], []
    for _ in range(100):
        now, before = (random.poisson(LEVEL * random.gamma(10, 0.1, AREAS)) for _ in range(2))
        found = small_area_change(now, before)
        finds.append(marked(found).sum())
        dispersions.append(found.dispersion)
    # Variation that grows with the count cannot be told in full from the middle: stated.
    assert np.mean(dispersions) > 1.5
    assert np.mean(finds) < 6


def test_a_doubling_of_a_busy_area_is_found():
    random = np.random.default_rng(4)
    found = []
    for _ in range(100):
        now, before = random.poisson(LEVEL), random.poisson(LEVEL)
        now[0], before[0] = random.poisson(160), random.poisson(80)
        found.append(small_area_change(now, before).course[0] is Course.EMERGING)
    assert np.mean(found) > 0.85


def test_few_events_never_lead_and_shrinkage_orders_by_what_is_known():
    now, before = [3, 60, *[20] * 50], [1, 20, *[20] * 50]
    found = small_area_change(now, before)
    assert found.course[0] is Course.TOO_FEW
    assert found.course[1] is Course.EMERGING
    assert found.ratio[0] < found.ratio[1]
    assert found.lower[0] < 1 < found.upper[0]


def test_a_place_that_is_always_high_is_persistent():
    found = small_area_change([100, *[10] * 20], [104, *[10] * 20])
    assert found.course[0] is Course.PERSISTENT
    assert set(found.course[1:]) == {Course.NO_CLEAR_CHANGE}


def test_where_counts_vary_by_chance_the_test_is_the_mid_p_binomial():
    now, before = np.array([30, *[20] * 6]), np.array([15, *[20] * 6])
    found = small_area_change(now, before)
    assert found.dispersion == 1
    below = stats.binom.cdf(29, 45, 0.5)
    middle = below + stats.binom.pmf(30, 45, 0.5) / 2
    assert found.p_value[0] == pytest.approx(2 * (1 - middle), rel=1e-9)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=0, max_size=40))
def test_every_count_has_an_answer_without_nan(pairs):
    now, before = [a for a, _ in pairs], [b for _, b in pairs]
    found = small_area_change(now, before)
    assert len(found.course) == len(pairs)
    judged = ~np.isnan(found.p_value)
    assert (judged == (np.array(now) + np.array(before) >= 10)).all()
    assert np.isfinite(found.ratio).all()
    assert (found.lower <= found.ratio).all()
    assert (found.ratio <= found.upper).all()


@given(st.permutations(range(12)))
def test_the_order_of_areas_is_of_no_matter(order):
    now, before = np.arange(12) * 7 % 31 + 5, np.arange(12) * 5 % 29 + 5
    one = small_area_change(now, before)
    other = small_area_change(now[list(order)], before[list(order)])
    assert other.p_value == pytest.approx(one.p_value[list(order)])


@pytest.mark.parametrize(
    ("now", "before"), [([-1], [1]), ([1, 2], [1]), ([np.nan], [1]), ([[1]], [[1]])]
)
def test_impossible_counts_are_refused(now, before):
    with pytest.raises(ValueError, match=r"counts|numbers"):
        small_area_change(now, before)
