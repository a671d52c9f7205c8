"""The programme's page: read by everybody, changed on a local server only, release by release."""

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.agreements import agreements_file
from tests.conftest import ROOT
from tests.pages.test_pages import alone, button, words
from vrn_metrics.store import open_store


@pytest.fixture(autouse=True)
def _from_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'programme.sqlite'}"
    monkeypatch.setenv("VRN_DATABASE_URL", url)
    opened = open_store(url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def edits(monkeypatch):
    """What a person does to the tables, by kind of record: a frame in, a frame out."""
    made, draw = {}, st.data_editor

    def edited(frame, *, key, **options):
        after = draw(frame, key=key, **options)
        change = made.get(key.rpartition("-")[2])
        return change(after) if change else after

    monkeypatch.setattr(st, "data_editor", edited)
    return made


def with_row(**row):
    return lambda frame: pd.concat([frame, pd.DataFrame([row])], ignore_index=True)


def save(app, role="Programme manager"):
    app.text_input[0].input(role)
    button(app, "Save as a new release").click()
    return app.run()


def test_a_deep_link_opens_it_in_the_app(demo_database, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", demo_database)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/programme.py").run()
    assert not app.exception
    assert app.title[0].value == "Do we do what the Home Office expects?"
    said = words(app)
    assert app.header[0].value.startswith("Of 9 expectations of the Home Office")
    for each in ("Strategic Needs Assessment", "Policy Integration", "Focused deterrence"):
        assert each in said
    assert "Read off the scorecard" in said


def test_with_no_data_it_says_what_is_not_known_and_for_what_there_is_no_agreement(store):
    app = alone("programme")
    assert not app.exception
    assert "9 not known" in words(app)
    assert words(app).count("None in force") == 3
    assert "No intervention is recorded" in words(app)


def test_a_change_is_a_new_release_with_who_and_when_and_counts_once_approved(store, edits):
    app = alone("programme")
    row = {"title": "Sharing", "belongs_to": "vrn-offences", "organisation": "Police force"}
    edits["agreement"] = with_row(**row, start=pd.Timestamp("2019-10-01"))
    save(app)
    assert not app.exception
    assert "Saved as release 1" in app.success[0].value
    (release,) = store.releases()
    assert (release.state, release.changed_by) == ("loaded", "Programme manager")
    assert not release.demonstration
    edits.clear()
    button(app, "Approve release 1").click().run()
    app.run()
    assert [each.state for each in store.releases()] == ["approved"]
    (kept,) = store.view().programme()
    assert (kept.title, kept.belongs_to, f"{kept.start_date}") == (
        "Sharing",
        "vrn-offences",
        "2019-10-01",
    )
    assert words(app).count("None in force") == 2


def test_a_row_taken_out_is_gone_from_the_next_release_and_kept_in_the_last(store, edits, tmp_path):
    first = store.load(agreements_file(tmp_path), approve=True).release
    app = alone("programme")
    edits["agreement"] = lambda frame: frame.iloc[1:]
    save(app)
    second = store.releases()[0]
    store.approve(second.id)
    assert len(store.view().programme()) == 2
    store.withdraw(second.id)
    assert len(store.view().programme()) == 3
    assert first.id != second.id


def test_going_back_to_an_earlier_state_is_one_more_release(store, edits, tmp_path):
    """The same records under another hash: the newest save counts, whatever came before."""
    store.load(agreements_file(tmp_path), approve=True)
    for many, change in ((2, lambda frame: frame.iloc[:-1]), (3, with_row(
        title="Sharing for vrn-offences",
        belongs_to="vrn-offences",
        organisation="A partner",
        start=pd.Timestamp("2019-10-01"),
    ))):  # fmt: skip
        app = alone("programme")
        edits["agreement"] = change
        save(app)
        assert not app.error
        edits.clear()
        store.approve(store.releases()[0].id)
        assert len(store.view().programme()) == many


def test_nothing_is_saved_without_a_role_or_without_a_change(store, edits, tmp_path):
    store.load(agreements_file(tmp_path), approve=True)
    app = save(alone("programme"))
    assert "Nothing was changed" in words(app)
    edits["agreement"] = lambda frame: frame.iloc[1:]
    app = save(alone("programme"), role="  ")
    assert "say in which role" in app.error[0].value
    assert len(store.releases()) == 1


def test_a_change_that_breaks_a_rule_is_refused_by_the_reader_with_its_record(store, edits):
    app = alone("programme")
    edits["milestone"] = with_row(title="Map drawn", belongs_to="Service Mapping", status="open")
    edits["intervention"] = with_row(
        title="=HYPERLINK(1)", tier="primary", start=pd.Timestamp("2024-01-01"), district="Derby"
    )
    save(app)
    assert not app.exception
    said = app.error[0].value.replace("\\", "")
    assert "Nothing was saved" in said
    assert "Milestones, 'Map drawn': expected 'end' of a record of kind milestone" in said
    assert "Interventions, '=HYPERLINK(1)': expected words in column 'title', not a formula" in said
    assert "districts parted by semicolons" in said
    assert store.releases() == []


def test_what_was_made_up_stays_made_up_when_it_is_changed(store, edits, tmp_path):
    store.load(agreements_file(tmp_path, demonstration=True), approve=True)
    app = alone("programme")
    assert "stays made up" in words(app)
    edits["agreement"] = lambda frame: frame.iloc[1:]
    save(app)
    assert [each.demonstration for each in store.releases()] == [True, True]


def test_a_server_open_to_other_machines_shows_it_to_nobody_who_is_not_signed_in(
    store, monkeypatch
):
    option = st.get_option
    monkeypatch.setattr(
        st,
        "get_option",
        lambda name: "0.0.0.0" if name == "server.address" else option(name),  # noqa: S104
    )
    app = alone("programme")
    assert not app.button
    assert not app.table
    assert any("not open to everybody" in each.value for each in app.header)
