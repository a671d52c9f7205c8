"""Small areas, hexagons and map points on a map that asks nobody for tiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

import shapely

from vrn_metrics.analyses.hotspots import Hotspots
from vrn_metrics.maps.geometry import collection
from vrn_metrics.store import Shapes

ANONYMISED: Final = (
    "Points are anonymised street centres, not places where anything happened: each incident is "
    "moved to the nearest of a fixed list, at supermarkets, stations and nightclubs among others."
)

_BLUES: Final = ([232, 241, 248], [181, 210, 232], [124, 176, 214], [63, 134, 187], [18, 80, 127])
_INK: Final = [60, 60, 60]
_OPAQUE: Final = 190
_HEXAGON: Final = 400  # metres
_WIDE: Final = 360.0


class Drawn(StrEnum):
    """What a map of hotspots shows."""

    SMALL_AREAS = "small-areas"
    HEXAGONS = "hexagons"
    POINTS = "points"


def hotspot_map(
    found: Hotspots,
    districts: Shapes,
    lsoas: Shapes,
    said: dict[str, str],
    *,
    drawn: Drawn = Drawn.SMALL_AREAS,
) -> Any:
    """The map as a pydeck deck, without a base map.

    Parameters
    ----------
    districts
        Drawn as outlines, to find one's way.
    lsoas
        Shapes of the small areas; those without one are in the table only.
    said
        The tooltip of each small area by its code.
    """
    import pydeck  # 0.2 s, and only this page needs it

    outlines = pydeck.Layer(
        "GeoJsonLayer",
        collection(districts),
        id="districts",
        stroked=True,
        filled=False,
        get_line_color=_INK,
        line_width_min_pixels=1.5,
        pickable=False,
    )
    layer, tooltip = {
        Drawn.SMALL_AREAS: _areas,
        Drawn.HEXAGONS: _hexagons,
        Drawn.POINTS: _points,
    }[drawn](pydeck, found, lsoas, said)
    layers = [layer, outlines] if layer is not None else [outlines]
    return pydeck.Deck(
        layers=layers,
        initial_view_state=_view(pydeck, found, districts),
        map_provider=None,
        tooltip=tooltip,
        parameters={"clearColor": [1, 1, 1, 1]},
    )


def _areas(pydeck: Any, found: Hotspots, lsoas: Shapes, said: dict[str, str]) -> tuple[Any, Any]:
    counts = {row["lsoa_code"]: count.lower or 0 for row, count in _rows(found.small_areas)}
    steps = _steps(list(counts.values()))
    features = [
        {
            **feature,
            "properties": {
                "said": said[code],
                "colour": [*_BLUES[_step(counts[code], steps)], _OPAQUE],
            },
        }
        for feature in collection(lsoas)["features"]
        if (code := feature["properties"]["code"]) in counts
    ]
    layer = pydeck.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        id="small-areas",
        stroked=True,
        filled=True,
        get_fill_color="properties.colour",
        get_line_color=[*_INK, 90],
        line_width_min_pixels=0.5,
        pickable=True,
        auto_highlight=True,
    )
    return layer, {"text": "{said}"}


def _hexagons(pydeck: Any, found: Hotspots, _lsoas: Shapes, _said: object) -> tuple[Any, Any]:
    layer = pydeck.Layer(
        "HexagonLayer",
        _point_rows(found),
        id="hexagons",
        get_position="[x, y]",
        get_color_weight="count",
        color_aggregation=pydeck.types.String("SUM"),
        color_range=[list(each) for each in _BLUES],
        radius=_HEXAGON,
        extruded=False,
        opacity=0.75,
        pickable=True,
    )
    return layer, {"text": "{colorValue} incidents on map points in this hexagon"}


def _points(pydeck: Any, found: Hotspots, _lsoas: Shapes, _said: object) -> tuple[Any, Any]:
    layer = pydeck.Layer(
        "ScatterplotLayer",
        _point_rows(found),
        id="points",
        get_position="[x, y]",
        get_radius="radius",
        radius_min_pixels=2,
        get_fill_color=[*_BLUES[3], 150],
        get_line_color=_INK,
        stroked=True,
        line_width_min_pixels=0.5,
        pickable=True,
    )
    return layer, {"text": "{count} incidents moved to this map point"}


def _point_rows(found: Hotspots) -> list[dict[str, Any]]:
    return [
        {
            "x": row["longitude"],
            "y": row["latitude"],
            "count": count.lower,
            "radius": 40 * math.sqrt(count.lower or 0),
        }
        for row, count in _rows(found.points)
    ]


def _rows(published: Any) -> Any:
    return zip(published, published.counts(), strict=True)


def _steps(counts: Sequence[int]) -> list[float]:
    """Four limits between five equal steps of the square root, which suits counts."""
    top = math.sqrt(max(counts, default=0))
    return [(top * part / len(_BLUES)) ** 2 for part in range(1, len(_BLUES))]


def _step(count: int, steps: Sequence[float]) -> int:
    return sum(count > each for each in steps)


def _view(pydeck: Any, found: Hotspots, districts: Shapes) -> Any:
    """The whole of the area that is looked at, by its outlines."""
    wanted = {each.code for each, _ in found.by_district}
    shapes = [each.geometry for each in districts.shapes if each.code in wanted]
    west, south, east, north = shapely.total_bounds(shapely.from_geojson(shapes)).tolist()
    span = max(east - west, 1.6 * (north - south), 0.05)
    return pydeck.ViewState(
        longitude=(west + east) / 2,
        latitude=(south + north) / 2,
        zoom=math.log2(_WIDE / span) + 0.4,
    )
