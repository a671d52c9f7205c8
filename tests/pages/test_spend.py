"""The ledger's page: the answer first, the same pence as everywhere, changed by new releases."""

import json

import pytest
import streamlit as st
from click.testing import CliRunner

from tests.conftest import ROOT
from tests.pages.test_pages import alone, button, words
from vrn_metrics.cli import vrn
from vrn_metrics.money import parse_pounds
from vrn_metrics.store import open_store

LEDGER = """layout,vrn-spend,1
covers,2025-04,2025-09

date,year,line,project,category,amount,kind,funding_stream,classified_by,reason,doubtful
2025-06-30,2025-26,01,Service Mapping,intervention,191.00,actual,home-office,Lead,planned,no
2025-06-30,2025-26,02,Service Mapping,staff,809.00,actual,home-office,,,no
"""


@pytest.fixture(autouse=True)
def _from_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'spend.sqlite'}"
    monkeypatch.setenv("VRN_DATABASE_URL", url)
    opened = open_store(url)
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER)
    opened.load(path, approve=True)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def edit(monkeypatch):
    """What a person does to the table: a frame in, a frame out."""
    made, draw = [], st.data_editor

    def edited(frame, **options):
        after = draw(frame, **options)
        return made[0](after) if made else after

    monkeypatch.setattr(st, "data_editor", edited)
    return made


def anew(frame):
    changed = frame.copy()
    changed.loc[1, ["category", "classified_by", "reason"]] = ["intervention", "Director", "youth"]
    return changed


def save(app, role="Finance lead"):
    app.text_input[0].input(role)
    button(app, "Save as a new release").click()
    return app.run()


def test_the_answer_comes_first_with_the_pence_of_the_json(store):
    app = alone("spend")
    assert not app.exception
    said = app.header[0].value.replace("\\", "")
    assert said.startswith("19.1% of spending in 2025-26 has gone to interventions so far")
    assert "£9 more by 31 March" in said
    assert app.metric[0].value == "19.1%"
    answer = CliRunner().invoke(vrn, ["spend", "--format", "json"])
    written = json.loads(answer.stdout)["rules"][0]["standings"][0]
    caption = app.caption[0].value.replace("\\", "")
    assert [parse_pounds(each) for each in caption.split(" of ")] == [
        written["part_pence"], written["whole_pence"],
    ] == [19_100, 100_000]  # fmt: skip


def test_a_year_is_opened_by_a_link_and_a_wrong_one_gets_a_sentence(demo_database, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", demo_database)
    app = alone("spend", year="2023-24")
    assert "in 2023-24" in app.header[0].value.replace("\\", "")
    app = alone("spend", year="![x](http://example.org/x.png)")
    assert not app.exception
    assert any("does not exist" in each.value for each in app.info)


def test_without_a_ledger_it_says_what_to_load(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    app = alone("spend")
    assert not app.exception
    assert "No ledger counts yet" in words(app)


def test_a_line_classified_anew_is_a_new_release_with_its_trail(store, edit):
    app = alone("spend")
    edit.append(anew)
    save(app)
    assert not app.exception
    assert "Saved as release 2" in app.success[0].value
    newest = store.releases()[0]
    assert (newest.state, newest.changed_by) == ("loaded", "Finance lead")
    edit.clear()
    button(app, "Approve release 2").click().run()
    app.run()
    assert {each.state for each in store.releases()} == {"approved"}
    again = alone("spend")
    assert "100.0% of spending" in again.header[0].value.replace("\\", "")
    assert "Classified anew" in words(again)


def test_a_broken_edit_saves_nothing_and_names_the_line(store, edit):
    app = alone("spend")

    def unsigned(frame):
        changed = frame.copy()
        changed.loc[1, "category"] = "intervention"
        return changed

    edit.append(unsigned)
    save(app)
    said = app.error[0].value.replace("\\", "")
    assert "Nothing was saved" in said
    assert "line '02'" in said
    assert "classified_by" in said
    assert len(store.releases()) == 1


def test_nothing_changed_or_nobody_named_saves_nothing(store, edit):
    app = save(alone("spend"))
    assert "Nothing was changed" in words(app)
    edit.append(anew)
    app = save(alone("spend"), role=" ")
    assert any("say in which role" in each.value for each in app.error)
    assert len(store.releases()) == 1
