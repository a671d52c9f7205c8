"""One guard for every outlet: what is not published here does not leave the library.

A profile says what a dataset's custodian lets be shown. `publish` applies it and makes a
`Published` table, which is the only thing that charts, narrative, exports, the command
line and the pages are given. Nothing else can make one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from vrn_metrics.counts import Count, Status
from vrn_metrics.methods.profiles import PROFILES, DisclosureError, Profile, profile_named
from vrn_metrics.methods.suppression import attainable_interval, suppress

__all__ = [
    "PROFILES",
    "DisclosureError",
    "Fired",
    "Profile",
    "Published",
    "attainable_interval",
    "publish",
    "suppress",
]


@dataclass(frozen=True)
class Fired:
    """A rule that changed cells, for the log, never for the page."""

    rule: str
    cells: int


_SEAL: Final = object()

Table = pd.DataFrame | Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Published:
    """A table that has passed the guard; immutable, and made by `publish` alone.

    Each row is a read-only mapping. `count(row)` gives a row's count with its status.
    """

    rows: tuple[Mapping[str, Any], ...]
    profile: str
    fired: tuple[Fired, ...]
    _seal: object = None

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise DisclosureError(
                "expected a table made by disclosure.publish(), found one made by hand. "
                "Pass the counts to publish() and use what it returns."
            )

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def counts(self) -> tuple[Count, ...]:
        """The count of each row, in order."""
        return tuple(_count(row) for row in self.rows)

    def part(self, start: int, stop: int | None) -> Published:
        """Some of the rows, still published."""
        return Published(self.rows[start:stop], self.profile, self.fired, _SEAL)

    def frame(self) -> pd.DataFrame:
        """A copy as a data frame."""
        return pd.DataFrame([dict(row) for row in self.rows])


def publish(table: Table, *, profile: str) -> Published:
    """The table as it may be shown: small counts hidden, others rounded by the profile.

    Parameters
    ----------
    table
        One row a cell with `lower`, `upper` and `status`, and any columns that name it: a data
        frame, or its columns as lists of the same length, which is quicker for a few rows.
    profile
        Key of `PROFILES`.

    Returns
    -------
    Published
        The same rows. A hidden cell has the bounds that the profile states for every
        hidden cell, so that its bounds say nothing of its value.

    Raises
    ------
    DisclosureError
        If the profile is unknown or the bounds are missing.

    Notes
    -----
    Cells that the publisher rounded or suppressed already keep the publisher's bounds
    where these are wider than ours.
    """
    rule = profile_named(profile)
    columns = _columns(table)
    if missing := {"lower", "upper", "status"} - set(columns):
        raise DisclosureError(f"a table to publish needs the columns {', '.join(sorted(missing))}.")
    shown, fired = _apply(columns, rule)
    rows = tuple(
        MappingProxyType(dict(zip(shown, row, strict=True)))
        for row in zip(*shown.values(), strict=True)
    )
    return Published(rows, profile, fired, _SEAL)


def _columns(table: Table) -> dict[str, list[Any]]:
    if isinstance(table, pd.DataFrame):
        return {str(name): column.tolist() for name, column in table.items()}
    return {name: list(column) for name, column in table.items()}


def _apply(
    columns: Mapping[str, list[Any]], rule: Profile
) -> tuple[dict[str, list[Any]], tuple[Fired, ...]]:
    lower = np.array(columns["lower"], dtype=float)
    upper = np.array(columns["upper"], dtype=float)
    status = np.array([str(each) for each in columns["status"]], dtype=object)
    known = np.isfinite(lower)

    small = known & (upper >= 1) & (lower <= rule.hidden_up_to) & (rule.hidden_up_to > 0)
    lower[small] = np.minimum(lower[small], 1)
    upper[small] = np.maximum(upper[small], rule.hidden_up_to)
    status[small] = str(Status.SUPPRESSED)

    rounded = np.zeros_like(small)
    if rule.round_to:
        rounded = known & ~small & (upper > 0)
        least, most = rule.rounding_bounds(lower[rounded], upper[rounded])
        lower[rounded], upper[rounded] = least, most
        status[rounded & (status == str(Status.EXACT))] = str(Status.ROUNDED)
    shown = {
        **columns,
        "lower": lower.tolist(),
        "upper": upper.tolist(),
        "status": status.tolist(),
    }
    log = (
        Fired(f"{rule.key}: hidden up to {rule.hidden_up_to}", int(small.sum())),
        Fired(f"{rule.key}: rounded to {rule.round_to}", int(rounded.sum())),
    )
    return shown, tuple(each for each in log if each.cells)


def _count(row: Mapping[str, Any]) -> Count:
    status = Status(row["status"])
    if not np.isfinite(row["lower"]):
        return Count.hidden() if status is Status.SUPPRESSED else Count.missing()
    return Count(int(row["lower"]), int(row["upper"]), status)
