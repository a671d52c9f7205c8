"""Charts agree with NHSRplotthedots, save where it is wrong for small counts."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.methods import spc
from vrn_metrics.methods.limits import NO_RANGE, NO_VARIATION, SCREENED_AWAY
from vrn_metrics.methods.spc import Meaning, Rule

IN_R = {
    "Above UCL": Rule.ABOVE_LIMIT,
    "Below LCL": Rule.BELOW_LIMIT,
    "7 Point Trend (Increasing)": Rule.RISING,
    "7 Point Trend (Decreasing)": Rule.FALLING,
    "2 in 3 Above CL": Rule.TWO_OF_THREE_HIGH,
    "2 in 3 Below CL": Rule.TWO_OF_THREE_LOW,
    "7 Points Above CL": Rule.RUN_ABOVE,
    "7 Points Below CL": Rule.RUN_BELOW,
    "Common Cause": None,
}
MOSTLY_ZERO = [0] * 18 + [1, 0, 0, 2, 0, 0]
STEADY = [10, 12, 9, 11, 10, 13, 8, 11, 9, 12, 10, 11]
MISSING = math.nan


def charted(values, improvement="decrease", **options):
    limits = spc.process_limits(values, **options)
    return limits, spc.special_causes(values, limits=limits, improvement=improvement)


def leading(values, **options):
    """The rule that names each point."""
    return [label and label.rule for label in charted(values, **options)[1]]


def facets(case):
    """Each facet of a case as (values, rebases, expected columns)."""
    expected = {
        name: np.array(column)
        for name, column in case["expected"].items()
        if isinstance(column, list)
    }
    for facet in dict.fromkeys(case["expected"]["facet"]):
        columns = {name: each[expected["facet"] == facet] for name, each in expected.items()}
        rebase_at = np.flatnonzero(np.diff(columns["rebase_group"])) + 1
        yield columns["y"].astype(float), [int(at) for at in rebase_at], columns


def in_r(label, improvement):
    """The point type of R for one of our labels."""
    if label is None:
        return "common_cause"
    side = "_high" if label.rule.is_high else "_low"
    return f"special_cause_{label.meaning}{side if improvement == 'neutral' else ''}"


# --- beside R -------------------------------------------------------------------------------


def test_limits_and_labels_are_those_of_nhsrplotthedots(golden):
    suite = golden("ptd_spc")
    compared = 0
    for case in suite["cases"]:
        if "error" in case or case["id"] == "mostly_zero":
            continue
        options = case["args"]
        fixed = options.get("fix_after_n_points")
        improvement = options.get("improvement_direction", "increase")
        for values, rebase_at, expected in facets(case):
            limits, labels = charted(
                values,
                improvement,
                screen_outliers=options.get("screen_outliers", True),
                baseline=slice(0, fixed) if fixed else None,
                rebase_at=rebase_at,
            )
            for ours, theirs in (("centre", "mean"), ("lower", "lpl"), ("upper", "upl")):
                line = np.broadcast_to(getattr(limits, ours), values.shape)
                np.testing.assert_allclose(line, expected[theirs], **suite["tolerance"])
            rules = [label and label.rule for label in labels]
            assert rules == [IN_R[each] for each in expected["special_cause_type"]], case["id"]
            assert [in_r(each, improvement) for each in labels] == expected["point_type"].tolist()
            compared += len(values)
    assert compared > 900


def test_published_limits_screened_and_not(golden):
    screened, unscreened = golden("open")["spc_xmr"][:2]
    limits = spc.process_limits(screened["y"])
    assert limits.centre == pytest.approx(screened["mean"], rel=1e-6)
    assert [limits.lower, limits.upper] == pytest.approx([screened["lpl"], screened["upl"]])
    limits = spc.process_limits(screened["y"], screen_outliers=False)
    assert [limits.lower, limits.upper] == pytest.approx([unscreened["lpl"], unscreened["upl"]])


def test_a_baseline_of_under_twelve_points_is_refused_as_in_r(golden):
    case = next(case for case in golden("ptd_spc")["cases"] if case["id"] == "err_fix_11")
    values = case["input"]["y"]
    with pytest.raises(ValueError, match="12 or more points in a row"):
        spc.process_limits(values, baseline=slice(0, case["args"]["fix_after_n_points"]))


# --- where R is not followed ----------------------------------------------------------------


def test_a_mostly_zero_series_has_no_usable_limits_and_no_flag():
    limits, labels = charted(MOSTLY_ZERO)
    assert not limits.usable
    assert limits.reason == SCREENED_AWAY
    assert limits.lower == limits.upper == limits.centre == 0.125  # what R judges all 24 by
    assert set(labels) == {None}
    assert not any(points.any() for points in spc.rules(MOSTLY_ZERO, limits=limits).values())


def test_limits_that_screening_moves_off_most_of_the_points_are_not_usable():
    zeros_and_thirties = [0, 0, 0, 0, 1, 0, 0, 30, 0, 0, 0, 0, 31, 0, 0, 1, 0, 0, 30, 0, 0, 0, 1, 0]
    limits = spc.process_limits(zeros_and_thirties)
    assert limits.lower > 0  # every zero would be below it
    assert limits.reason == SCREENED_AWAY


@pytest.mark.parametrize("screened", [True, False])
@pytest.mark.parametrize("value", [0, 5, 0.1])
def test_a_constant_series_has_no_usable_limits(value, screened):
    limits, labels = charted([value] * 20, screen_outliers=screened)
    assert limits.centre == value
    assert limits.reason == NO_VARIATION
    assert set(labels) == {None}


@pytest.mark.parametrize("values", [[4], [4, MISSING], [4, MISSING, 5], [MISSING] * 3])
def test_without_two_neighbours_there_are_no_limits(values):
    limits, labels = charted(values)
    assert limits.reason == NO_RANGE
    assert math.isnan(limits.upper)
    assert set(labels) == {None}


@pytest.mark.parametrize(
    "values", [[10, 12, None, 11], pd.Series([10, 12, None, 11], dtype="Int64")]
)
def test_a_missing_point_may_be_none_or_that_of_pandas(values):
    assert spc.process_limits(values) == spc.process_limits([10, 12, MISSING, 11])


def test_a_missing_point_is_not_zero_and_makes_no_range():
    values = [10, 12, MISSING, 30, 32, 30]
    limits = spc.process_limits(values, screen_outliers=False)
    assert limits.centre == pytest.approx(114 / 5)
    assert limits.upper - limits.centre == pytest.approx(2.66 * 2)  # not 18 over the gap


def runs_above(values):
    """At how many points the rule of seven holds, whichever rule names them."""
    limits = spc.process_limits(values, screen_outliers=False)
    return int(spc.rules(values, limits=limits)[Rule.RUN_ABOVE].sum())


def test_a_missing_point_breaks_a_run():
    """NHSRplotthedots issue 156: one NA made five points a signal."""
    high, low = [11, 12] * 3, [8, 9] * 4
    run = [*high, 11, *low]
    assert runs_above(run) == 7
    assert runs_above([*high, MISSING, *low]) == 0
    assert runs_above([*high, MISSING, 11, *low]) == 0  # seven with the gap between


def test_a_missing_point_breaks_a_trend_and_a_group_of_three():
    limits = spc.process_limits(STEADY)
    rising = [8, 8.5, 9, 9.5, MISSING, 10, 10.5, 11]
    assert not spc.rules(rising, limits=limits)[Rule.RISING].any()
    close = limits.upper - 0.1
    joined = spc.rules([10, close, 11, close, 10], limits=limits)[Rule.TWO_OF_THREE_HIGH]
    assert joined.tolist() == [False, True, False, True, False]
    parted = spc.rules([10, close, MISSING, close, 10], limits=limits)[Rule.TWO_OF_THREE_HIGH]
    assert not parted.any()


@given(
    st.lists(st.one_of(st.integers(0, 30), st.just(MISSING)), min_size=1, max_size=40),
    st.booleans(),
)
def test_missing_points_are_never_labelled_and_lines_never_fail(values, screened):
    limits, labels = charted(values, screen_outliers=screened)
    assert all(label is None for value, label in zip(values, labels, strict=True) if value != value)
    assert limits.usable == (limits.reason is None)
    assert not limits.usable or limits.lower < limits.centre < limits.upper


# --- the rules ------------------------------------------------------------------------------


def test_a_point_on_the_mean_breaks_a_run():
    assert runs_above([12, 14] * 3 + [12] + [8, 6, 8, 6, 8, 6, 8]) == 7
    with_one_on_it = [12, 14, 12, 10, 12, 14, 12, 8, 6, 8, 10, 6, 8, 8]
    assert np.mean(with_one_on_it) == 10
    assert runs_above(with_one_on_it) == 0


def test_rounding_does_not_put_a_point_beside_the_mean():
    values = [0.3, 0.1, 0.2, 0.3, 0.4, 0.5] * 4
    limits = spc.process_limits(values)
    assert not math.isnan(limits.centre)
    sides = spc.rules([limits.centre * (1 + 1e-15)] * 7, limits=limits)
    assert not sides[Rule.RUN_ABOVE].any()


def test_six_steps_make_a_trend_and_a_tie_ends_it():
    limits = spc.process_limits(STEADY)
    trend = [8, 8.5, 9, 9.5, 10, 10.5, 11]
    assert spc.rules(trend, limits=limits)[Rule.RISING].all()
    assert not spc.rules(trend[:6], limits=limits)[Rule.RISING].any()
    assert not spc.rules([8, 8.5, 9, 9, 9.5, 10, 10.5], limits=limits)[Rule.RISING].any()


def test_a_turning_point_belongs_to_the_trend_that_follows():
    limits = spc.process_limits(STEADY, screen_outliers=False)
    up = [8, 8.5, 9, 9.5, 10, 10.5, 11]
    peak = spc.special_causes(up + up[-2::-1], limits=limits)
    assert [label.rule for label in peak] == [Rule.RISING] * 6 + [Rule.FALLING] * 7
    trough = spc.special_causes(up[::-1] + up[1:], limits=limits)
    assert [label.rule for label in trough] == [Rule.FALLING] * 6 + [Rule.RISING] * 7


def test_two_of_three_counts_only_points_that_are_inside_and_on_one_side():
    """NHSRplotthedots issues 143 and 153."""
    limits = spc.process_limits(STEADY)
    near, far, low = limits.upper - 0.1, limits.upper + 0.1, limits.centre - 0.1
    rule = Rule.TWO_OF_THREE_HIGH
    assert spc.rules([near, near, limits.centre + 0.1], limits=limits)[rule][:2].all()
    assert not spc.rules([near, low, near], limits=limits)[rule].any()
    assert not spc.rules([near, far, limits.centre + 0.1], limits=limits)[rule].any()


def test_labels_take_the_first_rule_and_rules_gives_them_all():
    limits = spc.process_limits(STEADY)
    climb = np.linspace(limits.centre + 0.1, limits.upper + 0.5, 8)
    labels = spc.special_causes(climb, limits=limits)
    assert labels[-1].rule is Rule.ABOVE_LIMIT
    assert labels[-2].rule is Rule.RISING  # before two of three, before the run
    held = {rule for rule, points in spc.rules(climb, limits=limits).items() if points[-2]}
    assert held == {Rule.RISING, Rule.RUN_ABOVE, Rule.TWO_OF_THREE_HIGH}


@pytest.mark.parametrize(
    ("improvement", "meaning"),
    [
        ("decrease", Meaning.CONCERN),
        ("increase", Meaning.IMPROVEMENT),
        ("neutral", Meaning.NEUTRAL),
    ],
)
def test_what_a_high_point_means_is_the_callers_to_say(improvement, meaning):
    labels = charted([*STEADY, 60], improvement, baseline=slice(0, 12))[1]
    assert labels[-1] == f"{meaning}: above the upper limit"
    assert (labels[-1].meaning, labels[-1].rule) == (meaning, Rule.ABOVE_LIMIT)


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="improvement is 'decrease'"):
        charted(STEADY, "lower")


def test_every_label_splits_into_its_meaning_and_its_rule():
    assert {(each.meaning, each.rule) for each in spc.SpecialCause} == {
        (meaning, rule) for meaning in Meaning for rule in Rule
    }


# --- baseline and rebase --------------------------------------------------------------------


def test_a_frozen_baseline_does_not_move_with_later_points():
    limits, labels = charted([*STEADY, 40, 41, 42], baseline=slice(0, 12))
    alone = spc.process_limits(STEADY)
    assert (limits.centre, limits.lower, limits.upper) == (alone.centre, alone.lower, alone.upper)
    assert [label.rule for label in labels[-3:]] == [Rule.ABOVE_LIMIT] * 3


def test_a_rebase_gives_each_stretch_its_own_lines_and_no_rule_looks_across():
    shifted = [value + 20 for value in STEADY]
    limits, labels = charted([*STEADY, *shifted], rebase_at=[12])
    assert limits.starts == (0, 12)
    assert limits.centre.tolist() == pytest.approx([10.5] * 12 + [30.5] * 12)
    assert set(labels) == {None}
    across = spc.rules(np.arange(24.0), limits=spc.process_limits(np.arange(24.0), rebase_at=[6]))
    assert not across[Rule.RISING][:6].any()
    assert across[Rule.RISING][6:].all()


def test_nothing_rebases_by_itself():
    limits = spc.process_limits([*STEADY, *(value + 20 for value in STEADY)])
    assert limits.starts == (0,)
    assert isinstance(limits.centre, float)


def test_a_baseline_freezes_its_own_stretch_only():
    values = [*STEADY, 60, 61, *(value + 20 for value in STEADY)]
    limits = spc.process_limits(values, baseline=slice(0, 12), rebase_at=[14])
    assert limits.centre[13] == pytest.approx(10.5)
    assert limits.centre[14] == pytest.approx(30.5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"baseline": slice(0, 24, 2)}, "in a row"),
        ({"baseline": slice(6, 18), "rebase_at": [12]}, "across a rebase"),
        ({"rebase_at": [24]}, "rising positions"),
        ({"rebase_at": [12, 6]}, "rising positions"),
        ({"rebase_at": [-3]}, "rising positions"),
    ],
)
def test_a_baseline_or_rebase_that_does_not_fit_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        spc.process_limits(STEADY * 2, **options)


@pytest.mark.parametrize(
    "values",
    [
        5,
        [],
        [1, math.inf],
        [1, pd.NA, 3],
        [10**400, 1],
        ["1", "2", "3"],
        [1j, 2],
        pd.date_range("2024-01-01", periods=14),
    ],
)
def test_what_is_no_series_is_refused(values):
    with pytest.raises(ValueError, match="values are"):
        spc.process_limits(values)


def test_limits_from_under_twelve_known_points_are_trial_limits():
    assert spc.process_limits(STEADY[:11]).trial
    assert not spc.process_limits(STEADY).trial
    assert spc.process_limits([*STEADY[:11], MISSING]).trial
    assert spc.process_limits(STEADY * 2, rebase_at=[4]).trial.tolist() == [True] * 4 + [False] * 20


# --- many series at once --------------------------------------------------------------------


def test_many_series_at_once_are_each_as_alone():
    random = np.random.default_rng(4)
    values = random.poisson(random.uniform(0.1, 20, (40, 5, 1)), (40, 5, 30)).astype(float)
    values[random.random(values.shape) < 0.05] = MISSING
    limits, labels = charted(values)
    assert 0 < np.mean(limits.usable) < 1
    for index in np.ndindex(40, 5):
        alone, alone_labels = charted(values[index])
        np.testing.assert_array_equal(limits.upper[index], alone.upper)
        assert limits.reason[index][0] == alone.reason
        assert labels[index].tolist() == alone_labels.tolist()


# --- rates ----------------------------------------------------------------------------------


def test_u_limits_are_three_poisson_sigmas_round_the_pooled_rate():
    counts, people = np.array([30.0, 42, 25, 38, 50]), np.array([1.0, 1.2, 0.9, 1.1, 1.4])
    limits = spc.u_chart(counts, people)
    centre = counts.sum() / people.sum()
    assert limits.centre == pytest.approx(centre)
    np.testing.assert_allclose(limits.upper, centre + 3 * np.sqrt(centre / people))
    np.testing.assert_allclose(limits.near_lower, centre - 2 * np.sqrt(centre / people))


def test_u_prime_limits_are_widened_by_the_moving_range_of_the_scaled_rates():
    counts, people = np.array([30.0, 82, 25, 78, 50]), np.array([1.0, 1.2, 0.9, 1.1, 1.4])
    narrow, wide = spc.u_chart(counts, people), spc.u_prime_chart(counts, people)
    scaled = (counts / people - narrow.centre) / np.sqrt(narrow.centre / people)
    factor = np.abs(np.diff(scaled)).mean() / 1.128
    assert factor > 1
    np.testing.assert_allclose(
        wide.upper - wide.centre, factor * (narrow.upper - narrow.centre), rtol=1e-12
    )


def test_a_missing_count_or_population_is_left_out_and_unlabelled():
    counts = [30, MISSING, 25, 38, 300]
    people = [1.0, 1.2, 0.9, MISSING, 1.0]
    limits = spc.u_chart(counts, people, baseline=None)
    assert limits.centre == pytest.approx(355 / 2.9)
    rates = np.array(counts) / np.array(people)
    labels = spc.special_causes(rates, limits=limits)
    assert labels[1] is None
    assert labels[3] is None
    assert labels[4].rule is Rule.ABOVE_LIMIT


def test_no_lower_limit_of_a_rate_is_below_zero():
    limits = spc.u_prime_chart([1, 0, 2, 0, 1, 3], [1.0] * 6)
    assert (np.array(limits.lower) == 0).all()


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([0, 0, 0], "there are no events"),
        ([3, -1, 2], "a count is below zero"),
        ([MISSING] * 3, "no point has both a count and a population"),
    ],
)
@pytest.mark.parametrize("chart", [spc.u_chart, spc.u_prime_chart])
def test_counts_without_a_rate_give_a_reason(chart, counts, reason):
    limits = chart(counts, [1.0, 1.0, 1.0])
    assert limits.reason == reason
    assert not limits.usable


def test_a_population_of_zero_is_refused():
    with pytest.raises(ValueError, match="exposures are numbers above 0"):
        spc.u_chart([1, 2], [1.0, 0])


# --- how often a steady series is flagged ---------------------------------------------------


def flagged(values, limits):
    """The share of points, and of series, that are labelled."""
    labelled = np.not_equal(spc.special_causes(values, limits=limits), None)
    return labelled.mean(), labelled.any(axis=-1).mean()


def test_false_alarms_of_a_steady_poisson_series_are_as_stated():
    values = np.random.default_rng(1).poisson(12, (5_000, 36)).astype(float)
    points, series = flagged(values, spc.process_limits(values))
    assert points == pytest.approx(0.050, abs=0.003)
    assert series == pytest.approx(0.32, abs=0.025)
    points, series = flagged(values, spc.process_limits(values, screen_outliers=False))
    assert points == pytest.approx(0.048, abs=0.003)
    assert series == pytest.approx(0.29, abs=0.025)


def test_overdispersed_rates_need_the_prime_chart():
    random = np.random.default_rng(2)
    values = random.negative_binomial(10, 10 / 70, (5_000, 36)).astype(float)
    people = np.ones(36)
    points, _ = flagged(values, spc.u_chart(values, people))
    assert points > 0.25
    points, series = flagged(values, spc.u_prime_chart(values, people))
    assert points == pytest.approx(0.054, abs=0.004)
    assert series == pytest.approx(0.36, abs=0.025)


def test_false_alarms_of_a_steady_overdispersed_series_are_as_stated():
    values = np.random.default_rng(4).negative_binomial(10, 10 / 22, (5_000, 36)).astype(float)
    points, series = flagged(values, spc.process_limits(values))
    assert points == pytest.approx(0.056, abs=0.004)
    assert series == pytest.approx(0.40, abs=0.03)


@pytest.mark.parametrize(("expected", "stated"), [(0.3, 0.26), (1, 0.13), (3, 0.067)])
def test_small_counts_are_flagged_far_more_often_and_belong_elsewhere(expected, stated):
    """Most points of a skewed series lie below its mean: runs of seven come by themselves."""
    values = np.random.default_rng(5).poisson(expected, (5_000, 36)).astype(float)
    points, _ = flagged(values, spc.process_limits(values))
    assert points == pytest.approx(stated, rel=0.08)


def found_better(values):
    """The share of series with an improvement after their baseline of 24 points."""
    labels = charted(values, baseline=slice(0, 24))[1]
    return np.mean(
        [any(each and each.meaning is Meaning.IMPROVEMENT for each in row[24:]) for row in labels]
    )


def test_a_fall_of_a_fifth_at_700_a_year_is_found_within_a_year():
    expected = np.repeat([700 / 12, 0.8 * 700 / 12], [24, 12])
    values = np.random.default_rng(3).poisson(expected, (2_000, 36)).astype(float)
    assert found_better(values) > 0.93
    steady = np.random.default_rng(3).poisson(700 / 12, (2_000, 36)).astype(float)
    assert found_better(steady) == pytest.approx(0.12, abs=0.025)  # what that is to be set against
