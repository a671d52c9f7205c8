"""The server that the tests start for themselves."""

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError

pytestmark = pytest.mark.postgres


def test_a_database_is_empty_and_takes_rows(postgres_database):
    engine = create_engine(postgres_database)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (number integer)"))
        connection.execute(text("INSERT INTO kept VALUES (7)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM kept")).scalar() == 7
        assert connection.execute(text("SHOW server_encoding")).scalar() == "UTF8"
    engine.dispose()


def test_a_second_database_of_the_same_server_has_nothing_of_the_first(
    postgres_database, postgres_url, request
):
    with create_engine(postgres_database).begin() as connection:
        connection.execute(text("CREATE TABLE mine (number integer)"))
    maintenance = create_engine(postgres_url)
    assert inspect(maintenance).get_table_names() == []
    maintenance.dispose()


def test_the_server_listens_to_this_machine_only(postgres_url):
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW listen_addresses")).scalar() == "127.0.0.1"
        assert connection.execute(text("SHOW fsync")).scalar() == "off"
    engine.dispose()


def test_a_database_that_was_never_made_is_not_there(postgres_url):
    engine = create_engine(postgres_url.replace("/postgres", "/nobody_made_this"))
    with pytest.raises(OperationalError, match="does not exist"):
        engine.connect()
