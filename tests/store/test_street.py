"""Street-level counts as the store's views give them, on either engine."""

from datetime import date

import pytest
from sqlalchemy import text

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
LEICESTER, RUTLAND = "E06000016", "E06000017"
HERE, NEAR, AWAY = (
    ("-1.130000", "52.630000", "E01013600", "Leicester 003A"),
    ("-1.131000", "52.631000", "E01013600", "Leicester 003A"),
    ("-0.700001", "52.650000", "E01013800", "Rutland 001A"),
)


@pytest.fixture
def street_file(tmp_path):
    """Write a street file of incidents: month, place and crime type."""

    def write(*incidents, name="street.csv"):
        force = "Leicestershire Police"
        lines = [HEADER]
        for number, (month, (longitude, latitude, lsoa, place), kind) in enumerate(incidents):
            words = (f"id{number}", month, force, force, longitude, latitude, "On or near A Street")
            lines.append(",".join((*words, lsoa, place, kind, "", "")))
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def rows(store, query, **values):
    with store.engine.connect() as connection:
        found = connection.execute(text(query), values).all()
    return [tuple(str(each) if isinstance(each, date) else each for each in row) for row in found]


def test_counts_of_each_release_by_point_and_by_lsoa(store, street_file):
    first = store.load(
        street_file(
            ("2025-01", HERE, "Robbery"),
            ("2025-01", HERE, "Robbery"),
            ("2025-01", NEAR, "Robbery"),
            ("2025-02", HERE, "Robbery"),
            ("2025-02", AWAY, "Drugs"),
        )
    )
    second = store.load(street_file(("2025-01", NEAR, "Drugs"), name="newer.csv"))
    by_point = (
        "SELECT month, crime_type, longitude, latitude, lsoa_code, district_code, count "
        "FROM street_point WHERE release_id = :release ORDER BY 1, 2, 3, 4"
    )
    assert rows(store, by_point, release=first.release.id) == [
        ("2025-01-01", "Robbery", -1.131, 52.631, "E01013600", LEICESTER, 1),
        ("2025-01-01", "Robbery", -1.13, 52.63, "E01013600", LEICESTER, 2),
        ("2025-02-01", "Drugs", -0.700001, 52.65, "E01013800", RUTLAND, 1),
        ("2025-02-01", "Robbery", -1.13, 52.63, "E01013600", LEICESTER, 1),
    ]
    by_lsoa = (
        "SELECT month, crime_type, lsoa_code, district_code, count "
        "FROM street_lsoa WHERE release_id = :release ORDER BY 1, 2, 3"
    )
    assert rows(store, by_lsoa, release=first.release.id) == [
        ("2025-01-01", "Robbery", "E01013600", LEICESTER, 3),
        ("2025-02-01", "Drugs", "E01013800", RUTLAND, 1),
        ("2025-02-01", "Robbery", "E01013600", LEICESTER, 1),
    ]
    assert rows(store, by_lsoa, release=second.release.id) == [
        ("2025-01-01", "Drugs", "E01013600", LEICESTER, 1)
    ]


def test_a_table_of_more_rows_than_one_statement_takes_is_stored_whole(
    store, street_file, monkeypatch
):
    from vrn_metrics.store import database

    monkeypatch.setattr(database, "VALUES_AT_ONCE", 20)
    places = [(f"-1.13{number:04d}", *HERE[1:]) for number in range(101)]
    store.load(street_file(*(("2025-01", place, "Drugs") for place in places)))
    assert rows(store, "SELECT count(*), sum(count) FROM street_point") == [(101, 101)]
    assert rows(store, "SELECT count FROM street_lsoa") == [(101,)]
    assert store.check() == []
