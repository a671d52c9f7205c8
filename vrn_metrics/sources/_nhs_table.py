"""One sheet of NHS Digital's tabulation as a long table of raw cells.

Both layouts (areas across and months down, areas down and years across) end here, so that
what a cell *means* is decided once, in `_nhs_bounds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
import pandas as pd

from vrn_metrics.errors import Problem
from vrn_metrics.sources._document import Row, text
from vrn_metrics.sources._nhs_labels import Dimension

AS_PUBLISHED = "Load the workbook exactly as published."


@dataclass(frozen=True)
class Table:
    """The raw cells of one sheet, with what is wrong with it.

    Parameters
    ----------
    monthly
        Whether it has months down and areas across; else areas down and years across.
    dimension
        What it breaks the counts down by; ethnicity sheets carry no cells.
    cells
        One row a published cell: `row` (as a spreadsheet counts), `series`, `area` (label),
        `area_code` (blank where the label is no area with a code), `age_band`, `sex`,
        `period_start`, `period_end`, `raw` (text), `total` (of a total row) and
        `opened_since` (a place that had no code before April 2021).
    mislabelled
        Total rows that bear the label of another year, in words.
    """

    sheet: str
    title: str
    monthly: bool
    dimension: Dimension
    rows: int
    cells: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    mislabelled: tuple[str, ...] = ()


@dataclass
class Lines:
    """The data rows of a sheet as they are met: labels, raw cells, broken rules."""

    sheet: str
    columns: pd.DataFrame
    positions: Sequence[int]
    labels: list[dict[str, object]] = field(default_factory=list)
    raw: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def cells(self, row: Row) -> list[str]:
        """The counts of a row as text."""
        return [text(row[position]) for position in self.positions if position < len(row)]

    def is_cut(self, number: int, row: Row) -> bool:
        """Whether a row ends before its last column, which is then a broken rule."""
        width = max(self.positions) + 1
        if len(row) < width:
            fix = "The file is cut off here: download it again."
            self.broken(number, f"{width} columns", f"{len(row)}", fix)
        return len(row) < width

    def keep(self, number: int, row: Row, labels: Mapping[str, object]) -> None:
        """Add one row of counts."""
        self.labels.append({"row": number} | dict(labels))
        self.raw.append(self.cells(row))

    def broken(self, row: int, expected: str, found: str, fix: str = AS_PUBLISHED) -> None:
        """Note a broken rule; the same rule again only raises its count."""
        for index, known in enumerate(self.problems):
            if (known.expected, known.fix) == (expected, fix):
                self.problems[index] = replace(known, times=known.times + 1)
                return
        self.problems.append(Problem(expected, found, fix, self.sheet or None, row))

    def long(self) -> pd.DataFrame:
        """Every row crossed with the labels of the columns, which win: one line a cell."""
        down, across = len(self.labels), len(self.columns)
        lines = pd.DataFrame(self.labels).drop(columns=self.columns.columns, errors="ignore")
        return pd.concat(
            [
                lines.loc[np.repeat(np.arange(down), across)].reset_index(drop=True),
                self.columns.loc[np.tile(np.arange(across), down)].reset_index(drop=True),
                pd.DataFrame({"raw": list(chain.from_iterable(self.raw))}, dtype=object),
            ],
            axis=1,
        )
