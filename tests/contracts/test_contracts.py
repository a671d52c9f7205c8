"""The house rules that a machine can hold us to."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PACKAGE = ROOT / "vrn_metrics"
PAGES = sorted((ROOT / "pages").glob("*.py"))
OUR_OWN = {"ledger", "programme", "vrn_metrics", "tests", "benchmarks"}

# Asked for by the address of a database, or by Streamlit where people sign in; imported by nobody.
BY_ADDRESS = {"psycopg", "authlib", "httpx2"}


def python_files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            names.add(node.module or "")
    return names


def top_names(paths: list[Path]) -> set[str]:
    return {name.partition(".")[0] for path in paths for name in imported(path)}


def tracked() -> Iterator[tuple[str, str]]:
    """Every text file that is or would be committed, with its text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            content = (ROOT / name).read_bytes()
            if b"\0" not in content[:8000]:
                yield name, content.decode("utf-8", errors="replace")


# Layers


def test_imports_go_one_way():
    program = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def test_only_ui_imports_streamlit():
    others = [path for path in python_files(PACKAGE) if PACKAGE / "ui" not in path.parents]
    assert [str(path) for path in others if "streamlit" in top_names([path])] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_thin(path):
    text = path.read_text(encoding="utf-8")
    assert top_names([path]) <= {"streamlit", "vrn_metrics"}
    assert len(text.splitlines()) <= 60
    defines = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, defines)]


# Sources


def source_modules() -> list[str]:
    return [p.stem for p in (PACKAGE / "sources").glob("*.py") if not p.stem.startswith("_")]


def test_a_source_is_called_by_the_name_of_its_file():
    from vrn_metrics.sources import all_readers

    assert set(all_readers()) == {name.replace("_", "-") for name in source_modules()}


def test_every_source_has_a_demonstration_file_or_a_template():
    from vrn_metrics.sources import all_readers, identify, open_document

    files = [
        path
        for folder in ("demo", "templates")
        for path in sorted((ROOT / "data" / folder).glob("*"))
        if path.suffix in (".csv", ".xlsx", ".ods", ".zip", ".geojson")
        and path.name != "MANIFEST.csv"
    ]
    shown = {identify(open_document(path)).source.key for path in files}
    assert set(all_readers()) - shown == set()


# Words


def test_no_machine_and_no_package_registry_is_named():
    forbidden = {
        "a machine's own path": re.compile(
            r"(?<![\w.$}])/(?:work|tmp|root|home|Users|private)/|\b[A-Z]:\\\\?Users\b"
        ),
        "a package registry's host": re.compile(
            r"\b(?:pypi|pythonhosted|npmjs|debian|anaconda)\.(?:org|com)\b"
        ),
    }
    found = [
        f"{name}:{number}: {what}"
        for name, text in tracked()
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in forbidden.items()
        if pattern.search(line)
    ]
    assert found == []


def banned_words() -> set[str]:
    """The words in code type in the last column of the glossary, and in its last paragraph."""
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    cells = [line.split("|")[3] for line in text.splitlines() if line.startswith("|")]
    cells.append(text.rstrip().rpartition("\n\n")[2])
    return {word for cell in cells for word in re.findall("`(.+?)`", cell)}


def names_made(path: Path) -> set[str]:
    """The file's own name and every name that it binds."""
    names = {path.stem}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_a_banned_word_is_nobodys_name():
    banned = banned_words()
    assert {"indicator", "kpi", "helpers"} <= banned  # the glossary was read
    # Alembic's migrations use its own names.
    paths = [p for p in python_files(PACKAGE, ROOT / "pages") if "migrations" not in p.parts]
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths
        for name in sorted(names_made(path))
        if {w.lower() for w in re.findall("[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)} & banned
    ]
    assert found == []


def test_the_glossary_is_in_order_and_says_each_word_once():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    words = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")][1:]
    assert words == sorted(set(words), key=str.casefold)


# Requirements


def pins(name: str) -> tuple[dict[str, Requirement], dict[str, Requirement]]:
    """What a list of requirements pins: what we use ourselves, and all of it."""
    used, everything, heading = {}, {}, ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line
        elif line and not line.startswith("-r "):
            pin = Requirement(line)
            key = canonicalize_name(pin.name)
            assert key not in everything, f"{name}: {key} stands there twice"
            everything[key] = pin
            if "this project" in heading:
                used[key] = pin
    return used, everything


RUN_TIME, RUN_TIME_ALL = pins("requirements.txt")
DEVELOPMENT, DEVELOPMENT_ALL = pins("requirements-dev.txt")


@pytest.mark.parametrize("pin", [*RUN_TIME_ALL.values(), *DEVELOPMENT_ALL.values()], ids=str)
def test_a_requirement_is_pinned_to_one_version(pin):
    assert [each.operator for each in pin.specifier] == ["=="]
    assert "*" not in str(pin.specifier)
    assert pin.url is None


def distributions_of(paths: list[Path]) -> set[str]:
    homes = packages_distributions()
    outside = top_names(paths) - OUR_OWN - set(sys.stdlib_module_names)
    assert outside <= set(homes), f"imported and not installed: {outside - set(homes)}"
    return {canonicalize_name(homes[name][0]) for name in outside}


def test_what_runs_imports_what_is_pinned_and_all_of_it():
    used = distributions_of([*python_files(PACKAGE, ROOT / "pages"), ROOT / "app.py"])
    assert used == set(RUN_TIME) - BY_ADDRESS


def test_what_tests_and_measures_imports_what_is_pinned():
    used = distributions_of(python_files(ROOT / "tests", ROOT / "benchmarks", ROOT / "data"))
    through_others = {"packaging", "websockets"}  # pytest's and Streamlit's own, and they stay
    assert used <= set(RUN_TIME) | set(DEVELOPMENT) | through_others


@pytest.mark.parametrize("used", [RUN_TIME, RUN_TIME | DEVELOPMENT], ids=["run", "development"])
def test_what_the_pinned_need_is_pinned_too(used):
    pinned = RUN_TIME_ALL if used is RUN_TIME else RUN_TIME_ALL | DEVELOPMENT_ALL
    waiting, seen = list(used.values()), set()
    while waiting:
        wanted = waiting.pop()
        key = canonicalize_name(wanted.name)
        if (key, *wanted.extras) in seen:
            continue
        seen.add((key, *wanted.extras))
        assert key in pinned, f"{wanted} is needed and not pinned"
        for line in distribution(key).requires or []:
            need = Requirement(line)
            extras = ({"extra": extra} for extra in ("", *wanted.extras))
            if need.marker is None or any(need.marker.evaluate(each) for each in extras):
                waiting.append(need)
    needless = {key for key, pin in pinned.items() if not pin.marker} - {key for key, *_ in seen}
    assert needless == set()


def installed(name: str) -> str | None:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return None


def test_what_is_installed_is_what_is_pinned():
    here = [
        (key, pin)
        for key, pin in (RUN_TIME_ALL | DEVELOPMENT_ALL).items()
        if not pin.marker or pin.marker.evaluate()
    ]
    assert {key: f"=={installed(key)}" for key, _ in here} == {
        key: str(pin.specifier) for key, pin in here
    }


def test_every_dependency_has_its_reason():
    reasons = (ROOT / "DECISIONS.md").read_text(encoding="utf-8").casefold()
    table = "\n".join(line for line in reasons.splitlines() if line.startswith("|"))
    used = [pin.name for pin in (RUN_TIME | DEVELOPMENT).values()]
    assert [name for name in used if name.casefold() not in table] == []
