"""One word for a change, by a stated rule.

The order of the questions is the order of the verdicts: is there data, may it be compared,
does the interval leave one out, and if it does not, could it have.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from vrn_metrics.counts import Count
from vrn_metrics.methods.comparison import RateRatio
from vrn_metrics.methods.power import smallest_detectable_fall

# Where even a fall by four fifths would more often than one time in five go unseen, silence
# says nothing. METHODS.md, "Verdicts", has the reasoning.
TOO_FEW_ABOVE: Final = 0.8


class Verdict(StrEnum):
    """What may be said of a change."""

    LOWER = "lower"
    HIGHER = "higher"
    NO_CLEAR_CHANGE = "no-clear-change"
    TOO_FEW = "too-few"
    NOT_COMPARABLE = "not-comparable"
    NO_DATA = "no-data"

    @property
    def words(self) -> str:
        """The verdict as a reader sees it."""
        return _WORDS[self]

    @property
    def symbol(self) -> str:
        """A mark that differs by shape, for those who do not see its colour."""
        return _SYMBOLS[self]


_WORDS: Final = {
    Verdict.LOWER: "Lower",
    Verdict.HIGHER: "Higher",
    Verdict.NO_CLEAR_CHANGE: "No clear change",
    Verdict.TOO_FEW: "Too few to judge",
    Verdict.NOT_COMPARABLE: "Not comparable",
    Verdict.NO_DATA: "No data",
}
_SYMBOLS: Final = {
    Verdict.LOWER: "▼",
    Verdict.HIGHER: "▲",
    Verdict.NO_CLEAR_CHANGE: "◆",
    Verdict.TOO_FEW: "○",
    Verdict.NOT_COMPARABLE: "≠",
    Verdict.NO_DATA: "–",
}


def judge(ratio: RateRatio, detectable_fall: float | None) -> Verdict:
    """The verdict that a rate ratio and its interval support.

    Parameters
    ----------
    ratio
        Now against then, with the interval that belongs to the stated level.
    detectable_fall
        Smallest fall that would have been seen four times in five.

    Notes
    -----
    The interval is the conditional exact one, so with no true change and independent
    events *lower* and *higher* together appear in at most one minus its confidence of
    cases. Events that come in clusters make it appear more often.
    """
    if ratio.lower is None or ratio.upper is None:
        return Verdict.NO_DATA
    if ratio.upper < 1:
        return Verdict.LOWER
    if ratio.lower > 1:
        return Verdict.HIGHER
    if detectable_fall is None or detectable_fall > TOO_FEW_ABOVE:
        return Verdict.TOO_FEW
    return Verdict.NO_CLEAR_CHANGE


def detectable_fall(baseline: Count, exposure_ratio: float) -> float | None:
    """The smallest fall four tests in five would have seen; from the least the count can be."""
    if baseline.lower is None or baseline.lower < 1:
        return None
    return smallest_detectable_fall(baseline.lower, exposure_ratio=exposure_ratio)
