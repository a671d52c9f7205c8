"""What may be seen is decided when a release is approved, kept, and the same ever after."""

import json
from datetime import date

import pytest
from sqlalchemy import delete, func, select

from vrn_metrics.areas import LEICESTER, NETWORK, RUTLAND, districts
from vrn_metrics.counts import Count
from vrn_metrics.errors import StoreError
from vrn_metrics.measures import measure
from vrn_metrics.methods.protection import ProtectionError
from vrn_metrics.periods import Period
from vrn_metrics.store import pattern
from vrn_metrics.store.schema import GUARDED_COUNTS, GUARDED_SETS

ALL_AGES = measure("knife-admissions").numerators[0]
YEAR = Period.financial_year(2024)


def rows_with(rutland, elsewhere=12, month="2024-05"):
    rows = [(month, each.name, "X990", "25+", "male", "public", elsewhere) for each in districts()]
    rows = [row for row in rows if row[1] != "Rutland"]
    return [*rows, (month, "Rutland", "X990", "25+", "male", "public", rutland)]


def over(store, area, period=YEAR, as_of=None):
    return store.view(as_of).timeline(ALL_AGES, area).over(period).count


def hidden_districts(store):
    return {each.code for each in districts() if over(store, each.code).is_hidden}


def test_a_small_count_is_hidden_and_so_is_its_company(store, admissions_file):
    store.load(admissions_file(rows_with(2)), approve=True)
    assert over(store, NETWORK) == Count.exact(98)
    assert over(store, RUTLAND).is_hidden
    assert over(store, RUTLAND).lower <= 1
    assert over(store, RUTLAND).upper >= 5
    assert len(hidden_districts(store)) == 2


def test_a_large_count_is_shown_as_it_is(store, admissions_file):
    store.load(admissions_file(rows_with(12)), approve=True)
    assert over(store, NETWORK) == Count.exact(108)
    assert over(store, RUTLAND) == Count.exact(12)
    assert hidden_districts(store) == set()


def test_nothing_is_to_be_seen_before_approval(store, admissions_file):
    store.load(admissions_file(rows_with(2)))
    assert store.view().timeline(ALL_AGES, NETWORK).is_empty
    with store.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(GUARDED_SETS)).scalar() == 0


def test_what_was_hidden_stays_hidden_in_the_next_release(store, admissions_file):
    store.load(admissions_file(rows_with(2), name="one.csv"), approve=True)
    before = hidden_districts(store)
    later = [*rows_with(2), ("2025-05", "Blaby", "X990", "25+", "male", "public", 20)]
    store.load(admissions_file(later, name="two.csv", covers=("2024-04", "2025-06")), approve=True)
    assert hidden_districts(store) == before


def test_a_revision_does_not_give_the_old_figure_away(store, admissions_file):
    """Two releases differ in one district only: what is shown of both must not undo the mark."""
    store.load(admissions_file(rows_with(2), name="one.csv"), approve=True)
    first = store.releases()[0].id
    store.load(admissions_file(rows_with(2, elsewhere=13), name="two.csv"), approve=True)
    second = store.releases()[0].id
    store.withdraw(second)
    store.withdraw(first)
    store.approve(second)
    assert over(store, RUTLAND).is_hidden
    with store.engine.connect() as connection:
        sets = connection.execute(select(GUARDED_SETS.c.release_ids)).scalars().all()
    assert sorted(sets) == [str(first), f"{first},{second}", str(second)]


def test_a_withdrawn_release_brings_back_what_was_decided_before(store, admissions_file):
    store.load(admissions_file(rows_with(2), name="one.csv"), approve=True)
    before = {each.code: over(store, each.code) for each in districts()}
    store.load(admissions_file(rows_with(3), name="two.csv"), approve=True)
    store.withdraw(store.releases()[0].id)
    assert {each.code: over(store, each.code) for each in districts()} == before


def test_the_log_says_which_rule_fired(store, admissions_file, caplog):
    with caplog.at_level("INFO", logger="vrn_metrics.store.guard"):
        store.load(admissions_file(rows_with(2)), approve=True)
    assert "hidden as 1 to 4" in caplog.text
    with store.engine.connect() as connection:
        rules = json.loads(connection.execute(select(GUARDED_SETS.c.rules)).scalar_one())
    assert any("to protect these" in rule for rule in rules)


def test_without_a_protection_nothing_new_is_shown(store, admissions_file, monkeypatch):
    def fails(*_args, **_options):
        raise ProtectionError("none was found")

    monkeypatch.setattr(pattern, "protect", fails)
    store.load(admissions_file(rows_with(2)), approve=True)
    for each in (NETWORK, LEICESTER, RUTLAND):
        assert over(store, each).is_hidden
        assert over(store, each).upper is None


def test_a_database_of_an_older_version_shows_nothing_until_it_is_protected(store, admissions_file):
    store.load(admissions_file(rows_with(2)), approve=True)
    decided = {each.code: over(store, each.code) for each in districts()}
    with store.engine.begin() as connection:
        connection.execute(delete(GUARDED_COUNTS))
        connection.execute(delete(GUARDED_SETS))
    with pytest.raises(StoreError, match="vrn protect"):
        over(store, NETWORK)
    assert store.protect() == ["vrn-admissions"]
    assert {each.code: over(store, each.code) for each in districts()} == decided
    assert store.protect() == []


def test_figures_that_are_not_on_the_list_cannot_be_asked_for(store, admissions_file):
    store.load(admissions_file(rows_with(2)), approve=True)
    month = Period.month(2024, 5)
    assert over(store, RUTLAND, month) == Count.missing()
    assert over(store, RUTLAND, Period(date(2024, 5, 1), date(2025, 3, 31))) == Count.missing()
