"""What follows from all that was collected: the least and most that each small count can be.

The unknowns are the events of each kind in each district in each stretch of time between
two ends of any period that was ever mentioned, one set a vintage. Every fact is a row of a
linear program, and each small count is pushed both ways as far as it goes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Final

import highspy
import numpy as np
from scipy import sparse

from tests.attacker.collect import Collected, Vintage
from tests.attacker.knowledge import AREAS, LEAVES, TALLIES, Cell, Kinds, Places, Span
from vrn_metrics.areas import COUNTY, NETWORK

SMALLEST, SMALL, ABOVE = 1, 4, 5
SLACK: Final = 1e-6
HUGE: Final = 1e5  # stands for no bound, so that no ray must be followed


class ContradictionError(Exception):
    """What was said cannot all be true."""


@dataclass(frozen=True)
class Target:
    """A count that must not be worked out: some kinds of events in some districts.

    It is in a table if its area has figures of that period, or is one of the nine, the
    county or the network over a stretch that no period cuts in two. Others are the network
    without Rutland, or a year of Rutland that can be asked for elsewhere only.
    """

    vintage: Vintage
    words: str
    kinds: Kinds
    places: Places
    span: Span
    in_a_table: bool


@dataclass(frozen=True)
class Leak:
    """A small count that is known to be small, or told from other small ones."""

    target: Target
    truth: int
    lower: float
    upper: float

    @property
    def is_known_to_be_small(self) -> bool:
        """Whether it cannot be above the threshold for all that was said."""
        return self.upper < ABOVE

    @property
    def breaks_the_rule(self) -> bool:
        """Whether METHODS.md promises otherwise.

        A count of a table might be any from 1 to one above the threshold; any other is at
        least not known to be small.
        """
        return self.target.in_a_table or self.is_known_to_be_small


Truth = Callable[[Vintage, Kinds, Places, Span], int | None]
"""How many events there really are; `None` where the vintage does not cover the time."""


@dataclass(frozen=True)
class Group:
    """Kinds of events that are a tally or the difference of two, which are its `tallies`."""

    words: str
    kinds: Kinds
    tallies: tuple[str, ...]


def groups_of_kinds(source: str) -> list[Group]:
    """The tallies of a source and the differences of two; each kind alone is one of them."""
    tallies = TALLIES[source]
    named = {kinds: Group(tally, kinds, (tally,)) for tally, kinds in tallies.items()}
    for one, other in product(tallies, repeat=2):
        rest = tallies[one] - tallies[other]
        if tallies[other] < tallies[one]:
            named.setdefault(rest, Group(f"{one} less {other}", rest, (one, other)))
    return list(named.values())


def groups_of_places() -> dict[str, Places]:
    """Every area, and what is left of the network and the county without one of its parts."""
    named = {places: code for code, places in AREAS.items()}
    for whole, part in product((NETWORK, COUNTY), AREAS):
        if AREAS[part] < AREAS[whole]:
            named.setdefault(AREAS[whole] - AREAS[part], f"{whole} less {part}")
    return {words: places for places, words in named.items()}


class System:
    """All facts about one source, and the unknowns that they tie.

    Parameters
    ----------
    found
        All that was said; what is of other sources is left alone.
    truth
        Judges what is found. It also tells the attacker, who is taken to know as much, which
        figures are the same in two vintages; nothing else of it is used to solve.
    """

    def __init__(self, source: str, found: Collected, truth: Truth) -> None:
        self.source = source
        self._facts = [
            fact
            for fact in found.facts
            if all(cell.tally in TALLIES[source] for _, cell in fact.terms)
        ]
        self._truth = truth
        own = [(vintage, c) for vintage, c in found.counts if c.tally in TALLIES[source]]
        self._mentioned = {cell for _, cell in own}
        self._spans = sorted({cell.span for _, cell in own})
        self._vintages = sorted({vintage for vintage, _ in own})
        self._cuts = sorted(
            {first for first, _ in self._spans}
            | {last + timedelta(days=1) for _, last in self._spans}
        )
        self._kinds = sorted(frozenset().union(*TALLIES[source].values()))
        self._place = self._unknowns()
        self._program, self._point = self._made()

    def targets(self) -> Iterator[tuple[Target, int]]:
        """Every small count there is, with its value."""
        pieces = self._pieces()
        for vintage, group, (place, places), span in product(
            self._vintages,
            groups_of_kinds(self.source),
            groups_of_places().items(),
            sorted({*self._spans, *pieces}),
        ):
            value = self._truth(vintage, group.kinds, places, span)
            if value is not None and SMALLEST <= value <= SMALL:
                on_offer = self._mentioned.issuperset(
                    Cell(tally, place, span) for tally in group.tallies
                )
                in_a_table = place in AREAS and (span in pieces or on_offer)
                words = f"{group.words} in {place}, {span[0]} to {span[1]}"
                yield Target(vintage, words, group.kinds, places, span, in_a_table), value

    def leaks(self, targets: Iterable[tuple[Target, int]]) -> list[Leak]:
        """The small counts that give themselves away, with all that is known of them."""
        asked = list(targets)
        rows = sparse.csr_array(
            (
                np.ones(sum(len(self._of(each)) for each, _ in asked)),
                np.concatenate([self._of(each) for each, _ in asked] or [[]]).astype(int),
                np.cumsum([0, *(len(self._of(each)) for each, _ in asked)]),
            ),
            shape=(len(asked), self._unknown_count),
        )
        least = rows @ self._point
        most = least.copy()
        self._push(rows, least, most, 1)
        self._push(rows, least, most, -1)
        found = []
        for place, (target, value) in enumerate(asked):
            if least[place] > SMALLEST + SLACK or most[place] < ABOVE - SLACK:
                ends = (self._end(rows, place, 1), self._end(rows, place, -1))
                lower, upper = np.ceil(ends[0] - SLACK), np.floor(ends[1] + SLACK)
                found.append(Leak(target, value, float(lower), float(upper)))
        return found

    def interval(self, target: Target) -> tuple[float, float]:
        """The least and the most whole number that a sum of unknowns can be."""
        own = self._of(target)
        row = sparse.csr_array(
            (np.ones(len(own)), own, [0, len(own)]), shape=(1, self._unknown_count)
        )
        lower, upper = self._end(row, 0, 1), self._end(row, 0, -1)
        return float(np.ceil(lower - SLACK)), float(np.floor(upper + SLACK))

    @property
    def _unknown_count(self) -> int:
        return len(self._point)

    def _pieces(self) -> list[Span]:
        """The stretches between two cuts."""
        ends = [cut - timedelta(days=1) for cut in self._cuts[1:]]
        return list(zip(self._cuts[:-1], ends, strict=True))

    def _pieces_of(self, span: Span) -> range:
        first, after = span[0], span[1] + timedelta(days=1)
        return range(bisect_left(self._cuts, first), bisect_left(self._cuts, after))

    def _unknowns(self) -> dict[tuple[Vintage, str, str, int], int]:
        """A number for each unknown; one that did not change between vintages is the same one."""
        numbers: dict[tuple[Vintage | int, str, str, int], int] = {}
        place = {}
        for vintage, kind, leaf in product(self._vintages, self._kinds, LEAVES):
            for piece, span in enumerate(self._pieces()):
                value = self._truth(vintage, frozenset({kind}), frozenset({leaf}), span)
                key = (vintage if value is None else value, kind, leaf, piece)
                place[vintage, kind, leaf, piece] = numbers.setdefault(key, len(numbers))
        return place

    def _columns(self, vintage: Vintage, kinds: Kinds, places: Places, span: Span) -> list[int]:
        return [
            self._place[vintage, kind, leaf, piece]
            for kind in sorted(kinds)
            for leaf in sorted(places)
            for piece in self._pieces_of(span)
        ]

    def _of(self, target: Target) -> list[int]:
        return self._columns(target.vintage, target.kinds, target.places, target.span)

    def _made(self) -> tuple[highspy.Highs, np.ndarray]:
        """The program with all its rows, and one table that fits them."""
        count = max(self._place.values()) + 1
        nothing = (_row([], [], count), 0, 0)  # a program must have a row
        rows = [nothing, *self._rows(count)]
        weights = sparse.csr_array(sparse.vstack([row for row, _, _ in rows]))
        weights.sum_duplicates()
        program = highspy.Highs()  # type: ignore[no-untyped-call]
        program.silent()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = weights.shape[1], weights.shape[0]
        model.col_cost_ = np.zeros(weights.shape[1])
        model.col_lower_ = np.zeros(weights.shape[1])
        model.col_upper_ = np.full(weights.shape[1], HUGE)
        model.row_lower_ = np.array([low for _, low, _ in rows])
        model.row_upper_ = np.array([high for _, _, high in rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = weights.indptr
        model.a_matrix_.index_ = weights.indices
        model.a_matrix_.value_ = weights.data
        program.passModel(model)
        return program, _solved(program)

    def _rows(self, count: int) -> Iterator[tuple[sparse.csr_array, float, float]]:
        for fact in self._facts:
            weights, columns = [], []
            for weight, cell in fact.terms:
                kinds = TALLIES[self.source][cell.tally]
                own = self._columns(fact.vintage, kinds, AREAS[cell.area], cell.span)
                columns += own
                weights += [weight] * len(own)
            yield _row(weights, columns, count), fact.lower, fact.upper
        yield from self._unchanged(count)

    def _unchanged(self, count: int) -> Iterator[tuple[sparse.csr_array, float, float]]:
        """Sums that are the same in two vintages although their parts changed."""
        for one, other in zip(self._vintages, self._vintages[1:], strict=False):
            for group, places, span in product(
                groups_of_kinds(self.source), AREAS.values(), {*self._spans, *self._pieces()}
            ):
                kinds = group.kinds
                values = [self._truth(each, kinds, places, span) for each in (one, other)]
                if values[0] is None or values[0] != values[1]:
                    continue
                sides = [self._columns(each, kinds, places, span) for each in (one, other)]
                if sides[0] != sides[1]:
                    weights = [1.0] * len(sides[0]) + [-1.0] * len(sides[1])
                    yield _row(weights, sides[0] + sides[1], count), 0, 0

    def _push(
        self, rows: sparse.csr_array, least: np.ndarray, most: np.ndarray, sign: float
    ) -> None:
        """Move towards the ends that are not reached yet: many at once, then one by one."""

        def left() -> np.ndarray:
            far = least > SMALLEST + SLACK if sign > 0 else most < ABOVE - SLACK
            return np.flatnonzero(far)

        def solve(weights: np.ndarray) -> None:
            seen = rows @ self._minimised(sign * (rows.T @ weights))
            np.minimum(least, seen, out=least)
            np.maximum(most, seen, out=most)

        before = len(asked) if (asked := left()).size else 0
        while asked.size:
            weights = np.zeros(rows.shape[0])
            weights[asked] = 1.0
            solve(weights)
            asked = left()
            if asked.size > 0.9 * before:
                break
            before = asked.size
        done: set[int] = set()
        while waiting := [place for place in left() if place not in done]:
            done.add(waiting[0])
            solve(np.eye(1, rows.shape[0], waiting[0])[0])

    def _end(self, rows: sparse.csr_array, place: int, sign: float) -> float:
        row = rows[[place]].toarray()[0]
        return float(row @ self._minimised(sign * row))

    def _minimised(self, cost: np.ndarray) -> np.ndarray:
        columns = np.arange(len(cost), dtype=np.int32)
        self._program.changeColsCost(len(cost), columns, cost.astype(float))
        return _solved(self._program)


def _row(weights: Sequence[float], columns: Sequence[int], count: int) -> sparse.csr_array:
    places = (np.zeros(len(columns), dtype=int), columns)
    return sparse.csr_array(sparse.coo_array((weights, places), shape=(1, count)))


def _solved(program: highspy.Highs) -> np.ndarray:
    program.run()
    status = program.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        found = program.modelStatusToString(status)
        raise ContradictionError(f"expected what was said to be true of one table, found: {found}")
    return np.array(program.getSolution().col_value)


def attack(found: Collected, truths: Mapping[str, Truth]) -> list[Leak]:
    """Every small count of any source that gives itself away."""
    leaks = []
    for source, truth in truths.items():
        if any(cell.tally in TALLIES[source] for _, cell in found.counts):
            system = System(source, found, truth)
            leaks += system.leaks(system.targets())
    return leaks
