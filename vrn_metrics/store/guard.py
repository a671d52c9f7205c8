"""What may be seen of a local extract, decided once for all views and kept.

For each set of releases of a source that ever counts together, every figure that can be
asked for is decided in one go: small counts are hidden, and with them whatever would give
them away, in this set and in every set that anybody could see before (an earlier release, a
withdrawn one, a view as of an old day). Views then read what was decided; the counts
themselves do not leave this module.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Engine, case, func, insert, select

from vrn_metrics.areas import NETWORK, members
from vrn_metrics.counts import Status
from vrn_metrics.methods.profiles import PROFILES
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import database
from vrn_metrics.store.askable import CELL, Askable, askable
from vrn_metrics.store.circumstances import by_circumstance
from vrn_metrics.store.pattern import decide_family
from vrn_metrics.store.quantities import quantities
from vrn_metrics.store.schema import GUARDED_COUNTS, GUARDED_SETS, OBSERVATIONS, RELEASES

LOG: Final = logging.getLogger(__name__)

Progress = Callable[[str], None]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Decision:
    """What may be seen of one set of releases, and the rules that fired.

    `figures` has one row for each figure that can be asked for: `quantity`, `area_code`,
    `period`, `lower`, `upper`, `status` (its rank), `provisional`. A hidden figure has the
    bounds that follow from what is shown, which anybody could work out; `upper` is not a
    number where nothing follows.
    """

    source: str
    release_ids: tuple[int, ...]
    figures: pd.DataFrame
    rules: tuple[str, ...]


def is_guarded(source: str) -> bool:
    """Whether a source's counts may be seen only as decided here."""
    known = all_readers().get(source)
    return known is not None and PROFILES[known.source.profile].hidden_up_to > 0


def decide(
    engine: Engine, source: str, release_ids: Sequence[int], progress: Progress = lambda _: None
) -> Decision | None:
    """What may be seen of these releases together; `None` if that is decided or not needed.

    Notes
    -----
    A figure that has the same value in two sets is one figure: the attacker is taken to
    know that it did not change. What was shown stays known; what was hidden stays hidden.
    """
    ids = tuple(sorted(release_ids))
    if not ids or not is_guarded(source) or set_id(engine, source, ids) is not None:
        return None
    about = all_readers()[source].source
    sets = _sets(engine, source)
    earlier = [
        (_families(engine, about, past, by_quarter=True), _shown(engine, number))
        for number, past in sets
    ]
    figures, rules = [], []
    families = _families(engine, about, ids, by_quarter=bool(sets))
    for number, family in enumerate(families, start=1):
        progress(f"Deciding what may be shown of {about.title}: {number} of {len(families)}")
        history = [(old, shown) for olds, shown in earlier for old in olds if _share(old, family)]
        decided, rule = decide_family(family, history, PROFILES[about.profile])
        figures.append(decided)
        rules.append(rule)
    if figures:
        rows = _finest(engine, ids)
        whole = pd.concat(figures)
        figures.append(by_circumstance(source, rows, whole, PROFILES[about.profile]))
    for rule in rules:
        LOG.info("%s, releases %s: %s", source, ids, rule)
    empty = pd.DataFrame(columns=[*CELL, "lower", "upper", "status", "provisional"])
    return Decision(source, ids, pd.concat(figures) if figures else empty, tuple(rules))


def set_id(engine: Engine, source: str, release_ids: Sequence[int]) -> int | None:
    """The number under which a set of releases was decided; `None` if it was not."""
    query = select(GUARDED_SETS.c.id).where(
        GUARDED_SETS.c.source == source, GUARDED_SETS.c.release_ids == _joined(release_ids)
    )
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def save(connection: Connection, decision: Decision) -> None:
    """Keep a decision; part of the transaction that lets the releases count."""
    result = connection.execute(
        insert(GUARDED_SETS).values(
            source=decision.source,
            release_ids=_joined(decision.release_ids),
            made_at=datetime.now(UTC).replace(tzinfo=None),
            rules=json.dumps(decision.rules),
        )
    )
    assert result.inserted_primary_key is not None  # noqa: S101 - the insert gave a key or raised
    figures = decision.figures
    if figures.empty:
        return
    database.insert_frame(
        connection,
        GUARDED_COUNTS,
        pd.DataFrame(
            {
                "set_id": int(result.inserted_primary_key[0]),
                "quantity": figures["quantity"],
                "area_code": figures["area_code"],
                "period_start": [each.start for each in figures["period"]],
                "period_end": [each.end for each in figures["period"]],
                "lower": figures["lower"].astype(float),
                "upper": figures["upper"].astype(float),
                "status": figures["status"].astype(int),
                "provisional": figures["provisional"].astype(bool),
            }
        ),
    )


def _share(one: Askable, other: Askable) -> bool:
    return not set(one.cells["quantity"]).isdisjoint(other.cells["quantity"])


def _families(
    engine: Engine, source: Source, release_ids: Sequence[int], *, by_quarter: bool
) -> list[Askable]:
    """Every figure that can be asked for of a set of releases."""
    rows = _finest(engine, release_ids)
    if rows.empty:
        return []
    return list(askable(rows, quantities(source.key), source.series, by_quarter=by_quarter))


def _finest(engine: Engine, release_ids: Sequence[int]) -> pd.DataFrame:
    """Months by district, age band and setting, each month from its newest release."""
    cell = OBSERVATIONS.c
    key = (
        cell.series,
        cell.definition,
        cell.area_code,
        cell.period_start,
        cell.period_end,
        cell.age_band,
        cell.setting,
        RELEASES.c.edition,
        cell.release_id,
    )
    query = (
        select(
            *key,
            func.sum(cell.lower).label("value"),
            func.max(cell.status).label("status"),
            func.max(case((cell.provisional, 1), else_=0)).label("provisional"),
        )
        .join(RELEASES, RELEASES.c.id == cell.release_id)
        .where(cell.release_id.in_(release_ids), cell.area_code.in_(members(NETWORK)))
        .group_by(*key)
    )
    with engine.connect() as connection:
        rows = pd.DataFrame(connection.execute(query).mappings().all())
    if rows.empty:
        return rows
    month = ["series", "definition", "period_start"]
    rows = rows.sort_values(["edition", "release_id"])
    rows = rows[rows["release_id"] == rows.groupby(month)["release_id"].transform("last")]
    is_exact = rows.groupby([*month, "area_code"])["status"].transform("max") == Status.EXACT.rank
    return rows[is_exact].assign(provisional=rows["provisional"].astype(bool))


def _sets(engine: Engine, source: str) -> list[tuple[int, tuple[int, ...]]]:
    """Every set of releases that was ever decided, oldest first."""
    query = (
        select(GUARDED_SETS.c.id, GUARDED_SETS.c.release_ids)
        .where(GUARDED_SETS.c.source == source)
        .order_by(GUARDED_SETS.c.id)
    )
    with engine.connect() as connection:
        return [
            (number, tuple(int(each) for each in ids.split(",")))
            for number, ids in connection.execute(query)
        ]


def _shown(engine: Engine, number: int) -> pd.DataFrame:
    """What was decided of a set, by figure."""
    kept = GUARDED_COUNTS.c
    query = select(
        kept.quantity, kept.area_code, kept.period_start, kept.period_end, kept.status
    ).where(kept.set_id == number)
    with engine.connect() as connection:
        found: list[Any] = list(connection.execute(query))
    return pd.DataFrame(
        {
            "quantity": [row.quantity for row in found],
            "area_code": [row.area_code for row in found],
            "period": [Period(row.period_start, row.period_end) for row in found],
            "status": [row.status for row in found],
        }
    )


def _joined(release_ids: Sequence[int]) -> str:
    return ",".join(str(each) for each in sorted(release_ids))
