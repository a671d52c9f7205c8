"""Districts on their way out: rows of a table, and the JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.district import District, Line
from vrn_metrics.analyses.districts import Districts, Place
from vrn_metrics.analyses.figures import Figure
from vrn_metrics.analyses.nation import England
from vrn_metrics.analyses.neighbours import AmongNeighbours
from vrn_metrics.areas import network
from vrn_metrics.exports.contract import (
    RATE_PLACES,
    entry_json,
    figure_json,
    interventions_json,
    period_json,
    release_words,
    rounded,
)
from vrn_metrics.exports.provenance import Provenance


def districts_rows(found: Districts) -> list[dict[str, Any]]:
    """One row a district."""
    per = found.measure.per
    return [
        {
            "code": each.area.code,
            "district": each.area.name,
            "measure": found.measure.key,
            "period": found.period.label,
            "count": narrative.count_words(each.figure.count),
            "rate": narrative.rate_words(each.figure, per),
            "verdict": f"{each.entry.verdict.symbol} {each.entry.verdict.words}",
            "among districts": narrative.place_words(each),
            "why hidden": narrative.hidden_words([each.figure.count]),
        }
        for each in found.places
    ]


def districts_origin(found: Districts) -> Provenance:
    """Where the districts' figures come from, for whatever is taken away."""
    entries = [each.entry for each in found.places]
    origin = Provenance.of(network(), found.as_of, entries)
    return replace(
        origin,
        sources=(found.source,),
        releases=found.releases,
        definitions=tuple(dict.fromkeys(origin.definitions)),
        notice=narrative.demonstration_notice() if found.is_demonstration else "",
    )


def districts_json(found: Districts) -> dict[str, Any]:
    """`vrn districts MEASURE --format json`."""
    per = found.measure.per
    return {
        "measure": found.measure.key,
        "title": found.measure.title,
        "definition_key": found.definition.key if found.definition else None,
        "source": found.source.key,
        "demonstration_data": found.is_demonstration,
        **({"notice": narrative.demonstration_notice()} if found.is_demonstration else {}),
        "sentence": narrative.districts_sentence(found),
        "period": period_json(found.period),
        "network": figure_json(found.network, per),
        "england": _england_json(found.england, per),
        "funnel": None
        if found.funnel is None
        else {
            "centre": rounded(found.funnel.centre * per, RATE_PLACES),
            "variation_between": rounded(found.funnel.between, 4),
            "limits": [
                {
                    "confidence": each.confidence,
                    "person_years": [round(x) for x in each.person_years],
                    "lower": [rounded(y, RATE_PLACES) for y in each.lower],
                    "upper": [rounded(y, RATE_PLACES) for y in each.upper],
                }
                for each in found.funnel.limits
            ],
            "said": narrative.funnel_words(found),
        },
        "districts": [_place_json(each, per) for each in found.places],
        "why_hidden": narrative.hidden_words(e.figure.count for e in found.places) or None,
        "releases": [release_words(each) for each in found.releases],
    }


def district_rows(found: District) -> list[dict[str, Any]]:
    """One row a measure of a district."""
    return [_line_row(each) for each in found.lines]


def district_json(found: District) -> dict[str, Any]:
    """`vrn districts --area CODE --format json`."""
    return {
        "area": {"code": found.area.code, "name": found.area.name},
        "as_of": found.as_of.isoformat(),
        "demonstration_data": found.demonstration_data,
        **({"notice": narrative.demonstration_notice()} if found.demonstration_data else {}),
        "sentence": narrative.district_sentence(found).replace("**", ""),
        "measures": [_line_json(each) for each in found.lines],
        "neighbours": [_neighbours_json(each) for each in found.neighbours],
        "interventions": interventions_json(found.register),
    }


def neighbour_rows(found: AmongNeighbours) -> list[dict[str, Any]]:
    """One row a neighbour, nearest first."""
    return [
        {
            "code": each.code,
            "neighbour": each.name,
            "count": narrative.count_words(each.figure.count),
            "rate": narrative.rate_words(each.figure, found.measure.per),
        }
        for each in found.others
    ]


def _line_row(line: Line) -> dict[str, Any]:
    entry, per = line.entry, line.entry.measure.per
    current = entry.current
    return {
        "measure": entry.measure.title,
        "verdict": f"{entry.verdict.symbol} {entry.verdict.words}",
        "period": current.period.label if current else "",
        "count": narrative.count_words(current.count) if current else "no data",
        "rate": narrative.rate_words(current, per) if current else "",
        "LLR": narrative.rate_words(line.among.network, per) if line.among else "",
        "England": narrative.england_words(line.among.england if line.among else None, per),
        "share of LLR": narrative.share_words(line.share),
        "among districts": narrative.place_words(line.place),
        "shortest period": narrative.shortest_words(line),
        "why hidden": narrative.hidden_words([current.count]) if current else "",
    }


def _line_json(line: Line) -> dict[str, Any]:
    per = line.entry.measure.per
    return {
        **entry_json(line.entry),
        "network": figure_json(line.among.network, per) if line.among else None,
        "england": _england_json(line.among.england, per) if line.among else None,
        "share": None
        if line.share is None
        else {"events": rounded(line.share.events, 3), "people": rounded(line.share.people, 3)},
        "among_districts": None if line.place is None else _place_json(line.place, per),
        "shortest": None if line.shortest is None else figure_json(line.shortest, per),
    }


def _place_json(place: Place, per: int) -> dict[str, Any]:
    return {
        "code": place.area.code,
        "name": place.area.name,
        **figure_json(place.figure, per),
        "person_years": None
        if place.figure.person_years is None
        else round(place.figure.person_years),
        "verdict": str(place.entry.verdict),
        "position": str(place.position),
        "position_by_chance": str(place.by_chance),
        "said": narrative.place_words(place),
    }


def _england_json(england: England | None, per: int) -> dict[str, Any] | None:
    if england is None:
        return None
    return {
        "source": england.source.key,
        **figure_json(england.figure, per),
        "network": _figure_or_none(england.network, per),
    }


def _neighbours_json(found: AmongNeighbours) -> dict[str, Any]:
    per = found.measure.per
    return {
        "measure": found.measure.key,
        "source": found.source.key,
        "period": period_json(found.period),
        "own": figure_json(found.own, per),
        "higher": found.higher,
        "neighbours": [
            {"code": each.code, "name": each.name, **figure_json(each.figure, per)}
            for each in found.others
        ],
        "without": list(found.without),
        "position": str(found.position),
        "sentence": narrative.neighbour_words(found),
        "releases": [release_words(each) for each in found.releases],
    }


def _figure_or_none(figure: Figure | None, per: int) -> dict[str, Any] | None:
    return None if figure is None else figure_json(figure, per)
