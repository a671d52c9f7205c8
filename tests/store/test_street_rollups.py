"""What is kept beside street-level counts says what the counts say, on either engine."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import delete, select, text, update

from tests.ageing import unseal
from vrn_metrics.periods import shift
from vrn_metrics.store import checks, open_store
from vrn_metrics.store.schema import STREET_SQUARES, STREET_YEARS
from vrn_metrics.store.street_rollups import ALL_TYPES, Box, arranged, square_of, year_windows

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
KINDS = ("Robbery", "Drugs", "Violence and sexual offences")
AREAS = [
    ("E01013600", "Leicester 003A"),
    ("E01013700", "Blaby 001A"),
    ("E01013800", "Rutland 001A"),
]
LAST = date(2026, 3, 1)


def incidents(seed, months=24, last=LAST, size=600):
    """Incidents at sixty map points of three small areas, over so many months."""
    draw = np.random.default_rng(seed)
    points = [
        (f"{-1.3 + 0.9 * x:.6f}", f"{52.4 + 0.4 * y:.6f}", *AREAS[number % len(AREAS)])
        for number, (x, y) in enumerate(draw.random((60, 2)))
    ]
    return pd.DataFrame(
        [
            (str(shift(last, -int(back)))[:7], *points[place], KINDS[kind])
            for back, place, kind in zip(
                draw.integers(0, months, size),
                draw.integers(0, 60, size),
                draw.integers(0, 3, size),
                strict=True,
            )
        ],
        columns=["month", "longitude", "latitude", "lsoa_code", "lsoa_name", "crime_type"],
    )


@pytest.fixture
def load(store, tmp_path):
    """Load incidents as a street file that counts."""

    def loaded(rows, name="street.csv"):
        force = "Leicestershire Police"
        lines = [HEADER] + [
            f"{name}{number},{row.month},{force},{force},{row.longitude},{row.latitude},On or near,"
            f"{row.lsoa_code},{row.lsoa_name},{row.crime_type},,"
            for number, row in enumerate(rows.itertuples())
        ]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return store.load(path, approve=True).release.id

    return loaded


def expected(rows, months, kind, by):
    """The same incidents counted by pandas."""
    inside = rows[rows["month"].isin([str(each)[:7] for each in months])]
    if kind != ALL_TYPES:
        inside = inside[inside["crime_type"] == kind]
    return inside.groupby(by).size().sort_index().to_dict()


def year(ending):
    return [shift(ending, -back) for back in range(12)]


@pytest.mark.parametrize("kind", ["Drugs", ALL_TYPES])
@pytest.mark.parametrize(
    "window", [slice(-12, None), slice(-24, -12), slice(-18, -6), slice(-5, None)]
)
def test_small_areas_are_those_of_the_counts_over_any_months(store, load, kind, window):
    rows = incidents(1)
    load(rows)
    street = store.view().street
    chosen = street.months()[window]
    found = street.by_lsoa(chosen, kind).set_index("lsoa_code")["count"].to_dict()
    assert found == expected(rows, [each.month for each in chosen], kind, "lsoa_code")
    top = street.largest(chosen, kind, top=2)
    assert top["count"].tolist() == sorted(found.values(), reverse=True)[:2]


def test_a_kept_year_answers_without_the_counts(store, load):
    """Were the counts gone, the year would still be known: so it was not added up again."""
    rows = incidents(2)
    load(rows)
    street = store.view().street
    months = street.months()[-12:]
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM street_counts"))
    found = street.by_lsoa(months, "Drugs").set_index("lsoa_code")["count"].to_dict()
    assert found == expected(rows, [each.month for each in months], "Drugs", "lsoa_code")


def test_months_of_two_releases_are_added_up_each_from_its_newest(store, load):
    old, new = incidents(3), incidents(4, months=3)
    load(old, "old.csv")
    load(new, "new.csv")
    street = store.view().street
    chosen = street.months()[-12:]
    replaced = set(new["month"])
    both = pd.concat([old[~old["month"].isin(replaced)], new])
    wanted = expected(both, [each.month for each in chosen], "Robbery", "lsoa_code")
    found = street.by_lsoa(chosen, "Robbery").set_index("lsoa_code")["count"].to_dict()
    assert found == wanted


@pytest.mark.parametrize("has_squares", [True, False])
@pytest.mark.parametrize(
    "box",
    [
        Box(-1.3, 52.4, -0.4, 52.8),
        Box(-1.0, 52.5, -0.8, 52.6),
        Box(-0.9, 52.41, -0.899, 52.78),
        Box(0.5, 53.0, 0.6, 53.1),
        Box(-8.0, 49.0, 2.0, 61.0),
    ],
)
def test_points_in_a_box_are_those_of_the_counts(store, load, box, has_squares):
    rows = incidents(5)
    load(rows)
    if not has_squares:  # as in a database of an older version
        with store.engine.begin() as connection:
            connection.execute(delete(STREET_SQUARES))
    street = store.view().street
    chosen = street.months()[-12:]
    found = street.by_point(chosen, ALL_TYPES, box=box)
    x, y = rows["longitude"].astype(float), rows["latitude"].astype(float)
    inside = rows[x.between(box.west, box.east) & y.between(box.south, box.north)]
    inside = inside.assign(x=x, y=y)
    wanted = expected(inside, [each.month for each in chosen], ALL_TYPES, ["x", "y"])
    assert {(row.longitude, row.latitude): row.count for row in found.itertuples(index=False)} == (
        wanted
    )


def test_points_of_some_districts_only(store, load):
    load(incidents(6))
    street = store.view().street
    found = street.by_point(street.months(), "Drugs", districts=["E06000017"])
    assert set(found["district_code"]) == {"E06000017"}


def test_series_of_districts_are_those_of_the_incidents(store, load):
    rows = incidents(7)
    load(rows)
    street = store.view().street
    chosen = street.months()
    found = street.series(chosen, "Drugs", ["E06000017"])
    assert set(found["area_code"]) == {"E06000017"}
    wanted = expected(
        rows[rows["lsoa_code"] == "E01013800"], [m.month for m in chosen], "Drugs", "month"
    )
    assert {str(row.month)[:7]: row.count for row in found.itertuples() if row.count} == wanted
    every = street.series(chosen, "Drugs")
    assert set(every["area_code"]) == {"E06000016", "E07000129", "E06000017"}
    assert every["count"].sum() == len(rows[rows["crime_type"] == "Drugs"])


def test_no_month_and_no_release_are_empty_answers(store, load):
    street = store.view().street
    for frame in (
        street.series([], "Drugs"),
        street.by_lsoa([], "Drugs"),
        street.largest([]),
        street.by_point([], "Drugs"),
    ):
        assert frame.empty
        assert "count" in frame


def test_the_check_finds_a_sum_that_is_not_that_of_its_counts(store, load):
    load(incidents(8))
    assert checks.faults(store.engine) == []
    kept = STREET_YEARS.c
    with store.engine.begin() as connection:
        connection.execute(
            update(STREET_YEARS)
            .where(kept.crime_type == "Drugs", kept.lsoa_code == "E01013600")
            .values(count=kept.count + 1)
        )
    (said, *_) = checks.faults(store.engine)
    assert "street-level events in the year ending" in said


def test_an_older_database_gets_its_years_when_it_is_opened(store, load):
    load(incidents(9))
    kept = select(STREET_YEARS).order_by(*STREET_YEARS.primary_key.columns)
    with store.engine.begin() as connection:
        before = connection.execute(kept).all()
        unseal(connection)
        connection.execute(text("DROP TABLE street_years"))
        connection.execute(text("DROP TABLE street_squares"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    again = open_store(store.engine.url.render_as_string(hide_password=False))
    with again.engine.connect() as connection:
        assert connection.execute(kept).all() == before
    assert len(before) > 0
    assert checks.faults(again.engine) == []
    again.engine.dispose()


def test_years_that_are_not_whole_are_not_kept():
    months = [shift(LAST, -back) for back in range(24)][::-1]
    assert [each[-1] for each in year_windows(months)] == [LAST, shift(LAST, -12)]
    assert [each[-1] for each in year_windows(months[1:])] == [LAST]
    assert year_windows([]) == []


def test_places_are_numbered_by_rows_of_squares():
    places = pd.DataFrame(
        {
            "place": [0, 1, 2],
            "longitude": [-0.5, -1.2, -1.2],
            "latitude": [52.71, 52.71, 52.3],
            "lsoa_code": ["a", "b", "c"],
            "district_code": ["d"] * 3,
        }
    )
    slices = pd.DataFrame({"slice": [0], "month": [LAST], "crime_type": ["Drugs"]})
    counts = pd.DataFrame({"slice": [0, 0, 0], "place": [0, 1, 2], "count": [5, 6, 7]})
    made = arranged({"street_places": places, "street_slices": slices, "street_counts": counts})
    assert made["street_places"]["lsoa_code"].tolist() == ["c", "b", "a"]
    assert made["street_counts"]["count"].tolist() == [7, 6, 5]
    assert made["street_squares"]["square"].tolist() == sorted(
        square_of(places["longitude"], places["latitude"]).tolist()
    )
    assert made["street_years"].empty


def test_other_files_are_left_as_they_are():
    table = {"neighbours": pd.DataFrame({"rank": [1]})}
    assert arranged(table) == table
