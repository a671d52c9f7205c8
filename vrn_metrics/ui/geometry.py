"""Shapes of areas at an address of their own, so that a chart's every run does not carry them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vrn_metrics import maps
from vrn_metrics.errors import UnknownNameError, VrnMetricsError
from vrn_metrics.store import Shapes, open_store

LAYERS: Final = ("LAD", "LSOA")
A_DAY: Final = "public, max-age=86400, immutable"


def routes() -> list[Route]:
    """What the server answers beside the pages: boundaries, which are public."""
    return [Route("/geometry/{key}.json", _answer, methods=["GET"])]


def address(shapes: Shapes) -> str:
    """Where a browser finds these shapes: beside the page that asks."""
    return f"geometry/{shapes.key}.json"


async def _answer(request: Request) -> Response:
    try:
        found = await run_in_threadpool(_collection, request.path_params["key"])
    except VrnMetricsError:
        return JSONResponse({"error": "no such boundaries"}, status_code=404)
    return Response(found, media_type="application/json", headers={"Cache-Control": A_DAY})


@lru_cache(maxsize=8)
def _collection(key: str) -> bytes:
    """The shapes under a key; a release is never changed, so neither is what its key names."""
    view = open_store().view()
    for layer in LAYERS:
        shapes = view.shapes(layer)
        if shapes.key == key:
            return json.dumps(maps.collection(shapes), separators=(",", ":")).encode()
    raise UnknownNameError(f"no boundaries '{key}' count now.")
