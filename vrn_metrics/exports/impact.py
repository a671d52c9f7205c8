"""An impact estimate on its way out: the JSON contract, and its panel as data with its metadata."""

from __future__ import annotations

import json
from typing import Any, Final

from vrn_metrics import narrative
from vrn_metrics.analyses.figures import Figure
from vrn_metrics.analyses.impact import Choices, Impact
from vrn_metrics.analyses.impact_effects import Effect
from vrn_metrics.analyses.impact_panel import DonorPanel
from vrn_metrics.analyses.trend_methods import middle
from vrn_metrics.exports.contract import period_json, rounded

PLACES: Final = 4

NETWORK, DONOR, ELSEWHERE = "network", "donor", "elsewhere"


def impact_json(found: Impact) -> dict[str, Any]:
    """`vrn impact MEASURE --format json`: choices, power, fit, estimate, curve, in that order."""
    panel = found.panel
    return {
        "area": {"code": found.area.code, "name": found.area.name},
        "as_of": found.as_of.isoformat(),
        "demonstration_data": found.demonstration_data,
        **({"notice": narrative.demonstration_notice()} if found.demonstration_data else {}),
        "measure": found.measure.key,
        "title": found.measure.title,
        "choices": choices_json(found.choices),
        "sentence": narrative.impact_sentence(found),
        "reason": found.reason,
        "power": _power_json(found),
        "gate": {
            "open": found.gate.is_open and found.reason is None,
            "reasons": list(found.gate.reasons),
            "relative_error": rounded(found.effect.relative_error, PLACES),
        },
        "estimate": estimate_json(found.effect, found.measure.per),
        "own_change": _own_json(found),
        "points": _points_json(found),
        "specification_curve": [
            {
                "method": str(each.method),
                "start": each.start.isoformat(),
                "since": each.since.isoformat(),
                "without_covid": each.without_covid,
                "without_donor": each.without_donor or None,
                "is_chosen": each.is_chosen,
                "value": rounded(each.value, PLACES),
                "p_value": rounded(each.p_value, PLACES),
            }
            for each in found.curve
        ],
        "donors": [each.force.name for each in panel.donors] if panel else [],
        "left_out": [
            {"force": each.force.name, "reason": each.reason, "source": each.source or None}
            for each in (panel.left_out if panel else ())
        ],
        "national_evaluation": [
            {
                "year_ending": each.year_ending.isoformat(),
                "outcome": each.outcome,
                "effect": each.effect,
                "per": each.per,
                "p_value": each.p_value,
                "significant": each.is_significant,
                "source": each.source,
            }
            for each in found.national
        ],
        "hazards": list(narrative.HAZARDS),
        "breaks": [
            {"key": each.key, "title": each.title, "date": each.since.isoformat()}
            for each in found.breaks
        ],
        "releases": [
            f"{each.id} {each.source} {each.file_name} sha256:{each.sha256[:12]}"
            for each in found.releases
        ],
    }


def choices_json(choices: Choices) -> dict[str, Any]:
    """Every choice by name, as `vrn impact` takes them."""
    return {
        "measure": choices.measure,
        "method": str(choices.method),
        "start": choices.start.isoformat(),
        "months": choices.months,
        "since": choices.since.isoformat() if choices.since else None,
        "drop": list(choices.drop),
        "add": list(choices.add),
        "without_covid": choices.without_covid,
    }


def estimate_json(effect: Effect, per: int) -> dict[str, Any]:
    """The effect with everything that says how far to trust it."""
    return {
        "method": str(effect.method),
        "title": effect.method.words,
        "unit": effect.unit,
        "per": per if effect.unit == "rate" else None,
        "value": rounded(effect.value, PLACES),
        "lower": rounded(effect.lower, PLACES),
        "upper": rounded(effect.upper, PLACES),
        "confidence": effect.confidence,
        "interval": effect.interval,
        "p_value": rounded(effect.p_value, PLACES),
        "smallest_p_value": rounded(effect.smallest_p_value, PLACES),
        "averted": {
            "value": rounded(effect.averted, PLACES),
            "lower": rounded(effect.averted_lower, PLACES),
            "upper": rounded(effect.averted_upper, PLACES),
        },
        "weights": {name: rounded(weight, PLACES) for name, weight in effect.weights},
        "filters": [
            {
                "times": each.times,
                "kept": each.kept,
                "p_value": rounded(each.p_value, PLACES),
                "smallest_p_value": rounded(each.smallest_p_value, PLACES),
            }
            for each in effect.filters
        ],
        "leave_one_out": {each.force: rounded(each.att, PLACES) for each in effect.without},
        "placebos": {each.force: rounded(each.att, PLACES) for each in effect.placebos},
        "in_time": [
            {"points_before": each.place, "value": rounded(each.att, PLACES)}
            for each in effect.in_time
        ],
        "notes": list(effect.notes),
    }


def impact_rows(found: Impact) -> list[dict[str, Any]]:
    """The figures behind the estimate, one row a force and point: what the script reads."""
    if found.two_periods is not None:
        two = found.two_periods
        pairs = [(NETWORK, found.area.name, each) for each in (two.past, two.current)]
        pairs += [
            (ELSEWHERE, two.beside.area if two.beside else "", each) for each in two.elsewhere
        ]
        return [
            _row(found, role, name, each, has_people=two.has_people) for role, name, each in pairs
        ]
    if found.panel is None:
        return []
    weights = dict(found.effect.weights)
    return [
        {
            **_row(found, role, series.force.name, figure),
            "weight": weights.get(series.force.name, 0.0) if role == DONOR else "",
        }
        for role, several in ((NETWORK, (found.panel.network,)), (DONOR, found.panel.donors))
        for series in several
        for figure in series.figures
    ]


def impact_csvw(found: Impact, file_name: str) -> str:
    """CSV on the Web metadata of `impact_rows`: what each column is, and where it is from."""
    rows = impact_rows(found)
    panel = found.panel
    about = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": file_name,
        "dc:title": f"{found.measure.title}: figures behind an impact estimate",
        "dc:description": narrative.impact_sentence(found),
        "dc:created": found.as_of.isoformat(),
        "dc:source": [f"{each.file_name} sha256:{each.sha256}" for each in found.releases],
        "dc:license": panel.source.licence if panel else "Open Government Licence v3.0",
        "tableSchema": {
            "columns": [
                {
                    "name": name,
                    "titles": name,
                    "datatype": _COLUMNS[name][0],
                    "dc:description": _COLUMNS[name][1],
                }
                for name in (rows[0] if rows else ())
            ]
        },
    }
    return json.dumps(about, ensure_ascii=False, indent=2)


_COLUMNS: Final = {
    "force": ("string", "Police force, or the rest of England and Wales"),
    "role": ("string", "network: judged; donor or elsewhere: compared with"),
    "start": ("date", "First day of the period"),
    "end": ("date", "Last day of the period"),
    "count": ("number", "Events as published; the middle where the publisher rounded"),
    "least": ("integer", "The least that the published count can be"),
    "most": ("integer", "The most that it can be"),
    "status": ("string", "exact, rounded, suppressed or missing"),
    "person_years": ("number", "People times years; months where no population is known"),
    "rate": ("number", "Events a year per so many people, see per"),
    "per": ("integer", "How many people the rate is per"),
    "weight": ("number", "Weight of the donor in the counterfactual, if it has any"),
    "notice": ("string", "Whether the figures are made up"),
}


def _row(
    found: Impact, role: str, name: str, figure: Figure, *, has_people: bool = True
) -> dict[str, Any]:
    count = figure.count
    value = middle(count)
    lived = figure.person_years if has_people else None
    exposure = lived or float(figure.period.months)
    notice = {"notice": narrative.demonstration_notice()} if found.demonstration_data else {}
    return {
        "force": name,
        "role": role,
        "start": figure.period.start.isoformat(),
        "end": figure.period.end.isoformat(),
        "count": "" if value is None else value,
        "least": count.lower if count.lower is not None else "",
        "most": count.upper if count.upper is not None else "",
        "status": str(count.status),
        "person_years": exposure,
        "rate": "" if value is None or not lived else value / exposure * found.measure.per,
        "per": found.measure.per,
        **notice,
    }


def _power_json(found: Impact) -> dict[str, Any] | None:
    power = found.power
    if power is None:
        return None
    return {
        "smallest_p_value": rounded(power.smallest_p_value, PLACES),
        "detectable_fall": rounded(power.detectable, 2),
        "falls": list(power.falls),
        "found": [rounded(each, 3) for each in power.shares],
        "dispersion": rounded(power.dispersion, 2),
        "replicates": power.replicates,
    }


def _own_json(found: Impact) -> dict[str, Any] | None:
    two = found.two_periods
    if two is None:
        return None
    return {
        "period": period_json(two.current.period),
        "count": two.current.count.as_json(),
        "past_period": period_json(two.past.period),
        "past_count": two.past.count.as_json(),
        "rate_ratio": {
            "value": rounded(two.own.value, PLACES),
            "lower": rounded(two.own.lower, PLACES),
            "upper": rounded(two.own.upper, PLACES),
            "p_value": rounded(two.own.p_value, PLACES),
            "method": two.own.method,
        },
    }


def _points_json(found: Impact) -> list[dict[str, Any]]:
    panel, effect = found.panel, found.effect
    if panel is None or not effect.expected:
        return []
    return [
        {
            "period": period_json(figure.period),
            "count": figure.count.as_json(),
            "rate": rounded(effect.observed[place], PLACES),
            "expected": rounded(effect.expected[place], PLACES),
            "gap": rounded(effect.observed[place] - effect.expected[place], PLACES),
            "averted": rounded(_running(panel, effect, place), PLACES),
        }
        for place, figure in enumerate(panel.network.figures)
    ]


def _running(panel: DonorPanel, effect: Effect, place: int) -> float | None:
    since = place - panel.pre_points
    return effect.running[since] if 0 <= since < len(effect.running) else None
