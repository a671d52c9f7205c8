"""The evaluator's notebook, run cell by cell as Jupyter would, in one namespace.

`python -m tests.notebook` runs it on the demonstration and writes what it prints into it;
the test runs it again and holds it to that.
"""

from __future__ import annotations

import ast
import io
import json
import os
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

NOTEBOOK = ROOT / "docs" / "evaluator.ipynb"


def read() -> dict[str, Any]:
    """The notebook."""
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Its cells of code, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(notebook: dict[str, Any]) -> list[str]:
    """What each cell of code prints; the value of a last expression is printed as well."""
    said, names = [], {"__name__": "__main__"}
    for number, cell in enumerate(code_cells(notebook), start=1):
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile(tree, f"cell {number}", "exec"), names)  # noqa: S102 - our own notebook
            if last is not None:
                value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)  # noqa: S307
                if value is not None:
                    print(repr(value))  # noqa: T201
        said.append(out.getvalue())
    return said


def kept(cell: dict[str, Any]) -> str:
    """What a cell printed when it was written."""
    return "".join(line for out in cell["outputs"] for line in out["text"])


def main() -> None:
    """Run it on a fresh demonstration and keep what it prints."""
    from vrn_metrics.store import demo, open_store

    with tempfile.TemporaryDirectory() as folder:
        os.environ["VRN_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'demo.sqlite'}"
        store = open_store()
        demo.build(store)
        store.engine.dispose()
        notebook = read()
        for number, (cell, text) in enumerate(
            zip(code_cells(notebook), run(notebook), strict=True), start=1
        ):
            cell["execution_count"] = number
            lines = text.splitlines(keepends=True)
            cell["outputs"] = (
                [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
            )
    NOTEBOOK.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
