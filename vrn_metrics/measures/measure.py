"""What a measure is, where its events come from, and which violence it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures.kinds import PLACES, TIMES, Kind
from vrn_metrics.observations import ALL, BY_TIME, UNDER_25, series_at


@dataclass(frozen=True)
class Numerator:
    """Where the events of a measure come from.

    `age_bands` are disjoint bands that add up to the measure's ages, and `sexes` likewise:
    published tables have a row for all, extracts have none and are added up (`None`).
    `settings`, when given, are the only ones counted.
    """

    source: str
    series: str
    definition: str = "published"
    age_bands: tuple[str, ...] = (ALL,)
    sexes: tuple[str, ...] | None = (ALL,)
    settings: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Definition:
    """One of the two readings of *serious violence* that the network is held to.

    They have separate figures and separate baselines, and never share a line.
    """

    key: str
    title: str
    text: str
    settings: tuple[str, ...] | None
    age_band: str | None


DUTY, ORIGINAL = "duty", "original"
DEFINITIONS: Mapping[str, Definition] = {
    each.key: each
    for each in (
        Definition(
            DUTY,
            "Serious Violence Duty: all settings",
            "In public places and dwellings, domestic or not (Police, Crime, Sentencing and "
            "Courts Act 2022, section 13, as the partnership applies it).",
            None,
            None,
        ),
        Definition(
            ORIGINAL,
            "Original remit: public places, under 25",
            "In public places, victims under 25: the network's remit in its first four years.",
            ("public",),
            UNDER_25,
        ),
    )
}


@dataclass(frozen=True)
class Measure:
    """One thing that is counted, set against a population and a baseline.

    Parameters
    ----------
    events
        What one counts, in the plural: admissions, offences, victims.
    numerators
        In order of preference: the first that has data answers.
    denominator
        Age band of the population.
    per
        The rate is events per this many people a year.
    window_months
        How much time one figure pools: 12, or 36 where a year holds too few events.
    baselines
        Keys, the default first.
    comparator
        The same quantity for England and Wales, to tell a local from a national change.
    success
        Whether it is one of the Home Office's success measures.
    serious_violence
        Whether its figures depend on which `Definition` of serious violence is asked for.
    by_place, by_time
        Whether its extract's figures are also counted by kind of place, and by time of day, over
        the network by year.
    """

    key: str
    title: str
    events: str
    age_band: str
    definition: str
    numerators: tuple[Numerator, ...]
    denominator: str
    per: int
    window_months: int
    baselines: tuple[str, ...]
    caveats: tuple[str, ...]
    checked_by: str
    next_review: date
    success: bool = False
    serious_violence: bool = False
    comparator: Numerator | None = None
    by_place: bool = False
    by_time: bool = False
    lower_is_better: bool = True
    comparable_from: date | None = None

    def under(self, definition: Definition) -> tuple[Numerator, ...]:
        """The numerators under a definition of serious violence; none where it has none.

        Published tables know no setting, so only extracts can answer for the original remit.
        """
        if not self.serious_violence or definition.settings is None:
            return self.numerators
        if definition.age_band not in (None, self.age_band):
            return ()
        return tuple(
            replace(each, settings=definition.settings)
            for each in self.numerators
            if each.definition != "published"
        )

    def in_places(self) -> tuple[tuple[Kind, Numerator], ...]:
        """Its extract's numerator in each kind of place; none where it is not counted so."""
        if not self.by_place:
            return ()
        whole = self._extract
        return tuple((place, replace(whole, settings=place.settings)) for place in PLACES)

    def at_times(self) -> tuple[tuple[Kind, Numerator], ...]:
        """Its extract's numerator at each time of day; none where it is not counted so."""
        if not self.by_time:
            return ()
        whole = self._extract
        return tuple(
            (time, replace(whole, series=series_at(whole.series, time.key), definition=BY_TIME))
            for time in TIMES
        )

    @property
    def _extract(self) -> Numerator:
        return next(each for each in self.numerators if each.definition == "extract")

    @property
    def age_words(self) -> str:
        """The ages it counts, in words."""
        return {ALL: "all ages", UNDER_25: "under 25"}[self.age_band]


def definition(key: str) -> Definition:
    """The definition of serious violence with this key.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if key not in DEFINITIONS:
        raise UnknownNameError(f"no definition '{key}'; there are {', '.join(DEFINITIONS)}.")
    return DEFINITIONS[key]
