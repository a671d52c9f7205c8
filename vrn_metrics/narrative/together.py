"""The sentences of several series seen together."""

from __future__ import annotations

from vrn_metrics.analyses.attention import Attention, Cell
from vrn_metrics.analyses.divergence import READING, Divergence
from vrn_metrics.measures import measure
from vrn_metrics.narrative.cards import change_words


def divergence_words(found: Divergence) -> str:
    """Whether hospital and police figures tell the same story, and how to read them."""
    last = found.years[-1]
    said = (
        f"From the {found.first.label} to the {last.period.label}: hospital "
        f"{change_words(last.health)}; police {change_words(last.police)}."
    )
    if not found.is_apart:
        return f"{said} The two do not differ by more than chance. {READING}"
    direction = "risen against" if (found.apart.value or 1) > 1 else "fallen against"
    return f"{said} **They have parted**: police figures have {direction} hospital ones. {READING}"


def describe_divergence(found: Divergence) -> str:
    """Alternative text of the chart of both."""
    return (
        f"{measure(found.health).title} and {measure(found.police).title}, each as 100 in the "
        f"{found.first.label}, by year. {divergence_words(found).replace('**', '')}"
    )


def attention_words(found: Attention) -> str:
    """How many of how many are on the list, and what chance alone would do."""
    wide, narrow = found.expected_by_chance
    judged = (
        f"Of {len(found.cells)} pairs of a district and a success measure {found.judged} can be "
        f"judged. Were nothing going on, about {wide:.1f} of them would lie outside 95% limits and "
        f"{narrow:.1f} outside 99.8% limits."
    )
    if not found.listed:
        return (
            f"None is both worse than the rest of the network and worse than its baseline. {judged}"
        )
    return (
        f"{len(found.listed)} are worse than the rest of the network and worse than their "
        f"baseline, at a false-discovery rate of 5%. {judged}"
    )


def attention_line(cell: Cell) -> str:
    """One entry of the list."""
    beside = change_words(cell.beside_the_rest) if cell.beside_the_rest else "not known"
    change = change_words(cell.entry.chosen.ratio) if cell.entry.chosen.ratio else "not known"
    return (
        f"{cell.district.name}, {cell.entry.measure.title}: {change} against the "
        f"{cell.entry.chosen.baseline.in_sentence}; beside the rest of the network {beside}."
    )
