"""A student's own printed numbers beside the expected: those of the assignment's test cells.

    exercise, seed  ->  a call, the right outputs;    outputs, fields  ->  lines (what, yours, expected)

Which numbers a test cell prints is read off the solutions, where every cell is executed.
"""

import functools
import json

import numpy as np

from seqgrad.check.printout import DRAWS, fields, named_outputs, pick, test_call
from seqgrad.check.reference import answer

DIGITS = 8


def printed(learner, seed, root, helpers):
    """Return the lines of a test cell: what a learner's function prints beside what it should."""
    exercise = learner.exercise
    if exercise not in DRAWS:
        return []
    call = test_call(exercise, seed)
    (result,), (right,) = learner.run([call], helpers), answer(exercise, [call])
    mine, expected = (named_outputs(exercise, one.value) for one in (result, right))
    return [
        {"what": field.label, "yours": shown(pick(mine, field)), "expected": shown(pick(expected, field))}
        for field in printed_fields(exercise, root)
    ]


@functools.cache
def printed_fields(exercise, root):
    """Return the fields that the test cell of an exercise prints in the solutions."""
    call = test_call(exercise, 1)
    (right,) = answer(exercise, [call])
    outputs, found = named_outputs(exercise, right.value), {}
    for field in fields(test_output(exercise, root)):
        if pick(outputs, field) is not None:
            found.setdefault(field.label, field)
    return tuple(found.values())


def test_output(exercise, root):
    """Return what the cells print between an exercise and the next one that draw the assignment's numbers."""
    texts, current = [], None
    for path in sorted((root / "notebooks" / "solutions").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            current = cell["metadata"].get("exercise", current)
            if current == exercise and cell["cell_type"] == "code":
                outputs = (output.get("text", "") for output in cell["outputs"])
                texts += ["".join(text) for text in outputs]
    return "\n".join(texts)


def shown(value):
    """Return numbers as text, in the digits of a test cell; what cannot be had is a dash."""
    if value is None:
        return "–"
    numbers = [f"{number:.{DIGITS}f}" if number % 1 else f"{number:g}" for number in np.ravel(value)]
    return numbers[0] if np.ndim(value) == 0 else f"[{' '.join(numbers)}]"
