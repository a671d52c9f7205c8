"""The records of the programme as a release states them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from vrn_metrics.store.schema import PROGRAMME_RECORDS


@dataclass(frozen=True)
class Record:
    """One record; which fields it has hangs on its kind (`docs/layouts.md`).

    `district_codes` parts codes by a blank and is *all* for the whole network; `cost_pence` is
    in whole pence.
    """

    record: str
    title: str
    belongs_to: str | None
    status: str | None
    role: str | None
    start_date: date | None
    end_date: date | None
    district_codes: str | None
    tier: str | None
    rating: str | None
    reach: int | None
    cost_pence: int | None
    organisation: str | None
    evidence: str | None


def records(engine: Engine, release_id: int) -> list[Record]:
    """Every record of a release, in the order of its file."""
    columns = [each for each in PROGRAMME_RECORDS.c if each.name not in ("release_id", "position")]
    query = (
        select(*columns)
        .where(PROGRAMME_RECORDS.c.release_id == release_id)
        .order_by(PROGRAMME_RECORDS.c.position)
    )
    with engine.connect() as connection:
        return [Record(*row) for row in connection.execute(query)]
