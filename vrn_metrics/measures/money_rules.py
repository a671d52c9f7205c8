"""Conditions of the grant, published grants and unit costs: data with their sources."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from vrn_metrics.areas import REFERENCE
from vrn_metrics.money import parse_pounds


@dataclass(frozen=True)
class FundingRule:
    """A share that the ledger must reach; a threshold of 0 is none.

    `categories` and `streams` say which lines are in the numerator, `of_streams` which in the
    denominator.
    """

    key: str
    title: str
    categories: tuple[str, ...]
    streams: tuple[str, ...]
    of_streams: tuple[str, ...]
    at_least: Fraction
    source: str


@dataclass(frozen=True)
class Grant:
    """What was published of a grant.

    `is_least` where only a lower bound was, `is_whole` where it is all of one year's grant.
    """

    years: str
    pence: int
    is_least: bool
    is_whole: bool
    what: str
    source: str


@dataclass(frozen=True)
class UnitCost:
    """What one event costs, in pence of a price year times a deflator.

    `cashable` falls on police and courts. A deflator of 1 leaves the prices as published.
    """

    pence: int
    cashable: int | None
    price_year: str
    deflator: Fraction
    deflator_source: str
    source: str


@cache
def funding_rules() -> tuple[FundingRule, ...]:
    """The conditions in `data/reference/funding_rules.toml`, the first the one that matters."""
    with (REFERENCE / "funding_rules.toml").open("rb") as file:
        rows = tomllib.load(file)["rule"]
    return tuple(
        FundingRule(
            row["key"],
            row["title"],
            tuple(row["categories"]),
            tuple(row["streams"]),
            tuple(row["of_streams"]),
            Fraction(row["at_least"]),
            row["source"],
        )
        for row in rows
    )


@cache
def grants() -> tuple[Grant, ...]:
    """The published grants, oldest first."""
    return tuple(
        Grant(
            row["years"],
            parse_pounds(row["amount"]),
            row["kind"] == "at_least",
            row["kind"] == "exact",
            row["what"],
            row["source"],
        )
        for row in _rows("grants.csv")
    )


@cache
def unit_costs() -> Mapping[str, UnitCost]:
    """The unit costs by measure."""
    return {
        row["measure"]: UnitCost(
            _times(row["unit_cost"], row["deflator"]),
            _times(row["cashable"], row["deflator"]) if row["cashable"] else None,
            row["price_year"],
            Fraction(row["deflator"]),
            row["deflator_source"],
            row["source"],
        )
        for row in _rows("unit_costs.csv")
    }


def _times(pounds: str, deflator: str) -> int:
    """Pence in the prices that the deflator leads to, to the nearest penny."""
    return round(parse_pounds(pounds) * Fraction(deflator))


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
