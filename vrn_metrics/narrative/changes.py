"""The sentences of what changed between two days."""

from __future__ import annotations

from typing import Final

from vrn_metrics.analyses.changes import Change, Changes, Moved, Why
from vrn_metrics.narrative.cards import count_words, hidden_words

_BEHIND: Final = {
    Why.FIRST_DATA: "It has data for the first time",
    Why.NO_MORE_DATA: "Its data no longer count",
    Why.OTHER_SOURCE: "It is now counted from another source",
    Why.NEWER_PERIOD: "There is a newer period",
    Why.FIGURES_MOVED: "Figures were revised",
    Why.NOTHING: "Its own figures are the same; the population or the rest of the country is not",
}

NOTHING_BEFORE: Final = (
    "From the next approval on, this says which verdicts changed, what lies behind each, and "
    "which earlier figures were revised and by how much."
)


def changes_words(found: Changes) -> str:
    """The one sentence that answers what changed."""
    if found.since is None:
        return "This is the first time that anything counts, so nothing can have changed."
    day = f"{found.since.day} {found.since:%B %Y}"
    verdicts = len(found.verdicts)
    figures = sum(each.is_revised for _, each in found.moved)
    veiled = len(found.moved) - figures
    newer = sum(each.why is Why.NEWER_PERIOD for each in found.measures)
    if not (verdicts or found.moved or newer):
        return f"Nothing on the scorecard has changed since {day}."
    said = [
        f"{verdicts or 'none'} of {len(found.measures)} verdicts changed",
        f"{newer or 'no'} {'measure has' if newer == 1 else 'measures have'} a newer period",
        f"{figures or 'no'} earlier {'figure was' if figures == 1 else 'figures were'} revised",
    ]
    if veiled:
        said.append(f"{veiled} {'is' if veiled == 1 else 'are'} shown on one of the days only")
    return f"Since {day}: {', '.join(said)}."


def change_line(change: Change) -> str:
    """One measure whose verdict changed, with what lies behind it."""
    then, now = change.then, change.now
    told = (
        f"{now.measure.title}: from {then.verdict.words.lower()}{_in(change, of_now=False)} to "
        f"{now.verdict.words.lower()}{_in(change, of_now=True)}."
    )
    return f"{told} {_BEHIND[change.why]}."


def moved_line(change: Change, moved: Moved) -> str:
    """One figure that moved, and by how much."""
    then, now = moved.counts
    events = change.now.measure.events
    told = (
        f"{change.now.measure.title}, {moved.period.label}: {count_words(now, events)}, "
        f"was {count_words(then)}"
    )
    if moved.difference is not None:
        told += f" ({moved.difference:+,})"
    why = hidden_words((then, now))
    return f"{told}.{why and f' {why}'}"


def behind_words(change: Change) -> str:
    """What lies behind a change."""
    return _BEHIND[change.why]


def _in(change: Change, *, of_now: bool) -> str:
    figure = (change.now if of_now else change.then).current
    return f" ({figure.period.label})" if figure else ""
