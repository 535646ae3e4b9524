"""An exercise: one record with everything that there is to know of it.

A check needs a name, the right function, and calls; all else makes its sentences better::

    Exercise("layer_norm", function=layer_norm, calls=[(x, gamma, beta), (wide, gamma, beta)])
"""

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from seqgrad.check.running.data import Call
from seqgrad.shapes import name_type


@dataclass(frozen=True, eq=False)
class Exercise:
    """What a learner is to write, and how it is looked at.

    Attributes
    ----------
    name, function : str, callable
        The right function, the reference, and the name under which a learner writes it.
    calls : sequence or callable
        What it is tried on, the typical case first: `Call` records or plain tuples of
        arguments.  Or a function that draws them, given what makes a seed of a seed.
    helpers, forward : tuple of Exercise or callable, Exercise
        What it calls and a learner may have written too; the exercise whose last result
        is its last argument.
    returns, cache : tuple or str, tuple
        The names of what is returned, in order, or of the one thing (a dict has its keys;
        other names are read off the return statement); pairs, of which the first is the
        name of a part of a step's cache.
    words : dict
        Of a variable: what is wrong if it is, in a word, and how a sentence about it begins.
    test, impulse, gates : TestCell, Impulse, Gates
        What its test cell prints; how it runs over time; its gates.
    judge : callable
        Where several results are right: says of (call, expected, got) what is wrong.
    may_change : str
        What it may change of its arguments, at the cost of a remark: "dicts", into which it puts new
        arrays, or "arrays", into which it writes.
    entrywise : bool
        Whether a remark is made where an entry, measured by itself, has lost its digits.
    by_hand : str
        What a learner whose mistake has no name can work out on paper: a sentence.
    also, remark : Exercise, str
        The same exercise with another interface, which people bring along; what is said of that.
    """

    name: str
    function: Callable
    calls: Sequence | Callable
    helpers: tuple = ()
    forward: "Exercise | None" = None
    returns: tuple | str | None = None
    cache: tuple = ()
    words: dict = field(default_factory=dict)
    test: "TestCell | None" = None
    impulse: "Impulse | None" = None
    gates: "Gates | None" = None
    judge: Callable | None = None
    may_change: str = ""
    entrywise: bool = False
    by_hand: str = ""
    also: "Exercise | None" = None
    remark: str = ""

    def __post_init__(self):
        """Refuse an exercise without calls, or with something else in their place."""
        if callable(self.calls):
            return
        if not len(self.calls):
            raise ValueError(f"{self.name} has no calls: give at least one tuple of arguments")
        for number, call in enumerate(self.calls):
            if not isinstance(call, Call | tuple):
                raise TypeError(
                    f"calls[{number}] of {self.name} is {name_type(call)}, but a tuple of arguments is needed"
                )

    @functools.cached_property
    def arguments(self):
        """The names of the arguments; numbers where they have none, as those of NumPy's functions may."""
        try:
            return tuple(inspect.signature(self.function).parameters)
        except ValueError:
            return tuple(f"argument {number}" for number in range(1, getattr(self.function, "nin", 0) + 1))

    @functools.cached_property
    def parts(self):
        """The names of what a step's cache holds, in order."""
        return tuple(name for name, _ in self.cache)

    @functools.cached_property
    def all_helpers(self):
        """The helpers, and those of the helpers, by name."""
        found = {}
        for helper in self.helpers:
            if isinstance(helper, Exercise):
                found |= helper.all_helpers
            found[getattr(helper, "name", None) or helper.__name__] = helper
        return found

    @property
    def right_helpers(self):
        """The right functions for which a learner's helpers are exchanged, by name."""
        return {name: getattr(helper, "function", helper) for name, helper in self.all_helpers.items()}

    @functools.cached_property
    def stands_on(self):
        """The exercises that this one uses, straight or through others."""
        near = [one for one in (*self.helpers, self.forward) if isinstance(one, Exercise)]
        return frozenset(near).union(*(one.stands_on for one in near))

    @functools.cached_property
    def names(self):
        """The names of what is returned, in order; empty where there are none, as for a dict."""
        if self.returns is not None:
            return (self.returns,) if isinstance(self.returns, str) else tuple(self.returns)
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(self.function))))
        except (OSError, TypeError):  # its source is not at hand
            return ()
        returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
        items = returned[-1].elts if returned and isinstance(returned[-1], ast.Tuple) else []
        return tuple(getattr(item, "id", f"result[{i}]") for i, item in enumerate(items))

    def describe(self, variable):
        """Return what a variable is in a word, and how a sentence about it begins."""
        return self.words.get(variable, (variable, f"`{variable}`"))


@dataclass(frozen=True)
class TestCell:
    """What the test cell below an exercise draws, in order, and what it prints."""

    __test__ = False  # this is none of pytest's

    draws: dict  # the shape of each array by its name
    prints: str  # the things as a learner would write them: "dxt[1][2] dxt.shape len(cache)"
    given: dict = field(default_factory=dict)  # parameters that the forward function needs beside


@dataclass(frozen=True)
class Impulse:
    """How a function over a sequence is asked which time step reaches which."""

    draw: Callable  # of so many steps: arguments, the first of which is the sequence that is varied
    source: str  # what is put in, as a sentence has it: "`da`"
    onto: str  # what it reaches: "`dx`"
    output: str  # the name of the returned array in which it comes out
    carried: str  # what hands it from step to step
    linear: bool = False  # whether the function is linear in the sequence, as a backward pass is


@dataclass(frozen=True)
class Gates:
    """How the gates of a step back are asked, one path at a time.

    With one example (m = 1) the bias gradients *are* the gradients at the gates' pre-activations.
    """

    draw: Callable  # all that a cache holds, and the gradients that arrive, by name, nothing related
    gradients: dict  # the returned array that is each gradient, by the gradient's name
    paths: tuple  # the gradients that arrive; all but one are set to zero
    shared: str  # the gradient that feeds several others on the first path
    fed: tuple  # those others
