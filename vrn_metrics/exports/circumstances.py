"""Kinds of place and times of day on their way out."""

from __future__ import annotations

from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.circumstances import Circumstances, KindShare
from vrn_metrics.exports.contract import period_json, release_words, rounded


def circumstances_rows(found: Circumstances) -> list[dict[str, Any]]:
    """One row a year, a column a kind."""
    return [
        {
            "period": year.period.label,
            **{
                each.kind.title: narrative.count_words(each.count)
                if each.share is None
                else f"{each.count} ({each.share:.0%})"
                for each in year.shares
            },
            "why hidden": narrative.hidden_words(each.count for each in year.shares),
        }
        for year in found.years
    ]


def circumstances_json(found: Circumstances) -> dict[str, Any]:
    """`vrn places MEASURE --format json`, and `vrn times`."""
    return {
        "measure": found.measure.key,
        "title": found.measure.title,
        "source": found.source.key,
        "demonstration_data": found.is_demonstration,
        **({"notice": narrative.demonstration_notice()} if found.is_demonstration else {}),
        "sentence": narrative.circumstances_sentence(found),
        "years": [
            {
                "period": period_json(year.period),
                f"{found.of}s": [_kind(str(found.of), each) for each in year.shares],
            }
            for year in found.years
        ],
        "caveat": narrative.circumstances_caveat(found),
        "releases": [release_words(each) for each in found.releases],
    }


def _kind(of: str, each: KindShare) -> dict[str, Any]:
    settings = {"settings": list(each.kind.settings)} if each.kind.settings else {}
    return {
        of: each.kind.key,
        **settings,
        "count": each.count.as_json(),
        "share": rounded(each.share, 3),
    }
