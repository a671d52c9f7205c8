"""What the Home Office expects: repeated as recorded, judged on the day, never surer than that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.analyses.made_up import MadeUpStore, MadeUpView, monthly
from vrn_metrics import narrative
from vrn_metrics.analyses import programme as module
from vrn_metrics.analyses.programme import (
    ENDED,
    ENDS_SOON,
    IN_FORCE,
    NOT_BEGUN,
    State,
    programme,
    state_of,
)
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.areas import NETWORK
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.sources.vrn_programme import EXPECTATIONS, PROJECTS
from vrn_metrics.store import LedgerLine, Record

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def record(kind, title, **more):
    fields = dict.fromkeys(Record.__dataclass_fields__)
    return Record(**{**fields, "record": kind, "title": title, **more})


class Kept(MadeUpStore):
    """A store that keeps some records of the programme, and series if there are any."""

    def __init__(self, *records, series=None):
        super().__init__(series or {})
        self.records = records

    def view(self, as_of=None):
        view = KeptView(self.series, self.people)
        object.__setattr__(view, "records", list(self.records))
        return view


class KeptView(MadeUpView):
    def newest(self, source):
        return 1 if source == "vrn-programme" and self.records else None

    def programme(self):
        return self.records


def asked(*records, **options):
    return programme(Kept(*records), as_of=TODAY, **options)


def expectation(found, key):
    (one,) = [each for each in found.expectations if each.key == key]
    return one


def stated(status, start=None, end=None, key="define"):
    return record("expectation", key, status=status, start_date=start, end_date=end)


def test_without_any_data_every_state_is_not_known_and_every_project_is_listed():
    found = programme(Kept(), as_of=TODAY)
    assert {each.state for each in found.expectations} == {State.NOT_KNOWN}
    assert [each.title for each in found.projects] == list(PROJECTS)
    assert found.uncovered == ("vrn-admissions", "vrn-homicides", "vrn-offences")
    assert not found.demonstration_data
    assert narrative.programme_sentence(found) == (
        "Of 9 expectations of the Home Office, 9 not known, as of 23 November 2026."
    )


def test_every_expectation_of_the_layout_and_the_two_judged_elsewhere_are_there_once():
    keys = [each.key for each in asked().expectations]
    assert sorted(keys) == sorted([*EXPECTATIONS, "success-measures", "spend"])


@pytest.mark.parametrize(
    ("status", "state"),
    [("met", State.MET), ("in part", State.IN_PART), ("not met", State.NOT_MET)],
)
def test_the_offices_statement_is_repeated_with_its_source(status, state):
    one = expectation(asked(stated(status, date(2020, 1, 1))), "define")
    assert one.state is state
    assert one.basis == "as the programme office states it"
    assert one.since == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("end", "state", "lapsed"),
    [
        (TODAY + DAY, State.MET, None),
        (TODAY, State.MET, None),
        (TODAY - DAY, State.NOT_KNOWN, State.MET),
    ],
)
def test_a_statement_holds_up_to_its_last_day(end, state, lapsed):
    found = asked(stated("met", date(2020, 1, 1), end))
    one = expectation(found, "define")
    assert (one.state, one.lapsed) == (state, lapsed)
    said = " ".join(narrative.to_do_words(found))
    assert ("has run out" in said) == (lapsed is not None)
    assert ("holds until" in said) == (lapsed is None)


def test_the_newest_statement_that_had_begun_counts():
    old = stated("not met", date(2020, 1, 1))
    new = stated("met", date(2025, 1, 1))
    later = stated("in part", TODAY + DAY)
    assert expectation(asked(new, later, old), "define").state is State.MET
    assert expectation(asked(later), "define").state is State.NOT_KNOWN


LOWER, HIGHER, UNCLEAR = Verdict.LOWER, Verdict.HIGHER, Verdict.NO_CLEAR_CHANGE


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([LOWER, LOWER], State.MET),
        ([LOWER, UNCLEAR], State.IN_PART),
        ([LOWER, HIGHER], State.IN_PART),
        ([LOWER, Verdict.NO_DATA], State.IN_PART),
        ([HIGHER, UNCLEAR], State.NOT_MET),
        ([UNCLEAR, UNCLEAR], State.NOT_KNOWN),
        ([Verdict.TOO_FEW, Verdict.NOT_COMPARABLE], State.NOT_KNOWN),
        ([], State.NOT_KNOWN),
    ],
)
def test_success_is_said_by_the_verdicts_and_no_clear_change_is_not_failure(verdicts, state):
    assert state_of(verdicts) is state


def test_the_success_measures_come_from_the_scorecard():
    """A fall by half in hospital; nothing known of the rest."""
    counts = [40] * 60 + [20] * 84
    store = Kept(series={("vrn-admissions", "sharp-admissions", NETWORK): monthly(counts)})
    one = expectation(programme(store, as_of=TODAY), "success-measures")
    many = sum(each.success for each in CATALOGUE.values())
    assert one.state is State.IN_PART
    assert one.basis == "read off the scorecard's verdicts"
    assert one.evidence.startswith(f"Of {many} success measures: ")
    assert "lower" in one.evidence


def ledger_line(pence, category, kind="actual"):
    return LedgerLine(
        1, "2025-26", date(2025, 6, 30), f"{category}-{kind}", "Service Mapping", category, pence,
        kind, "home-office", "Lead", None, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([], State.NOT_KNOWN),
        ([(20, "intervention"), (80, "staff")], State.MET),
        ([(19, "intervention"), (81, "staff")], State.NOT_MET),
        ([(19, "intervention"), (81, "staff"), (50, "intervention", "plan")], State.IN_PART),
        ([(50, "intervention", "plan")], State.NOT_KNOWN),
    ],
)
def test_the_fifth_for_interventions_is_added_up_from_the_ledger(lines, state, monkeypatch):
    kept = [ledger_line(*each) for each in lines]
    monkeypatch.setattr(MadeUpView, "ledger", lambda _view: kept)
    monkeypatch.setattr(MadeUpView, "ledger_history", lambda _view: kept)
    one = expectation(asked(), "spend")
    assert one.state is state
    assert one.basis == "added up from the ledger"


def test_data_given_are_told_with_when_and_to_whom_in_order():
    later = record("data given", "Offences", start_date=date(2025, 5, 1), organisation="Ministry")
    first = record("data given", "Interviews", start_date=date(2024, 5, 1), organisation="Team")
    found = asked(later, first)
    assert narrative.given_words(found.given) == [
        "Interviews: given to Team on 1 May 2024",
        "Offences: given to Ministry on 1 May 2025",
    ]


def milestone(due, status="open", project=PROJECTS[3]):
    return record("milestone", f"By {due}", belongs_to=project, end_date=due, status=status)


def test_a_milestone_is_overdue_the_day_after_it_was_due_unless_it_is_done():
    found = asked(
        milestone(TODAY), milestone(TODAY - DAY), milestone(TODAY - 2 * DAY, status="done")
    )
    assert [each.due for each in found.overdue] == [TODAY - DAY]
    assert "1 milestone is overdue, the oldest since 22 November 2026." in narrative.to_do_words(
        found
    )
    (project,) = [each for each in found.projects if each.milestones]
    assert project.title == PROJECTS[3]
    assert [narrative.milestone_words(each)[:8] for each in project.milestones] == [
        "Done: By",
        "Overdue ",
        "Due 23 N",
    ]


def test_risks_are_with_their_project_the_greatest_first():
    risks = [
        record("risk", rating, belongs_to=PROJECTS[0], rating=rating, status="open")
        for rating in ("low", "high", "medium")
    ]
    closed = record(
        "risk", "Gone", belongs_to=PROJECTS[0], rating="low", status="closed", role="Director"
    )
    (first, *rest) = asked(*risks, closed).projects
    assert [each.rating for each in first.risks] == ["high", "medium", "low", "low"]
    assert narrative.risk_words(first.risks[-1]) == "Risk, low, closed: Gone (Director)"
    assert not any(each.risks for each in rest)


def agreement(start, end, source="vrn-offences"):
    return record(
        "agreement",
        "Sharing",
        belongs_to=source,
        organisation="Police force",
        start_date=start,
        end_date=end,
    )


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        (TODAY, None, IN_FORCE),
        (TODAY, TODAY + 91 * DAY, IN_FORCE),
        (TODAY, TODAY + 90 * DAY, ENDS_SOON),
        (TODAY, TODAY, ENDS_SOON),
        (TODAY - 2 * DAY, TODAY - DAY, ENDED),
        (TODAY + DAY, None, NOT_BEGUN),
    ],
)
def test_an_agreement_ends_soon_within_ninety_days(start, end, state):
    found = asked(agreement(start, end))
    (one,) = found.agreements
    assert one.state == state
    assert ("vrn-offences" in found.uncovered) == (state in (ENDED, NOT_BEGUN))
    assert any("ends on" in each for each in narrative.to_do_words(found)) == (state == ENDS_SOON)
    assert narrative.agreement_words(one).startswith(
        "Sharing, with Police force, for vrn-offences: "
    )


def test_an_agreement_that_follows_another_keeps_the_source_covered():
    found = asked(
        agreement(date(2020, 1, 1), TODAY - DAY), replace(agreement(TODAY, None), title="Renewed")
    )
    assert "vrn-offences" not in found.uncovered


def test_the_demonstration_has_every_state_and_what_is_overdue(demo_database):
    from vrn_metrics.store import open_store

    found = module.programme(open_store(demo_database), as_of=TODAY + 365 * 10 * DAY)
    assert found.demonstration_data
    assert found.uncovered == ()
    assert len(found.overdue) == 4
    assert {each.state for each in found.agreements} == {IN_FORCE, ENDED}
