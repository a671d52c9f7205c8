"""The demonstration: made-up files in the published layouts, through the real readers."""

from __future__ import annotations

import csv
from collections.abc import Callable

from vrn_metrics.errors import StoreError
from vrn_metrics.store import Store
from vrn_metrics.store.loading import Loaded
from vrn_metrics.store.releases import DEMO

BY = "demonstration"


def build(store: Store, *, progress: Callable[[str], None] = lambda _message: None) -> list[Loaded]:
    """Load and approve every demonstration file.

    Raises
    ------
    StoreError
        If the store holds anything else: made-up figures do not belong beside real ones.
    """
    if any(not each.demonstration for each in store.releases()):
        raise StoreError(
            "expected an empty database or the demonstration, found real releases. Give the "
            "demonstration a database of its own with --database."
        )
    with (DEMO / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    return [store.load(DEMO / name, by=BY, approve=True, progress=progress) for name in names]
