"""How areas lie: their shapes, their names, and which are alike in statistics."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import Engine, select

from vrn_metrics.areas import REFERENCE
from vrn_metrics.store.schema import AREA_LINKS, BOUNDARIES, NEIGHBOURS

DISTRICTS: Final = "LAD"
SCHEMATIC: Final = "schematic"


@dataclass(frozen=True)
class Shape:
    """One area's name and its geometry as GeoJSON text, in degrees."""

    code: str
    name: str
    geometry: str


@dataclass(frozen=True)
class Shapes:
    """The boundaries of a layer; `key` tells them from every other set of shapes.

    Schematic ones are this project's own and must be called so wherever they are drawn.
    """

    key: str
    shapes: tuple[Shape, ...]

    @property
    def is_schematic(self) -> bool:
        """Whether they are no official boundaries."""
        return self.key == SCHEMATIC


@cache
def schematic() -> Shapes:
    """The nine districts as `data/reference/make_boundaries.py` draws them."""
    text = (REFERENCE / "schematic_boundaries.geojson").read_text(encoding="utf-8")
    found = (
        Shape(each["properties"]["code"], each["properties"]["name"], json.dumps(each["geometry"]))
        for each in json.loads(text)["features"]
    )
    return Shapes(SCHEMATIC, tuple(found))


def shapes(engine: Engine, release_ids: list[int], layer: str, codes: Iterable[str]) -> Shapes:
    """The shapes of a layer from the first of these releases that has all, or any of an open list.

    Parameters
    ----------
    release_ids
        The newest first.
    codes
        The areas wanted, all of which a release must have; every area of the layer where empty.
    """
    bound, wanted = BOUNDARIES.c, sorted(set(codes))
    for number in release_ids:
        query = (
            select(bound.area_code, bound.name, bound.geometry)
            .where(bound.release_id == number, bound.layer == layer)
            .order_by(bound.area_code)
        )
        if wanted:
            query = query.where(bound.area_code.in_(wanted))
        with engine.connect() as connection:
            rows = connection.execute(query).all()
        if rows and (not wanted or len(rows) == len(wanted)):
            found = (Shape(row.area_code, row.name, row.geometry) for row in rows)
            return Shapes(f"{layer.lower()}-{number}", tuple(found))
    return Shapes("", ())


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
