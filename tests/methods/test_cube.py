from __future__ import annotations

import numpy as np
import pytest

from vrn_metrics.methods.cube import Dimension, equations_of

AREA = Dimension(
    "area",
    ("a", "b", "c", "county", "city", "unassigned", "force"),
    (("county", ("a", "b", "c")), ("force", ("county", "city", "unassigned"))),
)
MONTHS = tuple(f"m{number}" for number in range(1, 25))
PERIOD = Dimension(
    "period",
    (*MONTHS, *(f"q{number}" for number in range(1, 9)), "y1", "y2", "r13"),
    (
        *((f"q{number + 1}", MONTHS[3 * number : 3 * number + 3]) for number in range(8)),
        ("y1", ("q1", "q2", "q3", "q4")),
        ("y1", MONTHS[:12]),
        ("y2", ("q5", "q6", "q7", "q8")),
        ("r13", MONTHS[1:13]),
    ),
)


def test_a_completed_table_satisfies_every_equation():
    cube = equations_of((AREA, PERIOD))
    leaves = np.random.default_rng(3).poisson(2, (len(AREA.leaves), len(PERIOD.leaves)))
    table = cube.complete(leaves)
    assert cube.equations.shape == (2 * 35 + 12 * 7, 7 * 35)
    assert not np.any(cube.equations @ table)
    window = cube.index(area="force", period="r13")
    assert table[window] == leaves[:, 1:13].sum()


def test_each_wrong_total_breaks_an_equation():
    cube = equations_of((AREA, PERIOD))
    table = cube.complete(np.ones((len(AREA.leaves), len(PERIOD.leaves))))
    for cell in range(cube.size):
        wrong = table.copy()
        wrong[cell] += 1
        assert np.any(cube.equations @ wrong)


def test_cells_are_found_by_name_one_or_many():
    cube = equations_of((AREA, PERIOD))
    found = cube.indices({"area": ["a", "force"], "period": ["m1", "y1"]})
    assert found.tolist() == [
        cube.index(area="a", period="m1"),
        cube.index(area="force", period="y1"),
    ]


@pytest.mark.parametrize(
    ("members", "sums", "message"),
    [
        (("a", "a"), (), "repeats a member"),
        (("a", "b"), (("all", ("a", "b")),), "sums over no member"),
    ],
)
def test_a_dimension_that_makes_no_sense_is_refused(members, sums, message):
    with pytest.raises(ValueError, match=message):
        Dimension("area", members, sums)


def test_a_total_that_is_part_of_itself_is_refused():
    circle = Dimension("area", ("a", "b"), (("a", ("b",)), ("b", ("a",))))
    with pytest.raises(ValueError, match="part of itself"):
        circle.expansion()
