"""Difference-in-differences agrees with R, whatever the convention of its errors."""

import itertools

import numpy as np
import pytest
from scipy import special, stats

from tests.methods.synthetic_panels import california, golden, table
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods import difference, difference_counts
from vrn_metrics.methods._few_clusters import WEBB, wild_bootstrap


def panel43():
    values, units, _ = table("data/did_panel43.csv", "unit", "q", "rate")
    return values, [units.index(str(unit)) for unit in range(1, 9)]


def test_the_effect_and_its_errors_under_every_convention():
    """R with HC1 .9063, linearmodels .8959, diff-diff .8849, HC0 .8740: one panel, -1.7445."""
    values, treated = panel43()
    found = difference.fit(values, treated=treated, pre_periods=20)
    assert round(found.att, 4) == -1.7445
    assert {name: round(error, 4) for name, error in found.standard_errors.items()} == {
        "CR0": 0.8740,
        "CR1, unit and period dummies counted": 0.9063,
        "CR1, dummies not counted": 0.8849,
        "rows over degrees of freedom only": 0.8959,
    }
    assert not found.notes


def test_the_event_study_is_r_s():
    values, treated = panel43()
    found = difference.fit(values, treated=treated, pre_periods=20).event_study
    expected = golden("did")["event_study_43x40"]["expected"]
    places = [20 + relative for relative in expected["rel"]]
    assert found.coefficients[places] == pytest.approx(expected["coef"], rel=1e-7, abs=1e-9)
    assert found.coefficients[found.reference] == 0


def test_counts_are_r_s_poisson_with_unit_and_period_dummies():
    values, units, _ = table("data/did_panel43.csv", "unit", "q", "y")
    people, _, _ = table("data/did_panel43.csv", "unit", "q", "pop")
    treated = [units.index(str(unit)) for unit in range(1, 9)]
    found = difference_counts.fit(values, people, treated=treated, pre_periods=20)
    expected = golden("did")["poisson_did_43x40"]["expected"]
    assert np.log(found.value) == pytest.approx(expected["log_irr"], rel=1e-7)
    assert found.log_error == pytest.approx(expected["se_model"], rel=1e-7)
    assert found.clustered_log_error == pytest.approx(expected["se_cluster_HC0"], rel=1e-7)


def test_california_s_published_difference():
    """Arkhangelsky et al., Table 1: -27.3."""
    values, _, before, own = california()
    found = difference.fit(values, treated=own, pre_periods=before)
    assert round(found.att, 3) == -27.349
    assert any("far too small" in note for note in found.notes)
    assert found.wild.p_value is None
    assert "two clusters or more" in found.wild.reason
    assert found.welch.p_value is None


def test_permutation_goes_through_every_choice_of_units():
    random = np.random.default_rng(1)
    values = random.normal(size=(6, 7))
    found = difference.fit(values, treated=[0, 1], pre_periods=3)
    changes = values[3:].mean(axis=0) - values[:3].mean(axis=0)
    as_far = 0
    for pair in itertools.combinations(range(7), 2):
        rest = [unit for unit in range(7) if unit not in pair]
        contrast = changes[list(pair)].mean() - changes[rest].mean()
        as_far += abs(contrast) >= abs(found.att) - 1e-12
    assert found.p_value == pytest.approx(as_far / 21)
    assert (found.rank, found.choices, found.is_enumerated) == (as_far, 21, True)


def test_the_interval_holds_exactly_what_the_permutation_does_not_reject():
    random = np.random.default_rng(2)
    values = random.normal(size=(10, 12))
    values[5:, :3] += 2
    found = difference.fit(values, treated=[0, 1, 2], pre_periods=5)

    def p_value(effect):
        without = values.copy()
        without[5:, :3] -= effect
        return difference.fit(without, treated=[0, 1, 2], pre_periods=5).p_value

    assert found.lower < found.att < found.upper
    for end, inward in ((found.lower, 1), (found.upper, -1)):
        assert p_value(end + inward * 1e-6) > 0.05
        assert p_value(end - inward * 1e-6) <= 0.05


def test_one_of_nineteen_donors_can_be_rejected_and_one_of_eighteen_cannot():
    """Nineteen donors give 1/20; eighteen 1/19, so that no effect is out of the interval."""
    random = np.random.default_rng(3)
    values = random.normal(size=(8, 20))
    values[4:, 0] += 50
    found = difference.fit(values, treated=0, pre_periods=4)
    assert found.p_value == found.smallest_p_value == 0.05
    assert 0 < found.lower < 50 < found.upper
    fewer = difference.fit(values[:, :19], treated=0, pre_periods=4)
    assert fewer.p_value == fewer.smallest_p_value == pytest.approx(1 / 19)
    assert (fewer.lower, fewer.upper) == (None, None)


def test_the_wild_bootstrap_goes_through_all_signs_or_all_of_webb_s_weights():
    random = np.random.default_rng(4)
    changes, treated = random.normal(size=5), np.array([True, True, False, False, False])
    found = wild_bootstrap(changes, treated)
    assert found.scheme == "Webb, enumerated"

    def t_of(values):
        one, other = values[treated], values[~treated]
        return (one.mean() - other.mean()) / np.sqrt(one.var() / 2 + other.var() / 3)

    residuals, own = changes - changes.mean(), abs(t_of(changes))
    drawn = [abs(t_of(residuals * np.array(each))) for each in itertools.product(WEBB, repeat=5)]
    expected = np.mean(np.array(drawn) >= own * (1 - 1e-9))
    assert found.p_value == pytest.approx(expected)
    many = wild_bootstrap(random.normal(size=10), np.arange(10) < 5)
    assert many.scheme == "Rademacher, enumerated"
    assert (many.p_value * 1024) % 1 == 0
    assert wild_bootstrap(random.normal(size=30), np.arange(30) < 9).scheme == "Rademacher, drawn"


def test_welch_is_welch():
    random = np.random.default_rng(5)
    values = random.normal(size=(6, 11))
    found = difference.fit(values, treated=range(4), pre_periods=3)
    expected = stats.ttest_ind(found.changes[:4], found.changes[4:], equal_var=False)
    assert found.welch.p_value == pytest.approx(expected.pvalue)
    assert found.welch.degrees == pytest.approx(expected.df)
    interval = expected.confidence_interval(0.95)
    assert (found.welch.lower, found.welch.upper) == pytest.approx(tuple(interval))


def test_a_trend_before_the_start_is_seen():
    random = np.random.default_rng(6)
    values = random.normal(0, 0.1, (12, 25))
    values[:, 0] += np.arange(12)
    found = difference.fit(values, treated=0, pre_periods=8)
    assert found.event_study.pre_trend_p_value == pytest.approx(1 / 25)


def test_counts_without_events_on_a_side_say_so():
    people = np.full((4, 3), 1e5)
    counts = np.array([[3, 5, 6], [2, 6, 5], [0, 7, 6], [0, 4, 5]])
    found = difference_counts.fit(counts, people, treated=0, pre_periods=2)
    assert found.value is None
    assert "no events" in found.reason
    with pytest.raises(VrnMetricsError, match="exposures above 0"):
        difference_counts.fit(counts, people * 0, treated=0, pre_periods=2)


@pytest.mark.parametrize(
    ("panel", "treated", "before", "said"),
    [
        ([[1, 2], [3, np.nan]], 0, 1, "unit 1, period 1"),
        ([[1, 2], [3, 4]], [0, 1], 1, "not treated"),
        ([[1, 2], [3, 4]], [], 1, "at least one treated"),
        ([[1, 2], [3, 4]], 5, 1, "0 to 1"),
        ([[1, 2], [3, 4]], "Leicestershire", 1, "found 'Leicestershire'"),
        ([[1, 2], [3, 4]], 0, 2, "from the start on"),
        ([1, 2, 3], 0, 1, "one row a period"),
    ],
)
def test_unusable_panels_are_refused(panel, treated, before, said):
    with pytest.raises(VrnMetricsError, match=said):
        difference.fit(panel, treated=treated, pre_periods=before)


def test_a_clustered_t_of_one_treated_unit_is_no_test():
    """Why it is not offered: on panels without any effect it rejects most of the time."""
    random = np.random.default_rng(7)
    rejected = 0
    for _ in range(200):
        found = difference.fit(random.normal(size=(8, 20)), treated=0, pre_periods=4)
        error = found.standard_errors[difference.CR1]
        rejected += 2 * special.stdtr(19, -abs(found.att) / error) <= 0.05
    assert rejected > 60
