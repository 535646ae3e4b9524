"""A student's own printed numbers beside the expected: those of the assignment's test cells.

exercise, seed  ->  a call, the right outputs;    outputs, fields  ->  lines (what, yours, expected)
"""

import numpy as np

from seqgrad.check.exercises.testcell import answer_test, list_fields, make_test_call, name_outputs
from seqgrad.check.exercises.trial import Trial, answer

DIGITS = 8


def print_both(learner, seed):
    """Return the lines of a test cell: what a learner's function prints beside what it should."""
    exercise = learner.exercise
    if exercise.test is None:
        return []
    calls = (make_test_call(exercise, seed),)
    trial = Trial(exercise, calls, answer(exercise, calls))
    (result,) = trial.with_results(learner.run(calls, exercise.right_helpers)).results
    mine, expected = name_outputs(exercise, result.value), answer_test(exercise, seed)
    lines = []
    for field in list_fields(exercise):
        yours, right = field.pick(mine), field.pick(expected)
        fits = yours is not None and yours.size in (1, right.size)
        shown = to_digits(yours if fits else None)
        lines.append({"what": field.label, "yours": shown, "expected": to_digits(right)})
    return lines


def to_digits(value):
    """Return numbers as text, in the digits of a test cell; what cannot be had is a dash."""
    if value is None:
        return "–"
    numbers = [f"{number:.{DIGITS}f}" if number % 1 else f"{number:g}" for number in np.ravel(value)]
    return numbers[0] if np.ndim(value) == 0 else f"[{' '.join(numbers)}]"
