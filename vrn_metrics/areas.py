"""The network, its nine districts, its roll-ups and the police forces.

Codes and names are from the ONS lookup *Local Authority District to Community Safety
Partnership to Police Force Area* (December 2024); they are facts kept as a small table in
`data/reference/areas.csv`, because local government reorganisation will change them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vrn_metrics.errors import UnknownNameError

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"

NETWORK = "E23000021"
UNASSIGNED = "E23000021-unassigned"
ENGLAND_AND_WALES = "K04000001"
ENGLAND = "E92000001"
LEICESTER, COUNTY, RUTLAND = "E06000016", "E10000018", "E06000017"


@dataclass(frozen=True)
class Area:
    """A place with an ONS code.

    `kind` is one of network, district, group, unassigned, force, region, country.
    """

    code: str
    name: str
    kind: str
    csp_code: str = ""
    parent: str = ""


@cache
def all_areas() -> Mapping[str, Area]:
    """Every area this project names itself, by code."""
    with (REFERENCE / "areas.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["code"]: Area(**row) for row in rows}


def area(code: str) -> Area:
    """The area with this code.

    Raises
    ------
    UnknownNameError
        If the code is none of ours.
    """
    try:
        return all_areas()[code]
    except KeyError:
        known = ", ".join(f"{each.code} {each.name}" for each in (network(), *districts()))
        raise UnknownNameError(
            f"no area has the code '{code}'; this project knows {known}."
        ) from None


def network() -> Area:
    """Leicester, Leicestershire and Rutland: the police force area."""
    return all_areas()[NETWORK]


def districts() -> tuple[Area, ...]:
    """The nine districts, which are also the nine Community Safety Partnerships."""
    return tuple(each for each in all_areas().values() if each.kind == "district")


def groups() -> tuple[Area, ...]:
    """City, county and Rutland as the partnership rolls them up."""
    return tuple(each for each in all_areas().values() if each.kind == "group")


def forces() -> tuple[Area, ...]:
    """The 43 territorial police forces of England and Wales."""
    return tuple(each for each in all_areas().values() if each.kind in ("force", "network"))


def members(code: str) -> tuple[str, ...]:
    """The codes whose events add up to the area's.

    *Unassigned* belongs to the network, or the districts would not add up to it.
    """
    if code == NETWORK:
        return (*(each.code for each in districts()), UNASSIGNED)
    if code == COUNTY:
        return tuple(each.code for each in districts() if each.parent == COUNTY)
    return (code,)


@cache
def _by_name() -> Mapping[str, str]:
    names = {
        _plain(each.name): each.code for each in all_areas().values() if each.kind == "district"
    }
    names |= {each.csp_code.lower(): each.code for each in all_areas().values() if each.csp_code}
    names |= {each.code.lower(): each.code for each in all_areas().values()}
    names |= {
        _plain(alias): UNASSIGNED
        for alias in ("Unassigned", "Unassigned Leicestershire", "Not known", "Unknown", UNASSIGNED)
    }
    return names


@cache
def _forces_by_name() -> Mapping[str, str]:
    named = {_plain(each.name): each.code for each in forces() if each.kind == "force"}
    return named | {
        "leicestershire": NETWORK,
        "city of london": named["london city of"],
        "metropolitan": named["metropolitan police"],
    }


def district_code(name_or_code: str) -> str | None:
    """The code of one of the nine, or of *Unassigned*, from its name, CSP code or own code.

    `None` when it is none of them: the caller knows whether that is an error.
    """
    return _by_name().get(_plain(name_or_code))


def force_code(name_or_code: str) -> str | None:
    """The code of a police force from its name, as the Home Office writes it."""
    found = _forces_by_name().get(_plain(name_or_code))
    known = all_areas().get(name_or_code.strip())
    return found or (known.code if known and known.kind in ("force", "network") else None)


def csp_code(name: str) -> str:
    """A key for a Community Safety Partnership of which only the name was published.

    Ours become district codes; others keep their name until a lookup file is loaded.
    """
    return district_code(name) or f"csp:{_plain(name).replace(' ', '-')}"


def _plain(name: str) -> str:
    words = re.sub(r"\[note \d+\]", " ", name.lower()).replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9:-]+", " ", words).split()).replace(" police force", "")
