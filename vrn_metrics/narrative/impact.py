"""The sentences of an impact estimate: what could be found at all, before what was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vrn_metrics.analyses.analysis_plan import AnalysisPlan, hold_against
from vrn_metrics.analyses.impact import Impact
from vrn_metrics.analyses.impact_effects import Effect
from vrn_metrics.analyses.impact_panel import DonorPanel
from vrn_metrics.analyses.impact_ratio import TwoPeriods
from vrn_metrics.measures.donor_pool import NationalFigure
from vrn_metrics.narrative.cards import change_words, count_words
from vrn_metrics.narrative.impact_limits import HAZARDS

SMALLEST_SHOWN: Final = 0.001


def impact_sentence(found: Impact) -> str:
    """The one sentence that answers, its limits first."""
    effect = found.effect
    if found.reason is not None or (effect.value is None and effect.lower is None):
        return f"No estimate. {_stop(_capital(found.reason or 'There are no figures'))}"
    if found.two_periods is not None:
        return _ratio_sentence(found.two_periods)
    if not found.gate.is_open:
        return f"Not to be used. {' '.join(found.gate.reasons)}"
    if effect.is_out_of_reach:
        return (
            f"Cannot be told from chance, whatever happened: with {_donors(found.panel)} the "
            f"p-value cannot fall below {_p(effect.smallest_p_value)}. {effect_words(found)}"
        )
    if effect.is_found:
        return f"More than chance alone would make of it. {effect_words(found)}"
    return f"{_NO_EFFECT}. {effect_words(found)}"


def verdict_words(found: Impact) -> str:
    """The answer without its size: whether anything can be said, and what could have been."""
    effect = found.effect
    if found.reason is not None or found.two_periods is not None or not found.gate.is_open:
        return impact_sentence(found)
    if effect.is_out_of_reach:
        return (
            f"Cannot be told from chance, whatever happened: with {_donors(found.panel)} the "
            f"p-value cannot fall below {_p(effect.smallest_p_value)}."
        )
    if changed := break_words(found):
        return f"{_power_sentence(found)} {changed}"
    return _power_sentence(found)


def break_words(found: Impact) -> str:
    """What changed in the network's recording, and nowhere else, inside the panel."""
    panel = found.panel
    if panel is None:
        return ""
    first, last = panel.periods[0].start, panel.periods[-1].end
    inside = [
        f"{each.title}, {each.since:%B %Y}"
        for each in found.breaks
        if each.effect == "breaks" and each.areas == "network" and first < each.since <= last
    ]
    if not inside:
        return ""
    return (
        f"Recording in Leicestershire alone changed inside these years ({'; '.join(inside)}): any "
        f"gap is partly that."
    )


def _power_sentence(found: Impact) -> str:
    effect, power = found.effect, found.power
    clear = "More than chance alone would make of it" if effect.is_found else _NO_EFFECT
    if power is None:
        return f"{clear}."
    if power.detectable is None:
        return f"{clear}; with these numbers hardly any fall could have been found."
    return (
        f"{clear}; with these numbers a fall of {power.detectable:.0%} would be found four times "
        f"in five."
    )


_NO_EFFECT: Final = "Not distinguishable from chance"


def effect_words(found: Impact) -> str:
    """The size of the effect with its interval, and in events."""
    effect, events = found.effect, found.measure.events
    if effect.value is None:
        return "There is no figure."
    if effect.unit == "ratio":
        size = (
            f"The rate since {found.choices.start:%B %Y} is {_percent(effect.value)} than the "
            f"rate before and the donors' change would give"
            f"{_interval(effect, _percent)}"
        )
    else:
        size = (
            f"Since {found.choices.start:%B %Y} there were {abs(effect.value):.1f} {events} per "
            f"{found.measure.per:,} a year {'fewer' if effect.value < 0 else 'more'} than "
            f"expected{_interval(effect, lambda value: f'{value:+.1f}')}"
        )
    return f"{size}{_chance(effect)}. {averted_words(found)}".strip()


def averted_words(found: Impact) -> str:
    """The effect in events since the start."""
    effect = found.effect
    if effect.averted is None:
        return ""
    events = found.measure.events
    many = f"{abs(effect.averted):,.0f} {events} {'fewer' if effect.averted >= 0 else 'more'}"
    if effect.averted_lower is None or effect.averted_upper is None:
        return f"That would be {many} in all, with no bound on one side or either."
    low, high = sorted((-effect.averted_upper, -effect.averted_lower))
    return f"That would be {many} in all ({low:+,.0f} to {high:+,.0f})."


def power_words(found: Impact) -> list[str]:
    """What could have been found at all with these numbers."""
    panel, power, two = found.panel, found.power, found.two_periods
    if two is not None and two.detectable is not None:
        return [
            f"At these counts a true fall of {two.detectable:.0%} in the network's own rate would "
            f"be found four times in five; beside the nation it takes more."
        ]
    if panel is None:
        return ["Nothing: there is no panel of forces to look at."]
    said = [
        f"{_donors(panel)}, {panel.pre_points} {_points(panel)} before the start and "
        f"{len(panel.periods) - panel.pre_points} since."
    ]
    if power is None:
        return said
    least = power.smallest_p_value
    limit = f"The smallest p-value this design can give is {_p(least)}, 1 in {round(1 / least)}"
    if least > 1 - found.effect.confidence:
        return [*said, f"{limit}: no effect of any size can be told from chance at 5%."]
    said.append(f"{limit}.")
    if power.detectable is None:
        best = max(power.shares)
        said.append(
            f"In {power.replicates} simulated panels like this one not even a fall of "
            f"{power.falls[-1]:.0%} was found four times in five (at best {best:.0%}): silence "
            f"here says nothing."
        )
    else:
        said.append(
            f"In {power.replicates} simulated panels like this one a fall of "
            f"{power.detectable:.0%} was found four times in five, and smaller ones less often."
        )
    said.append(
        f"Simulated from the points before the start alone, with {power.dispersion:.1f} times "
        f"the variance of chance; forces also drift apart, so this is hopeful."
    )
    return said


def gate_words(found: Impact) -> list[str]:
    """How well the counterfactual fits before the start, and what speaks against its use."""
    said = list(found.gate.reasons)
    error = found.effect.relative_error
    if error is not None and not said:
        said.append(f"Before the start the counterfactual misses by {error:.0%} of the mean rate.")
    if found.effect.weights:
        named = ", ".join(f"{name} {weight:.0%}" for name, weight in found.effect.weights[:6])
        said.append(f"It is made of {named}.")
    said += [f"{_capital(note)}." for note in found.effect.notes]
    return said


def before_words(found: Impact) -> str:
    """The gaps that the method finds before anything began."""
    panel, effect = found.panel, found.effect
    if panel is None or not effect.in_time:
        return ""
    largest = max(effect.in_time, key=lambda each: abs(each.att))
    when = panel.periods[largest.place].start
    return (
        f"With a pretended start in {when:%B %Y} the same method finds "
        f"{abs(largest.att):.1f} per {panel.per:,} a year "
        f"{'fewer' if largest.att < 0 else 'more'} between then and {panel.start:%B %Y}, before "
        f"the network could have done anything: gaps of that size need no network."
    )


def placebo_words(found: Impact) -> list[str]:
    """Where the network stands among forces without one, and with worse fits left out."""
    effect = found.effect
    if effect.p_value is None or effect.smallest_p_value is None or not effect.placebos:
        return []
    units = round(1 / effect.smallest_p_value)
    rank = round(effect.p_value * units)
    said = [
        f"{rank} of {units} forces, the network among them, have a statistic at least as large: "
        f"p = {_p(effect.p_value)}, where {_p(effect.smallest_p_value)} is the least possible."
    ]
    said += [
        f"Among the {each.kept} donors with at most {each.times:g} times the network's squared "
        f"error before the start: p = {_p(each.p_value)}, {_p(each.smallest_p_value)} at least."
        for each in effect.filters
        if each.p_value is not None
    ]
    if effect.without:
        atts = [each.att for each in effect.without]
        said.append(
            f"With any one donor left out the effect is between {min(atts):+.1f} and "
            f"{max(atts):+.1f} per {found.measure.per:,} a year."
        )
    return said


def curve_words(found: Impact) -> str:
    """How many of the other choices agree."""
    if not found.curve:
        return ""
    values = [each.value for each in found.curve]
    fewer = sum(value < 0 for value in values)
    clear = sum(each.p_value is not None and each.p_value <= 0.05 for each in found.curve)
    return (
        f"{len(values)} sets of choices: {fewer} find fewer {found.measure.events} than expected "
        f"and {len(values) - fewer} more, from {min(values):+.1f} to {max(values):+.1f} per "
        f"{found.measure.per:,} a year; {clear} have p at or below 0.05."
    )


def national_words(each: NationalFigure) -> str:
    """One published result of the national evaluation."""
    size = "no size published"
    if each.effect is not None and each.per:
        size = f"{each.effect:+g} per {each.per:,} people"
    elif each.effect is not None:
        size = f"{each.effect:+,.0f} events"
    chance = f", p = {each.p_value:g}" if each.p_value is not None else ""
    clear = "significant" if each.is_significant else "not significant at 5%"
    more = f" {_stop(each.words)}" if each.is_significant else ""
    return f"Year ending {each.year_ending:%B %Y}, {each.outcome}: {size}{chance}, {clear}.{more}"


def pool_words(panel: DonorPanel) -> list[str]:
    """Who is compared with, and who is left out and why."""
    said = [f"Donors: {', '.join(each.force.name for each in panel.donors) or 'none'}."]
    reasons: dict[str, list[str]] = {}
    for each in panel.left_out:
        reasons.setdefault(each.reason, []).append(each.force.name)
    said += [f"Left out, {reason}: {', '.join(names)}." for reason, names in reasons.items()]
    return said


def impact_paragraphs(found: Impact) -> list[str]:
    """All that is said, in the order of the page."""
    said = [verdict_words(found), *power_words(found)]
    if found.two_periods is None:
        said += gate_words(found)
        said += [each for each in (before_words(found),) if each]
        if found.gate.is_open and found.reason is None:
            said += [effect_words(found), *placebo_words(found)]
        said += [each for each in (curve_words(found),) if each]
    said += [national_words(each) for each in found.national]
    return [*said, *HAZARDS]


def describe_gap(found: Impact) -> str:
    """Alternative text of the two paths."""
    return (
        f"{found.measure.title}: the network and its counterfactual, by period. "
        f"{impact_sentence(found)}"
    )


def describe_placebos(found: Impact) -> str:
    """Alternative text of the gaps of all forces."""
    return " ".join(["Gap of the network and of every donor.", *placebo_words(found)[:1]])


def _ratio_sentence(two: TwoPeriods) -> str:
    """What the rest of the country tells, before what the network's own numbers do."""
    own = (
        f"The network's own rate went from {count_words(two.past.count)} in "
        f"{two.past.period.label} to {count_words(two.current.count)} in "
        f"{two.current.period.label}: {change_words(two.own)}."
    )
    if two.beside is None:
        return f"Without a comparison nothing can be said of an effect. {own}"
    ratio = two.beside.relative
    clear = (
        ratio.lower is not None and ratio.upper is not None and (ratio.upper < 1 or ratio.lower > 1)
    )
    lead = "Beyond the national change" if clear else "Not distinguishable from the national change"
    return f"{lead}: beside {two.beside.area}, {change_words(ratio)}. {own}"


def _interval(effect: Effect, say: Callable[[float], str]) -> str:
    low = say(effect.lower) if effect.lower is not None else "no lower bound"
    high = say(effect.upper) if effect.upper is not None else "no upper bound"
    return f" ({effect.confidence:.0%} interval: {low} to {high})"


def _chance(effect: Effect) -> str:
    if effect.p_value is None:
        return ""
    least = (
        f", least possible {_p(effect.smallest_p_value)}"
        if effect.smallest_p_value is not None
        else ""
    )
    return f", p = {_p(effect.p_value)}{least}"


def _p(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"under {SMALLEST_SHOWN}" if value < SMALLEST_SHOWN else f"{value:.3f}"


def _percent(ratio: float) -> str:
    return f"{abs(ratio - 1):.0%} {'lower' if ratio < 1 else 'higher'}"


def _donors(panel: DonorPanel | None) -> str:
    many = len(panel.donors) if panel else 0
    return f"{many} donor{'' if many == 1 else 's'}"


def _points(panel: DonorPanel) -> str:
    return "years" if panel.points_a_year == 1 else "quarters"


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _stop(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def plan_words(plan: AnalysisPlan, found: Impact) -> list[str]:
    """Whether the estimate on view follows the plan, and whether the plan came first."""
    held = hold_against(plan, found)
    said = []
    if held.is_kept:
        said.append(f"The estimate on view follows the plan of {plan.written.isoformat()}.")
    else:
        changed = "; ".join(
            f"{name.replace('_', ' ')} was {before}, is {now}"
            for name, before, now in held.departures
        )
        said.append(
            f"The estimate on view departs from the plan of {plan.written.isoformat()}: {changed}."
        )
    if held.was_blind:
        said.append("None of its figures was in this store when the plan was written.")
    else:
        files = ", ".join(held.loaded_before)
        said.append(
            f"These figures were already in the store on that day: {files}. The plan may have "
            f"been written with the answer known."
        )
    return said
