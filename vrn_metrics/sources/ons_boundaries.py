"""Boundaries of districts, partnerships, forces, LSOAs, MSOAs and wards, as GeoJSON from ONS."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.sources import Note, Reading, Source
from vrn_metrics.sources._document import Document, text
from vrn_metrics.sources._ons_table import CODE, end_of_year

SOURCE = Source(
    key="ons-boundaries",
    title="Digital boundaries (ONS Open Geography, GeoJSON)",
    publisher="Office for National Statistics",
    kind="reference",
    profile="none_public",
    licence="Open Government Licence v3.0; contains OS data © Crown copyright and database right",
    address="https://geoportal.statistics.gov.uk/",
    cadence="yearly",
    caveats=("Generalised to 20, 200 or 500 metres: not for deciding where a point lies.",),
)

# Small areas first: a file of LSOAs often also bears the code of their district.
LAYERS: Final = ("LSOA", "MSOA", "WD", "LAD", "CSP", "CTYUA", "PFA")

_CODE_FIELD = re.compile(r"(LTLA|LSOA|MSOA|WD|LAD|CSP|CTYUA|PFA)(\d\d)_?(?:CD|code)", re.IGNORECASE)
_SAME: Final = {"LTLA": "LAD"}
_AGAIN: Final = "Download the layer again as GeoJSON."
_DEGREES: Final = "Download it as GeoJSON in WGS84 (EPSG:4326, latitude and longitude)."
_WEST, _EAST, _SOUTH, _NORTH = -9.0, 2.0, 49.0, 61.5  # the United Kingdom
# Generalising makes rings touch themselves and islands overlap: nothing is lost by mending it.
_MENDABLE: Final = ("Ring Self-intersection", "Nested shells")


def recognise(document: Document) -> bool:
    """Whether it is JSON of features with an ONS code; TopoJSON too, so that `read` can say so."""
    if document.kind != "json":
        return False
    try:
        content = document.json
    except BadInputError:
        return _begins_like_boundaries(document)
    if not isinstance(content, dict):
        return False
    if content.get("type") == "Topology":
        return True
    properties = [_properties(each) for each in _features(content)[:5]]
    return any(_CODE_FIELD.fullmatch(name) for each in properties for name in each)


def read(document: Document) -> Reading:
    """One row a feature, its geometry as GeoJSON text.

    Notes
    -----
    The layer is the smallest area whose code differs on every feature. Rings that touch
    themselves, as generalised boundaries published by ONS have, are mended and told of.

    Raises
    ------
    BadInputError
        If it is TopoJSON, in metres, cut off, or a feature has no usable polygon.
    """
    content = document.json
    if content.get("type") == "Topology":
        raise document.refusal("GeoJSON", "TopoJSON", "Download the layer as GeoJSON instead.")
    features = _features(content)
    code_field, layer, vintage = _layer(document, features)
    name_field = _name_field(features[0], code_field)
    faults: dict[tuple[str, str], list[str]] = {}
    records, mended = [], []
    for feature in features:
        properties = _properties(feature)
        code = text(properties.get(code_field))
        name = text(properties.get(name_field)) if name_field else ""
        try:
            if not CODE.fullmatch(code):
                raise _Unusable("an ONS code such as E06000016", _AGAIN)
            geometry, was_mended = _sound_geometry(feature.get("geometry"))
        except _Unusable as fault:
            faults.setdefault((fault.expected, fault.fix), []).append(code or "a feature without")
            continue
        if was_mended:
            mended.append(code)
        records.append((layer, vintage, code, name or code, geometry))
    if faults:
        raise BadInputError(
            document.name,
            [
                Problem(expected, f"'{codes[0]}' without", fix, times=len(codes))
                for (expected, fix), codes in faults.items()
            ],
        )
    columns = ["layer", "vintage", "area_code", "name", "geometry"]
    called = f"code '{code_field}', name '{name_field}'" if name_field else f"code '{code_field}'"
    notes = [
        Note("matched", f"layer {layer} of 20{vintage}: {called}"),
        Note("read", f"boundaries of {len(records)} areas", len(records)),
    ]
    if mended:
        what = "boundaries that touch themselves, as published; mended: "
        notes.append(Note("warning", what + ", ".join(mended), len(mended)))
    return Reading(
        edition=end_of_year(2000 + int(vintage)),
        observations=pd.DataFrame(),
        tables={"boundaries": pd.DataFrame(records, columns=columns)},
        notes=tuple(notes),
    )


class _Unusable(Exception):  # noqa: N818 - it names what a feature is
    """A feature that cannot be used; what was expected of it, and the mend."""

    def __init__(self, expected: str, fix: str) -> None:
        super().__init__(expected)
        self.expected, self.fix = expected, fix


def _begins_like_boundaries(document: Document) -> bool:
    """Whether damaged JSON begins like boundaries: then `read` says where it is damaged."""
    with document.open_text() as file:
        return re.search(r'"(FeatureCollection|Topology)"', file.read(2000)) is not None


def _features(content: dict[str, Any]) -> list[dict[str, Any]]:
    features = content.get("features")
    if content.get("type") != "FeatureCollection" or not isinstance(features, list):
        return []
    return [each for each in features if isinstance(each, dict)]


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _layer(document: Document, features: list[dict[str, Any]]) -> tuple[str, str, str]:
    """The code field, the layer and the vintage: smallest areas whose code is never repeated."""
    fields = [
        (field, found)
        for field in dict.fromkeys(name for each in features for name in _properties(each))
        if (found := _CODE_FIELD.fullmatch(field))
    ]
    ranked = sorted(fields, key=lambda each: LAYERS.index(_layer_name(each[1])))
    repeated = []
    for field, found in ranked:
        codes = Counter(text(_properties(each).get(field)) for each in features)
        if max(codes.values()) == 1:
            return field, _layer_name(found), found[2]
        code, times = codes.most_common(1)[0]
        repeated.append(f"{field} '{code}' on {times} features")
    raise document.refusal("a code that differs on every feature", "; ".join(repeated), _AGAIN)


def _layer_name(found: re.Match[str]) -> str:
    return _SAME.get(found[1].upper(), found[1].upper())


def _name_field(feature: dict[str, Any], code_field: str) -> str | None:
    stem = re.sub(r"_?(?:CD|code)$", "", code_field, flags=re.IGNORECASE)
    pattern = re.compile(rf"{stem}_?(?:NM|name)", re.IGNORECASE)
    return next((name for name in _properties(feature) if pattern.fullmatch(name)), None)


def _sound_geometry(geometry: Any) -> tuple[str, bool]:
    """The geometry as text, and whether it had to be mended."""
    from shapely import from_geojson, is_valid_reason, make_valid, to_geojson

    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise _Unusable("a Polygon or MultiPolygon for every area", _AGAIN)
    rings = geometry.get("coordinates")
    try:
        points = [(float(x), float(y)) for x, y, *_ in _points(geometry["type"], rings)]
    except (TypeError, ValueError):
        raise _Unusable("complete coordinates for every area", _AGAIN) from None
    if not points:
        raise _Unusable("a boundary with points", _AGAIN)
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        raise _Unusable("coordinates that are numbers", _AGAIN)
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        raise _Unusable("coordinates in degrees, not British National Grid metres", _DEGREES)
    if not all(_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH for x, y in points):
        raise _Unusable("longitude before latitude, in the United Kingdom", _DEGREES)
    as_text = json.dumps({"type": geometry["type"], "coordinates": rings}, separators=(",", ":"))
    try:
        shape = from_geojson(as_text)
    except Exception:  # GEOS has errors of its own for rings it cannot close
        raise _Unusable("closed rings of four points or more", _AGAIN) from None
    if shape.is_valid:
        return as_text, False
    reason = is_valid_reason(shape)
    if not reason.startswith(_MENDABLE):
        raise _Unusable(f"a valid boundary (it has: {reason.partition('[')[0]})", _AGAIN)
    whole = make_valid(shape, method="structure")
    if whole.geom_type not in ("Polygon", "MultiPolygon"):
        raise _Unusable("a boundary that is made of polygons only", _AGAIN)
    return str(to_geojson(whole)), True


def _points(kind: str, rings: Any) -> Iterator[Any]:
    for polygon in rings if kind == "MultiPolygon" else [rings]:
        for ring in polygon:
            yield from ring
