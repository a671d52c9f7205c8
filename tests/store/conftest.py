"""Stores to test with, and a made-up file small enough to read in the test."""

from __future__ import annotations

import pytest

from tests.agreements import record_agreements
from vrn_metrics.store import open_store

LLR = (
    "E06000016",
    "E07000129",
    "E07000130",
    "E07000131",
    "E07000132",
    "E07000133",
    "E07000134",
    "E07000135",
    "E06000017",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request, tmp_path):
    """An empty store, once in the embedded file and once on a real PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'vrn.sqlite'}"
    else:
        url = request.getfixturevalue("postgres_database")
    opened = open_store(url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def population_file(tmp_path):
    """Write a mid-year population file in the layout of sheet MYE2, saved as CSV."""

    def write(year: int = 2024, each_age: int = 10, name: str | None = None, codes=LLR):
        ages = [*map(str, range(90)), "90+"]
        lines = ["Code,Name,Geography,All ages," + ",".join(ages)]
        lines += [
            f"{code},Place {code},Non-metropolitan District,{91 * each_age},"
            + ",".join([str(each_age)] * 91)
            for code in codes
        ]
        path = tmp_path / (name or f"mye{year % 100:02d}-{each_age}.csv")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def admissions_file(store, tmp_path):
    """Write a local extract of admissions, one row a cell; an agreement lets it count."""
    record_agreements(store, tmp_path)

    def write(rows, covers=("2024-04", "2025-03"), name="admissions.csv", provisional=None):
        lines = ["layout,vrn-admissions,1", f"covers,{covers[0]},{covers[1]}", "publisher,A trust"]
        lines += [f"provisional_from,{provisional}"] if provisional else []
        lines += ["", "month,district,icd10,age_band,sex,setting,count"]
        lines += [",".join(map(str, row)) for row in rows]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
