"""The registers a measure is held against: baselines and breaks, as data with their sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from vrn_metrics.areas import NETWORK, REFERENCE, members
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures.measure import Numerator
from vrn_metrics.periods import Period


@dataclass(frozen=True)
class Baseline:
    """A named stretch of time to compare with, and why one would."""

    key: str
    title: str
    period: Period
    reason: str

    @property
    def in_sentence(self) -> str:
        """Its title within a sentence."""
        return f"{self.title[0].lower()}{self.title[1:]}"


@dataclass(frozen=True)
class Break:
    """A change in recording; `effect` says whether it bars comparison across its date."""

    key: str
    title: str
    since: date
    effect: Literal["breaks", "context"]
    sources: tuple[str, ...]
    series: tuple[str, ...]
    areas: Literal["network", "everywhere"]
    reason: str
    source: str
    until: date | None = None

    def touches(self, numerator: Numerator, area_code: str) -> bool:
        """Whether it changed what this numerator counts in this area."""
        return (
            (not self.sources or numerator.source in self.sources)
            and (not self.series or numerator.series in self.series)
            and (self.areas == "everywhere" or area_code in (NETWORK, *members(NETWORK)))
        )

    def lies_between(self, earlier: Period, later: Period) -> bool:
        """Whether a comparison of the two periods has figures from both sides of it.

        A change that took time is over only on its last day: a period that starts before
        then holds figures of the old recording, however few.
        """
        first, last = sorted((earlier, later))
        return first.start < (self.until or self.since) <= last.end


@cache
def baselines() -> Mapping[str, Baseline]:
    """The named baselines by key."""
    return {
        row["key"]: Baseline(
            row["key"], row["title"], Period(row["start"], row["end"]), row["reason"]
        )
        for row in _toml("baselines.toml")["baseline"]
    }


@cache
def breaks() -> tuple[Break, ...]:
    """The break register."""
    return tuple(
        Break(
            key=row["key"],
            title=row["title"],
            since=row["date"],
            until=row.get("until"),
            effect=row["effect"],
            sources=tuple(row["sources"]),
            series=tuple(row["series"]),
            areas=row["areas"],
            reason=row["reason"],
            source=row["source"],
        )
        for row in _toml("breaks.toml")["break"]
    )


def breaks_for(numerator: Numerator, area_code: str) -> tuple[Break, ...]:
    """The breaks that touch a numerator in an area, oldest first."""
    found = (each for each in breaks() if each.touches(numerator, area_code))
    return tuple(sorted(found, key=lambda each: each.since))


def baseline(key: str) -> Baseline:
    """The baseline with this key.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if key not in baselines():
        raise UnknownNameError(f"no baseline '{key}'; there are {', '.join(baselines())}.")
    return baselines()[key]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((REFERENCE / name).read_text(encoding="utf-8"))
