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


def test_chance_alone_puts_as_many_outside_as_stated():
    random = np.random.default_rng(11)
    people = random.uniform(5e4, 4e5, 20_000)
    found = funnel.rate_positions(random.poisson(people * 5e-4), people, centre=5e-4)
    assert np.mean(found != Position.INSIDE) == pytest.approx(0.05, abs=0.01)
    far = np.isin(found, [Position.FAR_ABOVE, Position.FAR_BELOW])
    assert far.mean() == pytest.approx(0.002, abs=0.001)
