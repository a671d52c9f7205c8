"""Agreements to share, for stores whose extracts must be allowed to count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vrn_metrics.store import Store

SOURCES = ("vrn-admissions", "vrn-homicides", "vrn-offences")


def agreements_file(
    folder: Path,
    sources: Sequence[str] = SOURCES,
    start: str = "2019-10-01",
    end: str = "",
    *,
    name: str = "programme.csv",
    demonstration: bool = False,
) -> Path:
    """A programme with an agreement for each source and nothing else."""
    lines = [
        "layout,vrn-programme,1",
        "covers,2019-10,2020-03",
        *["demonstration,yes"] * demonstration,
    ]
    lines += ["record,title,belongs_to,organisation,start,end"]
    lines += [f"agreement,Sharing for {each},{each},A partner,{start},{end}" for each in sources]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def record_agreements(store: Store, folder: Path) -> None:
    """Let every extract count in a store."""
    store.load(agreements_file(folder, name="agreements.csv"), approve=True)
