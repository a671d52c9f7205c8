"""Rates and their limits agree with R, and keep the laws of intervals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.counts import Count
from vrn_metrics.methods import rates
from vrn_metrics.methods.estimates import Estimate

COUNTS = st.integers(0, 100_000)
CONFIDENCES = st.floats(0.5, 0.9999)


def share(confidence):
    """R takes 95 for 0.95."""
    return confidence / 100 if confidence > 1 else confidence


def numbers(values):
    """JSON's null, and R's NaN in words, are both missing."""
    return np.array([math.nan if v in (None, "NaN") else v for v in values], dtype=float)


def by_area(case, *names):
    """The rows of each area, for `names`, in the order of the expected areas."""
    area = np.array(case["input"]["area"])
    return [
        [numbers(np.array(case["input"][name])[area == each]) for name in names]
        for each in case["expected"]["area"]
    ]


def limits(expected):
    """(confidence, lower, upper) for each level that a case expects, with its rate."""
    levels = {
        float(name[5:-2].replace("_", ".")) / 100: (name, name.replace("lower", "upper"))
        for name in expected
        if name.startswith("lower") and name != "lowercl"
    }
    if "lowercl" in expected:
        levels[float(expected["confidence"][0].rstrip("%")) / 100] = ("lowercl", "uppercl")
    assert levels
    for level, (lower, upper) in levels.items():
        yield level, numbers(expected[lower]), numbers(expected[upper])


# --- beside R -------------------------------------------------------------------------------


def test_crude_rates_are_those_of_phe_rate(golden):
    suite = golden("phe_rate")
    compared = 0
    for case in suite["cases"]:
        if "expected" not in case:
            continue
        if case.get("group_by"):
            x, n = np.array([[a.sum(), b.sum()] for a, b in by_area(case, "x", "n")]).T
        else:
            x, n = numbers(case["input"]["x"]), numbers(case["input"]["n"])
        per = case["args"].get("multiplier", 100_000)
        for level, lower, upper in limits(case["expected"]):
            found = rates.crude_rates(x, n, per=per, confidence=level)
            np.testing.assert_allclose(found.value, numbers(case["expected"]["value"]), 1e-10)
            np.testing.assert_allclose(found.lower, lower, **suite["tolerance"])
            np.testing.assert_allclose(found.upper, upper, **suite["tolerance"])
            for i, (count, people) in enumerate(zip(x, n, strict=True)):
                one = rates.crude_rate(count, people, per=per, confidence=level)
                assert (one.value is None) == math.isnan(found.value[i])
                if one.value is not None:
                    one_way = (one.value, one.lower, one.upper)
                    assert one_way == pytest.approx([column[i] for column in found], rel=1e-12)
                    method = {"Exact": "exact Poisson", "Byars": "Byar"}
                    assert one.method == method[case["expected"]["method"][i]]
                compared += 1
    assert compared > 50


def test_byar_limits_are_those_of_r_but_never_below_zero(golden):
    suite = golden("byars")
    for case in suite["cases"]:
        lower, upper = rates.byar_interval(case["input"]["x"], share(case["args"]["confidence"]))
        expected = np.nan_to_num(numbers(case["expected"]["lower"]), nan=0.0)
        np.testing.assert_allclose(lower, expected, **suite["tolerance"])
        np.testing.assert_allclose(upper, numbers(case["expected"]["upper"]), **suite["tolerance"])


def test_wilson_limits_are_those_of_r(golden):
    suite = golden("wilson")
    for case in suite["cases"]:
        x, n = case["input"]["x"], case["input"]["n"]
        lower, upper = rates.wilson_interval(x, n, share(case["args"]["confidence"]))
        np.testing.assert_allclose(lower, case["expected"]["lower"], **suite["tolerance"])
        np.testing.assert_allclose(upper, case["expected"]["upper"], **suite["tolerance"])


def test_proportions_are_those_of_phe_proportion(golden):
    suite = golden("phe_proportion")
    for case in suite["cases"]:
        x, n = numbers(case["input"]["x"]), numbers(case["input"]["n"])
        if "error" in case or np.isnan(x + n).any():
            with pytest.raises(ValueError, match=r"numerator|count"):
                rates.wilson_interval(x, n)
            continue
        scale = case["args"].get("multiplier", 1)
        for level, lower, upper in limits(case["expected"]):
            found = rates.wilson_interval(x, n, level)
            np.testing.assert_allclose(found[0] * scale, lower, **suite["tolerance"])
            np.testing.assert_allclose(found[1] * scale, upper, **suite["tolerance"])


def test_directly_standardised_rates_are_those_of_r(golden):
    suite = golden("dsr")
    for case in suite["cases"]:
        if "error" in case:
            with pytest.raises(ValueError, match="counts are finite numbers from 0 up"):
                rates.directly_standardised_rate(
                    case["input"]["x"], case["input"]["n"], case["input"]["stdpop"]
                )
            continue
        per = case["args"].get("multiplier", 100_000)
        for level, lower, upper in limits(case["expected"]):
            for i, (x, n, standard) in enumerate(by_area(case, "x", "n", "stdpop")):
                variances, x = None, np.nan_to_num(x)  # R takes a missing count for zero
                if "eventfreq" in case["input"]:
                    events = by_area(case, "eventfreq")[i][0].reshape(-1, 19)
                    people = x.reshape(-1, 19)
                    x, variances = (events * people).sum(axis=0), (events**2 * people).sum(axis=0)
                    n, standard = n[:19], standard[:19]
                found = rates.directly_standardised_rate(
                    x, n, standard, per=per, confidence=level, variances=variances
                )
                if case["expected"]["value"][i] is None:
                    assert (found.value, found.reason) == (None, "fewer than 10 events")
                    continue
                assert (found.value, found.lower, found.upper) == pytest.approx(
                    (case["expected"]["value"][i], lower[i], upper[i]), rel=1e-10, abs=1e-10
                )
        assert list(rates.ESP2013) == suite["esp2013"]


def test_a_crude_rate_over_expected_events_is_the_indirectly_standardised_ratio(golden):
    suite = golden("isr")
    compared = 0
    for case in suite["cases"]:
        if "expected" not in case:
            continue
        wanted = case["expected"]
        per = wanted["ref_rate"][0] if "ref_rate" in wanted else case["args"].get("refvalue", 1)
        for level, lower, upper in limits(wanted):
            found = rates.crude_rates(
                wanted["observed"], wanted["expected"], per=per, confidence=level
            )
            for ours, theirs in zip(found, (wanted["value"], lower, upper), strict=True):
                np.testing.assert_allclose(ours, theirs, **suite["tolerance"])
            compared += 1
    assert compared >= 5


def test_limits_in_the_evidence_notes(golden):
    suite = golden("open")
    for key, level in (("byar_exact_95", 0.95), ("byar_998", 0.998), ("exact_998", 0.998)):
        for count, expected in suite[key].items():
            assert rates.poisson_interval(int(count), level) == pytest.approx(expected, abs=5.1e-5)
    for fraction, expected in suite["wilson_95"].items():
        part, whole = map(int, fraction.split("/"))
        assert rates.wilson_interval(part, whole) == pytest.approx(expected, abs=1e-6)
    leicestershire = suite["homicide_leics_3yr"]
    person_years = 3 * np.array(leicestershire["midpop"])
    found = rates.crude_rates(leicestershire["count"], person_years, per=1_000_000)
    np.testing.assert_allclose(found.lower, leicestershire["byar_lo"], atol=1e-3)
    np.testing.assert_allclose(found.upper, leicestershire["byar_hi"], atol=1e-3)


# --- published values, with no file beside the checkout ---------------------------------------


@pytest.mark.parametrize(
    ("count", "confidence", "expected"),
    [
        (0, 0.95, (0, 3.6889)),  # Ulm, American Journal of Epidemiology 1990; 131: 373-375
        (1, 0.95, (0.0253, 5.5716)),
        (3, 0.95, (0.6187, 8.7673)),
        (9, 0.95, (4.1154, 17.0848)),
        (10, 0.95, (4.7874, 18.3915)),  # PHEindicatormethods 2.1.0, byars_lower, byars_upper
        (65, 0.95, (50.163188, 82.849139)),
        (65, 0.998, (42.880261, 94.000291)),
        (1045, 0.95, (982.593202, 1110.331213)),
    ],
)
def test_published_limits(count, confidence, expected):
    assert rates.poisson_interval(count, confidence) == pytest.approx(expected, abs=5.1e-5)


# --- the laws of intervals ---------------------------------------------------------------------


@given(COUNTS, CONFIDENCES)
def test_an_interval_contains_its_count(count, confidence):
    lower, upper = rates.poisson_interval(count, confidence)
    assert 0 <= lower <= count < upper


@given(COUNTS, CONFIDENCES, CONFIDENCES)
def test_more_confidence_is_wider(count, one, other):
    narrow = rates.poisson_interval(count, min(one, other))
    wide = rates.poisson_interval(count, max(one, other))
    assert wide[0] <= narrow[0]
    assert narrow[1] <= wide[1]


@given(st.floats(0, 10_000), CONFIDENCES)
def test_byar_is_near_exact_from_ten_events_and_serves_fractions(count, confidence):
    byar = rates.byar_interval(count, confidence)
    exact = rates.exact_interval(count, confidence)
    assert rates.poisson_interval(count, confidence) == pytest.approx(
        exact if count < 10 else byar, rel=1e-12
    )
    if count >= 10 and confidence < 0.998:
        assert byar == pytest.approx(exact, rel=0.02)


@given(st.lists(COUNTS, min_size=1, max_size=40), CONFIDENCES)
def test_an_array_gives_what_its_elements_give(counts, confidence):
    lower, upper = rates.poisson_interval(np.array(counts), confidence)
    one_by_one = [rates.poisson_interval(count, confidence) for count in counts]
    np.testing.assert_allclose(np.transpose([lower, upper]), one_by_one, rtol=1e-14)
    assert all(isinstance(limit, float) for pair in one_by_one for limit in pair)


def test_shapes_are_kept_across_blocks():
    counts = np.arange(3 * rates.BLOCK + 5).reshape(1, -1)
    lower, upper = rates.poisson_interval(counts)
    assert lower.shape == upper.shape == counts.shape
    assert (np.diff(lower[0, 1:]) > 0).all()
    assert lower[0, rates.BLOCK] == rates.poisson_interval(rates.BLOCK)[0]
    assert rates.poisson_interval([])[0].shape == (0,)


@given(COUNTS, st.integers(1, 10**7), st.floats(1, 1e6))
def test_a_rate_scales_with_its_multiplier_and_population(count, people, per):
    one = rates.crude_rate(count, people, per=1)
    many = rates.crude_rate(count, people, per=per)
    half = rates.crude_rate(count, 2 * people, per=2)
    for name in ("value", "lower", "upper"):
        assert getattr(many, name) == pytest.approx(per * getattr(one, name))
        assert getattr(half, name) == pytest.approx(getattr(one, name))


@given(st.integers(0, 200), st.integers(1, 30), st.integers(1, 10**6), CONFIDENCES)
def test_a_rounded_count_is_no_surer_than_any_count_behind_it(least, width, people, confidence):
    rounded = rates.crude_rate(
        Count(least, least + width, Count.rounded(10).status), people, confidence=confidence
    )
    assert rounded.value is None
    assert "known only" in rounded.reason
    for truth in range(least, least + width + 1):
        exact = rates.crude_rate(Count.exact(truth), people, confidence=confidence)
        assert rounded.least <= exact.value <= rounded.most
        assert rounded.lower <= exact.lower
        assert exact.upper <= rounded.upper


def test_a_count_that_spans_the_switch_names_both_methods():
    assert rates.crude_rate(Count.rounded(10), 1_000).method == "exact Poisson and Byar"


@given(
    st.lists(st.integers(0, 40), min_size=19, max_size=19).filter(lambda x: sum(x) >= 10),
    st.lists(st.integers(100, 10_000), min_size=19, max_size=19),
)
def test_standardising_to_ones_own_ages_gives_the_crude_rate(events, people):
    own = rates.directly_standardised_rate(events, people, people)
    crude = rates.crude_rate(sum(events), sum(people))
    assert own.value == pytest.approx(crude.value)
    lower, upper = rates.byar_interval(sum(events))  # 10 or more: Byar's either way
    scale = 100_000 / sum(people)
    assert (own.lower, own.upper) == pytest.approx((lower * scale, upper * scale))
    repeated = rates.directly_standardised_rate(
        events, people, people, variances=[2 * count for count in events]
    )
    assert repeated.lower <= own.lower
    assert repeated.upper >= own.upper
    assert "not independent" in repeated.method


def test_standardised_rates_run_over_leading_axes():
    events = np.array([[[5, 6], [7, 8]], [[0, 3], [9, 9]]])
    many = rates.directly_standardised_rates(events, [100, 200], [1, 3])
    assert many.value.shape == (2, 2)
    assert math.isnan(many.value[1, 0])
    one = rates.directly_standardised_rate([9, 9], [100, 200], [1, 3])
    assert (one.value, one.lower, one.upper) == tuple(column[1, 1] for column in many)


def test_a_standardised_lower_limit_is_not_below_zero_where_one_band_carries_the_rate():
    rate = rates.directly_standardised_rate([9, 1], [1_000, 10], [1, 1])
    assert rate.lower == 0 < rate.value < rate.upper


@given(st.integers(0, 10_000), st.integers(1, 10_000), CONFIDENCES)
def test_wilson_stays_within_a_proportion(part, more, confidence):
    lower, upper = rates.wilson_interval(part, part + more, confidence)
    assert 0 <= lower <= part / (part + more) <= upper <= 1


def test_exact_limits_cover_at_least_as_often_as_they_say():
    random = np.random.default_rng(20_190_401)
    for mean in (0.5, 3, 8, 12, 60):
        lower, upper = rates.poisson_interval(random.poisson(mean, 40_000))
        covered = ((lower <= mean) & (mean <= upper)).mean()
        assert covered >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / 40_000) - 0.005 * (mean > 10)


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("interval", [rates.poisson_interval, rates.exact_interval])
@pytest.mark.parametrize(
    ("count", "why"), [(-1, "-1.0"), (math.nan, "missing"), ([3, math.inf], "inf")]
)
def test_an_interval_refuses_what_is_no_count(interval, count, why):
    with pytest.raises(ValueError, match=why):
        interval(count)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan])
def test_confidence_is_a_share(confidence):
    for ask in (
        lambda: rates.poisson_interval(5, confidence),
        lambda: rates.crude_rate(5, 100, confidence=confidence),
        lambda: rates.crude_rates([5], [100], confidence=confidence),
        lambda: rates.directly_standardised_rate([50], [100], [1], confidence=confidence),
        lambda: rates.wilson_interval(5, 100, confidence),
    ):
        with pytest.raises(ValueError, match="share between 0 and 1"):
            ask()


@pytest.mark.parametrize(
    ("count", "people", "reason"),
    [
        (Count.missing(), 100, "count is missing"),
        (None, 100, "count is missing"),
        (math.nan, 100, "count is missing"),
        (Count.exact(-2), 100, "below zero"),
        (5, 0, "population is zero"),
        (5, None, "population is missing"),
        (5, math.nan, "population is missing"),
    ],
)
def test_a_rate_that_cannot_be_given_says_why(count, people, reason):
    rate = rates.crude_rate(count, people)
    assert (rate.value, rate.lower, rate.upper) == (None, None, None)
    assert reason in rate.reason


def test_negative_numbers_are_mistakes():
    with pytest.raises(ValueError, match="finite number from 0 up, but -1"):
        rates.crude_rate(-1, 100)
    with pytest.raises(ValueError, match="population is a finite number above 0, but -5"):
        rates.crude_rate(1, -5)
    with pytest.raises(ValueError, match="counts are finite numbers"):
        rates.crude_rates([1, -1], [10, 10])
    with pytest.raises(ValueError, match="populations are finite numbers"):
        rates.crude_rates([1, 1], [10, -10])


@pytest.mark.parametrize(
    ("events", "people", "reason"),
    [
        ([9, 0], [10, 10], "fewer than 10"),
        ([20, math.nan], [10, 10], "count of an age band is missing"),
        ([20, 5], [10, 0], "population of an age band is missing or zero"),
    ],
)
def test_a_standardised_rate_that_cannot_be_given_says_why(events, people, reason):
    rate = rates.directly_standardised_rate(events, people, [1, 1])
    assert (rate.value, rate.lower, rate.upper) == (None, None, None)
    assert reason in rate.reason


def test_standardising_refuses_bands_that_do_not_match():
    with pytest.raises(ValueError, match="but the standard has 19 bands"):
        rates.directly_standardised_rate([10, 10], [100, 100])
    with pytest.raises(ValueError, match="one number an age band"):
        rates.directly_standardised_rate([[10, 10]], [100, 100], [1, 1])
    with pytest.raises(ValueError, match="not all zero"):
        rates.directly_standardised_rate([10, 10], [100, 100], [0, 0])


def test_a_proportion_is_a_part_of_its_whole():
    with pytest.raises(ValueError, match="at most its denominator"):
        rates.wilson_interval(11, 10)
    with pytest.raises(ValueError, match="denominator above 0"):
        rates.wilson_interval(0, 0)


def test_an_estimate_has_a_value_or_a_reason():
    with pytest.raises(ValueError, match="either a value or the reason"):
        Estimate(None, None, None, 0.95, "Byar")
    with pytest.raises(ValueError, match="either a value or the reason"):
        Estimate(1.0, 0.5, 2.0, 0.95, "Byar", "too few")
