"""Verdicts follow their rule, know chance, and never say more than what is published."""

from datetime import date

import numpy as np
import pytest

from tests.analyses.made_up import LAST, PEOPLE, MadeUpStore, monthly
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.areas import NETWORK
from vrn_metrics.counts import Count, Status
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.exports.contract import scorecard_json
from vrn_metrics.measures import CATALOGUE, baselines, breaks
from vrn_metrics.periods import Period
from vrn_metrics.sources import all_readers
from vrn_metrics.store import Point

ADMISSIONS = ("vrn-admissions", "sharp-admissions", NETWORK)
KNIFE = ("vrn-offences", "knife-violence", NETWORK)
HOMICIDES = ("vrn-homicides", "homicides-nondomestic", NETWORK)


def entry(series, key="knife-admissions", **asked):
    return scorecard(MadeUpStore(series), measures=[key], **asked).entries[0]


def test_a_clear_fall_is_lower_and_its_mirror_is_higher():
    falling = [9] * 108 + [5] * 36
    assert entry({ADMISSIONS: monthly(falling)}).verdict is Verdict.LOWER
    assert entry({ADMISSIONS: monthly([14 - each for each in falling])}).verdict is Verdict.HIGHER


def test_the_same_level_is_no_clear_change_and_says_what_would_have_shown():
    found = entry({ADMISSIONS: monthly([8] * 144)})
    assert found.verdict is Verdict.NO_CLEAR_CHANGE
    assert 0.1 < found.chosen.smallest_detectable_fall < 0.5


def test_a_handful_of_events_is_too_few_to_judge():
    found = entry({ADMISSIONS: monthly([1 if step % 6 == 0 else 0 for step in range(144)])})
    assert found.verdict is Verdict.TOO_FEW


def test_a_missing_month_is_no_data_and_not_a_zero():
    counts = [8.0] * 144
    counts[-60 - 36] = None  # inside the three years before April 2019
    found = entry({ADMISSIONS: monthly(counts)})
    assert found.verdict is Verdict.NO_DATA
    assert "do not cover" in found.chosen.reason


def test_an_absent_month_moves_the_current_window_to_the_last_whole_one():
    points = monthly([8] * 144)
    del points[-5]
    found = entry({ADMISSIONS: points})
    assert found.current.period.end == date(2025, 10, 31)
    assert found.current.count == Count.exact(96)


def test_provisional_months_do_not_read_as_a_fall():
    counts = [8] * 141 + [0, 0, 0]
    found = entry({ADMISSIONS: monthly(counts, provisional=3)})
    assert found.current.period.end == date(2025, 12, 31)
    assert found.verdict is Verdict.NO_CLEAR_CHANGE


def test_a_break_between_the_periods_bars_the_comparison_unless_asked():
    points = {KNIFE: monthly([60] * 144)}
    barred = entry(points, "knife-violence", baseline_key="3y-2019-03")
    assert barred.verdict is Verdict.NOT_COMPARABLE
    assert barred.chosen.ratio is None
    assert "NDQIS" in barred.chosen.reason
    allowed = entry(points, "knife-violence", baseline_key="3y-2019-03", across_breaks=True)
    assert allowed.verdict is Verdict.NO_CLEAR_CHANGE
    assert {each.key for each in allowed.chosen.crossed} == {"recording-2017", "ndqis-2019"}


def test_hospital_figures_are_not_touched_by_the_recording_of_crime():
    found = entry({ADMISSIONS: monthly([8] * 144)}, baseline_key="selection-2018-03")
    assert found.verdict is Verdict.NO_CLEAR_CHANGE


def test_a_baseline_that_overlaps_the_current_period_is_not_comparable():
    points = monthly([8] * 48, last=date(2020, 6, 30))
    found = entry({ADMISSIONS: points}, baseline_key="ye-2020-03")
    assert found.verdict is Verdict.NOT_COMPARABLE
    assert "overlap" in found.chosen.reason


def test_homicides_pool_three_years():
    found = entry({HOMICIDES: monthly([1, 0, 1, 0] * 36)}, "homicides-nondomestic")
    assert found.current.period == Period.last_months(LAST, 36)
    assert found.current.count == Count.exact(18)
    assert found.current.rate.value == pytest.approx(18 / (3 * PEOPLE) * 1_000_000)


def test_every_named_baseline_is_tried():
    found = entry({ADMISSIONS: monthly([8] * 144)})
    assert {each.baseline.key for each in found.sensitivity} == set(baselines())
    assert found.holds_under == (4, 4)


def test_small_counts_are_hidden_before_anything_is_computed_from_them():
    counts = [0] * 141 + [1, 1, 1]
    one, four = (entry({ADMISSIONS: monthly([*counts[:-1], last])}) for last in (0, 2))
    assert one.current.count == four.current.count == Count.suppressed(1, 4)
    assert one.current.rate == four.current.rate
    assert scorecard_json(scorecard(MadeUpStore({ADMISSIONS: monthly(counts)})))  # nothing breaks
    texts = [
        str({**row, "measures": [{**each, "releases": []} for each in row["measures"]]})
        for row in (
            scorecard_json(
                scorecard(
                    MadeUpStore({ADMISSIONS: monthly([*counts[:-1], last])}),
                    measures=["knife-admissions"],
                )
            )
            for last in (0, 2)
        )
    ]
    assert texts[0] == texts[1]


def test_without_population_counts_are_compared_and_it_is_said():
    store = MadeUpStore({ADMISSIONS: monthly([9] * 108 + [5] * 36)}, people=None)
    found = scorecard(store, measures=["knife-admissions"]).entries[0]
    assert found.current.rate is None
    assert found.verdict is Verdict.LOWER
    assert any("counts are compared" in each for each in found.caveats)


def test_no_data_at_all_is_an_answer_with_a_reason():
    card = scorecard(MadeUpStore({}))
    assert {each.verdict for each in card.entries} == {Verdict.NO_DATA}
    assert all("No approved release" in each.chosen.reason for each in card.entries)


@pytest.mark.parametrize(
    "asked", [{"area": "E99"}, {"baseline_key": "last-week"}], ids=["area", "baseline"]
)
def test_unknown_names_are_refused(asked):
    with pytest.raises(UnknownNameError):
        scorecard(MadeUpStore({}), **asked)


def test_a_local_fall_no_larger_than_the_national_one_is_told_as_that():
    from vrn_metrics.areas import ENGLAND_AND_WALES
    from vrn_metrics.narrative import sentence

    local = monthly([80] * 72 + [60] * 72)
    national = [
        Point(each.period, 75 * each.lower, 75 * each.lower, Status.EXACT, False, 1)
        for each in local
    ]
    series = {
        ("vrn-offences", "robbery", NETWORK): local,
        ("ho-prc-force", "robbery", ENGLAND_AND_WALES): national,
        ("ho-prc-force", "robbery", NETWORK): local,
    }
    found = entry(series, "robbery", baseline_key="ye-2020-03")
    assert found.verdict is Verdict.LOWER
    assert found.comparator.verdict is Verdict.NO_CLEAR_CHANGE
    assert "cannot be told apart from the national change" in sentence(found)


@pytest.mark.parametrize("yearly", [6, 50, 300])
def test_with_no_true_change_lower_and_higher_stay_below_the_stated_level(yearly):
    """Poisson months at a constant mean: at 5%, at most 5% of verdicts may claim a change."""
    generator = np.random.default_rng(20260401)
    runs = 400
    claims = 0
    for _ in range(runs):
        counts = generator.poisson(yearly / 12, 144)
        claims += entry({ADMISSIONS: monthly(counts)}).verdict in (Verdict.LOWER, Verdict.HIGHER)
    noise = 2.6 * (0.05 * 0.95 / runs) ** 0.5
    assert claims / runs <= 0.05 + noise


def test_a_true_fall_of_forty_percent_at_a_hundred_a_year_is_nearly_always_seen():
    generator = np.random.default_rng(20260402)
    seen = 0
    for _ in range(100):
        counts = np.concatenate([generator.poisson(100 / 12, 120), generator.poisson(60 / 12, 24)])
        seen += entry({ADMISSIONS: monthly(counts)}).verdict is Verdict.LOWER
    assert seen >= 90


def test_the_catalogue_and_its_registers_hang_together():

    sources = {
        key: {each.key for each in reader.source.series} for key, reader in all_readers().items()
    }
    for measure in CATALOGUE.values():
        for numerator in filter(None, (*measure.numerators, measure.comparator)):
            assert numerator.series in sources[numerator.source], measure.key
        assert set(measure.baselines) == set(baselines())
    assert Period.financial_year(2020) not in {each.period for each in baselines().values()}
    assert {"recording-2017", "ndqis-2019", "covid"} <= {each.key for each in breaks()}
    for each in breaks():
        assert set(each.sources) <= set(sources), each.key
        assert each.reason
        assert each.source
