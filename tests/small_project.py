"""A small project: one module, one chapter with two exercises, built; and what people do to it."""

from pathlib import Path

import nbformat

from tools.course import build, chapters, pairs
from tools.writing import write

MODULE = '''\
"""Something small."""

import numpy as np


def halve(x):
    """Divide by two."""
    # Half of it.
    half = np.asarray(x) / 2

    return half


def quarter(x):
    """Divide by four."""
    # Twice the half.
    result = halve(halve(x))

    return result
'''

CHAPTER = """\
# %% [markdown]
# # Divide
#
# By two.

# %%
import numpy as np

# %% exercise="halve" points=5
from seqgrad.small import halve

# %%
print(halve(3))

# %% [markdown]
# By four.

# %% exercise="quarter" points=10
from seqgrad.small import quarter
"""


def make(folder):
    """Make the project in a folder and build it; return the folder."""
    for path, text in {"seqgrad/small.py": MODULE, "notebooks/source/01_divide.py": CHAPTER}.items():
        write(folder / path, text)
    build.build(folder)
    return folder


def generated(root):
    """Return the bytes of all generated files, by their path in notebooks/."""
    folder = root / "notebooks"
    paths = sorted(path for variant in ("exercises", "solutions") for path in (folder / variant).iterdir())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def load(root, path="exercises/01_divide.ipynb"):
    """Return a notebook of the project."""
    return chapters.read_notebook(pairs.read(root / "notebooks" / path), Path(path).suffix)


def save(root, notebook, path="exercises/01_divide.ipynb"):
    """Save as JupyterLab does, the .ipynb half first."""
    for suffix, text in chapters.to_texts(notebook).items():
        write((root / "notebooks" / path).with_suffix(suffix), text)


def edit(root, path, old, new):
    """Replace some text in a file of the project."""
    text = pairs.read(root / path)
    assert old in text
    write(root / path, text.replace(old, new))


def work_in(root):
    """Do what a student does: fill in a function and save."""
    notebook = load(root)
    notebook.cells[2].source = notebook.cells[2].source.replace("half = None", "half = x / 2")
    save(root, notebook)


def run_by_hand(root, path):
    """Leave outputs in a notebook, as running it does."""
    notebook = load(root, path)
    for number, cell in enumerate(pairs.list_code_cells(notebook), 1):
        cell.execution_count = number
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"{number}\n")]
    save(root, notebook, path)
