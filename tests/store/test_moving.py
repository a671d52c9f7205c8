"""A database is copied whole to another engine, or not at all."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.errors import StoreError
from vrn_metrics.exports.contract import scorecard_json
from vrn_metrics.store import moving, open_store
from vrn_metrics.store.schema import METADATA, OBSERVATIONS, RELEASES


@pytest.mark.postgres
def test_the_demonstration_moves_to_a_server_and_back_unchanged(
    demo_database, postgres_database, tmp_path
):
    embedded = open_store(demo_database)
    there = embedded.move(postgres_database)
    assert {each.table for each in there} == {table.name for table in METADATA.sorted_tables}
    assert sum(each.rows for each in there) > 100_000
    server = open_store(postgres_database)
    assert scorecard_json(scorecard(server)) == scorecard_json(scorecard(embedded))
    assert server.move(f"sqlite:///{tmp_path / 'backup.sqlite'}") == there
    server.engine.dispose()
    embedded.engine.dispose()


@pytest.mark.postgres
def test_a_server_goes_on_counting_releases_where_the_file_ended(
    tmp_path, postgres_database, population_file
):
    embedded = open_store(f"sqlite:///{tmp_path / 'file.sqlite'}")
    embedded.load(population_file(each_age=1), approve=True)
    embedded.load(population_file(each_age=2), approve=True)
    embedded.move(postgres_database)
    server = open_store(postgres_database)
    assert server.load(population_file(each_age=3)).release.id == 3
    embedded.engine.dispose()
    server.engine.dispose()


def test_a_database_that_holds_anything_is_left_as_it_is(store, tmp_path, population_file):
    url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    other = open_store(url)
    other.load(population_file(each_age=1))
    store.load(population_file(each_age=2))
    with pytest.raises(StoreError, match=r"expected an empty database .* rows in .*releases"):
        store.move(url)
    assert [each.file_name for each in other.releases()] == ["mye24-1.csv"]
    other.engine.dispose()


def test_a_copy_that_is_not_the_same_is_not_kept(store, tmp_path, population_file, monkeypatch):
    store.load(population_file(), approve=True)
    insert = moving.database.insert_frame

    def damaged(connection, table, frame):
        insert(connection, table, frame)
        if table is OBSERVATIONS:
            first = select(OBSERVATIONS.c.area_code).limit(1).scalar_subquery()
            connection.execute(
                update(OBSERVATIONS).where(OBSERVATIONS.c.area_code == first).values(lower=0)
            )

    monkeypatch.setattr(moving.database, "insert_frame", damaged)
    url = f"sqlite:///{tmp_path / 'copy.sqlite'}"
    with pytest.raises(StoreError, match="copy of observations is not the same"):
        store.move(url)
    copy = open_store(url)
    assert copy.releases() == []
    copy.engine.dispose()


def test_what_is_loaded_meanwhile_is_not_half_in_the_copy(store, tmp_path, population_file):
    """The copy is of one moment: a release that comes while it is made is not in it at all."""
    store.load(population_file(each_age=1), approve=True)
    late = population_file(each_age=2)

    def progress(message):
        if message == "Copying observations":
            store.load(late, approve=True)

    url = f"sqlite:///{tmp_path / 'copy.sqlite'}"
    store.move(url, progress)
    copy = open_store(url)
    assert [each.file_name for each in copy.releases()] == ["mye24-1.csv"]
    assert copy.check() == []
    assert len(store.releases()) == 2
    copy.engine.dispose()


def test_a_database_cannot_be_copied_onto_itself(store, population_file):
    store.load(population_file())
    with pytest.raises((StoreError, DBAPIError), match="empty database"):
        store.move(store.engine.url.render_as_string(hide_password=False))
    with store.engine.connect() as connection:
        assert len(connection.execute(select(RELEASES.c.id)).all()) == 1
