"""Boundaries and lookups of ONS: any vintage, every feature sound, every code known."""

from __future__ import annotations

import json
from datetime import date

import pytest

from vrn_metrics import areas
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import (
    ons_area_lookup,
    ons_boundaries,
    ons_lsoa_lookup,
    open_document,
)

AREA_HEADER = "LAD24CD,LAD24NM,CSP24CD,CSP24NM,PFA24CD,PFA24NM"
AREA_ROWS = (
    "E06000016,Leicester,E22000168,Leicester,E23000021,Leicestershire",
    "E07000129,Blaby,E22000164,Blaby,E23000021,Leicestershire",
)
LSOA_HEADER = "lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code"
LSOA_ROWS = (
    "Leicester 034B,E01013609,Aylestone,E05010459,Leicester,E06000016",
    "Leicester 034D,E01013611,Aylestone,E05010459,Leicester,E06000016",
)


def lookup(path, header, *rows):
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def read(module, path):
    document = open_document(path)
    assert module.recognise(document)
    return module.read(document)


def refusal(module, path):
    with pytest.raises(BadInputError) as refused:
        read(module, path)
    return str(refused.value)


def square(west=-1.2, south=52.6, side=0.1):
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(code="E06000016", name="Leicester", field="LAD24CD", **changes):
    properties = {field: code, field.replace("CD", "NM").replace("code", "name"): name}
    return {
        "type": "Feature",
        "properties": properties | changes.pop("properties", {}),
        "geometry": {"type": "Polygon", "coordinates": square()} | changes,
    }


def geojson(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize(
    ("field", "layer", "vintage"),
    [
        ("LAD24CD", "LAD", "24"),
        ("LAD19CD", "LAD", "19"),
        ("CTYUA23CD", "CTYUA", "23"),
        ("CSP23CD", "CSP", "23"),
        ("PFA23CD", "PFA", "23"),
        ("LSOA21CD", "LSOA", "21"),
        ("MSOA21CD", "MSOA", "21"),
        ("WD24CD", "WD", "24"),
        ("lsoa21_code", "LSOA", "21"),
        ("ltla24_code", "LAD", "24"),
    ],
)
def test_layer_and_vintage_come_from_the_code_field(tmp_path, field, layer, vintage):
    reading = read(ons_boundaries, geojson(tmp_path / "b.geojson", feature(field=field)))
    row = reading.tables["boundaries"].iloc[0]
    assert (row["layer"], row["vintage"], row["name"]) == (layer, vintage, "Leicester")
    assert json.loads(row["geometry"]) == {"type": "Polygon", "coordinates": square()}
    assert reading.edition == date(2000 + int(vintage), 12, 31)


def test_small_areas_that_bear_their_district_are_small_areas(tmp_path):
    district = {"LAD24CD": "E06000016", "LAD24NM": "Leicester"}
    path = geojson(
        tmp_path / "b.geojson",
        feature("E01013609", "Leicester 034B", "LSOA21CD", properties=district),
        feature("E01013611", "Leicester 034D", "LSOA21CD", properties=district),
    )
    rows = read(ons_boundaries, path).tables["boundaries"]
    assert rows["layer"].tolist() == ["LSOA", "LSOA"]
    assert rows["area_code"].tolist() == ["E01013609", "E01013611"]


BOW_TIE = [[[-1.2, 52.6], [-1.1, 52.7], [-1.1, 52.6], [-1.2, 52.7], [-1.2, 52.6]]]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": "Point", "coordinates": [-1.1, 52.6]}, "Polygon or MultiPolygon"),
        ({"coordinates": []}, "a boundary with points"),
        ({"coordinates": [[]]}, "a boundary with points"),
        ({"coordinates": None}, "complete coordinates"),
        ({"coordinates": [[["x", "y"]]]}, "complete coordinates"),
        ({"coordinates": [[[-1.1, 52.6], [-1.2, 52.7], [-1.1, 52.6]]]}, "Too few points"),
        ({"coordinates": [square()[0][:-1]]}, "closed rings"),
        ({"coordinates": [[[-1.1, 52.6]] * 4]}, "Too few points"),
        ({"coordinates": BOW_TIE}, "Self-intersection"),
        ({"coordinates": square(458946, 304594, 1000)}, "not British National Grid metres"),
        ({"coordinates": square(52.6, -1.2)}, "longitude before latitude"),
        ({"coordinates": [[[float("nan"), 52.6]] * 4]}, "coordinates that are numbers"),
    ],
)
def test_unusable_geometry_is_refused_with_its_code(tmp_path, changes, said):
    path = geojson(tmp_path / "b.geojson", feature("E07000129", "Blaby"), feature(**changes))
    message = refusal(ons_boundaries, path)
    assert said in message
    assert "'E06000016'" in message


def test_all_unusable_features_are_told(tmp_path):
    path = geojson(
        tmp_path / "b.geojson", feature("Leicester"), feature(coordinates=[]), feature("E07000129")
    )
    message = refusal(ons_boundaries, path)
    assert "'Leicester'" in message
    assert "'E06000016'" in message


def test_ring_that_touches_itself_is_mended_and_told(tmp_path):
    touching = [[[-1.2, 52.6], [-1.1, 52.6], [-1.15, 52.65], [-1.1, 52.7], [-1.2, 52.7]]]
    touching[0] += [[-1.15, 52.65], [-1.2, 52.6]]
    reading = read(ons_boundaries, geojson(tmp_path / "b.geojson", feature(coordinates=touching)))
    assert any("mended: E06000016" in note.text for note in reading.notes)
    assert json.loads(reading.tables["boundaries"]["geometry"][0])["type"] == "MultiPolygon"


def test_repeated_code_is_refused(tmp_path):
    path = geojson(tmp_path / "b.geojson", feature(), feature())
    assert "LAD24CD 'E06000016' on 2 features" in refusal(ons_boundaries, path)


def test_topojson_and_cut_json_are_refused(tmp_path):
    path = tmp_path / "b.json"
    path.write_text('{"type": "Topology", "objects": {}, "arcs": []}')
    assert "found TopoJSON" in refusal(ons_boundaries, path)
    whole = geojson(tmp_path / "whole.geojson", feature()).read_text()
    path.write_text(whole[: len(whole) // 2])
    assert "complete JSON" in refusal(ons_boundaries, path)


@pytest.mark.parametrize(
    "content", ["{}", "[{}]", '{"type": "FeatureCollection", "features": [1]}', '{"a": [1, 2']
)
def test_other_json_is_not_claimed(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content)
    assert not ons_boundaries.recognise(open_document(path))


def test_area_lookup_gives_three_relations(tmp_path):
    reading = read(ons_area_lookup, lookup(tmp_path / "l.csv", AREA_HEADER, *AREA_ROWS))
    found = reading.tables["area_links"].groupby("relation").size().to_dict()
    assert found == {"lad-csp": 2, "csp-pfa": 2, "lad-pfa": 2}
    assert reading.edition == date(2024, 12, 31)


def test_later_vintage_is_capped_at_today(tmp_path):
    header = AREA_HEADER.replace("24", f"{date.today().year % 100}")
    reading = read(ons_area_lookup, lookup(tmp_path / "l.csv", header, *AREA_ROWS))
    assert reading.edition == date.today()


def test_lsoa_lookup_gives_three_relations(tmp_path):
    reading = read(ons_lsoa_lookup, lookup(tmp_path / "l.csv", LSOA_HEADER, *LSOA_ROWS))
    links = reading.tables["area_links"]
    assert links.groupby("relation").size().to_dict() == {
        "lsoa-ward": 2,
        "ward-lad": 1,
        "lsoa-lad": 2,
    }
    ward = links[links["relation"] == "ward-lad"].iloc[0]
    assert (ward["child_code"], ward["parent_code"]) == ("E05010459", "E06000016")


def test_official_lsoa_columns_are_understood(tmp_path):
    header = "LSOA21CD,LSOA21NM,LSOA21NMW,WD25CD,WD25NM,WD25NMW,LAD25CD,LAD25NM,LAD25NMW,ObjectId"
    row = "E01013609,Leicester 034B,,E05010459,Aylestone,,E06000016,Leicester,,1"
    path = lookup(tmp_path / "l.csv", header, row)
    assert len(read(ons_lsoa_lookup, path).tables["area_links"]) == 3


def test_lookups_do_not_claim_each_other(tmp_path):
    area = open_document(lookup(tmp_path / "a.csv", AREA_HEADER, *AREA_ROWS))
    lsoa = open_document(lookup(tmp_path / "b.csv", LSOA_HEADER, *LSOA_ROWS))
    assert not ons_area_lookup.recognise(lsoa)
    assert not ons_lsoa_lookup.recognise(area)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (AREA_ROWS[0], "each district code with partnership code once"),
        (
            AREA_ROWS[0].replace("E06000016", "LEICS"),
            "an ONS code such as E06000016, found 'LEICS'",
        ),
        (AREA_ROWS[0].replace("E22000168", "E22000164"), "one name for each partnership code"),
        ("E07000130,Charnwood,E22000165,Charnwood,E23000021", "6 cells in every row"),
        ("E07000130,,E22000165,Charnwood,E23000021,Leicestershire", "a district name"),
        (
            "E07000130,Charnwood,E22000168,Leicester,E23000022,Northamptonshire",
            "one force for each partnership",
        ),
    ],
)
def test_broken_area_lookup_is_refused(tmp_path, row, said):
    path = lookup(tmp_path / "l.csv", AREA_HEADER, *AREA_ROWS, row)
    message = refusal(ons_area_lookup, path)
    assert said in message
    assert "row 4" in message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (LSOA_ROWS[0], "each LSOA code once"),
        (
            "Blaby 001A,E01025600,Aylestone,E05010459,Blaby,E07000129",
            "one district for each ward",
        ),
    ],
)
def test_broken_lsoa_lookup_is_refused(tmp_path, row, said):
    assert said in refusal(
        ons_lsoa_lookup, lookup(tmp_path / "l.csv", LSOA_HEADER, *LSOA_ROWS, row)
    )


def test_header_alone_is_refused(tmp_path):
    assert "at least one row" in refusal(ons_area_lookup, lookup(tmp_path / "l.csv", AREA_HEADER))


def test_real_boundaries(real):
    nine = read(ons_boundaries, real("boundaries/LLR_LAD24_BSC.geojson")).tables["boundaries"]
    assert set(nine["area_code"]) == {each.code for each in areas.districts()}
    small = read(ons_boundaries, real("boundaries/LLR_LSOA21.geojson")).tables["boundaries"]
    assert (len(small), set(small["layer"])) == (634, {"LSOA"})
    kingdom = read(
        ons_boundaries,
        real("boundaries/Local_Authority_Districts_May_2024_Boundaries_UK_BSC.geojson"),
    )
    assert len(kingdom.tables["boundaries"]) == 361
    assert sum(note.rows for note in kingdom.notes if "mended" in note.text) == 9


def test_real_area_lookup_agrees_with_our_own_table(real):
    reading = read(ons_area_lookup, real("lookups/LAD24_CSP24_PFA24_EW_LU.csv"))
    links = reading.tables["area_links"]
    counts = links.groupby("relation")["child_code"].nunique().to_dict()
    assert counts == {"lad-csp": 318, "csp-pfa": 314, "lad-pfa": 318}
    assert links.loc[links["relation"] == "lad-pfa", "parent_code"].nunique() == 43
    pairs = links[links["relation"] == "lad-csp"].set_index("child_code")["parent_code"]
    assert {each.code: pairs[each.code] for each in areas.districts()} == {
        each.code: each.csp_code for each in areas.districts()
    }


def test_real_lsoa_lookup(real):
    links = read(ons_lsoa_lookup, real("lookups/lsoa21_ward24_ltla24_LLR.csv")).tables["area_links"]
    by_district = links[links["relation"] == "lsoa-lad"].groupby("parent_name").size()
    assert by_district.to_dict() == {
        "Leicester": 200,
        "Charnwood": 102,
        "Hinckley and Bosworth": 68,
        "Blaby": 60,
        "North West Leicestershire": 60,
        "Harborough": 52,
        "Oadby and Wigston": 36,
        "Melton": 30,
        "Rutland": 26,
    }
