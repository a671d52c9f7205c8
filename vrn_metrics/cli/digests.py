"""What is new, to be sent by whoever sends: nothing is sent here."""

from __future__ import annotations

from datetime import date
from email.policy import SMTP
from pathlib import Path
from typing import Any, Final

import click

from vrn_metrics import areas
from vrn_metrics.analyses.digest import day_before
from vrn_metrics.analyses.digest import digest as digest_of
from vrn_metrics.cli.command import Asked, answering, progress, to_json, vrn
from vrn_metrics.errors import StoreError
from vrn_metrics.exports import digest as letters
from vrn_metrics.exports.addresses import SITE
from vrn_metrics.exports.pack import save
from vrn_metrics.measures import DUTY
from vrn_metrics.store import Release, Store

ATOM: Final = "digests.atom"


class Address(click.ParamType[str]):
    """Addresses of e-mail, on one line."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The addresses, or wrong usage."""
        given = str(value)
        header = SMTP.header_factory("to", given)
        sound = given.isprintable() and not header.defects
        if given and not (sound and all(each.domain for each in header.addresses)):
            self.fail(f"expected an address such as a@b.example, found {given!r}", param, ctx)
        return given


@vrn.command()
@click.option(
    "--since", metavar="RELEASE|DATE", help="Else the day before the last approval or withdrawal."
)
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@click.option("--site", default=SITE, show_default=True, metavar="URL", help="Where the pages are.")
@click.option("--sender", default="", type=Address(), help="From, in an e-mail.")
@click.option("--to", default="", type=Address(), help="To, in an e-mail; several with commas.")
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
@answering("text", "html", "atom", "eml", "json")
def digest(
    asked: Asked, since: str | None, site: str, sender: str, to: str, out: Path | None, **given: Any
) -> None:
    """What is new since a release or a day: verdicts and special causes. Sends nothing.

    Days are the finest that can be asked for: all that was approved on one day is one digest.
    """
    day = _since(asked, since)
    found = digest_of(asked.store, since=day, as_of=asked.as_of, **given)
    views = {name: given[name] for name in ("baseline_key", "definition_key")}
    written = letters.letter(found, site=site, **views)
    if asked.shape == "json":
        content = f"{to_json(letters.digest_json(found, written))}\n".encode()
    elif asked.shape == "eml":
        content = letters.email(written, sender=sender, to=to)
    elif asked.shape == "atom":
        content = letters.atom(written, site=site)
    else:
        words = letters.html(written) if asked.shape == "html" else letters.text(written)
        content = words.encode()
    if out is None:
        click.echo(content, nl=False)
        return
    save(out, content)
    progress(f"wrote {out}")


def folder_for(folder: Path) -> None:
    """Make the folder of digests before anything is decided.

    Raises
    ------
    StoreError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}.") from error


def write(store: Store, release: Release, folder: Path, site: str) -> None:
    """The digest of the day on which a release was approved, in every shape, and on the feed."""
    found = digest_of(store)
    written = letters.letter(found, site=site)
    kept = folder / ATOM
    name = f"digest-release-{release.id}"
    contents = {
        ATOM: letters.with_entry(
            kept.read_bytes() if kept.is_file() else None, written, site=site, name=str(kept)
        ),
        f"{name}.txt": letters.text(written).encode(),
        f"{name}.html": letters.html(written).encode(),
        f"{name}.eml": letters.email(written),
        f"{name}.json": f"{to_json(letters.digest_json(found, written))}\n".encode(),
    }
    for file, content in contents.items():
        save(folder / file, content)
        progress(f"wrote {folder / file}")


def _since(asked: Asked, given: str | None) -> date | None:
    """The day before a release was approved, or a day."""
    if given is None:
        return None
    if given.isdigit():
        return day_before(asked.store, int(given), asked.as_of)
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(
            f"expected the number of a release or a date such as 2026-03-31, found '{given}'",
            param_hint="--since",
        ) from None
