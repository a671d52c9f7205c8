"""How long does the guard take as the table grows, and how much does it hide?

Made-up counts in the shape of the network: areas with their roll-ups by age, sex and
period. Prints processor seconds of protecting and of attacking the result, and the share
of cells hidden beside hiding the small ones only, which the attacker is then set on as
well. At the end a local extract as it is offered: years that overlap, and not every cell
for view, so that the rest may be anything. Run it with `python -m benchmarks.disclosure`.
"""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np

from vrn_metrics.methods.attack import attainable_intervals
from vrn_metrics.methods.cube import Cube, Dimension, equations_of
from vrn_metrics.methods.protection import protect, whole_range

HIDDEN_UP_TO = 7
EVENTS_A_YEAR = 800  # as knife-enabled offences in the network
BUDGET_SECONDS = 30
YEARS_IN_THE_NETWORK = 12
LOCAL_HIDDEN_UP_TO = 4
LOCAL_EVENTS_A_YEAR = 300  # as admissions for assault with a sharp object
LOCAL_BUDGET_SECONDS = 20

COUNTY = tuple(f"district {number}" for number in range(1, 8))
AREAS = Dimension(
    "area",
    (*COUNTY, "county", "city", "rutland", "unassigned", "all"),
    (("county", COUNTY), ("all", ("county", "city", "rutland", "unassigned"))),
)
AGES = Dimension("age", ("under 25", "25+", "all"), (("all", ("under 25", "25+")),))
SEXES = Dimension("sex", ("female", "male", "all"), (("all", ("female", "male")),))


def periods(years: int, parts: int) -> Dimension:
    """Years, and each as so many parts."""
    names = [[f"{year}-{part}" for part in range(parts)] for year in range(years)]
    members = [name for year in names for name in year] + [str(year) for year in range(years)]
    return Dimension(
        "period",
        tuple(members),
        tuple((str(year), tuple(names[year])) for year in range(years)),
    )


def made_up(*dimensions: Dimension) -> tuple[Cube, np.ndarray]:
    """A cube, and counts in it as uneven as districts, ages and sexes are."""
    random = np.random.default_rng(1)
    expected = np.ones(())
    for each in dimensions[:-1]:
        expected = np.multiply.outer(expected, random.dirichlet(np.full(len(each.leaves), 2.0)))
    last = dimensions[-1]
    parts = len(last.leaves) // len(last.sums)
    means = np.multiply.outer(expected, np.full(len(last.leaves), EVENTS_A_YEAR / parts))
    cube = equations_of(dimensions)
    return cube, cube.complete(random.poisson(means))


def report(name: str, cube: Cube, table: np.ndarray) -> float:
    """One line; the processor seconds of protecting."""
    sensitive = (table > 0) & (table <= HIDDEN_UP_TO)
    start = time.process_time()
    found = protect(table, sensitive, cube.equations)
    protecting = time.process_time() - start
    start = time.process_time()
    cells = np.flatnonzero(sensitive)
    seen = attainable_intervals(
        table, found.hidden, cube.equations, cells=cells, whole_tables=False
    )
    attacking = time.process_time() - start
    assert np.all(seen.width >= 1), "the attacker worked out a protected cell"
    weak = attainable_intervals(table, sensitive, cube.equations, whole_tables=False)
    print(
        f"{name:34} {cube.size:8,} {protecting:9.2f} {attacking:9.2f} "
        f"{sensitive.mean():9.1%} {found.hidden.mean():9.1%} "
        f"{np.mean(weak.width == 0):9.1%}  "
        + ("optimal" if found.is_optimal else f"{found.cost / found.at_least:.2f} x bound")
    )
    return protecting


def rolling(quarters: int) -> Dimension:
    """Quarters, and every run of four of them: rolling years, of which each fourth is financial."""
    names = [f"q{number}" for number in range(quarters)]
    years = [(f"year to {names[last]}", names[last - 3 : last + 1]) for last in range(3, quarters)]
    return Dimension(
        "period",
        (*names, *(year for year, _ in years)),
        tuple((year, tuple(four)) for year, four in years),
    )


def report_offered(quarters: int) -> float:
    """One line for a local extract as it is offered; the processor seconds of protecting.

    For view are every age together, the network by age, and financial years by age of every
    area. What is not may be anything, and is safe as well if small.
    """
    dimensions = (AREAS, AGES, rolling(quarters))
    cube = equations_of(dimensions)
    shape = [len(each.leaves) for each in dimensions]
    means = np.full(shape, LOCAL_EVENTS_A_YEAR / 4 / np.prod(shape[:2]))
    table = cube.complete(np.random.default_rng(1).poisson(means))
    area, age, period = (
        each.ravel()
        for each in np.meshgrid(*(np.array(side.members) for side in dimensions), indexing="ij")
    )
    is_financial = np.isin(period, [f"year to q{last}" for last in range(3, quarters, 4)])
    is_offered = (age == "all") | (area == "all") | is_financial
    sensitive = (table > 0) & (table <= LOCAL_HIDDEN_UP_TO)
    standard = whole_range(1, LOCAL_HIDDEN_UP_TO)
    start = time.process_time()
    found = protect(
        table,
        sensitive,
        cube.equations,
        standard=standard,
        may_hide=is_offered,
        shown_lower=np.where(is_offered, table, 0),
        shown_upper=np.where(is_offered, table, np.inf),
        effort=0,
    )
    protecting = time.process_time() - start
    is_open = found.hidden | ~is_offered
    start = time.process_time()
    cells = np.flatnonzero(sensitive)
    seen = attainable_intervals(table, is_open, cube.equations, cells=cells, whole_tables=False)
    attacking = time.process_time() - start
    assert standard.met_by(seen.lower, seen.upper).all(), "the attacker narrowed a protected cell"
    print(
        f"{f'local extract, {quarters} quarters':34} {cube.size:8,} {protecting:9.2f} "
        f"{attacking:9.2f} {sensitive[is_offered].mean():9.1%} "
        f"{found.hidden[is_offered].mean():9.1%}  of {is_offered.sum():,} offered"
    )
    return protecting


def main() -> None:
    """Print the table; fail where the network's own shape is not done within the budget."""
    print(
        f"{'table':34} {'cells':>8} {'protect s':>9} {'attack s':>9} "
        f"{'small':>9} {'hidden':>9} {'leaked*':>9}"
    )
    by_years = [
        report(
            f"area x age x sex x quarter, {years} years",
            *made_up(AREAS, AGES, SEXES, periods(years, 4)),
        )
        for years in (2, 19, 185)
    ]
    growth = ", ".join(f"{later / sooner:.1f}" for sooner, later in pairwise(by_years))
    print(f"ten times the cells take {growth} times as long")
    shapes = {
        "area x month, a year": (AREAS, periods(1, 12)),
        "area x age x month, a year": (AREAS, AGES, periods(1, 12)),
        "area x age x sex x month, a year": (AREAS, AGES, SEXES, periods(1, 12)),
    }
    for name, dimensions in shapes.items():
        report(name, *made_up(*dimensions))
    network = report(
        f"area x age x quarter, {YEARS_IN_THE_NETWORK} years",
        *made_up(AREAS, AGES, periods(YEARS_IN_THE_NETWORK, 4)),
    )
    local = report_offered(4 * YEARS_IN_THE_NETWORK)
    print("* small cells worked out exactly where only they are hidden")
    assert network < BUDGET_SECONDS, f"{network:.1f} s for the network's own shape"
    assert local < LOCAL_BUDGET_SECONDS, f"{local:.1f} s for a local extract"


if __name__ == "__main__":
    main()
