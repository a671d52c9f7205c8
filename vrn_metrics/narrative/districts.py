"""The sentences of a district and of all of them side by side."""

from __future__ import annotations

from collections import Counter
from typing import Final

from vrn_metrics.analyses.district import District, Line, Share
from vrn_metrics.analyses.districts import Districts, Place, State
from vrn_metrics.analyses.nation import England
from vrn_metrics.analyses.neighbours import AmongNeighbours
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.methods.funnel import Position
from vrn_metrics.narrative.cards import count_words, hidden_words, rate_words

_FAR: Final = (Position.FAR_ABOVE, Position.FAR_BELOW)
_ABOVE: Final = (Position.FAR_ABOVE, Position.ABOVE)
NEIGHBOURS_ARE: Final = (
    "ONS's statistical nearest neighbours are alike in population, economy and health together; "
    "they were not chosen for violence. For knife-enabled violence and hospital admissions nobody "
    "publishes figures by district."
)


def district_sentence(found: District) -> str:
    """How a district does on the success measures, in one line."""
    verdicts = Counter(each.entry.verdict for each in found.lines if each.entry.measure.success)
    parts = [f"**{verdicts[each]} {each.words.lower()}**" for each in Verdict if verdicts[each]]
    return (
        f"{found.area.name}: of the Home Office's {verdicts.total()} success measures, "
        f"{', '.join(parts)}. As of {found.as_of.day} {found.as_of:%B %Y}."
    )


def place_words(place: Place | None) -> str:
    """Where a district lies among the nine, in words that allow for its size."""
    if place is None or place.position is Position.NOT_JUDGED:
        return "cannot be placed"
    if place.position is Position.INSIDE:
        return "about as expected" if place.by_chance is Position.INSIDE else _usual(place)
    side = "higher" if place.position in _ABOVE else "lower"
    surely = "clearly " if place.position in _FAR else ""
    return f"{surely}{side} than expected"


def _usual(place: Place) -> str:
    side = "above" if place.by_chance in _ABOVE else "below"
    return f"{side} the average by more than chance, not by more than districts usually differ"


def share_words(share: Share | None) -> str:
    """How much of the network's events a district has, beside how much of its people."""
    if share is None:
        return "not known"
    said = f"{share.events:.0%} of LLR's"
    return said if share.people is None else f"{said}, with {share.people:.0%} of its people"


def shortest_words(line: Line) -> str:
    """The shortest period that is safe to show and says something."""
    if line.shortest is None:
        return "none: too few events even over the longest period on offer"
    return f"{line.shortest.period.label} ({count_words(line.shortest.count)})"


def england_words(england: England | None, per: int) -> str:
    """England's published rate, and the network's from the same table."""
    if england is None:
        return "not published"
    said = f"{rate_words(england.figure, per)}, {england.period.label}, {england.source.title}"
    if england.network is None:
        return said
    return f"{said}; there LLR has {rate_words(england.network, per)}"


def districts_sentence(found: Districts) -> str:
    """Which districts stand out in one measure, if any."""
    high, low = (
        [each.area.name for each in found.places if each.position in group]
        for group in (_ABOVE, (Position.FAR_BELOW, Position.BELOW))
    )
    said = f"{found.measure.title}, {found.period.label}: "
    if found.funnel is None:
        return f"{said}too few districts can be shown to say which stand out."
    if not (high or low):
        return f"{said}no district stands out."
    parts = [f"above {_listed(high)}"] if high else []
    parts += [f"below {_listed(low)}"] if low else []
    return (
        f"{said}outside what the network's rate and a district's size lead one to expect: "
        f"{'; '.join(parts)}."
    )


def funnel_words(found: Districts) -> str:
    """What the limits allow for, and how to read a district inside them."""
    if found.funnel is None:
        return "No funnel: fewer than five districts have a figure that is shown."
    said = (
        "Inside the funnel a district's rate cannot be told from the network's: do not rank. The "
        "outer limits are 99.8%, the inner 95%; chance alone puts one of nine districts or more "
        "outside the inner ones in over a third of charts."
    )
    if found.funnel.between > 0:
        spread = found.funnel.between**0.5 * 2
        return (
            f"{said} Districts differ by more than chance (a spread of about {spread:.0%} either "
            f"way), and the limits are widened by it: they ask whether one differs from the "
            f"others' usual variation. Nine areas tell that variation roughly."
        )
    return f"{said} Districts differ by no more than chance, so the limits are those of chance."


def describe_funnel(found: Districts) -> str:
    """Alternative text of the funnel."""
    shown = "; ".join(
        f"{each.area.name} {_rate(each, found.measure.per)}, {place_words(each)}"
        for each in found.places
    )
    hidden = hidden_words(each.figure.count for each in found.places)
    return f"Funnel plot. {districts_sentence(found)} {shown}. {hidden}".strip()


def area_words(place: Place, per: int) -> str:
    """What a map says of one district: its tooltip, and its name for a screen reader."""
    rate = {
        State.HIDDEN: "rate hidden, small or beside a small number",
        State.MISSING: "no figure",
        State.ZERO: "no events",
    }.get(place.state, rate_words(place.figure, per))
    unsure = ", unreliable: fewer than 10 events" if place.state is State.UNRELIABLE else ""
    change = f"{place.entry.verdict.words} against its baseline"
    return f"{place.area.name}: {rate}{unsure}; {place_words(place)}; {change}"


def map_words(found: Districts) -> dict[str, str]:
    """What a map says of each district by code, with how much of the network's work runs there."""
    words = {}
    for each in found.places:
        runs = found.running(each.area.code)
        work = f"{runs or 'no'} {'intervention runs' if runs == 1 else 'interventions run'} here"
        context = f"; {work}, as context" if found.register.release else ""
        words[each.area.code] = area_words(each, found.measure.per) + context
    return words


def pattern_words(found: Districts) -> str:
    """What the patterns of a map mean, as far as it has them."""
    words = {
        State.HIDDEN: "hatched: hidden, a small number or beside one",
        State.MISSING: "cross-hatched: no figure",
        State.UNRELIABLE: "dotted: fewer than 10 events, the rate is unreliable",
        State.ZERO: "white with 0: no events",
    }
    there = {each.state for each in found.places}
    said = [text for state, text in words.items() if state in there]
    return f"{'; '.join(said).capitalize()}." if said else ""


def describe_map(found: Districts) -> str:
    """Alternative text of the map."""
    per = found.measure.per
    return "Map of the nine districts. " + ". ".join(area_words(e, per) for e in found.places) + "."


def neighbour_words(found: AmongNeighbours) -> str:
    """A measure of a district among its neighbours."""
    said = (
        f"{found.measure.title}, {found.period.label}: "
        f"{rate_words(found.own, found.measure.per)}; {found.higher} of {len(found.others)} "
        f"neighbours have a higher rate"
    )
    if found.position is Position.NOT_JUDGED:
        return f"{said}."
    words = {
        Position.INSIDE: "within the limits of how they differ among themselves",
        Position.ABOVE: "above the 95% limit of how they differ among themselves",
        Position.FAR_ABOVE: "above the 99.8% limit of how they differ among themselves",
        Position.BELOW: "below the 95% limit of how they differ among themselves",
        Position.FAR_BELOW: "below the 99.8% limit of how they differ among themselves",
    }
    return f"{said}; it is {words[found.position]}."


def without_words(found: AmongNeighbours) -> str:
    """Which neighbours could not be compared."""
    if not found.without:
        return ""
    return f"Without a figure of their own in {found.source.title}: {', '.join(found.without)}."


def _rate(place: Place, per: int) -> str:
    count = place.figure.count
    if count.is_hidden:
        return "hidden"
    return rate_words(place.figure, per)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
