"""The rows of street-level crime files as codes, read in one pass and refused when cut.

Arrow's streaming reader was chosen by measurement: on twelve months of a force it takes
less processor time than DuckDB's bare scan, holds one block at a time, and hands every line
of the wrong length to us instead of skipping or padding it.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.sources._document import Document

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

ID, MONTH, FORCE = "Crime ID", "Month", "Falls within"
LONGITUDE, LATITUDE = "Longitude", "Latitude"
LSOA, LSOA_NAME, TYPE = "LSOA code", "LSOA name", "Crime type"
COLUMNS: Final = (
    ID,
    MONTH,
    "Reported by",
    FORCE,
    LONGITUDE,
    LATITUDE,
    "Location",
    LSOA,
    LSOA_NAME,
    TYPE,
    "Last outcome category",
    "Context",
)
CODED: Final = (MONTH, FORCE, LSOA, LSOA_NAME, TYPE)
DEGREES: Final = (LONGITUDE, LATITUDE)
BLOCK_BYTES: Final = 1 << 20

_AGAIN: Final = "Download the file from data.police.uk again and load it unchanged."


@dataclass(frozen=True)
class Coded:
    """A column as positions in the sorted list of its distinct values."""

    codes: IntArray
    values: tuple[str, ...]

    def where(self, broken: Sequence[bool]) -> BoolArray:
        """The rows whose value is marked in `broken`, which is as long as `values`."""
        return np.asarray(broken, dtype=bool)[self.codes]

    @property
    def is_blank(self) -> BoolArray:
        """The rows without a value."""
        return self.where([not value for value in self.values])


@dataclass(frozen=True)
class StreetRows:
    """All rows of one or more files, one after the other.

    Parameters
    ----------
    columns
        The columns of `CODED`.
    degrees
        The columns of `DEGREES`; not a number where blank.
    fingerprints
        A 64-bit hash of every Crime ID, 0 where it is empty.
    members
        Names of the files and the number of the row that each starts with.
    """

    columns: Mapping[str, Coded]
    degrees: Mapping[str, FloatArray]
    fingerprints: IntArray
    members: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.fingerprints)

    def place(self, row: int) -> tuple[str | None, int]:
        """The file (in a zip) and the line as a spreadsheet counts."""
        name, start = [each for each in self.members.items() if each[1] <= row][-1]
        return name or None, row - start + 2


def read_rows(document: Document, members: Sequence[str]) -> StreetRows:
    """Every row of the named members of a zip, or of the document (one empty name).

    Raises
    ------
    BadInputError
        If a header differs, a line has more or fewer cells than the header, or the bytes
        cannot be read; with every such line counted.
    """
    import pyarrow as pa

    batches: list[Any] = []
    fingerprints: list[IntArray] = []
    starts: dict[str, int] = {}
    problems: list[Problem] = []
    rows = 0
    for member in members:
        starts[member] = rows
        cut: list[Any] = []
        try:
            for batch in _batches(document, member, (ID, *CODED, *DEGREES), cut):
                fingerprints.append(_fingerprints(batch.column(ID)))
                batches.append(batch.select((*CODED, *DEGREES)))
                rows += batch.num_rows
        except BadInputError as error:
            problems += error.problems
        if cut:
            problems.append(
                Problem(
                    f"{len(COLUMNS)} cells in every row",
                    f"{cut[0].actual_columns} in '{cut[0].text[:60]}'",
                    f"The file is cut off or was edited. {_AGAIN}",
                    sheet=member or None,
                    row=cut[0].number,
                    times=len(cut),
                )
            )
    if not rows and not problems:
        problems.append(Problem("at least one row of data", "a header only", _AGAIN))
    if problems:
        raise BadInputError(document.name, problems)
    table = pa.Table.from_batches(batches).unify_dictionaries()
    return StreetRows(
        {name: _coded(table.column(name)) for name in CODED},
        {name: table.column(name).to_numpy() for name in DEGREES},
        np.concatenate(fingerprints),
        starts,
    )


def repeated_ids(document: Document, rows: StreetRows) -> pd.DataFrame:
    """All columns of the rows that share a Crime ID with another row, by row position.

    Costs a second pass, but only where fingerprints repeat: published files have none.
    """
    filled = rows.fingerprints[rows.fingerprints != 0]
    candidates = np.unique(filled[pd.Series(filled).duplicated()])
    if not len(candidates):
        return pd.DataFrame(columns=list(COLUMNS))
    found: list[pd.DataFrame] = []
    for member, start in rows.members.items():
        position = start
        for batch in _batches(document, member, COLUMNS, []):
            chosen = np.isin(rows.fingerprints[position : position + batch.num_rows], candidates)
            found.append(
                batch.to_pandas()[chosen].astype(str).rename(lambda at, p=position: at + p)
            )
            position += batch.num_rows
    return pd.concat(found)


def count_rows(document: Document, member: str) -> int:
    """How many rows a member has, without looking into them."""
    with _open(document, member) as file:
        blocks = iter(lambda: file.read(1 << 20), b"")
        return max(0, sum(block.count(b"\n") for block in blocks) - 1)


def _batches(
    document: Document, member: str, columns: Sequence[str], cut: list[Any]
) -> Iterator[Any]:
    """Blocks of rows; lines of the wrong length are appended to `cut`."""
    import pyarrow as pa
    import pyarrow.csv

    def set_aside(row: Any) -> str:
        cut.append(row)
        return "skip"

    words = pa.dictionary(pa.int32(), pa.string())
    types = {ID: pa.string()} | dict.fromkeys(DEGREES, pa.float64())
    _check_header(document, member)
    with _open(document, member) as file:
        try:
            yield from pyarrow.csv.open_csv(
                file,
                read_options=pyarrow.csv.ReadOptions(
                    use_threads=False,  # threads cost processor time and the row numbers
                    block_size=BLOCK_BYTES,
                    column_names=COLUMNS,
                    skip_rows=1,
                    encoding="utf8" if document.encoding == "utf-8-sig" else document.encoding,
                ),
                parse_options=pyarrow.csv.ParseOptions(invalid_row_handler=set_aside),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={name: types.get(name, words) for name in columns},
                    null_values=[""],
                    include_columns=columns,
                ),
            )
        except pa.ArrowInvalid as error:
            raise BadInputError(
                document.name,
                [Problem("readable comma-separated rows", str(error), _AGAIN, member or None)],
            ) from error


def _check_header(document: Document, member: str) -> None:
    with _open(document, member) as file:
        start = file.read(4096)
    encoding = "utf-8-sig" if document.encoding == "utf-8" else document.encoding
    line = start.decode(encoding, errors="replace").partition("\n")[0]
    header = tuple(next(csv.reader(io.StringIO(line)), []))
    if header == COLUMNS:
        return
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    found = ", ".join(
        [f"no '{name}'" for name in missing] + [f"an unknown '{name}'" for name in unknown]
    )
    raise BadInputError(
        document.name,
        [
            Problem(
                f"the header {','.join(COLUMNS)}",
                found or "the same columns in another order or twice",
                _AGAIN,
                sheet=member or None,
                row=1,
            )
        ],
    )


@contextmanager
def _open(document: Document, member: str) -> Iterator[BinaryIO]:
    """The bytes of the document, or of one member of a zip."""
    if not member:
        with document.path.open("rb") as file:
            yield file
        return
    try:
        with zipfile.ZipFile(document.path) as archive, archive.open(member) as inner:
            yield inner  # type: ignore[misc]  # a ZipExtFile is a readable binary file
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
        raise BadInputError(
            document.name,
            [Problem("a member that unpacks", str(error), _AGAIN, sheet=member)],
        ) from error


def _fingerprints(ids: Any) -> IntArray:
    # Python's own hash has 64 bits and is 0 for an empty text. Two IDs that share one by chance
    # do no harm: `repeated_ids` looks at the text before anything is said of it.
    return np.fromiter(map(hash, ids.to_pylist()), np.int64, count=len(ids))


def _coded(column: Any) -> Coded:
    chunks = column.chunks
    values = np.array(chunks[0].dictionary.to_pylist(), dtype=object)
    codes = np.concatenate([chunk.indices.to_numpy(zero_copy_only=False) for chunk in chunks])
    order = np.argsort(values)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Coded(rank[codes], tuple(values[order]))
