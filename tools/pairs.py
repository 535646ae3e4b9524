"""The generated notebooks as files: what is there, how it stands to what the sources make, and writing it.

A notebook is a pair, an .ipynb and a .py file with the same cells.  What a person has written in an exercise
is recognised by a digest that the build leaves in the notebook, and is never overwritten.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from tools import Refusal, chapters

# How a pair can stand to what its source makes.
STATES = {
    "current": "as it should be",
    "missing": "missing",
    "outdated": "out of date",
    "executed": "executed or saved since it was built",
    "stale": "left from a chapter that is gone",
    "own": "changed by hand",
    "own, behind": "changed by hand, and its chapter has changed since",
}


@dataclass(frozen=True)
class Pair:
    """Both halves of a notebook: where they are, what belongs into them, and how they stand."""

    base: Path  # the path without its suffix
    texts: dict  # by suffix; None where no file should be
    state: str

    def differences(self):
        """Return what has to change: for each such path the text that belongs there."""
        texts = {half(self.base, suffix): text for suffix, text in self.texts.items()}
        return {path: text for path, text in texts.items() if read(path) != text}

    def write(self):
        """Make both halves what they should be."""
        for path, text in self.differences().items():
            if text is None:
                path.unlink()
            else:
                write(path, text)


def plan(root):
    """Return every pair, chapter by chapter; those that belong to no chapter come last."""
    folder = root / "notebooks"
    pairs = []
    # A bar where somebody watches, if it takes longer than a moment.
    for name in tqdm(chapter_names(root), unit="chapter", leave=False, delay=0.3, disable=None):
        notebooks = chapters.variants(folder / "source" / f"{name}.py", root)
        pairs.append(exercise(folder / "exercises" / name, notebooks["exercises"]))
        pairs.append(solution(folder / "solutions" / name, notebooks["solutions"]))

    expected = {pair.base for pair in pairs}
    for path in sorted([*folder.glob("exercises/*.ipynb"), *folder.glob("solutions/*.ipynb")]):
        base = path.with_suffix("")
        if base not in expected and as_built(base):
            pairs.append(Pair(base, dict.fromkeys((".py", ".ipynb")), "stale"))
    return pairs


def exercise(base, notebook):
    """Return the pair of an exercise; its state says whether a person has worked in it."""
    texts, wanted = chapters.texts(notebook), chapters.digest(notebook)
    found = halves(base)
    digests, built = inspect(found)
    if found == texts:
        state = "current"
    elif digests <= {wanted}:
        state = "executed" if len(found) == 2 else "missing"
    elif digests == {built}:
        state = "outdated"
    else:
        state = "own" if built == wanted else "own, behind"
    return Pair(base, texts, state)


def solution(base, notebook):
    """Return the pair of a solution; stored outputs stay if they came from the same code."""
    found = halves(base)
    try:
        stored = code_cells(chapters.from_text(found[".ipynb"], ".ipynb"))
    except Exception:  # there is none, or nothing that can be read
        stored = []
    cells = code_cells(notebook)
    if [cell.source for cell in cells] == [cell.source for cell in stored]:
        for cell, kept in zip(cells, stored, strict=True):
            cell.outputs, cell.execution_count = kept.outputs, kept.execution_count

    texts = chapters.texts(notebook)
    return Pair(base, texts, "current" if found == texts else "outdated" if found else "missing")


def chapter_names(root):
    """Return the names of the chapters, in their order."""
    return sorted(path.stem for path in (root / "notebooks" / "source").glob("*.py"))


def chapter_name(begin, root):
    """Return the name of the one chapter that begins so."""
    names = chapter_names(root)
    found = [name for name in names if name.startswith(begin)]
    if len(found) != 1:
        raise Refusal(f"{begin!r} names {len(found)} chapters; there are {', '.join(names)}.")
    return found[0]


def set_aside(begin, root):
    """Give the exercise of a chapter another name, so that it can be built anew; return that name."""
    base = root / "notebooks" / "exercises" / chapter_name(begin, root)
    number = 1
    while halves(aside := base.with_name(f"{base.name}_mine_{number}")):
        number += 1
    for suffix in halves(base):
        half(base, suffix).rename(half(aside, suffix))
    return aside


def join_halves(root):
    """Bring the .py half of an exercise up to date if the .ipynb was edited since, outside of JupyterLab.

    JupyterLab reads the cells from the .py half, and refuses to where the .ipynb is the newer one.
    """
    for path in sorted((root / "notebooks" / "exercises").glob("*.ipynb")):
        base = path.with_suffix("")
        digests, _ = inspect(halves(base))
        if len(digests) == 2 and "unreadable" not in digests:
            other = half(base, ".py")
            if path.stat().st_mtime > other.stat().st_mtime:
                write(other, chapters.texts(chapters.from_text(read(path), ".ipynb"))[".py"])
                print(f"{path.relative_to(root)} was the newer half, so its .py half was written anew.")


def halves(base):
    """Return the texts that are there, by suffix."""
    texts = {suffix: read(half(base, suffix)) for suffix in (".ipynb", ".py")}
    return {suffix: text for suffix, text in texts.items() if text is not None}


def half(base, suffix):
    """Return the path of one half."""
    return base.with_name(base.name + suffix)


def inspect(found):
    """Return the digests of the halves that are there, and the digest that the build left in the notebook."""
    digests, built = set(), None
    for suffix, text in found.items():
        try:
            notebook = chapters.from_text(text, suffix)
            digests.add(chapters.digest(notebook))
            built = notebook.metadata.get("seqgrad", {}).get("built", built)
        except Exception:  # whatever an edit or a merge has made of the file, it is not as built
            digests.add("unreadable")
    return digests, built


def as_built(base):
    """Say whether a pair is just as an earlier build wrote it."""
    digests, built = inspect(halves(base))
    return digests == {built}


def code_cells(notebook):
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def place(number, cell):
    """Return how a sentence names a code cell: by the number that Jupyter shows, and by its first line."""
    first_line, *_ = cell.source.split("\n")
    return f"cell [{number}] `{first_line}`"


def read(path):
    """Return the text of a file, None if it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def write(path, text):
    """Write a file in one move: whoever looks finds the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
