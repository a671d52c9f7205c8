"""The command that calls a network: what publishers have, and getting it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from vrn_metrics.cli.command import (
    BAD_INPUT,
    Asked,
    one_line,
    pick,
    progress,
    shared,
    show,
    vrn,
)
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.fetch import (
    CATALOGUE_FILE,
    Entry,
    Fetched,
    Held,
    catalogue,
    chosen,
    fetch,
    held,
    recognised,
)
from vrn_metrics.store import Loaded

FOLDER: Final = Path(__file__).resolve().parents[2] / "var" / "fetched"


@vrn.command("fetch")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=FOLDER, help="Else var/fetched."
)
@click.option("--load", "is_loaded", is_flag=True, help="Load each as a release, not approved.")
@click.option("--by", metavar="WHO", help="Who loads it; the system's user when not given.")
@click.option(
    "--catalogue",
    "file",
    type=click.Path(path_type=Path),
    default=CATALOGUE_FILE,
    help="Else data/reference/publishers.toml.",
)
@shared
def fetch_command(
    asked: Asked, keys: Sequence[str], folder: Path, is_loaded: bool, by: str | None, file: Path
) -> None:
    """Get the newest published file of each KEY; without one, list what can be had and is held.

    Nothing else in this project calls a network. Proxies are those of the environment.
    """
    entries = catalogue(file)
    if not keys:
        loaded = {each.sha256: each.id for each in asked.store.releases(asked.as_of)}
        found = [_listed(each, held(each, folder), loaded) for each in entries.values()]
        rows = [pick(each, "key", "title", "kind", "held", "fetched", "release") for each in found]
        show(rows, found, asked.shape, nothing="The catalogue is empty.")
        return
    done, refused = [], []
    for entry in chosen(entries, keys):
        try:
            got = fetch(entry, folder, progress=progress)
            progress(f"{entry.key}: {got.sentence}")
            if is_loaded:
                recognised(got)
            done.append((got, asked.store.load(got.path, by=by) if is_loaded else None))
        except VrnMetricsError as error:
            refused.append(str(error))
    if done or not refused:
        found = [_fetched(*each) for each in done]
        rows = [pick(each, "key", "what", "file", "bytes", "release", "state") for each in found]
        show(rows, found, asked.shape)
        if asked.shape == "table":
            for each in found:
                click.echo(f"  {each['key']}: {each['sentence']} SHA-256 {each['sha256']}")
    for message in refused:
        click.echo(one_line(message), err=True)
    if refused:
        sys.exit(BAD_INPUT)


def _listed(entry: Entry, now: Held | None, loaded: dict[str, int]) -> dict[str, Any]:
    return {
        "key": entry.key,
        "title": entry.title,
        "publisher": entry.publisher,
        "kind": entry.kind,
        "source": entry.source or None,
        "page": entry.where_to_look,
        "held": now.file if now else None,
        "sha256": now.sha256 if now else None,
        "published": now.published.isoformat() if now and now.published else None,
        "fetched": f"{now.fetched:%Y-%m-%d}" if now else None,
        "release": loaded.get(now.sha256) if now else None,
    }


def _fetched(got: Fetched, loaded: Loaded | None) -> dict[str, Any]:
    release = loaded.release if loaded else None
    return {
        "key": got.entry.key,
        "what": str(got.what),
        "sentence": got.sentence,
        "file": got.now.file,
        "path": str(got.path),
        "title": got.now.title,
        "address": got.now.address,
        "published": got.now.published.isoformat() if got.now.published else None,
        "bytes": got.now.size,
        "sha256": got.now.sha256,
        "sha256_before": got.before.sha256 if got.before else None,
        "release": release.id if release else None,
        "edition": release.edition.isoformat() if release else None,
        "already_loaded": loaded.was_known if loaded else None,
        "state": release.state if release else None,
    }
