"""What is drawn of an impact estimate is the estimate, faint where it is not to be used."""

import json

import pytest

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.impact import impact
from vrn_metrics.store import open_store


@pytest.fixture(scope="module")
def store(request):
    opened = open_store(request.getfixturevalue("demo_database"))
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def knives(store):
    return impact(store, "knife-violence")


@pytest.fixture(scope="module")
def homicides(store):
    return impact(store, "homicides")


def test_both_paths_are_drawn_point_by_point(knives):
    spec = charts.paths_chart(knives, narrative.describe_gap(knives))
    rows = spec["data"]["values"]
    drawn = [row["rate"] for row in rows if row["which"] == "counterfactual"]
    assert drawn == [round(each, 2) for each in knives.effect.expected]
    assert len(rows) == 2 * len(knives.panel.periods)
    assert knives.measure.title in spec["description"]
    marks = [row["named"] for row in spec["layer"][-1]["data"]["values"]]
    assert {"effect from", "Crime recording inspection"} <= set(marks)


def test_an_estimate_that_is_not_to_be_used_is_drawn_faintly_and_says_so(knives, homicides):
    assert not homicides.gate.is_open
    for draw in (charts.paths_chart, charts.placebo_chart):
        faint, plain = (json.dumps(draw(found, "words")) for found in (homicides, knives))
        assert "Not to be used" in faint
        assert '"opacity": 0.3' in faint
        assert "Not to be used" not in plain
        assert '"opacity": 0.3' not in plain


def test_every_donor_s_gap_is_beside_the_network_s(knives):
    spec = charts.placebo_chart(knives, "words")
    donors = {row["force"] for row in spec["layer"][0]["data"]["values"]}
    fitted = {
        each.force for each in knives.effect.placebos if each.relative_size <= charts.MOST_ERROR
    }
    assert donors == fitted
    assert {row["force"] for row in spec["layer"][1]["data"]["values"]} == {"Leicestershire"}


def test_the_curve_rings_the_chosen_estimate_alone(knives):
    spec = charts.curve_chart(knives, "words")
    rows = spec["data"]["values"]
    assert len(rows) == len(knives.curve)
    assert [row["value"] for row in rows if row["chosen"]] == [round(knives.effect.value, 2)]


def test_power_is_drawn_as_found(knives):
    spec = charts.power_chart(knives, "words")
    assert [row["found"] for row in spec["data"]["values"]] == list(knives.power.shares)


def test_without_an_estimate_nothing_is_drawn(store):
    none = impact(store, "homicides-nondomestic")
    for draw in (charts.paths_chart, charts.placebo_chart, charts.curve_chart, charts.power_chart):
        assert draw(none, "words") is None
