"""A map never misleads: what is hidden has a pattern and a word, and nobody needs its colours."""

import json
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
import shapely

from tests.analyses.made_up import MadeUpStore, monthly
from vrn_metrics import areas, maps, narrative
from vrn_metrics.analyses.districts import State, districts
from vrn_metrics.analyses.interventions import Intervention, Register
from vrn_metrics.areas import NETWORK
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.exports.pictures import svg
from vrn_metrics.maps.geometry import dots, hatching, name_places
from vrn_metrics.store import open_store
from vrn_metrics.store.geography import schematic
from vrn_metrics.ui import geometry

CODES = [each.code for each in areas.districts()]
YEARLY = {0: 0, 1: 3, 2: 7, 3: 240}  # none, hidden, unreliable, plenty; the others are plenty


def made():
    series = {}
    for place, code in enumerate(CODES):
        total = YEARLY.get(place, 120 + place)
        year = [total // 12 + (1 if month < total % 12 else 0) for month in range(12)]
        series["vrn-offences", "robbery", code] = monthly(year * 12)
    series["vrn-offences", "robbery", NETWORK] = monthly([100] * 144)
    return districts(MadeUpStore(series), "robbery")


def drawn(found, **options):
    said = {e.area.code: narrative.area_words(e, found.measure.per) for e in found.places}
    described = narrative.describe_map(found)
    return maps.district_map(found, schematic(), said, described, **options)


def test_a_map_says_how_many_interventions_run_in_each_district_and_that_it_is_context():
    found = made()
    assert "intervention" not in narrative.map_words(found)[CODES[0]]
    day = found.as_of
    of = partial(Intervention, tier="primary", reach=None, cost_pence=None, rating=None,
                 organisation=None)  # fmt: skip
    entries = (
        of("Here", start=day, end=None, districts=(areas.area(CODES[0]),)),
        of("Everywhere", start=day, end=day, districts=()),
        of("Over", start=date(2020, 1, 1), end=date(2021, 1, 1), districts=()),
        of("To come", start=date(2999, 1, 1), end=None, districts=()),
    )
    register = Register(entries, release=found.releases[0])
    said = narrative.map_words(replace(found, register=register))
    assert said[CODES[0]].endswith("; 2 interventions run here, as context")
    assert said[CODES[1]].endswith("; 1 intervention runs here, as context")


def rows(spec):
    return {each["code"]: each for each in spec["layer"][0]["data"]["values"]}


def names(spec):
    return [each["lines"] for each in spec["layer"][-1]["data"]["values"]]


def test_each_state_has_a_value_a_pattern_or_a_word_of_its_own():
    found = made()
    assert [each.state for each in found.places[:4]] == [
        State.ZERO, State.HIDDEN, State.UNRELIABLE, State.SHOWN,
    ]  # fmt: skip
    spec = drawn(found)
    assert rows(spec)[CODES[1]]["value"] is None
    assert rows(spec)[CODES[0]]["value"] is None
    assert rows(spec)[CODES[3]]["value"] > 0
    assert names(spec)[0].endswith("|0")
    assert names(spec)[1].endswith("|hidden")
    patterns = [each["data"]["values"][0]["geometry"]["type"] for each in spec["layer"][1:-2]]
    assert patterns == ["MultiLineString", "MultiPoint"]
    said = narrative.pattern_words(found)
    assert said.startswith("Hatched: hidden")
    assert "dotted: fewer than 10" in said
    assert "white with 0: no events" in said


def test_a_hidden_number_is_nowhere_in_the_map():
    spec = json.dumps(drawn(made()))
    hidden = next(each for each in made().places if each.state is State.HIDDEN)
    assert hidden.area.name in spec
    assert "rate hidden" in rows(drawn(made()))[hidden.area.code]["said"]
    assert '"value": 3' not in spec


def test_every_area_has_an_accessible_name_with_its_figure():
    spec = drawn(made())
    assert spec["layer"][0]["encoding"]["description"] == {"field": "said", "type": "nominal"}
    for code, row in rows(spec).items():
        assert row["said"].startswith(areas.area(code).name)
    assert spec["description"].count("against its baseline") == 9


def test_verdicts_are_words_and_shapes_as_well_as_colours():
    spec = drawn(made(), fill=maps.Fill.VERDICT)
    values = {row["value"] for row in rows(spec).values()}
    assert values <= {"Lower", "Higher", "No clear change", "Too few to judge", "Not comparable"}
    assert all(any(value in name for value in values) for name in names(spec))
    assert set(spec["layer"][0]["encoding"]["color"]["scale"]["domain"]) == values


def test_schematic_boundaries_are_called_so_and_a_picture_needs_no_server():
    spec = drawn(made())
    assert spec["title"]["subtitle"].endswith(maps.SCHEMATIC_WORDS)
    picture = svg(spec, "Robbery")
    assert maps.SCHEMATIC_WORDS in picture
    assert picture.count("geoshape") >= 1
    assert "url" not in json.dumps(spec["layer"][0]["transform"])


def test_shapes_come_from_an_address_on_a_page():
    spec = drawn(made(), address="geometry/schematic.json")
    assert spec["layer"][0]["transform"][0]["from"]["data"]["url"] == "geometry/schematic.json"
    assert len(json.dumps(spec)) < 60_000


def test_rings_turn_clockwise_or_d3_would_fill_the_world():
    for feature in maps.collection(schematic())["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert not shape.exterior.is_ccw


def test_patterns_stay_inside_and_differ():
    shape = schematic().shapes[1]
    inside = shapely.from_geojson(shape.geometry).buffer(1e-3)
    single, crossed, dotted = (
        shapely.from_geojson(json.dumps(each))
        for each in (
            hatching(shape.geometry), hatching(shape.geometry, crossed=True), dots(shape.geometry),
        )
    )  # fmt: skip
    assert all(inside.contains(each) for each in (single, crossed, dotted))
    assert crossed.length == pytest.approx(2 * single.length, rel=0.2)


def test_names_lie_in_their_shapes_and_apart():
    shapes = schematic().shapes
    found = name_places(shapes)
    for each in shapes:
        shape = shapely.from_geojson(each.geometry)
        assert shape.contains(shapely.Point(found[each.code]))
    points = list(found.values())
    gaps = [abs(a[1] - b[1]) + abs(a[0] - b[0]) for a in points for b in points if a != b]
    assert min(gaps) > 0.03


def test_an_unknown_key_has_no_shapes(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", f"sqlite:///{tmp_path}/a.sqlite")
    assert b"Charnwood" in geometry._collection("schematic")
    with pytest.raises(UnknownNameError, match="no boundaries"):
        geometry._collection("lad-7")


def test_official_boundaries_take_the_place_of_schematic_ones(tmp_path, real):
    store = open_store(f"sqlite:///{tmp_path}/a.sqlite")
    assert store.view().shapes("LAD").is_schematic
    loaded = store.load(real("boundaries/LLR_LAD24_BSC.geojson"), approve=True)
    found = store.view().shapes("LAD")
    assert not found.is_schematic
    assert {each.code for each in found.shapes} == set(CODES)
    spec = maps.district_map(made(), found, dict.fromkeys(CODES, ""), "described")
    assert maps.SCHEMATIC_WORDS not in json.dumps(spec)
    store.withdraw(loaded.release.id)
    assert store.view().shapes("LAD").is_schematic
