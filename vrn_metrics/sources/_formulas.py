"""Formulas that a workbook was saved with, but without their values.

A program that writes workbooks without calculating leaves such cells; they show as blank,
and where a blank can mean zero they must not.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_CHUNK = 1 << 20
_VALUELESS = re.compile(
    rb'<c\b[^>]*\br="([A-Z]+\d+)"[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


def formulas_without_values(path: Path) -> list[str]:
    """The cells of an XLSX workbook that hold such formulas, over all its sheets.

    A sheet without any `<f` is read at the speed of unpacking it.
    """
    found: list[bytes] = []
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if not part.startswith("xl/worksheets/"):
                continue
            rest = b""
            with archive.open(part) as sheet:
                while chunk := sheet.read(_CHUNK):
                    seen = rest + chunk
                    if b"<f" in seen:
                        found += _VALUELESS.findall(seen)
                    last = seen.rfind(b"<c ")  # a cell that the chunk cut in two
                    rest = seen[last:] if last >= 0 else b""
    return [cell.decode() for cell in dict.fromkeys(found)]
