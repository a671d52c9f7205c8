"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def real():
    """A real published file by its path in the shared folder; the test is skipped without it."""

    def find(name: str) -> Path:
        path = SHARED / "real" / name
        if not path.exists():
            pytest.skip(f"the real file {name} is not beside this checkout")
        return path

    return find


@pytest.fixture(scope="session")
def golden():
    """A suite of reference values by name; the test is skipped without it."""
    import json

    def find(name: str) -> dict:
        path = SHARED / "golden" / f"{name}.json"
        if not path.exists():
            pytest.skip(f"the reference values {name} are not beside this checkout")
        return json.loads(path.read_text())

    return find
