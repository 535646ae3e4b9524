"""A student's own printed numbers beside the expected: those of the assignment's test cells.

    exercise, seed  ->  a call, the right outputs;    outputs, fields  ->  lines (what, yours, expected)

Which numbers a test cell prints is read off the solutions, where every cell is executed.
"""

import functools
import json
from collections import defaultdict

import numpy as np

from seqgrad.check.naming.printout import DRAWS, fields, named_outputs, pick, right_outputs, test_call

DIGITS = 8


def printed(learner, seed, root, helpers):
    """Return the lines of a test cell: what a learner's function prints beside what it should."""
    exercise = learner.exercise
    if exercise not in DRAWS:
        return []
    (result,) = learner.run([test_call(exercise, seed)], helpers)
    mine, expected = named_outputs(exercise, result.value), right_outputs(exercise, seed)
    return [
        {"what": field.label, "yours": shown(pick(mine, field)), "expected": shown(pick(expected, field))}
        for field in printed_fields(exercise, root)
    ]


@functools.cache
def printed_fields(exercise, root):
    """Return the fields that the test cell of an exercise prints in the solutions."""
    outputs, found = right_outputs(exercise), {}
    for field in fields(test_outputs(root)[exercise]):
        if pick(outputs, field) is not None:
            found.setdefault(field.label, field)
    return tuple(found.values())


@functools.cache
def test_outputs(root):
    """Return for each exercise what the solutions print between it and the next one."""
    texts, current = defaultdict(str), None
    for path in sorted((root / "notebooks" / "solutions").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            current = cell["metadata"].get("exercise", current)
            for output in cell.get("outputs", ()):
                texts[current] += "".join(output.get("text", "")) + "\n"
    return texts


def shown(value):
    """Return numbers as text, in the digits of a test cell; what cannot be had is a dash."""
    if value is None:
        return "–"
    numbers = [f"{number:.{DIGITS}f}" if number % 1 else f"{number:g}" for number in np.ravel(value)]
    return numbers[0] if np.ndim(value) == 0 else f"[{' '.join(numbers)}]"
