"""Projects, interventions and agreements as tables for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from vrn_metrics.analyses.programme import Programme
from vrn_metrics.exports.dataset import Column, Dataset, Mark, Row, dataset, known
from vrn_metrics.exports.programme import programme_json, programme_origin

_PROJECTS: Final = (
    Column("row", "Row", "Its number.", "integer"),
    Column("project", "Project", "One of the nine."),
    Column("status", "Status", "As the programme office states it."),
    Column("owner", "Owner", "Role that answers for the project."),
    Column("kind", "Kind", "milestone or risk; none where the project has neither."),
    Column("title", "Title", "Of the milestone or the risk."),
    Column("due", "Due", "Day of the milestone.", "date"),
    Column("state", "State", "done, overdue, due, open or closed."),
    Column("rating", "Rating", "Of the risk: high, medium or low."),
)
_INTERVENTIONS: Final = (
    Column("row", "Row", "Its number.", "integer"),
    Column("title", "Intervention", "What it is called."),
    Column(
        "tier",
        "Tier",
        "primary: everyone; secondary: those at risk; or tertiary.",
    ),
    Column("start", "From", "First day.", "date"),
    Column("end", "Until", "Last day.", "date"),
    Column("districts", "Districts", "Where it ran."),
    Column("reach", "Reach", "People reached, as stated.", "integer", "people"),
    Column("cost_pence", "Cost", "As stated.", "integer", "pence"),
    Column("rating", "Rating", "Of the evidence for interventions of its kind."),
)
_AGREEMENTS: Final = (
    Column("row", "Row", "Its number.", "integer"),
    Column("title", "Agreement", "What it is called."),
    Column("source", "Source", "Which extract it covers."),
    Column("organisation", "With", "The organisation that gives the data."),
    Column("start", "From", "First day.", "date"),
    Column("end", "Until", "Last day.", "date"),
    Column("state", "State", "in force, ends soon, ended or not begun."),
)


def projects_dataset(found: Programme) -> Dataset:
    """One row a milestone or risk; one for a project that has neither."""
    rows: list[dict[str, Any]] = []
    for each in programme_json(found)["projects"]:
        same = {
            "project": each["title"],
            "status": known(each["status"]),
            "owner": known(each["role"]),
        }
        parts: list[dict[str, Any]] = [
            {
                "kind": "milestone",
                "title": one["title"],
                "due": date.fromisoformat(one["due"]),
                "state": "done" if one["done"] else "overdue" if one["overdue"] else "due",
                "rating": Mark.NOT_APPLICABLE,
            }
            for one in each["milestones"]
        ]
        parts += [
            {
                "kind": "risk",
                "title": one["title"],
                "due": Mark.NOT_APPLICABLE,
                "state": "open" if one["open"] else "closed",
                "rating": one["rating"],
            }
            for one in each["risks"]
        ]
        nothing = dict.fromkeys(("kind", "title", "due", "state", "rating"), Mark.NOT_APPLICABLE)
        rows += [{**same, **one} for one in parts or [nothing]]
    return _of(found, "programme-projects", "The nine projects", _PROJECTS, rows)


def interventions_dataset(found: Programme) -> Dataset:
    """One row an intervention of the register."""
    rows = [
        {
            "title": each["title"],
            "tier": each["tier"],
            "start": date.fromisoformat(each["start"]),
            "end": date.fromisoformat(each["end"]) if each["end"] else Mark.NOT_APPLICABLE,
            "districts": "; ".join(each["districts"]),
            "reach": known(each["reach"]),
            "cost_pence": known(each["cost_pence"]),
            "rating": known(each["rating"]),
        }
        for each in programme_json(found)["interventions"]
    ]
    return _of(found, "interventions", "The interventions register", _INTERVENTIONS, rows)


def agreements_dataset(found: Programme) -> Dataset:
    """One row an agreement to share data."""
    rows = [
        {
            "title": each["title"],
            "source": each["source"],
            "organisation": each["organisation"],
            "start": date.fromisoformat(each["start"]),
            "end": date.fromisoformat(each["end"]) if each["end"] else Mark.NOT_APPLICABLE,
            "state": each["state"],
        }
        for each in programme_json(found)["agreements"]
    ]
    return _of(found, "agreements", "Agreements to share data", _AGREEMENTS, rows)


def _of(
    found: Programme, name: str, title: str, columns: Sequence[Column], rows: Sequence[Row]
) -> Dataset:
    numbered = [{"row": place, **row} for place, row in enumerate(rows, start=1)]
    stem = f"{name}-{found.as_of.isoformat()}"
    return dataset(stem, title, columns, numbered, ("row",), programme_origin(found))
