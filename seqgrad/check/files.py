"""From a file of anybody's to a report: its functions, or else the numbers that are printed in it.

    path  ->  content, and the files beside it that it imports  ->  functions or printed lines  ->  Report

Its contents tell what a file is, not its name.
"""

import difflib
from dataclasses import replace
from pathlib import Path

from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.front import judge_function, name_versions, read_printout
from seqgrad.check.reading.cells import read_cells, read_outputs
from seqgrad.check.reading.extract import extract
from seqgrad.check.reading.origins import read_beside
from seqgrad.check.reading.pasted import about_supplied, clean_paste, rename, supply_numpy
from seqgrad.check.reading.remarks import about_problem
from seqgrad.check.reading.signatures import (
    about_lookalikes,
    about_others,
    begins_function,
    is_broken,
    is_python,
    list_functions,
)
from seqgrad.check.reading.spaces import open_function
from seqgrad.check.reading.text import decode, shorten, write_sentence
from seqgrad.check.report import Report, choose_first, sort_verdicts
from seqgrad.check.verdict import Verdict

MEND_FIRST = "No function was checked: mend first what Python cannot read."
HOW_TO_NAME = "If one of its functions is an exercise by another name, say so: --name my_function=EXERCISE"


def check_file(path, names=None):
    """Return the report on a file.

    Parameters
    ----------
    path : str or Path
        A notebook, a Python file or printed lines, whatever its name is.
    names : dict, optional
        The exercise that each function is that goes by another name, ``{"my_function": "softmax"}``.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If `names` has an exercise that there is not, or a function that the file does not define.
    """
    path = Path(path)
    return check_content(path.name, {path.name: path.read_bytes()} | read_beside(path), names)


def check_named(path, names=None):
    """Return the report on a file whose name stands in a notebook; a sentence if it cannot be had."""
    if find_exercise(str(path)):
        words = f"{path} in quotes is the name of a file; give the function itself, check({path})."
        return Report(str(path), notes=(words,))
    if names is not None and not isinstance(names, dict):
        words = 'Give the names of functions as in check("my.ipynb", {"my_function": "softmax"}).'
        return Report(str(path), notes=(words,))
    try:
        return check_file(path, names)
    except OSError as error:
        return Report(str(path), notes=(write_sentence(str(path), error),))
    except ValueError as error:
        return Report(str(path), notes=(str(error),))


def check_content(name, files, names=None, judge=None):
    """Return the report on the file of a name in `files`, {name: bytes}, which holds what it imports as well.

    `judge` may take the place of `judge_one`.

    Raises
    ------
    ValueError
        If `names` has an exercise that there is not, or a function that the file does not define.
    """
    find_names(names or {})
    content, notes = clean_paste(files[name]), []
    for own, exercise in (names or {}).items():
        content = rename(content, own, exercise, name)
    files = files | {name: content}
    found, reasons = read_cells(name, content)
    functions = list_functions(found)
    exercises = [one.name for one in list_exercises()]
    read = extract(files, exercises, graded=False)
    held = read.functions
    if not held and not functions and not is_python(found):
        report = report_printout(name, content)
        if not begins_function(found):
            return report
        if report.verdicts[0].outcome != "not attempted":
            return replace(report, notes=(*report.notes, *read.notes))
    asked, others = [], []
    for one, (_, source) in held.items():
        note = about_others(one, source)
        others += [note] * bool(note)
        asked += [one] * (not note)
    program = supply_numpy(extract(files, asked, graded=False))
    verdicts, problems = judge_program(program, asked, judge)
    notes = [*reasons, *program.notes, *problems, *about_supplied(name, program), *others]
    notes += about_lookalikes(functions, held)
    notes += name_versions("\n".join(cell.source for cell in found if not cell.code))
    if not held:
        none = f"{shorten(name)} holds no function of the course. {HOW_TO_NAME}."
        notes.append(MEND_FIRST if is_broken(found) and not functions else none)
    mine = {exercise: f"your `{own}`, " for own, exercise in (names or {}).items()}
    places = {one: mine.get(one, "") + place for one, (place, _) in program.functions.items()}
    stands_on = {one: {other.name for other in find_exercise(one).stands_on} for one in asked}
    verdicts = sort_verdicts(verdicts, exercises)
    first = choose_first(verdicts, places, stands_on)
    return Report(name, verdicts, places, tuple(dict.fromkeys(notes)), first)


def judge_program(program, asked, judge=None):
    """Return the verdict on each function that is asked for, and sentences on what could not be run."""
    judged = [(judge or judge_one)(program, name) for name in asked]
    problems = dict.fromkeys(problem for _, problems in judged for problem in problems)
    return [verdict for verdict, _ in judged], list(problems)


def judge_one(program, name):
    """Return the verdict on a function of a program, and sentences on what of it could not be run."""
    with open_function(program, name) as (function, errors):
        exercise = find_exercise(name)
        verdict = judge_function(function, exercise) if function else Verdict(name, "not attempted", name)
    return verdict, [about_problem(place, error) for place, error in errors]


def report_printout(name, content):
    """Return the report on printed lines, in a text or as what the cells of a notebook have printed."""
    printed = read_outputs(content)
    text, reasons = (printed, []) if printed is not None else decode(content)
    notes = tuple(write_sentence(name, reason) for reason in reasons)
    return Report(name, (read_printout(text),), {}, notes)


def find_names(names):
    """Refuse names of exercises that there are not."""
    exercises = [one.name for one in list_exercises()]
    for own, exercise in names.items():
        if exercise not in exercises:
            near = (difflib.get_close_matches(exercise, exercises, 1) or exercises)[0]
            raise ValueError(f"No exercise is called {exercise}; do you mean {own}={near}?")
