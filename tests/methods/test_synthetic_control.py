"""Synthetic controls agree with exact solvers and published studies, and say what is odd."""

import numpy as np
import pytest

from tests.methods.synthetic_panels import california, golden, table, wide
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods import synthetic_control, synthetic_predictors


def exact(name):
    """Periods by units, names, periods before the start, the treated unit, and what is right."""
    case = golden("scm_exact")[name]
    if name.startswith("prop99"):
        values, units, before, own = california()
    else:
        rows, header = wide("data/scm_panel43x60.csv")
        values, units, before, own = rows[:, 1:], header[1:], 40, 0
    return values, units, before, own, case["expected"]


@pytest.fixture(params=["prop99_outcome_only", "forces_43x60"])
def study(request):
    return exact(request.param)


def test_weights_gap_and_errors_are_those_of_an_exact_solver(study):
    values, units, before, own, expected = study
    donors = [unit for place, unit in enumerate(units) if place != own]
    found = synthetic_control.fit(
        values[:, own], np.delete(values, own, axis=1), pre_periods=before
    )
    weights = [expected["weights"].get(unit, 0) for unit in donors]
    assert found.weights == pytest.approx(weights, abs=1e-6)
    assert found.gap == pytest.approx(expected["gap"], rel=1e-6)
    assert found.att == pytest.approx(expected["att"], rel=1e-6)
    assert found.pre_rmspe == pytest.approx(expected["pre_rmspe"], rel=1e-6)
    assert found.post_rmspe == pytest.approx(expected["post_rmspe"], rel=1e-6)
    assert found.cumulative == pytest.approx(expected["cumulative_effect"], rel=1e-6)
    assert found.unique_weights
    assert found.fits
    assert found.certificate.stationarity < 1e-12
    assert found.certificate.dual > 0


@pytest.mark.parametrize("pool", ["treated_excluded_from_pool", "treated_included_in_pool"])
def test_placebos_ranks_and_filters_are_those_of_an_exact_solver(study, pool):
    values, units, before, own, expected = study
    want = expected["placebo"][pool]
    test = synthetic_control.placebo_test(
        values,
        treated=own,
        pre_periods=before,
        treated_in_pools=pool == "treated_included_in_pool",
    )
    names = [units[place] for place in test.donors]
    order = [names.index(unit) for unit in want["units"]]
    assert test.pre_rmspes[order] == pytest.approx(want["pre_rmspe"], rel=1e-6)
    assert test.atts[order] == pytest.approx(want["att"], rel=1e-6)
    assert test.ratios[order] == pytest.approx(want["ratio"], rel=1e-6)
    assert test.unique[order].tolist() == want["unique"]
    assert test.ratio == pytest.approx(want["treated_ratio"], rel=1e-6)
    assert test.rank == want["rank_ratio"]
    assert test.p_value == want["p_ratio"]
    assert test.p_value_att == want["p_att_two_sided"]
    assert test.p_value_lower == want["p_att_lower"]
    for filtered in test.filters:
        times = f"{filtered.times:g}x"
        assert filtered.kept == want[f"n_{times}"]
        assert filtered.p_value == want[f"p_ratio_excluding_pre_mspe_over_{times}"]
    assert test.smallest_p_value == 1 / len(units)


def test_leaving_one_donor_out_and_placebos_in_time_are_those_of_an_exact_solver(study):
    values, units, before, own, expected = study
    others = np.delete(values, own, axis=1)
    donors = [unit for place, unit in enumerate(units) if place != own]
    left = synthetic_control.leave_one_out(values[:, own], others, pre_periods=before)
    named = dict(zip([donors[place] for place in left.donors], left.atts, strict=True))
    assert named == pytest.approx(expected["leave_one_out"], rel=1e-6)
    want = expected["in_time_placebo"]
    (found,) = synthetic_control.placebo_in_time(
        values[:, own], others, pre_periods=before, starts=[want["pseudo_t0_index"]]
    )
    assert found.att == pytest.approx(want["att_between"], rel=1e-6)
    assert found.pre_rmspe == pytest.approx(want["pre_rmspe"], rel=1e-6)


def test_california_s_published_figures():
    """Outcome-only: ATT -19.514, gap of 2000 -26.597, rank 3 of 39 (Proposition 99)."""
    values, states, before, own = california()
    found = synthetic_control.fit(
        values[:, own], np.delete(values, own, axis=1), pre_periods=before
    )
    assert round(found.att, 3) == -19.514
    assert round(found.gap[-1], 3) == -26.597
    test = synthetic_control.placebo_test(values, treated=own, pre_periods=before)
    assert (test.rank, len(states), round(test.p_value, 4)) == (3, 39, 0.0769)
    published = {
        "Utah": 0.334,
        "Nevada": 0.234,
        "Montana": 0.199,
        "Colorado": 0.164,
        "Connecticut": 0.069,
    }
    donors = [state for state in states if state != "California"]
    theirs = synthetic_control.with_weights(
        values[:, own],
        np.delete(values, own, axis=1),
        [published.get(state, 0) for state in donors],
        pre_periods=before,
    )
    assert theirs.att == pytest.approx(-18.970, abs=5e-3)
    assert theirs.pre_rmspe == pytest.approx(1.758, abs=1e-3)
    assert found.pre_rmspe < theirs.pre_rmspe


def test_the_made_up_panel_gives_back_its_weights_and_effect():
    rows, _ = wide("scm_synthetic.csv")
    found = synthetic_control.fit(rows[:, 1], rows[:, 2:], pre_periods=16)
    assert found.weights == pytest.approx([0.5, 0.3, 0.2, 0, 0, 0], abs=2e-6)  # six decimals
    assert found.att == pytest.approx(-2.0, abs=1e-6)
    assert found.pre_rmspe < 1e-6


def basque():
    values, regions, years = table("data/basque.csv", "regionname", "year", "gdpcap")
    own = regions.index("Basque Country (Pais Vasco)")
    donors = [
        place for place, region in enumerate(regions) if place != own and "Espana" not in region
    ]
    return values, regions, years, own, donors


def test_the_basque_country_s_published_weights_give_its_published_effect():
    """Cataluña .8508, Madrid .1492: -.6996 over 1975 to 1997 (Abadie and Gardeazabal)."""
    values, regions, years, own, donors = basque()
    published = {"Cataluna": 0.850823, "Madrid (Comunidad De)": 0.149177}
    found = synthetic_control.with_weights(
        values[:, own],
        values[:, donors],
        [published.get(regions[place], 0) for place in donors],
        pre_periods=years.index(1975),
    )
    assert found.att == pytest.approx(-0.69956, abs=1e-5)


def test_the_search_for_importances_says_that_the_published_answer_is_one_of_several():
    """The published weights are a local optimum: other starts fit twice as well."""
    values, _, years, own, donors = basque()
    predictors = []
    school = [
        table("data/basque.csv", "regionname", "year", f"school.{level}")[0]
        for level in ("illit", "prim", "med", "high", "post.high")
    ]
    sixties = slice(years.index(1964), years.index(1970))
    levels = np.array([each[sixties].mean(axis=0) for each in school])
    levels = np.vstack([levels[:3], levels[3] + levels[4]])
    predictors += list(100 * levels / levels.sum(axis=0))
    for column, first, last in (
        ("invest", 1964, 1969),
        ("gdpcap", 1960, 1969),
        ("sec.agriculture", 1961, 1969),
        ("sec.energy", 1961, 1969),
        ("sec.industry", 1961, 1969),
        ("sec.construction", 1961, 1969),
        ("sec.services.venta", 1961, 1969),
        ("sec.services.nonventa", 1961, 1969),
        ("popdens", 1969, 1969),
    ):
        outcome = table("data/basque.csv", "regionname", "year", column)[0]
        window = slice(years.index(first), years.index(last) + 1)
        predictors.append(np.nanmean(outcome[window], axis=0))
    rows = np.array(predictors)
    found = synthetic_predictors.fit(
        values[:, own],
        values[:, donors],
        pre_periods=years.index(1970),
        predictors=rows[:, own],
        donor_predictors=rows[:, donors],
        importance="search",
        loss_periods=range(years.index(1960), years.index(1970)),
    )
    published = golden("scm_classics")["basque_AG2003_synth_vignette"]["expected"]
    assert found.loss <= published["loss_v"] * 1.0001
    assert found.loss < 0.0044
    assert any(  # one start ends where the paper did
        loss == pytest.approx(published["loss_v"], rel=0.03)
        and att == pytest.approx(published["att_1970_97"], rel=0.03)
        for loss, att in zip(found.losses, found.atts, strict=True)
    )
    low, high = found.att_range
    assert low <= found.control.att <= high


def test_given_importances_are_used_as_given():
    random = np.random.default_rng(1)
    series = random.normal(10, 1, (12, 5))
    predictors = synthetic_predictors.averages(series, [range(4), range(4, 8)])
    only_first = synthetic_predictors.fit(
        series[:, 0],
        series[:, 1:],
        pre_periods=8,
        predictors=predictors[:, 0],
        donor_predictors=predictors[:, 1:],
        importance=[1, 0],
    )
    weights = only_first.control.weights
    reachable = np.clip(predictors[0, 0], predictors[0, 1:].min(), predictors[0, 1:].max())
    assert weights @ predictors[0, 1:] == pytest.approx(reachable)


NAN = [[1.0, 2.0], [np.nan, 3.0], [2.0, 4.0]]


@pytest.mark.parametrize(
    ("treated", "donors", "before", "said"),
    [
        ([1, 2, 3], NAN, 2, "donor 0, period 1"),
        ([1, np.nan, 3], [[1], [2], [3]], 2, "the treated unit, period 1"),
        ([1, 2, 3], [[1, 2, 3], [4, 5, 6]], 2, "turn the donors round"),
        ([1, 2, 3], [[], [], []], 2, "at least one donor"),
        ([1, 2, 3], [[1], [2], [3]], 0, "1 to 3 periods"),
        ([1, 2, 3], [[1], [2], [3]], 4, "1 to 3 periods"),
        ([1, 2, 3], [[1], [2], [3]], 1.5, "number of periods"),
        (["a", "b"], [[1], [2]], 1, "numbers"),
        ([1, 2, np.inf], [[1], [2], [3]], 2, "found none"),
    ],
)
def test_unusable_numbers_are_refused_with_their_place(treated, donors, before, said):
    with pytest.raises(VrnMetricsError, match=said):
        synthetic_control.fit(treated, donors, pre_periods=before)


def test_a_suppressed_donor_is_never_taken_for_zero():
    panel = np.arange(40.0).reshape(10, 4)
    panel[3, 2] = np.nan
    with pytest.raises(VrnMetricsError, match=r"unit 2, period 3.*not zero"):
        synthetic_control.placebo_test(panel, treated=0, pre_periods=6)


def test_one_donor_constant_series_and_no_period_since_are_said():
    one = synthetic_control.fit([3, 4, 5], [[1], [2], [3]], pre_periods=2)
    assert one.weights.tolist() == [1.0]
    assert any("one donor" in note for note in one.notes)
    flat = synthetic_control.fit([5, 5, 5, 5], [[5, 1], [5, 2], [5, 3], [5, 1]], pre_periods=3)
    assert flat.pre_rmspe == 0
    assert {"the treated unit does not vary before the start"} <= set(flat.notes)
    before_only = synthetic_control.fit([1, 2], [[1, 3], [2, 5]], pre_periods=2)
    assert before_only.att is None
    assert before_only.rmspe_ratio is None
    with pytest.raises(VrnMetricsError, match="at least one period from the start on"):
        synthetic_control.placebo_test([[1, 2, 3], [2, 3, 4]], treated=0, pre_periods=2)
    with pytest.raises(VrnMetricsError, match="at least 2 beside"):
        synthetic_control.placebo_test([[1, 2], [2, 3]], treated=0, pre_periods=1)


def test_the_p_value_is_never_zero_and_counts_the_treated_unit():
    """pysyncon's is 0 for the largest ratio of all: it leaves the treated unit out."""
    random = np.random.default_rng(2)
    panel = random.normal(20, 1, (30, 15))
    panel[20:, 4] -= 50
    test = synthetic_control.placebo_test(panel, treated=4, pre_periods=20)
    assert test.p_value == test.smallest_p_value == pytest.approx(1 / 15)
    assert test.rank == 1
    assert (test.lower, test.upper) == (None, None)  # 1/15 cannot reach 5%
    at_90 = synthetic_control.placebo_test(panel, treated=4, pre_periods=20, confidence=0.9)
    assert at_90.lower < -50 < at_90.upper < 0


@pytest.mark.parametrize("in_pools", [False, True])
def test_the_interval_holds_exactly_what_the_test_does_not_reject(in_pools):
    random = np.random.default_rng(8)
    panel = random.normal(20, 1, (24, 25)) + random.normal(0, 3, 25)
    panel[16:, 0] -= 2.5
    test = synthetic_control.placebo_test(
        panel, treated=0, pre_periods=16, treated_in_pools=in_pools
    )

    def p_value(effect):
        without = panel.copy()
        without[16:, 0] -= effect
        return synthetic_control.placebo_test(
            without, treated=0, pre_periods=16, treated_in_pools=in_pools
        ).p_value

    for end, inward in ((test.lower, 1), (test.upper, -1)):
        assert p_value(end + inward * 1e-6) > 0.05
        assert p_value(end - inward * 1e-6) <= 0.05


def test_equally_good_weights_are_said_with_what_they_would_give():
    found = synthetic_control.fit(
        [2, 2, 3], [[0, 1, 2, 3, 4], [4, 2, 0, 1, 3], [1, 2, 3, 4, 9]], pre_periods=2
    )
    assert not found.unique_weights
    low, high = found.att_range
    assert low < found.att < high
    assert any("equally well" in note for note in found.notes)


def test_units_do_not_matter():
    random = np.random.default_rng(9)
    panel = random.normal(30, 5, (20, 8))
    plain = synthetic_control.fit(panel[:, 0], panel[:, 1:], pre_periods=12)
    for factor, shift in ((1e6, 0), (1e-6, 0), (1, 500)):
        other = synthetic_control.fit(
            panel[:, 0] * factor + shift, panel[:, 1:] * factor + shift, pre_periods=12
        )
        assert other.weights == pytest.approx(plain.weights, abs=1e-9)
        assert other.att / factor == pytest.approx(plain.att, rel=1e-9)


def test_events_averted_add_up_and_need_matching_shapes():
    assert synthetic_control.events_averted([-1.6, -1.6], 1_160_000).tolist() == pytest.approx(
        [18.56, 37.12]
    )
    with pytest.raises(VrnMetricsError, match="one exposure for each"):
        synthetic_control.events_averted([-1.0, -2.0], [1, 2, 3])


def test_pretended_starts_must_leave_periods_on_both_sides():
    panel = np.random.default_rng(1).normal(size=(12, 5))
    found = synthetic_control.placebo_in_time(panel[:, 0], panel[:, 1:], pre_periods=9)
    assert [each.start for each in found] == [3, 4, 5, 6, 7, 8]
    with pytest.raises(VrnMetricsError, match="pretended start"):
        synthetic_control.placebo_in_time(panel[:, 0], panel[:, 1:], pre_periods=9, starts=[9])
