"""Two people, an embargo, and a log that cannot be changed unseen."""

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from vrn_metrics.cli import vrn
from vrn_metrics.errors import StoreError
from vrn_metrics.store import audit, database, open_store, signoff
from vrn_metrics.store.schema import RELEASE_EVENTS


@pytest.fixture
def embedded(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'vrn.sqlite'}")
    yield opened
    opened.engine.dispose()


def later(days=0, **more):
    return audit.now() + timedelta(days=days, **more)


def utc(moment):
    from datetime import UTC

    return moment.replace(tzinfo=UTC)


def test_who_loads_may_not_approve_where_four_eyes_are_asked_for(
    embedded, population_file, monkeypatch
):
    monkeypatch.setenv(signoff.FOUR_EYES, "on")
    number = embedded.load(population_file(), by="analyst").release.id
    for same in ("analyst", " Analyst "):
        with pytest.raises(StoreError, match="approved by somebody else"):
            embedded.approve(number, by=same)
    assert [each.event for each in embedded.log()] == ["loaded"]
    assert embedded.approve(number, by="approver").state == "approved"
    with pytest.raises(StoreError, match="somebody else"):
        embedded.load(population_file(each_age=11), by="analyst", approve=True)
    assert embedded.releases()[0].state == "loaded"


def test_four_eyes_are_off_for_one_user_and_on_for_a_server(store, monkeypatch):
    monkeypatch.delenv(signoff.FOUR_EYES)
    assert store.four_eyes() == (store.engine.dialect.name == "postgresql")
    monkeypatch.setenv(signoff.FOUR_EYES, "yes please")
    with pytest.raises(StoreError, match="'on' or 'off'"):
        store.four_eyes()


def test_the_command_takes_no_other_name_where_four_eyes_are_asked_for(
    embedded, population_file, monkeypatch
):
    monkeypatch.setenv(signoff.FOUR_EYES, "on")
    url = embedded.engine.url.render_as_string()
    asked = ["load", str(population_file()), "--by", "somebody", "--database", url]
    said = CliRunner().invoke(vrn, asked)
    assert said.exit_code == 2
    assert "leave out --by" in said.output
    assert embedded.releases() == []


def test_a_release_under_embargo_is_in_no_view_until_it_ends(store, population_file, monkeypatch):
    number = store.load(population_file()).release.id
    until = later(2)
    held = store.approve(number, counts_from=utc(until))
    assert (held.state, held.counts_from) == ("embargoed", until)
    before = store.version()
    for day in (None, date.today(), date.today() + timedelta(days=30)):
        assert store.view(day).releases == {}
    assert store.decision_days() == []
    monkeypatch.setattr(audit, "now", lambda: until)
    assert list(store.view().releases) == [number]
    assert store.version() != before
    assert store.decision_days() == [until.date()]
    monkeypatch.setattr(audit, "now", lambda: until + timedelta(days=3))
    assert store.view(until.date() - timedelta(days=1)).releases == {}
    assert list(store.view(until.date()).releases) == [number]


def test_an_embargo_is_withdrawn_moved_or_lifted(store, population_file):
    number = store.load(population_file()).release.id
    store.approve(number, counts_from=utc(later(2)))
    assert store.approve(number, counts_from=utc(later(1))).state == "embargoed"
    assert store.withdraw(number).state == "withdrawn"
    store.approve(number, counts_from=utc(later(2)))
    assert store.approve(number).state == "approved"
    with pytest.raises(StoreError, match="counts already"):
        store.approve(number, counts_from=utc(later(1)))
    assert store.check() == []


def test_an_embargo_ends_in_the_future(embedded, population_file):
    number = embedded.load(population_file()).release.id
    with pytest.raises(StoreError, match="in the future"):
        embedded.approve(number, counts_from=utc(later(-1)))


def test_an_embargoed_extract_stands_alone_until_it_ends(store, admissions_file):
    first = store.load(admissions_file([], name="a.csv")).release.id
    other = store.load(admissions_file([], name="b.csv", covers=("2024-04", "2025-04"))).release.id
    store.approve(first, counts_from=utc(later(1)))
    with pytest.raises(StoreError, match=f"release {first} of the same source is under embargo"):
        store.approve(other)
    store.withdraw(first)
    assert store.approve(other).state == "approved"


@pytest.mark.parametrize(
    ("said", "kept"), [("2026-12-01T09:30", "09:30"), ("2026-07-01T09:30", "08:30")]
)
def test_an_embargo_is_said_in_the_time_of_the_country(said, kept):
    from datetime import datetime

    assert f"{signoff.in_utc(datetime.fromisoformat(said)):%H:%M}" == kept
    assert "09:30" in signoff.uk_words(signoff.in_utc(datetime.fromisoformat(said)))


def test_the_log_has_every_step_with_its_file_and_seal(store, population_file):
    loaded = store.load(population_file(), by="analyst").release
    store.approve(loaded.id, by="approver", reason="checked")
    store.withdraw(loaded.id, by="approver")
    log = store.log()
    assert [(each.event, each.by) for each in log] == [
        ("loaded", "analyst"),
        ("approved", "approver"),
        ("withdrawn", "approver"),
    ]
    assert {each.sha256 for each in log} == {loaded.sha256}
    assert len({each.seal for each in log}) == 3
    assert store.check() == []


@pytest.mark.parametrize(
    "change", ["UPDATE release_events SET reason = 'x'", "DELETE FROM release_events"]
)
def test_the_database_refuses_to_change_the_log(store, population_file, change):
    store.load(population_file(), approve=True)
    before = store.log()
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.exec_driver_sql(change)
    assert store.log() == before


@pytest.mark.parametrize("number", [1, 2])
def test_a_change_of_the_past_is_found_even_if_the_refusal_is_taken_away(
    store, population_file, number
):
    store.load(population_file(), approve=True)
    with store.engine.begin() as connection:
        audit.allow_changes(connection)
        connection.execute(
            update(RELEASE_EVENTS).where(RELEASE_EVENTS.c.id == number).values(by="nobody")
        )
    assert any(f"entry {number} of the log" in each for each in store.check())


def test_an_entry_taken_out_is_found(store, population_file):
    store.load(population_file(), approve=True)
    store.load(population_file(each_age=11), approve=True)
    with store.engine.begin() as connection:
        audit.allow_changes(connection)
        connection.execute(RELEASE_EVENTS.delete().where(RELEASE_EVENTS.c.id == 2))
    assert any("does not fit its seal" in each for each in store.check())


def test_a_clock_set_back_loses_nothing_and_is_said(store, population_file, monkeypatch):
    loaded = store.load(population_file(), approve=True).release
    back = later(-3)
    monkeypatch.setattr(audit, "now", lambda: back)
    heard = []
    withdrawn = store.withdraw(loaded.id, progress=heard.append)
    assert withdrawn.state == "withdrawn"  # the order of the log, not of the clock
    assert store.view().releases == {}
    assert "behind the log by" in heard[0]
    assert any("Set the clock right" in each for each in store.check())
    assert store.log()[-1].clock_back > timedelta(days=2)
    monkeypatch.undo()
    assert store.check() == []


def test_a_log_of_the_version_before_is_sealed_as_it_stands(tmp_path, population_file):
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    store = open_store(url)
    store.load(population_file(), approve=True)
    with database.writing(store.engine) as connection:  # the database as version 0005 left it
        audit.allow_changes(connection)
        for column in ("counts_from", "seal"):
            connection.exec_driver_sql(f"ALTER TABLE release_events DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0005'")
        before = connection.exec_driver_sql("SELECT * FROM release_events").all()
    store.engine.dispose()
    again = open_store(url)
    assert again.check() == []  # the step's own seals are those that the code of today asks for
    assert [each.event for each in again.log()] == ["loaded", "approved"]
    assert len(before) == 2
    with again.engine.connect() as connection:
        columns = list(RELEASE_EVENTS.c)[: len(before[0])]
        assert len(connection.execute(select(*columns)).all()) == 2
    with pytest.raises(DBAPIError, match="append-only"), again.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM release_events")
    again.engine.dispose()
