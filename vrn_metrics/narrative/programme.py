"""The sentences of the programme: what is met, what is late, what runs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from vrn_metrics.analyses.programme import (
    ENDED,
    ENDS_SOON,
    IN_FORCE,
    SOON_DAYS,
    Agreement,
    DataGiven,
    Expectation,
    Milestone,
    Programme,
    Risk,
    State,
)


def programme_sentence(found: Programme) -> str:
    """The answer first: how many expectations are met on the day."""
    counted = Counter(each.state for each in found.expectations)
    said = _listed([f"{counted[each]} {each.words.lower()}" for each in State if counted[each]])
    return (
        f"Of {len(found.expectations)} expectations of the Home Office, {said}, as of "
        f"{day_words(found.as_of)}."
    )


def to_do_words(found: Programme) -> list[str]:
    """What somebody has to do something about, the most pressing first; empty if nothing."""
    said = []
    if found.uncovered:
        said.append(
            f"No agreement is in force for {_listed(found.uncovered)}: such extracts can be "
            "loaded and not approved."
        )
    if found.overdue:
        many = len(found.overdue)
        said.append(
            f"{many} {'milestone is' if many == 1 else 'milestones are'} overdue, "
            f"the oldest since {day_words(found.overdue[0].due)}."
        )
    said += [
        f"The agreement '{each.title}' ends on {day_words(each.end)}, within {SOON_DAYS} days."
        for each in found.ending_soon
    ]
    said += [
        f"The evidence for '{each.title}' holds until {day_words(each.until)}."
        for each in found.to_renew
    ]
    lapsed = [each.title for each in found.expectations if each.lapsed]
    if lapsed:
        said.append(f"What is recorded has run out for: {'; '.join(lapsed)}.")
    unmet = [each.title for each in found.expectations if each.state is State.NOT_MET]
    if unmet:
        said.append(f"Not met: {'; '.join(unmet)}.")
    return said


def expectation_words(one: Expectation) -> list[str]:
    """What an expectation's state rests on, a line each."""
    said = [one.evidence]
    if one.lapsed is not None and one.until is not None:
        said.append(
            f"Stated as {one.lapsed.words.lower()} until {day_words(one.until)}; nothing is "
            "recorded since."
        )
    dates = [f"since {day_words(one.since)}"] if one.since else []
    if one.until and one.lapsed is None:
        dates.append(f"holds until {day_words(one.until)}")
    basis = one.basis[0].upper() + one.basis[1:]
    said.append("; ".join([basis, *([one.role] if one.role else []), *dates]) + ".")
    return said


def milestone_words(one: Milestone) -> str:
    """A milestone with its day, and whether that is over."""
    if one.is_done:
        return f"Done: {one.title} (due {day_words(one.due)})"
    if one.is_overdue:
        return f"Overdue since {day_words(one.due)}: {one.title}"
    return f"Due {day_words(one.due)}: {one.title}"


def risk_words(one: Risk) -> str:
    """A risk with its rating and who watches it."""
    closed = "" if one.is_open else ", closed"
    role = f" ({one.role})" if one.role else ""
    return f"Risk, {one.rating}{closed}: {one.title}{role}"


def given_words(given: Sequence[DataGiven]) -> list[str]:
    """Which data were given to the evaluation, when and to whom."""
    return [f"{each.title}: given to {each.to} on {day_words(each.when)}" for each in given]


def agreement_words(one: Agreement) -> str:
    """An agreement with its partner, its source and its dates."""
    start, end = day_words(one.start), day_words(one.end)
    if one.state == ENDED:
        said = f"ended on {end}"
    elif one.state == ENDS_SOON:
        said = f"in force, ends on {end}"
    elif one.state == IN_FORCE:
        said = f"in force since {start}, {f'until {end}' if one.end else 'no end recorded'}"
    else:
        said = f"begins on {start}"
    return f"{one.title}, with {one.organisation}, for {one.source}: {said}"


def programme_caveats(found: Programme) -> list[str]:
    """What the answer rests on."""
    said = [
        "States, dates and evidence are as the programme office records them; nobody else has "
        "checked them. A statement whose last day is over counts as not known.",
        "The success measures are read off the scorecard: met if all are lower than their "
        "baseline, in part if some are, not met if one is higher and none lower, else not known. "
        "No clear change may still be a fall too small to see, and no verdict says what caused it.",
        "An intervention in the register ran; that it did anything is not said here.",
    ]
    if found.release is None:
        said.append("No vrn-programme release counts yet: record the programme below.")
    else:
        said.append(
            f"Programme: release {found.release.id}, {found.release.file_name}, approved by "
            f"{found.release.changed_by} on {day_words(found.release.changed_at.date())}."
        )
    return said


def day_words(day: date | None) -> str:
    """A day as it is written.

    Examples
    --------
    >>> day_words(date(2026, 3, 31))
    '31 March 2026'
    """
    return f"{day.day} {day:%B %Y}" if day else "a day that is not recorded"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
