"""What a board is told over all measures, and how the figures were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from vrn_metrics.analyses.scorecard import Entry, Scorecard
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.narrative.cards import sentence

METHODS: Final = (
    "A verdict is an exact test of two rates: now, against a named baseline. Lower and higher "
    "mean that the 95% interval of their ratio leaves out no change; no clear change, that it "
    "does not, although a fall could have shown; too few to judge, that hardly any could.",
    "Not comparable means that recording changed between the two periods, that they overlap, or "
    "that a number is hidden. The baselines are the network's own choice: the Home Office names "
    "none.",
    "Rates are a year's events per 100,000 people (homicide: per million) with 95% intervals, "
    "exact below 10 events and Byar's from 10 on.",
    "Small numbers of local extracts are hidden, and with them any that would give them away. A "
    "hidden number is never counted as zero and never guessed.",
    "Control charts draw the mean and the limits that a steady series seldom leaves. Chance alone "
    "marks some points, so only one outside the limits is called a change.",
    "Nothing here says what caused a change.",
)
"""How the figures were made, for who has a minute; METHODS.md says it in full."""


def scorecard_words(card: Scorecard, mark: str = "") -> str:
    """The answer over all success measures in one sentence; `mark` goes round each verdict."""
    success = [each for each in card.entries if each.measure.success]
    return (
        f"{card.area.name}: of the Home Office's {len(success)} success measures, "
        f"{_verdicts(success, mark)}."
    )


def context_words(card: Scorecard) -> str:
    """The same over the measures that give context."""
    context = [each for each in card.entries if not each.measure.success]
    return f"{card.area.name}: of {len(context)} measures around them, {_verdicts(context)}."


def headline(entry: Entry) -> tuple[str, str]:
    """The first sentence of a measure's answer, after its name, and the rest of it."""
    first, _, rest = sentence(entry).partition(". ")
    return f"{entry.measure.title} – {first[0].lower()}{first[1:].rstrip('.')}", rest


def _verdicts(entries: Iterable[Entry], mark: str = "") -> str:
    found = Counter(each.verdict for each in entries)
    return ", ".join(
        f"{mark}{found[each]} {each.words.lower()}{mark}" for each in Verdict if found[each]
    )
