"""Make something once for all processes of a test run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def made(note: Path, make: Callable[[], str]) -> str:
    """What `make` says; the first process to ask makes it, the others wait and read the note."""
    with FileLock(note.with_suffix(".lock")):
        if not note.exists():
            note.write_text(make(), encoding="utf-8")
        return note.read_text(encoding="utf-8")
