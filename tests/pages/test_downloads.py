"""Tables, charts and the board pack can be taken from their pages."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

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


def test_nothing_is_made_before_somebody_asks():
    for page in ("scorecard", "trend"):
        for each in opened(page).get("download_button"):
            assert each.proto.deferred_file_id
            assert not each.proto.url


@pytest.mark.parametrize(("key", "title"), [("pptx", "PowerPoint"), ("html", "Web page")])
def test_the_board_pack_is_made_when_its_form_is_chosen(key, title):
    app = opened("scorecard", area="E06000017")
    assert not any("board pack" in each for each in offered(app))
    app.segmented_control(key="board-pack-kind").select(key).run()
    assert not app.exception
    (button,) = [each for each in app.get("download_button") if "board pack" in each.proto.label]
    assert title in button.proto.label
    assert button.proto.url
