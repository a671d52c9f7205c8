"""What was fetched before: one record a table, beside its files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from vrn_metrics.fetch.catalogue import Entry

RECORD: Final = "fetched.json"


@dataclass(frozen=True)
class Held:
    """The file that was fetched last.

    `etag` and `last_modified` are the publisher's own marks of it, to be asked by again.
    """

    address: str
    file: str
    title: str
    sha256: str
    size: int
    fetched: datetime
    published: date | None = None
    etag: str = ""
    last_modified: str = ""


def folder_of(entry: Entry, folder: Path) -> Path:
    """Where the files of an entry are kept."""
    return folder / entry.key


def held(entry: Entry, folder: Path) -> Held | None:
    """What is held of an entry; `None` where nothing is, or it is not what was fetched.

    The file is read and its hash compared, so that a file that was changed or taken away is
    fetched anew.
    """
    home = folder_of(entry, folder)
    try:
        row = json.loads((home / RECORD).read_text(encoding="utf-8"))
        published = row["published"]
        found = Held(
            **row
            | {
                "fetched": datetime.fromisoformat(row["fetched"]),
                "published": date.fromisoformat(published) if published else None,
            }
        )
        path = home / found.file
        same = path.parent == home and path.is_file() and hash_of(path) == found.sha256
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a record that cannot be read holds nothing: the file is fetched anew
    return found if same else None


def keep(entry: Entry, folder: Path, record: Held) -> None:
    """Write down what is held, whole or not at all."""
    home = folder_of(entry, folder)
    row = asdict(record) | {
        "fetched": record.fetched.isoformat(timespec="seconds"),
        "published": record.published.isoformat() if record.published else None,
    }
    new = home / f"{RECORD}.new"
    new.write_text(json.dumps(row, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    new.replace(home / RECORD)


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
