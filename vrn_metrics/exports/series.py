"""A trend on its way out: the JSON contract and flat rows."""

from __future__ import annotations

from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.divergence import Divergence
from vrn_metrics.analyses.trend import Trend
from vrn_metrics.exports.contract import (
    counts_json,
    entry_json,
    interventions_json,
    period_json,
    rounded,
)
from vrn_metrics.exports.tables import count_cell
from vrn_metrics.exports.together import divergence_json

VALUE_PLACES = 1


def trend_json(found: Trend, beside: Divergence | None = None) -> dict[str, Any]:
    """`vrn trend MEASURE --format json`: every point, the card of the scorecard, the partner."""
    chart, years, outlook = found.chart, found.years, found.outlook
    return {
        "area": {"code": found.area.code, "name": found.area.name},
        "as_of": found.as_of.isoformat(),
        "demonstration_data": found.demonstration_data,
        **({"notice": narrative.demonstration_notice()} if found.demonstration_data else {}),
        "sentence": narrative.trend_sentence(found),
        "method": {
            "key": str(found.choice.method),
            "title": found.choice.method.words,
            "reason": found.choice.reason,
            "could_be": [str(each) for each in found.choice.could_be],
            "trial_limits": chart.is_trial if chart else None,
            "per": chart.per if chart else None,
        },
        "why_hidden": narrative.hidden_words(each.count for each in found.figures) or None,
        "points": [
            {
                "period": period_json(figure.period),
                "count": figure.count.as_json(),
                "value": rounded(chart.values[place], VALUE_PLACES) if chart else None,
                "centre": rounded(chart.centre[place], VALUE_PLACES) if chart else None,
                "lower": rounded(chart.lower[place], VALUE_PLACES) if chart else None,
                "upper": rounded(chart.upper[place], VALUE_PLACES) if chart else None,
                "special_cause": str(cause) if chart and (cause := chart.causes[place]) else None,
            }
            for place, figure in enumerate(found.figures)
        ],
        "years": None
        if years is None
        else {
            "rate_ratio_per_year": {
                "value": rounded(years.direction.value, 3),
                "lower": rounded(years.direction.lower, 3),
                "upper": rounded(years.direction.upper, 3),
                "p_value": rounded(years.direction.p_value, 3),
                "method": years.direction.method,
            },
            "marker": str(years.direction.marker),
            "reason": years.direction.reason,
            "recent_trend": {
                "marker": str(years.recent.marker),
                "reason": str(years.recent.reason or "") or None,
            },
            "points": counts_json(years.points),
        },
        "rolling_year": counts_json(found.rolling),
        "breaks": [
            {"key": each.key, "title": each.title, "date": each.since.isoformat()}
            for each in found.breaks
        ],
        "interventions": interventions_json(found.register),
        "outlook": None
        if outlook is None
        else {
            "period": period_json(outlook.period),
            "fan": list(outlook.fan),
            "chance_below_baseline": rounded(outlook.chance_below, 3),
            "lower_at_most": outlook.lower_at_most,
            "higher_at_least": outlook.higher_at_least,
        },
        "divergence": divergence_json(beside),
        "against_baseline": entry_json(found.entry),
    }


def trend_rows(found: Trend) -> list[dict[str, Any]]:
    """One row a point."""
    chart = found.chart
    return [
        {
            "measure": found.entry.measure.title,
            "area": found.area.name,
            "period": figure.period.label,
            "start": figure.period.start.isoformat(),
            "end": figure.period.end.isoformat(),
            "count": count_cell(figure.count),
            "rate": narrative.rate_words(figure, found.entry.measure.per),
            "centre": _cell(chart.centre[place]) if chart else "",
            "lower limit": _cell(chart.lower[place]) if chart else "",
            "upper limit": _cell(chart.upper[place]) if chart else "",
            "stands out": narrative.cause_words(cause)
            if chart and (cause := chart.causes[place])
            else "",
            "why hidden": narrative.hidden_words([figure.count]),
        }
        for place, figure in enumerate(found.figures)
    ]


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.{VALUE_PLACES}f}"
