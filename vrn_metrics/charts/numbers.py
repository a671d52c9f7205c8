"""The rows that a chart draws, for whoever reads a table instead.

They are taken from the chart itself, by what it says of a mark under the pointer: a table made
otherwise could tell another story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Spec = dict[str, Any]


def chart_rows(spec: Spec) -> list[dict[str, str]]:
    """What a chart says of each of its marks.

    The columns are those of the first layer that says something; other layers with the same
    columns add their rows, and lines that are there to read others against add none.

    Parameters
    ----------
    spec
        A chart as Vega-Lite with its rows in it.

    Returns
    -------
    list of dict
        Title to words, one dictionary a mark.

    Examples
    --------
    >>> tip = [{"field": "year", "title": "Year"}, {"field": "share", "format": ".0%"}]
    >>> chart_rows({"mark": "point", "encoding": {"tooltip": tip},
    ...             "data": {"values": [{"year": "2025-26", "share": 0.2}]}})
    [{'Year': '2025-26', 'Share': '20%'}]
    """
    found: list[dict[str, str]] = []
    for tooltip, rows in _layers(spec, ()):
        titles = [each.get("title", "").strip() or each["field"].capitalize() for each in tooltip]
        if not found or titles == list(found[0]):
            found += [
                {title: _said(row, each) for title, each in zip(titles, tooltip, strict=True)}
                for row in rows
            ]
    return found


def _layers(
    spec: Spec, inherited: Sequence[Spec]
) -> Iterator[tuple[Sequence[Spec], Sequence[Spec]]]:
    rows = spec.get("data", {}).get("values", inherited)
    tooltip = spec.get("encoding", {}).get("tooltip")
    mark = spec.get("mark", {})
    is_reference = isinstance(mark, dict) and mark.get("type") == "rule"
    is_part = any("filter" in each for each in spec.get("transform", ()))
    if tooltip and not is_reference and not is_part:
        yield tooltip, rows
    for layer in spec.get("layer", ()):
        yield from _layers(layer, rows)


def _said(row: Spec, one: Spec) -> str:
    value = row.get(one["field"])
    if value is None:
        return ""
    # The formats of d3 that charts use (.0%, .1f) mean the same to Python, which they are from.
    return format(value, one["format"]) if "format" in one else str(value)
