"""Formulas that a workbook was saved with, but without their values."""

from __future__ import annotations

import re
import zipfile

from vrn_metrics.errors import Problem
from vrn_metrics.sources._document import Document

_VALUELESS = re.compile(
    rb'<c\b[^>]*\br="([A-Z]+\d+)"[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


def formulas_without_values(document: Document) -> list[Problem]:
    """Formula cells that show as blank; in a table where a blank can mean zero they must not."""
    if document.kind != "xlsx":
        return []
    with zipfile.ZipFile(document.path) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        cells = [found for part in parts for found in _VALUELESS.findall(archive.read(part))]
    if not cells:
        return []
    return [
        Problem(
            "numbers, or formulas saved with their values",
            f"a formula without a value in cell {cells[0].decode()}",
            "Open the file in a spreadsheet program, save it, and load it again.",
            times=len(cells),
        )
    ]
