"""Figures out of words: what a sentence, a table or a label says of a count."""

from __future__ import annotations

import calendar
import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from tests.attacker.knowledge import Span

Bounds = tuple[int, int]

_MONTHS: Final = {name: number for number, name in enumerate(calendar.month_name) if name}
_YEARS: Final = {"two": 2, "three": 3, "four": 4, "five": 5}
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)}) \d{{4}}"
_LABEL: Final = (
    rf"(?:year ending {_MONTH}|(?:{'|'.join(_YEARS)}) years ending {_MONTH}"
    rf"|{_MONTH} to {_MONTH}|{_MONTH})"
)
_COUNTED: Final = re.compile(
    rf"(?:a hidden number(?: of \w+)? \((?P<least>{_NUMBER}) to (?P<most>{_NUMBER})\)"
    rf"|(?P<from>{_NUMBER}) to (?P<to>{_NUMBER})(?: \w+)? \(rounded\)"
    rf"|(?P<exact>{_NUMBER})(?: \w+)?) in the (?P<label>{_LABEL})"
)
_CELL: Final = re.compile(rf"(?:hidden \()?({_NUMBER})(?:–({_NUMBER}))?\)?")
_KNOWN_ONLY: Final = re.compile(
    rf"the counts are known only to be ({_NUMBER})(?:–({_NUMBER}))?"
    rf" and ({_NUMBER})(?:–({_NUMBER}))?"
)
_ANY_NUMBER: Final = re.compile(rf"{_NUMBER}(?:\.\d+)?")
_DAY: Final = re.compile(rf"\b(?:[1-9]|[12]\d|3[01]) {_MONTH}\b")
_LENGTH: Final = re.compile(r"\b\d+ (?:periods of|months)\b")
_SAID_BY_A_TAG: Final = re.compile(r"(?:aria-label|title|alt)=\"([^\"]*)\"")
_STYLE: Final = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


def span_of(label: str) -> Span:
    """The first and last day of *year ending March 2019* and its like."""
    ends = re.findall(_MONTH, label)
    last = _first_day(ends[-1])
    if "ending" in label:
        years = next((number for word, number in _YEARS.items() if word in label.lower()), 1)
        first = _month_after(date(last.year - years, last.month, 1))
    else:
        first = _first_day(ends[0])
    return first, _month_after(last) - timedelta(days=1)


def counted(sentence: str) -> Iterator[tuple[Span, Bounds]]:
    """Every count that a sentence gives with its period."""
    for found in _COUNTED.finditer(sentence):
        said = [found[name] for name in ("least", "most", "from", "to") if found[name]]
        bounds = said or [found["exact"]] * 2
        yield span_of(found["label"]), (_whole(bounds[0]), _whole(bounds[1]))


def known_only(reason: str) -> tuple[Bounds, Bounds] | None:
    """The count now and the baseline's, where a reason for having no ratio gives them away."""
    found = _KNOWN_ONLY.fullmatch(reason)
    if not found:
        return None
    now, then = (found[1], found[2] or found[1]), (found[3], found[4] or found[3])
    return (_whole(now[0]), _whole(now[1])), (_whole(then[0]), _whole(then[1]))


def bounds_of(cell: str) -> Bounds | None:
    """The least and most of a count in a table; `None` for a mark without any."""
    found = _CELL.fullmatch(cell.strip())
    if not found:
        return None
    return _whole(found[1]), _whole(found[2] or found[1])


def plain(words: str) -> str:
    """What a page says without its tags, the labels that pictures have for the blind included."""
    without_style = _STYLE.sub(" ", words)
    labels = " ".join(_SAID_BY_A_TAG.findall(without_style))
    text = f"{_TAG.sub(' ', without_style)} {labels}"
    return html.unescape(text).replace("\\", "")


def numbers_in(text: str) -> set[str]:
    """Every number in a text as it is written, without commas; days and lengths are left out.

    The days on which something was approved may be chosen from: they are no figures.
    """
    plain = _DAY.sub(" ", _LENGTH.sub(" ", text))
    return {found.replace(",", "") for found in _ANY_NUMBER.findall(plain)}


def ways_to_say(value: float) -> set[str]:
    """A number as an answer may write it: rounded, as a percentage or a change."""
    said = {f"{value:.{places}f}" for places in range(4)} | {f"{value:g}"}
    # A change is worked out before it is rounded to three places: one either way at a half.
    for change in (value, abs(value - 1)):
        said |= {f"{100 * (change + off):.0f}" for off in (-0.0005, 0, 0.0005)}
        said |= {f"{100 * (change + off):.1f}" for off in (-0.0005, 0, 0.0005)}
    return said


def values_in(node: Any) -> Iterator[Any]:
    """Every value of an answer in JSON, but the sentences made of the others."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("sentence", "reason"):
                yield from values_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from values_in(value)
    else:
        yield node


def sentences_in(node: Any) -> Iterator[str]:
    """Every sentence and reason of an answer in JSON, but reasons that `known_only` reads."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("sentence", "reason"):
                if value and not known_only(value):
                    yield value
            else:
                yield from sentences_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences_in(value)


def _whole(word: str) -> int:
    return int(word.replace(",", ""))


def _first_day(month: str) -> date:
    name, year = month.split()
    return date(int(year), _MONTHS[name], 1)


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
