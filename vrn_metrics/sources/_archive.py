"""Zips, unpacked without believing what they say of themselves.

A workbook is a zip too. What a member really unpacks to is counted while it streams: a
header may name any size, and the workbook library would go on until memory ends.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from copy import copy
from pathlib import Path

from vrn_metrics.sources._damage import damage_is_refused, refusal

CHUNK = 1 << 17
LARGEST_MEMBER = 8 * 1024**3  # the CSP workbook of the Home Office is 1.4 GB of XML
LARGEST_RATIO = 250  # that workbook is 28 : 1
SMALL_MEMBER = 100 * 1024**2
UNLOCK = "Open it, save a copy without a password, and load that."

_COMPLETE = "a complete workbook or zip"


def members(path: Path, name: str) -> tuple[str, ...]:
    """Names of the files in a zip that is safe to unpack.

    Raises
    ------
    BadInputError
        If it is damaged, protected, a bomb by its own account, or names a member twice.
    """
    with damage_is_refused(name, _COMPLETE), zipfile.ZipFile(path) as archive:
        found = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.flag_bits & 1 for info in found):
        raise refusal(name, "a file without a password", "a password-protected one", UNLOCK)
    for info in found:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > LARGEST_MEMBER or (
            info.file_size > SMALL_MEMBER and ratio > LARGEST_RATIO
        ):
            raise refusal(
                name,
                "a file that unpacks to a sensible size",
                f"'{info.filename}' would unpack to {info.file_size:,} bytes",
                "If this is a real publication, unpack it and load its parts.",
            )
    names = Counter(info.filename for info in found)
    if twice := [each for each, times in names.items() if times > 1]:
        raise refusal(name, "members with names of their own", f"'{twice[0]}' more than once")
    return tuple(names)


def chunks(path: Path, name: str, member: str) -> Iterator[bytes]:
    """The bytes of one member as they unpack; its checksum and its size are checked."""
    with damage_is_refused(name, _COMPLETE), zipfile.ZipFile(path) as archive:
        info = archive.getinfo(member)
        boundless = copy(info)  # zipfile stops at the stated size: it would hide the rest
        boundless.file_size = LARGEST_MEMBER + 1
        unpacked = 0
        with archive.open(boundless) as file:
            while chunk := file.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > info.file_size:
                    break
                yield chunk
    if unpacked != info.file_size:
        raise refusal(
            name,
            f"'{member}' to unpack to the {info.file_size:,} bytes it states",
            "more" if unpacked > info.file_size else f"{unpacked:,}",
        )


def verify(path: Path, name: str) -> None:
    """Unpack every member once and keep nothing, before a library unpacks it into memory."""
    for member in members(path, name):
        for _ in chunks(path, name, member):
            pass
