"""What changed between two days, from figures that both days show."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyses.made_up import MadeUpStore, monthly
from vrn_metrics import narrative
from vrn_metrics.analyses.changes import Why, between, changes, moved
from vrn_metrics.analyses.figures import publish_seen
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.areas import NETWORK
from vrn_metrics.counts import Count
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.exports.changes import changes_dataset, changes_json, moved_rows, verdict_rows
from vrn_metrics.exports.dataset import Mark
from vrn_metrics.periods import Period
from vrn_metrics.store import Seen, open_store

ADMISSIONS = ("vrn-admissions", "sharp-admissions", NETWORK)
PUBLISHED = ("nhs-sharp-admissions", "sharp-admissions", NETWORK)
LEVEL = [9] * 144
DAYS = date(2026, 1, 31), date(2026, 4, 30)


def card(counts, day, place=ADMISSIONS, **options):
    series = {place: monthly(counts, **options)} if counts else {}
    return scorecard(MadeUpStore(series), measures=["knife-admissions"], as_of=day)


def change(then, now):
    return between(card(then, DAYS[0]), card(now, DAYS[1]))


def test_nothing_changed_is_said_in_one_sentence():
    found = change(LEVEL, LEVEL)
    assert found.verdicts == found.moved == ()
    assert found.measures[0].why is Why.NOTHING
    assert narrative.changes_words(found) == (
        "Nothing on the scorecard has changed since 31 January 2026."
    )


def test_a_revised_figure_is_said_with_its_period_and_by_how_much():
    found = change(LEVEL, [*LEVEL[:-1], 12])
    ((of, figure),) = found.moved
    assert figure.period.label == "year ending March 2026"
    assert figure.counts == (Count.exact(108), Count.exact(111))
    assert figure.difference == 3
    assert of.why is Why.FIGURES_MOVED
    assert narrative.moved_line(of, figure).endswith(
        "year ending March 2026: 111 admissions, was 108 (+3)."
    )
    assert "0 of 1" not in narrative.changes_words(found)
    assert "1 earlier figure was revised" in narrative.changes_words(found)


def test_a_revision_that_turns_the_verdict_says_what_lies_behind():
    found = change(LEVEL, [*LEVEL[:-36], *[5] * 36])
    (turned,) = found.verdicts
    assert (turned.then.verdict, turned.now.verdict) == (Verdict.NO_CLEAR_CHANGE, Verdict.LOWER)
    said = narrative.change_line(turned)
    assert "from no clear change (year ending March 2026) to lower" in said
    assert said.endswith("Figures were revised.")
    assert verdict_rows(found)[0]["what lies behind"] == "Figures were revised"


def test_a_newer_period_is_no_revision():
    earlier = card(LEVEL[:-12], DAYS[0], last=date(2025, 3, 31))
    found = between(earlier, card(LEVEL, DAYS[1]))
    assert found.measures[0].why is Why.NEWER_PERIOD
    assert found.moved == ()
    assert "1 measure has a newer period" in narrative.changes_words(found)


def test_figures_of_another_source_are_not_subtracted():
    found = between(card(LEVEL, DAYS[0], PUBLISHED), card([7] * 144, DAYS[1]))
    assert found.measures[0].why is Why.OTHER_SOURCE
    assert found.moved == ()


@pytest.mark.parametrize(
    ("then", "now", "why"), [([], LEVEL, Why.FIRST_DATA), (LEVEL, [], Why.NO_MORE_DATA)]
)
def test_data_that_come_or_go_are_said_to(then, now, why):
    found = change(then, now)
    assert found.measures[0].why is why
    assert found.moved == ()


def table(counts):
    periods = [Period.financial_year(2014 + place) for place in range(len(counts))]
    return publish_seen(periods, [Seen(each) for each in counts], "gss_lt5")


@pytest.mark.parametrize(
    ("then", "now", "difference"),
    [
        (Count.exact(10), Count.exact(13), 3),
        (Count.exact(13), Count.exact(10), -3),
        (Count.hidden(), Count.exact(10), None),
        (Count.exact(10), Count.hidden(), None),
        (Count.exact(3), Count.exact(10), None),  # hidden once published
        (Count.suppressed(6, 6), Count.exact(10), None),
        (Count.rounded(10), Count.rounded(15), None),
        (Count.exact(0), Count.exact(6), 6),
    ],
)
def test_only_two_shown_numbers_are_subtracted(then, now, difference):
    (found,) = moved([table([then])], [table([now])])
    assert found.difference == difference


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans()), max_size=8
    )
)
def test_a_hidden_figure_is_in_no_difference_whatever_the_table(rows):
    then = [Count.hidden() if hide else Count.exact(value) for value, _, hide, _ in rows]
    now = [Count.hidden() if hide else Count.exact(value) for _, value, _, hide in rows]
    listed = moved([table(then)], [table(now)])
    both_hidden = {2014 + place for place, (_, _, *hide) in enumerate(rows) if all(hide)}
    assert not both_hidden & {each.period.start.year for each in listed}
    for found in listed:
        place = found.period.start.year - 2014
        is_shown = all(not each.is_hidden for each in found.counts)
        assert (found.difference is not None) == is_shown
        if is_shown:
            assert found.difference == rows[place][1] - rows[place][0]


def test_bounds_that_change_under_two_hidden_figures_are_no_revision():
    """They follow from what else is shown, and the number may be the same."""
    assert moved([table([Count.suppressed(1, 14)])], [table([Count.suppressed(0, 32)])]) == ()


def test_a_figure_that_is_hidden_now_is_said_to_be_and_not_called_revised():
    found = change(LEVEL, LEVEL)
    (pair,) = moved([table([Count.exact(13)])], [table([Count.suppressed(0, 45)])])
    veiled = replace(found, measures=(replace(found.measures[0], moved=(pair,)),))
    said = narrative.changes_words(veiled)
    assert "no earlier figures were revised, 1 is shown on one of the days only" in said
    assert veiled.measures[0].why is Why.NOTHING
    assert "Hidden numbers are small" in narrative.moved_line(*veiled.moved[0])


def test_each_period_is_compared_once_however_many_tables_have_it():
    then, now = table([Count.exact(10)]), table([Count.exact(12)])
    assert len(moved([then, then], [now, now])) == 1


def test_rows_json_and_the_table_for_machines_say_the_same():
    found = change(LEVEL, [*LEVEL[:-1], 12])
    (measure,) = changes_json(found)["measures"]
    assert measure["moved"][0]["difference"] == 3
    assert moved_rows(found)[0]["moved by"] == "+3"
    (row,) = changes_dataset(found).rows
    assert (row["count_then"], row["count_now"], row["difference"]) == (108, 111, 3)


def test_a_hidden_figure_that_moved_is_marked_and_not_subtracted():
    found = change(LEVEL, LEVEL)
    (pair,) = moved([table([Count.hidden()])], [table([Count.exact(9)])])
    shown = replace(found, measures=(replace(found.measures[0], moved=(pair,)),))
    (row,) = changes_dataset(shown).rows
    assert (row["count_then"], row["count_now"], row["difference"]) == (Mark.HIDDEN, 9, Mark.HIDDEN)
    assert moved_rows(shown)[0]["moved by"] == ""
    assert "+" not in narrative.moved_line(*shown.moved[0])


def test_a_store_without_anything_says_that_nothing_can_have_changed(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    found = changes(store)
    assert found.since is None
    assert "nothing can have changed" in narrative.changes_words(found)
    assert changes_json(found)["measures"] == []


def test_days_in_the_wrong_order_are_refused(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(UnknownNameError, match="an earlier day"):
        changes(store, since=DAYS[1], as_of=DAYS[0])
