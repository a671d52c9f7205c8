"""The nearest mixture is the optimum, by its own proof and by other solvers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from tests.methods.synthetic_panels import golden
from vrn_metrics.methods._donor_weights import donor_weights
from vrn_metrics.methods._simplex import nearest
from vrn_metrics.methods._ties import is_unique, range_of


@pytest.mark.parametrize(
    "name",
    [
        "two_donors_interior",
        "outside_hull_below",
        "identical_donor",
        "more_donors_than_periods_non_unique",
        "scale_1e6",
        "scale_1e-6",
    ],
)
def test_the_edges_agree_with_an_exact_solver(name):
    case = golden("scm_edge")[name]
    points, target = np.array(case["donors_pre"]).T, np.array(case["treated_pre"])
    found = donor_weights(points, target[None])
    expected = case["expected"]
    assert found.weights[0] @ points == pytest.approx(expected["fitted"], rel=1e-9)
    residual = float((found.mixtures.residuals[0] ** 2).sum())
    assert residual == pytest.approx(expected["sse"], rel=1e-9, abs=1e-20 * points.max() ** 2)
    if expected["certificate"]["unique_weights"]:
        assert found.unique[0]
        assert found.weights[0] == pytest.approx(expected["weights"], abs=1e-8)


def problem(seed, kind, donors, periods):
    random = np.random.default_rng(seed)
    points = random.normal(size=(donors, periods))
    if kind == "counts":
        points = random.poisson(0.7, size=(donors, periods)).astype(float)
    if kind == "twins":
        points = np.repeat(points[: max(1, donors // 2)], 2, axis=0)
    if kind == "trend":
        points = 1000 + 50 * random.normal(size=(donors, 1)) * np.arange(periods) + points
    if kind == "flat":
        points = np.full((donors, periods), 3.0)
    targets = points[random.integers(0, len(points), 4)] + random.normal(size=(4, periods))
    return points, targets


@given(
    st.integers(0, 10_000),
    st.sampled_from(["normal", "counts", "twins", "trend", "flat"]),
    st.integers(1, 30),
    st.integers(1, 25),
)
@settings(max_examples=150, deadline=None)
def test_every_answer_carries_the_proof_that_it_is_the_optimum(seed, kind, donors, periods):
    points, targets = problem(seed, kind, donors, periods)
    found = nearest(points, targets)
    assert (found.weights >= 0).all()
    assert found.weights.sum(axis=1) == pytest.approx(1)
    assert found.stationarity.max() < 1e-11
    assert found.dual.min() > -1e-10


@given(st.integers(0, 10_000), st.sampled_from(["normal", "counts", "twins"]))
@settings(max_examples=25, deadline=None)
def test_no_other_solver_finds_a_nearer_mixture(seed, kind):
    points, targets = problem(seed, kind, 8, 6)
    found = nearest(points, targets)
    for row, target in enumerate(targets):
        other = optimize.minimize(
            lambda weights, target=target: ((target - weights @ points) ** 2).sum(),
            np.full(len(points), 1 / len(points)),
            bounds=[(0, 1)] * len(points),
            constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
            method="SLSQP",
        )
        own = (found.residuals[row] ** 2).sum()
        theirs = np.maximum(other.x, 0)  # it keeps to the constraints only nearly
        assert own <= ((target - theirs / theirs.sum() @ points) ** 2).sum() + 1e-12


def test_all_problems_at_once_are_the_problems_one_by_one():
    random = np.random.default_rng(3)
    points = random.normal(size=(25, 12))
    allowed = ~np.eye(25, dtype=bool)
    together = nearest(points, points, allowed=allowed).weights
    for unit in range(25):
        alone = nearest(np.delete(points, unit, axis=0), points[[unit]]).weights[0]
        assert np.delete(together[unit], unit) == pytest.approx(alone, abs=1e-12)
        assert together[unit, unit] == 0


def test_a_ridge_is_the_same_as_rows_of_its_root():
    random = np.random.default_rng(4)
    points, target = random.normal(size=(9, 5)), random.normal(size=(1, 5))
    ridged = nearest(points, target, ridge=0.7).weights
    stacked = np.hstack([points, np.sqrt(0.7) * np.eye(9)])
    rows = nearest(stacked, np.hstack([target, np.zeros((1, 9))])).weights
    assert ridged == pytest.approx(rows, abs=1e-12)


def test_points_of_each_problem_s_own_are_as_good_as_shared_ones():
    random = np.random.default_rng(5)
    points, targets = random.normal(size=(7, 6)), random.normal(size=(3, 6))
    own = nearest(np.repeat(points[None], 3, axis=0), targets)
    assert own.weights == pytest.approx(nearest(points, targets).weights, abs=1e-12)


def test_twin_donors_are_said_to_be_a_choice_and_share_evenly():
    points = np.array([[1.0, 5.0], [1.0, 5.0], [4.0, 1.0]])
    found = donor_weights(points, np.array([[2.0, 3.0]]))
    assert not found.unique[0]
    assert found.weights[0, 0] == pytest.approx(found.weights[0, 1])


def test_a_choice_does_not_depend_on_the_order_of_donors():
    random = np.random.default_rng(6)
    points = random.normal(size=(12, 3))
    target = points.mean(axis=0)[None]
    order = random.permutation(12)
    first, second = donor_weights(points, target), donor_weights(points[order], target)
    assert not first.unique[0]
    assert first.weights[0][order] == pytest.approx(second.weights[0], abs=1e-9)
    assert (first.weights[0] @ points) == pytest.approx(target[0], abs=1e-9)


def test_a_target_that_is_one_donor_among_independent_ones_has_no_choice():
    points = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [9.0, 7.0, 2.0]])
    found = nearest(points, points[[1]])
    assert found.could_enter.all()
    assert is_unique(points, found.weights[0] > 0, found.could_enter[0])


def test_the_range_of_what_equally_good_weights_would_give():
    points = np.array([[0.0], [1.0], [2.0]])
    found = donor_weights(points, np.array([[1.0]]))
    free = found.mixtures.could_enter[0]
    assert range_of(points, found.weights[0], free, np.array([5.0, 0.0, 7.0])) == pytest.approx(
        (0.0, 6.0)
    )
