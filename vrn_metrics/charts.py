"""Results as pictures. A chart takes the result of an analysis, whose figures are published.

The sparkline is plain SVG and not Vega-Lite: the scorecard draws a dozen of them, and the
first view should not wait for a charting library of 0.8 MB.
"""

from __future__ import annotations

from html import escape
from math import log
from typing import Final

from vrn_metrics.analyses.scorecard import Against, Entry
from vrn_metrics.counts import Count, Status

_BAR, _GAP, _HIGH, _FOOT = 14, 4, 44, 4


def sparkline(entry: Entry, described: str) -> str:
    """Bars, oldest first, as SVG; hidden ones are hatched ranges, missing ones a dash.

    `described` is what a screen reader says in place of the picture.
    """
    counts = entry.points.counts()
    tallest = max((count.upper or 0 for count in counts if count.is_known), default=0) or 1
    width = len(counts) * (_BAR + _GAP)
    bars = "".join(
        _bar(count, position * (_BAR + _GAP), tallest, position == len(counts) - 1)
        for position, count in enumerate(counts)
    )
    return (
        f'<svg class="vrn-spark" role="img" aria-label="{escape(described, quote=True)}" '
        f'viewBox="0 0 {max(width, 1)} {_HIGH + _FOOT}" width="{width}" height="{_HIGH + _FOOT}">'
        f"{bars}</svg>"
    )


_LEAST_RATIO: Final = 0.25
_MOST_RATIO: Final = 4.0


def whisker(against: Against, described: str) -> str:
    """The rate ratio and its interval on a log scale from a quarter to four times, as SVG.

    Nothing where there is no ratio.
    """
    ratio = against.ratio
    if ratio is None or ratio.upper is None:
        return ""

    def across(value: float) -> float:
        inside = min(max(value, _LEAST_RATIO), _MOST_RATIO)
        return 200 * log(inside / _LEAST_RATIO) / log(_MOST_RATIO / _LEAST_RATIO)

    low, high = across(ratio.lower or _LEAST_RATIO), across(ratio.upper)
    dot = (
        f'<circle cx="{across(ratio.value or _LEAST_RATIO):.1f}" cy="12" r="5"/>'
        if ratio.value is not None
        else ""
    )
    return (
        f'<svg class="vrn-whisker" role="img" aria-label="{escape(described, quote=True)}" '
        f'viewBox="-6 0 212 34" width="212" height="34">'
        f'<line class="vrn-one" x1="100" x2="100" y1="2" y2="22"/>'
        f'<line class="vrn-interval" x1="{low:.1f}" x2="{high:.1f}" y1="12" y2="12"/>{dot}'
        f'<text x="98" y="33" text-anchor="end">lower</text>'
        f'<text x="102" y="33" text-anchor="start">higher</text></svg>'
    )


def _bar(count: Count, left: float, tallest: float, is_last: bool) -> str:
    if count.status is Status.MISSING or count.lower is None or count.upper is None:
        middle = _HIGH - 2
        return (
            f'<line class="vrn-missing" x1="{left + 3}" x2="{left + _BAR - 3}" '
            f'y1="{middle}" y2="{middle}"/>'
        )
    height = max(_HIGH * max(count.upper, 0) / tallest, 1)
    kind = "vrn-hidden" if count.status is Status.SUPPRESSED else "vrn-bar"
    last = " vrn-now" if is_last else ""
    return (
        f'<rect class="{kind}{last}" x="{left}" y="{_HIGH - height:.1f}" width="{_BAR}" '
        f'height="{height:.1f}"/>'
    )
