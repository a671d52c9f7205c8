"""Pence are whole, whatever way pounds are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.errors import UnknownNameError
from vrn_metrics.money import LARGEST, parse_pounds, pounds


@given(st.integers(-LARGEST, LARGEST))
def test_what_is_written_is_read_back(pence):
    assert parse_pounds(pounds(pence)) == pence


@given(st.integers(0, LARGEST))
def test_bookkeepers_write_less_in_brackets(pence):
    words = f"({pence // 100:,}.{pence % 100:02d})"
    assert parse_pounds(words) == -pence


@pytest.mark.parametrize(
    ("words", "pence"),
    [("0.1", 10), ("1234", 123400), (" £ 1,000 ", 100000), ("-£5", -500), ("£-5.05", -505)],
)
def test_pounds_are_written_in_several_ways(words, pence):
    assert parse_pounds(words) == pence


@pytest.mark.parametrize(
    "words",
    [
        "",
        "£",
        "1.234",
        "1,23",
        "12,34.00",
        "1e3",
        "nan",
        "ten",
        "(-5)",
        "1.",
        "€5",
        "0x10",
        "١٢",
        "9" * 20,
    ],
)
def test_what_is_no_amount_is_refused(words):
    with pytest.raises(UnknownNameError, match="expected"):
        parse_pounds(words)
