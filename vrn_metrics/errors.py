"""What can go wrong for a user, and nothing else.

Every message says what was expected, what was found, where, and what to do.
A bug is not one of these: it shows as a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_PROBLEMS = 8  # a person mends a file a few rules at a time; the rest is counted


class VrnMetricsError(Exception):
    """The question cannot be answered or the input cannot be used; the message says why."""


class NotEnoughDataError(VrnMetricsError):
    """The store holds too little for the analysis that was asked for."""


class UnknownNameError(VrnMetricsError):
    """A key that names nothing: a measure, an area, a baseline, a release."""


class StoreError(VrnMetricsError):
    """The database cannot be opened, is locked, or is of another version."""


class FetchError(VrnMetricsError):
    """A publisher's file cannot be had as it should be; what was held before is still held."""

    def __init__(self, where: str, expected: str, found: str, fix: str = "") -> None:
        self.where, self.expected, self.found, self.fix = where, expected, found, fix
        said = f"{where}: expected {expected}, found {found.rstrip('.')}."
        super().__init__(f"{said} {fix}".rstrip())


@dataclass(frozen=True)
class Problem:
    """One broken rule in a file that was offered.

    `row` counts from 1 as a spreadsheet does; `times` is how often the same rule is
    broken, `row` then being the first place.
    """

    expected: str
    found: str
    fix: str
    sheet: str | None = None
    row: int | None = None
    times: int = 1

    def __str__(self) -> str:
        place = [f"sheet '{self.sheet}'"] if self.sheet else []
        place += [f"row {self.row}"] if self.row is not None else []
        where = ", ".join(place) + ": " if place else ""
        often = f" ({self.times} times, first here)" if self.times > 1 else ""
        return f"{where}expected {self.expected}, found {self.found}{often}. {self.fix}"


class BadInputError(VrnMetricsError):
    """A file that cannot be used, with every broken rule, not the first only.

    Nothing of the file is stored.
    """

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        if not problems:
            raise ValueError("a refusal needs at least one problem")
        self.file = file
        self.problems = tuple(problems)
        shown = " | ".join(str(problem) for problem in self.problems[:SHOWN_PROBLEMS])
        more = len(self.problems) - SHOWN_PROBLEMS
        rest = f" | and {more} more" if more > 0 else ""
        super().__init__(f"{file}: {shown}{rest}")


class UnrecognisedFileError(BadInputError):
    """A file in no layout that this project knows."""
