"""Districts by size and rate, with the limits within which they cannot be told apart."""

from __future__ import annotations

from typing import Any, Final

from vrn_metrics.analyses.districts import Districts
from vrn_metrics.charts.series import BLUE, GREY, INK, LEGEND, ORANGE, RULE
from vrn_metrics.methods.funnel import Position

Spec = dict[str, Any]

HERE, OTHER, OUTSIDE = "This district", "Within the limits", "Outside the limits"
_LOOKS: Final = {OTHER: ("circle", GREY), OUTSIDE: ("triangle-up", ORANGE), HERE: ("diamond", BLUE)}
_DASHES: Final = {0.95: [2, 3], 0.998: [6, 4]}


def funnel_chart(found: Districts, described: str, here: str | None = None) -> Spec:
    """A point a district, the network's rate as a line, 95% and 99.8% limits.

    `described` is what a screen reader says in place of the picture; `here` is the code of the
    district that is looked at.
    """
    per = found.measure.per
    rate = {
        "field": "rate",
        "type": "quantitative",
        "title": f"Per {per:,} a year",
        "scale": {"zero": True},
    }
    people = {
        "field": "people",
        "type": "quantitative",
        "title": "Person-years",
        "axis": {"format": "~s", "tickCount": 8},
    }
    points = {
        "data": {"values": _points(found, here)},
        "encoding": {"x": people, "y": rate},
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
                "encoding": {
                    "shape": _scale([look[0] for look in _LOOKS.values()]),
                    "color": _scale([look[1] for look in _LOOKS.values()]),
                    "tooltip": [
                        {"field": "name", "title": "District"},
                        {"field": "said", "title": "Count"},
                        {"field": "rate", "title": f"Per {per:,} a year", "format": ".1f"},
                        {"field": "where", "title": "Among districts"},
                    ],
                },
            },
            {
                "transform": [{"filter": "datum.kind != 'Within the limits'"}],
                "mark": {"type": "text", "dy": -12, "fontWeight": 600, "color": INK},
                "encoding": {"text": {"field": "name"}},
            },
        ],
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": described,
        "width": "container",
        "height": 340,
        "usermeta": {"embedOptions": {"actions": False}},
        "layer": [*_lines(found, rate, people), points],
    }


def _points(found: Districts, here: str | None) -> list[Spec]:
    rows = []
    for each in found.places:
        rate = each.figure.rate
        if rate is None or rate.value is None or not each.figure.count.is_exact:
            continue
        inside = each.position in (Position.INSIDE, Position.NOT_JUDGED)
        kind = OTHER if inside else OUTSIDE
        rows.append(
            {
                "code": each.area.code,
                "name": each.area.name,
                "people": each.figure.person_years,
                "rate": round(rate.value, 1),
                "said": str(each.figure.count),
                "where": str(each.position),
                "kind": HERE if each.area.code == here else kind,
            }
        )
    return rows


def _lines(found: Districts, rate: Spec, people: Spec) -> list[Spec]:
    if found.funnel is None:
        return []
    layers: list[Spec] = []
    for limits in found.funnel.limits:
        named = f"{limits.confidence:.1%}".replace(".0", "")
        for side in ("lower", "upper"):
            rows = [
                {"people": x, "rate": y, "limit": f"{side} {named} limit"}
                for x, y in zip(limits.person_years, getattr(limits, side), strict=True)
            ]
            layers.append(
                {
                    "data": {"values": rows},
                    "mark": {
                        "type": "line",
                        "stroke": GREY,
                        "strokeDash": _DASHES[limits.confidence],
                        "clip": True,
                    },
                    "encoding": {
                        "x": people,
                        "y": rate,
                        "tooltip": [{"field": "limit", "title": "Line"}],
                    },
                }
            )
    centre = round(found.funnel.centre * found.measure.per, 2)
    layers.append(
        {
            "data": {"values": [{"rate": centre, "limit": "the network's rate"}]},
            "mark": {**RULE, "strokeWidth": 1.5},
            "encoding": {"y": rate, "tooltip": [{"field": "limit", "title": "Line"}]},
        }
    )
    return layers


def _scale(looks: list[str]) -> Spec:
    return {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(_LOOKS), "range": looks},
        "legend": LEGEND,
    }
