"""Tables of hierarchies made at random: nothing small is worked out of what `suppress` leaves."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from vrn_metrics.methods.disclosure import suppress
from vrn_metrics.methods.protection import ProtectionError

SMALL, ABOVE = 4, 5
SLACK = 1e-6


@st.composite
def hierarchies(draw, name):
    """Leaves, and totals over them: a tree of two levels, or windows that overlap."""
    leaves = [f"{name}{number}" for number in range(draw(st.integers(2, 3)))]
    totals = {f"all {name}": leaves}
    if draw(st.booleans()) and len(leaves) > 2:
        cut = draw(st.integers(1, len(leaves) - 1))
        totals = {f"some {name}": leaves[:cut], f"all {name}": [f"some {name}", *leaves[cut:]]}
    elif draw(st.booleans()):
        totals |= {f"{name} from {n}": leaves[n : n + 2] for n in range(len(leaves) - 1)}
    return leaves, totals


@st.composite
def tables(draw):
    """A table of one or two dimensions with all its leaves, and some or all of its totals."""
    sides = [draw(hierarchies(name)) for name in "ab"[: draw(st.integers(1, 2))]]
    size = int(np.prod([len(leaves) for leaves, _ in sides]))
    counts = draw(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 6, 9, 30]), min_size=size, max_size=size)
    )
    shown = draw(st.randoms(use_true_random=False))
    return sides, dict(zip(product(*(leaves for leaves, _ in sides)), counts, strict=True)), shown


def leaves_of(member, totals):
    """The leaves that a member is the sum of."""
    if member not in totals:
        return [member]
    return [leaf for part in totals[member] for leaf in leaves_of(part, totals)]


@given(tables())
@settings(max_examples=25, deadline=None)
def test_every_small_cell_might_be_anything_from_one_to_five(table):
    sides, counts, chance = table
    leaves = list(counts)
    place = {leaf: number for number, leaf in enumerate(leaves)}
    members = [[*names, *totals] for names, totals in sides]
    cells = list(product(*members))
    weights = np.zeros((len(cells), len(leaves)))
    for row, cell in enumerate(cells):
        parts = [leaves_of(each, totals) for each, (_, totals) in zip(cell, sides, strict=True)]
        weights[row, [place[leaf] for leaf in product(*parts)]] = 1
    values = weights @ list(counts.values())

    names = "ab"[: len(sides)]
    rows = [n for n, cell in enumerate(cells) if cell in counts or chance.random() < 0.8]
    frame = pd.DataFrame([cells[n] for n in rows], columns=list(names)).assign(count=values[rows])
    hierarchy = {name: totals for name, (_, totals) in zip(names, sides, strict=True)}
    try:
        safe = suppress(frame, hierarchy=hierarchy, profile="gss_lt5")
    except ProtectionError:
        assume(False)

    lower, upper = (safe[name].to_numpy(float) for name in ("lower", "upper"))
    assert np.all((lower <= values[rows]) & (values[rows] <= upper))
    endless = np.isinf(upper)
    at_most = np.vstack([-weights[rows], weights[rows][~endless]])
    limits = np.concatenate([-lower, upper[~endless]])
    for cell in np.flatnonzero((values >= 1) & (values <= SMALL)):
        least = linprog(weights[cell], at_most, limits)
        most = linprog(-weights[cell], at_most, limits)
        assert least.status == 0
        assert np.ceil(least.fun - SLACK) <= 1
        assert most.status == 3 or np.floor(-most.fun + SLACK) >= ABOVE  # 3: without end
