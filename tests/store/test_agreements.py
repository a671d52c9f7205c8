"""Data about people count under an agreement to share them, and only while it is in force."""

from datetime import date, timedelta

import pytest

from tests.agreements import agreements_file
from vrn_metrics.errors import StoreError
from vrn_metrics.store import Record, agreements
from vrn_metrics.store.schema import PROGRAMME_RECORDS

TODAY = date.today()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def extract(tmp_path):
    """A local extract of admissions; nothing yet lets it count."""
    path = tmp_path / "admissions.csv"
    head = "layout,vrn-admissions,1\ncovers,2024-04,2025-03\n\n"
    header = "month,district,icd10,age_band,sex,setting,count\n"
    path.write_text(f"{head}{header}2024-05,Leicester,X990,25+,male,public,40\n")
    return path


def test_no_agreement_no_approval_and_the_refusal_says_what_to_record(store, extract):
    loaded = store.load(extract)
    with pytest.raises(StoreError) as refusal:
        store.approve(loaded.release.id)
    said = str(refusal.value)
    assert "Release 1 (admissions.csv) is loaded but cannot be approved" in said
    assert "no agreement for vrn-admissions is recorded" in said
    assert "a row 'agreement' that belongs to vrn-admissions, with its first day" in said
    assert store.releases()[0].state == "loaded"
    assert not store.view().releases


def test_asked_to_approve_at_once_it_is_stored_and_not_approved(store, extract):
    with pytest.raises(StoreError, match="cannot be approved"):
        store.load(extract, approve=True)
    assert [each.state for each in store.releases()] == ["loaded"]


def test_an_agreement_that_is_loaded_but_not_approved_allows_nothing(store, extract, tmp_path):
    recorded = store.load(agreements_file(tmp_path))
    loaded = store.load(extract)
    with pytest.raises(StoreError, match="no vrn-programme release counts"):
        store.approve(loaded.release.id)
    store.approve(recorded.release.id)
    assert store.approve(loaded.release.id).state == "approved"
    assert store.check() == []


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (TODAY, "", None),
        (TODAY, TODAY, None),
        (YESTERDAY, YESTERDAY, "ended on"),
        (TOMORROW, "", "begins on"),
    ],
)
def test_the_first_and_the_last_day_count(store, extract, tmp_path, start, end, refused):
    store.load(agreements_file(tmp_path, start=str(start), end=str(end)), approve=True)
    if refused is None:
        assert store.load(extract, approve=True).release.state == "approved"
    else:
        with pytest.raises(StoreError, match=f"'Sharing for vrn-admissions' {refused}"):
            store.load(extract, approve=True)


def test_an_agreement_allows_its_own_source_only(store, extract, tmp_path):
    store.load(agreements_file(tmp_path, ("vrn-offences", "vrn-homicides")), approve=True)
    with pytest.raises(StoreError, match="no agreement for vrn-admissions is recorded"):
        store.load(extract, approve=True)


def test_a_made_up_agreement_allows_no_real_extract(store, extract, tmp_path):
    store.load(agreements_file(tmp_path, demonstration=True), approve=True)
    with pytest.raises(StoreError, match="no agreement"):
        store.load(extract, approve=True)
    made_up = tmp_path / "made-up.csv"
    made_up.write_text(extract.read_text().replace("\n\n", "\ndemonstration,yes\n\n", 1))
    assert store.load(made_up, approve=True).release.state == "approved"


def test_published_tables_need_none(store, population_file):
    assert store.load(population_file(), approve=True).release.state == "approved"


def test_withdrawing_needs_none(store, extract, tmp_path):
    recorded = store.load(agreements_file(tmp_path), approve=True)
    loaded = store.load(extract, approve=True)
    store.withdraw(recorded.release.id)
    assert store.withdraw(loaded.release.id).state == "withdrawn"


def test_the_check_tells_of_extracts_whose_agreement_has_ended_since(store, extract, tmp_path):
    store.load(agreements_file(tmp_path), approve=True)
    number = store.load(extract, approve=True).release.id
    assert store.check() == []
    with store.engine.begin() as connection:  # as if the year were over
        connection.execute(PROGRAMME_RECORDS.update().values(end_date=YESTERDAY))
    (fault,) = store.check()
    assert f"release {number} (vrn-admissions) is approved" in fault
    assert "'Sharing for vrn-admissions' ended on" in fault
    assert store.view().releases[number].state == "approved"


def agreement(belongs_to, start, end=None):
    fields = dict.fromkeys(Record.__dataclass_fields__)
    fields |= {"record": "agreement", "title": "Sharing", "belongs_to": belongs_to}
    return Record(**{**fields, "start_date": start, "end_date": end})


def test_spelling_does_not_matter_and_the_longest_is_last():
    kept = [
        agreement("VRN-Admissions ", date(2021, 1, 1)),
        agreement("vrn-admissions", date(2020, 1, 1), date(2030, 1, 1)),
        agreement("vrn-offences", date(2020, 1, 1)),
    ]
    found = agreements.covering(kept, "vrn-admissions")
    assert [each.end_date for each in found] == [date(2030, 1, 1), None]


def test_the_sources_of_people_are_the_three_extracts():
    assert agreements.sources() == ("vrn-admissions", "vrn-homicides", "vrn-offences")
