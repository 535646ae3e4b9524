"""The front door: which exercise it is, and whether this is the course or a release of it."""

import difflib
import importlib.util
from dataclasses import replace

from seqgrad.check.course import RECORDS
from seqgrad.check.diagnose import choose_interface, diagnose
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.faults import find_coincidence
from seqgrad.check.exercises.trial import draw_calls, prepare
from seqgrad.check.judging.intermediates import judge_intermediates
from seqgrad.check.learner import Learner
from seqgrad.check.running.data import thaw
from seqgrad.check.running.look import name_function
from seqgrad.check.running.session import find_mistake
from seqgrad.check.verdict import refuse


def check_function(function, name=None, intermediates=None):
    """Return the verdict on a function in this process, or on arrays by name; `name` may be an `Exercise`."""
    name = name or name_exercise(function)
    try:
        exercise = name if isinstance(name, Exercise) else find_exercise(name)
    except Exception as error:  # whatever the records of somebody's course do as they are imported
        return refuse(str(name), f"{RECORDS}.py cannot be imported: {type(error).__name__}: {error}.")
    if exercise is None:
        names = [one.name for one in list_exercises()]
        near = (difflib.get_close_matches(str(name), names, 1) or names)[0]
        return refuse(
            name, f'No exercise is called {name}; say which it is, as in check({name}, name="{near}").'
        )
    if intermediates:
        return check_intermediates(exercise, intermediates)
    if not callable(function):
        kind = type(function).__name__
        return refuse(
            exercise.name, f"{exercise.name} is {kind}, not a function; give the function itself, without ()."
        )
    if exercise is name and (fault := find_fault_in_calls(exercise)):
        return refuse(exercise.name, fault)
    if mistake := find_mistake(name_function(function)):
        older = f"did not run the last time ({mistake}), so what is here is an older version"
        cell = f"The cell that defines `{name_function(function)}`"
        return refuse(exercise.name, f"{cell} {older}. Correct the cell, run it, then check again.")
    verdict = judge_function(function, exercise)
    remark = find_coincidence(prepare(exercise)) if exercise is name else ""
    return replace(verdict, remarks=(*verdict.remarks, remark)) if remark else verdict


def find_fault_in_calls(exercise):
    """Return why the calls of somebody's own exercise cannot be drawn; "" if they can."""
    try:
        draw_calls(exercise)
    except Exception as error:  # whatever the function that draws them may do
        return f"The calls of {exercise.name} cannot be drawn: {type(error).__name__}: {error}."
    return ""


def judge_function(function, exercise):
    """Return the verdict on a function, whatever the session around it has seen."""
    learner = choose_interface(Learner(function, exercise))
    if is_release():
        from seqgrad.check.released.front import check_in_release

        return check_in_release(learner, diagnose)
    from seqgrad.check.naming.causes import find_causes

    return diagnose(learner, find_causes)


def name_exercise(function):
    """Return the name of the exercise that a function is, or of which the name is given."""
    if isinstance(function, str):
        return function
    return getattr(function, "__name__", None) or name_function(function)


def check_intermediates(exercise, intermediates):
    """Return the verdict on intermediate results, by name."""
    if is_release():
        from seqgrad.check.released.stand_in import read_answers

        right = read_answers()["intermediates"].get(exercise.name)
        if right is None:
            sentence = f"This release has no intermediate results to compare {exercise.name} with."
            return refuse(exercise.name, sentence)
        return judge_intermediates(exercise, intermediates, right)
    from seqgrad.check.naming.intermediates import compute_right, find_cause_of

    try:
        right = compute_right(exercise)
    except ValueError as error:
        return refuse(exercise.name, f"There are no intermediate results to compare with: {error}.")
    return judge_intermediates(exercise, intermediates, right, find_cause_of)


def make_example(function):
    """Return the arguments of an exercise's typical call, the same for everybody."""
    exercise = find_exercise(name_exercise(function))
    if exercise is None:
        raise ValueError(f"no exercise is called {name_exercise(function)}")
    return thaw(draw_calls(exercise)[0].arguments)


def read_printout(text):
    """Return the verdict on the printed lines of a test cell."""
    if is_release():
        return refuse(
            "printout", "A release cannot tell mistakes from printed numbers: check the function itself."
        )
    from seqgrad.check.naming import printout

    return printout.read_printout(text)


def name_versions(text):
    """Return a sentence for each table of a version of the assignment, in the text cells of a notebook."""
    if is_release():
        return []
    from seqgrad.check.naming import tables

    return tables.name_versions(text)


def is_release():
    """Tell whether this is a release, which never holds the room that has right steps in it."""
    return importlib.util.find_spec("seqgrad.check.naming") is None
