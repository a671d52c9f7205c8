"""Money on a page: the answer first, then what it rests on."""

from __future__ import annotations

import streamlit as st

from vrn_metrics import charts
from vrn_metrics.analyses.cost_of_violence import Avoided
from vrn_metrics.analyses.spend import Spend
from vrn_metrics.exports import spend as exported
from vrn_metrics.exports import spend_datasets as datasets
from vrn_metrics.money import pounds
from vrn_metrics.narrative import spend as words
from vrn_metrics.ui.downloads import offer_table, show_chart
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.words import plain


def say_spend(found: Spend | None) -> None:
    """Is it a fifth, and how much is left to spend?"""
    if found is None:
        answer("No ledger counts yet.")
        st.markdown("Load a file in the layout `vrn-spend` on the Data page.")
        return
    answer(plain(words.spend_sentence(found)))
    rule = found.main
    for place, standing in zip(st.columns(3), rule.standings, strict=True):
        with place:
            st.metric(
                f"Interventions {words.KIND_WORDS[standing.kind]}",
                words.exact_percent(standing.share, rule.rule.at_least),
                help=words.standing_words(rule.rule, standing),
            )
            st.caption(plain(f"{pounds(standing.part)} of {pounds(standing.whole)}"))


def show_spend(found: Spend | None) -> None:
    """Every rule by actual, forecast and plan; where the money went."""
    if found is None:
        return
    st.header("Every rule", anchor=False)
    hidden = ("part pence", "whole pence", "year")
    rows = exported.standing_rows(found)
    show_table([{k: v for k, v in row.items() if k not in hidden} for row in rows], "Every rule")
    offer_table(datasets.shares_dataset(found), "Shares")
    st.markdown(plain(f"{words.plan_words_of_spend(found)} {words.grant_words(found)}"))
    st.header("Where it went", anchor=False)
    if found.by_project:
        show_chart(
            charts.spent_chart(found, words.describe_spent(found)),
            "Spending chart",
            f"spent-{found.year}",
            f"What was spent in {found.year} so far, by project",
            exported.spend_origin(found),
        )
    for name, sums in (
        ("Project", found.by_project),
        ("Category", found.by_category),
        ("Quarter", found.by_quarter),
    ):
        shown = [{name: key, "Spent": pounds(pence)} for key, pence in sums]
        show_table(shown, f"By {name.lower()}")
    offer_table(datasets.sums_dataset(found), "Sums")
    st.header("Year on year, beside the published grants", anchor=False)
    show_table(
        [{"Year": year, "Spent": pounds(pence)} for year, pence in found.totals_by_year], "By year"
    )
    show_table(
        [
            {
                "Years": each.years,
                "Published": f"{'over ' if each.is_least else ''}{pounds(each.pence)}",
                "For": each.what,
                "Source": each.source,
            }
            for each in found.grants
        ],
        "Published grants",
    )
    offer_table(datasets.grants_dataset(found), "Grants")


def show_decisions(found: Spend | None) -> None:
    """What counts as intervention, who decided so, and what was decided anew."""
    if found is None:
        return
    st.header("What counts as intervention, and who decided", anchor=False)
    rows = [
        {
            "line": each.line,
            "project": each.project,
            "amount": pounds(each.amount_pence),
            "figures": each.kind,
            "by": each.classified_by or "",
            "why": each.reason or "",
            "doubtful": "yes" if each.doubtful else "",
            "release": each.release_id,
        }
        for each in found.decided
    ]
    show_table(rows, "What counts as intervention")
    offer_table(datasets.decisions_dataset(found), "Decisions")
    if found.reclassified:
        st.markdown("**Classified anew**")
        show_table(
            [
                {
                    "line": each.line,
                    "figures": each.kind,
                    "from": each.before,
                    "to": each.after,
                    "by": each.by or "",
                    "why": each.reason or "",
                    "release": each.release_id,
                }
                for each in found.reclassified
            ],
            "Classified anew",
        )
        offer_table(datasets.reclassified_dataset(found), "Classified anew")


def show_costs(found: Spend | None, costs: tuple[Avoided, ...]) -> None:
    """What violence costs, as an interval."""
    if found is None or not costs:
        return
    st.header("Cost of violence", anchor=False)
    st.markdown(words.COST_CAVEAT)
    st.markdown("\n".join(f"- {plain(words.avoided_words(each))}" for each in costs))
    st.caption("Unit costs, price year, deflator and source: data/reference/unit_costs.csv.")
    offer_table(datasets.costs_dataset(found, costs), "Cost of violence")


def spend_numbers(found: Spend | None) -> None:
    """The ledger in its own layout, to be changed and loaded again."""
    if found is None:
        return
    st.download_button(
        "The ledger as a file to change and load again",
        exported.ledger_csv(found).encode(),
        file_name=f"vrn-spend-{found.year}.csv",
        mime="text/csv",
        on_click="ignore",
        key="spend-layout",
        type="tertiary",
        icon=":material/download:",
    )
