"""A district is held against the rest only as far as its size and what is shown allow."""

import json

import numpy as np
import pytest

from tests.analyses.made_up import MadeUpStore, monthly
from vrn_metrics import areas, charts, narrative
from vrn_metrics.analyses.district import district
from vrn_metrics.analyses.districts import districts
from vrn_metrics.areas import NETWORK
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.exports.districts import (
    district_json,
    district_rows,
    districts_json,
    districts_rows,
)
from vrn_metrics.methods.funnel import Position

CODES = [each.code for each in areas.districts()]
LEICESTER, RUTLAND = areas.LEICESTER, areas.RUTLAND


def made(means, *, series="robbery", source="vrn-offences", months=144, seed=1, hide=()):
    """A store of districts with these means a month, and the network as their sum."""
    random = np.random.default_rng(seed)
    counts = {code: random.poisson(mean, months) for code, mean in zip(CODES, means, strict=True)}
    found = {(source, series, code): monthly(each.tolist()) for code, each in counts.items()}
    for code in hide:
        found[source, series, code] = monthly([None] * months)
    found[source, series, NETWORK] = monthly(sum(counts.values()).tolist())
    return MadeUpStore(found)


def test_one_far_above_the_others_stands_out_and_the_others_do_not():
    found = districts(made([60, *[20] * 8]), "robbery")
    assert found.place(CODES[0]).position in (Position.ABOVE, Position.FAR_ABOVE)
    assert found.place(CODES[0]).by_chance is Position.FAR_ABOVE
    assert all(each.position is Position.INSIDE for each in found.places[1:])
    assert found.places[0].area.name in narrative.districts_sentence(found)


def test_without_differences_few_stand_out():
    outside = [
        each.position is not Position.INSIDE
        for seed in range(20)
        for each in districts(made([20] * 9, seed=seed), "robbery").places
    ]
    assert np.mean(outside) < 0.07


def test_all_districts_are_held_to_the_period_that_all_have():
    store = made([20] * 9)
    key = ("vrn-offences", "robbery", CODES[3])
    store.series[key] = store.series[key][:-6]
    found = districts(store, "robbery")
    assert {each.figure.period for each in found.places} == {found.period}
    assert found.period.end == store.series[key][-1].period.end


def test_without_a_period_in_common_there_is_no_answer():
    assert districts(made([20] * 9, hide=CODES[:1]), "robbery") is None
    assert districts(MadeUpStore({}), "robbery") is None


def test_a_funnel_needs_five_districts_that_are_shown_and_something_that_happened():
    assert districts(made([0] * 9), "robbery").funnel is None
    assert "too few" in narrative.districts_sentence(districts(made([0] * 9), "robbery"))
    # Counts of one or two a year are small: hidden under the extract's profile.
    few = districts(made([0.15] * 9), "robbery")
    assert few.funnel is None
    assert {each.position for each in few.places} == {Position.NOT_JUDGED}


def test_a_district_page_has_every_measure_with_share_and_place():
    found = district(made([60, *[20] * 8]), LEICESTER)
    line = found.line("robbery")
    own, all_of_them = line.place.figure.count.lower, line.among.network.count.lower
    assert line.share.events == pytest.approx(own / all_of_them)
    assert line.share.people == pytest.approx(1 / 9)
    assert line.shortest.period.months == 1
    assert found.line("homicides").place is None
    assert "No data" in district_rows(found)[0]["verdict"]


def test_the_shortest_period_grows_as_numbers_shrink_and_ends_now():
    lengths = []
    for mean in (40, 2.5, 0.9, 0.1):
        shortest = district(made([mean] * 9), LEICESTER).line("robbery").shortest
        lengths.append(shortest.period.months if shortest else None)
    assert lengths[0] == 1
    assert lengths[1] == 12
    assert lengths[-1] is None
    assert [each for each in lengths if each] == sorted(each for each in lengths if each)


def test_neighbours_are_compared_without_the_district_itself():
    own = {("ons-table-c2", "robbery", LEICESTER): monthly([40] * 12)}
    others = {
        ("ons-table-c2", "robbery", f"E0700000{number}"): monthly([20 + number % 2] * 12)
        for number in range(7)
    }
    found = district(MadeUpStore(own | others), LEICESTER).neighbours
    among = next(each for each in found if each.measure.key == "robbery")
    assert among.higher == 0
    assert len(among.others) == 7
    assert among.without == ("E07000007",)
    assert among.position is Position.FAR_ABOVE
    assert LEICESTER not in {each.code for each in among.others}
    assert "7 neighbours" in narrative.neighbour_words(among)


def test_json_and_rows_say_the_same_and_hold_no_nan():
    store = made([60, 20, 20, 20, 20, 0.2, 20, 20, 20])
    found = districts(store, "robbery")
    written = json.loads(json.dumps(districts_json(found), allow_nan=False))
    assert [each["said"] for each in written["districts"]] == [
        each["among districts"] for each in districts_rows(found)
    ]
    assert any(each["count"]["status"] == "suppressed" for each in written["districts"])
    assert json.dumps(district_json(district(store, RUTLAND)), allow_nan=False)
    drawn = json.dumps(charts.funnel_chart(found, narrative.describe_funnel(found), RUTLAND))
    hidden = written["districts"][5]
    assert f'"name": "{hidden["name"]}"' not in drawn
    assert "NaN" not in drawn


@pytest.mark.parametrize("code", [NETWORK, areas.COUNTY, "E00000000"])
def test_what_is_no_district_is_refused(code):
    with pytest.raises(UnknownNameError, match=r"there are|knows"):
        district(MadeUpStore({}), code)
