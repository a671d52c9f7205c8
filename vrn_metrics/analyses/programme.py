"""Does the programme do what the Home Office expects, besides harm that falls?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from vrn_metrics.analyses.interventions import SOURCE, Register, interventions
from vrn_metrics.analyses.scorecard import Entry, scorecard
from vrn_metrics.analyses.spend import Spend, spend
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.money import pounds
from vrn_metrics.sources.vrn_programme import EXPECTATIONS, PROJECTS
from vrn_metrics.store import Record, Release, Store, agreements

SOON_DAYS: Final = 90  # to renew an agreement takes a data protection officer about a quarter
SUCCESS, SPEND = "success-measures", "spend"


class State(StrEnum):
    """How far an expectation is met."""

    MET = "met"
    IN_PART = "in-part"
    NOT_MET = "not-met"
    NOT_KNOWN = "not-known"

    @property
    def words(self) -> str:
        """The state as a reader sees it."""
        return _WORDS[self]

    @property
    def symbol(self) -> str:
        """A mark that differs by shape, for those who do not see its colour."""
        return _SYMBOLS[self]


_WORDS: Final = {
    State.MET: "Met",
    State.IN_PART: "In part",
    State.NOT_MET: "Not met",
    State.NOT_KNOWN: "Not known",
}
_SYMBOLS: Final = {
    State.MET: "✓",
    State.IN_PART: "◐",
    State.NOT_MET: "✗",
    State.NOT_KNOWN: "?",
}
_STATED: Final = {"met": State.MET, "in part": State.IN_PART, "not met": State.NOT_MET}


@dataclass(frozen=True)
class Judged:
    """A state with what it rests on and, in `basis`, who or what says so."""

    state: State
    evidence: str
    basis: str


_BY_OFFICE: Final = "as the programme office states it"
_BY_SCORECARD: Final = "read off the scorecard's verdicts"
_BY_LEDGER: Final = "added up from the ledger"


@dataclass(frozen=True)
class Expectation:
    """One thing that the Home Office expects, and how far it is met on the day.

    `since` and `until` are the days from and to which the evidence holds. A statement whose
    last day is over is *not known*: `lapsed` says that it once was more.
    """

    key: str
    title: str
    state: State
    evidence: str
    basis: str
    role: str | None = None
    since: date | None = None
    until: date | None = None
    lapsed: State | None = None


@dataclass(frozen=True)
class Milestone:
    """Something a project is to reach by a day."""

    title: str
    project: str
    due: date
    is_done: bool
    role: str | None
    is_overdue: bool


@dataclass(frozen=True)
class Risk:
    """What could go wrong in a project; `rating` is high, medium or low."""

    title: str
    project: str
    rating: str
    is_open: bool
    role: str | None


@dataclass(frozen=True)
class Project:
    """One of the nine projects; `status` is empty where nothing is recorded of it."""

    title: str
    status: str
    role: str | None
    start: date | None
    end: date | None
    evidence: str | None
    milestones: tuple[Milestone, ...]
    risks: tuple[Risk, ...]

    @property
    def overdue(self) -> tuple[Milestone, ...]:
        """Milestones that are open though their day is over, the oldest first."""
        return tuple(each for each in self.milestones if each.is_overdue)


@dataclass(frozen=True)
class DataGiven:
    """Data that were given to an evaluation: which, when, to whom."""

    title: str
    when: date
    to: str
    evidence: str | None


@dataclass(frozen=True)
class Agreement:
    """An agreement to share data; `state` is in force, ends soon, ended or not begun."""

    title: str
    source: str
    organisation: str
    start: date
    end: date | None
    state: str
    evidence: str | None


@dataclass(frozen=True)
class Programme:
    """The programme on a day.

    `uncovered` are the sources about people for which no agreement is in force; `records` is
    the programme as its newest release that counts states it, and `release` that release.
    """

    as_of: date
    expectations: tuple[Expectation, ...]
    given: tuple[DataGiven, ...]
    projects: tuple[Project, ...]
    register: Register
    agreements: tuple[Agreement, ...]
    uncovered: tuple[str, ...]
    records: tuple[Record, ...]
    release: Release | None
    releases: tuple[Release, ...]
    demonstration_data: bool

    @property
    def overdue(self) -> tuple[Milestone, ...]:
        """Every overdue milestone, the oldest first."""
        found = (each for project in self.projects for each in project.overdue)
        return tuple(sorted(found, key=lambda each: (each.due, each.title)))

    @property
    def to_renew(self) -> tuple[Expectation, ...]:
        """Expectations whose evidence holds for no more than `SOON_DAYS` days."""
        return tuple(
            each
            for each in self.expectations
            if each.until is not None
            and each.lapsed is None
            and (each.until - self.as_of).days <= SOON_DAYS
        )

    @property
    def ending_soon(self) -> tuple[Agreement, ...]:
        """Agreements in force that end within `SOON_DAYS` days."""
        return tuple(each for each in self.agreements if each.state == ENDS_SOON)


IN_FORCE, ENDS_SOON, ENDED, NOT_BEGUN = "in force", "ends soon", "ended", "not begun"


def programme(store: Store, *, as_of: date | None = None) -> Programme:
    """The expectations with state, evidence and dates, and what the office keeps beside them.

    Parameters
    ----------
    as_of
        The day whose approved releases count, and on which dates are judged; today when not
        given.

    Notes
    -----
    The office's own statements are repeated, not checked: their bias is towards *met*. Two are
    judged here, and by rule. The success measures are *met* if all are lower, *in part* if some
    are, *not met* if one is higher and none lower, else *not known*, since no clear change may
    still be a fall too small to see. The fifth for interventions is *met* by what was spent, *in
    part* if only the forecast or the plan reaches it.
    """
    view = store.view(as_of)
    day = as_of or date.today()
    number = view.newest(SOURCE)
    release = None if number is None else view.releases[number]
    kept = view.programme()
    keys = [key for key, measure in CATALOGUE.items() if measure.success]
    success = scorecard(store, as_of=as_of, measures=keys).entries
    used = {each.id: each for entry in success for each in entry.releases}
    if release is not None:
        used[release.id] = release
    money = spend(store, as_of=as_of)
    if money is not None:
        used |= {each.id: each for each in money.releases}
    return Programme(
        as_of=day,
        expectations=tuple(_expectations(kept, day, _by_verdicts(success), _by_ledger(money))),
        given=tuple(_given(kept)),
        projects=tuple(_project(kept, title, day) for title in PROJECTS),
        register=interventions(view),
        agreements=tuple(_agreements(kept, day)),
        uncovered=tuple(
            source
            for source in agreements.sources()
            if not any(
                agreements.is_in_force(each, day) for each in agreements.covering(kept, source)
            )
        ),
        records=tuple(kept),
        release=release,
        releases=tuple(used[each] for each in sorted(used)),
        demonstration_data=any(each.demonstration for each in used.values()),
    )


def state_of(verdicts: Iterable[Verdict]) -> State:
    """How far success is shown by the verdicts on the success measures.

    Examples
    --------
    >>> state_of([Verdict.LOWER, Verdict.NO_CLEAR_CHANGE]).words
    'In part'
    >>> state_of([Verdict.NO_CLEAR_CHANGE, Verdict.TOO_FEW]).words
    'Not known'
    """
    found = list(verdicts)
    if found and all(each is Verdict.LOWER for each in found):
        return State.MET
    if Verdict.LOWER in found:
        return State.IN_PART
    return State.NOT_MET if Verdict.HIGHER in found else State.NOT_KNOWN


def _by_verdicts(entries: Sequence[Entry]) -> Judged:
    """The success measures, as the scorecard has them over the whole network."""
    counted = Counter(each.verdict for each in entries)
    said = ", ".join(f"{counted[each]} {each.words.lower()}" for each in Verdict if counted[each])
    return Judged(
        state_of(each.verdict for each in entries),
        f"Of {len(entries)} success measures: {said}.",
        _BY_SCORECARD,
    )


def _by_ledger(found: Spend | None) -> Judged:
    """A fifth for interventions: met by what was spent, or only by what is expected."""
    if found is None:
        return Judged(State.NOT_KNOWN, "No ledger counts.", _BY_LEDGER)
    rule = found.main
    spent, *expected = rule.standings
    if spent.share is None:
        return Judged(State.NOT_KNOWN, f"Nothing was spent in {found.year} yet.", _BY_LEDGER)
    if spent.meets(rule.rule):
        state = State.MET
    else:
        state = State.IN_PART if any(each.meets(rule.rule) for each in expected) else State.NOT_MET
    said = f"{pounds(spent.part)} of {pounds(spent.whole)} spent in {found.year} so far."
    return Judged(state, said, _BY_LEDGER)


def _expectations(
    kept: Sequence[Record], day: date, success: Judged, spend: Judged
) -> Iterable[Expectation]:
    """The office's statements in the layout's order, the two judged elsewhere before the last.

    The evaluation comes last, as what was given to it is listed under it.
    """
    *first, last = EXPECTATIONS
    for key in first:
        yield _stated(kept, key, day)
    for key, title, judged in (
        (SUCCESS, "Success measures: harm that falls", success),
        (SPEND, "A fifth of the funding goes to interventions", spend),
    ):
        yield Expectation(key, title, judged.state, judged.evidence, judged.basis)
    yield _stated(kept, last, day)


def _stated(kept: Sequence[Record], key: str, day: date) -> Expectation:
    """The newest statement that had begun by the day."""
    title = EXPECTATIONS[key]
    found = [each for each in _of(kept, "expectation") if each.title == key]
    begun = [each for each in found if each.start_date is None or each.start_date <= day]
    if not begun:
        return Expectation(key, title, State.NOT_KNOWN, "Nothing is recorded.", "no record")
    one = max(begun, key=lambda each: each.start_date or date.min)
    state = _STATED[one.status or ""]
    is_over = one.end_date is not None and one.end_date < day
    return Expectation(
        key,
        title,
        State.NOT_KNOWN if is_over else state,
        one.evidence or "No evidence is named.",
        _BY_OFFICE,
        role=one.role,
        since=one.start_date,
        until=one.end_date,
        lapsed=state if is_over else None,
    )


def _given(kept: Sequence[Record]) -> list[DataGiven]:
    found = [
        DataGiven(each.title, each.start_date, each.organisation or "", each.evidence)
        for each in _of(kept, "data given")
        if each.start_date is not None
    ]
    return sorted(found, key=lambda each: (each.when, each.title))


def _project(kept: Sequence[Record], title: str, day: date) -> Project:
    """A project with what belongs to it; its newest record where it has several."""
    own = [each for each in _of(kept, "project") if each.title == title]
    one = max(own, key=lambda each: each.start_date or date.min) if own else None
    milestones = [
        Milestone(
            each.title,
            title,
            each.end_date,
            each.status == "done",
            each.role,
            each.status != "done" and each.end_date < day,
        )
        for each in _of(kept, "milestone")
        if each.belongs_to == title and each.end_date is not None
    ]
    risks = [
        Risk(each.title, title, each.rating or "", each.status == "open", each.role)
        for each in _of(kept, "risk")
        if each.belongs_to == title
    ]
    return Project(
        title=title,
        status=(one.status or "") if one else "",
        role=one.role if one else None,
        start=one.start_date if one else None,
        end=one.end_date if one else None,
        evidence=one.evidence if one else None,
        milestones=tuple(sorted(milestones, key=lambda each: (each.due, each.title))),
        risks=tuple(sorted(risks, key=lambda each: _RISKS.index(each.rating))),
    )


_RISKS: Final = ("high", "medium", "low")


def _agreements(kept: Sequence[Record], day: date) -> list[Agreement]:
    found = [
        Agreement(
            each.title,
            each.belongs_to or "",
            each.organisation or "",
            each.start_date,
            each.end_date,
            _agreement_state(each, day),
            each.evidence,
        )
        for each in _of(kept, "agreement")
        if each.start_date is not None
    ]
    return sorted(found, key=lambda each: (each.end or date.max, each.source, each.title))


def _agreement_state(one: Record, day: date) -> str:
    if agreements.is_in_force(one, day):
        is_soon = one.end_date is not None and (one.end_date - day).days <= SOON_DAYS
        return ENDS_SOON if is_soon else IN_FORCE
    return ENDED if one.end_date is not None and one.end_date < day else NOT_BEGUN


def _of(kept: Sequence[Record], kind: str) -> list[Record]:
    return [each for each in kept if each.record == kind]
