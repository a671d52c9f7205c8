"""The sentences of a trend."""

from __future__ import annotations

from typing import Final

from vrn_metrics.analyses.control_chart import ControlChart
from vrn_metrics.analyses.interventions import Intervention, Register
from vrn_metrics.analyses.trend import Trend
from vrn_metrics.analyses.trend_methods import PERIOD_WORDS, Method
from vrn_metrics.methods.signals import Meaning, Rule, SpecialCause
from vrn_metrics.methods.trend_windows import Marker
from vrn_metrics.money import pounds
from vrn_metrics.narrative.cards import count_words, hidden_words, sentence

# Measured on steady Poisson series of 48 points or more; METHODS.md, "Control charts".
FALSE_ALARMS_A_POINT: Final = 0.06
_MEANING: Final = {
    Meaning.IMPROVEMENT: "for the better",
    Meaning.CONCERN: "for the worse",
    Meaning.NEUTRAL: "either way",
}


def trend_sentence(found: Trend) -> str:
    """The one sentence that answers whether the measure is changing."""
    if found.entry.numerator is None:
        return f"No data. {found.entry.chosen.reason}"
    if found.choice.method is Method.NONE:
        return f"Too few to judge. {found.choice.reason}"
    if found.chart is None:
        return years_words(found)
    now = _chart_sentence(found, found.chart)
    years = found.years
    if years is not None and years.direction.marker in (Marker.INCREASING, Marker.DECREASING):
        return f"{years_words(found)} {now}"
    return now


def trend_paragraphs(found: Trend) -> list[str]:
    """All that is said of a trend, the answer first."""
    said = [trend_sentence(found)]
    if found.entry.numerator is None:
        return said
    said += [sensitivity_words(found), outlook_words(found), *trend_qualifications(found)]
    return said + register_words(found.register)


def register_words(register: Register) -> list[str]:
    """The interventions that ran in the area, as context: one line each, a caution first."""
    listed = register.interventions
    if not listed:
        return []
    return [
        "Interventions that ran here, from the network's register, as context. That one began "
        "beside a turn in the series does not say that it made it: other things happened too, "
        "and what was high by chance falls by itself.",
        *(intervention_words(each) for each in listed),
    ]


def intervention_words(one: Intervention) -> str:
    """One entry of the register, without what it is not known to have done."""
    where = ", ".join(each.name for each in one.districts) or "whole network"
    until = f" to {one.end:%B %Y}" if one.end else ""
    said = f"{one.title} ({one.tier}; {where}): {one.start:%B %Y}{until}"
    more = [f"{one.reach:,} people reached"] if one.reach is not None else []
    more += [pounds(one.cost_pence)] if one.cost_pence is not None else []
    more += [f"rated {one.rating} by the Youth Endowment Fund"] if _is_rated(one) else []
    return f"{said}; {', '.join(more)}." if more else f"{said}."


def _is_rated(one: Intervention) -> bool:
    return one.rating not in (None, "not rated")


def trend_qualifications(found: Trend, *, is_drawn: bool = True) -> list[str]:
    """What the answer rests on: years, baseline, method, chance and breaks.

    `is_drawn` says whether hidden points and breaks are marked on a chart beside it.
    """
    if found.entry.numerator is None:
        return []
    said = []
    if found.chart is not None:
        said += [years_words(found), false_alarm_words(found)]
        if found.chart.is_trial:
            said.append("Limits of fewer than 12 points are trial limits and will still move.")
    said += [
        f"Against the baseline: {sentence(found.entry)}",
        f"Method: {found.choice.method.words}. {found.choice.reason}",
    ]
    if why := hidden_words(each.count for each in found.figures):
        marked = "Points marked with a cross, and gaps," if is_drawn else "Gaps in the line"
        said.append(f"{marked} are hidden. {why}")
    if changed := breaks_words(found):
        said.append(f"{'Dashed verticals' if is_drawn else 'Changes'}, left to right: {changed}.")
    return said


def breaks_words(found: Trend) -> str:
    """The changes inside the series, oldest first; nothing where there is none."""
    return "; ".join(f"{each.title} ({each.since:%B %Y})" for each in found.breaks)


def years_words(found: Trend) -> str:
    """Whether the years rise or fall, and by how much from one to the next."""
    if found.years is None:
        return "There is no year to test."
    direction, points = found.years.direction, found.years.figures
    span = f"{points[0].period.label} to {points[-1].period.label}"
    if direction.value is None or direction.lower is None or direction.upper is None:
        return f"The years {span} cannot be tested for a trend: {direction.reason}."
    change = (
        f"{_step(direction.value)} a year ({_step(direction.lower)} to {_step(direction.upper)})"
    )
    if direction.marker is Marker.NO_CHANGE:
        return f"No clear trend over {direction.points} years, {span}: {change}."
    word = "Falling" if direction.value < 1 else "Rising"
    return f"{word} over {direction.points} years, {span}: {change}."


def cause_words(cause: SpecialCause) -> str:
    """A special cause as a reader sees it."""
    rule = str(cause.rule)
    return f"{rule[0].upper()}{rule[1:]}, {_MEANING[cause.meaning]}"


def sensitivity_words(found: Trend) -> str:
    """Under how many baselines the verdict holds."""
    same, able = found.entry.holds_under
    if not able:
        return "No baseline can be compared with."
    return f"{found.entry.verdict.words}: holds under {same} of {able} baselines."


def outlook_words(found: Trend) -> str:
    """What the next period may bring, and what would change the verdict."""
    seen, base = found.outlook, found.entry.chosen.baseline
    if seen is None:
        return "No outlook: a count it would rest on is hidden, rounded or not known."
    events = found.entry.measure.events
    said = (
        f"If the rate stays as it is, the {seen.period.label} would bring {seen.fan[0]:,} to "
        f"{seen.fan[-1]:,} {events} nine times in ten, and a rate below the "
        f"{base.in_sentence} with a chance of {_chance(seen.chance_below)}. "
    )
    low = (
        f"{seen.lower_at_most:,} or fewer would read lower"
        if seen.lower_at_most is not None
        else "No number would read lower"
    )
    return f"{said}{low}; {seen.higher_at_least:,} or more would read higher."


def false_alarm_words(found: Trend) -> str:
    """How many marks chance alone would make on a chart of this length."""
    points = len(found.figures)
    expected = FALSE_ALARMS_A_POINT * points
    return (
        f"On a chart of {points} points of a steady series, chance alone marks about "
        f"{expected:.0f}, and in any one year something in one series of seven. Only a point "
        f"outside the limits is rare by itself (about 1 in 200); seasons make all marks commoner."
    )


def describe_chart(found: Trend) -> str:
    """Alternative text of the chart: what it shows, its ends and what stands out."""
    if not found.figures:
        return "No points."
    first, last = found.figures[0], found.figures[-1]
    point = PERIOD_WORDS[found.choice.size.months] if found.choice.size else "period"
    said = (
        f"{found.entry.measure.title}, {found.area.name}: {len(found.figures)} points of a "
        f"{point}, from {count_words(first.count)} in {first.period.label} to "
        f"{count_words(last.count)} in {last.period.label}."
    )
    return f"{said} {trend_sentence(found)}"


def _chart_sentence(found: Trend, chart: ControlChart) -> str:
    if chart.reason:
        return f"Too few to judge. The chart has no limits: {chart.reason}."
    point = PERIOD_WORDS[found.choice.size.months] if found.choice.size else "period"
    per_point = {"month": 12, "quarter": 4}.get(point, 1)
    last, centre = chart.values[-1], chart.centre[-1]
    lower, upper = chart.lower[-1], chart.upper[-1]
    unit = found.entry.measure.events if chart.per is None else f"per {chart.per:,} a year"
    usual = (
        f"a {point} usually brings {centre:.0f} {unit}, {lower:.0f} to {upper:.0f}"
        if centre is not None and lower is not None and upper is not None
        else "the last points have no limits of their own yet"
    )
    cause = chart.latest_cause(per_point)
    if cause is None:
        now = f"; the last one {last:.0f}" if last is not None else ""
        return f"In the last year nothing stands out: {usual}{now}."
    if cause.rule not in (Rule.ABOVE_LIMIT, Rule.BELOW_LIMIT):
        return (
            f"A sign of change {_MEANING[cause.meaning]} in the last year, not a proof: "
            f"{cause.rule!s}, where {usual}. Chance alone shows such a sign in one steady "
            f"series of seven."
        )
    better = {Meaning.IMPROVEMENT: "Improving", Meaning.CONCERN: "Worsening"}
    word = better.get(cause.meaning, "Changing")
    return f"{word} in the last year: {cause.rule!s}, where {usual}."


def _step(ratio: float) -> str:
    change = abs(ratio - 1)
    if change < 0.0005:
        return "unchanged"
    return f"{change:.1%} {'down' if ratio < 1 else 'up'}"


def _chance(chance: float) -> str:
    if chance > 0.99:
        return "over 99%"
    if chance < 0.01:
        return "under 1%"
    return f"{chance:.0%}"
