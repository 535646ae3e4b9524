"""From one source chapter to its two notebooks, the exercise and the solution.

In the source an exercise is a cell that imports a function and has the function's name and its points in its
metadata. The solution has the function's own source in that place, the exercise its stub, both with a short
docstring. A cell with
``only="solutions"`` or ``only="exercises"`` in its metadata is in that notebook alone; all other cells are in
both.  A text with ``answer=true`` begins with the answer to a question above it: the exercise folds it away.

What reads and writes notebooks takes a second to import, and is where it is needed.
"""

import builtins
import copy
import functools
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass

from seqgrad.check.reading.names import find_bound, find_needed
from seqgrad.check.reading.stub import cut_function, shorten_docstring, stub
from tools import Refusal, reading
from tools.course.cells import python
from tools.course.heads import check_heads, shorten
from tools.course.place import list_sources
from tools.imports import find_file
from tools.reading import Unreadable

VARIANTS = ("exercises", "solutions")

METADATA = {
    "jupytext": {
        "formats": "ipynb,py:percent",
        "notebook_metadata_filter": "-jupytext.text_representation.jupytext_version",
    },
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


# What takes the place of a cell with install=true in its metadata, for a notebook that is opened without its
# project; a wheel of seqgrad that lies beside it will do.
INSTALL = """\
# Where seqgrad is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("seqgrad") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", "."]
    subprocess.run([*pip, "seqgrad"])"""


@dataclass(frozen=True)
class Exercise:
    """A function to write: its name, its chapter (``04_lstm_forward``), its points, its number (``4.2``)."""

    name: str
    chapter: str
    points: int
    number: str


def exercises(root):
    """Return every exercise of the course, in order."""
    found = []
    for path in list_sources(root):
        for place, cell in enumerate(list_exercise_cells(path, root), 1):
            name, number = cell.metadata["exercise"], path.stem[:2]
            try:
                if not number.isdecimal():
                    raise ValueError("the name of a chapter begins with two digits, as in 04_lstm_forward.py")
                found.append(Exercise(name, path.stem, read_points(cell), f"{int(number)}.{place}"))
            except ValueError as error:
                raise Refusal(f"{path.relative_to(root)}: {error}.") from error
    return tuple(found)


def list_exercise_cells(path, root):
    """Return those cells of a source chapter that import a function to write."""
    return [cell for cell in read_source_cells(path, root) if "exercise" in cell.metadata]


def read_source_cells(path, root):
    """Return the cells of a source chapter; who changes them takes a copy.

    Raises
    ------
    Refusal
        If it cannot be read, or a line that begins a cell is not what it should be.
    """
    try:
        return parse_cells(read_source(path))
    except Unreadable as error:
        raise Refusal(f"{path.relative_to(root)} {error}.") from error
    except ValueError as error:
        raise Refusal(f"{path.relative_to(root)}, {error}.") from error


def read_source(path):
    """Return the text of a chapter or of a module; raise `Unreadable` if it is not UTF-8, or too long."""
    try:
        text, encoding = reading.decode(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error
    if encoding:
        raise Unreadable(f"is written in {encoding}; save it again as UTF-8")
    reading.refuse_many(characters=len(text))
    return text


@functools.lru_cache(32)
def parse_cells(text):
    """Return the cells of a source chapter's text."""
    cells = read_notebook(text).cells
    check_heads(text, cells)
    return cells


def make_variants(path, root):
    """Return the notebooks of a chapter, ``{"exercises": notebook, "solutions": notebook}``.

    Parameters
    ----------
    path, root : Path
        The source chapter, and the project that it belongs to.

    Raises
    ------
    Refusal
        If a cell cannot become part of them; the sentence names the file and the cell.
    """
    cells = {variant: [] for variant in VARIANTS}
    known, ids, number = set(dir(builtins)), Counter(), 0
    for cell in copy.deepcopy(read_source_cells(path, root)):
        if "install" in cell.metadata:
            cell.source, cell.metadata.jupyter = INSTALL, {"source_hidden": True}
        number += cell.cell_type == "code"
        try:
            sources = dict.fromkeys(list_variants(cell), cell.source)
            if cell.cell_type == "code":
                names = list_defined(cell.source)
                known |= names if len(sources) == len(VARIANTS) else set()
                if "exercise" in cell.metadata:
                    sources = make_both_sides(cell, known, root)
            elif "answer" in cell.metadata and "exercises" in sources:
                sources["exercises"] = fold_answer(cell.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            kind = "cell" if cell.cell_type == "code" else "the text below cell"
            raise Refusal(f"{path.relative_to(root)}, {kind} {number}: {error}.") from error

        cell.id = make_id(cell, ids)
        cell.metadata.pop(
            "lines_to_next_cell", None
        )  # how the source is spaced does not belong into the notebook
        for variant, source in sources.items():
            cells[variant].append({**cell, "source": source})
    return {variant: make_notebook(cells[variant], path.stem) for variant in cells}


def list_variants(cell):
    """Return the variants in which a cell of the source appears."""
    only = cell.metadata.get("only")
    if only is None:
        return VARIANTS
    if only not in VARIANTS:
        raise ValueError(
            f'only={json.dumps(only)} names no variant: write only="exercises" or only="solutions"'
        )
    if "exercise" in cell.metadata:
        raise ValueError(f"exercise {cell.metadata['exercise']} belongs to both variants: leave out `only`")
    return (only,)


def fold_answer(text):
    """Return a text whose first paragraph unfolds."""
    answer, *rest = text.split("\n\n")
    return "\n\n".join(["<details><summary>Answer</summary>", answer, "</details>", *rest])


def read_points(cell):
    """Return what an exercise is worth."""
    worth = cell.metadata.get("points")
    if type(worth) is not int or worth < 1:
        name = cell.metadata["exercise"]
        raise ValueError(f'exercise {name} has no points: write `# %% exercise="{name}" points=10`')
    return worth


def make_both_sides(cell, known, root):
    """Return the two versions of an exercise cell: the function that it imports, as a stub and in full."""
    read_points(cell)
    file, source = find_function(cell, root)
    try:
        solution = shorten_docstring(source)
        check_names(solution, known)
        return {"exercises": stub(solution), "solutions": solution}
    except ValueError as error:
        raise ValueError(f"exercise {cell.metadata['exercise']} in {file}: {error}") from error


def find_function(cell, root):
    """Return the function that an exercise cell imports: its file, relative to the project, and its source.

    Raises
    ------
    ValueError
        If the cell is something else than such an import, or the file does not have the function.
    """
    name, module = cell.metadata["exercise"], name_module(cell)
    file = find_file(root, module)
    if file is None:
        raise ValueError(f"exercise {name} comes from {module}, and there is no such file")
    file = file.relative_to(root)
    try:
        return file, cut_function(read_source(root / file), name)
    except Unreadable as error:
        raise ValueError(f"exercise {name}: {file} {error}") from error
    except ValueError as error:
        raise ValueError(f"exercise {name} in {file}: {error}") from error


def name_module(cell):
    """Return the full name of the module from which an exercise cell imports its function."""
    name = cell.metadata["exercise"]
    form = re.fullmatch(rf"from ([\w.]+) import {re.escape(name)}", cell.source)
    if not form:
        raise ValueError(
            f"exercise {name} should be `from MODULE import {name}`, not `{shorten(cell.source)}`"
        )
    return form[1]


@functools.lru_cache(4096)
def list_defined(source):
    """Return the names that a code cell gives a value to; lines for IPython alone are passed over."""
    return frozenset(find_bound(python(source)))


def check_names(source, known):
    """Refuse a function that needs a name which no cell above it defines in both notebooks."""
    if missing := sorted(find_needed(source) - known):
        raise ValueError(f"it uses {', '.join(missing)}, which no cell above imports or defines")


def make_id(cell, ids):
    """Return an id that stays when other cells come or go: the exercise's name, or a digest of the text."""
    name = cell.metadata.get("exercise") or hashlib.sha256(cell.source.encode()).hexdigest()[:8]
    ids[name] += 1
    return name if ids[name] == 1 else f"{name}-{ids[name]}"


def make_notebook(cells, name):
    """Return a notebook of these cells.

    The metadata hold its name, which a copy under another name keeps, and a digest of its cells, by which
    later changes are recognised.
    """
    import nbformat

    made = nbformat.from_dict({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    made.metadata.seqgrad = {"built": digest_cells(made), "name": name}
    return made


def digest_cells(notebook):
    """Return a digest of what a person can write in a notebook: its cells, without their outputs."""
    cells = [(cell.cell_type, cell.source.rstrip()) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


def to_texts(notebook):
    """Return both halves of the pair as text, ``{".ipynb": ..., ".py": ...}``."""
    import jupytext
    import nbformat

    return {".ipynb": nbformat.writes(notebook) + "\n", ".py": jupytext.writes(notebook, fmt="py:percent")}


def read_notebook(text, suffix=".py"):
    """Return the notebook that the text of one half stands for.

    Raises
    ------
    Unreadable
        If it stands for none.
    """
    import jupytext
    import nbformat

    if suffix == ".ipynb":
        return nbformat.v4.to_notebook(reading.parse_notebook(text))
    reading.refuse_many(len(re.findall(r"^#\s*%%", text, re.MULTILINE)), len(text))
    try:
        return jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # whatever jupytext and its YAML meet in it
        raise Unreadable("cannot be read by Jupytext: look at its header") from error
