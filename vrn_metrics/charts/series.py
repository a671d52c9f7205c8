"""A trend as Vega-Lite: written as the dictionary it is, as building it costs more than drawing.

Shape and word tell points apart, never colour alone; colours are of the Government Analysis
Function's palette and keep their contrast on light and dark ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import isfinite
from typing import Any, Final

from vrn_metrics.analyses.divergence import Divergence
from vrn_metrics.analyses.outlook import LEVELS, Outlook
from vrn_metrics.analyses.trend import Trend
from vrn_metrics.counts import Count
from vrn_metrics.measures import Break
from vrn_metrics.methods.signals import Meaning

Spec = dict[str, Any]

BLUE, ORANGE, GREY, TURQUOISE = "#1e77b4", "#d9541a", "#7d7d7d", "#208f80"
INK = "#595959"  # of words: 7 to 1 on white; the page's style turns it light in the dark

LEGEND: Final = {
    "title": None,
    "orient": "bottom",
    "columns": {"expr": "width < 420 ? 2 : 4"},
    "labelLimit": 0,
}
RULE: Final = {"type": "rule", "color": GREY, "aria": False}
"""A line to read others against; words beside the chart say what it is."""

HOSPITAL, POLICE = "hospital", "police"
NEAR: Final = timedelta(days=31)  # nearer than this, names of changes would overprint

_USUAL: Final = "usual"
_CROSS: Final = "M-1,-1L1,1M-1,1L1,-1"
_TIME: Final = {
    "field": "when",
    "type": "temporal",
    "title": None,
    "axis": {"format": "%Y", "tickCount": "year", "labelOverlap": True},
}
_LOOKS: Final = {
    _USUAL: ("circle", GREY),
    Meaning.IMPROVEMENT: ("triangle-down", BLUE),
    Meaning.CONCERN: ("triangle-up", ORANGE),
    Meaning.NEUTRAL: ("square", TURQUOISE),
}


def trend_chart(found: Trend, described: str) -> Spec:
    """Points, centre line and limits, special causes by shape and label, breaks by name.

    `described` is what a screen reader says in place of the picture.
    """
    rows = _rows(found)
    unit = "Events" if found.chart is None or found.chart.per is None else _per(found.chart.per)
    time = _TIME
    value = {"field": "value", "type": "quantitative", "title": unit}
    limits = [
        _line("lower", {"strokeDash": [5, 4], "stroke": GREY}),
        _line("upper", {"strokeDash": [5, 4], "stroke": GREY}),
        _line("centre", {"stroke": GREY, "strokeWidth": 1.5}),
    ]
    points = {
        "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
        "encoding": {
            "x": time,
            "y": value,
            "shape": _scale("kind", [look[0] for look in _LOOKS.values()]),
            "color": _scale("kind", [look[1] for look in _LOOKS.values()]),
            "tooltip": [
                {"field": "period", "title": "Period"},
                {"field": "said", "title": "Count"},
                {"field": "stands out", "title": "Stands out"},
            ],
        },
    }
    joined = {
        "mark": {"type": "line", "stroke": GREY, "strokeWidth": 1, "opacity": 0.7},
        "encoding": {"x": time, "y": value},
    }
    hidden = {
        "transform": [{"filter": "datum.hidden"}],
        "mark": {
            "type": "point",
            "shape": _CROSS,  # drawn, as few fonts have such a letter
            "stroke": GREY,
            "strokeWidth": 1.5,
            "size": 40,
            "yOffset": -6,
            "opacity": 1,
        },
        "encoding": {
            "x": time,
            "y": {"value": "height"},
            "tooltip": [{"field": "period"}, {"field": "said", "title": "Count"}],
        },
    }
    return {
        **frame(described, 380),
        "data": {"values": rows},
        "layer": [
            *limits,
            joined,
            points,
            *([hidden] if any(row["hidden"] for row in rows) else []),
            *_breaks(found),
            *_starts(found),
        ],
    }


def rolling_chart(found: Trend) -> Spec:
    """Twelve months up to each point: context, since neighbours share eleven of them."""
    rows = [
        {
            "when": row["period_end"].isoformat(),
            "value": count.lower if count.is_exact else None,
            "said": _said(count),
        }
        for row, count in zip(found.rolling, found.rolling.counts(), strict=True)
    ]
    title = f"{found.entry.measure.title}: sums of twelve months, each up to the date below it."
    return {
        **frame(title, 190),
        "data": {"values": rows},
        "mark": {"type": "line", "stroke": GREY, "point": {"color": GREY, "size": 18}},
        "encoding": {
            "x": _TIME,
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": "Twelve months",
                "scale": {"zero": True},
            },
            "tooltip": [
                {"field": "when", "type": "temporal", "title": "Up to"},
                {"field": "said", "title": "Count"},
            ],
        },
    }


def indexed_chart(found: Divergence, described: str) -> Spec:
    """A hospital and a police measure, each as 100 in the first year, with intervals."""
    rows = [
        {
            "when": each.period.end.isoformat(),
            "period": each.period.label,
            "which": which,
            "index": _hundred(ratio.value),
            "lower": _hundred(ratio.lower) if each.period != found.first else None,
            "upper": _hundred(ratio.upper) if each.period != found.first else None,
        }
        for each in found.years
        for which, ratio in ((HOSPITAL, each.health), (POLICE, each.police))
    ]
    which = {
        "field": "which",
        "type": "nominal",
        "scale": {"domain": [HOSPITAL, POLICE], "range": [BLUE, ORANGE]},
        "legend": LEGEND,
    }
    shape = {**which, "scale": {"domain": [HOSPITAL, POLICE], "range": ["circle", "diamond"]}}
    index = {"field": "index", "type": "quantitative", "title": f"{found.first.label} = 100"}
    return {
        **frame(described, 320),
        "data": {"values": rows},
        "layer": [
            {"mark": RULE, "encoding": {"y": {"datum": 100}}},
            {
                "mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.5},
                "encoding": {
                    "x": _TIME,
                    "y": {"field": "lower", "type": "quantitative"},
                    "y2": {"field": "upper"},
                    "color": which,
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {"x": _TIME, "y": index, "color": which},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {
                    "x": _TIME,
                    "y": index,
                    "color": which,
                    "shape": shape,
                    "tooltip": [
                        {"field": "period", "title": "Year"},
                        {"field": "which", "title": "Figures"},
                        {"field": "index", "title": "Index", "format": ".0f"},
                        {"field": "lower", "title": "95% from", "format": ".0f"},
                        {"field": "upper", "title": "to", "format": ".0f"},
                    ],
                },
            },
        ],
    }


def fan_chart(seen: Outlook, described: str) -> Spec:
    """Where the next period may end, and the counts that would change the verdict."""
    low, first, middle, third, high = seen.fan
    bands = [
        {"from": low, "to": high, "said": _band(LEVELS[0], LEVELS[-1], low, high)},
        {"from": first, "to": third, "said": _band(LEVELS[1], LEVELS[-2], first, third)},
    ]
    marks = [{"at": seen.higher_at_least, "said": f"higher from {seen.higher_at_least:,}"}]
    if seen.lower_at_most is not None:
        marks.append({"at": seen.lower_at_most, "said": f"lower up to {seen.lower_at_most:,}"})
    across = {
        "type": "quantitative",
        "title": f"Events in the {seen.period.label}",
        "scale": {"zero": False, "nice": True, "padding": 60},
    }
    return {
        **frame(described, 150),
        "layer": [
            {
                "data": {"values": bands},
                "mark": {"type": "bar", "height": 22, "color": GREY, "opacity": 0.45},
                "encoding": {
                    "x": {**across, "field": "from"},
                    "x2": {"field": "to"},
                    "tooltip": [{"field": "said", "title": "Chance"}],
                },
            },
            {
                "data": {"values": [{"at": middle}]},
                "mark": {"type": "tick", "thickness": 3, "size": 30, "color": GREY},
                "encoding": {"x": {**across, "field": "at"}},
            },
            {
                "data": {"values": marks},
                "layer": [
                    {"mark": {**RULE, "strokeDash": [3, 3]}},
                    {
                        "mark": {"type": "text", "baseline": "top", "color": INK},
                        "encoding": {"text": {"field": "said"}, "y": {"value": 0}},
                    },
                ],
                "encoding": {"x": {**across, "field": "at"}},
            },
        ],
    }


def _rows(found: Trend) -> list[Spec]:
    chart = found.chart
    rows = []
    for place, figure in enumerate(found.figures):
        cause = chart.causes[place] if chart else None
        count = figure.count
        value = chart.values[place] if chart else (count.lower if count.is_exact else None)
        rows.append(
            {
                "when": figure.period.start.isoformat(),
                "period": figure.period.label,
                "value": value,
                "said": _said(count),
                "hidden": count.is_hidden,
                "kind": str(cause.meaning) if cause else _USUAL,
                "stands out": str(cause) if cause else "no",
                **(
                    {
                        name: line[place]
                        for name, line in (
                            ("centre", chart.centre),
                            ("lower", chart.lower),
                            ("upper", chart.upper),
                        )
                    }
                    if chart
                    else {}
                ),
                "stretch": sum(start <= place for start in chart.starts) if chart else 0,
            }
        )
    return rows


def _line(field: str, mark: Spec) -> Spec:
    return {
        "mark": {"type": "line", "interpolate": "step-after", **mark},
        "encoding": {
            "x": _TIME,
            "y": {"field": field, "type": "quantitative"},
            "detail": {"field": "stretch"},
        },
    }


def _breaks(found: Trend) -> list[Spec]:
    if not found.breaks:
        return []
    rows = [{"when": day.isoformat(), "named": name} for day, name in _changes(found.breaks)]
    named = [{"field": "named", "title": "Changed"}]
    return [
        {
            "data": {"values": rows},
            "mark": {**RULE, "strokeDash": [2, 2], "strokeWidth": 1.5},
            "encoding": {"x": _TIME, "tooltip": named},
        },
        {
            "data": {"values": rows},
            "mark": {
                "type": "text",
                "angle": 270,
                "align": "left",
                "baseline": "bottom",
                "dx": 4,
                "dy": -3,
                "limit": 200,
                "color": INK,
                "aria": False,
            },
            "encoding": {"x": _TIME, "y": {"value": "height"}, "text": {"field": "named"}},
        },
    ]


def _starts(found: Trend) -> list[Spec]:
    """When interventions began, as hollow marks on the axis: named on hover and in the list."""
    if not found.figures:
        return []
    first, last = found.figures[0].period.start, found.figures[-1].period.end
    rows = [
        {
            "when": each.start.isoformat(),
            "named": each.title,
            "where": ", ".join(area.name for area in each.districts) or "whole network",
        }
        for each in found.register.interventions
        if first <= each.start <= last
    ]
    if not rows:
        return []
    return [
        {
            "data": {"values": rows},
            "mark": {
                "type": "point",
                "shape": "triangle-up",
                "filled": False,
                "color": GREY,
                "size": 70,
                "strokeWidth": 1.5,
                "opacity": 1,
                "yOffset": -6,
            },
            "encoding": {
                "x": _TIME,
                "y": {"value": "height"},
                "tooltip": [
                    {"field": "named", "title": "Began (context, not cause)"},
                    {"field": "where", "title": "Where"},
                    {"field": "when", "type": "temporal", "title": "On"},
                ],
            },
        }
    ]


def _changes(breaks: Sequence[Break]) -> list[tuple[date, str]]:
    """When changes began and ended, oldest first; those within a month of each other as one."""
    ends = [(each.until, f"{each.title}: end") for each in breaks if each.until]
    found: list[tuple[date, str]] = []
    for day, name in sorted([*((each.since, each.title) for each in breaks), *ends]):
        if found and day - found[-1][0] <= NEAR:
            found[-1] = (found[-1][0], f"{found[-1][1]}; {name}")
        else:
            found.append((day, name))
    return found


def _scale(field: str, looks: Sequence[str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": [str(each) for each in _LOOKS], "range": list(looks)},
        "legend": LEGEND,
    }


def frame(described: str, height: int) -> Spec:
    """What every chart has: its width, its height, and what a screen reader says of it."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": described,
        "width": "container",
        "height": height,
        "usermeta": {"embedOptions": {"actions": False}},
    }


def _hundred(ratio: float | None) -> float | None:
    return None if ratio is None or not isfinite(ratio) else round(100 * ratio, 1)


def _said(count: Count) -> str:
    return "hidden" if count.is_hidden else str(count)


def _per(per: int) -> str:
    return f"Per {per:,} a year"


def _band(low: float, high: float, least: int, most: int) -> str:
    return f"{high - low:.0%}: {least:,} to {most:,}"
