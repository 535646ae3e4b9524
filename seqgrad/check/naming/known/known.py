"""What is known of one exercise: other ways to write it, mistakes that people make, what its gates hold."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from seqgrad.check.exercises import list_records
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.verdict import Finding


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake of more than one token: a right function, changes of its text, the sentence that names it.

    It is stated only if it gives the learner's numbers exactly.

    Attributes
    ----------
    function : callable
    finding : Finding
    changes : tuple
        Pairs (text before, text after).
    """

    function: Callable
    finding: Finding
    changes: tuple

    @functools.cached_property
    def text(self):
        """The text of the wrong function."""
        text = read_text(self.function)
        for before, after in self.changes:
            assert before in text, before
            text = text.replace(before, after)
        return text


@dataclass(frozen=True, eq=False)
class Products:
    """What each gate's gradient is a product of, and what else it could be.

    Attributes
    ----------
    right : dict
        The factors beside the gradient that arrives, {(name, path): factors}; None where nothing arrives.
    list_factors : callable
        From what a cache holds to all values that could be factors, by the name that a learner writes.
    follow_gates : callable
        From what a cache holds and what a function returned to the outputs that follow from its own gates.
    """

    right: dict
    list_factors: Callable
    follow_gates: Callable


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of an exercise beside its reference.

    Attributes
    ----------
    exercise : Exercise
    functions : tuple of callable
        The same function as other people write it: other steps to the same numbers, where
        other slips are made.  One that is one change here, say a view instead of new
        zeros, has no counterpart in the reference's own steps.
    mistakes : tuple of Mistake
    products : Products, optional
    """

    exercise: Exercise
    functions: tuple = ()
    mistakes: tuple = ()
    products: Products | None = None

    @property
    def texts(self):
        """The texts of the functions, each under the exercise's name."""
        names = [(f"def {function.__name__}(", f"def {self.exercise.name}(") for function in self.functions]
        return [read_text(one).replace(*pair, 1) for one, pair in zip(self.functions, names, strict=True)]


def make_mistake(function, subject, kind, sentence, *changes):
    """Return a mistake from the function whose text is changed, its finding and the changes."""
    return Mistake(function, Finding(subject, kind, sentence, True), changes)


@functools.cache
def read_text(function):
    """Return the text of a function."""
    return inspect.getsource(function)


@functools.cache
def know(exercise):
    """Return what is known of an exercise; of one that was made on the spot there is only its reference."""
    records = list_records("seqgrad.check.naming.known", Known)
    return next((record for record in records if record.exercise is exercise), Known(exercise))
