"""Kinds of place on their way out."""

from __future__ import annotations

from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.kinds_of_place import KindsOfPlace
from vrn_metrics.exports.contract import period_json, release_words, rounded


def places_rows(found: KindsOfPlace) -> list[dict[str, Any]]:
    """One row a year, a column a kind of place."""
    return [
        {
            "period": year.period.label,
            **{
                each.place.title: narrative.count_words(each.count)
                if each.share is None
                else f"{each.count} ({each.share:.0%})"
                for each in year.shares
            },
            "why hidden": narrative.hidden_words(each.count for each in year.shares),
        }
        for year in found.years
    ]


def places_json(found: KindsOfPlace) -> dict[str, Any]:
    """`vrn places MEASURE --format json`."""
    return {
        "measure": found.measure.key,
        "title": found.measure.title,
        "source": found.source.key,
        "demonstration_data": found.is_demonstration,
        **({"notice": narrative.demonstration_notice()} if found.is_demonstration else {}),
        "sentence": narrative.places_sentence(found),
        "years": [
            {
                "period": period_json(year.period),
                "places": [
                    {
                        "place": each.place.key,
                        "settings": list(each.place.settings),
                        "count": each.count.as_json(),
                        "share": rounded(each.share, 3),
                    }
                    for each in year.shares
                ],
            }
            for year in found.years
        ],
        "caveat": narrative.places_caveat(),
        "releases": [release_words(each) for each in found.releases],
    }
