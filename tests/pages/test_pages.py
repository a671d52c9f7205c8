"""Every page alone, through the app, by a link, with no data, and with a link that is wrong."""

from threading import Event
from time import sleep

import pytest
from streamlit.testing.v1 import AppTest

from tests.agreements import record_agreements
from tests.conftest import ROOT
from tests.tables import tables_in
from vrn_metrics.errors import StoreError
from vrn_metrics.store import guard, open_store

PAGES = (
    "scorecard",
    "trend",
    "districts",
    "hotspots",
    "impact",
    "programme",
    "spend",
    "changes",
    "data",
    "about",
    "accessibility",
)
WAIT = 60


@pytest.fixture(autouse=True)
def _from_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite'}")


@pytest.fixture
def demo(demo_database, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", demo_database)


def alone(page, **params):
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=WAIT)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def chosen(app, place):
    """A box of the page's own choices, after that of the day."""
    return [each for each in app.selectbox if each.key != "box-as-of"][place]


def words(app):
    """Everything a page says, its raw HTML included."""
    said = [
        each.value
        for kind in ("markdown", "title", "header", "warning", "info", "error", "success")
        for each in getattr(app, kind)
    ]
    said += [str(each.proto) for each in app.get("html")]
    return "\n".join(map(str, said))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_alone_with_no_data_has_an_answer_and_no_traceback(page, empty):
    app = alone(page)
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("page", PAGES)
def test_a_page_alone_on_made_up_figures_says_so(page, demo):
    app = alone(page)
    assert not app.exception
    assert "Made-up demonstration data" in words(app)


def test_the_app_opens_on_the_scorecard(demo):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT).run()
    assert not app.exception
    assert app.title[0].value == "Are we succeeding?"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_reached_from_the_app(page, demo):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT).run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert "Made-up demonstration data" in words(app)


def test_a_link_with_an_area_and_a_baseline_opens_that_view(demo):
    app = alone("scorecard", area="E07000130", baseline="ye-2020-03")
    assert not app.exception
    assert chosen(app, 0).value == "E07000130"
    assert chosen(app, 1).value == "ye-2020-03"
    assert "Charnwood" in words(app)


@pytest.mark.parametrize("name", ["area", "baseline"])
@pytest.mark.parametrize(
    "value",
    [
        "E99999999",
        "",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "x" * 5000,
        "![x](http://example.org/x.png)",
    ],
)
def test_a_wrong_link_gets_a_sentence_and_the_usual_view(name, value, demo):
    app = alone("scorecard", **{name: value})
    assert not app.exception
    assert any("does not exist" in each.value for each in app.info)
    assert value == "" or value not in words(app)
    assert app.title[0].value == "Are we succeeding?"


def test_choosing_a_district_shows_it_and_writes_its_code_to_the_address(demo):
    app = alone("scorecard")
    chosen(app, 0).select("E06000017").run()
    assert not app.exception
    assert app.query_params["area"] in ("E06000017", ["E06000017"])
    assert "Rutland" in words(app)


def test_a_database_that_is_gone_is_a_sentence(monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    for page in PAGES:
        app = alone(page)
        assert not app.exception
        assert any("cannot be opened" in each.value for each in app.error)


def test_a_trend_is_opened_by_a_link_and_says_the_answer_first(demo):
    app = alone("trend", measure="robbery", area="E06000016")
    assert not app.exception
    assert chosen(app, 0).value == "robbery"
    assert chosen(app, 1).value == "E06000016"
    assert app.header[0].value.startswith(("Falling", "Rising", "No "))
    assert "Leicester" in words(app) or "offences" in words(app)


@pytest.mark.parametrize("name", ["measure", "method", "definition", "years"])
def test_a_wrong_link_to_a_trend_gets_a_sentence(name, demo):
    app = alone("trend", **{name: "![x](http://example.org/x.png)"})
    assert not app.exception
    assert any("does not exist" in each.value for each in app.info)


def test_too_few_to_judge_is_an_answer(demo):
    app = alone("trend", measure="homicides-nondomestic-under25-knife", area="E06000017")
    assert not app.exception
    assert "Too few to judge" in words(app)


@pytest.fixture
def unapproved(tmp_path, monkeypatch):
    """A store with one local extract that does not count yet."""
    url = f"sqlite:///{tmp_path / 'unapproved.sqlite'}"
    monkeypatch.setenv("VRN_DATABASE_URL", url)
    path = tmp_path / "admissions.csv"
    lines = ["layout,vrn-admissions,1", "covers,2024-04,2025-03", ""]
    lines += ["month,district,icd10,age_band,sex,setting,count"]
    lines += ["2024-05,Leicester,X990,25+,male,public,40", "2024-05,Rutland,X990,25+,male,public,2"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    store = open_store(url)
    record_agreements(store, tmp_path)
    store.load(path)
    return store


def button(app, words):
    (found,) = [each for each in app.button if words in each.label]
    return found


def states(store, wanted):
    """The release's state once it is the one wanted, or after a while."""
    for _ in range(300):
        if store.releases()[0].state == wanted:
            break
        sleep(0.1)
    return store.releases()[0].state


def test_a_release_is_approved_beside_the_sessions(unapproved, monkeypatch):
    """The page says what is going on and does not wait for it."""
    may_go_on, decide = Event(), guard.decide

    def slowly(engine, source, release_ids, progress):
        progress("Deciding what may be shown")
        assert may_go_on.wait(WAIT)
        return decide(engine, source, release_ids, progress)

    monkeypatch.setattr(guard, "decide", slowly)
    app = alone("data")
    button(app, "Approve").click().run()
    assert not app.exception
    assert any("Deciding what may be shown" in each.value for each in app.info)
    assert unapproved.releases()[0].state == "loaded"
    button(app, "Approve").click().run()  # asked twice, done once
    may_go_on.set()
    assert states(unapproved, "approved") == "approved"
    app.run()
    button(app, "Withdraw")
    assert not app.error


def test_a_decision_that_is_refused_says_why(unapproved, monkeypatch):
    def fails(*_args, **_options):
        raise StoreError("the disk is full")

    monkeypatch.setattr(guard, "decide", fails)
    app = alone("data")
    button(app, "Approve").click().run()
    assert any("the disk is full" in each.value for each in app.error)
    assert unapproved.releases()[0].state == "loaded"


def test_the_rows_of_a_local_extract_are_not_counted_for_everybody(unapproved):
    app = alone("data")
    (releases,) = tables_in("".join(each.proto.body for each in app.get("html")))
    assert [each["Rows"] for each in releases] == ["not shown", "3"]
    assert "numbers of rows would count events" in words(app)
