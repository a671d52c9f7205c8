"""An impact estimate as Vega-Lite: power, the two paths, all forces' gaps, every other choice.

Where the estimate is not to be used its paths are drawn faintly, and the title says so: what
is greyed out must still be seen to have been looked at.
"""

from __future__ import annotations

from typing import Any, Final

from vrn_metrics.analyses.impact import Impact
from vrn_metrics.charts.series import BLUE, GREY, INK, LEGEND, ORANGE, RULE, Spec, frame

FAINT: Final = 0.3
MOST_ERROR: Final = 5.0  # donors fitted worse than this many times the network are not drawn
LEVEL: Final = 0.05

_TIME: Final = {
    "field": "when",
    "type": "temporal",
    "title": None,
    "axis": {"format": "%Y", "tickCount": "year", "labelOverlap": True},
}
_OBSERVED, _EXPECTED = "recorded", "counterfactual"


def power_chart(found: Impact, described: str) -> Spec | None:
    """How often falls of several sizes would be found."""
    power = found.power
    if power is None:
        return None
    rows = [
        {"fall": fall, "found": share}
        for fall, share in zip(power.falls, power.shares, strict=True)
    ]
    return {
        **frame(described, 230),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {**RULE, "strokeDash": [4, 3]},
                "encoding": {"y": {"datum": 0.8}},
            },
            {
                "mark": {"type": "line", "point": {"size": 40}, "color": BLUE},
                "encoding": {
                    "x": {
                        "field": "fall",
                        "type": "quantitative",
                        "title": "True fall",
                        "axis": {"format": ".0%"},
                    },
                    "y": {
                        "field": "found",
                        "type": "quantitative",
                        "title": "Found",
                        "scale": {"domain": [0, 1]},
                        "axis": {"format": ".0%"},
                    },
                    "tooltip": [
                        {"field": "fall", "title": "True fall", "format": ".0%"},
                        {"field": "found", "title": "Found", "format": ".0%"},
                    ],
                },
            },
        ],
    }


def paths_chart(found: Impact, described: str) -> Spec | None:
    """The network and its counterfactual, before and since the start."""
    panel, effect = found.panel, found.effect
    if panel is None or not effect.expected:
        return None
    rows = [
        {
            "when": period.start.isoformat(),
            "period": period.label,
            "which": named,
            "rate": round(values[place], 2),
        }
        for place, period in enumerate(panel.periods)
        for named, values in ((_OBSERVED, effect.observed), (_EXPECTED, effect.expected))
    ]
    which = {
        "field": "which",
        "type": "nominal",
        "scale": {"domain": [_OBSERVED, _EXPECTED], "range": [BLUE, ORANGE]},
        "legend": LEGEND,
    }
    return {
        **frame(described, 350),
        **_not_to_be_used(found),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2.5, "opacity": _opacity(found)},
                "encoding": {
                    "x": _TIME,
                    "y": {
                        "field": "rate",
                        "type": "quantitative",
                        "title": f"Per {panel.per:,} a year",
                    },
                    "color": which,
                    "strokeDash": {
                        "field": "which",
                        "type": "nominal",
                        "scale": {"domain": [_OBSERVED, _EXPECTED], "range": [[1, 0], [6, 4]]},
                        "legend": None,
                    },
                    "tooltip": [
                        {"field": "period", "title": "Period"},
                        {"field": "which", "title": "Line"},
                        {"field": "rate", "title": "Rate"},
                    ],
                },
            },
            *_marks(found),
        ],
    }


def placebo_chart(found: Impact, described: str) -> Spec | None:
    """The gap of the network among those of forces to which nothing was done."""
    panel, effect = found.panel, found.effect
    if panel is None or not effect.placebos:
        return None
    rows: list[Spec] = []
    for one in effect.placebos:
        if one.relative_size is None or one.relative_size <= MOST_ERROR:
            rows += _gap_rows(found, one.force, one.gap)
    own = [seen - expected for seen, expected in zip(effect.observed, effect.expected, strict=True)]
    gap = {"field": "gap", "type": "quantitative", "title": f"Gap per {panel.per:,} a year"}
    shared = {"x": _TIME, "y": gap, "detail": {"field": "force"}}
    tooltip = [
        {"field": "force", "title": "Force"},
        {"field": "period", "title": "Period"},
        {"field": "gap", "title": "Gap"},
    ]
    return {
        **frame(described, 300),
        **_not_to_be_used(found),
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "line", "color": GREY, "strokeWidth": 1, "opacity": 0.45},
                "encoding": {**shared, "tooltip": tooltip},
            },
            {
                "data": {"values": _gap_rows(found, "Leicestershire", own)},
                "mark": {
                    "type": "line",
                    "color": BLUE,
                    "strokeWidth": 3,
                    "opacity": _opacity(found),
                },
                "encoding": {**shared, "tooltip": tooltip},
            },
            {
                "mark": RULE,
                "encoding": {"y": {"datum": 0}},
            },
            *_marks(found),
        ],
    }


def placebo_rows(found: Impact) -> list[dict[str, str]]:
    """One row a force: its mean gap since the start, and how well it was fitted before.

    The gap of every force at every point would be a thousand rows; those are in the figures
    that the page hands over.
    """
    per = f"Mean gap since the start, per {found.measure.per:,} a year"
    own = found.effect.value
    rows: list[tuple[str, float, float | None]]
    rows = [("Leicestershire", own, 1.0)] if own is not None else []
    rows += [(each.force, each.att, each.relative_size) for each in found.effect.placebos]
    return [
        {
            "Force": force,
            per: f"{gap:+.1f}",
            "Squared error before, times the network's": "" if size is None else f"{size:.1f}",
        }
        for force, gap, size in rows
    ]


def curve_chart(found: Impact, described: str) -> Spec | None:
    """The effect under every set of choices, from the smallest to the largest."""
    if not found.curve:
        return None
    rows = [
        {
            "place": place,
            "value": round(each.value, 2),
            "clear": "p at or below 0.05"
            if each.p_value is not None and each.p_value <= LEVEL
            else "p above 0.05",
            "method": each.method.words,
            "start": each.start.isoformat(),
            "since": each.since.isoformat(),
            "covid": "left out" if each.without_covid else "kept",
            "without": each.without_donor or "none",
            "p": each.p_value,
            "chosen": each.is_chosen,
        }
        for place, each in enumerate(found.curve)
    ]
    clear = {
        "field": "clear",
        "type": "nominal",
        "legend": LEGEND,
    }
    words = ["p at or below 0.05", "p above 0.05"]
    place = {"field": "place", "type": "quantitative", "title": None, "axis": None}
    value = {
        "field": "value",
        "type": "quantitative",
        "title": f"Effect per {found.measure.per:,} a year",
    }
    return {
        **frame(described, 290),
        "data": {"values": rows},
        "layer": [
            {"mark": RULE, "encoding": {"y": {"datum": 0}}},
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {
                    "x": place,
                    "y": value,
                    "color": {**clear, "scale": {"domain": words, "range": [ORANGE, GREY]}},
                    "shape": {**clear, "scale": {"domain": words, "range": ["diamond", "circle"]}},
                    "tooltip": [
                        {"field": "value", "title": "Effect"},
                        {"field": "p", "title": "p", "format": ".3f"},
                        {"field": "method", "title": "Method"},
                        {"field": "start", "title": "Start"},
                        {"field": "since", "title": "From"},
                        {"field": "covid", "title": "Year of Covid"},
                        {"field": "without", "title": "Donor left out"},
                    ],
                },
            },
            {
                "transform": [{"filter": "datum.chosen"}],
                "mark": {"type": "point", "size": 260, "stroke": BLUE, "strokeWidth": 2.5},
                "encoding": {"x": place, "y": value},
            },
        ],
    }


def _gap_rows(found: Impact, force: str, gap: Any) -> list[Spec]:
    periods = found.panel.periods if found.panel else ()
    return [
        {
            "when": period.start.isoformat(),
            "period": period.label,
            "force": force,
            "gap": round(value, 2),
        }
        for period, value in zip(periods, gap, strict=True)
    ]


def _marks(found: Impact) -> list[Spec]:
    """The start, and changes of recording inside the panel."""
    panel = found.panel
    if panel is None:
        return []
    first, last = panel.periods[0].start, panel.periods[-1].end
    rows = [{"when": panel.start.isoformat(), "named": "effect from"}]
    rows += [
        {"when": each.since.isoformat(), "named": each.title}
        for each in found.breaks
        if first < each.since <= last and abs((each.since - panel.start).days) > 31
    ]
    return [
        {
            "data": {"values": rows},
            "mark": {**RULE, "strokeDash": [2, 2], "strokeWidth": 1.5},
            "encoding": {"x": _TIME, "tooltip": [{"field": "named", "title": "Changed"}]},
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


def _opacity(found: Impact) -> float:
    return 1.0 if found.gate.is_open else FAINT


def _not_to_be_used(found: Impact) -> Spec:
    return {} if found.gate.is_open else {"title": "Not to be used: see the fit before the start"}
