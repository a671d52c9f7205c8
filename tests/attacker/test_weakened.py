"""The attacker succeeds where the guard is made worse on purpose: it would notice."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.attacker.collect import collect
from tests.attacker.conftest import FIRST, REVISIONS, SECOND, SEED, Stored, date_anew
from tests.attacker.extracts import Files
from tests.attacker.knowledge import AREAS, TALLIES
from tests.attacker.outlets import Question
from tests.attacker.truth import people_of
from vrn_metrics.store import guard, pattern

SOURCE = "vrn-admissions"
MONTHS = 24


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def worked_out(store, days):
    """The small counts that the attacker knows exactly, and those known to be small."""
    stored = Stored(store.engine.url.render_as_string(hide_password=False), days)
    questions = [
        Question("trend", area, measure, day=day)
        for day in days
        for area in AREAS
        for measure in TALLIES[SOURCE]
    ]
    leaks = stored.leaks(collect(stored.url, people_of(stored.engine), questions), [SOURCE])
    for each in leaks:
        assert each.lower <= each.truth <= each.upper
    return (
        [each for each in leaks if each.lower == each.upper],
        [each for each in leaks if each.is_known_to_be_small],
    )


def test_hiding_the_small_counts_alone_gives_them_away(stored, files, monkeypatch):
    def only_the_small(_values, sensitive, *_args, **_options):
        return SimpleNamespace(hidden=np.asarray(sensitive, dtype=bool))

    monkeypatch.setattr(pattern, "protect", only_the_small)
    stored.load(files.admissions(MONTHS, SEED), approve=True)
    exactly, small = worked_out(stored, (None,))
    assert exactly
    assert small


def test_deciding_each_set_of_releases_without_the_others_gives_counts_away(
    stored, files, monkeypatch
):
    monkeypatch.setattr(guard, "_sets", lambda _engine, _source: [])
    first = stored.load(files.admissions(MONTHS, SEED), approve=True).release
    date_anew(stored, FIRST)
    again = files.admissions(MONTHS + 3, SEED, name="again", extra=REVISIONS)
    stored.load(again, approve=True)
    date_anew(stored, SECOND)
    stored.withdraw(first.id)
    exactly, small = worked_out(stored, (None, SECOND, FIRST))
    assert exactly
    assert small
