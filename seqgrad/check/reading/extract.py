"""From what a student handed in to the program that is graded; nothing of it is executed here.

    files  ->  cells  ->  statements  ->  the functions asked for, and what they need  ->  Program

A function is looked for by its name, wherever it stands.  With it come the imports, helpers, classes and
values that it needs, what these need, and so on, in the order of the notebook.  Plots, demonstrations and
training are left out.
"""

import ast
import functools
import inspect
import re
from dataclasses import dataclass, field

from seqgrad.check.exercises import find_exercise
from seqgrad.check.reading import remarks
from seqgrad.check.reading.attempt import is_attempted
from seqgrad.check.reading.files import OF_THE_PACKAGE, read_files
from seqgrad.check.reading.names import UNPARSABLE, parse
from seqgrad.check.reading.needed import gather, list_feeding

NOTES = 100  # sentences about one


@dataclass(frozen=True)
class Program:
    """What is graded of a submission.

    Attributes
    ----------
    pieces : tuple of (str, str, str)
        Place ("04_lstm_forward.ipynb, cell 3"), text and namespace of each statement that is needed, in
        order.
    functions : dict
        For each exercise that was found, the place and the source of the function.
    notes : tuple of str
        What there is to say to the student.
    homes : dict
        The namespace of each function, also of those that feed an exercise.
    hidden : dict
        For functions the numbers of the pieces that come after their last check and would change them.
    """

    pieces: tuple
    functions: dict
    notes: tuple
    homes: dict = field(default_factory=dict)
    hidden: dict = field(default_factory=dict)


def extract(files, exercises, graded=True):
    """Return the program in what a student has handed in, or has.

    Parameters
    ----------
    files : dict
        As `Submission.read` returns them.
    exercises : iterable of tools.course.chapters.Exercise
        What was asked for; names alone will do.
    graded : bool
        Whether it was handed in, so that it matters what is missing from it.

    Returns
    -------
    Program
    """
    asked = {getattr(one, "name", one): getattr(one, "chapter", "") for one in exercises}
    notes = [content for _, content in sorted(files.items()) if isinstance(content, str)]
    read = read_files(files, asked)

    candidates = {name: list_definitions(read, name) for name in asked}
    chosen = {name: choose(candidates[name], name, asked[name]) for name in asked if candidates[name]}
    used = {definition.file for definition, _ in chosen.values()}
    for file in read:
        notes += remarks.about_cells(file) if file.is_own or file in used else []
    for name in chosen:
        counted = "was graded" if graded else "counts"
        notes += remarks.about_copies(name, chosen[name], candidates[name], counted)
    if graded:
        notes += remarks.about_checks(chosen)
        notes += remarks.about_other_files([file for file in read if file.is_own], candidates, asked)
        missing = [name for name in asked if name not in chosen]
        notes += remarks.about_missing(read, missing) if files else []

    pieces, hidden = gather(read, chosen)
    notes += remarks.about_replaced(read, pieces)
    functions = {name: (definition.place, source) for name, (definition, source) in chosen.items()}
    return Program(pieces, functions, tuple(dict.fromkeys(notes))[:NOTES], find_homes(chosen), hidden)


def find_homes(chosen):
    """Return the namespace of each function that was chosen, and of those in the same files that feed one."""
    homes = {name: definition.file.space for name, (definition, _) in chosen.items()}
    for name, (definition, _) in chosen.items():
        for fed in list_feeding(name):
            homes.setdefault(fed, definition.file.space)
    return homes


def list_definitions(read, name):
    """Return (statement, source) for each definition of an exercise; assignments count if there is no def."""
    placed = [one for file in read for one in file.binds.get(name, ())]
    found = [(one, source) for one in placed for own, source in one.statement.functions if own == name]
    found = found or [(one, one.statement.text) for one in placed if not one.statement.is_import]
    return found or [(one, one.statement.text) for one in placed if one.origin]


def choose(candidates, name, chapter):
    """Return the definition that counts: one that fits, an attempt, in the likeliest file, the last."""
    differ = len({source for _, source in candidates}) > 1

    def likely(candidate):
        file, source = candidate[0].file, candidate[1]
        return (
            differ and can_be_called(name, source),
            differ and is_attempted(name, source),
            file.kind != OF_THE_PACKAGE,
            re.sub(r"[ -]\(?\d+\)?$", "", file.stem) == chapter,
            file.stem == chapter,
            -len(file.path.parts),
            file.kind,
        )

    return max(reversed(candidates), key=likely)  # of equals, max takes the first


def can_be_called(name, source):
    """Say whether a function can be called as an exercise is; what cannot be told from its text can."""
    try:
        arguments = getattr(parse(source).body[0], "args", None)
    except (*UNPARSABLE, IndexError):
        return True
    if not isinstance(arguments, ast.arguments) or arguments.vararg:
        return True
    most = len(arguments.posonlyargs + arguments.args)
    least = most - len(arguments.defaults)
    return not (counts := count_arguments(name)) or any(least <= count <= most for count in counts)


@functools.cache
def count_arguments(name):
    """Return how many arguments an exercise has without a default, in each of its interfaces."""
    exercise = find_exercise(name)
    known = [one for one in (exercise, exercise and exercise.also) if one]
    signatures = [inspect.signature(one.function).parameters.values() for one in known]
    return tuple(sum(one.default is one.empty for one in parameters) for parameters in signatures)
