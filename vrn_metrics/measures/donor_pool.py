"""Which forces can stand for what would have happened, and what the nation's evaluators found."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from vrn_metrics.areas import REFERENCE, force_code
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.periods import Period


@dataclass(frozen=True)
class Force:
    """A territorial police force.

    `population` is of mid-2024 and stands for every year: populations of force areas are not
    published as a series of their own. `funded_from` is the financial year of the first grant
    for a Violence Reduction Unit; empty where there was none.
    """

    code: str
    name: str
    population: int
    funded_from: str
    source: str


@dataclass(frozen=True)
class Incomparable:
    """Why the figures of a force, of some sources or years, cannot be compared."""

    force: str
    sources: tuple[str, ...]
    title: str
    reason: str
    source: str
    since: date | None = None
    until: date | None = None

    def spoils(self, source: str, first: Period, last: Period) -> bool:
        """Whether it is in these years of this source."""
        return (not self.sources or source in self.sources) and (
            self.since is None
            or self.until is None
            or (self.since <= last.end and first.start <= self.until)
        )


@dataclass(frozen=True)
class NationalFigure:
    """One published result of the national evaluation.

    `effect` is per `per` people, or in events where `per` is `None`; `None` where only its
    lack of significance was published.
    """

    year_ending: date
    published: date
    outcome: str
    measures: tuple[str, ...]
    effect: float | None
    per: int | None
    p_value: float | None
    is_significant: bool
    words: str
    source: str


@cache
def police_forces() -> Mapping[str, Force]:
    """The 43 territorial forces by code."""
    return {
        row["code"]: Force(
            row["code"],
            row["name"],
            int(row["population"]),
            row["funded_from"],
            row["source"],
        )
        for row in _rows("forces.csv")
    }


@cache
def incomparable() -> tuple[Incomparable, ...]:
    """The register of figures that cannot be compared."""
    text = (REFERENCE / "donor_pool.toml").read_text(encoding="utf-8")
    return tuple(
        Incomparable(**{**row, "sources": tuple(row["sources"])})
        for row in tomllib.loads(text)["incomparable"]
    )


@cache
def national_figures() -> tuple[NationalFigure, ...]:
    """What the national evaluations published, oldest first."""
    return tuple(
        NationalFigure(
            year_ending=date.fromisoformat(row["year_ending"]),
            published=date.fromisoformat(row["published"]),
            outcome=row["outcome"],
            measures=tuple(row["measures"].split()),
            effect=float(row["effect"]) if row["effect"] else None,
            per=int(row["per"]) if row["per"] else None,
            p_value=float(row["p_value"]) if row["p_value"] else None,
            is_significant=row["significant"] == "yes",
            words=row["words"],
            source=row["source"],
        )
        for row in _rows("national_evaluation.csv")
    )


def police_force(name_or_code: str) -> Force:
    """The force with this name or code.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    code = force_code(name_or_code)
    if code is None or code not in police_forces():
        known = ", ".join(each.name for each in police_forces().values())
        raise UnknownNameError(f"no police force '{name_or_code}'; there are {known}.")
    return police_forces()[code]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))
