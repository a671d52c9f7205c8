"""Nothing that shows figures can be given any but published ones."""

import ast
import importlib
import inspect
import pkgutil
import types
import typing
from dataclasses import fields, is_dataclass

import pandas as pd
import pytest

from tests.conftest import ROOT
from vrn_metrics.analyses.changes import Changes
from vrn_metrics.analyses.digest import Digest
from vrn_metrics.analyses.figures import Figure
from vrn_metrics.analyses.impact import Impact
from vrn_metrics.analyses.scorecard import Scorecard
from vrn_metrics.analyses.trend import Trend
from vrn_metrics.counts import Count
from vrn_metrics.methods.disclosure import DisclosureError, Published, publish
from vrn_metrics.store import Point, Seen, Timeline, View

OUTLETS = ("charts", "narrative", "exports", "ui")
STORED = {Seen, Timeline, Point, View, pd.DataFrame, pd.Series}


def modules():
    for name in OUTLETS:
        package = importlib.import_module(f"vrn_metrics.{name}")
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def functions():
    return [
        pytest.param(function, id=f"{module.__name__}.{name}")
        for module in modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
    ]


def named_in(hint):
    """Every class that a type names, however deep."""
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return {hint}
    return {each for part in typing.get_args(hint) for each in named_in(part)}


def reached(start):
    """Every class that results of this type hold, fields of fields included."""
    seen, waiting = set(), {start}
    while waiting:
        kind = waiting.pop()
        seen.add(kind)
        if is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            for each in fields(kind):
                waiting |= named_in(hints[each.name]) - seen
    return seen


@pytest.mark.parametrize("function", functions())
def test_no_outlet_takes_what_is_stored(function):
    hints = typing.get_type_hints(inspect.unwrap(function))
    taken = {each for name, hint in hints.items() if name != "return" for each in named_in(hint)}
    held = {inner for each in taken for inner in reached(each)}
    assert not held & STORED


@pytest.mark.parametrize("result", [Scorecard, Trend, Changes, Digest, Impact])
def test_a_result_holds_counts_only_as_published(result):
    held = reached(result)
    assert Published in held
    assert Figure in held
    holders = [
        kind
        for kind in held
        if is_dataclass(kind)
        and kind is not Published
        and Count in {e for h in typing.get_type_hints(kind).values() for e in named_in(h)}
    ]
    assert holders == []


def test_a_figure_is_a_row_of_a_published_table():
    assert typing.get_type_hints(Figure)["shown"] is Published


def test_a_published_table_cannot_be_made_by_hand():
    with pytest.raises(DisclosureError):
        Published((), "none_public", ())
    with pytest.raises(DisclosureError):
        Published((), "none_public", (), object())
    assert (
        len(publish(pd.DataFrame({"lower": [], "upper": [], "status": []}), profile="gss_lt5")) == 0
    )


def test_no_outlet_asks_the_store_for_counts():
    asking = {"timeline", "over", "windows", "trail", "decide", "insert_frame", "execute"}
    package = ROOT / "vrn_metrics"
    paths = [p for name in ("cli", *OUTLETS) for p in (package / name).rglob("*.py")]
    calls = [
        (path.name, node.func.attr)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert calls
    assert [each for each in calls if each[1] in asking] == []


def test_only_publish_and_its_own_class_hold_the_seal():
    holders = [
        path.name
        for path in (ROOT / "vrn_metrics").rglob("*.py")
        if "_SEAL" in path.read_text(encoding="utf-8")
    ]
    assert holders == ["disclosure.py"]
