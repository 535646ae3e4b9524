"""What a cell's mistake would print by the first of its steps alone, which tells most mistakes apart at once.

passage  ->  the cell's first call, where its outputs stand among the printed numbers  ->  may it be this one?
"""

import numpy as np

from seqgrad.check.equality import shows
from seqgrad.check.exercises.testcell import name_outputs
from seqgrad.check.naming.candidates import draw_frozen, make_caches, stand_in
from seqgrad.check.naming.passages import pick_right
from seqgrad.check.naming.recipe import follow, read_reference


class FirstStep:
    """The first step that a pass over time takes, before anything wrong has come back to it.

    Attributes
    ----------
    cell : Exercise or None
        What takes the step; None for what is no pass over time, or prints nothing of its first step.
    arguments : tuple
    outputs : dict
        What the right cell gives.
    printed : list of (str, tuple, str)
        The output of the cell, an index in it, and the number that was printed for it.
    """

    def __init__(self, passage):
        exercise = passage.exercise
        self.cell, self.arguments, self.outputs, self.printed = None, (), {}, []
        cells = [one for one in exercise.helpers if getattr(one, "test", None)]
        if cells:
            self.arguments, self.outputs = record_first(exercise, cells[0])
            self.printed = list(find_printed(passage, self.outputs))
            self.cell = cells[0] if self.printed else None

    def list_wrong(self):
        """Return the outputs of the cell that are printed wrong in its first step already."""
        return {name for name, index, number in self.printed if not shows(number, self.outputs[name][index])}

    def allows(self, candidate):
        """Tell whether a mistake gives what was printed of the first step; True if that cannot be told."""
        if self.cell is None or candidate.parts.keys() != {self.cell}:
            return True
        try:
            outputs = name(self.cell, stand_in(candidate.parts, self.cell)(*self.arguments))
            return all(shows(number, outputs[output][index]) for output, index, number in self.printed)
        except Exception:
            return False  # it prints nothing


def record_first(exercise, cell):
    """Return the arguments and the outputs of the first call of a cell in the test cell of an exercise."""
    calls = []

    def record(*given):
        returned = cell.function(*given)
        calls.append((given, name(cell, returned)))
        return returned

    arguments, arriving = draw_frozen(exercise)
    if exercise.forward:
        arguments = (*arriving, make_caches(exercise, {}))
    follow(read_reference(exercise), arguments, using={cell.name: record})
    return calls[0]


def find_printed(passage, outputs):
    """Yield which printed numbers are entries of a cell's outputs: those that a right one has in common."""
    arrays = {name: value for name, value in outputs.items() if isinstance(value, np.ndarray)}
    for field in passage.mine:
        values = np.ravel(pick_right(field, passage.right))
        if field.of or len(values) != len(field.numbers):
            continue
        for number, value in zip(field.numbers, values, strict=True):
            for output, array in arrays.items():
                for index in map(tuple, np.argwhere(array == value)) if value else ():
                    yield output, index, number


def name(cell, returned):
    """Return what a cell returned, by name."""
    return returned if cell.forward else name_outputs(cell, returned)
