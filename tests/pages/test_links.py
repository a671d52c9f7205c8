"""Links: a whole view by keys, the same figures on a later day, and none that breaks a page."""

from datetime import date, datetime
from shutil import copy
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from tests.ageing import rewritten
from tests.conftest import ROOT
from tests.pages.test_pages import WAIT, words
from vrn_metrics.analyses.changes import changes
from vrn_metrics.exports.changes import verdicts_dataset
from vrn_metrics.store import open_store
from vrn_metrics.store.schema import RELEASE_EVENTS

THEN = date(2026, 9, 30)
LINKS = {
    "scorecard": {"area": "E07000130", "baseline": "ye-2019-03"},
    "trend": {"measure": "robbery", "area": "E06000016", "years": "5", "method": "xmr"},
    "districts": {"district": "E06000017", "measure": "violence-with-injury", "fill": "verdict"},
    "hotspots": {"area": "E06000016", "drawn": "points", "crime": "Robbery"},
    "impact": {"measure": "robbery", "window": "5", "drop": ["E23000020", "E23000029"]},
    "spend": {"year": "2024-25"},
    "programme": {},
    "changes": {"area": "E06000016", "since": "last"},
}
PARAMETERS = {
    "scorecard": ("area", "baseline", "definition", "as-of", "board-pack-kind"),
    "trend": ("measure", "area", "years", "baseline", "definition", "method", "as-of"),
    "districts": ("district", "measure", "baseline", "definition", "fill", "as-of", "open-times"),
    "hotspots": ("crime", "area", "drawn", "as-of"),
    "impact": ("measure", "impact-method", "start", "window", "covid", "drop", "add", "as-of"),
    "spend": ("year", "as-of"),
    "programme": ("as-of",),
    "changes": ("since", "area", "baseline", "definition", "as-of"),
    "data": ("as-of", "release"),
    "about": ("measure",),
}


@pytest.fixture(autouse=True)
def _from_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def demo(demo_database, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", demo_database)


@pytest.fixture
def aged(demo_database, tmp_path, monkeypatch):
    """The demonstration as if all of it had been approved in September."""
    path = tmp_path / "aged.sqlite"
    copy(demo_database.removeprefix("sqlite:///"), path)
    store = open_store(f"sqlite:///{path}")
    with rewritten(store) as connection:
        at = datetime(THEN.year, THEN.month, THEN.day, 9)
        connection.execute(update(RELEASE_EVENTS).values(at=at))
    monkeypatch.setenv("VRN_DATABASE_URL", f"sqlite:///{path}")
    return store


def opened(page, params):
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=WAIT)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, (page, params)
    return app


def seen(app):
    """What is said and every table, but for the sentence that this is an earlier day."""
    tables = [each.value.to_csv() for each in (*app.table, *app.dataframe)]
    said = [line for line in words(app).splitlines() if "as they stood at the end" not in line]
    return said, tables, [each.value for each in app.code]


@pytest.mark.parametrize("page", LINKS)
def test_the_link_of_a_view_is_all_that_it_shows(page, demo):
    app = opened(page, LINKS[page])
    link, cited = (each.value for each in app.code)
    asked = {
        name: value if len(value) > 1 else value[0]
        for name, value in parse_qs(urlsplit(link).query).items()
    }
    assert urlsplit(link).path == f"/{page}"
    assert {name: asked[name] for name in LINKS[page]} == LINKS[page]
    assert asked["as-of"] == date.today().isoformat()
    assert link in cited
    assert seen(opened(page, asked)) == seen(app)


@pytest.mark.parametrize("page", LINKS)
def test_a_link_with_a_day_gives_the_same_later(page, aged):
    asked = {**LINKS[page], "as-of": THEN.isoformat()}
    before = seen(opened(page, asked))
    for release in aged.releases():
        if release.source in ("vrn-offences", "vrn-spend", "vrn-programme", "police-street"):
            aged.withdraw(release.id, reason="a correction")
    assert seen(opened(page, asked)) == before
    now = seen(opened(page, LINKS[page]))
    assert now != before


def test_an_earlier_day_is_said_and_nothing_can_be_changed_from_it(aged):
    app = opened("programme", {"as-of": THEN.isoformat()})
    assert "as they stood at the end of 30 September 2026" in words(app)
    assert "choose *Today* above to change anything" in words(app)


@pytest.mark.parametrize("day", ["2026-09-29", "2999-01-01", "yesterday", "2026-13-40"])
def test_a_day_that_cannot_be_looked_at_gets_a_sentence(day, aged):
    said = words(opened("scorecard", {"as-of": day}))
    assert "under 'As it stood at the end of' that does not exist" in said
    assert day not in said


def test_a_day_on_which_made_up_figures_counted_is_marked_at_once(aged):
    """Not only from the second look on, when the session knows the day."""
    for release in aged.releases():
        aged.withdraw(release.id, reason="real figures come")
    assert "No figure here is real" in words(opened("scorecard", {"as-of": THEN.isoformat()}))
    assert "No figure here is real" not in words(opened("scorecard", {}))


def test_what_changed_is_said_and_can_be_taken_away(aged):
    for release in aged.releases():
        if release.source == "vrn-admissions":
            aged.withdraw(release.id, reason="a correction")
    app = opened("changes", {"since": THEN.isoformat()})
    assert "Since 30 September 2026" in words(app)
    offered = {each.proto.label for each in app.get("download_button")}
    assert {"Verdicts: CSV", "Verdicts: Excel (XLSX)"} <= offered
    table = verdicts_dataset(changes(aged, since=THEN))
    verdicts = {
        row["measure"]: (row["verdict_then"], row["verdict_now"], row["why"]) for row in table.rows
    }
    assert verdicts["knife-admissions"] == ("lower", "lower", "other-source")
    assert verdicts["knife-admissions-under25"] == ("lower", "no-data", "no-more-data")
    assert len(table.rows) == 11


def test_the_day_is_kept_from_page_to_page(aged, monkeypatch):
    app = opened("scorecard", {"as-of": THEN.isoformat()})
    box = next(each for each in app.selectbox if each.label == "As it stood at the end of")
    assert box.value == THEN.isoformat()
    box.set_value("today").run()
    assert "as they stood at the end" not in words(app)


WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "' OR 1=1 --",
            "../../etc/passwd",
            "<script>alert(1)</script>",
            "![x](https://elsewhere.example/x.png)",
            "E99999999",
            "E23000021",
            "null",
            "-1",
            "9" * 30,
            "2020-02-30",
            "true",
        ]
    ),
)


@pytest.mark.parametrize("page", PARAMETERS)
@given(data=st.data())
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_link_breaks_a_page_or_is_repeated_on_it(page, data, demo):
    asked = data.draw(
        st.dictionaries(
            st.sampled_from(PARAMETERS[page]),
            st.one_of(WORDS, st.lists(WORDS, min_size=1, max_size=3)),
            min_size=1,
        )
    )
    said = words(opened(page, asked))
    for value in asked.values():
        for each in [value] if isinstance(value, str) else value:
            if "elsewhere.example" in each or "<script" in each or "OR 1=1" in each:
                assert each not in said
