"""Lines of the ledger, each financial year whole from its newest release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from vrn_metrics.store.schema import LEDGER_LINES


@dataclass(frozen=True)
class LedgerLine:
    """One line; `amount_pence` is in whole pence and below zero for a journal that takes back."""

    release_id: int
    year: str
    day: date
    line: str
    project: str
    category: str
    amount_pence: int
    kind: str
    funding_stream: str
    classified_by: str | None
    reason: str | None
    doubtful: bool


def lines(engine: Engine, release_ids: Sequence[int]) -> list[LedgerLine]:
    """The lines that count, in the order of their day.

    Parameters
    ----------
    release_ids
        The newest edition last: it replaces the financial years that it has whole.
    """
    found = history(engine, release_ids)
    newest = {each.year: each.release_id for each in found}
    return [each for each in found if newest[each.year] == each.release_id]


def history(engine: Engine, release_ids: Sequence[int]) -> list[LedgerLine]:
    """The lines of all these releases, release by release, oldest edition first."""
    if not release_ids:
        return []
    columns = [each for each in LEDGER_LINES.c if each.name != "position"]
    query = (
        select(*columns)
        .where(LEDGER_LINES.c.release_id.in_(release_ids))
        .order_by(LEDGER_LINES.c.day, LEDGER_LINES.c.position)
    )
    place = {number: position for position, number in enumerate(release_ids)}
    with engine.connect() as connection:
        found = [LedgerLine(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda each: place[each.release_id])
