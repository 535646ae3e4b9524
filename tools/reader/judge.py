"""What a saved notebook is worth: read as `grade` reads it, judged as the checks in it judge.

a path, the exercises that are asked for  ->  the files beside it that it imports  ->  Program  ->  points
"""

import json
from dataclasses import asdict
from pathlib import Path

from seqgrad.check.files import judge_program
from seqgrad.check.reading.cells import read_cells
from seqgrad.check.reading.extract import extract
from seqgrad.check.reading.origins import read_beside
from seqgrad.check.reading.text import write_sentence
from tools import Refusal
from tools.course.chapters import Exercise, exercises

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
    if name == "-" or name.endswith((".ipynb", ".py")) or Path(name).is_file():
        return [Path(name)]
    chapters = dict.fromkeys(one.chapter for one in known if one.chapter.startswith(name))
    if name and not chapters:
        raise Refusal(f"No chapter with exercises begins with {name!r}.")
    paths = [root / "notebooks" / "exercises" / f"{chapter}.ipynb" for chapter in chapters]
    if name or (root / LIST).exists():
        return paths
    return [path for path in paths if path.exists()]


def is_exercise(path, known):
    """Say whether a file is an exercise notebook of the course, or a half of one, by its name."""
    return path.stem in {one.chapter for one in known}


def judge(path, known):
    """Return sentences about a saved notebook, and the worth of each exercise: its chapter's, or else all."""
    files = read_beside(path)
    asked = [one for one in known if one.chapter == path.stem] or known
    program = extract(files, asked)
    verdicts, problems = judge_program(program, [one.name for one in asked])
    worths = [verdict.points(one.points) for one, verdict in zip(asked, verdicts, strict=True)]
    notes = [*program.notes, *problems]
    return [*notes, *([MENDED] if path.exists() and not read_half(path)[0] else [])], worths


def read_half(path):
    """Return the cells of a notebook, and what is wrong with it."""
    try:
        return read_cells(path.name, path.read_bytes())
    except OSError as error:
        return (), [write_sentence(path.name, error)]
