"""Does the answer hang on choices? The same question under many of them, as one curve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from vrn_metrics.analyses.impact_effects import ImpactMethod, effect_of
from vrn_metrics.analyses.impact_panel import COVID_YEAR, DonorPanel
from vrn_metrics.periods import Period, shift

METHODS: Final = (
    ImpactMethod.SYNTHETIC,
    ImpactMethod.SYNTHETIC_DIFFERENCE,
    ImpactMethod.DIFFERENCE,
)
STARTS: Final = (-12, 0, 12)  # months from the chosen start
SHORTER: Final = 36  # months before the start that the shorter baseline window has


@dataclass(frozen=True)
class Specification:
    """One set of choices and what comes of it; the rate of the effect, and its p-value."""

    method: ImpactMethod
    start: date
    since: date
    without_covid: bool
    without_donor: str
    is_chosen: bool
    value: float
    p_value: float | None


def specifications(
    chosen: DonorPanel,
    method: ImpactMethod,
    build: Callable[[date, date, Sequence[Period], Sequence[str]], DonorPanel | None],
    heaviest: Sequence[str],
) -> tuple[Specification, ...]:
    """The effect under every combination of method, start, window and Covid, sorted by size.

    Parameters
    ----------
    build
        A panel for a start, a first day, stretches to skip and forces to drop.
    heaviest
        Codes of the donors with most weight: each is left out once, all else as chosen.
    """
    found = []
    for start, since, skip, drop, methods in _choices(chosen, heaviest):
        panel = build(start, since, skip, drop)
        if panel is None:
            continue
        for each in methods:
            effect = effect_of(panel, each)
            if effect.value is None:
                continue
            is_chosen = (
                each is method
                and start == chosen.start
                and since == chosen.periods[0].start
                and bool(skip) == bool(chosen.skipped)
                and not drop
            )
            found.append(
                Specification(
                    each,
                    start,
                    since,
                    bool(skip),
                    drop[0] if drop else "",
                    is_chosen,
                    effect.value,
                    effect.p_value,
                )
            )
    return tuple(sorted(found, key=lambda one: one.value))


def _choices(
    chosen: DonorPanel, heaviest: Sequence[str]
) -> Iterator[tuple[date, date, Sequence[Period], Sequence[str], Sequence[ImpactMethod]]]:
    first, start = chosen.periods[0].start, chosen.start
    for move, short, skip in product(STARTS, (False, True), ((), (COVID_YEAR,))):
        begins = shift(start, move)
        since = shift(begins, -SHORTER) if short else first
        if since >= first:
            yield begins, since, skip, (), METHODS
    yield start, first, chosen_skip(chosen), (), (ImpactMethod.AUGMENTED,)
    for code in heaviest:
        yield start, first, chosen_skip(chosen), (code,), (ImpactMethod.SYNTHETIC,)


def chosen_skip(chosen: DonorPanel) -> Sequence[Period]:
    """What the chosen panel leaves out."""
    return (COVID_YEAR,) if chosen.skipped else ()
