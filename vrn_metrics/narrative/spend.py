"""The sentences of money: is it a fifth, and how much is left to spend?"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from vrn_metrics.analyses.cost_of_violence import Avoided
from vrn_metrics.analyses.spend import RuleStanding, Spend, Standing
from vrn_metrics.measures import FundingRule
from vrn_metrics.money import pounds

KIND_WORDS: Final = {"actual": "so far", "forecast": "at forecast", "plan": "as planned"}


def exact_percent(share: Fraction | None, threshold: Fraction) -> str:
    """A share as a percentage that never rounds over, or on to, a threshold it has not reached.

    Examples
    --------
    >>> exact_percent(Fraction(1, 5), Fraction(1, 5)), exact_percent(
    ...     Fraction(19_999, 100_000), Fraction(1, 5))
    ('20.0%', '19.999%')
    """
    if share is None:
        return "no share"
    for places in range(1, 9):
        shown = Fraction(round(share * 100 * 10**places), 10**places)
        same_side = (shown >= 100 * threshold) == (share >= threshold)
        if same_side and (shown != 100 * threshold or share == threshold):
            return f"{float(shown):.{places}f}%"
    return f"just {'over' if share > threshold else 'under'} {float(100 * threshold):g}%"


def spend_sentence(found: Spend) -> str:
    """Whether a fifth goes to interventions, and how much is left to spend."""
    rule = found.main
    now = rule.by("actual")
    threshold = f"{float(100 * rule.rule.at_least):g}%"
    if now.share is None:
        said = f"Nothing has been spent in {found.year} yet"
    else:
        verdict = "meets" if now.meets(rule.rule) else "falls short of"
        said = (
            f"{exact_percent(now.share, rule.rule.at_least)} of spending in {found.year} has gone "
            f"to interventions so far, which {verdict} {threshold}"
        )
    return f"{said}. {headroom_words(found, rule)}"


def headroom_words(found: Spend, standing: RuleStanding) -> str:
    """How much more must go to interventions, and by when."""
    if standing.to_spend is None:
        return "The ledger has no money for the year, so there is nothing to reach."
    basis = {"actual": "of what was spent", "forecast": "of the forecast", "plan": "of the plan"}
    of = basis[standing.of_kind or "actual"]
    share = f"{float(100 * standing.rule.at_least):g}%"
    if standing.to_spend == 0:
        return f"{share} {of} for the year is already reached."
    by = f"{found.period.end.day} {found.period.end:%B}"
    return f"{pounds(standing.to_spend)} more by {by} reaches {share} {of} for the year."


def standing_words(rule: FundingRule, standing: Standing) -> str:
    """One rule by one kind of figures."""
    when = KIND_WORDS[standing.kind]
    if standing.share is None:
        return f"{rule.title} {when}: nothing to take a share of"
    share = exact_percent(standing.share, rule.at_least)
    said = f"{rule.title} {when}: {share} ({pounds(standing.part)} of {pounds(standing.whole)})"
    if (standing.lowest, standing.highest) != (standing.part, standing.part):
        low, high = (
            exact_percent(standing.share_of(each), rule.at_least)
            for each in (standing.lowest, standing.highest)
        )
        said += f"; {low} to {high} if doubtful lines went the other way"
    if rule.at_least:
        said += f"; {'met' if standing.meets(rule) else 'not met'}"
    return said


def plan_words_of_spend(found: Spend) -> str:
    """Whether spending keeps to the plan."""
    if found.over_plan is None:
        return "The ledger has no plan for the year."
    if found.over_plan > 0:
        return f"Spending is expected {pounds(found.over_plan)} above the plan."
    if found.over_plan < 0:
        return f"Spending is expected {pounds(-found.over_plan)} below the plan."
    return "Spending is expected to be as planned."


def grant_words(found: Spend) -> str:
    """Whether the plan keeps within the published grant."""
    if found.over_grant is None:
        return "No whole grant was published for the year, or the ledger has no plan to hold to it."
    if found.over_grant > 0:
        return f"The plan is {pounds(found.over_grant)} above the published grant."
    return "The plan keeps within the published grant."


def describe_spent(found: Spend) -> str:
    """Alternative text of the bars of spending by project."""
    if not found.by_project:
        return f"Bar chart. Nothing has been spent in {found.year} yet."
    largest = sorted(found.by_project, key=lambda each: -each[1])
    said = "; ".join(f"{name} {pounds(pence)}" for name, pence in largest)
    return f"Bar chart of what was spent in {found.year} so far, by project: {said}."


def avoided_words(found: Avoided) -> str:
    """What a change in violence would cost or spare, as an interval, and the break-even."""
    low, high = (
        f"{round(each):,}".replace("-", "−") for each in (found.least_events, found.most_events)
    )
    least, most = (pounds(each) for each in found.cost)
    events, title = found.entry.measure.events, found.entry.measure.title
    said = (
        f"{title}: between {low} and {high} {events} fewer than at the baseline's rate, "
        f"{least} to {most} at {pounds(found.unit.pence)} each (prices of {found.unit.price_year}; "
        f"deflator {float(found.unit.deflator):g}, {found.unit.deflator_source})"
    )
    if found.includes_nothing:
        said += "; the interval holds that nothing was avoided"
    if (cash := found.cashable) is not None:
        said += f"; of it cashable (police and courts) {pounds(cash[0])} to {pounds(cash[1])}"
    if found.break_even is not None:
        said += f"; as many as {found.break_even:,} avoided would cost what was spent"
    return f"{said}."


COST_CAVEAT: Final = (
    "A change in violence is not what the network saved: other things changed too, most of the "
    "cost is harm and lost output that no budget gets back, and below zero means more violence. "
    "The impact page asks what the network did."
)
