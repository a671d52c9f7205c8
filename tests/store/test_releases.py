"""Releases are immutable, loads are whole, and a day can be asked for as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from tests.ageing import rewritten
from vrn_metrics.areas import COUNTY, NETWORK, districts
from vrn_metrics.counts import Count
from vrn_metrics.errors import BadInputError, StoreError, UnknownNameError
from vrn_metrics.measures import measure
from vrn_metrics.periods import Period
from vrn_metrics.store import open_store
from vrn_metrics.store.schema import METADATA, OBSERVATIONS, RELEASE_EVENTS, RELEASES

LLR = [each.code for each in districts()]


def people(store, area=NETWORK, as_of=None, band="0-24"):
    points = store.view(as_of).points(
        "ons-population", "population", "published", area, age_bands=(band,)
    )
    return {point.period.start.year: point.lower for point in points}


def rows_in(store, table):
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_loaded_release_counts_only_once_it_is_approved(store, population_file):
    loaded = store.load(population_file())
    assert loaded.release.state == "loaded"
    assert people(store) == {}
    store.approve(loaded.release.id)
    assert people(store) == {2024: 9 * 25 * 10}
    store.withdraw(loaded.release.id)
    assert people(store) == {}


def test_the_same_bytes_again_change_nothing_and_say_so(store, population_file):
    first = store.load(population_file())
    before = {table.name: rows_in(store, table) for table in METADATA.sorted_tables}
    again = store.load(population_file(name="another-name-mye24.csv"))
    assert again.was_known
    assert again.release.id == first.release.id
    assert {table.name: rows_in(store, table) for table in METADATA.sorted_tables} == before


def test_districts_add_up_to_county_and_network(store, population_file):
    store.load(population_file(), approve=True)
    assert people(store, COUNTY, band="all") == {2024: 7 * 91 * 10}
    assert people(store, NETWORK, band="all") == {2024: 9 * 91 * 10}


def test_a_newer_release_of_the_same_period_wins(store, population_file):
    store.load(population_file(each_age=10), approve=True)
    store.load(population_file(each_age=12), approve=True)
    assert people(store) == {2024: 9 * 25 * 12}


def test_withdrawing_the_newer_brings_the_older_back(store, population_file):
    store.load(population_file(each_age=10), approve=True)
    newer = store.load(population_file(each_age=12), approve=True)
    store.withdraw(newer.release.id)
    assert people(store) == {2024: 9 * 25 * 10}


def test_any_day_can_be_asked_for_as_it_was(store, population_file):
    first = store.load(population_file(each_age=10), approve=True)
    second = store.load(population_file(each_age=12), approve=True)
    with rewritten(store) as connection:  # as if the first had been approved a week before
        week_ago = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=7)
        connection.execute(
            update(RELEASE_EVENTS)
            .where(RELEASE_EVENTS.c.release_id == first.release.id)
            .values(at=week_ago)
        )
    today = date.today()
    assert people(store, as_of=today - timedelta(days=8)) == {}
    assert people(store, as_of=today - timedelta(days=3)) == {2024: 9 * 25 * 10}
    assert people(store, as_of=today + timedelta(days=1)) == {2024: 9 * 25 * 12}
    assert [each.id for each in store.releases(today - timedelta(days=3))] == [first.release.id]
    assert second.release.state == "approved"


def test_a_dry_run_stores_nothing(store, population_file):
    loaded = store.load(population_file(), dry_run=True)
    assert loaded.release is None
    assert loaded.rows > 0
    assert rows_in(store, RELEASES) == 0


def test_a_refused_file_leaves_nothing(store, tmp_path):
    path = tmp_path / "letter.csv"
    path.write_text("Dear all,\nno data here\n")
    with pytest.raises(BadInputError, match=r"letter\.csv"):
        store.load(path)
    assert rows_in(store, RELEASES) == 0


def test_a_fault_in_the_middle_of_a_load_leaves_nothing(store, population_file, monkeypatch):
    from vrn_metrics.store import database

    def fails(connection, table, frame):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(database, "insert_frame", fails)
    with pytest.raises(RuntimeError):
        store.load(population_file())
    assert rows_in(store, RELEASES) == 0
    assert rows_in(store, RELEASE_EVENTS) == 0
    assert rows_in(store, OBSERVATIONS) == 0


def test_an_empty_cell_of_a_newer_extract_hides_the_old_cell(store, admissions_file):
    """An extract leaves zero cells out; the older figure must not show through."""
    young = measure("knife-admissions-under25").numerators[0]
    old = [("2024-05", "Leicester", "X990", "0-24", "male", "public", 6)]
    store.load(admissions_file(old, name="old.csv"), approve=True)
    year = Period.financial_year(2024)
    assert store.view().timeline(young, NETWORK).over(year).count == Count.exact(6)
    store.load(admissions_file([], name="new.csv", covers=("2024-04", "2025-04")), approve=True)
    assert store.view().timeline(young, NETWORK).over(year).count == Count.exact(0)


def test_the_counts_of_a_local_extract_are_nowhere_to_be_had_unguarded(store, admissions_file):
    store.load(admissions_file([]), approve=True)
    with pytest.raises(StoreError, match="timeline"):
        store.view().points(
            "vrn-admissions", "sharp-admissions", "extract", NETWORK, age_bands=("0-24",)
        )


def test_people_of_each_sex_are_not_added_to_people_of_all(store, tmp_path):
    """The long layout of the ONS has both; the sum of all rows is twice the population."""
    header = "ladcode23,laname23,country,sex,age,population_2024"
    lines = [
        f"{code},Place,E,{sex},{age},{people}"
        for code in LLR
        for sex, people in (("F", 4), ("M", 6))
        for age in range(91)
    ]
    path = tmp_path / "myeb1.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    store.load(path, approve=True)
    assert people(store) == {2024: 9 * 25 * 10}


def test_real_figures_put_the_demonstration_of_the_same_source_aside(
    store, population_file, monkeypatch
):
    from vrn_metrics.sources import open_document
    from vrn_metrics.store import loading

    made_up = population_file(year=2023, each_age=5)
    hashes = frozenset({open_document(made_up).sha256})
    monkeypatch.setattr(loading, "_demo_hashes", lambda: hashes)
    assert store.load(made_up, approve=True).release.demonstration
    assert people(store) == {2023: 9 * 25 * 5}
    store.load(population_file(year=2024), approve=True)
    assert people(store) == {2024: 9 * 25 * 10}


def test_what_was_assumed_of_a_file_is_kept_with_its_notes(store, admissions_file):
    """Semicolons are what Excel writes where the comma is a decimal mark."""
    rows = [("2024-05", "Leicester", "X990", "0-24", "male", "public", 3)]
    path = admissions_file(rows)
    path.write_text(path.read_text().replace(",", ";"))
    loaded = store.load(path)
    assert loaded.notes[0].kind == "matched"
    assert "semicolon" in loaded.notes[0].text
    assert store.notes(loaded.release.id)[0] == loaded.notes[0]


def test_an_unknown_release_is_said_so(store):
    with pytest.raises(UnknownNameError, match="no release 99"):
        store.approve(99)


def test_a_sound_database_has_no_faults_and_a_broken_one_has(store, population_file):
    store.load(population_file(), approve=True)
    assert store.check() == []
    with store.engine.begin() as connection:
        connection.execute(update(OBSERVATIONS).values(upper=OBSERVATIONS.c.lower - 1))
    assert any("lower bound above" in fault for fault in store.check())


def test_a_database_of_a_newer_version_is_refused(store):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version"):
        open_store(store.engine.url.render_as_string(hide_password=False))


def test_the_migrations_make_the_tables_that_the_code_declares(store):
    from sqlalchemy import inspect

    found = inspect(store.engine)
    for table in METADATA.sorted_tables:
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(columns) == set(table.columns.keys())
        keys = found.get_pk_constraint(table.name)["constrained_columns"]
        assert set(keys) == {column.name for column in table.primary_key}
        assert all(columns[each.name]["nullable"] == each.nullable for each in table.columns)


def test_an_address_that_is_none_is_refused():
    with pytest.raises(StoreError, match="database address"):
        open_store("not an address")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store("postgresql+psycopg://nobody@127.0.0.1:1/none")
