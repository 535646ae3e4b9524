"""What is known of one exercise: other ways to write it, mistakes that people make, what its gates hold."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from seqgrad.check.exercises import list_records
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.naming.recipe import make_recipe, read_reference
from seqgrad.check.verdict import Finding


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake of more than one token; it is stated only if it gives the learner's numbers exactly."""

    function: Callable  # a right one
    finding: Finding
    changes: tuple  # of its text: pairs (before, after)

    @functools.cached_property
    def text(self):
        """The text of the wrong function."""
        text = inspect.getsource(self.function)
        for before, after in self.changes:
            assert before in text, before
            text = text.replace(before, after)
        return text

    def join(self, other):
        """Return the text of the function with another mistake as well; empty if they do not fit."""
        text = self.text if other.function is self.function else ""
        for before, after in other.changes:
            text = text.replace(before, after) if before in text else ""
        return text


@dataclass(frozen=True, eq=False)
class Products:
    """What each gate's gradient is a product of, beside the gradient that arrives, and what it could be."""

    right: dict  # {(name, path): names of factors}; None where nothing arrives
    list_factors: Callable  # of what a cache holds: all that could be a factor, by a learner's name for it
    follow_gates: Callable  # of that and what was returned: the outputs that follow from its own gates


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of an exercise beside its reference."""

    exercise: Exercise
    functions: tuple = ()  # the same function in other steps, where other slips are made
    mistakes: tuple = ()
    products: Products | None = None

    @property
    def recipes(self):
        """The recipes of the reference and of the functions."""
        return [read_reference(self.exercise), *(make_recipe(self.exercise, text) for text in self.texts)]

    @functools.cached_property
    def texts(self):
        """The texts of the functions, each under the exercise's name."""
        named = f"def {self.exercise.name}("
        return [inspect.getsource(one).replace(f"def {one.__name__}(", named, 1) for one in self.functions]


def make_mistake(function, subject, kind, sentence, *changes):
    """Return a mistake from the function whose text is changed, its finding and the changes."""
    return Mistake(function, Finding(subject, kind, sentence, True), changes)


@functools.cache
def know(exercise):
    """Return what is known of an exercise; of one that was made on the spot there is only its reference."""
    records = list_records("seqgrad.check.naming.known", Known)
    return next((record for record in records if record.exercise is exercise), Known(exercise))
