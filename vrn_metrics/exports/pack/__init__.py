"""The board pack: what it says in `sections`, in which order in `contents`, and three files of it.

`make` does it all; `slides`, `document` and `web` each write one kind of file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from vrn_metrics.errors import StoreError, UnknownNameError
from vrn_metrics.exports.pack.contents import Asked, Progress, board_pack
from vrn_metrics.exports.pack.section import Pack

__all__ = ["KINDS", "Asked", "Kind", "Pack", "board_pack", "kind_of", "make", "save", "written"]


@dataclass(frozen=True)
class Kind:
    """One kind of file that a pack can be: what a reader calls it, its type, and its writer."""

    suffix: str
    title: str
    mime: str
    writer: str


KINDS: Final[Mapping[str, Kind]] = {
    each.suffix: each
    for each in (
        Kind(
            "pptx",
            "PowerPoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "slides",
        ),
        Kind("pdf", "PDF", "application/pdf", "document"),
        Kind("html", "Web page", "text/html", "web"),
    )
}


def make(
    asked: Asked, kind: Kind, progress: Progress = lambda _message, _share: None
) -> tuple[Pack, bytes]:
    """What a pack says, and the file of it.

    Raises
    ------
    UnknownNameError
        For an area, baseline or definition that does not exist.
    """
    pack = board_pack(asked, progress)
    return pack, written(pack, kind, progress)


def written(pack: Pack, kind: Kind, progress: Progress = lambda _message, _share: None) -> bytes:
    """The pack as a file of a kind; its writer is imported only now, as each takes its time."""
    writer = getattr(import_module(f"{__name__}.{kind.writer}"), kind.suffix)
    done: bytes = writer(pack, progress)
    return done


def kind_of(path: Path) -> Kind:
    """The kind of file that a name asks for.

    Raises
    ------
    UnknownNameError
        If it is none that a pack can be.
    """
    suffix = path.suffix.removeprefix(".").lower()
    if suffix not in KINDS:
        raise UnknownNameError(
            f"expected a file name that ends in {', '.join(f'.{each}' for each in KINDS)}, "
            f"found '{path.name}'."
        )
    return KINDS[suffix]


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    StoreError
        If it cannot be written there.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"{path} cannot be written: {error.strerror}. Name a folder that exists and is yours."
        ) from error
