"""The network beside its donors: power and fit before the estimate, and nothing overstated."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from tests.analyses.made_up import MadeUpStore
from vrn_metrics import narrative
from vrn_metrics.analyses.analysis_plan import AnalysisPlan, hold_against
from vrn_metrics.analyses.impact import choose, impact
from vrn_metrics.analyses.impact_effects import ImpactMethod
from vrn_metrics.areas import ENGLAND_AND_WALES, NETWORK
from vrn_metrics.counts import Status
from vrn_metrics.errors import UnknownNameError, VrnMetricsError
from vrn_metrics.measures.donor_pool import police_forces
from vrn_metrics.periods import Period
from vrn_metrics.store import Point

SOURCE, SERIES = "ho-knife", "knife-offences"
DONORS = 22
QUARTERS = [Period.quarter(year, quarter) for year in range(2014, 2024) for quarter in (1, 2, 3, 4)]
START = 20  # quarters before April 2019


def points(counts, periods=QUARTERS, status=Status.EXACT):
    return [
        Point(period, float(count), float(count), status, False, 1)
        for period, count in zip(periods, counts, strict=True)
    ]


def store_of(effect=1.0, *, seed=1, rate=15.0, series=None, periods=QUARTERS):
    """All 43 forces with rates of their own, the network's times `effect` since the start."""
    random = np.random.default_rng(seed)
    found = {}
    total = np.zeros(len(periods))
    since = np.array([each.start >= date(2019, 4, 1) for each in periods])
    for code, force in police_forces().items():
        own = rate * random.uniform(0.7, 1.4) * force.population / 100_000
        mean = own * (1 + 0.05 * np.sin(np.arange(len(periods))))
        if code == NETWORK:
            mean = rate * force.population / 100_000 * np.where(since, effect, 1.0)
        counts = random.poisson(mean * periods[0].months / 3)
        found[SOURCE, SERIES, code] = points(counts, periods)
        total += counts
    found[SOURCE, SERIES, ENGLAND_AND_WALES] = points(total, periods)
    return MadeUpStore(found | (series or {}))


@pytest.fixture(scope="module")
def fallen():
    return impact(store_of(0.6), "knife-violence")


def test_a_large_fall_is_found_and_sized(fallen):
    effect = fallen.effect
    assert effect.value == pytest.approx(-0.4 * 15 * 4, abs=5)
    assert effect.p_value == effect.smallest_p_value == pytest.approx(1 / 23)
    assert effect.lower < effect.value < effect.upper < 0
    assert fallen.gate.is_open
    assert narrative.verdict_words(fallen).startswith("More than chance")
    people = police_forces()[NETWORK].population * 5
    assert effect.averted == pytest.approx(-effect.value * people / 100_000)
    assert effect.averted_lower < effect.averted < effect.averted_upper
    assert effect.running[-1] == pytest.approx(effect.averted)


def test_the_pool_is_the_unfunded_forces_and_every_other_has_its_reason(fallen):
    panel = fallen.panel
    assert len(panel.donors) == DONORS
    assert len(panel.left_out) == 42 - DONORS
    assert all(each.reason for each in panel.left_out)
    reasons = {each.force.name: each.reason for each in panel.left_out}
    assert "funded" in reasons["Nottinghamshire"]
    assert "Hardly anybody" in reasons["London, City of"]


def test_power_comes_with_the_smallest_p_value_and_before_any_size(fallen):
    assert fallen.power.smallest_p_value == pytest.approx(1 / 23)
    assert 0 < fallen.power.detectable < 0.4
    said = narrative.impact_paragraphs(fallen)
    power = next(i for i, each in enumerate(said) if "smallest p-value" in each)
    fit = next(i for i, each in enumerate(said) if "misses by" in each)
    size = next(i for i, each in enumerate(said) if "fewer than expected" in each)
    hazards = next(i for i, each in enumerate(said) if "Regression to the mean" in each)
    assert power < fit < size < hazards
    assert "%" in said[0]  # the answer says what could have been found
    assert "per 100,000" not in said[0]  # and not how large it is


def test_without_an_effect_nothing_is_found():
    found = impact(store_of(1.0, seed=2), "knife-violence", curve=False)
    assert not found.effect.is_found
    assert narrative.verdict_words(found).startswith("Not distinguishable from chance")


def test_no_sentence_says_that_anything_was_caused(fallen):
    words = " ".join(narrative.impact_paragraphs(fallen)).lower()
    for banned in ("caused", "because of the network", "thanks to", "proves", "prevented by"):
        assert banned not in words


def test_a_poor_fit_closes_the_gate_and_the_size_is_not_said():
    few = store_of(0.6, rate=0.15)
    found = impact(few, "knife-violence", curve=False)
    assert found.effect.relative_error > 0.25
    assert not found.gate.is_open
    assert narrative.impact_sentence(found).startswith("Not to be used.")
    said = " ".join(narrative.impact_paragraphs(found))
    assert "than expected" not in said


def test_a_suppressed_donor_closes_the_gate_until_it_is_dropped():
    code = "E23000018"
    hidden = [Point(each, 1.0, 7.0, Status.SUPPRESSED, False, 1) for each in QUARTERS]
    spoilt = store_of(0.9, series={(SOURCE, SERIES, code): hidden})
    found = impact(spoilt, "knife-violence", curve=False)
    assert [each.name for each in found.panel.hidden] == ["Derbyshire"]
    assert not found.gate.is_open
    assert "Derbyshire" in narrative.impact_sentence(found)
    dropped = impact(spoilt, "knife-violence", drop=["Derbyshire"], curve=False)
    assert dropped.gate.is_open
    assert len(dropped.panel.donors) == DONORS - 1


def test_with_eighteen_donors_it_is_said_that_nothing_can_be_told():
    names = ["Cumbria", "Cheshire", "Durham", "Surrey"]
    found = impact(store_of(0.3), "knife-violence", drop=names, curve=False)
    assert found.effect.is_out_of_reach
    assert "whatever happened" in narrative.verdict_words(found)
    assert (found.effect.lower, found.effect.upper) == (None, None)


def test_donors_can_be_dropped_and_added_by_name_and_it_shows():
    found = impact(
        store_of(0.9), "knife-violence", drop=["Derbyshire"], add=["Nottinghamshire"], curve=False
    )
    names = {each.force.name for each in found.panel.donors}
    assert "Derbyshire" not in names
    assert "Nottinghamshire" in names
    assert {"left out on request"} == {
        each.reason for each in found.panel.left_out if each.force.name == "Derbyshire"
    }


@pytest.mark.parametrize("method", [each for each in ImpactMethod if each.has_donors])
def test_every_method_finds_the_same_large_fall(method):
    found = impact(store_of(0.6), "knife-violence", method=method, curve=False)
    assert found.effect.value == pytest.approx(-24, abs=6)
    assert found.effect.is_found


def test_an_interrupted_series_and_a_ratio_find_it_as_a_ratio():
    store = store_of(0.6)
    series = impact(store, "knife-violence", method="interrupted")
    assert series.effect.unit == "ratio"
    assert series.effect.value == pytest.approx(0.6, abs=0.12)
    ratio = impact(store, "knife-violence", method="ratio")
    assert ratio.effect.value == pytest.approx(0.6, abs=0.08)
    assert ratio.effect.upper < 1


HERE = {2016: 1_089_182, 2022: 1_157_739}  # people, ONS, in the middle of the three years
ELSEWHERE = {2016: 2_030 / 11.516e-6 / 3, 2022: 1_670 / 9.105e-6 / 3}  # by its rates per million


class Homicides(MadeUpStore):
    """Leicestershire's 42 and 26 homicides of three years each, beside the rest of the nation."""

    def __init__(self):
        years = [Period.financial_year(year) for year in range(2016, 2025)]
        nation = [690, 690, 692, 650, 650, 650, 565, 565, 566]
        own = [14, 14, 14, 12, 11, 11, 9, 9, 8]
        key = ("ho-prc-force", "homicide")
        super().__init__(
            {
                (*key, NETWORK): points(own, years),
                (*key, ENGLAND_AND_WALES): points(nation, years),
                (*key, "E23000018"): points([5] * 9, years),
            }
        )

    def view(self, as_of=None):
        view = super().view(as_of)
        object.__setattr__(view, "_people", self._residents)
        return view

    @staticmethod
    def _residents(area_code):
        found = []
        for year in range(2016, 2025):
            of = 2016 if year < 2019 else 2022
            people = HERE[of] + (ELSEWHERE[of] if area_code == ENGLAND_AND_WALES else 0)
            middle = date(year, 6, 30)
            found.append(Point(Period(middle, middle), people, people, Status.EXACT, False, 1))
        return found


def test_the_ratio_leads_with_the_nation_and_then_says_the_network_s_own():
    """42 to 26 is 0.582 (0.343 to 0.972); beside England and Wales 0.737 (0.450 to 1.206)."""
    found = impact(Homicides(), "homicides", method="ratio")
    two = found.two_periods
    assert (two.past.count.lower, two.current.count.lower) == (42, 26)
    own = (two.own.value, two.own.lower, two.own.upper)
    assert own == pytest.approx((0.582, 0.343, 0.972), abs=5.1e-4)
    effect = (found.effect.value, found.effect.lower, found.effect.upper)
    assert effect == pytest.approx((0.737, 0.450, 1.206), abs=5.1e-4)
    said = narrative.impact_sentence(found)
    assert said.startswith("Not distinguishable from the national change")
    assert said.index("26% lower (95% interval: 55% lower to 21% higher)") < said.index("42% lower")


def test_the_curve_has_the_chosen_estimate_once_and_is_sorted(fallen):
    values = [each.value for each in fallen.curve]
    assert values == sorted(values)
    chosen = [each for each in fallen.curve if each.is_chosen]
    assert [each.value for each in chosen] == [pytest.approx(fallen.effect.value)]
    assert {each.method for each in fallen.curve} >= {
        ImpactMethod.SYNTHETIC,
        ImpactMethod.AUGMENTED,
        ImpactMethod.SYNTHETIC_DIFFERENCE,
        ImpactMethod.DIFFERENCE,
    }
    assert len({each.start for each in fallen.curve}) == 3
    assert {each.without_covid for each in fallen.curve} == {False, True}
    assert any(each.without_donor for each in fallen.curve)


def test_a_gap_from_before_the_network_is_said_in_words():
    """Recording that rose in 2017: the pretended start finds it."""
    store = store_of(1.0, seed=3)
    key = (SOURCE, SERIES, NETWORK)
    raised = [
        replace(each, lower=each.lower * 1.4, upper=each.upper * 1.4)
        if each.period.start >= date(2017, 10, 1)
        else each
        for each in store.series[key]
    ]
    store.series[key] = [
        replace(each, lower=float(round(each.lower)), upper=float(round(each.upper)))
        for each in raised
    ]
    found = impact(store, "knife-violence", curve=False)
    largest = max(abs(each.att) for each in found.effect.in_time)
    assert largest > 10
    words = narrative.before_words(found)
    assert "before the network could have done anything" in words


def test_the_year_of_covid_can_be_left_out():
    found = impact(store_of(0.8), "knife-violence", without_covid=True, curve=False)
    assert len(found.panel.periods) == len(QUARTERS) - 4
    assert found.panel.pre_points == START
    assert not any(
        date(2020, 4, 1) <= each.start < date(2021, 4, 1) for each in found.panel.periods
    )


def test_years_are_the_points_where_eight_lie_before_the_start():
    years = [Period.financial_year(year) for year in range(2008, 2025)]
    found = impact(store_of(0.7, periods=years), "knife-violence", curve=False)
    assert found.panel.points_a_year == 1
    assert found.panel.pre_points == 11
    five = impact(store_of(0.7, periods=years[6:]), "knife-violence", curve=False)
    assert five.panel.pre_points == 5  # there are no quarters to fall back on


def test_where_no_other_force_is_known_there_is_a_reason_and_no_figure():
    found = impact(store_of(), "knife-violence-under25")
    assert found.effect.value is None
    assert narrative.impact_sentence(found).startswith("No estimate. No approved release")
    assert narrative.impact_paragraphs(found)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"method": "guess"}, UnknownNameError, "no method"),
        ({"drop": ["Camelot"]}, UnknownNameError, "no police force"),
        ({"add": ["Leicestershire"]}, VrnMetricsError, "what is judged"),
        ({"start": date(2019, 4, 2)}, VrnMetricsError, "first day of a quarter"),
        ({"points": "week"}, VrnMetricsError, "a year or a quarter"),
    ],
)
def test_choices_that_make_no_sense_are_refused(options, error, said):
    with pytest.raises(error, match=said):
        choose("knife-violence", **options)


def test_a_plan_is_followed_or_every_departure_is_named(fallen):
    plan = AnalysisPlan(date(2020, 1, 1), fallen.choices)
    day = datetime(2026, 1, 1, tzinfo=UTC)
    release = next(iter(MadeUpStore({}).view().releases.values()))
    seen = replace(fallen, releases=(replace(release, changed_at=day),))
    held = hold_against(plan, seen)
    assert held.is_kept
    assert held.was_blind
    other = AnalysisPlan(
        date(2026, 3, 1), choose("knife-violence", method="difference", drop=["Derbyshire"])
    )
    held = hold_against(other, seen)
    assert [name for name, _, _ in held.departures] == ["method", "drop"]
    assert held.loaded_before == (release.file_name,)
    words = " ".join(narrative.plan_words(other, seen))
    assert "departs from the plan" in words
    assert "already in the store" in words


def test_hospital_figures_have_english_donors_only():
    years = [Period.financial_year(year) for year in range(2009, 2025)]
    random = np.random.default_rng(1)
    key = ("nhs-sharp-admissions", "sharp-admissions")
    series = {
        (*key, code): points(random.poisson(8 * force.population / 100_000, len(years)), years)
        for code, force in police_forces().items()
    }
    found = impact(MadeUpStore(series), "knife-admissions", curve=False)
    assert len(found.panel.donors) == 19
    assert found.effect.smallest_p_value == pytest.approx(0.05)
    welsh = [each for each in found.panel.left_out if each.force.code.startswith("W")]
    assert {"Wales" in each.reason or "funded" in each.reason for each in welsh} == {True}
    assert [each.effect for each in found.national][-1] == -1.6


def test_homicide_is_not_said_to_hang_on_recording():
    years = [Period.financial_year(year) for year in range(2008, 2025)]
    random = np.random.default_rng(2)
    key = ("ho-prc-force", "homicide")
    series = {
        (*key, code): points(random.poisson(force.population / 100_000, len(years)), years)
        for code, force in police_forces().items()
    }
    found = impact(MadeUpStore(series), "homicides", curve=False)
    assert narrative.break_words(found) == ""
    knives = impact(store_of(), "knife-violence", curve=False)
    assert "Recording in Leicestershire alone changed" in narrative.break_words(knives)
