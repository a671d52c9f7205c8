"""The method suits the size, breaks part the lines, and nothing hidden is judged."""

import json
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from tests.analyses.made_up import MadeUpStore, monthly
from vrn_metrics import charts, narrative
from vrn_metrics.analyses.attention import FALSE_DISCOVERY_RATE, attention
from vrn_metrics.analyses.divergence import divergence
from vrn_metrics.analyses.trend import trend
from vrn_metrics.analyses.trend_methods import Method
from vrn_metrics.areas import NETWORK, districts
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.exports.series import trend_json, trend_rows

HEALTH = ("vrn-admissions", "sharp-admissions", NETWORK)
POLICE = ("vrn-offences", "knife-violence", NETWORK)


def of(series, key="knife-admissions", **asked):
    return trend(MadeUpStore(series), key, **asked)


def poisson(mean, months=144, seed=1):
    return np.random.default_rng(seed).poisson(mean, months).tolist()


def test_many_a_month_are_charted_by_month():
    found = of({HEALTH: monthly(poisson(40))})
    assert found.choice.method is Method.XMR
    assert found.choice.size.months == 1
    assert len(found.figures) == 144
    assert "40" in found.choice.reason or "39" in found.choice.reason


def test_few_a_month_are_charted_by_quarter():
    """Three a month are hidden or skewed; nine a quarter are neither."""
    found = of({HEALTH: monthly([3, 2, 4] * 48)})
    assert found.choice.size.months == 3
    assert found.choice.method is Method.XMR


def test_few_a_quarter_are_tested_by_year_and_fewer_not_at_all():
    assert of({HEALTH: monthly([1, 0, 0, 1] * 36)}).choice.method is Method.YEARLY
    found = of({HEALTH: monthly(([1] + [0] * 23) * 6)})
    assert found.choice.method is Method.NONE
    assert narrative.trend_sentence(found).startswith("Too few to judge")


def test_another_method_can_be_had_and_one_that_does_not_fit_is_not_used():
    series = {HEALTH: monthly(poisson(40))}
    assert of(series, method="u-prime").chart.per == 100_000
    assert of(series, method="yearly-trend").choice.method is Method.YEARLY
    few = of({HEALTH: monthly([1, 0, 0, 1] * 36)}, method="xmr")
    assert few.choice.method is Method.YEARLY
    assert "does not fit" in few.choice.reason
    with pytest.raises(UnknownNameError, match="by-eye"):
        of(series, method="by-eye")


def test_lines_begin_anew_at_a_change_in_recording_unless_asked():
    jump = [40] * 80 + [70] * 64
    noise = np.array(poisson(5))
    series = {POLICE: monthly((np.array(jump) + noise).tolist())}
    parted = of(series, "knife-violence")
    assert parted.breaks
    assert parted.chart.starts
    whole = of(series, "knife-violence", across_breaks=True)
    assert whole.chart.starts == ()
    stands_out = [sum(c is not None for c in each.chart.causes) for each in (parted, whole)]
    assert stands_out[0] < stands_out[1]


def test_changes_are_drawn_at_both_ends_and_never_over_one_another():
    spec = charts.trend_chart(of({POLICE: monthly(poisson(40))}, "knife-violence"), "described")
    named = next(
        layer["data"]["values"]
        for layer in spec["layer"]
        if "data" in layer and "named" in str(layer)
    )
    days = [date.fromisoformat(each["when"]) for each in named]
    assert all((b - a).days > 31 for a, b in pairwise(days))
    said = "; ".join(each["named"] for each in named)
    assert "Covid-19 restrictions; " in f"{said}; "
    assert "Covid-19 restrictions: end" in said


def test_no_test_of_years_looks_across_a_break():
    counts = [40] * 58 + [80] * 86  # doubled by recording in February 2019
    found = of({POLICE: monthly(counts)}, "knife-violence")
    assert found.years.figures[0].period.start >= date(2019, 4, 1)
    assert found.years.direction.lower <= 1 <= found.years.direction.upper


def test_hidden_and_missing_points_are_never_zero_and_never_stand_out():
    counts = poisson(60)
    counts[20] = 2  # hidden: below five
    counts[70] = None
    found = of({HEALTH: monthly(counts)})
    assert found.chart.values[20] is None
    assert found.chart.causes[20] is None
    assert found.figures[20].count.is_hidden
    assert all(value is None or value > 20 for value in found.chart.values)


def test_a_rolling_year_is_shown_and_not_charted():
    found = of({HEALTH: monthly(poisson(40))})
    assert len(found.rolling) == 133
    assert all(each.period.months == 1 for each in found.figures)


def test_only_the_years_asked_for_are_looked_at():
    series = {HEALTH: monthly(poisson(40))}
    everything, three = of(series), of(series, years=3)
    assert [each.period for each in three.figures] == [
        each.period for each in everything.figures[-36:]
    ]
    assert len(three.years.points) == 3
    assert three.rolling.rows[0]["period_end"] >= three.figures[0].period.start
    assert len(three.rolling) == 36
    assert three.entry.verdict is everything.entry.verdict


def test_the_outlook_is_what_simulation_says():
    found = of({HEALTH: monthly([8] * 144)})
    seen = found.outlook
    random = np.random.default_rng(3)
    rates = random.gamma(96 + 0.5, 1.0, 200_000)
    ends = random.poisson(rates)
    expected = np.quantile(ends, [0.05, 0.25, 0.5, 0.75, 0.95])
    assert np.abs(np.array(seen.fan) - expected).max() <= 1
    assert seen.chance_below == pytest.approx(np.mean(ends < 96), abs=0.02)
    low = of({HEALTH: monthly([8] * 132 + [0] * 11 + [seen.lower_at_most])})
    assert low.entry.verdict.value == "lower"
    over = of({HEALTH: monthly([8] * 132 + [0] * 11 + [seen.lower_at_most + 1])})
    assert over.entry.verdict.value != "lower"


def test_no_data_is_an_answer_and_json_has_no_nan():
    for found in (of({}), of({HEALTH: monthly([0] * 144)}), of({HEALTH: monthly([5] * 13)})):
        text = json.dumps(trend_json(found), allow_nan=False)
        assert "NaN" not in text
        assert narrative.trend_sentence(found)
        assert trend_rows(found) is not None


def test_every_baseline_is_in_the_strip_and_covid_is_none_by_default():
    found = of({HEALTH: monthly(poisson(40))})
    assert len(found.entry.sensitivity) == 4
    assert all(each.baseline.key != "ye-2021-03" for each in found.entry.sensitivity)


def test_a_fall_of_a_fifth_at_seven_hundred_a_year_is_found():
    seen = 0
    for seed in range(30):
        random = np.random.default_rng(seed)
        counts = [*random.poisson(700 / 12, 72), *random.poisson(700 * 0.8 / 12, 72)]
        found = of({HEALTH: monthly([int(each) for each in counts])})
        seen += any(
            cause is not None and cause.meaning.value == "improvement"
            for cause in found.chart.causes[72:]
        )
    assert seen >= 27


# Hospital and police together


def test_two_that_move_alike_have_not_parted_and_two_that_do_not_have():
    series = {HEALTH: monthly([10] * 144), POLICE: monthly([60] * 144)}
    assert not divergence(MadeUpStore(series), "knife-violence").is_apart
    series[POLICE] = monthly([60] * 96 + [90] * 48)
    found = divergence(MadeUpStore(series), "knife-admissions")
    assert found.is_apart
    assert "parted" in narrative.divergence_words(found)


def test_a_measure_without_a_partner_has_nothing_beside_it():
    assert divergence(MadeUpStore({}), "robbery") is None
    assert divergence(MadeUpStore({}), "knife-violence") is None


@pytest.mark.parametrize(
    ("reporting", "least", "most"), [(1.0, 0.0, 0.08), (1.3, 0.13, 0.42), (1.6, 0.6, 0.88)]
)
def test_the_flag_is_seldom_wrong_and_grows_with_reporting(reporting, least, most):
    """100 admissions and 700 offences a year, with Monte Carlo noise; METHODS.md."""
    flags, runs = 0, 120
    for seed in range(runs):
        random = np.random.default_rng(seed)
        late = 700 * reporting / 12
        police = [*random.poisson(700 / 12, 108), *random.poisson(late, 36)]
        series = {
            HEALTH: monthly([int(n) for n in random.poisson(100 / 12, 144)]),
            POLICE: monthly([int(n) for n in police]),
        }
        flags += divergence(MadeUpStore(series), "knife-violence").is_apart
    assert least <= flags / runs <= most


# Districts to look at first


def by_district(now, then):
    """Monthly series of every district, and of the network as their sum."""
    series, total = {}, np.zeros(144, dtype=int)
    for place, district in enumerate(districts()):
        counts = np.array([then] * 108 + [now if place == 0 else then] * 36)
        series["vrn-admissions", "sharp-admissions", district.code] = monthly(counts.tolist())
        total += counts
    series[HEALTH] = monthly(total.tolist())
    return series


def test_one_that_is_worse_and_worsening_is_listed_and_the_others_are_not():
    found = attention(MadeUpStore(by_district(now=30, then=10)))
    assert {each.district.code for each in found.listed} == {districts()[0].code}
    assert found.judged >= 9
    assert len(found.cells) == 54
    assert found.expected_by_chance[0] == pytest.approx(found.judged * 0.05)


def test_with_nothing_going_on_the_list_is_mostly_empty():
    listed = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        series, total = {}, np.zeros(144, dtype=int)
        for district in districts():
            counts = random.poisson(12, 144)
            series["vrn-admissions", "sharp-admissions", district.code] = monthly(
                [int(n) for n in counts]
            )
            total += counts
        series[HEALTH] = monthly([int(n) for n in total])
        listed += bool(attention(MadeUpStore(series)).listed)
    assert listed / 40 <= 3 * FALSE_DISCOVERY_RATE  # 5% and Monte Carlo noise
