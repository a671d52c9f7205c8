"""The sentences of where things happen: in public, at home, elsewhere."""

from __future__ import annotations

from vrn_metrics.analyses.figures import WHY_HIDDEN
from vrn_metrics.analyses.kinds_of_place import KindsOfPlace, PlaceYear


def places_sentence(found: KindsOfPlace) -> str:
    """The latest year that may be shown, by share, and whether the share has moved."""
    latest = found.latest
    if latest is None:
        return f"{found.measure.title} by kind of place: no year may be shown. {WHY_HIDDEN}"
    said = f"{found.measure.title} over the network, {latest.period.label}: {year_words(latest)}."
    first = next(each for each in found.years if not each.is_hidden)
    if first is latest:
        return said
    return f"{said} In the {first.period.label}: {year_words(first)}."


def year_words(year: PlaceYear) -> str:
    """One year by share, in words; *not known* only where there is any."""
    parts = [
        f"{each.place.title.lower()} {each.share:.0%} ({each.count})"
        for each in year.shares
        if each.share is not None and (each.share > 0 or each.place.key != "unknown")
    ]
    return ", ".join(parts) if parts else "nothing counted"


def places_caveat() -> str:
    """What is not shown, and why."""
    return (
        "By financial year over the network only, a year whole or not at all: settings of one "
        "district would be small. The setting is as the force or the hospital recorded it; a "
        "change in how often it is recorded moves the shares. Time of day is in no extract."
    )
