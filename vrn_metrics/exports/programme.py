"""The programme on its way out: the checklist as rows, as a table for machines, and the JSON."""

from __future__ import annotations

from typing import Any, Final

from vrn_metrics import narrative
from vrn_metrics.analyses.programme import Expectation, Programme
from vrn_metrics.areas import network
from vrn_metrics.exports.contract import release_words
from vrn_metrics.exports.dataset import Column, Dataset, Mark, dataset, known
from vrn_metrics.exports.programme_layout import cells, programme_layout
from vrn_metrics.exports.provenance import Provenance

_CHECKLIST: Final = (
    Column("expectation", "Expectation key", "Key of the expectation."),
    Column("title", "Expectation", "What the Home Office expects."),
    Column("state", "State", "Met, in part, not met or not known on the day."),
    Column("evidence", "Evidence", "What the state rests on."),
    Column("basis", "By whom", "Who or what says so."),
    Column("role", "Role", "Role that answers for it."),
    Column("since", "Since", "First day for which the evidence holds.", "date"),
    Column("until", "Until", "Last day for which the evidence holds.", "date"),
)


def programme_origin(found: Programme) -> Provenance:
    """Where the programme's statements come from."""
    return Provenance.of_releases(
        network(), found.as_of, found.releases, caveats=narrative.programme_caveats(found)
    )


def programme_rows(found: Programme) -> list[dict[str, Any]]:
    """One row an expectation, for people."""
    return [
        {
            "state": f"{each.state.symbol} {each.state.words}",
            "expectation": each.title,
            "evidence": each.evidence,
            "by whom": each.role or each.basis,
            "since": each.since.isoformat() if each.since else "",
            "until": each.until.isoformat() if each.until else "",
        }
        for each in found.expectations
    ]


def programme_dataset(found: Programme) -> Dataset:
    """One row an expectation, for machines."""
    return dataset(
        f"programme-{found.as_of.isoformat()}",
        "Expectations of the Home Office, with state, evidence and dates",
        _CHECKLIST,
        [
            {
                "expectation": each.key,
                "title": each.title,
                "state": each.state.words.lower(),
                "evidence": each.evidence,
                "basis": each.basis,
                "role": known(each.role, Mark.NOT_APPLICABLE),
                "since": known(each.since),
                "until": known(each.until),
            }
            for each in found.expectations
        ],
        ("expectation",),
        programme_origin(found),
    )


def programme_json(found: Programme) -> dict[str, Any]:
    """`vrn programme --format json`."""
    return {
        "as_of": found.as_of.isoformat(),
        "demonstration_data": found.demonstration_data,
        **({"notice": narrative.demonstration_notice()} if found.demonstration_data else {}),
        "sentence": narrative.programme_sentence(found),
        "to_do": narrative.to_do_words(found),
        "expectations": [_expectation_json(each) for each in found.expectations],
        "data_given": [
            {"title": each.title, "when": each.when.isoformat(), "to": each.to}
            for each in found.given
        ],
        "projects": [
            {
                "title": each.title,
                "status": each.status or None,
                "role": each.role,
                "milestones": [
                    {
                        "title": one.title,
                        "due": one.due.isoformat(),
                        "done": one.is_done,
                        "overdue": one.is_overdue,
                    }
                    for one in each.milestones
                ],
                "risks": [
                    {"title": one.title, "rating": one.rating, "open": one.is_open}
                    for one in each.risks
                ],
            }
            for each in found.projects
        ],
        "interventions": [
            {
                "title": each.title,
                "tier": each.tier,
                "start": each.start.isoformat(),
                "end": each.end.isoformat() if each.end else None,
                "districts": [one.name for one in each.districts] or ["all"],
                "reach": each.reach,
                "cost_pence": each.cost_pence,
                "rating": each.rating,
            }
            for each in found.register.interventions
        ],
        "agreements": [
            {
                "title": each.title,
                "source": each.source,
                "organisation": each.organisation,
                "start": each.start.isoformat(),
                "end": each.end.isoformat() if each.end else None,
                "state": each.state,
            }
            for each in found.agreements
        ],
        "without_agreement": list(found.uncovered),
        "caveats": narrative.programme_caveats(found),
        "releases": [release_words(each) for each in found.releases],
    }


def programme_file(found: Programme) -> str:
    """Every record in the layout `vrn-programme`, to be changed and loaded again."""
    release = found.release
    return programme_layout(
        [cells(each) for each in found.records],
        publisher=f"Release {release.id} as it was kept" if release else "Nothing is kept yet",
        day=found.as_of,
        edition=release.edition if release else None,
        demonstration=bool(release and release.demonstration),
    )


def _expectation_json(one: Expectation) -> dict[str, Any]:
    return {
        "expectation": one.key,
        "title": one.title,
        "state": str(one.state),
        "evidence": one.evidence,
        "basis": one.basis,
        "role": one.role,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "stated_before": str(one.lapsed) if one.lapsed else None,
    }
