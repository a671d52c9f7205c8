"""The sentences of where and when things happen."""

from __future__ import annotations

from typing import Final

from vrn_metrics.analyses.circumstances import Circumstances, KindYear, Of
from vrn_metrics.analyses.figures import WHY_HIDDEN

_KINDS: Final = {Of.PLACE: "kind of place", Of.TIME: "time of day"}


def kinds_words(found: Circumstances) -> str:
    """What the kinds are kinds of."""
    return _KINDS[found.of]


def circumstances_sentence(found: Circumstances) -> str:
    """The latest year that may be shown, by share, and whether the share has moved."""
    latest = found.latest
    if latest is None:
        return f"{found.measure.title} by {_KINDS[found.of]}: no year may be shown. {WHY_HIDDEN}"
    said = f"{found.measure.title} over the network, {latest.period.label}: {year_words(latest)}."
    first = next(each for each in found.years if not each.is_hidden)
    if first is latest:
        return said
    return f"{said} In the {first.period.label}: {year_words(first)}."


def year_words(year: KindYear) -> str:
    """One year by share, in words; *not known* only where there is any."""
    parts = [
        f"{each.kind.title.lower()} {each.share:.0%} ({each.count})"
        for each in year.shares
        if each.share is not None and (each.share > 0 or each.kind.key != "unknown")
    ]
    return ", ".join(parts) if parts else "nothing counted"


def circumstances_caveat(found: Circumstances) -> str:
    """What is not shown, and why, and what the kinds rest on."""
    said = "By financial year over the network only, a year whole or not at all: "
    if found.of is Of.PLACE:
        return (
            f"{said}settings of one district would be small. The setting is as the force or the "
            "hospital recorded it; a change in how often it is recorded moves the shares."
        )
    return (
        f"{said}hours of one district would be small. The time is as recorded: an offence found "
        "later has the first or last time it could have been, or midnight, so that night may be "
        "too large."
    )
