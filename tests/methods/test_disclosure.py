"""The guard: what it hides, what it rounds, and that nothing goes round it."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.counts import Count, Status
from vrn_metrics.methods.disclosure import PROFILES, DisclosureError, Published, publish


def table(counts):
    return pd.DataFrame(
        {
            "lower": [float("nan") if each.lower is None else each.lower for each in counts],
            "upper": [float("nan") if each.upper is None else each.upper for each in counts],
            "status": [str(each.status) for each in counts],
        }
    )


def shown(count, profile):
    return publish(table([count]), profile=profile).counts()[0]


@pytest.mark.parametrize(
    ("value", "published"),
    [
        (0, (0, 0)),
        (1, (1, 7)),
        (7, (1, 7)),
        (8, (8, 12)),
        (12, (8, 12)),
        (13, (13, 17)),
        (23, (23, 27)),
    ],
)
def test_the_rule_of_nhs_england(value, published):
    """Hidden from 1 to 7, else to the nearest 5: evidence of the 2018 HES guide."""
    count = shown(Count.exact(value), "nhs_hes")
    assert (count.lower, count.upper) == published


@pytest.mark.parametrize(("profile", "largest"), [("ohid_1_5", 5), ("gss_lt5", 4), ("nhs_hes", 7)])
def test_every_hidden_count_looks_the_same(profile, largest):
    looks = {shown(Count.exact(value), profile) for value in range(1, largest + 1)}
    assert looks == {Count.suppressed(1, largest)}
    assert shown(Count.exact(0), profile) == Count.exact(0)


@given(st.integers(0, 5000), st.sampled_from(sorted(PROFILES)))
def test_the_truth_is_always_inside_what_is_shown(value, profile):
    assert value in shown(Count.exact(value), profile)


@given(st.integers(0, 200), st.integers(0, 30), st.sampled_from(sorted(PROFILES)))
def test_an_interval_never_narrows(lower, width, profile):
    raw = Count(lower, lower + width, Status.ROUNDED)
    count = shown(raw, profile)
    assert count.lower <= raw.lower
    assert count.upper >= raw.upper


def test_public_figures_pass_as_they_are_negative_ones_and_gaps_too():
    counts = [Count.exact(-3), Count.exact(2), Count.missing(), Count.suppressed(1, 7)]
    assert publish(table(counts), profile="none_public").counts() == tuple(counts)


def test_the_log_names_the_rules_that_fired():
    fired = publish(table([Count.exact(2), Count.exact(40)]), profile="nhs_hes").fired
    assert [(each.rule, each.cells) for each in fired] == [
        ("nhs_hes: hidden up to 7", 1),
        ("nhs_hes: rounded to 5", 1),
    ]


def test_nobody_makes_a_published_table_by_hand():
    with pytest.raises(DisclosureError, match="made by hand"):
        Published(({"lower": 1.0},), "none_public", ())


def test_a_published_row_cannot_be_changed():
    published = publish(table([Count.exact(2)]), profile="gss_lt5")
    with pytest.raises(TypeError):
        published.rows[0]["lower"] = 2.0
    published.frame()["lower"] = 2.0
    assert published.counts()[0] == Count.suppressed(1, 4)


def test_an_unknown_profile_and_a_table_without_bounds_are_refused():
    with pytest.raises(DisclosureError, match="no disclosure profile"):
        publish(table([Count.exact(2)]), profile="mine")
    with pytest.raises(DisclosureError, match="needs the columns"):
        publish(pd.DataFrame({"value": [1]}), profile="gss_lt5")
