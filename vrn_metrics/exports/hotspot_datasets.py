"""Small areas and map points as tables for machines."""

from __future__ import annotations

from typing import Any, Final

from vrn_metrics import narrative
from vrn_metrics.analyses.hotspots import Hotspots
from vrn_metrics.areas import area as area_of
from vrn_metrics.exports.dataset import Column, Dataset, Mark, dataset, known
from vrn_metrics.exports.hotspots import LEADING, hotspots_json
from vrn_metrics.exports.provenance import Provenance

_AREAS: Final = (
    Column("code", "Small area code", "ONS code of the LSOA."),
    Column("name", "Small area", "Its name."),
    Column("district_code", "District code", "ONS code of its district."),
    Column("district", "District", "Name of its district."),
    Column("now", "Now", "Events in the later window.", "integer", "events"),
    Column("before", "Before", "Events in the earlier window.", "integer", "events"),
    Column("ratio", "Change", "Beside the others', drawn towards none.", "number", "times"),
    Column("ratio_lower", "Change, lower limit", "Lower end of its interval.", "number", "times"),
    Column("ratio_upper", "Change, upper limit", "Upper end of its interval.", "number", "times"),
    Column("p_value", "p-value", "Two-sided, before the false-discovery rate.", "number"),
    Column("course", "Course", "emerging, persistent, falling, no-clear-change or too-few."),
    Column(
        "deprivation_decile",
        "Deprivation decile",
        "1 the most deprived tenth of England.",
        "integer",
    ),
)
_POINTS: Final = (
    Column("longitude", "Longitude", "Of an anonymised street centre.", "number", "degrees"),
    Column("latitude", "Latitude", "Of an anonymised street centre.", "number", "degrees"),
    Column("count", "Events", "Moved to that point in the later window.", "integer", "events"),
)


def hotspots_origin(found: Hotspots) -> Provenance:
    """Where the figures of small areas come from."""
    windows = f"now is the {found.now.label}"
    windows += f", before the {found.before.label}" if found.before else ""
    return Provenance.of_releases(
        found.area,
        found.as_of,
        found.releases,
        definitions=[f"{found.crime_type}, street-level: {windows}."],
        caveats=[*narrative.hotspot_qualifications(found), *found.source.caveats],
    )


def stem(found: Hotspots) -> str:
    """What the files of a view are called after."""
    crime = found.crime_type.lower().replace(" ", "-")
    return f"{crime}-{found.area.code}-{found.now.end.isoformat()}"


def small_areas_dataset(found: Hotspots) -> Dataset:
    """One row a small area, the most events first."""
    rows = sorted(_rows(found), key=lambda each: -each["now"])
    return _areas(found, "small-areas", "Every small area", rows)


def leading_dataset(found: Hotspots) -> Dataset:
    """One row a small area that stands out, in the order in which to look at them."""
    by_code = {each["code"]: each for each in _rows(found)}
    rows = [by_code[one.code] for course in LEADING for one in found.of_course(course)]
    return _areas(found, "small-areas-to-look-at-first", "Small areas to look at first", rows)


def points_dataset(found: Hotspots) -> Dataset:
    """One row a map point; its coordinates are a street centre's, not those of an event."""
    rows = [
        {
            "longitude": row["longitude"],
            "latitude": row["latitude"],
            "count": known(count.lower),
        }
        for row, count in zip(found.points, found.points.counts(), strict=True)
    ]
    return dataset(
        f"map-points-{stem(found)}",
        f"Map points: {found.crime_type}, {found.area.name}, {found.now.label}",
        _POINTS,
        rows,
        ("longitude", "latitude"),
        hotspots_origin(found),
    )


def _areas(found: Hotspots, name: str, title: str, rows: list[dict[str, Any]]) -> Dataset:
    return dataset(
        f"{name}-{stem(found)}",
        f"{title}: {found.crime_type}, {found.area.name}, {found.now.label}",
        _AREAS,
        rows,
        ("code",),
        hotspots_origin(found),
    )


def _rows(found: Hotspots) -> list[dict[str, Any]]:
    return [
        {
            "code": each["code"],
            "name": each["name"],
            "district_code": each["district"],
            "district": area_of(each["district"]).name,
            "now": each["now"],
            **{name: known(each[name]) for name in ("before", "ratio", "p_value", "course")},
            "ratio_lower": known(each["lower"]),
            "ratio_upper": known(each["upper"]),
            "deprivation_decile": known(each["deprivation_decile"], Mark.NOT_AVAILABLE),
        }
        for each in hotspots_json(found)["small_areas"]
    ]
