"""A step of the schema stays what it was when it was made."""

import ast

import pytest

from tests.conftest import ROOT

STEPS = sorted((ROOT / "vrn_metrics/store/migrations/versions").glob("*.py"))


@pytest.mark.parametrize("path", STEPS, ids=lambda each: each.stem)
def test_a_step_takes_nothing_from_the_code_of_today(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [
        *(each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)),
        *(n.name for each in ast.walk(tree) if isinstance(each, ast.Import) for n in each.names),
    ]
    assert named
    assert [each for each in named if each.startswith("vrn_metrics")] == []
