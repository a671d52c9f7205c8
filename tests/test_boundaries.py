"""The schematic map: made from places, close enough to know a district by, never official."""

import importlib.util
import json
from itertools import combinations

import numpy as np
import pytest
import shapely

from tests.conftest import ROOT
from vrn_metrics import areas

REFERENCE = ROOT / "data" / "reference"
LEAST, LEAST_ON_AVERAGE = 0.75, 0.85


@pytest.fixture(scope="module")
def make():
    spec = importlib.util.spec_from_file_location("make", REFERENCE / "make_boundaries.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn():
    content = json.loads((REFERENCE / "schematic_boundaries.geojson").read_text(encoding="utf-8"))
    return {
        each["properties"]["code"]: shapely.from_geojson(json.dumps(each["geometry"]))
        for each in content["features"]
    }


def in_metres(make, shape):
    return shapely.transform(shape, lambda xy: xy * make._scale())


def test_the_file_is_what_the_script_makes(make):
    assert (REFERENCE / "schematic_boundaries.geojson").read_text(
        encoding="utf-8"
    ) == make.collection()


def test_there_is_one_whole_shape_a_district(drawn):
    assert set(drawn) == {each.code for each in areas.districts()}
    assert all(each.geom_type == "Polygon" and each.is_valid for each in drawn.values())


def test_districts_neither_overlap_nor_leave_gaps(drawn, make):
    for one, other in combinations(drawn.values(), 2):
        assert in_metres(make, one.intersection(other)).area < 1
    joined = shapely.unary_union(list(drawn.values()))
    assert joined.geom_type == "Polygon"
    assert len(joined.interiors) == 0


def test_no_place_is_named_twice_in_a_district_and_every_district_is_known(make):
    codes, points = make.settlements()
    assert len({tuple(each) for each in points.tolist()}) == len(points)
    assert set(codes) == {each.code for each in areas.districts()} | {""}


def test_shapes_are_close_to_the_official_ones(drawn, make, real):
    content = json.loads(real("boundaries/LLR_LAD24_BSC.geojson").read_text(encoding="utf-8"))
    found = {}
    for each in content["features"]:
        code = each["properties"]["LAD24CD"]
        official = in_metres(make, shapely.from_geojson(json.dumps(each["geometry"])))
        ours = in_metres(make, drawn[code])
        found[code] = ours.intersection(official).area / ours.union(official).area
    assert len(found) == 9
    assert min(found.values()) >= LEAST, found
    assert np.mean(list(found.values())) >= LEAST_ON_AVERAGE, found
