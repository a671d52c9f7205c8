"""Charts of the time between rare events."""

import math

import numpy as np
import pandas as pd
import pytest

from vrn_metrics.methods import rare_events, spc
from vrn_metrics.methods.limits import NO_VARIATION

GAPS = [20, 50, 3, 90, 41, 12, 66, 1, 35, 28, 101, 7, 54]


def test_the_g_chart_has_the_published_limits(golden):
    known = golden("open")["g_chart"]
    mean, median = known["mean"], known["cl_median"]
    gaps = [median - 10, median, median, 4 * mean - 3 * median + 10]
    limits = rare_events.g_chart(gaps)
    assert np.mean(gaps) == pytest.approx(mean)
    assert (limits.centre, limits.lower) == (median, 0)
    assert limits.upper == pytest.approx(known["ucl"], rel=1e-9)


def test_the_t_chart_is_single_values_on_the_transformed_gaps():
    limits = rare_events.t_chart(GAPS, screen_outliers=False)
    normal = np.array(GAPS) ** (1 / 3.6)
    sigma = np.abs(np.diff(normal)).mean() / 1.128
    assert limits.centre == pytest.approx(normal.mean() ** 3.6)
    assert limits.upper == pytest.approx((normal.mean() + 3 * sigma) ** 3.6)
    assert limits.near_upper == pytest.approx((normal.mean() + 2 * sigma) ** 3.6)
    assert limits.lower == max(normal.mean() - 3 * sigma, 0) ** 3.6 == 0


def test_two_events_of_one_day_are_half_a_day_apart():
    with_tie = [20, 50, 0, 90, 41, 12, 66, 1, 35]
    assert rare_events.without_ties(with_tie)[2] == 0.5
    half = [0.5 if gap == 0 else gap for gap in with_tie]
    assert rare_events.t_chart(with_tie) == rare_events.t_chart(half)


def test_a_g_chart_takes_a_zero_for_what_it_is():
    assert rare_events.g_chart([0, 0, 30]).upper == pytest.approx(10 + 3 * math.sqrt(110))


def test_a_long_gap_is_an_improvement_and_a_cluster_a_concern():
    gaps = [*GAPS, 2000, *([2] * 7)]
    limits = rare_events.t_chart(gaps, baseline=slice(0, 13))
    labels = spc.special_causes(gaps, limits=limits, improvement="increase")
    assert labels[13].meaning is spc.Meaning.IMPROVEMENT
    assert {label.meaning for label in labels[14:]} == {spc.Meaning.CONCERN}


@pytest.mark.parametrize("chart", [rare_events.t_chart, rare_events.g_chart])
def test_lines_of_many_series_and_of_stretches_are_those_of_each_alone(chart):
    random = np.random.default_rng(6)
    gaps = np.round(random.exponential(40, (3, 20)))
    gaps[1, 4] = math.nan
    limits = chart(gaps)
    for index in range(3):
        alone = chart(gaps[index])
        assert [limits.centre[index, 0], limits.upper[index, 0]] == [alone.centre, alone.upper]
    parts = chart(gaps[0], rebase_at=[8])
    assert parts.centre[:8].tolist() == [chart(gaps[0][:8]).centre] * 8
    assert parts.upper[8:].tolist() == [chart(gaps[0][8:]).upper] * 12
    assert parts.trial.tolist() == [True] * 8 + [False] * 12


@pytest.mark.parametrize(
    ("gaps", "reason"),
    [
        ([40], rare_events.TOO_FEW),
        ([math.nan, math.nan], rare_events.TOO_FEW),
        ([0, 0, 0], NO_VARIATION),
    ],
)
def test_too_few_gaps_give_a_reason(gaps, reason):
    limits = rare_events.g_chart(gaps)
    assert limits.reason == reason
    assert not rare_events.t_chart(gaps).usable


@pytest.mark.parametrize("chart", [rare_events.t_chart, rare_events.g_chart])
def test_a_negative_gap_is_refused(chart):
    with pytest.raises(ValueError, match="sort the dates"):
        chart([10, -3, 20])


@pytest.mark.parametrize("chart", [rare_events.t_chart, rare_events.g_chart])
def test_dates_and_times_between_them_are_not_taken_for_days(chart):
    """They would be read as nanoseconds."""
    dates = pd.Series(pd.date_range("2024-01-01", periods=14, freq="20D"))
    for given in (dates, dates.diff().dropna()):
        with pytest.raises(ValueError, match="gaps are numbers"):
            chart(given)
    assert chart(dates.diff().dropna().dt.days).centre == pytest.approx(20)


def test_false_alarms_of_a_steady_process_are_as_stated():
    """A G chart's upper limit is crossed by 2 gaps in 100, a T chart's by hardly any."""
    days = np.round(np.random.default_rng(7).exponential(60, (4_000, 36)))
    for chart, stated, within in (
        (rare_events.t_chart, 0.0015, 0.0008),
        (rare_events.g_chart, 0.016, 0.002),
    ):
        above = spc.rules(days, limits=chart(days))[spc.Rule.ABOVE_LIMIT]
        assert above.mean() == pytest.approx(stated, abs=within)
