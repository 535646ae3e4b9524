"""The generated notebooks as files: what is there, how it stands to what the sources make, and writing it.

A notebook is a pair, an .ipynb and a .py file with the same cells.  What a person has written in one of them
is recognised by a digest that the build leaves in the notebook, and is never overwritten or removed.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tools import Refusal
from tools.bar import follow
from tools.course import chapters, navigation, place
from tools.course.halves import SUFFIXES, choose_free_name, find_halves, locate_half, rename
from tools.writing import write

# How a pair can stand to what its source makes.
STATES = {
    "current": "as it should be",
    "missing": "missing",
    "outdated": "out of date",
    "executed": "executed or saved since it was built",
    "stale": "left from a chapter that is gone",
    "edited": "changed by hand; `build` writes it anew and keeps yours beside it",
    "own": "changed by hand",
    "own, behind": "changed by hand, and its chapter has changed since",
    "unreadable": "cannot be read",
}


@dataclass(frozen=True)
class Pair:
    """Both halves of a notebook: where they are, what belongs into them, and how they stand."""

    base: Path  # the path without its suffix
    texts: dict  # by suffix; None where no file should be
    state: str
    own: tuple = ()  # the halves that hold what a person has changed
    broken: tuple = ()  # those that cannot be read

    def differences(self):
        """Return what has to change: for each such path the text that belongs there."""
        found, changes = find_halves(self.base), {}
        for suffix, text in self.texts.items():
            there = suffix in found if text is None else suffix in found and found[suffix].holds(text)
            if there == (text is None):
                changes[locate_half(self.base, suffix)] = text
        return changes

    def write(self):
        """Make both halves what they should be; no file is written that is so already."""
        for path, text in self.differences().items():
            if text is None:
                path.unlink()
            else:
                write(path, text)


def plan_pairs(root):
    """Return every pair, chapter by chapter; those that belong to no chapter come last."""
    folder, known, pages = root / "notebooks", navigation.read_openings(root), navigation.list_pages(root)
    pairs = []
    for name in follow(list_chapters(root), unit=" chapters", leave=False, delay=0.3):
        made = chapters.make_variants(folder / "source" / f"{name}.py", root)
        notebooks = link_variants(made, name, known, pages)
        pairs.append(pair_exercise(folder / "exercises" / name, notebooks["exercises"]))
        pairs.append(pair_solution(folder / "solutions" / name, notebooks["solutions"]))
    if known:
        pairs.insert(0, pair_exercise(folder / "exercises" / navigation.START, make_start(known, root)))

    expected = {pair.base for pair in pairs}
    for path in sorted([*folder.glob("exercises/*.ipynb"), *folder.glob("solutions/*.ipynb")]):
        base = path.with_suffix("")
        if base not in expected and is_stale(find_halves(base)):
            pairs.append(Pair(base, dict.fromkeys(SUFFIXES), "stale"))
    return pairs


def make_start(known, root):
    """Return the notebook that a learner of the whole course opens first."""
    points = Counter()
    for exercise in chapters.exercises(root):
        points[exercise.chapter] += exercise.points
    return navigation.make_start_page(known, points, navigation.list_pages(root))


def link_variants(variants, name, known, look_up):
    """Return both notebooks of a chapter with links to the chapters that are known."""
    start = {"exercises": f"{navigation.START}.ipynb", "solutions": f"../exercises/{navigation.START}.ipynb"}
    return {
        variant: navigation.add_links(notebook, name, known, look_up, start[variant])
        for variant, notebook in variants.items()
    }


def pair_exercise(base, notebook):
    """Return the pair of an exercise; its state says whether a person has worked in it."""
    texts, found = chapters.to_texts(notebook), find_halves(base)
    if is_whole(found, texts):
        return Pair(base, texts, "current")
    wanted, built = chapters.digest_cells(notebook), read_built_digest(found)
    own = find_changed(found, {wanted, built})
    broken = tuple(one for one in found.values() if one.problem)
    whole = {suffix: one for suffix, one in found.items() if not one.problem}
    if own:
        behind = built not in (None, wanted)
        state = "unreadable" if broken else "own, behind" if behind else "own"
    elif any(one.digest != wanted for one in whole.values()):
        state = "outdated"
    elif len(whole) < len(SUFFIXES):
        state = "missing"
        texts |= {suffix: one.text for suffix, one in whole.items()}  # which may have outputs
    else:
        state = "executed"
    return Pair(base, texts, state, own, broken)


def pair_solution(base, notebook):
    """Return the pair of a solution; stored outputs stay if they came from the same code."""
    found = find_halves(base)
    stored = found[".ipynb"].notebook if ".ipynb" in found else None
    if stored and list_sources(stored) == list_sources(notebook):
        take_outputs(notebook, stored)

    texts = chapters.to_texts(notebook)
    if is_whole(found, texts):
        return Pair(base, texts, "current")
    own = find_changed(found, {chapters.digest_cells(notebook), read_built_digest(found)})
    return Pair(base, texts, "edited" if own else "outdated" if found else "missing", own)


def take_outputs(notebook, stored):
    """Give the code cells of a notebook the outputs that those of another one have."""
    for cell, kept in zip(list_code_cells(notebook), list_code_cells(stored), strict=True):
        cell.outputs, cell.execution_count = kept.outputs, kept.execution_count


def is_whole(found, texts):
    """Say whether both halves are what they should be."""
    return all(suffix in found and found[suffix].holds(text) for suffix, text in texts.items())


def read_built_digest(found):
    """Return the digest that the build has left in a pair; None if there is none."""
    built = found[".ipynb"].mark.get("built") if ".ipynb" in found else None
    return built if isinstance(built, str) and built else None


def find_changed(found, known):
    """Return those halves that hold anything else than cells that are known."""
    return tuple(one for one in found.values() if not one.is_empty and one.digest not in known)


def is_stale(found):
    """Say whether a pair is as an earlier build wrote it under this name: no copy, and not worked in."""
    if ".ipynb" not in found or not (mark := found[".ipynb"].mark):
        return False
    path, cells = found[".ipynb"].path, list_code_cells(found[".ipynb"].notebook)
    run = path.parent.name == "exercises" and any(cell.outputs or cell.execution_count for cell in cells)
    as_built = all(one.digest == mark.get("built") for one in found.values())
    return as_built and mark.get("name") == path.stem and not run


def list_chapters(root):
    """Return the names of the chapters, in their order."""
    return [path.stem for path in place.list_sources(root)]


def find_chapter(begin, root):
    """Return the name of the one chapter that begins so."""
    names = list_chapters(root)
    found = [name for name in names if name.startswith(begin)]
    if len(found) != 1:
        raise Refusal(f"{begin!r} names {len(found)} chapters; there are {', '.join(names)}.")
    return found[0]


def set_aside(begin, root):
    """Give the exercise of a chapter, or the start page, another name; return it, or None.

    After that it can be built anew.
    """
    name = navigation.START if begin and navigation.START.startswith(begin) else find_chapter(begin, root)
    base = root / "notebooks" / "exercises" / name
    found = find_halves(base).values()
    return rename(found, choose_free_name(base, "mine")) if found else None


def list_code_cells(notebook):
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def list_sources(notebook):
    """Return the sources of the code cells of a notebook."""
    return [cell.source for cell in list_code_cells(notebook)]


def name_cell(number, cell):
    """Return how a sentence names a code cell: by the number that Jupyter shows, and by its first line."""
    first_line, *_ = cell.source.split("\n")
    return f"cell [{number}] `{first_line}`"


def read(path):
    """Return the text of a file, None if it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
