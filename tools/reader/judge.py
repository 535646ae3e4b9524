"""What a saved notebook is worth: read as `grade` reads it, judged as the checks in it judge.

a path, the exercises that are asked for  ->  the files beside it that it imports  ->  Program  ->  points
"""

import json
from dataclasses import asdict
from pathlib import Path

from seqgrad.check import Verdict, check
from tools import Refusal
from tools.course.chapters import Exercise, exercises
from tools.reader.cells import cells
from tools.reader.extract import extract
from tools.reader.files import find_imported
from tools.reader.remarks import about_problem
from tools.reader.spaces import running
from tools.reading import sentence

MENDED = "`python3 -m tools lab` mends a notebook from its .py half, if that can be read."
LIST = "notebooks/exercises.json"  # what a release asks for, which has no sources of its chapters


def read_list(root):
    """Return the exercises that are asked for: those of a release, or all of the course."""
    try:
        return tuple(Exercise(**one) for one in json.loads((root / LIST).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return exercises(root)
    except (OSError, ValueError, TypeError) as error:
        raise Refusal(f"{LIST} cannot be read: unpack the release again.") from error


def write_list(asked):
    """Return the text of that list."""
    return json.dumps([asdict(one) for one in asked], indent=1) + "\n"


def find(name, root, known):
    """Return the notebooks that a name means: a file, or the chapters that begin so and have exercises."""
    if name.endswith((".ipynb", ".py")):
        return [Path(name)]
    chapters = dict.fromkeys(one.chapter for one in known if one.chapter.startswith(name))
    if name and not chapters:
        raise Refusal(f"No chapter with exercises begins with {name!r}.")
    paths = [root / "notebooks" / "exercises" / f"{chapter}.ipynb" for chapter in chapters]
    if name or (root / LIST).exists():
        return paths
    return [path for path in paths if path.exists()]


def judge(path, known):
    """Return sentences about a saved notebook, and what each exercise asked for is worth.

    Asked for are those of its chapter; of a notebook by another name, those of every chapter of which it
    defines a function.
    """
    files = read_files(path)
    asked = [one for one in known if one.chapter == path.stem]
    if not asked:
        found = extract(files, known).functions
        chapters = {one.chapter for one in known if one.name in found}
        asked = [one for one in known if one.chapter in chapters]
    program = extract(files, asked)
    worths, problems = [], []
    for one in asked:
        with running(program, one.name) as (function, errors):
            verdict = check(function, one.name) if function else Verdict(one.name, "not attempted", one.name)
            worths.append(verdict.points(one.points))
            problems += [about_problem(place, error) for place, error in errors]
    notes = [*program.notes, *dict.fromkeys(problems)]
    return [*notes, *([MENDED] if path.exists() and not read_cells(path)[0] else [])], worths


def read_cells(path):
    """Return the cells of a notebook, and what is wrong with it."""
    try:
        return cells(path.name, path.read_bytes())
    except OSError as error:
        return (), [sentence(path.name, error)]


def read_files(path):
    """Return what `grade` would be handed: a notebook, its .py half, and the files that it imports."""
    files, waiting = {}, [path, path.with_suffix(".py")]
    while waiting:
        file = waiting.pop(0)
        name = file.relative_to(path.parent).as_posix()
        if name in files:
            continue
        try:
            files[name] = file.read_bytes()
        except OSError as error:
            if file == path:
                files[name] = sentence(name, error)
            continue
        for inner in map(Path, find_imported(name, files[name])):
            below = sorted(path.parent.glob(f"*/{inner.name}"))  # a folder may be on `sys.path`
            waiting += [path.parent / inner, *(below if inner.stem != "__init__" else ())]
    return files
