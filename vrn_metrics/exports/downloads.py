"""Every file that a table or a chart can be had as, each made only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from vrn_metrics.exports import csvw, pictures, workbook
from vrn_metrics.exports.dataset import Dataset
from vrn_metrics.exports.pictures import Caption, Spec

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Download:
    """One file: what it is, its name, its type, and how it is made."""

    label: str
    file_name: str
    mime: str
    make: Callable[[], bytes]


def of_table(table: Dataset) -> tuple[Download, ...]:
    """A table as CSV, as CSV with its metadata, and as a spreadsheet."""
    return (
        # The mark at the start makes Excel read UTF-8; the metadata's own CSV is without it.
        Download(
            "CSV",
            f"{table.name}.csv",
            "text/csv",
            lambda: csvw.csv_text(table).encode("utf-8-sig"),
        ),
        Download(
            "CSV with metadata (ZIP)",
            f"{table.name}-csvw.zip",
            "application/zip",
            partial(csvw.zipped, table),
        ),
        Download("Excel (XLSX)", f"{table.name}.xlsx", XLSX, partial(workbook.xlsx, table)),
    )


def of_chart(name: str, draw: Callable[[], Spec], caption: Caption) -> tuple[Download, ...]:
    """A chart as PNG and as SVG; `name` is the stem of the files, `draw` makes the chart."""

    def made(kind: pictures.Kind) -> bytes:
        return pictures.picture(draw(), caption, kind)

    return (
        Download("PNG", f"{name}.png", "image/png", partial(made, "png")),
        Download("SVG", f"{name}.svg", "image/svg+xml", partial(made, "svg")),
    )
