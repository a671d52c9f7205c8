"""Money as tables for machines, in the whole pence of the page and of the JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vrn_metrics.analyses.cost_of_violence import Avoided
from vrn_metrics.analyses.spend import Spend
from vrn_metrics.exports.dataset import Column, Dataset, Mark, Row, dataset, known
from vrn_metrics.exports.spend import spend_json, spend_origin
from vrn_metrics.narrative.spend import COST_CAVEAT

PENCE: Final = "pence"
_YEAR: Final = Column("year", "Financial year", "From April to March.")


def _pence(name: str, title: str, meaning: str) -> Column:
    return Column(name, title, meaning, "integer", PENCE)


_STANDINGS: Final = (
    _YEAR,
    Column("rule", "Rule key", "Key of the condition of the grant."),
    Column("title", "Rule", "What the condition is about."),
    Column("at_least", "At least", "The least share that meets it, as a fraction; 0 if none."),
    Column("figures", "Figures", "actual: spent so far; forecast or plan: of the whole year."),
    _pence("part_pence", "Part", "Money that counts for the rule."),
    _pence("whole_pence", "Whole", "Money of which the share is taken."),
    Column("share", "Share", "Part over whole, as an exact fraction."),
    _pence("lowest_pence", "Part, lowest", "If each doubtful line in it went the other way."),
    _pence(
        "highest_pence", "Part, highest", "If each doubtful line outside it went the other way."
    ),
    Column("met", "Met", "yes or no."),
    Column("sentence", "In a sentence", "The same in words."),
)
_SUMS: Final = (
    _YEAR,
    Column("by", "By", "project, category, quarter or year."),
    Column("of", "Of", "Which of them."),
    _pence("spent_pence", "Spent", "Actual spending."),
)
_LINES: Final = (
    _YEAR,
    Column("line", "Line", "Its name in the ledger."),
    Column("figures", "Figures", "actual, forecast or plan."),
    Column("day", "Day", "Of the line.", "date"),
    Column("project", "Project", "One of the nine."),
    Column("category", "Category", "What the ledger says it is."),
    Column("funding_stream", "Funding stream", "Who pays."),
    _pence("amount_pence", "Amount", "Below zero where it takes back."),
    Column("classified_by", "Classified by", "Role that decided the category."),
    Column("reason", "Reason", "Why."),
    Column("doubtful", "Doubtful", "Whether the decision is in doubt: yes or no."),
    Column("release", "Release", "Number of the release.", "integer"),
)
_ANEW: Final = (
    _YEAR,
    Column("change", "Change", "Its number, the earliest first.", "integer"),
    Column("line", "Line", "Its name in the ledger."),
    Column("figures", "Figures", "actual, forecast or plan."),
    Column("before", "From", "Category before."),
    Column("after", "To", "Category since."),
    Column("by", "By", "Role that decided so."),
    Column("reason", "Reason", "Why."),
    Column("release", "Release", "Number of the release that changed it.", "integer"),
)
_GRANTS: Final = (
    Column("grant", "Grant", "Its number.", "integer"),
    Column("years", "Years", "Which it is for."),
    _pence("grant_pence", "Published", "What was published."),
    Column("at_least", "At least", "yes where more than that, by an unknown amount; else no."),
    Column("what", "For", "What it is for."),
    Column("source", "Source", "Where it was published."),
)
_COSTS: Final = (
    Column("measure", "Measure key", "Key of the measure in the catalogue."),
    Column("verdict", "Verdict", "What may be said since the baseline."),
    Column("events_least", "Events avoided, least", "Below zero: more events.", "number", "events"),
    Column("events_most", "Events avoided, most", "Below zero: more events.", "number", "events"),
    _pence("cost_least_pence", "Cost, least", "At the unit cost; below zero: more violence."),
    _pence("cost_most_pence", "Cost, most", "At the unit cost; below zero: more violence."),
    _pence("cashable_least_pence", "Cashable, least", "Police and courts."),
    _pence("cashable_most_pence", "Cashable, most", "Police and courts."),
    _pence("unit_cost_pence", "Unit cost", "Of one event, in prices of its price year."),
    Column("price_year", "Price year", "Of the unit cost."),
    Column("deflator", "Deflator", "By which the unit cost is multiplied."),
    Column("source", "Source", "Where the unit cost was published."),
    Column(
        "break_even_events",
        "Break-even",
        "Avoided events that would cost what was spent.",
        "integer",
        "events",
    ),
)


def shares_dataset(found: Spend) -> Dataset:
    """One row a rule and kind of figures."""
    met = {True: "yes", False: "no", None: Mark.NOT_APPLICABLE}
    return _of(
        found,
        "spend-shares",
        "Shares of spending against the conditions of the grant",
        _STANDINGS,
        [
            {
                "year": found.year,
                "rule": rule["rule"],
                "title": rule["title"],
                "at_least": rule["at_least"],
                "figures": each["figures"],
                "part_pence": each["part_pence"],
                "whole_pence": each["whole_pence"],
                "share": known(each["share"], Mark.NOT_APPLICABLE),
                "lowest_pence": each["lowest_pence"],
                "highest_pence": each["highest_pence"],
                "met": met[each["met"]],
                "sentence": each["said"],
            }
            for rule in spend_json(found)["rules"]
            for each in rule["standings"]
        ],
        ("rule", "figures"),
    )


def sums_dataset(found: Spend) -> Dataset:
    """Actual spending by project, category and quarter of the year, and by year."""
    answer = spend_json(found)
    rows: list[Row] = [
        {"year": of if by == "year" else found.year, "by": by, "of": of, "spent_pence": pence}
        for by in ("project", "category", "quarter", "year")
        for of, pence in answer[f"spent_by_{by}_pence"].items()
    ]
    return _of(found, "spend-sums", "Where the money went", _SUMS, rows, ("by", "of"))


def decisions_dataset(found: Spend) -> Dataset:
    """One row a line that counts as intervention, or is in doubt."""
    return _of(
        found,
        "spend-decisions",
        "What counts as intervention, and who decided",
        _LINES,
        [
            {
                "year": each.year,
                "line": each.line,
                "figures": each.kind,
                "day": each.day,
                "project": each.project,
                "category": each.category,
                "funding_stream": each.funding_stream,
                "amount_pence": each.amount_pence,
                "classified_by": known(each.classified_by),
                "reason": known(each.reason),
                "doubtful": "yes" if each.doubtful else "no",
                "release": each.release_id,
            }
            for each in found.decided
        ],
        ("line", "figures"),
    )


def reclassified_dataset(found: Spend) -> Dataset:
    """One row a line whose category a later release changed."""
    return _of(
        found,
        "spend-classified-anew",
        "Lines that were classified anew",
        _ANEW,
        [
            {
                "year": found.year,
                "change": place,
                "line": each.line,
                "figures": each.kind,
                "before": each.before,
                "after": each.after,
                "by": known(each.by),
                "reason": known(each.reason),
                "release": each.release_id,
            }
            for place, each in enumerate(found.reclassified, start=1)
        ],
        ("change",),
    )


def grants_dataset(found: Spend) -> Dataset:
    """One row a published grant."""
    return _of(
        found,
        "spend-grants",
        "Grants as published",
        _GRANTS,
        [
            {
                "grant": place,
                "years": each.years,
                "grant_pence": each.pence,
                "at_least": "yes" if each.is_least else "no",
                "what": each.what,
                "source": each.source,
            }
            for place, each in enumerate(found.grants, start=1)
        ],
        ("grant",),
    )


def costs_dataset(found: Spend, costs: Sequence[Avoided]) -> Dataset:
    """One row a measure that has a unit cost."""
    rows: list[Row] = []
    for each in spend_json(found, tuple(costs))["cost_of_violence"]:
        cash = each["cashable_pence"] or [Mark.NOT_AVAILABLE] * 2
        rows.append(
            {
                **{name: each[name] for name in ("measure", "verdict", "deflator", "source")},
                "price_year": str(each["price_year"]),
                "events_least": each["events_avoided"][0],
                "events_most": each["events_avoided"][1],
                "cost_least_pence": each["cost_pence"][0],
                "cost_most_pence": each["cost_pence"][1],
                "cashable_least_pence": cash[0],
                "cashable_most_pence": cash[1],
                "unit_cost_pence": each["unit_cost_pence"],
                "break_even_events": known(each["break_even_events"], Mark.NOT_APPLICABLE),
            }
        )
    entries = [release for each in costs for release in each.entry.releases]
    origin = spend_origin(found, also=entries, caveats=[COST_CAVEAT])
    title = f"Cost of violence beside spending, {found.year}"
    return dataset(f"cost-of-violence-{found.year}", title, _COSTS, rows, ("measure",), origin)


def _of(
    found: Spend,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    key: Sequence[str],
) -> Dataset:
    return dataset(
        f"{name}-{found.year}", f"{title}, {found.year}", columns, rows, key, spend_origin(found)
    )
