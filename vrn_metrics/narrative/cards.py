"""The sentences of a card."""

from __future__ import annotations

from collections.abc import Iterable
from math import isinf
from typing import Final

from vrn_metrics.analyses.figures import WHY_HIDDEN, Figure
from vrn_metrics.analyses.scorecard import Against, Entry
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.counts import Count
from vrn_metrics.methods.comparison import RateRatio

TIMES_FROM: Final = 3.0  # 200% higher and more is said as so many times


def count_words(count: Count, events: str = "") -> str:
    """A count of events as a person reads it, with why it is no plain number if it is none."""
    of_events, them = (f" of {events}", f" {events}") if events else ("", "")
    if count.lower is None or count.upper is None:
        return f"{'a hidden' if count.is_hidden else 'an unknown'} number{of_events}"
    if count.is_hidden:
        return f"a hidden number{of_events} ({count.lower:,} to {count.upper:,})"
    if count.lower != count.upper:
        return f"{count.lower:,} to {count.upper:,}{them} (rounded)"
    return f"{count.lower:,}{them}"


def hidden_words(counts: Iterable[Count]) -> str:
    """Why some of these counts are hidden; nothing where none is."""
    return WHY_HIDDEN if any(each.is_hidden for each in counts) else ""


def rate_words(figure: Figure, per: int) -> str:
    """A rate with its interval."""
    rate = figure.rate
    if rate is None or rate.lower is None or rate.upper is None:
        return "no rate"
    interval = f"{rate.lower:.1f} to {rate.upper:.1f}"
    if rate.value is None:
        return f"{interval} per {per:,} a year"
    return f"{rate.value:.1f} per {per:,} a year ({interval})"


def change_words(ratio: RateRatio) -> str:
    """A rate ratio as a percentage with its interval, in words that carry the direction."""
    if ratio.lower is None or ratio.upper is None:
        return f"not known ({ratio.reason})"
    interval = _range(ratio.lower, ratio.upper)
    if ratio.value is None or isinf(ratio.value):
        return f"{interval} (95% interval)"
    return f"{_percent(ratio.value)} (95% interval: {interval})"


def against_words(against: Against) -> str:
    """The change from one baseline, or why there is none."""
    return change_words(against.ratio) if against.ratio else against.reason


def sentence(entry: Entry) -> str:
    """The one sentence that answers for a measure."""
    chosen, verdict = entry.chosen, entry.verdict
    if entry.current is None:
        return f"No data. {chosen.reason}"
    now = _counted(entry.current, entry.measure.events)
    if chosen.ratio is None or chosen.figure is None:
        return f"{verdict.words}: {now}. {chosen.reason}"
    then = _counted(chosen.figure)
    if verdict is Verdict.TOO_FEW:
        few = "With so few events" if entry.current.count.is_exact else "With what is shown"
        said = f"{verdict.words}: {now} against {then}. {few} only a very large change would show."
    else:
        said = f"{verdict.words}: {now} against {then}; the rate is {change_words(chosen.ratio)}."
    if verdict is Verdict.NO_CLEAR_CHANGE and chosen.smallest_detectable_fall is not None:
        said += (
            f" A fall smaller than {chosen.smallest_detectable_fall:.0%} would probably "
            f"not have shown."
        )
    if chosen.crossed:
        said += " Recording changed in between, so this may be a change in recording."
    why = hidden_words((entry.current.count, chosen.figure.count))
    return f"{said}{why and f' {why}'}{_beside(entry)}"


def detectable_words(fall: float | None) -> str:
    """What could have been seen, for the tile."""
    if fall is None:
        return "No fall could have been detected"
    if fall >= 1:
        return "Not even a fall to zero would reliably have shown"
    return f"Only a fall of {fall:.0%} or more would reliably have shown"


def describe_trail(entry: Entry) -> str:
    """Alternative text of a sparkline: its ends and its range."""
    counts = [each for each in entry.points.counts() if each.is_known]
    if not counts:
        return f"{entry.measure.title}: no earlier figures."
    said = (
        f"{entry.measure.title}, {len(counts)} periods of {entry.measure.window_months} months: "
        f"from {count_words(counts[0])} to {count_words(counts[-1], entry.measure.events)}."
    )
    return f"{said} {hidden_words(counts)}".rstrip()


def demonstration_notice() -> str:
    """The mark that every page, export and answer carries while figures are made up."""
    return "Made-up demonstration data. No figure here is real."


def _beside(entry: Entry) -> str:
    """How it compares with the rest of the country, where that changes the reading."""
    found = entry.comparator
    if found is None or entry.verdict not in (Verdict.LOWER, Verdict.HIGHER):
        return ""
    relative = found.relative
    national = _percent(found.ratio.value) if found.ratio.value is not None else "not known"
    if relative.lower is None or relative.upper is None:
        return ""
    if relative.lower <= 1 <= relative.upper:
        return (
            f" {found.area} changed as well ({national}): this cannot be told apart from "
            f"the national change."
        )
    direction = "more" if (relative.upper < 1) == (entry.verdict is Verdict.LOWER) else "less"
    return f" That is {direction} than in {found.area} ({national})."


def _counted(figure: Figure, events: str = "") -> str:
    return f"{count_words(figure.count, events)} in the {figure.period.label}"


def _percent(ratio: float) -> str:
    change = abs(ratio - 1)
    if change < 0.005:
        return "unchanged"
    if ratio >= TIMES_FROM:
        return f"{ratio:.0f} times as high"
    return f"{change:.0%} {'lower' if ratio < 1 else 'higher'}"


def _range(lower: float, upper: float) -> str:
    ends = [_percent(lower), "no upper limit" if upper == float("inf") else _percent(upper)]
    words = [each.rsplit(" ", 1)[-1] for each in ends]
    if words[0] == words[1] and words[0] in ("lower", "higher"):
        small, large = sorted((abs(lower - 1), abs(upper - 1)))
        return f"{small:.0%} to {large:.0%} {words[0]}"
    return " to ".join(ends)
