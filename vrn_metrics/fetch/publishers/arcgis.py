"""Open Geography: the newest service of a name, queried page by page into one file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.newest import Candidate, newest, safe_name
from vrn_metrics.fetch.web import Web

PAGE: Final = 1000
_EVERYTHING: Final = "1=1"


def find(entry: Entry, web: Web) -> Candidate:
    """The newest service whose name fits.

    A name holds its month or its vintage, so that a newer one is a service of another name.
    """
    listed = _asked(web, f"{entry.address.rstrip('/')}?f=json").get("services")
    names = [
        str(each.get("name"))
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and each.get("type") == "FeatureServer"
    ]
    is_map = "json" in entry.types
    return newest(
        entry,
        [
            Candidate(
                f"{entry.address.rstrip('/')}/{name}/FeatureServer/0",
                safe_name(name, entry.key) + (".geojson" if is_map else ".csv"),
                name,
            )
            for name in names
        ],
    )


def assemble(entry: Entry, candidate: Candidate, web: Web, path: Path) -> None:
    """Every feature once, in the order of the service's own numbers.

    Notes
    -----
    Pages go on while the service says that it held something back (`exceededTransferLimit`), and
    the whole is held against the number that the service counts.
    """
    layer = candidate.address
    described = _asked(web, f"{layer}?f=json")
    number = str(described.get("objectIdField") or "OBJECTID")
    most = described.get("maxRecordCount")
    step = min(most, PAGE) if isinstance(most, int) and most > 0 else PAGE
    where = entry.where or _EVERYTHING
    count = {"where": where, "returnCountOnly": "true", "f": "json"}
    wanted = _asked(web, f"{layer}/query?{urlencode(count)}").get("count")
    is_map = _is_map(candidate)
    features: list[dict[str, Any]] = []
    read = 0
    while True:
        query = {
            "where": where,
            "outFields": "*",
            "orderByFields": number,
            "resultOffset": len(features),
            "resultRecordCount": step,
            "outSR": 4326,
            "f": "geojson" if is_map else "json",
        }
        page = _asked(web, f"{layer}/query?{urlencode(query)}", entry.largest - read)
        found = page.get("features")
        if not (isinstance(found, list) and all(isinstance(each, dict) for each in found)):
            raise web.refusal("features", "an answer without them")
        features += found
        read += len(json.dumps(found))
        if not _held_back(page):
            break
        if not found:
            raise web.refusal("the rest of the features", f"none after {len(features):,}")
        web.progress(f"{entry.key}: {len(features):,} features")
    if len(features) != wanted:
        raise web.refusal(
            f"{wanted:,} features, as the service counts" if isinstance(wanted, int) else "a count",
            f"{len(features):,}",
            "It may have been changed meanwhile: fetch it again.",
        )
    if is_map:
        whole = {"type": "FeatureCollection", "name": candidate.title, "features": features}
        path.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")), "utf-8")
    else:
        _write_table(features, number, path)


def _is_map(candidate: Candidate) -> bool:
    """Whether shapes are wanted, and not a table."""
    return candidate.name.endswith(".geojson")


def _write_table(features: list[dict[str, Any]], number: str, path: Path) -> None:
    given = (each.get("attributes") for each in features)
    rows = [each if isinstance(each, dict) else {} for each in given]
    columns = [name for name in (rows[0] if rows else {}) if name != number]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns, extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)


def _held_back(page: dict[str, Any]) -> bool:
    """Whether there is more: said beside the features, or in the collection's properties."""
    inside = page.get("properties")
    inside = inside if isinstance(inside, dict) else {}
    return bool(page.get("exceededTransferLimit") or inside.get("exceededTransferLimit"))


def _asked(web: Web, address: str, largest: int | None = None) -> dict[str, Any]:
    """An answer; the service reports its errors with the status 200."""
    page = web.json(address, largest) if largest is not None else web.json(address)
    if not isinstance(page, dict):
        raise web.refusal("an object", f"{type(page).__name__} in JSON")
    if isinstance(error := page.get("error"), dict):
        said = f"'{error.get('message', 'an error')}' ({error.get('code', 'no code')})"
        raise web.refusal("an answer to the query", said)
    return page
