"""Two counts are compared exactly, and no verdict is surer than the counts behind it."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vrn_metrics.counts import Count, Status
from vrn_metrics.methods.comparison import (
    min_likelihood_p_value,
    rate_ratio,
    rate_ratios,
    ratio_of_ratios,
)

COUNTS = st.integers(0, 3_000)
EXPOSURES = st.integers(1, 10_000_000)
NETWORK, NETWORK_THEN = 1_157_739, 1_089_182  # people in Leicestershire, 2023 and 2017


def interval(least, width):
    return Count(least, least + width, Status.ROUNDED)


# --- beside R, and published values ---------------------------------------------------------


def test_exact_ratios_in_the_evidence_notes(golden):
    for case in golden("open")["two_poisson_exact"]:
        found = rate_ratio(case["x2"], case["t2"], case["x1"], case["t1"])
        assert found.value == pytest.approx(case["rr"], abs=1e-6)
        assert (found.lower, found.upper) == pytest.approx(case["ci"], abs=1e-6)
        # at equal exposures both conventions give the same
        assert found.p_value == pytest.approx(case["p"], abs=1e-6)
        assert found.p_value_min_likelihood == pytest.approx(case["p"], abs=1e-6)


@pytest.mark.parametrize(
    ("later", "earlier", "value", "lower", "upper", "p_value"),
    [
        # the p-value by the convention of R's poisson.test
        ((6, 1), (12, 1), 0.5, 0.153971, 1.439469, 0.237885),
        ((80, 1), (100, 1), 0.8, 0.588644, 1.084273, 0.156531),
        # HMICFRS, Leicestershire homicides 2016 and 2017, "an increase of 73%"
        ((19, 1), (11, 1), 1.727273, 0.781134, 4.017596, 0.200488),
        # ONS, Leicestershire homicides 2016/17-2018/19 and 2022/23-2024/25
        ((26, NETWORK), (42, NETWORK_THEN), 0.58239, 0.3431, 0.9723, 0.0293),
        ((7, 12), (36, 36), 0.583333, 0.219064, 1.329072, 0.219851),
    ],
)
def test_published_ratios(later, earlier, value, lower, upper, p_value):
    found = rate_ratio(*later, *earlier)
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (value, lower, upper), abs=6e-4 if later[1] > 100 else 1e-6
    )
    assert found.p_value_min_likelihood == pytest.approx(p_value, abs=5.1e-5)


def test_the_example_in_the_manual_of_r():
    # help(poisson.test): lung cancer in Fredericia against three other Danish cities, 55-59
    found = rate_ratio(11, 800, 6 + 8 + 7, 1_083 + 1_050 + 878)
    assert found.value == pytest.approx(1.971488, abs=1e-6)
    assert (found.lower, found.upper) == pytest.approx((0.8584264, 4.2772659), abs=1e-5)
    assert found.p_value_min_likelihood == pytest.approx(0.07967, abs=5.1e-6)


@given(st.integers(0, 200), EXPOSURES, st.integers(0, 200), EXPOSURES)
def test_the_least_likely_outcomes_are_those_that_r_adds_up(x, time, b, baseline_time):
    """The definition itself, by listing every outcome in the binomial distribution."""
    n = x + b
    assume(n > 0)
    share = time / (time + baseline_time)
    likelihood = np.array(
        [
            math.exp(
                math.lgamma(n + 1)
                - math.lgamma(k + 1)
                - math.lgamma(n - k + 1)
                + k * math.log(share)
                + (n - k) * math.log1p(-share)
            )
            for k in range(n + 1)
        ]
    )
    expected = likelihood[likelihood <= likelihood[x] * (1 + 1e-7)].sum()
    found = min_likelihood_p_value(x, time, b, baseline_time)
    assert found == pytest.approx(min(expected, 1), rel=1e-6, abs=1e-12)


def test_the_doubled_p_is_the_one_that_agrees_with_the_interval():
    found = rate_ratio(26, NETWORK, 42, NETWORK_THEN)
    assert found.p_value == pytest.approx(0.0379, abs=5.1e-5)
    level = 1 - found.p_value
    just_out = rate_ratio(26, NETWORK, 42, NETWORK_THEN, confidence=level - 1e-9)
    just_in = rate_ratio(26, NETWORK, 42, NETWORK_THEN, confidence=level + 1e-9)
    assert just_out.upper < 1 < just_in.upper


# --- laws ------------------------------------------------------------------------------------


@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES, st.floats(0.5, 0.999))
def test_p_is_below_the_level_exactly_when_the_interval_leaves_one_out(x, t, b, bt, confidence):
    found = rate_ratio(x, t, b, bt, confidence=confidence)
    assume(abs(found.p_value - (1 - confidence)) > 1e-9)
    assert (found.p_value < 1 - confidence) == (found.lower > 1 or found.upper < 1)
    if found.value is not None:
        assert found.lower <= found.value <= found.upper


@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES)
def test_swapping_the_periods_gives_the_reciprocal(x, t, b, bt):
    one, other = rate_ratio(x, t, b, bt), rate_ratio(b, bt, x, t)
    assert one.p_value == pytest.approx(other.p_value, rel=1e-9)
    assert one.p_value_min_likelihood == pytest.approx(other.p_value_min_likelihood, rel=1e-9)
    if x and b:
        swapped = (1 / other.value, 1 / other.upper, 1 / other.lower)
        assert (one.value, one.lower, one.upper) == pytest.approx(swapped, rel=1e-9)


@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES, st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_more_confidence_is_wider(x, t, b, bt, one, other):
    narrow = rate_ratio(x, t, b, bt, confidence=min(one, other))
    wide = rate_ratio(x, t, b, bt, confidence=max(one, other))
    assert wide.lower <= narrow.lower
    assert narrow.upper <= wide.upper
    assert wide.p_value == narrow.p_value


@given(st.integers(0, 60), st.integers(0, 8), st.integers(0, 60), st.integers(0, 8), EXPOSURES)
def test_interval_counts_are_no_surer_than_any_counts_within_them(x, dx, b, db, t):
    assume(dx + db)
    found = rate_ratio(interval(x, dx), t, interval(b, db), 1_000_000)
    assert found.value is None
    assert found.p_value_min_likelihood is None
    for later in range(x, x + dx + 1):
        for earlier in range(b, b + db + 1):
            exact = rate_ratio(later, t, earlier, 1_000_000)
            assert found.lower <= exact.lower
            assert exact.upper <= found.upper
            assert exact.p_value <= found.p_value + 1e-12
            if exact.value is not None and found.least is not None and found.most is not None:
                assert found.least <= exact.value <= found.most


def test_interval_counts_on_one_side_of_no_change_keep_a_finite_p():
    found = rate_ratio(interval(8, 4), 1, interval(98, 4), 1)
    assert found.p_value == rate_ratio(12, 1, 98, 1).p_value
    assert (found.least, found.most) == (8 / 102, 12 / 98)
    assert rate_ratio(interval(8, 4), 1, interval(8, 4), 1).p_value == 1


@given(st.integers(1, 10**6), EXPOSURES, st.integers(1, 10**6), EXPOSURES)
def test_large_counts_neither_overflow_nor_lose_their_limits(x, t, b, bt):
    found = rate_ratio(x, t, b, bt)
    assert 0 < found.lower < found.value < found.upper < math.inf
    assert 0 <= found.p_value <= 1


def test_large_counts_meet_the_normal_approximation():
    found = rate_ratio(52_000, 1, 50_000, 1)
    width = 1.959964 * math.sqrt(1 / 52_000 + 1 / 50_000)
    assert math.log(found.upper / found.lower) / 2 == pytest.approx(width, rel=3e-3)


@pytest.mark.parametrize("mean", [10, 50, 300])
def test_with_no_change_at_most_one_verdict_in_twenty_is_false(mean):
    random = np.random.default_rng(mean)
    pairs = random.poisson(mean, (2, 40_000))
    false_alarms = (rate_ratios(pairs[0], 1, pairs[1], 1).p_value < 0.05).mean()
    assert false_alarms <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 40_000)
    assert false_alarms > 0.02  # a test that never finds anything would pass the line above


# --- none at all -----------------------------------------------------------------------------


def test_no_event_later_gives_zero_and_an_upper_limit():
    found = rate_ratio(0, 1, 10, 1)
    assert (found.value, found.lower) == (0, 0)
    assert found.upper == pytest.approx(0.025 ** (-1 / 10) - 1)  # (1 - share)^10 = 2.5%
    assert found.p_value == pytest.approx(2 * 0.5**10)


def test_no_event_at_the_baseline_gives_infinity_and_a_lower_limit():
    found = rate_ratio(10, 1, 0, 1)
    assert (found.value, found.upper) == (math.inf, math.inf)
    assert found.lower == pytest.approx(1 / rate_ratio(0, 1, 10, 1).upper)


def test_no_event_at_all_says_nothing():
    found = rate_ratio(0, 1, 0, 2)
    assert (found.value, found.lower, found.upper, found.p_value) == (None, 0, math.inf, 1)
    assert found.p_value_min_likelihood == 1
    assert found.reason == "no event in either period"


# --- many at once ----------------------------------------------------------------------------


def test_many_ratios_are_each_what_one_alone_is():
    later, earlier = np.array([[0, 5, 80], [7, 0, 26]]), np.array([10, 0, 100])
    many = rate_ratios(later, 3, earlier, 2, confidence=0.9)
    for place in np.ndindex(later.shape):
        one = rate_ratio(int(later[place]), 3, int(earlier[place[1]]), 2, confidence=0.9)
        alone = (math.nan if one.value is None else one.value, one.lower, one.upper, one.p_value)
        np.testing.assert_equal([column[place] for column in many], alone)


def test_what_is_missing_stays_missing_among_many():
    many = rate_ratios([5, math.nan, 5], [1, 1, 0], [5, 5, 5], 1)
    for column in many:
        assert np.isnan(column).tolist() == [False, True, True]


# --- beside a comparator -------------------------------------------------------------------


def homicide(count=26, baseline=42, **options):
    """Leicestershire beside England and Wales: 11.516 to 9.105 per million."""
    return ratio_of_ratios(
        count,
        NETWORK,
        baseline,
        NETWORK_THEN,
        1_670,
        1_670 / 9.105,
        2_030,
        2_030 / 11.516,
        **options,
    )


def test_a_fall_that_is_not_told_from_the_national_one():
    found = homicide()
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (0.737, 0.450, 1.206), abs=5.1e-4
    )
    assert found.p_value > 0.05 > rate_ratio(26, NETWORK, 42, NETWORK_THEN).p_value
    assert found.method == "log-normal"


def test_a_comparator_that_did_not_change_leaves_the_ratio_alone():
    found = ratio_of_ratios(26, NETWORK, 42, NETWORK_THEN, 10**9, 1, 10**9, 1)
    assert found.value == pytest.approx(rate_ratio(26, NETWORK, 42, NETWORK_THEN).value)
    assert math.log(found.upper / found.lower) / 2 == pytest.approx(
        1.959964 * math.sqrt(1 / 26 + 1 / 42), rel=1e-6
    )


@given(
    *([st.integers(1, 40), st.integers(0, 4)] * 2),
    st.sampled_from([0.9, 0.95, 0.998]),
    st.floats(0.2, 5),
)
def test_interval_counts_beside_a_comparator_are_no_surer_than_any_within(
    x, dx, b, db, confidence, level
):
    assume(dx + db)
    rest = (level * 1_000, 1_000, 700, 700)
    found = ratio_of_ratios(interval(x, dx), 1, interval(b, db), 1, *rest, confidence=confidence)
    assert found.value is None
    for later in range(x, x + dx + 1):
        for earlier in range(b, b + db + 1):
            exact = ratio_of_ratios(later, 1, earlier, 1, *rest, confidence=confidence)
            assert found.lower <= exact.lower * (1 + 1e-12)
            assert exact.upper <= found.upper * (1 + 1e-12)
            assert exact.p_value <= found.p_value + 1e-12
            assert found.least * (1 - 1e-12) <= exact.value <= found.most * (1 + 1e-12)


@pytest.mark.parametrize("count", [None, Count.missing(), Count.exact(-1), 0, Count.rounded(0)])
def test_beside_a_comparator_what_is_missing_or_zero_is_withheld(count):
    found = homicide(count)
    assert (found.value, found.lower, found.p_value) == (None, None, None)
    assert "zero" in found.reason


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ((Count.missing(), 1, 5, 1), "the count is missing"),
        ((5, 1, Count.missing(), 1), "the baseline's count is missing"),
        ((5, 1, None, 1), "the baseline's count is missing"),
        ((Count.exact(-1), 1, 5, 1), "below zero"),
        ((5, 0, 5, 1), "the exposure is zero"),
        ((5, None, 5, 1), "the exposure is missing"),
        ((5, 1, 5, math.nan), "the baseline's exposure is missing"),
    ],
)
def test_a_ratio_that_cannot_be_given_says_why(given_, reason):
    found = rate_ratio(*given_)
    assert (found.value, found.lower, found.upper, found.p_value) == (None, None, None, None)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ((-1, 1, 5, 1), "from 0 up, but -1"),
        ((2.5, 1, 5, 1), "whole numbers"),
        ((5, -1, 5, 1), "above 0, but -1"),
        ((5, 1, math.inf, 1), "finite"),
    ],
)
def test_a_ratio_refuses_what_is_no_count_or_exposure(given_, why):
    with pytest.raises(ValueError, match=why):
        rate_ratio(*given_)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="share between 0 and 1"):
        rate_ratio(5, 1, 5, 1, confidence=confidence)
    with pytest.raises(ValueError, match="share between 0 and 1"):
        homicide(confidence=confidence)


def test_many_ratios_refuse_what_is_no_count_or_exposure():
    with pytest.raises(ValueError, match=r"baseline counts are whole numbers from 0 up, but 1\.5"):
        rate_ratios([1], 1, [1.5], 1)
    with pytest.raises(ValueError, match="exposures are finite numbers"):
        rate_ratios([1], -1, [1], 1)


@pytest.mark.parametrize(("own", "nation"), [(12, 700), (40, 2_000), (200, 10_000)])
def test_a_fall_shared_with_the_nation_is_seldom_called_our_own(own, nation):
    """The false-positive rate of the impact page's ratio method; METHODS has it of 1,000 runs."""
    random = np.random.default_rng(5)
    runs = 400
    false = 0
    for _ in range(runs):
        now, then = random.poisson([own * 0.8, own]).tolist()
        there, there_then = random.poisson([nation * 0.8, nation]).tolist()
        found = ratio_of_ratios(now, 1, then, 1, there, 1, there_then, 1)
        false += found.lower is not None and not found.lower <= 1 <= found.upper
    # Three Monte Carlo errors above 5%.
    assert false / runs < 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5
