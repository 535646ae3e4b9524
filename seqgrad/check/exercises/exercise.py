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


@dataclass(frozen=True, eq=False)
class Exercise:
    """What a learner is to write, and how it is looked at.

    Attributes
    ----------
    name : str
        Of the function that a learner writes.
    function : callable
        The right one, the reference.
    calls : sequence or callable
        What it is tried on, the typical case first, then the corners: `Call` records or
        plain tuples of arguments.  Or a function that draws them, from a function that
        turns a seed into the one to be used.
    helpers : tuple
        What it calls and a learner may have written too: exercises, or plain functions.
    forward : Exercise, optional
        The last thing that it returns is the last argument of this one.
    returns : tuple of str or str, optional
        The names of what is returned, in order, or of the one thing.  A dict has its
        keys, and other names are read off the reference's return statement.
    cache : tuple
        The parts of a step's cache, pairs of which the first is the name, as the
        mathematics states them for `takes`.
    words : dict
        For a variable of the reference: what is wrong if it is, in a word, and how a
        sentence about it begins.
    test : TestCell, optional
    impulse : Impulse, optional
    gates : Gates, optional
    judge : callable, optional
        Where several results are right: says of (call, expected, got) in a sentence
        what is wrong, or nothing.
    rebinds : bool
        Whether it may put new arrays into the dicts that it was given.
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
    rebinds: bool = False

    @functools.cached_property
    def arguments(self):
        """The names of the arguments."""
        return tuple(inspect.signature(self.function).parameters)

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
                found |= helper.all_helpers | {helper.name: helper}
            else:
                found[helper.__name__] = helper
        return found

    @property
    def right_helpers(self):
        """The right functions for which a learner's helpers are exchanged, by name."""
        return {
            name: helper.function if isinstance(helper, Exercise) else helper
            for name, helper in self.all_helpers.items()
        }

    @functools.cached_property
    def stands_on(self):
        """The exercises that this one uses, straight or through others."""
        near = [one for one in (*self.all_helpers.values(), self.forward) if isinstance(one, Exercise)]
        return frozenset(near).union(*(one.stands_on for one in near))

    @functools.cached_property
    def names(self):
        """The names of what is returned, in order; empty where there are none, as for a dict."""
        if self.returns is not None:
            return (self.returns,) if isinstance(self.returns, str) else tuple(self.returns)
        try:
            text = textwrap.dedent(inspect.getsource(inspect.unwrap(self.function)))
        except (OSError, TypeError):  # its source is not at hand
            return ()
        returned = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Return)]
        items = returned[-1].elts if returned and isinstance(returned[-1], ast.Tuple) else ()
        return tuple(item.id for item in items if isinstance(item, ast.Name)) if items else ()

    def describe(self, variable):
        """Return what a variable is in a word, and how a sentence about it begins."""
        return self.words.get(variable, (variable, f"`{variable}`"))


@dataclass(frozen=True)
class TestCell:
    """What the test cell below an exercise draws, in order, from ``numpy.random.seed(1)``, and prints.

    Attributes
    ----------
    draws : dict
        The shape of each array by its name.
    prints : tuple of str
        Each thing as a learner would write it: ``dxt[1][2]``, ``dxt.shape``, ``len(cache)``.
    given : dict
        Parameters that the forward function needs and the cell does not draw.
    """

    __test__ = False  # this is none of pytest's

    draws: dict
    prints: tuple
    given: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Impulse:
    """How a function over a sequence is asked which time step reaches which.

    Attributes
    ----------
    draw : callable
        Returns arguments for so many steps; the first of them is the sequence that is varied.
    source, onto : str
        What is put in, and what of it comes out, as a sentence has them: "`da`" reaches "`dx`".
    output : str
        The name of the returned array in which it comes out.
    carried : str
        What hands it from step to step.
    linear : bool
        Whether the function is linear in the sequence, as a backward pass is.
    """

    draw: Callable
    source: str
    onto: str
    output: str
    carried: str
    linear: bool = False


@dataclass(frozen=True)
class Gates:
    """How the gates of a step back are asked one path at a time.

    With one example (m = 1) the bias gradients *are* the gradients at the gates' pre-activations.

    Attributes
    ----------
    draw : callable
        Returns everything that a cache holds, and the gradients that arrive, by name: as
        no forward pass would make them, so that nothing follows from anything else.
    gradients : dict
        The returned array that is each gradient, by the gradient's name.
    paths : tuple of str
        The gradients that arrive; all but one are set to zero.
    shared : str
        The gradient that feeds several others on the first path.
    fed : tuple of str
        Those others.
    """

    draw: Callable
    gradients: dict
    paths: tuple
    shared: str
    fed: tuple
