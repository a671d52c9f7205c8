"""The small charts of a card.

They are boxes of HTML and not Vega-Lite: a dozen of them are drawn,
and the first view should not wait for a charting library of 0.8 MB. (Streamlit strips SVG.)
"""

from __future__ import annotations

from html import escape
from math import log
from typing import Final

from vrn_metrics.analyses.scorecard import Against, Entry
from vrn_metrics.counts import Count

_LEAST_RATIO: Final = 0.25
_MOST_RATIO: Final = 4.0


def sparkline(entry: Entry, described: str) -> str:
    """Bars, oldest first; hidden ones are outlined ranges, missing ones a dash.

    `described` is what a screen reader says in place of the picture.
    """
    counts = entry.points.counts()
    tallest = max((count.upper or 0 for count in counts if count.is_known), default=0) or 1
    bars = "".join(
        _bar(count, tallest, is_last=position == len(counts) - 1)
        for position, count in enumerate(counts)
    )
    return f'<div class="vrn-spark" role="img" aria-label="{_quoted(described)}">{bars}</div>'


def whisker(against: Against, described: str) -> str:
    """The rate ratio and its interval on a log scale from a quarter to four times.

    Nothing where there is no ratio.
    """
    ratio = against.ratio
    if ratio is None or ratio.upper is None:
        return ""
    low, high = _across(ratio.lower or _LEAST_RATIO), _across(ratio.upper)
    dot = (
        f'<span class="vrn-dot" style="left:{_across(ratio.value):.1f}%"></span>'
        if ratio.value
        else ""
    )
    return (
        f'<div class="vrn-whisker" role="img" aria-label="{_quoted(described)}">'
        f'<span class="vrn-one"></span>'
        f'<span class="vrn-interval" style="left:{low:.1f}%;width:{high - low:.1f}%"></span>{dot}'
        f'<span class="vrn-ends"><span>lower</span><span>higher</span></span></div>'
    )


def _bar(count: Count, tallest: float, *, is_last: bool) -> str:
    if count.upper is None:
        return f'<span class="{"vrn-hidden" if count.is_hidden else "vrn-missing"}"></span>'
    kind = "vrn-hidden" if count.is_hidden else "vrn-bar"
    now = " vrn-now" if is_last else ""
    height = max(100 * max(count.upper, 0) / tallest, 2)
    return f'<span class="{kind}{now}" style="height:{height:.0f}%"></span>'


def _across(ratio: float) -> float:
    """Where a ratio lies, in percent of the width."""
    inside = min(max(ratio, _LEAST_RATIO), _MOST_RATIO)
    return 100 * log(inside / _LEAST_RATIO) / log(_MOST_RATIO / _LEAST_RATIO)


def _quoted(words: str) -> str:
    return escape(words, quote=True)
