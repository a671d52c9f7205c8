"""What we measure: the catalogue, with its baselines and breaks.

A new measure is one entry in `CATALOGUE`. Definitions follow the Home Office's three
success measures; where open data cannot give a measure, a local extract comes first and
the published proxy, if there is one, second, and every figure says which it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal

from vrn_metrics.areas import NETWORK, REFERENCE, members
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.observations import ALL, OVER_25, UNDER_25, UNKNOWN
from vrn_metrics.periods import Period


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
class Baseline:
    """A named stretch of time to compare with, and why one would."""

    key: str
    title: str
    period: Period
    reason: str


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

    @property
    def age_words(self) -> str:
        """The ages it counts, in words."""
        return {ALL: "all ages", UNDER_25: "under 25"}[self.age_band]


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


def measure(key: str) -> Measure:
    """The measure with this key.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if key not in CATALOGUE:
        raise UnknownNameError(f"no measure '{key}'; there are {', '.join(CATALOGUE)}.")
    return CATALOGUE[key]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((REFERENCE / name).read_text(encoding="utf-8"))


_LOCAL_ALL = (UNDER_25, OVER_25, UNKNOWN)
_HEALTH = ("3y-2019-03", "ye-2019-03", "selection-2018-03", "ye-2020-03")
_POLICE = ("ye-2020-03", "ye-2019-03", "3y-2019-03", "selection-2018-03")
_REVIEW = date(2027, 4, 1)
_UNCHECKED = "not yet checked by the network's analyst"

_ADMISSIONS_CAVEAT = (
    "Admissions, not people: someone admitted twice counts twice. Attendances at A&E that do "
    "not lead to admission are not counted."
)
_POLICE_CAVEAT = "Recorded is not occurred: police figures move with recording and reporting."
_HOMICIDE_CAVEAT = (
    "Homicides are few; three years are pooled. The year is that of recording, and figures are "
    "revised as cases conclude."
)
_INDEPENDENCE = (
    "The test treats events as independent; one incident that hurts several people makes its "
    "interval, if anything, too narrow."
)


def _admissions(key: str, title: str, series: str, young: bool, definition: str) -> Measure:
    """A measure of hospital admissions; published files have no under-25 figure."""
    published = (
        ()
        if young or series != "sharp-admissions"
        else (Numerator("nhs-sharp-admissions", "sharp-admissions"),)
    )
    bands = (UNDER_25,) if young else _LOCAL_ALL
    return Measure(
        key=key,
        title=title,
        events="admissions",
        age_band=UNDER_25 if young else ALL,
        definition=definition,
        numerators=(Numerator("vrn-admissions", series, "extract", bands, None), *published),
        denominator=UNDER_25 if young else ALL,
        per=100_000,
        window_months=12,
        baselines=_HEALTH,
        caveats=(_ADMISSIONS_CAVEAT, _INDEPENDENCE),
        checked_by=_UNCHECKED,
        next_review=_REVIEW,
        success=series == "sharp-admissions",
    )


def _by_district(series: str) -> tuple[Numerator, ...]:
    """The published tables that know districts; none knows knives."""
    if series == "knife-offences":
        return ()
    return (Numerator("ho-prc-csp", series), Numerator("ons-table-c2", series))


def _offences(
    key: str, title: str, series: str, published: str, young: bool, definition: str
) -> Measure:
    """A measure of recorded offences; published files have no age of victim."""
    source = "ho-knife" if series == "knife-violence" else "ho-prc-force"
    national = Numerator(source, published)
    return Measure(
        key=key,
        title=title,
        events="offences",
        age_band=UNDER_25 if young else ALL,
        definition=definition,
        numerators=(
            Numerator(
                "vrn-offences", series, "extract", (UNDER_25,) if young else _LOCAL_ALL, None
            ),
            *(() if young else (national, *_by_district(published))),
        ),
        denominator=UNDER_25 if young else ALL,
        per=100_000,
        window_months=12,
        baselines=_POLICE,
        caveats=(_POLICE_CAVEAT, _INDEPENDENCE),
        checked_by=_UNCHECKED,
        next_review=_REVIEW,
        success=series == "knife-violence",
        serious_violence=series == "knife-violence",
        comparator=None if young else national,
    )


def _homicides(
    key: str, title: str, series: str, local: str, young: bool, definition: str
) -> Measure:
    """A measure of homicide victims; only the total is published by force."""
    national = Numerator("ho-prc-force", "homicide")
    all_homicide = series == "homicides"
    return Measure(
        key=key,
        title=title,
        events="victims",
        age_band=UNDER_25 if young else ALL,
        definition=definition,
        numerators=(
            Numerator("vrn-homicides", series, local, (UNDER_25,) if young else _LOCAL_ALL, None),
            *((national, *_by_district("homicide")) if all_homicide else ()),
        ),
        denominator=UNDER_25 if young else ALL,
        per=1_000_000,
        window_months=36,
        baselines=_HEALTH,
        caveats=(_HOMICIDE_CAVEAT, _INDEPENDENCE),
        checked_by=_UNCHECKED,
        next_review=_REVIEW,
        success=not all_homicide,
        comparator=national if all_homicide else None,
    )


_SHARP = (
    "Finished admission episodes with the external cause X99 (assault by sharp object) in the "
    "first cause position, residents of the area"
)
_SEVEN = (
    "Recorded homicide, attempted murder, threats to kill, assault with injury or intent, "
    "robbery, rape and sexual assault in which a knife or sharp instrument was used or "
    "threatened; possession is not in it"
)
_NONDOMESTIC = (
    "Victims of murder, manslaughter and infanticide, less domestic homicides as ONS defines "
    "them (victim aged 16 or over, killed by a partner, ex-partner or family member); relation "
    "not known counts as non-domestic"
)

_MEASURES = (
    _admissions(
        "knife-admissions",
        "Hospital admissions for assault with a knife or sharp object",
        "sharp-admissions",
        False,
        f"{_SHARP}, all ages.",
    ),
    _admissions(
        "knife-admissions-under25",
        "Hospital admissions for assault with a knife or sharp object, under 25",
        "sharp-admissions",
        True,
        f"{_SHARP}, aged 0 to 24.",
    ),
    _offences(
        "knife-violence",
        "Knife-enabled serious violence",
        "knife-violence",
        "knife-offences",
        False,
        f"{_SEVEN}; all ages.",
    ),
    _offences(
        "knife-violence-under25",
        "Knife-enabled serious violence, victims under 25",
        "knife-violence",
        "",
        True,
        f"{_SEVEN}; victims aged 0 to 24.",
    ),
    _homicides(
        "homicides-nondomestic",
        "Non-domestic homicides",
        "homicides-nondomestic",
        "ons",
        False,
        f"{_NONDOMESTIC}; all ages.",
    ),
    _homicides(
        "homicides-nondomestic-under25-knife",
        "Non-domestic homicides with a knife, victims under 25",
        "homicides-nondomestic-knife",
        "ons",
        True,
        f"{_NONDOMESTIC}; victims aged 0 to 24, method a sharp instrument.",
    ),
    _admissions(
        "violence-admissions",
        "Hospital admissions for any assault",
        "assault-admissions",
        False,
        "Finished admission episodes with an external cause X85 to Y09 (assault), all ages.",
    ),
    _offences(
        "violence-with-injury",
        "Violence with injury",
        "violence-with-injury",
        "violence-with-injury",
        False,
        "Recorded offences in the Home Office subgroup violence with injury, all ages.",
    ),
    _offences(
        "robbery",
        "Robbery",
        "robbery",
        "robbery",
        False,
        "Recorded robbery of personal and business property.",
    ),
    _offences(
        "weapon-possession",
        "Possession of weapons",
        "weapon-possession",
        "weapon-possession",
        False,
        "Recorded offences of possessing a weapon; it moves with police activity.",
    ),
    _homicides(
        "homicides",
        "Homicides, domestic ones included",
        "homicides",
        "ons",
        False,
        "Victims of murder, manslaughter and infanticide, all ages.",
    ),
)

CATALOGUE: Mapping[str, Measure] = {each.key: each for each in _MEASURES}
