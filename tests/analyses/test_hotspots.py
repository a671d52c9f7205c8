"""Small areas are told apart only by more than chance, and every count is that of the files."""

import csv
import json
from collections import Counter
from datetime import date

import pytest

from tests.conftest import ROOT
from vrn_metrics import areas, maps, narrative, open_store
from vrn_metrics.analyses.hotspots import CRIME_TYPES, VIOLENCE, hotspots
from vrn_metrics.areas import LEICESTER, NETWORK
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.exports.hotspots import every_row, hotspot_rows, hotspots_json
from vrn_metrics.methods.small_area_change import Course

DEMO = ROOT / "data" / "demo"
EMERGING, PERSISTENT = "E01090008", "E01090003"
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = open_store(f"sqlite:///{tmp_path_factory.mktemp('hot')}/a.sqlite")
    for name in ("street.zip", "ons-lsoa-lookup.csv", "imd-2025.csv", "ons-boundaries.geojson"):
        made.load(DEMO / name, approve=True)
    return made


@pytest.fixture(scope="module")
def found(store):
    return hotspots(store)


def file_of(tmp_path, month, events, name="a"):
    """A street file of one month: events by LSOA of Leicester."""
    rows = [
        f"{i:064x},{month},Leicestershire Police,Leicestershire Police,-1.13,52.63,On or near X,"
        f"{lsoa},Leicester 00{lsoa[-1]}A,{VIOLENCE},Under investigation,"
        for i, lsoa in enumerate(lsoa for lsoa, count in events.items() for _ in range(count))
    ]
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    path = folder / f"{month}-leicestershire-street.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def test_the_demonstration_tells_what_is_true_of_it(found):
    assert [each.code for each in found.of_course(Course.EMERGING)] == [EMERGING]
    assert found.of_course(Course.PERSISTENT)[0].code == PERSISTENT
    assert found.of_course(Course.FALLING) == []
    assert found.same_season
    assert len(found.found) == 99
    assert "1 emerging" in narrative.hotspots_sentence(found)


def test_districts_add_up_to_the_small_areas_and_to_the_points(found, store):
    assert sum(each.now for each in found.found) == found.total
    assert sum(each.lower for each in found.points.counts()) == found.total
    one = hotspots(store, area=LEICESTER)
    assert one.total == dict(found.by_district)[areas.area(LEICESTER)]
    assert {each.district.code for each in one.found} == {LEICESTER}
    # A district's small areas are judged among all of the network's.
    whole = {each.code: each.p_value for each in found.found}
    assert all(whole[each.code] == each.p_value for each in one.found)


def test_rows_lead_with_what_rose_and_json_holds_no_nan(found):
    rows = hotspot_rows(found)
    assert rows[0]["code"] == EMERGING
    assert rows[0]["what it means"].startswith("▲ Emerging")
    assert len(every_row(found)) == 99
    written = json.loads(json.dumps(hotspots_json(found), allow_nan=False))
    assert written["small_areas"][0]["deprivation_decile"] in range(1, 11)
    assert written["inequality"]["areas_by_fifth"] == [20, 20, 20, 20, 19]
    assert "crime domain" in narrative.CRIME_DOMAIN


@pytest.mark.parametrize("drawn", list(maps.Drawn))
def test_a_map_asks_nobody_for_anything_and_says_published_numbers(found, store, drawn):
    said = {each.code: narrative.small_area_words(each) for each in found.found}
    view = store.view()
    deck = maps.hotspot_map(found, view.shapes("LAD"), view.shapes("LSOA"), said, drawn=drawn)
    written = deck.to_json()
    assert "http" not in written
    assert not json.loads(written).get("mapProvider")
    if drawn is maps.Drawn.SMALL_AREAS:
        assert said[EMERGING] in json.dumps(json.loads(written), ensure_ascii=False)


def test_points_have_no_trend(found):
    assert set(found.points.rows[0]) == {"longitude", "latitude", "lower", "upper", "status"}


def test_a_newer_file_of_a_month_replaces_it_whole_and_old_days_keep_the_old(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.sqlite")
    for month, count in (("2025-01", 20), ("2025-02", 30)):
        store.load(file_of(tmp_path, month, {"E01013601": count}), approve=True)
    assert hotspots(store).total == 30
    assert hotspots(store).found[0].before == 20
    loaded = store.load(file_of(tmp_path, "2025-02", {"E01013602": 12}, "b"), approve=True)
    again = hotspots(store)
    assert {each.code: (each.now, each.before) for each in again.found} == {
        "E01013601": (0, 20), "E01013602": (12, 0),
    }  # fmt: skip
    assert not again.same_season
    store.withdraw(loaded.release.id)
    assert hotspots(store).total == 30
    assert hotspots(store, as_of=date(2000, 1, 1)) is None


def test_months_before_a_gap_are_not_compared(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.sqlite")
    for month in ("2024-11", "2025-01"):
        store.load(file_of(tmp_path, month, {"E01013601": 15}), approve=True)
    one = hotspots(store)
    assert one.before is None
    assert one.found[0].course is None
    assert "nothing can be compared" in narrative.hotspots_sentence(one)
    assert json.dumps(hotspots_json(one), allow_nan=False)


def test_nothing_held_is_an_answer_and_nonsense_a_refusal(tmp_path, store):
    assert hotspots(open_store(f"sqlite:///{tmp_path}/b.sqlite")) is None
    with pytest.raises(UnknownNameError, match="no crime type"):
        hotspots(store, crime_type="Jaywalking")
    with pytest.raises(UnknownNameError, match="no area"):
        hotspots(store, area="E99999999")
    for crime_type in CRIME_TYPES:
        assert hotspots(store, crime_type=crime_type).crime_type == crime_type


def test_counts_of_real_files_are_those_of_their_rows(tmp_path, real):
    """By district over six real months, counted again from the same rows by nothing of ours."""
    homes = {
        row["lsoa21_code"]: row["ltla24_code"]
        for row in csv.DictReader(
            real("lookups/lsoa21_ward24_ltla24_LLR.csv").open(encoding="utf-8-sig")
        )
    }
    store, counted = open_store(f"sqlite:///{tmp_path}/a.sqlite"), Counter()
    store.load(real("lookups/lsoa21_ward24_ltla24_LLR.csv"), approve=True)
    months = [f"2025-{number:02d}" for number in range(1, 7)]
    for month in months:
        path = real(f"police_uk/{month}/{month}-leicestershire-street.csv")
        store.load(path, approve=True)
        if month >= "2025-04":
            with path.open(encoding="utf-8") as file:
                counted.update(
                    homes[row["LSOA code"]]
                    for row in csv.DictReader(file)
                    if row["Crime type"] == VIOLENCE and row["LSOA code"] in homes
                )
    found = hotspots(store)
    assert found.now.months == 3
    assert {each.code: count for each, count in found.by_district} == counted
    assert len(found.found) == 634
    everything = {each.code: each for each in found.found}
    assert all(each.name != each.code for each in everything.values())
    assert found.area.code == NETWORK
