"""The test cell below an exercise: what it draws, the call that it makes, what it has at hand afterwards.

exercise, seed  ->  call  ->  outputs by name  ->  the values of the fields that it prints
"""

import functools
import re
from dataclasses import dataclass

import numpy as np

from seqgrad.check.equality import shows
from seqgrad.check.running.data import Call, freeze


@dataclass(frozen=True)
class Field:
    """Something that is printed: an array's name, an index, what of it ("", "shape", "len"), the numbers."""

    name: str
    index: tuple = ()
    of: str = ""
    numbers: tuple = ()

    @property
    def label(self):
        """How a learner would write it."""
        whole = self.name + "".join(f"[{i}]" for i in self.index)
        return f"len({whole})" if self.of == "len" else whole + ".shape" * (self.of == "shape")

    def pick(self, outputs):
        """Return what outputs hold there, as an array; None if nothing, or something of another size."""
        try:
            value = outputs[self.name]
            for i in self.index:
                value = value[i]
            if self.of:
                value = len(value) if self.of == "len" else value.shape
            value = np.asarray(value, dtype=float)
        except (TypeError, IndexError, KeyError, ValueError, AttributeError):
            return None
        return value if not self.numbers or value.size in (1, len(self.numbers)) else None

    def is_print_of(self, outputs):
        """Tell whether the printed numbers are those that outputs hold there, to the printed digits."""
        value = self.pick(outputs)
        fits = value is not None and value.size == len(self.numbers)
        return fits and all(map(shows, self.numbers, np.ravel(value)))


def list_fields(exercise):
    """Return the fields that the test cell of an exercise prints."""
    fields = []
    for label in exercise.test.prints.split():
        length, name, index, shape = re.fullmatch(r"(len)?\(?(\w+)([][\d]*)(?:\.(shape))?\)?", label).groups()
        fields.append(Field(name, tuple(map(int, re.findall(r"\d+", index))), length or shape or ""))
    return fields


@functools.lru_cache(100)
def draw_inputs(exercise, seed=1):
    """Return what a test cell draws: arguments of the (forward) function, and the gradients that arrive."""
    random = np.random.RandomState(seed)
    drawn = {name: random.randn(*shape) for name, shape in exercise.test.draws.items()}
    forward = exercise.forward or exercise
    arriving = tuple(drawn.pop(name) for name in exercise.arguments if exercise.forward and name in drawn)
    states = [drawn.pop(name) for name in forward.arguments if name in drawn]
    parameters = drawn | exercise.test.given
    return (*states, parameters) if parameters else tuple(states), arriving


@functools.lru_cache(100)
def make_test_call(exercise, seed=1):
    """Return the call that a test cell makes."""
    arguments, arriving = draw_inputs(exercise, seed)
    if exercise.forward:
        return Call((*arriving, exercise.forward.function(*freeze(arguments))[-1]))
    return Call(arguments)


def run_test(exercise, function, forward=None, seed=1):
    """Return what a test cell has at hand after it called a function, by name.

    The caches that a backward function is given are those of `forward`, by default the right one.
    """
    arguments, arriving = draw_inputs(exercise, seed)
    if exercise.forward:
        caches = (forward or exercise.forward.function)(*freeze(arguments))[-1]
        return function(*freeze(arriving), caches)
    return name_outputs(exercise, function(*freeze(arguments)))


def name_outputs(exercise, returned):
    """Return what a function returned, by the names that a test cell has for it; {} if it has none."""
    if not exercise.names:
        return returned if isinstance(returned, dict) else {}
    whole = isinstance(returned, tuple | list) and len(returned) == len(exercise.names)
    return dict(zip(exercise.names, returned, strict=True)) if whole else {}


@functools.lru_cache(100)
def answer_test(exercise, seed=1):
    """Return what a test cell has at hand after the right call."""
    return run_test(exercise, exercise.function, seed=seed)
