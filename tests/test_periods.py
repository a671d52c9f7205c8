"""Periods are two dates; these are the ways of naming them."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.errors import UnknownNameError
from vrn_metrics.periods import Period, parse_financial_year, parse_month, shift

firsts = st.builds(date, st.integers(1990, 2090), st.integers(1, 12), st.just(1))


def test_a_year_ending_and_a_financial_year_are_the_same_twelve_months_in_march():
    assert Period.year_ending(3, 2019) == Period.financial_year(2018)
    assert Period.year_ending(6, 2025) == Period(date(2024, 7, 1), date(2025, 6, 30))


def test_quarters_follow_the_financial_year():
    assert Period.quarter(2018, 1) == Period(date(2018, 4, 1), date(2018, 6, 30))
    assert Period.quarter(2018, 4) == Period(date(2019, 1, 1), date(2019, 3, 31))
    with pytest.raises(ValueError, match="1 to 4"):
        Period.quarter(2018, 5)


def test_a_period_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2020, 1, 2), date(2020, 1, 1))


@pytest.mark.parametrize(
    "words",
    ["2018/19", "2018-19", "2018-2019", "2018_19", "18/19", "Apr 2018 to Mar 2019", " 2018/19 "],
)
def test_every_way_of_writing_a_financial_year(words):
    assert parse_financial_year(words) == Period.financial_year(2018)


@pytest.mark.parametrize(
    "words", ["2018", "2018/20", "2019/18", "", "last year", "2018/19/20", "9999-00"]
)
def test_what_is_no_financial_year_is_refused(words):
    with pytest.raises(UnknownNameError, match="financial year"):
        parse_financial_year(words)


@pytest.mark.parametrize(
    "words", ["2024-07", "2024-7", "2024-07-01", "July 2024", "jul 2024", "2024-07-31 00:00:00"]
)
def test_every_way_of_writing_a_month(words):
    assert parse_month(words) == Period.month(2024, 7)


@pytest.mark.parametrize(
    "words", ["2024-13", "2024", "", "Julember 2024", "07/2024", "0000-05", "May 9999"]
)
def test_what_is_no_month_is_refused(words):
    with pytest.raises(UnknownNameError, match="month"):
        parse_month(words)


@given(firsts, st.integers(1, 60))
def test_a_span_has_as_many_months_as_asked_and_they_tile_it(start, months):
    span = Period.span(start, months)
    parts = span.each_month()
    assert span.months == len(parts) == months
    assert sum(part.days for part in parts) == span.days
    assert all(span.contains(part) for part in parts)
    assert not any(a.overlaps(b) for a, b in pairwise(parts))


@given(firsts, st.integers(-600, 600))
def test_shifting_there_and_back_changes_nothing(day, months):
    assert shift(shift(day, months), -months) == day


@given(firsts, st.integers(1, 40))
def test_the_last_months_end_where_they_were_asked_to(start, months):
    end = Period.span(start, 1).end
    period = Period.last_months(end, months)
    assert (period.end, period.months, period.is_whole_months) == (end, months, True)


def test_labels_say_what_a_person_would():
    assert Period.financial_year(2018).label == "year ending March 2019"
    assert Period.last_months(date(2025, 3, 31), 36).label == "three years ending March 2025"
    assert Period.quarter(2024, 1).label == "April 2024 to June 2024"
    assert Period(date(2024, 6, 30), date(2024, 6, 30)).label == "30 June 2024"
