"""What the answers say of counts, as facts; numbers that nothing explains are kept as well.

A fact is a sum of cells between two bounds. Counts are facts; so are rates, which give the
count back once multiplied by the people, and ratios of two rates, which tie two counts.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np
from scipy import stats

from tests.attacker import outlets, reading
from tests.attacker.knowledge import (
    LOCAL,
    Cell,
    People,
    Span,
    baselines,
    months_of,
    tally_of,
)
from tests.attacker.outlets import Question
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.sources import all_readers

RATE, RATIO = 0.05, 0.0005  # half of the last place that is shown
TAIL: Final = 0.025
# Intervals, ages, what rates are of, and the names of sources that might have answered.
ALWAYS_SAID: Final = {"95", "25", "100000", "1000000"} | reading.numbers_in(
    " ".join(each.source.title for each in all_readers().values())
)
MOST: Final = 100_000  # events that a limit of a rate is looked for among

Bounds = tuple[int, int]

Vintage = str
"""The releases that a figure is from, as the answer names them."""


@dataclass(frozen=True)
class Fact:
    """A weighted sum of cells of one vintage that is known to lie between two bounds."""

    vintage: Vintage
    terms: tuple[tuple[float, Cell], ...]
    lower: float
    upper: float


@dataclass(frozen=True)
class Ratio:
    """A rate over another with its limits, as shown; `None` stands for no upper limit."""

    vintage: Vintage
    now: Cell
    then: Cell
    value: float | None
    lower: float | None
    upper: float | None


@dataclass
class Collected:
    """All that was found out.

    `counts` are the cells that were mentioned at all, with the bounds said of them;
    `strange` are numbers that were said and do not follow from the counts beside them.
    """

    people: People
    facts: set[Fact] = field(default_factory=set)
    ratios: set[Ratio] = field(default_factory=set)
    counts: dict[tuple[Vintage, Cell], Bounds | None] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    answers: dict[Question, dict[str, Any]] = field(default_factory=dict)

    def add(self, vintage: Vintage, cell: Cell, bounds: Bounds | None) -> None:
        """Note what was said of a count."""
        before = self.counts.setdefault((vintage, cell), bounds)
        if None not in (before, bounds) and before != bounds:
            self.strange.append(f"{cell} is said to be {before} and {bounds} as well")
        self.limit(vintage, cell, bounds)

    def limit(self, vintage: Vintage, cell: Cell, bounds: tuple[float, float] | None) -> None:
        """Note what follows for a count."""
        if bounds is not None:
            self.facts.add(Fact(vintage, ((1.0, cell),), *bounds))


def collect(
    url: str,
    people: People,
    questions: Iterable[Question],
    *,
    also_in_words: Iterable[Question] = (),
    also_on_pages: Iterable[Question] = (),
) -> Collected:
    """Ask, and note everything that is said of counts from local extracts.

    Parameters
    ----------
    questions
        Asked in JSON.
    also_in_words
        Asked as CSV and as the table of the terminal as well.
    also_on_pages
        Opened as a page as well.
    """
    found = Collected(people)
    for question in questions:
        _answer(url, found, question)
    for question in also_in_words:
        for shape in ("csv", "table"):
            _read_words(found, url, question, outlets.ask(url, question, shape), shape)
    for question in also_on_pages:
        page = outlets.visit(url, question.outlet, question.parameters())
        said = reading.plain(page.words)
        for table in page.tables:
            _read_rows(found, url, question, table)
            said += "\n" + "\n".join(" ".join(map(str, row.values())) for row in table)
        _must_be_known(found, url, question, said)
    for ratio in found.ratios:
        _use_ratio(found, ratio)
    return found


def _answer(url: str, found: Collected, question: Question) -> dict[str, Any]:
    """The answer in JSON, read once."""
    if question not in found.answers:
        answer = json.loads(outlets.ask(url, question, "json"))
        found.answers[question] = answer
        _read_json(found, url, question, answer)
    return found.answers[question]


def _entries(node: Any) -> Iterator[dict[str, Any]]:
    """Every object that says of which measure it is and where its figures come from."""
    if isinstance(node, dict):
        if "measure" in node and "releases" in node:
            yield node
        for value in node.values():
            yield from _entries(value)
    elif isinstance(node, list):
        for value in node:
            yield from _entries(value)


def _sources(answer: dict[str, Any]) -> dict[str, tuple[str, Vintage]]:
    """By measure: the tally, and the vintage of its figures; local ones only."""
    known = {}
    for entry in _entries(answer):
        own = [each for each in entry["releases"] if each.split()[1] == entry["source"]]
        if entry["source"] in LOCAL:
            tally = tally_of(entry["measure"], entry["definition_key"])
            known[entry["measure"]] = (tally, " & ".join(sorted(own)))
    return known


def _read_json(found: Collected, url: str, question: Question, answer: dict[str, Any]) -> None:
    area = answer["area"]["code"]
    sources = _sources(answer)

    def walk(node: Any, measure: str) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each, measure)
        if not isinstance(node, dict):
            return
        measure = node.get("measure", measure)
        if measure in sources:
            tally, vintage = sources[measure]
            _read_object(found, node, area, tally, vintage)
        for value in node.values():
            walk(value, measure)

    walk(answer, question.measure)
    _must_be_known(found, url, question, "\n".join(reading.sentences_in(answer)))
    for entry in _entries(answer):
        if entry["measure"] in sources:
            tally, vintage = sources[entry["measure"]]
            for span, bounds in reading.counted(entry["sentence"]):
                found.add(vintage, Cell(tally, area, span), bounds)


def _read_object(
    found: Collected, node: dict[str, Any], area: str, tally: str, vintage: Vintage
) -> None:
    """The count, the rate and the ratios that an object gives of its period."""
    span = _span(node.get("period"))
    if span is None:
        return
    cell = Cell(tally, area, span)
    if "count" in node:
        count = node["count"]
        known = count["lower"] is not None
        found.add(vintage, cell, (count["lower"], count["upper"]) if known else None)
    if node.get("rate"):
        bounds = _from_rate(node["rate"], found.people.person_years(cell))
        if bounds is None:
            found.strange.append(f"no count has the rate {node['rate']} in {cell}")
        found.limit(vintage, cell, bounds)
    if "sensitivity" in node:
        for other in node["sensitivity"]:
            ratio = other["rate_ratio"]
            then = Cell(tally, area, baselines()[other["baseline"]][1])
            if said := reading.known_only(other["reason"]):
                found.add(vintage, cell, said[0])
                found.add(vintage, then, said[1])
            if ratio is not None:
                ends = (ratio["value"], ratio["lower"], ratio["upper"])
                found.ratios.add(Ratio(vintage, cell, then, *ends))


def _span(period: dict[str, str] | None) -> Span | None:
    if not period:
        return None
    return date.fromisoformat(period["start"]), date.fromisoformat(period["end"])


def _from_rate(rate: Mapping[str, Any], years: float | None) -> tuple[float, float] | None:
    """The counts whose rate and limits are those shown; `None` where there is no such count."""
    if years is None:
        return 0, np.inf
    scale = years / rate["per"]
    counts, low, high = _limits()
    edge = RATE * 1.0001
    least = np.searchsorted(low, (rate["lower"] - edge) * scale)
    most = np.searchsorted(high, (rate["upper"] + edge) * scale, "right") - 1
    if low[least] > (rate["lower"] + edge) * scale or high[most] < (rate["upper"] - edge) * scale:
        return None
    bounds = float(counts[least]), float(counts[most])
    if rate["value"] is not None:
        value = rate["value"]
        bounds = (
            max(bounds[0], np.ceil((value - RATE) * scale - 1e-6)),
            min(bounds[1], np.floor((value + RATE) * scale + 1e-6)),
        )
    return bounds if bounds[0] <= bounds[1] else None


@cache
def _limits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts with their 95% limits: exact below 10, Byar's from 10, as METHODS.md says."""
    counts = np.arange(MOST)
    z = stats.norm.ppf(1 - TAIL)
    events = np.maximum(counts, 1)
    byar_low = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3
    after = counts + 1
    byar_high = after * (1 - 1 / (9 * after) + z / (3 * np.sqrt(after))) ** 3
    exact_low = np.where(counts > 0, stats.chi2.ppf(TAIL, 2 * events) / 2, 0)
    exact_high = stats.chi2.ppf(1 - TAIL, 2 * after) / 2
    few = counts < 10
    return counts, np.where(few, exact_low, byar_low), np.where(few, exact_high, byar_high)


def _use_ratio(found: Collected, ratio: Ratio) -> None:
    """Tie the two counts by the ratio of their rates; its limits must follow from their bounds."""
    cells = (ratio.now, ratio.then)
    years = [found.people.person_years(each) for each in cells]
    now, then = (each or len(months_of(cell.span)) for each, cell in zip(years, cells, strict=True))
    if ratio.value is not None:
        for end, sides in ((ratio.value + RATIO, (-np.inf, 0)), (ratio.value - RATIO, (0, np.inf))):
            terms = ((1.0, ratio.now), (-end * now / then, ratio.then))
            found.facts.add(Fact(ratio.vintage, terms, *sides))
    bounds, bounds_then = (found.counts.get((ratio.vintage, each)) for each in cells)
    if bounds is None or bounds_then is None:
        found.strange.append(f"{ratio}, where no count is known")
        return
    (least, most), (least_then, most_then) = bounds, bounds_then
    expected = (
        _limit_of_ratio(least, most_then, now, then, TAIL),
        _limit_of_ratio(most, least_then, now, then, 1 - TAIL),
    )
    for said, follows in zip((ratio.lower, ratio.upper), expected, strict=True):
        alike = said is None if np.isinf(follows) else _near(said, follows)
        if not alike:
            found.strange.append(f"{said} is a limit of {ratio}, where {follows} follows")


def _limit_of_ratio(count: float, other: float, now: float, then: float, tail: float) -> float:
    """One exact limit of a ratio of rates, from the binomial share of the later events."""
    if tail < 0.5:
        share = stats.beta.ppf(tail, count, other + 1) if count else 0.0
    else:
        share = stats.beta.ppf(tail, count + 1, other) if other else 1.0
    return np.inf if share == 1 else share / (1 - share) * then / now


def _near(said: float | None, follows: float) -> bool:
    return said is not None and abs(said - follows) <= RATIO * 1.01 + 1e-6 * follows


def _read_words(found: Collected, url: str, question: Question, text: str, shape: str) -> None:
    if shape == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        _must_be_known(
            found, url, question, "\n".join(each for row in rows for each in row.values())
        )
        _read_rows(found, url, question, rows)
        return
    _must_be_known(found, url, question, text)
    answer = _answer(url, found, question)
    sources = _sources(answer)
    by_title = {CATALOGUE[key].title: key for key in sources}
    measure = question.measure
    for line in text.splitlines():
        measure = next((by_title[t] for t in sorted(by_title) if line.endswith(t)), measure)
        if measure in sources:
            tally, vintage = sources[measure]
            for span, bounds in reading.counted(line):
                found.add(vintage, Cell(tally, question.area, span), bounds)


def _read_rows(
    found: Collected, url: str, question: Question, rows: Sequence[Mapping[str, Any]]
) -> None:
    """A table with a period and a count in each row, and perhaps a baseline with its count."""
    answer = _answer(url, found, question)
    sources = _sources(answer)
    by_title = {each.title: key for key, each in CATALOGUE.items()}
    titles = dict(baselines().values())
    for row in rows:
        measure = by_title.get(row.get("measure", ""), question.measure)
        if measure not in sources or not row.get("period"):
            continue
        tally, vintage = sources[measure]
        cell = Cell(tally, question.area, reading.span_of(row["period"]))
        found.add(vintage, cell, reading.bounds_of(row["count"]))
        if row.get("baseline"):
            then = Cell(tally, question.area, titles[row["baseline"]])
            found.add(vintage, then, reading.bounds_of(row["baseline count"]))


def _must_be_known(found: Collected, url: str, question: Question, text: str) -> None:
    """Every number in the words of a scorecard must be one that its JSON gives as well.

    A trend says more in words than there are numbers for (chances, averages); that none of
    it comes from hidden counts is what `test_outlets` shows.
    """
    if question.outlet != "scorecard":
        return
    strange = reading.numbers_in(text) - _may_say(_answer(url, found, question))
    found.strange += [f"{question}: {number} on the page or in words" for number in sorted(strange)]


def _may_say(answer: dict[str, Any]) -> set[str]:
    """The numbers that may stand in words beside an answer."""
    said = set(ALWAYS_SAID)
    for value in reading.values_in(answer):
        if isinstance(value, str):
            said |= reading.numbers_in(value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            said |= reading.ways_to_say(value)
    return said
