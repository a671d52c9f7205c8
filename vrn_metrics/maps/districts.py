"""The nine districts by rate or by verdict; what is hidden, zero or unsure differs by pattern."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from textwrap import wrap
from typing import Any, Final

from vrn_metrics.analyses.districts import Districts, Place, State
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.maps.geometry import collection, dots, hatching, name_places
from vrn_metrics.store import Shape, Shapes

Spec = dict[str, Any]

SCHEMATIC_WORDS: Final = "Schematic boundaries"
SCHEMATIC_NOTE: Final = (
    "Schematic boundaries, drawn from the places they hold: load the official ones from the ONS "
    "Open Geography portal on the Data page."
)
INK: Final = "#333333"
_BLUES: Final = ("#e8f1f8", "#b5d2e8", "#7cb0d6", "#3f86bb", "#12507f")
_VERDICTS: Final = {
    Verdict.LOWER: "#9ed3b5",
    Verdict.HIGHER: "#f0a884",
    Verdict.NO_CLEAR_CHANGE: "#b5d2e8",
    Verdict.TOO_FEW: "#e6e6e6",
    Verdict.NOT_COMPARABLE: "#e6e6e6",
    Verdict.NO_DATA: "#ffffff",
}


class Fill(StrEnum):
    """What a district's colour says."""

    RATE = "rate"
    VERDICT = "verdict"


def district_map(
    found: Districts,
    shapes: Shapes,
    said: dict[str, str],
    described: str,
    *,
    fill: Fill = Fill.RATE,
    here: str | None = None,
    address: str | None = None,
) -> Spec:
    """The map as Vega-Lite; a click on a district selects it under the name `district`.

    Parameters
    ----------
    said
        What is said of each district by code: its tooltip, and its accessible name.
    described
        What a screen reader says of the whole picture.
    here
        The district that is outlined.
    address
        Where the shapes can be fetched from, as `maps.collection` gives them; a picture that
        leaves the page has them inside instead.
    """
    geometry = {each.code: each for each in shapes.shapes}
    rows = [_row(each, said, fill) for each in found.places if each.area.code in geometry]
    source: Spec = (
        {"url": address, "format": {"type": "json", "property": "features"}}
        if address
        else {"values": _features(shapes)}
    )
    layers = [_areas(rows, source, found, fill)]
    for kind, pattern in _PATTERNS.items():
        marked = [each for each in found.places if each.state is kind]
        if fill is Fill.RATE and marked:
            drawn = [_marked(pattern(geometry[each.area.code].geometry)) for each in marked]
            layers.append(_over(drawn))
    if here in geometry:
        layers.append(_outline(geometry[here].geometry))
    layers += _names(found, geometry, fill)
    title = found.measure.title if fill is Fill.RATE else f"{found.measure.title}: change"
    whose = SCHEMATIC_WORDS if shapes.is_schematic else "Boundaries: ONS"
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": described,
        "title": {
            "text": wrap(title, 44),
            "subtitle": f"{found.period.label}. {whose}",
            "anchor": "start",
            "fontSize": 13,
        },
        "width": "container",
        "height": 520,
        "projection": {"type": "mercator"},
        "usermeta": {"embedOptions": {"actions": False}},
        "layer": layers,
    }


def _row(place: Place, said: dict[str, str], fill: Fill) -> Spec:
    rate, is_filled = place.figure.rate, place.state in (State.SHOWN, State.UNRELIABLE)
    value = round(rate.value, 1) if is_filled and rate and rate.value is not None else None
    return {
        "code": place.area.code,
        "name": place.area.name,
        "value": place.entry.verdict.words if fill is Fill.VERDICT else value,
        "said": said[place.area.code],
    }


def _features(shapes: Shapes) -> list[Spec]:
    features: list[Spec] = collection(shapes)["features"]
    return features


def _areas(rows: list[Spec], source: Spec, found: Districts, fill: Fill) -> Spec:
    if fill is Fill.VERDICT:
        used = [each for each in Verdict if any(row["value"] == each.words for row in rows)]
        colour: Spec = {
            "field": "value",
            "type": "nominal",
            "scale": {
                "domain": [each.words for each in used],
                "range": [_VERDICTS[each] for each in used],
            },
            "legend": {"title": None, "orient": "bottom", "columns": 2},
        }
    else:
        colour = {
            "condition": {
                "test": "isValid(datum.value)",
                "field": "value",
                "type": "quantitative",
                "scale": {"type": "quantize", "range": list(_BLUES), "zero": True, "nice": True},
                "legend": {
                    "title": f"Per {found.measure.per:,} a year",
                    "orient": "bottom",
                    "direction": "horizontal",
                    "gradientLength": 220,
                    "format": ",.0f",
                },
            },
            "value": "#ffffff",
        }
    return {
        "data": {"values": rows},
        "params": [{"name": "district", "select": {"type": "point", "fields": ["code"]}}],
        "transform": [
            {
                "lookup": "code",
                "from": {"data": source, "key": "properties.code"},
                "as": "geo",
            }
        ],
        "mark": {
            "type": "geoshape",
            "stroke": INK,
            "strokeWidth": 0.8,
            "cursor": "pointer",
            "invalid": "show",
        },
        "encoding": {
            "shape": {"field": "geo", "type": "geojson"},
            "color": colour,
            "description": {"field": "said", "type": "nominal"},
            "tooltip": [{"field": "name", "title": "District"}, {"field": "said", "title": " "}],
        },
    }


def _marked(geometry: Spec) -> Spec:
    return {"type": "Feature", "geometry": geometry}


def _over(features: list[Spec]) -> Spec:
    """A pattern over some areas, which lets clicks through to them."""
    return {
        "data": {"values": features},
        "mark": {
            "type": "geoshape",
            "filled": False,
            "stroke": INK,
            "strokeWidth": 0.9,
            "strokeOpacity": 0.55,
            "interactive": False,
            "aria": False,
            "tooltip": None,
        },
    }


def _outline(geometry: str) -> Spec:
    return {
        "data": {"values": [_marked(json.loads(geometry))]},
        "mark": {
            "type": "geoshape",
            "filled": False,
            "stroke": "#000000",
            "strokeWidth": 3,
            "interactive": False,
            "aria": False,
            "tooltip": None,
        },
    }


def _names(found: Districts, geometry: Mapping[str, Shape], fill: Fill) -> list[Spec]:
    """Each name with its figure, so that the map can be read without its colours."""
    there = [each for each in found.places if each.area.code in geometry]
    where = name_places(tuple(geometry[each.area.code] for each in there))
    rows = [
        {
            "x": where[each.area.code][0],
            "y": where[each.area.code][1],
            "lines": f"{_lines(each.area.name)}|{_value(each, fill)}",
        }
        for each in there
    ]
    text = {
        "type": "text",
        "fontSize": {"expr": "width < 450 ? 8 : 11"},
        "fontWeight": 600,
        "lineBreak": "|",
        "baseline": "middle",
        "dy": {"expr": "width < 450 ? -8 : -12"},
        "interactive": False,
        "aria": False,
        "tooltip": None,
    }
    encoding = {
        "longitude": {"field": "x", "type": "quantitative"},
        "latitude": {"field": "y", "type": "quantitative"},
        "text": {"field": "lines"},
    }
    halo = {"stroke": "#ffffff", "strokeWidth": 3, "strokeJoin": "round", "strokeOpacity": 0.8}
    return [
        {"data": {"values": rows}, "mark": {**text, **mark}, "encoding": encoding}
        for mark in ({"color": "#ffffff", **halo}, {"color": "#000000"})
    ]


def _value(place: Place, fill: Fill) -> str:
    if fill is Fill.VERDICT:
        return f"{place.entry.verdict.symbol} {place.entry.verdict.words}"
    rate = place.figure.rate
    if place.state in (State.SHOWN, State.UNRELIABLE) and rate and rate.value is not None:
        return f"{rate.value:.1f}"
    return {State.ZERO: "0", State.HIDDEN: "hidden"}.get(place.state, "no figure")


def _lines(name: str) -> str:
    """A name on several lines: *North West Leicestershire* is wider than its district."""
    return name.replace(" and ", " &|").replace("North West ", "North West|")


_PATTERNS: Final[Mapping[State, Callable[[str], Spec]]] = {
    State.HIDDEN: hatching,
    State.MISSING: lambda geometry: hatching(geometry, crossed=True),
    State.UNRELIABLE: dots,
}
