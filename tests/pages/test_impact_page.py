"""The impact page: its order, its choices, and what it says where there is no estimate."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

WAIT = 90


@pytest.fixture
def page(demo_database, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("VRN_DATABASE_URL", demo_database)

    def opened(**params):
        app = AppTest.from_file(str(ROOT / "pages" / "impact.py"), default_timeout=WAIT)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened


def whole(app):
    """The files of the whole estimate: those of one chart or table are named *Power: PNG*."""
    labels = [each.proto.label for each in app.get("download_button")]
    return [each for each in labels if ": " not in each]


def said(app):
    said = (*app.header, *app.markdown, *app.warning)
    return "\n".join(each.value for each in said).replace("\\", "")


def test_power_comes_before_the_fit_and_the_fit_before_the_estimate(page):
    app = page()
    assert not app.exception
    assert [each.value for each in app.header[1:]] == [
        "1. What could be found at all",
        "2. The fit before the start",
        "3. The estimate",
        "4. The same under other choices",
        "5. What the national evaluation found",
        "6. How far to trust it",
        "Do it again",
    ]
    answer = app.header[0].value
    assert answer.startswith("Not distinguishable from chance")
    assert "per 100,000" not in answer.replace("\\", "")
    assert len(whole(app)) == 5


def test_leaving_a_donor_out_shows_at_once(page):
    app = page()
    assert "22 donors" in said(app)
    app.multiselect(key="box-drop").select("E23000020").run()
    assert not app.exception
    assert "21 donors" in said(app)
    app.multiselect(key="box-add").select("E23000019").run()
    assert "22 donors" in said(app)


def test_a_poor_fit_greys_the_estimate_out(page):
    app = page(measure="homicides")
    words = said(app)
    assert "Not to be used" in words
    assert "The estimate is greyed out" in words
    assert "than expected (" not in words


@pytest.mark.parametrize("method", ["augmented", "difference", "interrupted", "ratio"])
def test_a_link_names_the_method(page, method):
    app = page(**{"measure": "robbery", "impact-method": method})
    assert not app.exception
    assert not app.error


def test_a_measure_without_other_forces_says_why(page):
    app = page(measure="homicides-nondomestic")
    assert not app.exception
    assert "No estimate. No approved release" in said(app)
    assert len(whole(app)) == 2  # the card that says why, and the plan
