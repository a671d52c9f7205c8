"""How areas lie to one another: their names, and which are alike in statistics."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, select

from vrn_metrics.store.schema import AREA_LINKS, NEIGHBOURS


def neighbours(engine: Engine, release_id: int, area_code: str) -> list[str]:
    """The statistical nearest neighbours of an area in a release, nearest first."""
    near = NEIGHBOURS.c
    query = (
        select(near.neighbour_code)
        .where(near.release_id == release_id, near.area_code == area_code)
        .order_by(near.rank)
    )
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def names(engine: Engine, release_id: int, codes: Iterable[str]) -> dict[str, str]:
    """The names that a lookup gives to these areas; those it does not know are left out."""
    link = AREA_LINKS.c
    query = (
        select(link.child_code, link.child_name)
        .where(link.release_id == release_id, link.child_code.in_(sorted(set(codes))))
        .distinct()
    )
    with engine.connect() as connection:
        return {row.child_code: row.child_name for row in connection.execute(query)}
