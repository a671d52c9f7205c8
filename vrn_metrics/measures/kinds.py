"""In what circumstances events are counted apart: kinds of place, and times of day."""

from __future__ import annotations

from dataclasses import dataclass

from vrn_metrics.observations import TIMES as HOURS
from vrn_metrics.observations import UNKNOWN


@dataclass(frozen=True)
class Kind:
    """A kind of place, which is settings of the extracts coarsened, or a time of day."""

    key: str
    title: str
    settings: tuple[str, ...] | None = None


PLACES: tuple[Kind, ...] = (
    Kind("public", "Public places", ("public",)),
    Kind("dwelling", "Dwellings", ("dwelling",)),
    Kind(
        "elsewhere", "Hospitality, education and elsewhere", ("hospitality", "education", "other")
    ),
    Kind(UNKNOWN, "Not known", (UNKNOWN,)),
)
"""Every setting in one of four: finer ones would be small, and would hide the others."""


def _titled(key: str, hours: tuple[int, ...]) -> Kind:
    name = key.replace("-", " ").capitalize()
    if not hours:
        return Kind(key, "Not known")
    return Kind(key, f"{name} ({hours[0]:02}:00 to {hours[-1]:02}:59)")


TIMES: tuple[Kind, ...] = tuple(_titled(key, hours) for key, hours in HOURS.items())
"""Every hour in one of four, and what is not known."""
