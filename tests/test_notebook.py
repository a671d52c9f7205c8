"""The evaluator's notebook runs from top to bottom and prints what it says it prints."""

import json

from tests import notebook
from tests.conftest import ROOT


def test_it_is_a_notebook_of_the_current_format():
    content = notebook.read()
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    identifiers = [cell["id"] for cell in content["cells"]]
    assert len(identifiers) == len(set(identifiers))
    assert {cell["cell_type"] for cell in content["cells"]} == {"markdown", "code"}
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    for cell in content["cells"]:
        assert set(cell) - {"execution_count", "outputs"} == {
            "cell_type",
            "id",
            "metadata",
            "source",
        }


def test_it_prints_what_it_printed(demo_database, monkeypatch):
    monkeypatch.setenv("VRN_DATABASE_URL", demo_database)
    monkeypatch.chdir(ROOT)
    content = notebook.read()
    before = [notebook.kept(cell) for cell in notebook.code_cells(content)]
    assert notebook.run(content) == before
    assert any("p = " in each or "p_value" in each for each in before)


def test_it_is_written_as_the_writer_writes_it():
    text = notebook.NOTEBOOK.read_text(encoding="utf-8")
    assert text == json.dumps(notebook.read(), ensure_ascii=False, indent=1) + "\n"
