"""Hotspots on their way out: rows of a table, and the JSON."""

from __future__ import annotations

from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.hotspots import Hotspots, SmallArea
from vrn_metrics.exports.contract import period_json, release_words, rounded
from vrn_metrics.methods.small_area_change import Course

LEADING = (Course.EMERGING, Course.PERSISTENT, Course.FALLING)


def hotspot_rows(found: Hotspots) -> list[dict[str, Any]]:
    """One row a small area that stands out, in the order in which to look at them."""
    return [_row(one) for course in LEADING for one in found.of_course(course)]


def every_row(found: Hotspots) -> list[dict[str, Any]]:
    """One row a small area."""
    return [_row(one) for one in sorted(found.found, key=lambda each: -each.now)]


def hotspots_json(found: Hotspots) -> dict[str, Any]:
    """`vrn hotspots --format json`."""
    deprived = found.by_deprivation
    return {
        "area": {"code": found.area.code, "name": found.area.name},
        "as_of": found.as_of.isoformat(),
        "crime_type": found.crime_type,
        "demonstration_data": found.is_demonstration,
        **({"notice": narrative.demonstration_notice()} if found.is_demonstration else {}),
        "sentence": narrative.hotspots_sentence(found),
        "now": period_json(found.now),
        "before": period_json(found.before) if found.before else None,
        "dispersion": rounded(found.dispersion, 2),
        "by_district": [
            {"code": each.code, "name": each.name, "count": count}
            for each, count in found.by_district
        ],
        "small_areas": [
            {
                "code": each.code,
                "name": each.name,
                "district": each.district.code,
                "now": each.now,
                "before": each.before,
                "ratio": rounded(each.ratio, 3),
                "lower": rounded(each.lower, 3),
                "upper": rounded(each.upper, 3),
                "p_value": rounded(each.p_value, 4),
                "course": str(each.course) if each.course else None,
                "deprivation_decile": each.decile,
            }
            for each in found.found
        ],
        "inequality": None
        if deprived is None
        else {
            "events_by_fifth": list(deprived.events),
            "areas_by_fifth": list(deprived.areas),
            "relative": rounded(deprived.index.relative, 3),
            "relative_lower": rounded(deprived.index.relative_lower, 3),
            "relative_upper": rounded(deprived.index.relative_upper, 3),
            "slope": rounded(deprived.index.slope, 2),
            "slope_lower": rounded(deprived.index.slope_lower, 2),
            "slope_upper": rounded(deprived.index.slope_upper, 2),
            "reason": deprived.index.reason,
            "said": narrative.deprivation_words(deprived),
        },
        "qualifications": narrative.hotspot_qualifications(found),
        "releases": [release_words(each) for each in found.releases],
    }


def _row(one: SmallArea) -> dict[str, Any]:
    return {
        "code": one.code,
        "small area": one.name,
        "district": one.district.name,
        "now": one.now,
        "before": "" if one.before is None else one.before,
        "change beside the others": narrative.change_of(one),
        "what it means": narrative.course_words(one),
        "deprivation decile": "" if one.decile is None else one.decile,
    }
