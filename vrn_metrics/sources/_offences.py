"""Which of our series an offence counts towards, from what the Home Office calls it."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from vrn_metrics.areas import REFERENCE

FRAUD: Final = "fraud"
POSSESSION, TOTAL = "possession", "total"
KNIFE_OFFENCES: Final = (
    "homicide",
    "attempted-murder",
    "threats-to-kill",
    "assault",
    "robbery",
    "rape",
    "sexual-assault",
)

_KNIVES = re.compile(r"\b(?:knife|knives|sharp|sharps)\b", re.IGNORECASE)


def names_knives(lines: Iterable[str]) -> bool:
    """Whether any of these titles speaks of knives or sharp instruments.

    Examples
    --------
    >>> names_knives(["prc-knives_or_sharps"])
    True
    """
    return any(_KNIVES.search(line.replace("_", " ")) for line in lines)


def group_series(group: str) -> str:
    """The series of an offence group, `fraud`, or nothing for a group that is not known.

    Examples
    --------
    >>> group_series("Possession of weapons offences")
    'weapon-possession'
    """
    return _parts()["group"].get(group.lower(), "")


def subgroup_series(subgroup: str) -> str:
    """The series of a subgroup of violence, or nothing for any other subgroup."""
    return _parts()["subgroup"].get(subgroup.lower(), "")


def knife_offence(description: str) -> str:
    """Which of the seven selected offences it is, `possession`, `total`, or nothing.

    Examples
    --------
    >>> knife_offence("Rape of a female aged 16 and over")
    'rape'
    >>> knife_offence("Possession of article with blade or point")
    'possession'
    """
    words = description.lower()
    phrases = _parts()["knife"].items()
    return next((series for phrase, series in phrases if phrase in words), "")


def all_groups() -> frozenset[str]:
    """The groups that make up total crime, without which a total would be too low."""
    return frozenset(_parts()["group"].values()) - {FRAUD}


@cache
def _parts() -> Mapping[str, Mapping[str, str]]:
    parts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    with (REFERENCE / "offence_series.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            parts[row["part"]][row["words"]] = row["series"]
    return parts
