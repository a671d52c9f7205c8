"""The demonstration, attacked through every area, baseline and definition."""

import pytest

from tests.attacker import outlets
from tests.attacker.collect import collect
from tests.attacker.conftest import Stored
from tests.attacker.truth import people_of


@pytest.fixture(scope="module")
def attacked(demo_database):
    store = Stored(demo_database, (None,))
    return store, store.collected()


def test_no_small_count_of_the_demonstration_is_worked_out(attacked):
    store, found = attacked
    assert [each for each in store.leaks(found) if each.breaks_the_rule] == []


def test_its_words_rates_and_ratios_say_no_more_than_its_counts(attacked):
    _, found = attacked
    assert found.strange == []


def test_an_odd_day_shows_nothing_before_anything_was_approved(demo_database):
    store = Stored(demo_database, (None,))
    questions = list(outlets.every_scorecard([outlets.LONG_AGO]))
    found = collect(store.url, people_of(store.engine), questions)
    assert found.counts == {}
