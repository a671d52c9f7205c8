"""A count is an interval, and no sum is surer than its parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.counts import Count, Status


@st.composite
def counts_with_truth(draw):
    """A count and the true number behind it."""
    truth = draw(st.integers(0, 500))
    kind = draw(st.sampled_from(["exact", "rounded", "suppressed"]))
    if kind == "rounded":
        return Count.rounded(5 * ((truth + 2) // 5)), truth
    if kind == "suppressed":
        truth = draw(st.integers(1, 7))
        return Count.suppressed(1, 7), truth
    return Count.exact(truth), truth


@given(st.lists(counts_with_truth(), min_size=1, max_size=30))
def test_a_sum_contains_the_sum_of_the_truths(parts):
    total = Count.total(count for count, _ in parts)
    assert sum(truth for _, truth in parts) in total
    assert total.status.rank == max(count.status.rank for count, _ in parts)


@given(counts_with_truth(), counts_with_truth())
def test_a_difference_contains_the_difference_of_the_truths(first, second):
    assert first[1] - second[1] in first[0] - second[0]


@given(counts_with_truth(), counts_with_truth(), counts_with_truth())
def test_addition_does_not_care_for_order(first, second, third):
    a, b, c = first[0], second[0], third[0]
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a


@given(counts_with_truth())
def test_one_missing_part_makes_the_sum_missing_and_never_zero(part):
    total = part[0] + Count.missing()
    assert total == Count.missing()
    assert 0 not in total


def test_a_sum_of_nothing_is_missing():
    assert Count.total([]) == Count.missing()


def test_nhs_rounding_after_suppression_leaves_eight_to_twelve_for_ten():
    assert Count.rounded(10, at_least=8) == Count(8, 12, Status.ROUNDED)
    assert Count.rounded(15, at_least=8) == Count(13, 17, Status.ROUNDED)


def test_a_negative_count_is_legitimate_as_police_forces_net_transfers():
    assert Count.exact(-3) + Count.exact(5) == Count.exact(2)


@pytest.mark.parametrize(
    ("lower", "upper", "status", "why"),
    [
        (1, 2, Status.EXACT, "one value"),
        (3, 2, Status.ROUNDED, "above"),
        (None, 2, Status.SUPPRESSED, "both bounds"),
        (1, 1, Status.MISSING, "no bounds"),
    ],
)
def test_bounds_and_status_cannot_contradict_each_other(lower, upper, status, why):
    with pytest.raises(ValueError, match=why):
        Count(lower, upper, status)


def test_json_is_the_contract():
    assert Count.suppressed(1, 4).as_json() == {"lower": 1, "upper": 4, "status": "suppressed"}
    assert Count.missing().as_json() == {"lower": None, "upper": None, "status": "missing"}
