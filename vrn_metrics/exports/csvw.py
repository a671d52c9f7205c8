"""CSV with the metadata that lets a machine read it: CSV on the Web, as the W3C recommends it.

References
----------
Metadata Vocabulary for Tabular Data. W3C Recommendation, 17 December 2015.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any, Final

from vrn_metrics.exports.dataset import Column, Dataset, Mark, Value
from vrn_metrics.exports.tables import to_csv

OPEN_GOVERNMENT: Final = "Open Government Licence v3.0"
OPEN_GOVERNMENT_ADDRESS: Final = (
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)
PUBLISHER: Final = "Violence Reduction Network, Leicester, Leicestershire and Rutland"

FROM_NO_RELEASE: Final = "From no release: from the catalogue that comes with this version."


def csv_text(table: Dataset) -> str:
    """The rows as CSV, a mark such as `[c]` where there is no number.

    A cell that a spreadsheet would run as a formula is led by an apostrophe.
    """
    rows = [
        dict(zip(names, (_written(value) for value in values), strict=True))
        for names in [[column.name for column in table.columns]]
        for values in table.values()
    ]
    return to_csv(rows) if rows else ",".join(each.name for each in table.columns) + "\r\n"


def metadata(table: Dataset) -> dict[str, Any]:
    """What the CSV holds: the file to put beside it as `…-metadata.json`."""
    origin = table.provenance
    licence = (
        {"dc:license": {"@id": OPEN_GOVERNMENT_ADDRESS}}
        if origin.licences == (OPEN_GOVERNMENT,)
        else {"dc:rights": "; ".join(origin.licences) or "None: there is nothing in it."}
    )
    notes = [
        *([origin.notice] if origin.notice else []),
        *(f"{mark} means {mark.words}." for mark in Mark),
        *origin.suppression,
        *origin.caveats,
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": " ".join(dict.fromkeys(origin.definitions)) or table.title,
        "dc:publisher": PUBLISHER,
        "dc:language": "en-GB",
        "dc:issued": {"@value": origin.as_of.isoformat(), "@type": "xsd:date"},
        "dc:spatial": f"{origin.area.name} ({origin.area.code})",
        "dc:source": [f"{each.title} ({each.publisher})" for each in origin.sources],
        "dc:provenance": list(origin.release_words) or [FROM_NO_RELEASE],
        **licence,
        "rdfs:comment": notes,
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_column(each, each.name in table.key) for each in table.columns],
            "primaryKey": list(table.key),
        },
    }


def zipped(table: Dataset) -> bytes:
    """The CSV and its metadata in one file, byte for byte the same for the same figures."""
    out = io.BytesIO()
    files = {
        f"{table.name}.csv": csv_text(table),
        f"{table.name}.csv-metadata.json": json.dumps(
            metadata(table), ensure_ascii=False, indent=2
        ),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            made = table.provenance.as_of
            about = zipfile.ZipInfo(name, (made.year, made.month, made.day, 0, 0, 0))
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, text.encode())
    return out.getvalue()


def _column(column: Column, is_key: bool) -> dict[str, Any]:
    marks = [] if is_key else [str(mark) for mark in Mark]
    return {
        "name": column.name,
        "titles": [column.name, column.title],
        "dc:description": column.meaning,
        "datatype": column.kind,
        **({"schema:unitText": column.unit} if column.unit else {}),
        **({"required": True} if is_key else {"null": ["", *marks]}),
    }


def _written(value: Value) -> str | int | float:
    """Numbers stay numbers: one below zero is no formula."""
    return value.isoformat() if isinstance(value, date) else value
