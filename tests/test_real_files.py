"""Every real published file all the way: recognised, stored, and the known figures out."""

from datetime import date

import pytest

from tests.conftest import SHARED
from vrn_metrics import areas
from vrn_metrics.errors import BadInputError
from vrn_metrics.store import open_store

REFUSED = {
    "knifecrime2.csv": "analyst's compilation",
    "ons_els_homicide-offences.json": "description of the table",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A store with every real file that is no refusal, approved."""
    files = sorted(path for path in (SHARED / "real").glob("*/**/*") if path.is_file())
    if not files:
        pytest.skip("the real files are not beside this checkout")
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('real') / 'vrn.sqlite'}")
    found = {}
    for path in files:
        if path.name in REFUSED:
            with pytest.raises(BadInputError, match=REFUSED[path.name]):
                store.load(path)
        else:
            found[path.name] = store.load(path, approve=True)
    return store, found


def values(loaded, source, series, area, definition="published", bands=("all",)):
    points = loaded[0].view().points(source, series, definition, area, age_bands=bands)
    return {point.period: point for point in points}


def test_every_other_file_is_recognised_and_keeps_something(loaded):
    store, found = loaded
    assert len(found) >= 17
    assert all(each.rows > 0 for each in found.values())
    assert store.check() == []


def test_the_nine_partnerships_and_unassigned_add_up_to_the_force(loaded):
    """ONS Table C2, year ending June 2025."""

    def count(series, area):
        (point,) = values(loaded, "ons-table-c2", series, area).values()
        return point.lower

    parts = areas.members(areas.NETWORK)
    assert count("total-crime", areas.NETWORK) == 94_194
    assert sum(count("total-crime", code) for code in parts) == 94_194
    assert count("homicide", areas.NETWORK) == 5
    assert (count("homicide", "E07000129"), count("homicide", "E06000016")) == (3, 2)


def test_english_admissions_by_financial_year(loaded):
    """NHS Digital, finished admission episodes 2012-13 to 2021-22."""
    points = values(loaded, "nhs-sharp-admissions", "sharp-admissions", areas.ENGLAND)
    totals = dict.fromkeys(range(2012, 2022), 0)
    for period, point in points.items():
        totals[period.start.year - (period.start.month < 4)] += point.lower
    assert list(totals.values()) == [
        3849, 3676, 3590, 4054, 4351, 4986, 5069, 4674, 4014, 4049,
    ]  # fmt: skip


def test_residents_of_the_network(loaded):
    """ONS mid-2024 estimates: the nine districts."""
    day = date(2024, 6, 30)
    for band, people in (("all", 1_175_364), ("0-24", 364_762)):
        points = values(loaded, "ons-population", "population", areas.NETWORK, bands=(band,))
        assert {period.start: point.lower for period, point in points.items()} == {day: people}


def test_homicide_rates_of_leicestershire(loaded):
    """ONS, per million, rolling three years from 2014/15 on."""
    points = values(loaded, "ons-homicide-rate", "homicide-rate-per-million", areas.NETWORK)
    assert [round(point.lower, 2) for point in points.values()] == [
        10.38, 13.04, 12.85, 10.89, 8.70, 10.16, 9.52, 10.55, 7.49,
    ]  # fmt: skip
    south_yorkshire = areas.force_code("South Yorkshire")
    assert values(loaded, "ons-homicide-rate", "homicide-rate-per-million", south_yorkshire) == {}


def test_six_months_of_street_data_are_counted_to_the_last_row(loaded):
    _, found = loaded
    street = [each for each in found.values() if each.source == "police-street"]
    notes = [note for each in street for note in each.notes]
    kept = sum(note.rows for note in notes if note.kind == "read")
    unplaced = sum(note.rows for note in notes if "no location" in note.text)
    outside = sum(note.rows for note in notes if "outside" in note.text)
    rows = sum(
        len(path.read_text(encoding="utf-8").splitlines()) - 1
        for path in (SHARED / "real" / "police_uk").glob("*/*-street.csv")
    )
    assert (len(street), outside > 0, unplaced > 0) == (6, True, True)
    assert kept + unplaced + outside == rows
