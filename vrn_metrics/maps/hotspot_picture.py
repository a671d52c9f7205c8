"""Hotspots as a still picture: what a map in WebGL cannot be when it leaves its page."""

from __future__ import annotations

from typing import Any, Final

from vrn_metrics.analyses.hotspots import Hotspots
from vrn_metrics.maps.geometry import collection
from vrn_metrics.maps.hotspots import Drawn
from vrn_metrics.store import Shapes

Spec = dict[str, Any]

_BLUES: Final = ("#e8f1f8", "#b5d2e8", "#7cb0d6", "#3f86bb", "#12507f")
_INK: Final = "#333333"


def hotspot_picture(
    found: Hotspots, districts: Shapes, lsoas: Shapes, described: str, *, drawn: Drawn
) -> Spec:
    """The map as Vega-Lite: small areas by their count, else map points by theirs.

    Hexagons are counted by the graphics card, so that a picture has the points that are in them.

    Parameters
    ----------
    districts
        Outlines to find one's way.
    lsoas
        Shapes of the small areas; without any there are points.
    described
        What a screen reader says of the whole picture.
    """
    wanted = {each.code for each, _ in found.by_district}
    outlines = [f for f in _features(districts) if f["properties"]["code"] in wanted]
    as_areas = drawn is Drawn.SMALL_AREAS and bool(lsoas.shapes)
    layers = [_areas(found, lsoas), _outlines(outlines)]
    if not as_areas:
        layers = [_outlines(outlines), _points(found)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": described,
        "width": "container",
        "height": 560,
        "projection": {"type": "mercator"},
        "usermeta": {"embedOptions": {"actions": False}},
        "layer": layers,
    }


def _features(shapes: Shapes) -> list[Spec]:
    features: list[Spec] = collection(shapes)["features"]
    return features


def _outlines(features: list[Spec]) -> Spec:
    return {
        "data": {"values": features},
        "mark": {"type": "geoshape", "filled": False, "stroke": _INK, "strokeWidth": 1.2},
    }


def _areas(found: Hotspots, lsoas: Shapes) -> Spec:
    rows = zip(found.small_areas, found.small_areas.counts(), strict=True)
    counts = {row["lsoa_code"]: count.lower or 0 for row, count in rows}
    features = [
        {**each, "count": counts[each["properties"]["code"]]}
        for each in _features(lsoas)
        if each["properties"]["code"] in counts
    ]
    return {
        "data": {"values": features},
        "mark": {"type": "geoshape", "stroke": _INK, "strokeWidth": 0.2},
        "encoding": {
            "color": {
                "field": "count",
                "type": "quantitative",
                "scale": {"type": "quantize", "range": list(_BLUES), "zero": True, "nice": True},
                "legend": {"title": "Events", "orient": "bottom", "direction": "horizontal"},
            }
        },
    }


def _points(found: Hotspots) -> Spec:
    values = [
        {"x": row["longitude"], "y": row["latitude"], "count": count.lower}
        for row, count in zip(found.points, found.points.counts(), strict=True)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "circle", "color": _BLUES[3], "opacity": 0.6, "stroke": _INK},
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "size": {
                "field": "count",
                "type": "quantitative",
                "scale": {"range": [4, 300]},
                "legend": {"title": "Events moved to a point", "orient": "bottom"},
            },
        },
    }
