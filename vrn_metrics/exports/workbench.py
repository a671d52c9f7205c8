"""All files of an impact estimate together, and plans on disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from vrn_metrics.analyses.analysis_plan import AnalysisPlan
from vrn_metrics.analyses.impact import Choices, Impact
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.exports import tables
from vrn_metrics.exports.analysis_plan import plan_text, read_plan
from vrn_metrics.exports.impact import impact_csvw, impact_json, impact_rows
from vrn_metrics.exports.impact_script import impact_script, method_card

__all__ = ["files", "impact_json", "impact_rows", "load_plan", "save_plan", "stem", "write"]


def stem(found: Impact) -> str:
    """How the files of an estimate are called."""
    return f"impact-{found.measure.key}-{found.choices.method}"


def files(found: Impact) -> dict[str, str]:
    """Every file by name: figures, their metadata, the script, the method card.

    Without an estimate there is the card alone, which says why.
    """
    name = stem(found)
    card = {f"{name}.md": method_card(found)}
    if found.reason is not None:
        return card
    return {
        f"{name}.csv": tables.to_csv(impact_rows(found)),
        f"{name}.csv-metadata.json": impact_csvw(found, f"{name}.csv"),
        f"{name.replace('-', '_')}.py": impact_script(found, f"{name}.csv"),
        **card,
    }


def write(found: Impact, folder: Path) -> Iterator[Path]:
    """Write every file into a folder, and name each.

    Raises
    ------
    VrnMetricsError
        If the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files(found).items():
            path = folder / name
            path.write_text(text, encoding="utf-8", newline="")
            yield path
    except OSError as error:
        raise VrnMetricsError(f"cannot write into {folder}: {error.strerror}.") from error


def save_plan(choices: Choices, path: Path) -> None:
    """Write the choices down, dated today; a plan that is there already is not overwritten.

    Raises
    ------
    VrnMetricsError
        If there is a file of that name, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(plan_text(choices, date.today()))
    except FileExistsError:
        raise VrnMetricsError(
            f"{path} is there already: a plan is written once. Choose another name."
        ) from None
    except OSError as error:
        raise VrnMetricsError(f"cannot write {path}: {error.strerror}.") from error


def load_plan(path: Path) -> AnalysisPlan:
    """The plan in a file.

    Raises
    ------
    VrnMetricsError
        If it cannot be read, or is no plan.
    """
    try:
        return read_plan(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise VrnMetricsError(f"cannot read {path}: {error}.") from error
