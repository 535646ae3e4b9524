"""JupyterLab is given what is stored, but for what the kernel says of itself, and for halves in a list."""

import asyncio
import sys

import nbformat
import pytest

from tests.small_project import edit, load, make
from tools.course import chapters, join, pairs
from tools.course.contents import Contents
from tools.writing import write

PATH = "notebooks/exercises/01_divide.ipynb"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Return a small project, built; signatures of notebooks are kept in it, too."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    return make(tmp_path)


def get(root, path=PATH):
    """Return what JupyterLab is given."""
    return asyncio.run(Contents(root_dir=str(root)).get(path))["content"]


def save(root, content, path=PATH):
    """Save what JupyterLab has made of it."""
    model = {"type": "notebook", "format": "json", "content": content}
    return asyncio.run(Contents(root_dir=str(root)).save(model, path))


def test_jupyterlab_is_given_what_the_kernel_would_say(root):
    given, stored = get(root), load(root)
    assert given["metadata"].pop("language_info")["version"] == sys.version.split()[0]
    assert stored.metadata.pop("language_info") == {"name": "python"}
    assert given["metadata"] == stored.metadata
    assert [cell["source"] for cell in given["cells"]] == [cell.source for cell in stored.cells]


@pytest.mark.parametrize(
    "said", ['"version": "3.8.1"', '"display_name": "Python 3", "x": 1', '"name": "python"']
)
def test_also_where_another_program_has_written_something_else(root, said):
    expected = get(root)["metadata"]
    edit(root, PATH, '"language_info": {\n   "name": "python"\n  }', f'"language_info": {{{said}}}')
    edit(root, PATH, '"display_name": "Python 3 (ipykernel)"', '"display_name": ".venv (3.11.2)"')
    assert get(root)["metadata"] == expected


def test_saving_what_was_given_stores_the_same_bytes(root):
    before = pairs.read(root / PATH)
    save(root, get(root))
    assert pairs.read(root / PATH) == before


def test_what_was_saved_is_known_to_have_been_in_both_halves(root):
    content, states = get(root), []
    for source in ("half = x / 2", "half = 0.5 * x"):
        content["cells"][2]["source"] = source
        save(root, content)  # JupyterLab goes on with the metadata that it has
        states.append(chapters.digest_cells(load(root)))
    assert join.read_known_states(load(root)) == [load(root).metadata.seqgrad.built, *states]
    assert load(root).metadata.language_info == {"name": "python"}


def test_what_the_cells_have_shown_stays_trusted(root):
    content = get(root)
    card = nbformat.v4.new_output("display_data", data={"text/html": "<b>passed</b>"})
    content["cells"][1] |= {"outputs": [card], "metadata": {"trusted": True}}
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"]["trusted"] = True
    save(root, content)
    assert get(root)["cells"][1]["metadata"]["trusted"]
    assert "trusted" not in pairs.read(root / PATH)


@pytest.mark.parametrize("kernel", [{"name": "ir", "language": "R", "display_name": "R"}, None])
def test_other_notebooks_are_given_and_stored_as_they_are(root, kernel):
    metadata = {"kernelspec": kernel} if kernel else {}
    own = nbformat.v4.new_notebook(metadata=metadata, cells=[nbformat.v4.new_code_cell("1")])
    write(root / "own.ipynb", nbformat.writes(own))
    assert get(root, "own.ipynb")["metadata"] == metadata
    save(root, get(root, "own.ipynb"), "own.ipynb")
    assert nbformat.reads(pairs.read(root / "own.ipynb"), as_version=4).metadata == metadata


def test_a_folder_is_listed_without_the_other_halves_of_its_notebooks(root):
    write(root / "notebooks/exercises/own.py", "x = 1\n")
    names = {file["name"] for file in get(root, "notebooks/exercises")}
    assert names == {"00_start.ipynb", "01_divide.ipynb", "own.py"}
    assert {file["name"] for file in get(root, "notebooks/source")} == {"01_divide.py"}
    assert get(root, PATH.replace(".ipynb", ".py"))  # it can be opened all the same
