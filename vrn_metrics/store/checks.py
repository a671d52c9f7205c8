"""The database against its own rules."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, func, select

from vrn_metrics.counts import Status
from vrn_metrics.sources import all_readers
from vrn_metrics.store import agreements, audit, releases, street_rollups
from vrn_metrics.store.schema import OBSERVATIONS, REFERENCE_TABLES, RELEASE_EVENTS, RELEASES


def faults(engine: Engine) -> list[str]:
    """Every rule that the stored data break, in words; none when sound."""
    cell, missing = OBSERVATIONS.c, Status.MISSING.rank
    rules = {
        "a lower bound above the upper": cell.lower > cell.upper,
        "an exact value with two bounds": (cell.status == Status.EXACT.rank)
        & (cell.lower != cell.upper),
        "a missing value with a bound": (cell.status == missing) & cell.lower.is_not(None),
        "a known value without bounds": (cell.status != missing)
        & (cell.lower.is_(None) | cell.upper.is_(None)),
        "a period that ends before it starts": cell.period_end < cell.period_start,
    }
    found = []
    with engine.connect() as connection:
        for rule, broken in rules.items():
            count = connection.execute(
                select(func.count()).select_from(OBSERVATIONS).where(broken)
            ).scalar_one()
            if count:
                found.append(f"{count} observations with {rule}")
        for table in (OBSERVATIONS, *REFERENCE_TABLES.values()):
            orphans = connection.execute(
                select(func.count())
                .select_from(table)
                .where(table.c.release_id.not_in(select(RELEASES.c.id)))
            ).scalar_one()
            if orphans:
                found.append(f"{orphans} rows of {table.name} without a release")
        silent = connection.execute(
            select(RELEASES.c.id).where(RELEASES.c.id.not_in(select(RELEASE_EVENTS.c.release_id)))
        ).scalars()
        found += [f"release {number} without a log entry" for number in silent]
        sources = connection.execute(select(RELEASES.c.source).distinct()).scalars()
        found += [
            f"releases of '{source}', a source this version does not know"
            for source in sources
            if source not in all_readers()
        ]
    found += street_rollups.faults(engine)
    found += audit.faults(engine)
    return found + agreements.faults(engine, releases.releases(engine), date.today())
