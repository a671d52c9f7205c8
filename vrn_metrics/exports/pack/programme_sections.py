"""Money and the programme in a board pack: is it a fifth, on what, and what is late?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.cost_of_violence import Avoided
from vrn_metrics.analyses.programme import Programme, Project
from vrn_metrics.analyses.spend import Spend
from vrn_metrics.exports.pack.section import Drawing, Line, Section, Table
from vrn_metrics.exports.pack.sections import notes_of, table_of, titled
from vrn_metrics.exports.programme import programme_origin, programme_rows
from vrn_metrics.exports.spend import spend_origin, standing_rows, sum_rows
from vrn_metrics.money import pounds
from vrn_metrics.narrative import spend as words

_STANDINGS: Final = {
    "rule": "Rule",
    "figures": "Figures",
    "part": "Spent on it",
    "whole": "Of",
    "share": "Share",
    "lowest": "Lowest",
    "highest": "Highest",
    "met": "Met",
}
NO_LEDGER: Final = "No ledger counts, so nothing can be said of spending."
NO_COSTS: Final = (
    "No measure with a published unit cost can be compared with its baseline, so no cost of "
    "violence is given."
)


def spend_sections(found: Spend | None, costs: Sequence[Avoided], address: str) -> list[Section]:
    """Whether a fifth goes to interventions, where the money went, and what violence costs."""
    if found is None:
        notes = ("Load a file in the layout vrn-spend on the Data page.",)
        return [Section("spend", NO_LEDGER, (), notes, address)]
    return [
        _shares(found, address),
        _where(found, address),
        _costs(found, costs, address),
    ]


def programme_sections(found: Programme, address: str) -> list[Section]:
    """The expectations with state and evidence; then what is late in the projects."""
    return [_expectations(found, address), _projects(found, address)]


def _shares(found: Spend, address: str) -> Section:
    title, _, headroom = words.spend_sentence(found).partition(". ")
    rows = standing_rows(found)
    return Section(
        key="spend",
        title=f"{title}.",
        said=(
            headroom,
            f"{words.plan_words_of_spend(found)} {words.grant_words(found)}",
        ),
        notes=(
            "Lowest and highest: if every doubtful line went the other way.",
            *(
                f"{words.standing_words(each.rule, standing)}."
                for each in found.rules
                for standing in each.standings
            ),
            *notes_of(spend_origin(found)),
        ),
        address=address,
        table=table_of(f"Every rule of the grant in {found.year}", _STANDINGS, rows, "Share"),
        releases=found.releases,
    )


def _where(found: Spend, address: str) -> Section:
    largest = sorted(found.by_project, key=lambda each: -each[1])
    described = words.describe_spent(found)
    drawing = Drawing(
        spec=charts.spent_chart(found, described),
        described=described,
        unit=f"Pounds spent in {found.year} so far",
        categories=tuple(name for name, _ in largest),
        lines=(Line("Spent", tuple(pence / 100 for _, pence in largest), "neutral"),),
        shape="bars",
    )
    by = {
        name: [each for each in sum_rows(found) if each["by"] == name]
        for name in ("category", "quarter")
    }
    return Section(
        key="spend-where",
        title=f"{pounds(found.spent)} was spent in {found.year} so far; {_largest(largest)}",
        said=(
            "By category:",
            *(f"{each['of'].capitalize()}: {each['spent']}" for each in by["category"]),
        ),
        notes=notes_of(spend_origin(found)),
        address=address,
        drawing=drawing if largest else None,
        more=(
            *(
                table_of(f"By {name}", {"of": name.capitalize(), "spent": "Spent"}, rows)
                for name, rows in by.items()
                if rows
            ),
            Table(
                "Year on year",
                ("Year", "Spent"),
                tuple((year, pounds(pence)) for year, pence in found.totals_by_year),
            ),
        ),
        releases=found.releases,
    )


def _largest(largest: Sequence[tuple[str, int]]) -> str:
    if not largest:
        return "no project has any of it."
    name, pence = largest[0]
    return f"the most, {pounds(pence)}, on {name}."


def _costs(found: Spend, costs: Sequence[Avoided], address: str) -> Section:
    return Section(
        key="cost-of-violence",
        title="Cost of violence: an interval, and no saving of the network's."
        if costs
        else NO_COSTS,
        said=tuple(words.avoided_words(each) for each in costs),
        notes=(
            words.COST_CAVEAT,
            *dict.fromkeys(
                f"Unit cost of {each.entry.measure.events}: {each.unit.source}." for each in costs
            ),
            *notes_of(spend_origin(found)),
        ),
        address=address,
        releases=found.releases,
    )


def _expectations(found: Programme, address: str) -> Section:
    columns = {
        "state": "State",
        "expectation": "Expectation",
        "evidence": "Evidence",
        "until": "Until",
    }
    return Section(
        key="programme",
        title=narrative.programme_sentence(found),
        said=(),
        notes=(
            *(
                f"{each.title}: {' '.join(narrative.expectation_words(each))}"
                for each in found.expectations
            ),
            *narrative.given_words(found.given),
            *notes_of(programme_origin(found)),
        ),
        address=address,
        table=table_of("What the Home Office expects", columns, programme_rows(found), "State"),
        releases=found.releases,
    )


def _projects(found: Programme, address: str) -> Section:
    to_do = narrative.to_do_words(found)
    title = next((each for each in to_do if "overdue" in each), "No recorded milestone is overdue.")
    rows = [_project_row(each) for each in found.projects]
    register = [narrative.intervention_words(each) for each in found.register.interventions]
    agreements = [narrative.agreement_words(each) for each in found.agreements]
    return Section(
        key="programme-projects",
        title=title,
        said=tuple(each for each in to_do if each != title),
        notes=(
            *(f"Intervention: {each}" for each in register or ["none is recorded"]),
            *(f"Agreement: {each}" for each in agreements or ["none is recorded"]),
            *(f"No agreement is in force for {each}" for each in found.uncovered),
            *notes_of(programme_origin(found)),
        ),
        address=address,
        table=table_of("The nine projects", titled(rows), rows, "Project"),
        releases=found.releases,
    )


def _project_row(one: Project) -> dict[str, Any]:
    late = "; ".join(narrative.milestone_words(each) for each in one.overdue)
    risks = "; ".join(narrative.risk_words(each) for each in one.risks if each.is_open)
    return {
        "project": one.title,
        "status": (one.status or "nothing recorded").capitalize(),
        "owner": one.role or "none recorded",
        "late": late or "–",
        "open risks": risks or "–",
    }
