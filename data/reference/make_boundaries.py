"""Make the schematic boundaries: each settlement's surroundings, joined by district.

    python data/reference/make_boundaries.py [OUTPUT]

Every point belongs to the settlement it is nearest to (Voronoi cells); cells of one district
are joined; settlements just outside give the outline. No official boundary goes in. The result
shows about where districts lie, and must be called schematic wherever it is drawn.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path

import numpy as np
import shapely

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from vrn_metrics import areas  # noqa: E402

MIDDLE = 52.65  # degrees north: where a degree of longitude is measured
METRES = 111_200.0  # a degree of latitude
SMOOTH = 650.0  # metres by which an edge may move when it is smoothed
PLACES = 4  # decimals of a degree: some ten metres


def settlements() -> tuple[list[str], np.ndarray]:
    """District codes (empty outside) and coordinates in metres."""
    with (HERE / "settlements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    codes = [areas.district_code(row["district"]) or "" if row["district"] else "" for row in rows]
    degrees = np.array([[float(row["longitude"]), float(row["latitude"])] for row in rows])
    return codes, degrees * _scale()


def districts() -> dict[str, shapely.Geometry]:
    """The joined and smoothed cells by district, in degrees; neighbours share their edges."""
    codes, points = settlements()
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), ordered=True).geoms
    wanted = [each.code for each in areas.districts()]
    joined = [
        shapely.unary_union([cell for cell, code in zip(cells, codes, strict=True) if code == each])
        for each in wanted
    ]
    smooth = shapely.coverage_simplify(joined, SMOOTH)
    scaled = [shapely.transform(each, lambda xy: xy / _scale()) for each in smooth]
    rounded = shapely.set_precision(scaled, 10**-PLACES)
    return dict(zip(wanted, rounded, strict=True))


def collection() -> str:
    """The districts as GeoJSON, the same bytes every time."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": areas.area(code).name},
            "geometry": json.loads(shapely.to_geojson(shapely.normalize(shape))),
        }
        for code, shape in districts().items()
    ]
    title = "Schematic boundaries: not official, not for deciding where a place lies"
    found = {"type": "FeatureCollection", "name": title, "features": features}
    return json.dumps(_short(found), ensure_ascii=False, separators=(",", ":")) + "\n"


def _short(node: object) -> object:
    if isinstance(node, dict):
        return {key: _short(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_short(value) for value in node]
    return round(node, PLACES) if isinstance(node, float) else node


def _scale() -> np.ndarray:
    return np.array([METRES * math.cos(math.radians(MIDDLE)), METRES])


if __name__ == "__main__":
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "schematic_boundaries.geojson"
    output.write_text(collection(), encoding="utf-8")
