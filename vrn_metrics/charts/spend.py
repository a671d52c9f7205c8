"""What was spent on what, as bars."""

from __future__ import annotations

from typing import Any, Final

from vrn_metrics.analyses.spend import Spend
from vrn_metrics.charts.series import BLUE, INK
from vrn_metrics.money import pounds

Spec = dict[str, Any]

BAR: Final = 26  # pixels
ROOM, ROOM_ON_PHONES = 1.12, 1.7


def spent_chart(found: Spend, described: str) -> Spec:
    """A bar a project with its amount beside it, the largest first.

    `described` is what a screen reader says in place of the picture.
    """
    rows = [
        {"project": name, "spent": pence / 100, "said": pounds(pence)}
        for name, pence in found.by_project
    ]
    largest = max((pence / 100 for _, pence in found.by_project), default=1)
    along = {
        "field": "spent",
        "type": "quantitative",
        "title": f"Pounds spent in {found.year} so far",
        "axis": {"format": ",.0f"},
        # room for the amount beside the longest bar
        "scale": {"domainMax": {"expr": f"(width < 300 ? {ROOM_ON_PHONES} : {ROOM}) * {largest}"}},
    }
    down = {
        "field": "project",
        "type": "nominal",
        "sort": {"field": "spent", "order": "descending"},
        "title": None,
        "axis": {"labelLimit": 260, "labelOverlap": False},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": described,
        "width": "container",
        "height": {"step": BAR},
        "usermeta": {"embedOptions": {"actions": False}},
        "data": {"values": rows},
        "encoding": {"x": along, "y": down},
        "layer": [
            {
                "mark": {"type": "bar", "color": BLUE},
                "encoding": {
                    "tooltip": [
                        {"field": "project", "title": "Project"},
                        {"field": "said", "title": "Spent"},
                    ]
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": INK},
                "encoding": {"text": {"field": "said"}},
            },
        ],
    }
