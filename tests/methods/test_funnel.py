"""Funnels agree with PHEindicatormethods as closely as its bisection allows."""

import math

import numpy as np
import pytest

from vrn_metrics.methods import funnel
from vrn_metrics.methods.funnel import Position

LEVELS = ((0.95, "2s"), (0.998, "3s"))
IN_R = {
    Position.FAR_ABOVE: "High (0.001)",
    Position.ABOVE: "High (0.025)",
    Position.INSIDE: "Not significant",
    Position.BELOW: "Low (0.025)",
    Position.FAR_BELOW: "Low (0.001)",
    Position.NOT_JUDGED: "Not applicable for events less than 10 for dsrs",
}


@pytest.fixture(scope="module")
def suite(golden):
    return golden("funnel")


def case(suite, name):
    found = next(each for each in suite["cases"] if each["id"] == name)
    return found["input"], found["expected"]


def test_limits_of_proportions(suite):
    given, expected = case(suite, "limits_proportion")
    centre = funnel.average(given["numerator"], given["denominator"])
    assert 100 * centre == pytest.approx(expected["baseline"][0])
    for confidence, sigmas in LEVELS:
        lower, upper = funnel.proportion_funnel(
            expected["Population"], centre, per=100, confidence=confidence
        )
        np.testing.assert_allclose(lower, expected[f"lower_{sigmas}_limit"], 1e-9, 1e-9)
        np.testing.assert_allclose(upper, expected[f"upper_{sigmas}_limit"], 1e-9, 1e-9)


@pytest.mark.parametrize("kind", ["crude", "dsr"])
def test_limits_of_rates(suite, kind):
    given, expected = case(suite, f"limits_rate_{kind}")
    exposure = given["denominator"]
    if kind == "dsr":
        exposure = funnel.standardised_exposure(given["numerator"], given["rate"])
    centre = funnel.average(given["numerator"], exposure)
    assert 1e5 * centre == pytest.approx(expected["baseline"][0])
    for confidence, sigmas in LEVELS:
        found = funnel.rate_funnel(expected["Events"], centre, per=1e5, confidence=confidence)
        for side in ("lower", "upper"):
            theirs = (
                expected[f"{side}_{sigmas}_limit"],
                expected[f"{side}_{sigmas}_population_1_year"],
            )
            ours = getattr(found, side), getattr(found, f"{side}_exposure")
            np.testing.assert_allclose(ours, theirs, **suite["tolerance"])


def test_limits_of_observed_over_expected(suite):
    _, expected = case(suite, "limits_ratio_count")
    for confidence, sigmas in LEVELS:
        found = funnel.rate_funnel(expected["Observed_events"], 1, confidence=confidence)
        for side in ("lower", "upper"):
            theirs = 1 + np.array(expected[f"{side}_{sigmas}_limit"])  # R gives it less one
            np.testing.assert_allclose(getattr(found, side), theirs, **suite["tolerance"])
            events = expected[f"{side}_{sigmas}_exp_events"]
            np.testing.assert_allclose(
                getattr(found, f"{side}_exposure"), events, **suite["tolerance"]
            )


def test_positions_of_standardised_rates(suite):
    given, expected = case(suite, "sig_rate_dsr")
    exposure = funnel.standardised_exposure(given["numerator"], given["rate"])
    found = funnel.rate_positions(
        given["numerator"], exposure, fewest_events=funnel.FEWEST_EVENTS_TO_STANDARDISE
    )
    assert [IN_R[each] for each in found] == expected["significance"]


def test_the_exposure_of_a_standardised_rate(suite):
    given, expected = case(suite, "points_rate_dsr")
    found = funnel.standardised_exposure(given["numerator"], given["rate"])
    enough = np.array(given["numerator"]) >= funnel.FEWEST_EVENTS_TO_STANDARDISE
    theirs = [math.nan if each is None else each for each in expected["denominator_derived"]]
    np.testing.assert_allclose(np.where(enough, found, math.nan), theirs, rtol=1e-10)


def test_an_area_on_the_drawn_limit_is_where_its_position_turns():
    curve = funnel.rate_funnel([5], 0.001, confidence=0.998)
    for exposure, outside in ((curve.lower_exposure, "BELOW"), (curve.upper_exposure, "ABOVE")):
        step = 1.001 if outside == "BELOW" else 0.999
        beyond, within = (
            funnel.rate_positions([5], exposure * factor, centre=0.001)[0]
            for factor in (step, 1 / step)
        )
        assert beyond is Position[f"FAR_{outside}"]
        assert within is Position[outside]


def test_a_small_area_needs_to_lie_further_off():
    same_share = funnel.proportion_positions([3, 300], [10, 1000], centre=0.2)
    assert same_share.tolist() == [Position.INSIDE, Position.FAR_ABOVE]
    low = funnel.proportion_positions([170, 0, 5], [1000, 100, math.nan], centre=0.2)
    assert low.tolist() == [Position.BELOW, Position.FAR_BELOW, Position.NOT_JUDGED]


def test_a_missing_area_is_not_judged_and_not_in_the_average():
    counts, people = [10, math.nan, 30], [100, 900, 300]
    assert funnel.average(counts, people) == 0.1
    found = funnel.rate_positions(counts, people)
    assert found.tolist() == [Position.INSIDE, Position.NOT_JUDGED, Position.INSIDE]


@pytest.mark.parametrize("positions", [funnel.rate_positions, funnel.proportion_positions])
def test_with_no_area_known_none_is_judged_and_with_no_event_none_stands_out(positions):
    assert positions([math.nan, 3], [10, math.nan]).tolist() == [Position.NOT_JUDGED] * 2
    assert positions([0, 0], [10, 20]).tolist() == [Position.INSIDE] * 2


@pytest.mark.parametrize(
    "call",
    [
        lambda: funnel.rate_funnel([0, 1], 0.1),
        lambda: funnel.rate_funnel([1], 0),
        lambda: funnel.proportion_funnel([0], 0.1),
        lambda: funnel.proportion_funnel([10], 1.1),
        lambda: funnel.rate_positions([-1], [10]),
        lambda: funnel.rate_positions([1], [0]),
        lambda: funnel.proportion_positions([11], [10]),
        lambda: funnel.rate_positions([5], [10], centre=math.nan),
        lambda: funnel.rate_positions([5], [10], centre=-1),
        lambda: funnel.proportion_positions([5], [10], centre=1.5),
        lambda: funnel.rate_funnel([1], math.inf),
        lambda: funnel.average([math.nan], [10]),
        lambda: funnel.average([], []),
    ],
)
def test_impossible_figures_are_refused(call):
    with pytest.raises(ValueError, match=r"above 0|from 1 event|a share|from 0 up"):
        call()


def test_variation_between_areas_is_found_where_there_is_some():
    # Expected counts are large, so the variance of the root of a relative rate is tau squared.
    random = np.random.default_rng(5)
    people, found = np.full(40, 1e6), []
    for _ in range(200):
        rates = 1e-3 * (1 + random.normal(0, 0.1, 40)) ** 2
        found.append(funnel.variation_between(random.poisson(people * rates), people))
    # Drawing in a tenth at each end takes away some of it: the estimate errs to the low side.
    assert 0.006 < np.mean(found) < 0.01


def test_without_variation_beyond_chance_almost_none_is_found():
    random = np.random.default_rng(6)
    people = random.uniform(4e4, 4e5, (400, 9))
    counts = random.poisson(people * 5e-4)
    found = [funnel.variation_between(c, p) for c, p in zip(counts, people, strict=True)]
    assert np.mean(np.array(found) == 0) > 0.6
    assert np.quantile(found, 0.95) < 0.03


def test_limits_widened_by_variation_hold_areas_that_vary():
    random = np.random.default_rng(7)
    people = random.uniform(1e5, 4e5, (300, 20))
    rates = 1e-3 * (1 + random.normal(0, 0.15, people.shape)) ** 2
    counts = random.poisson(people * rates)
    plain, wide = 0, 0
    for events, lived in zip(counts, people, strict=True):
        between = funnel.variation_between(events, lived)
        plain += np.sum(funnel.rate_positions(events, lived) != Position.INSIDE)
        wide += np.sum(funnel.rate_positions(events, lived, between=between) != Position.INSIDE)
    assert plain / people.size > 0.4
    assert wide / people.size == pytest.approx(0.09, abs=0.03)


def test_one_that_stands_out_is_still_seen_among_twenty():
    people = np.full(20, 2e5)
    counts = np.full(20, 200.0) + np.tile([-10.0, 10.0], 10)
    counts[0] = 400
    between = funnel.variation_between(counts, people)
    found = funnel.rate_positions(counts, people, between=between)
    assert found[0] is Position.FAR_ABOVE
    assert set(found[1:]) == {Position.INSIDE}


@pytest.mark.parametrize(
    ("counts", "people"), [([1, 2], [10, 10]), ([0, 0, 0], [1, 1, 1]), ([math.nan] * 4, [1] * 4)]
)
def test_where_nothing_can_be_told_there_is_no_variation(counts, people):
    assert funnel.variation_between(counts, people) == 0


def test_without_variation_wide_limits_are_close_to_exact_ones():
    exact = funnel.rate_funnel([200], 1e-3, per=1e5, confidence=0.95)
    wide = funnel.wide_funnel(exact.upper_exposure, 1e-3, 0.0, per=1e5, confidence=0.95)
    assert wide.upper == pytest.approx(exact.upper, rel=0.02)
    with pytest.raises(ValueError, match="above 0"):
        funnel.wide_funnel([0], 1e-3, 0.0)


def test_chance_alone_puts_as_many_outside_as_stated():
    random = np.random.default_rng(11)
    people = random.uniform(5e4, 4e5, 20_000)
    found = funnel.rate_positions(random.poisson(people * 5e-4), people, centre=5e-4)
    assert np.mean(found != Position.INSIDE) == pytest.approx(0.05, abs=0.01)
    far = np.isin(found, [Position.FAR_ABOVE, Position.FAR_BELOW])
    assert far.mean() == pytest.approx(0.002, abs=0.001)
