"""A trial: an exercise with its calls, what is expected of them, and what a learner's function gave.

It is prepared once, and handed down the rooms.
"""

import functools
from dataclasses import dataclass, replace

import numpy as np

from seqgrad.check.equality import NUMBERS
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call
from seqgrad.check.running.run import run


@dataclass(frozen=True, eq=False)
class Trial:
    """Calls of an exercise, the expected results, and those of a learner's function, if it has been run."""

    exercise: Exercise
    calls: tuple
    expected: tuple
    results: tuple = ()

    def with_results(self, results):
        """Return the trial with what a learner's function gave, without values beyond the expected ones."""
        return replace(self, results=tuple(map(trim, self.expected, results)))

    @functools.cached_property
    def compared(self):
        """The differences of the results that have been compared so far, by the place of their row."""
        return {}

    def rows(self):
        """Return (call, expected result, result) for each call."""
        return zip(self.calls, self.expected, self.results, strict=True)


def trim(expected, result):
    """Return a result without what stands behind the expected things, if these are of their kinds.

    A dict behind them, or more keys in a dict, are intermediate results.
    """
    right, value = expected.value, result.value
    if isinstance(right, dict) and isinstance(value, tuple | list) and len(value) == 2:
        if all(isinstance(part, dict) for part in value):
            value, beside = value
            return replace(result, value=value, beside=beside)
    if isinstance(right, dict) and isinstance(value, dict):
        return replace(result, beside={name: part for name, part in value.items() if name not in right})
    more = len(value) - len(right) if isinstance(right, tuple) and isinstance(value, tuple | list) else 0
    if more <= 0 or list(map(get_kind, right)) != list(map(get_kind, value[: len(right)])):
        return result
    shared = tuple(pair for pair in result.shared if all(path[0] < len(right) for path in pair))
    beside = value[-1] if more == 1 and isinstance(value[-1], dict) else {}
    extra = 0 if beside else more
    return replace(result, value=value[: len(right)], extra=extra, shared=shared, beside=beside)


def get_kind(value):
    """Return what kind of thing a value is: a dict, several things, or an array or a number."""
    return next((kind for kind in (dict, tuple | list) if isinstance(value, kind)), NUMBERS)


@functools.lru_cache(100)
def prepare(exercise, salt=None):
    """Return the trial of an exercise, its calls drawn with a salt, before any learner's function is run."""
    calls = draw_calls(exercise, salt)
    return Trial(exercise, calls, answer(exercise, calls))


@functools.lru_cache(100)
def draw_calls(exercise, salt=None):
    """Return the calls of an exercise; the first, the typical case, is also run a second time.

    With a salt, a whole number, they are of the same kinds with other numbers.
    """
    drawn = exercise.calls
    if callable(drawn):
        drawn = drawn(functools.partial(salt_seed, salt))
    if not len(drawn):
        raise ValueError(f"{exercise.name} has no calls: give at least one tuple of arguments")
    first, *rest = (call if isinstance(call, Call) else Call(call) for call in drawn)
    return (replace(first, twice=True), *rest)


def answer(exercise, calls, helpers=None):
    """Return what the right function gives for calls, each of which it is run on once."""
    return tuple(run(exercise.function, [replace(call, twice=False) for call in calls], helpers))


def salt_seed(salt, seed):
    """Return the seed that is used in place of another one, with a salt."""
    return seed if salt is None else int(np.random.SeedSequence([salt, seed]).generate_state(1)[0])
