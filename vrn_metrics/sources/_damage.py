"""Refusing a file: one error, whichever parser tripped over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vrn_metrics.errors import BadInputError, Problem, VrnMetricsError

AGAIN = "Download the file again."
WITH_VALUES = "numbers, or formulas saved with their values"
CALCULATE = "Open it in a spreadsheet program, let it calculate, save it, and load it again."


def refusal(
    name: str,
    expected: str,
    found: str,
    fix: str = AGAIN,
    *,
    sheet: str | None = None,
    row: int | None = None,
) -> BadInputError:
    """The error for a file that is not what it promises."""
    return BadInputError(name, [Problem(expected, found, fix, sheet, row)])


@contextmanager
def damage_is_refused(name: str, expected: str) -> Iterator[None]:
    """Any fault of a parser is a fault of the file.

    On damaged bytes the libraries for zip, XML and workbooks raise some twenty kinds of
    exception between them, so they are not listed; what we raise ourselves passes. A panic
    of a library in Rust has no class to import and is no `Exception`.
    """
    try:
        yield
    except VrnMetricsError:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            words = " ".join(str(error).split()) or type(error).__name__
            raise refusal(name, expected, f"a damaged one: {words}") from error
        raise
