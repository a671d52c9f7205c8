"""Panels for the tests of synthetic controls, published and made up."""

import csv
import json
from collections.abc import Iterator

import numpy as np
import pytest

from tests.conftest import SHARED

GOLDEN = SHARED / "golden"


def golden(suite):
    path = GOLDEN / f"{suite}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in cases}


def table(name, unit, period, value):
    """Periods by units, the units' names, and the periods."""
    path = GOLDEN / name
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    units = sorted({row[unit] for row in rows})
    periods = sorted({int(row[period]) for row in rows})
    values = np.full((len(periods), len(units)), np.nan)
    for row in rows:
        cell = row[value]
        values[periods.index(int(row[period])), units.index(row[unit])] = (
            float(cell) if cell else np.nan
        )
    return values, units, periods


def california():
    values, states, years = table("data/prop99_smoking.csv", "state", "year", "cigsale")
    return values, states, years.index(1989), states.index("California")


def wide(name):
    path = GOLDEN / name
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return np.array(rows, dtype=float), header


def null_panels(count, before, *, units=20, after=4, seed=7) -> Iterator[np.ndarray]:
    """Poisson rates of units of unlike size and level, with no effect; periods by units."""
    for each in range(count):
        random = np.random.default_rng([seed, each])
        people = random.lognormal(0, 0.6, units)
        rates = random.gamma(20, 2, units)
        drift = np.exp(0.03 * random.normal(size=before + after).cumsum())[:, None]
        yield random.poisson(rates * people * drift) / people
