"""Several series seen together on their way out."""

from __future__ import annotations

from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.attention import Attention
from vrn_metrics.analyses.divergence import Divergence
from vrn_metrics.exports.contract import period_json, ratio_json, rounded


def divergence_json(found: Divergence | None) -> dict[str, Any] | None:
    """A hospital and a police measure beside one another; nothing where there is no pair."""
    if found is None:
        return None
    return {
        "health": found.health,
        "police": found.police,
        "first": period_json(found.first),
        "years": [
            {
                "period": period_json(each.period),
                "health": ratio_json(each.health),
                "police": ratio_json(each.police),
            }
            for each in found.years
        ],
        "ratio_of_ratios": ratio_json(found.apart),
        "parted": found.is_apart,
        "sentence": narrative.divergence_words(found).replace("**", ""),
    }


def attention_json(found: Attention) -> dict[str, Any]:
    """`vrn attention --format json`."""
    wide, narrow = found.expected_by_chance
    demonstration = any(each.entry.is_demonstration for each in found.cells)
    return {
        "as_of": found.as_of.isoformat(),
        "demonstration_data": demonstration,
        **({"notice": narrative.demonstration_notice()} if demonstration else {}),
        "sentence": narrative.attention_words(found),
        "cells": len(found.cells),
        "judged": found.judged,
        "expected_outside": {"95%": rounded(wide, 2), "99.8%": rounded(narrow, 2)},
        "listed": attention_rows(found),
    }


def attention_rows(found: Attention) -> list[dict[str, Any]]:
    """One row a district and measure on the list."""
    return [
        {
            "district": each.district.name,
            "code": each.district.code,
            "measure": each.entry.measure.key,
            "verdict": str(each.entry.verdict),
            "p_value": rounded(each.p_value, 4),
            "said": narrative.attention_line(each),
        }
        for each in found.listed
    ]
