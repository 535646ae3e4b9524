"""Which version of the assignment a table of expected numbers is from, where the versions differ.

text  ->  fields  ->  tables  ->  a sentence for each

In versions 1 to 3 the test cell of the RNN's cell draws a bias and then uses the one that another cell has
left behind; version 3's table of the LSTM was made by a backward pass with mistakes in it.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.testcell import answer_test, draw_inputs
from seqgrad.check.naming.candidates import list_known, run_candidate
from seqgrad.check.naming.fields import read_fields
from seqgrad.check.running.data import freeze

OLD = "version 3"  # as the sentences of known mistakes have it


class Table(NamedTuple):
    """A table of expected numbers that is not what a right function prints in today's test cell."""

    exercise: Exercise
    is_right: bool  # whether a right function prints it in the test cell of that version
    sentence: str
    make: Callable


def name_versions(text):
    """Return a sentence for each table in a text that is not what a right function prints today."""
    fields, found = read_fields(text), []
    for table in list_tables():
        own = [
            field for field in fields if not field.of and field.pick(answer_test(table.exercise)) is not None
        ]
        met = [field for field in own if field.is_print_of(table.make())]
        if len(met) > 1 and not any(field.is_print_of(answer_test(table.exercise)) for field in met[:2]):
            found.append(table.sentence)
    return list(dict.fromkeys(found))


@functools.cache
def list_tables():
    """Return the tables that are known."""
    tables = []
    for exercise in list_exercises():
        if exercise.test and (bias := list_stale(exercise)):
            of = exercise.name
            sentence = (
                f"The expected numbers of `{of}` here are those of the assignment's versions 1 to 3: "
                f"their test cell uses the `{bias}` drawn for `{find_source(exercise).name}`."
            )
            tables.append(
                Table(exercise, True, sentence, functools.partial(answer_with_stale, exercise, bias))
            )
        for candidate in list_known(exercise) if exercise.test else ():
            if candidate.culprit is exercise and OLD in candidate.findings[0].sentence:
                sentence = (
                    f"The expected numbers of `{exercise.name}` here are those of the assignment's {OLD}, "
                    "which were made with a mistake: a right function does not print them."
                )
                make = functools.cache(functools.partial(run_candidate, exercise, candidate))
                tables.append(Table(exercise, False, sentence, make))
    return tuple(tables)


def list_stale(exercise):
    """Return the parameter that the old test cell of a step's backward function takes from another cell."""
    is_step = exercise.forward and not exercise.helpers and len(exercise.arguments) == 2
    return next((name for name in exercise.test.draws if name.startswith("b")), "") if is_step else ""


def find_source(exercise):
    """Return the exercise whose test cell has drawn last what an old test cell finds: the one over time."""
    return next(one for one in list_exercises() if exercise.forward in one.helpers and not one.forward)


@functools.cache
def answer_with_stale(exercise, bias):
    """Return what the old test cell of a step has at hand after the right call."""
    arguments, arriving = draw_inputs(exercise)
    left = draw_inputs(find_source(exercise))[0][-1][bias]
    *states, parameters = freeze(arguments)
    caches = exercise.forward.function(*states, parameters | {bias: left})[-1]
    return exercise.function(*arriving, caches)
