"""Shapes as a map needs them: turned the way that d3 fills, hatched, with a place for a name."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely

from vrn_metrics.store import Shape, Shapes

PLACES: Final = 4  # decimals of a degree: some ten metres
NARROW: Final = 0.012  # degrees between the lines of a hatching

Spec = dict[str, Any]


def collection(shapes: Shapes) -> Spec:
    """Every shape as a GeoJSON feature with `code` and `name`.

    Notes
    -----
    d3 fills what lies to the right of a ring, so outer rings are turned clockwise, against the
    GeoJSON standard: a ring the other way round would fill the rest of the world.
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": each.code, "name": each.name},
                "geometry": _written(_turned(each.geometry)),
            }
            for each in shapes.shapes
        ],
    }


@lru_cache(maxsize=64)
def hatching(geometry: str, *, crossed: bool = False) -> Spec:
    """Slanting lines inside a shape; in both directions if `crossed`."""
    shape = _shape(geometry)
    west, south, east, north = shape.bounds
    height = north - south
    starts = np.arange(west - height, east, NARROW)
    lines = [[(x, south), (x + height, north)] for x in starts]
    if crossed:
        lines += [[(x, north), (x + height, south)] for x in starts]
    return _written(shapely.intersection(shapely.MultiLineString(lines), shape))


@lru_cache(maxsize=64)
def dots(geometry: str) -> Spec:
    """Points on a grid inside a shape."""
    shape = _shape(geometry)
    west, south, east, north = shape.bounds
    grid = [
        (west + NARROW * (column + 0.5 * (row % 2)), south + 0.6 * NARROW * row)
        for row in range(int((north - south) / NARROW / 0.6) + 1)
        for column in range(int((east - west) / NARROW) + 1)
    ]
    inside = [point for point in grid if shapely.contains_xy(shape, *point)]
    return _written(shapely.MultiPoint(inside or [shape.representative_point()]))


@lru_cache(maxsize=16)
def name_places(shapes: tuple[Shape, ...]) -> dict[str, tuple[float, float]]:
    """Where to write each name: well inside its shape, and away from other names.

    The smallest shapes choose first, as they have least room.
    """
    found: dict[str, tuple[float, float]] = {}
    for each in sorted(shapes, key=lambda one: float(shapely.area(_shape(one.geometry)))):
        shape = _shape(each.geometry)
        west, south, east, north = shape.bounds
        over = np.meshgrid(np.linspace(west, east, 30), np.linspace(south, north, 30))
        grid = np.stack(over, axis=-1).reshape(-1, 2)
        inside = grid[shapely.contains_xy(shape, grid)]
        room = 2 * shapely.distance(shapely.points(inside), shape.boundary)
        for x, y in found.values():
            # a name is wider than it is high
            away = np.hypot(0.6 * (inside[:, 0] - x), 2 * (inside[:, 1] - y))
            room = np.minimum(room, away / 2)
        x, y = inside[int(room.argmax())]
        found[each.code] = (round(float(x), PLACES), round(float(y), PLACES))
    return found


def _turned(geometry: str) -> Any:
    return shapely.orient_polygons(_shape(geometry), exterior_cw=True)


def _shape(geometry: str) -> Any:
    return shapely.from_geojson(geometry)


def _written(shape: Any) -> Spec:
    found: Spec = json.loads(shapely.to_geojson(shape))
    return {**found, "coordinates": _short(found["coordinates"])}


def _short(node: Any) -> Any:
    if isinstance(node, list):
        return [_short(each) for each in node]
    return round(node, PLACES)
