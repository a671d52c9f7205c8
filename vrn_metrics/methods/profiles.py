"""What each custodian lets be shown of a small count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._linear import Numbers
from vrn_metrics.methods._problem import Standard


class DisclosureError(VrnMetricsError):
    """A table that cannot be shown safely, or that was not made by `publish`."""


@dataclass(frozen=True)
class Profile:
    """What one custodian lets be shown.

    Counts from 1 to `hidden_up_to` are hidden; others are rounded to the nearest
    `round_to` (0 for no rounding). Zero is shown. `reason` is what a reader is told.
    """

    key: str
    hidden_up_to: int
    round_to: int
    reason: str

    @property
    def standard(self) -> Standard:
        """What must stay possible of every small count.

        It might be any number from 1 to one above the threshold: so it cannot be told from
        other small counts, nor known to be small at all.
        """
        over = self.hidden_up_to + 1
        return Standard(width=self.hidden_up_to, lowest=1, highest=over)

    def shown_bounds(self, values: Numbers) -> tuple[Numbers, Numbers]:
        """What a reader knows of counts that are shown: themselves, or what rounds to them.

        Small ones are never shown; theirs are the counts themselves.
        """
        if not self.round_to:
            return values, values
        low, high = self.rounding_bounds(values, values)
        is_rounded = values > self.hidden_up_to
        return np.where(is_rounded, low, values), np.where(is_rounded, high, values)

    def rounding_bounds(self, lower: Numbers, upper: Numbers) -> tuple[Numbers, Numbers]:
        """What a reader of rounded bounds knows: the ends of both bounds' rounding cells."""
        half = self.round_to / 2
        least = np.ceil(_nearest(lower, self.round_to) - half)
        most = np.ceil(_nearest(upper, self.round_to) + half) - 1
        return np.maximum(least, self.hidden_up_to + 1), most


PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        each.key: each
        for each in (
            Profile(
                "nhs_hes",
                7,
                5,
                "Hidden: 1 to 7 events, a number small enough to point at a person. Other "
                "figures are rounded to the nearest 5.",
            ),
            Profile("ohid_1_5", 5, 0, "Hidden: 1 to 5 events could point at a person."),
            Profile("gss_lt5", 4, 0, "Hidden: 1 to 4 events could point at a person."),
            Profile("none_public", 0, 0, "Already published by the statistics' own publisher."),
        )
    }
)


def profile_named(key: str) -> Profile:
    """The profile with this key.

    Raises
    ------
    DisclosureError
        If there is none.
    """
    if key not in PROFILES:
        raise DisclosureError(f"no disclosure profile '{key}'; there are {', '.join(PROFILES)}.")
    return PROFILES[key]


def _nearest(values: np.ndarray, to: int) -> np.ndarray:
    return np.asarray(to * np.floor(values / to + 0.5))
