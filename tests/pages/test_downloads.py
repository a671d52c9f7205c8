"""Tables, charts and the board pack can be taken from their pages."""

import csv
import io
import json
import re
import struct
import zipfile
from datetime import datetime
from xml.etree.ElementTree import fromstring

import pytest
import streamlit as st
from click.testing import CliRunner
from csvw import CSVW
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from tests.attacker.outlets import UNFOLDED
from tests.conftest import ROOT
from tests.tables import tables_in
from vrn_metrics import narrative
from vrn_metrics.cli import vrn
from vrn_metrics.money import pounds

SVG = "{http://www.w3.org/2000/svg}"

WAIT = 60


@pytest.fixture(autouse=True)
def _demo(demo_database, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("VRN_DATABASE_URL", demo_database)


def opened(page, **parameters):
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=WAIT)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def offered(app):
    return [each.proto.label for each in app.get("download_button")]


def test_a_table_is_offered_as_csv_with_metadata_and_as_a_spreadsheet():
    assert offered(opened("scorecard")) == [
        "Scorecard: CSV",
        "Scorecard: CSV with metadata (ZIP)",
        "Scorecard: Excel (XLSX)",
    ]


def test_every_chart_of_the_trend_is_offered_as_a_picture():
    app = opened("trend", measure="knife-violence")
    charts = len(app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart"))
    labels = offered(app)
    assert charts == 4
    assert sum(each.endswith(": PNG") for each in labels) == charts
    assert sum(each.endswith(": SVG") for each in labels) == charts
    assert len(labels) == len(set(labels))


TABLES = {
    "scorecard": ["Scorecard"],
    "trend": ["Points"],
    "districts": ["Neighbours", "Kinds of place", "Times of day", "Measures", "Districts"],
    "hotspots": ["Map points", "Places to look at first", "Small areas"],
    "spend": ["Shares", "Sums", "Grants", "Decisions", "Cost of violence"],
    "programme": ["Projects", "Interventions", "Agreements", "Checklist"],
    "impact": ["Power", "Paths", "Placebos", "Choices"],
    "data": ["Releases"],
    "about": ["Measures", "Baselines", "Changes in recording", "Sources"],
}
CHARTS = {
    "trend": ["Trend chart", "Twelve months", "Outlook", "Side by side"],
    "districts": ["Map", "Funnel"],
    "hotspots": ["Map"],
    "spend": ["Spending chart"],
    "impact": ["Power", "Paths", "Placebos", "Choices"],
}
VIEWS = {
    "trend": {"measure": "knife-violence"},
    "districts": {"measure": "knife-violence", **UNFOLDED},
}
LAYOUTS = {
    "spend": "The ledger as a file to change and load again",
    "programme": "The whole programme as a file to change and load again",
}
"""Files of another kind: they are read back by the loader, and have their own tests."""


@pytest.fixture
def made(monkeypatch):
    """Every file that a page offers, made as a click would make it: label and name to bytes."""
    files, button = {}, st.download_button

    def offer(label, data, **given):
        name = given["file_name"]
        assert name not in files
        files[label, name] = data() if callable(data) else data
        return button(label, data, **given)

    monkeypatch.setattr(st, "download_button", offer)
    return files


@pytest.mark.parametrize("page", TABLES)
def test_every_table_and_every_chart_of_a_page_is_offered(page):
    app = opened(page, **VIEWS.get(page, {}))
    assert not app.exception
    labels = offered(app)
    for name in TABLES[page]:
        kinds = [each.removeprefix(f"{name}: ") for each in labels if each.startswith(f"{name}: ")]
        assert {"CSV", "CSV with metadata (ZIP)", "Excel (XLSX)"} <= set(kinds)
    drawn = CHARTS.get(page, [])
    assert sorted(each.removesuffix(": PNG") for each in labels if each.endswith("PNG")) == sorted(
        drawn
    )
    assert sorted(each.removesuffix(": SVG") for each in labels if each.endswith("SVG")) == sorted(
        drawn
    )
    charts = app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")
    assert len(charts) + len(app.get("deck_gl_json_chart")) == len(drawn)
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("page", TABLES)
def test_csv_metadata_and_spreadsheet_of_a_page_say_the_same(page, made, tmp_path):
    opened(page, **VIEWS.get(page, {}))
    stems = [name.removesuffix(".xlsx") for _, name in made if name.endswith(".xlsx")]
    files = {name: content for (_, name), content in made.items()}
    assert len(stems) >= len(TABLES[page])
    for stem in stems:
        with zipfile.ZipFile(io.BytesIO(files[f"{stem}-csvw.zip"])) as archive:
            archive.extractall(tmp_path)
        path = tmp_path / f"{stem}.csv"
        text = path.read_bytes().decode()
        assert files[f"{stem}.csv"].decode("utf-8-sig") == text
        assert CSVW(str(tmp_path / f"{stem}.csv-metadata.json"), validate=True).is_valid
        about = json.loads((tmp_path / f"{stem}.csv-metadata.json").read_text(encoding="utf-8"))
        header, *rows = list(csv.reader(io.StringIO(text, newline="")))
        assert [each["name"] for each in about["tableSchema"]["columns"]] == header
        assert all(each["dc:description"] for each in about["tableSchema"]["columns"])
        assert about["dc:provenance"]
        key = [header.index(name) for name in about["tableSchema"]["primaryKey"]]
        keys = [tuple(row[place] for place in key) for row in rows]
        assert len(keys) == len(set(keys))
        notices = {row[header.index("notice")] for row in rows} if "notice" in header else set()
        assert notices <= {narrative.demonstration_notice()}
        assert ("notice" in header) == (page != "about")
        sheet = load_workbook(io.BytesIO(files[f"{stem}.xlsx"]))["Table 1"]
        cells = [list(row) for row in sheet.iter_rows(min_row=6, values_only=True)]
        if rows:
            assert [[same(cell) for cell in row] for row in cells] == [
                [same(cell) for cell in row] for row in rows
            ]


def same(cell):
    """A cell of a spreadsheet, or of a CSV, as both can be compared."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    text = str(cell)
    try:
        return float(text)
    except ValueError:
        return text.removeprefix("'") if text[1:2] in "=+-@" else text


@pytest.mark.parametrize("page", CHARTS)
def test_pictures_of_a_page_have_their_title_source_day_and_mark_in_them(page, made):
    opened(page, **VIEWS.get(page, {}))
    pictures = {name: content for (_, name), content in made.items()}
    drawn = [name.removesuffix(".svg") for name in pictures if name.endswith(".svg")]
    assert len(drawn) == len(CHARTS[page])
    for name in drawn:
        png = pictures[f"{name}.png"]
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">I", png[16:20])[0] > 1600
        root = fromstring(pictures[f"{name}.svg"])  # noqa: S314 - made by us a moment ago
        words = [" ".join(each.itertext()) for each in root.iter(f"{SVG}text")]
        text = re.sub(r"\s+", " ", " ".join(words))
        title = re.sub(r"\s+", " ", root.find(f"{SVG}title").text)
        assert title.removesuffix(narrative.demonstration_notice()).strip() in text
        assert narrative.demonstration_notice() in text
        assert re.search(r"as of \d{1,2} \w+ \d{4}\. Releases: \d", text)
        assert re.search(r"Source: \w", text)
        assert root.find(f"{SVG}desc").text
        assert not re.findall(
            r"(?:href|src)=\"(?!#)|url\((?!#)|@import", pictures[f"{name}.svg"].decode()
        )


@pytest.mark.parametrize("page", TABLES)
def test_nothing_is_made_before_somebody_asks(page):
    for each in opened(page, **VIEWS.get(page, {})).get("download_button"):
        if each.proto.label.partition(": ")[0] in (*TABLES[page], *CHARTS.get(page, ())):
            assert each.proto.deferred_file_id
            assert not each.proto.url


def test_money_in_a_file_is_the_pence_of_the_page_and_of_the_json(made, demo_database):
    opened("spend")
    files = {
        name: content.decode("utf-8-sig")
        for (_, name), content in made.items()
        if name[-4:] == ".csv"
    }
    answer = json.loads(
        CliRunner().invoke(vrn, ["spend", "--format", "json", "--database", demo_database]).stdout
    )
    (shares,) = [text for name, text in files.items() if name.startswith("spend-shares")]
    rows = list(csv.DictReader(io.StringIO(shares)))
    standings = [one for rule in answer["rules"] for one in rule["standings"]]
    assert len(rows) == len(standings) == 9
    for row, standing in zip(rows, standings, strict=True):
        for name in ("part_pence", "whole_pence", "lowest_pence", "highest_pence"):
            assert int(row[name]) == standing[name]
    (sums,) = [text for name, text in files.items() if name.startswith("spend-sums")]
    found = {
        (row["by"], row["of"]): int(row["spent_pence"]) for row in csv.DictReader(io.StringIO(sums))
    }
    assert found == {
        (by, of): pence
        for by in ("project", "category", "quarter", "year")
        for of, pence in answer[f"spent_by_{by}_pence"].items()
    }
    html = "".join(each.proto.body for each in opened("spend").get("html"))
    on_page = {cell for table in tables_in(html) for row in table for cell in row.values()}
    assert {pounds(pence) for pence in found.values()} <= on_page


@pytest.mark.parametrize(("key", "title"), [("pptx", "PowerPoint"), ("html", "Web page")])
def test_the_board_pack_is_made_when_its_form_is_chosen(key, title):
    app = opened("scorecard", area="E06000017")
    assert not any("board pack" in each for each in offered(app))
    app.segmented_control(key="board-pack-kind").select(key).run()
    assert not app.exception
    (button,) = [each for each in app.get("download_button") if "board pack" in each.proto.label]
    assert title in button.proto.label
    assert button.proto.url
