"""Columns of an extract, each word understood once, every broken one counted."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from vrn_metrics import areas
from vrn_metrics.errors import Problem, UnknownNameError
from vrn_metrics.observations import OVER_25, SETTINGS, TIMES, UNDER_25, UNKNOWN
from vrn_metrics.periods import parse_month
from vrn_metrics.sources._extract import SEE, Extract

T = TypeVar("T")

OUTSIDE: Final = "outside"
OLDEST: Final = 120
LARGEST_COUNT: Final = 100_000  # more than a force records of anything in a month

_NOT_KNOWN: Final = frozenset({"", "unknown", "not known", "not stated", "not recorded", "u", "-"})
_SEXES: Final = {
    "female": "female",
    "f": "female",
    "2": "female",
    "male": "male",
    "m": "male",
    "1": "male",
    "9": UNKNOWN,
    "0": UNKNOWN,
}
_ANSWERS: Final = {
    "yes": "yes",
    "y": "yes",
    "true": "yes",
    "1": "yes",
    "no": "no",
    "n": "no",
    "false": "no",
    "0": "no",
}
_TIME: Final = re.compile(r"([01]?\d|2[0-3])(?:[:.][0-5]\d){0,2}")
_COUNT: Final = re.compile(r"-?\d{1,9}|-?\d{1,3}(?:,\d{3})+")


@dataclass
class Columns:
    """The columns of one extract as values; `faults` fills up while they are read."""

    extract: Extract
    faults: list[Problem] = field(default_factory=list)

    def months(self) -> list[date]:
        """First day of each row's month, inside what the file covers."""
        covers = self.extract.covers

        def month(word: str) -> date:
            found = parse_month(word)
            if not covers.contains(found):
                raise UnknownNameError("outside what the file covers")
            return found.start

        expected = f"a month such as 2024-07, from {covers.start:%B %Y} to {covers.end:%B %Y}"
        name = "month" if self.extract.has("month") else "date"
        return self._read(name, month, expected, covers.start)

    def areas(self, *, force_level: bool = False) -> list[str]:
        """District codes; `areas.UNASSIGNED` where not known, `OUTSIDE` where elsewhere."""

        def area(word: str) -> str:
            plain = word.lower()
            if plain in _NOT_KNOWN:
                return areas.UNASSIGNED
            if plain == OUTSIDE:
                return OUTSIDE
            if force_level and (word == areas.NETWORK or plain in ("leicestershire", "llr")):
                return areas.NETWORK
            code = areas.district_code(word)
            if code is None or code == areas.NETWORK or code == areas.COUNTY:
                raise UnknownNameError(word)
            return code

        names = [each.name for each in areas.districts()]
        fix = f"The districts are {', '.join(names)}; 'outside' for elsewhere, blank for not known."
        near = _suggestion(self.extract.columns["district"], names)
        return self._read(
            "district", area, "a district of the network", areas.UNASSIGNED, near or fix
        )

    def age_bands(self) -> list[str]:
        """Under 25, 25 and over, or unknown; from completed years or from a band."""

        def of_age(word: str) -> str:
            if word.lower() in _NOT_KNOWN:
                return UNKNOWN
            years = int(word) if word.isascii() and word.isdigit() else -1
            if not 0 <= years <= OLDEST:
                raise UnknownNameError(word)
            return UNDER_25 if years < 25 else OVER_25

        def of_band(word: str) -> str:
            band = word.lower().replace(" ", "").replace("to", "-").replace("–", "-")
            band = {"under25": UNDER_25, "25andover": OVER_25, "<25": UNDER_25}.get(band, band)
            if word.lower() in _NOT_KNOWN:
                return UNKNOWN
            if band not in (UNDER_25, OVER_25):
                raise UnknownNameError(word)
            return band

        if self.extract.has("age"):
            expected = f"an age in completed years, 0 to {OLDEST}, or blank"
            return self._read("age", of_age, expected, UNKNOWN)
        if self.extract.has("age_band"):
            return self._read("age_band", of_band, "one of 0-24, 25+, unknown", UNKNOWN)
        return [UNKNOWN] * len(self.extract.rows)

    def sexes(self) -> list[str]:
        """Female, male or unknown."""
        return self._choice("sex", _SEXES, "female, male or unknown")

    def settings(self) -> list[str]:
        """Where it happened, in one of the words of `observations.SETTINGS`."""
        known = {word: word for word in SETTINGS[1:]}
        return self._choice("setting", known, f"one of {', '.join(known)}")

    def times(self) -> list[str]:
        """The time of day, in one of the words of `observations.TIMES`."""
        by_hour = {hour: key for key, hours in TIMES.items() for hour in hours}

        def time(word: str) -> str:
            plain = "-".join(word.lower().replace("-", " ").split())
            if word.lower() in _NOT_KNOWN or plain in TIMES:
                return plain if plain in TIMES else UNKNOWN
            found = _TIME.fullmatch(word)
            if found is None:
                raise UnknownNameError(word)
            return by_hour[int(found[1])]

        expected = f"a time such as 21:30, or one of {', '.join(TIMES)}"
        return self._read("time", time, expected, UNKNOWN)

    def answers(self, name: str) -> list[str]:
        """Yes, no or unknown."""
        return self._choice(name, _ANSWERS, "yes, no or unknown")

    def choices(self, name: str, known: dict[str, str]) -> list[str]:
        """One of some words, each standing for a value; not known is `UNKNOWN`."""
        return self._choice(name, known, f"one of {', '.join(known)}")

    def words(self, name: str, read: Callable[[str], str], expected: str) -> list[str]:
        """Any column by its own reading, which raises `UnknownNameError` for a wrong word."""
        return self._read(name, read, expected, "")

    def counts(self, *, may_be_negative: bool = False) -> list[int]:
        """Events of each row; without the column every row is one."""

        def count(word: str) -> int:
            if not _COUNT.fullmatch(word):
                raise UnknownNameError(word)
            value = int(word.replace(",", ""))
            if (value < 0 and not may_be_negative) or abs(value) > LARGEST_COUNT:
                raise UnknownNameError(word)
            return value

        if not self.extract.has("count"):
            return [1] * len(self.extract.rows)
        expected = "a whole number" + ("" if may_be_negative else ", zero or more")
        return self._read("count", count, expected, 0)

    def _choice(self, name: str, known: dict[str, str], expected: str) -> list[str]:
        if not self.extract.has(name):
            return [UNKNOWN] * len(self.extract.rows)

        def choose(word: str) -> str:
            plain = " ".join(word.lower().replace("-", " ").split())
            if plain in _NOT_KNOWN:
                return UNKNOWN
            found = known.get(plain) or known.get(word.lower())
            if found is None:
                raise UnknownNameError(word)
            return found

        return self._read(name, choose, expected, UNKNOWN)

    def _read(
        self, name: str, read: Callable[[str], T], expected: str, instead: T, fix: str = SEE
    ) -> list[T]:
        """Every row's value; a broken word is noted with its first row and how often."""
        values: dict[str, T] = {}
        broken: dict[str, list[int]] = {}
        result = []
        for number, word in zip(self.extract.rows, self.extract.columns[name], strict=True):
            if word not in values and word not in broken:
                try:
                    values[word] = read(word)
                except UnknownNameError:
                    broken[word] = []
            if word in broken:
                broken[word].append(number)
            result.append(values.get(word, instead))
        if broken:
            rows = sorted(number for numbers in broken.values() for number in numbers)
            shown = ", ".join(f"'{word[:40]}'" for word in list(broken)[:5])
            self.faults.append(
                Problem(f"{expected} in column '{name}'", shown, fix, row=rows[0], times=len(rows))
            )
        return result


def _suggestion(words: object, names: list[str]) -> str | None:
    """What the first unknown district may have meant."""
    for word in dict.fromkeys(words):  # type: ignore[call-overload]
        if word.lower() in _NOT_KNOWN or word.lower() == OUTSIDE or areas.district_code(word):
            continue
        if near := difflib.get_close_matches(word.title(), names, n=1):
            return f"Did you mean {near[0]} for '{word}'?"
    return None
