"""The measures. A new one is one entry in `_MEASURES`.

Definitions follow the Home Office's three success measures; where open data cannot give a
measure, a local extract comes first and the published proxy, if there is one, second, and
every figure says which it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures.measure import Measure, Numerator
from vrn_metrics.observations import ALL, OVER_25, UNDER_25, UNKNOWN

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
        by_place=series == "sharp-admissions" and not young,
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
        by_place=series == "knife-violence" and not young,
        by_time=series == "knife-violence" and not young,
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
