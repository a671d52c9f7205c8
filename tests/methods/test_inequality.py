"""The indices are those of a Poisson regression on rank, and refuse small groups."""

import numpy as np
import pytest
import statsmodels.api as sm

from vrn_metrics.methods.inequality import inequality

COUNTS, PEOPLE = [132, 150, 210, 260, 390], [900, 1100, 1000, 1050, 950]


def test_the_relative_index_is_that_of_statsmodels():
    share = np.array(PEOPLE) / sum(PEOPLE)
    rank = np.cumsum(share) - share / 2
    fit = sm.GLM(
        COUNTS, sm.add_constant(rank), family=sm.families.Poisson(), offset=np.log(PEOPLE)
    ).fit(scale="X2")
    low, high = np.exp(fit.conf_int()[1])
    found = inequality(COUNTS, PEOPLE)
    assert found.dispersion > 1
    assert found.relative == pytest.approx(np.exp(fit.params[1]), rel=1e-8)
    assert (found.relative_lower, found.relative_upper) == pytest.approx((low, high), rel=1e-6)


def test_the_slope_is_the_difference_between_the_ends_of_the_line():
    found = inequality(COUNTS, PEOPLE)
    mean = sum(COUNTS) / sum(PEOPLE)
    low_end = mean * np.log(found.relative) / (found.relative - 1)
    assert found.slope == pytest.approx(low_end * (found.relative - 1), rel=1e-9)
    assert found.slope_lower < found.slope < found.slope_upper


def test_without_inequality_the_interval_holds_one_as_often_as_it_says():
    random = np.random.default_rng(8)
    runs = [inequality(random.poisson(100, 5), [1000] * 5) for _ in range(1000)]
    misses = np.mean([not each.relative_lower <= 1 <= each.relative_upper for each in runs])
    assert misses < 0.06


def test_turning_the_groups_round_turns_the_index_round():
    one = inequality(COUNTS, PEOPLE)
    other = inequality(COUNTS[::-1], PEOPLE[::-1])
    assert other.relative == pytest.approx(1 / one.relative)
    assert other.slope == pytest.approx(-one.slope)


@pytest.mark.parametrize(
    ("counts", "said"), [([20, 30], "fewer than 3"), ([20, 9, 30], "fewer than 10")]
)
def test_too_few_groups_or_events_give_a_reason(counts, said):
    found = inequality(counts, [100] * len(counts))
    assert found.relative is None
    assert said in found.reason


@pytest.mark.parametrize(("counts", "people"), [([-1, 2, 3], [1, 1, 1]), ([20] * 3, [0, 1, 1])])
def test_impossible_numbers_are_refused(counts, people):
    with pytest.raises(ValueError, match="above 0"):
        inequality(counts, people)
