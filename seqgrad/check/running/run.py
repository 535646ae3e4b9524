"""The first half of a check: a learner's function is run on calls, and what comes out is plain data.

    function, calls  ->  results

A call holds arrays, numbers, text, and the dicts, tuples and lists of them; a result
holds the same.  Nothing is judged here, and what the judge needs to know of the run is
in the result: what was raised and where, which arguments were changed, and whether a
second call gave the same.
"""

import contextlib
import copy
import functools
import inspect
import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from seqgrad.check.equality import identical
from seqgrad.check.running import trace
from seqgrad.check.running.limit import SECONDS, OutOfTime, limits
from seqgrad.shapes import a

# The deepest thing that is returned, an array in the parameters of a step's cache, lies 5 levels down.
DEEPEST = 5

# How many steps of `np.shares_memory` a pair of arrays may take; a few are enough for any that a course has.
WORK = 100_000


@dataclass(frozen=True)
class Call:
    """One call of a learner's function.

    Attributes
    ----------
    arguments : tuple
        By position; a `Seed` stands for a random generator.
    label : str
        What is special about it, as the opening of a sentence: "With one time step, ".
    feed : tuple
        Empty, or the name of the learner's forward function with its arguments: the
        last thing that it returns becomes the last argument.
    own : tuple of str
        Helpers that stay the learner's own; all others are exchanged for the
        reference's while the call runs.
    stand_ins : dict
        Values that replace the learner's globals of these names while the call runs.
    finite : bool
        Only asks for finite numbers: several correct answers differ here.
    twice : bool
        Whether it is run again, to compare: with the same arguments, then with others.
    """

    arguments: tuple
    label: str = ""
    feed: tuple = ()
    own: tuple = ()
    stand_ins: dict = field(default_factory=dict)
    finite: bool = False
    twice: bool = False


@dataclass(frozen=True)
class Seed:
    """Stands for ``numpy.random.default_rng(seed)`` in a call, which is data."""

    seed: int


@dataclass(frozen=True)
class Foreign:
    """Stands in a result for a value that is no data, and says what it was: "a function"."""

    kind: str


@dataclass(frozen=True)
class Result:
    """What a call gave: a value or an error; what became of its arguments; what a second call showed.

    `changed` holds the paths at which an argument is no longer what it was, `rebound` those
    of them where a dict or list has got another array and the one it had is as it was.
    """

    value: object = None
    error: trace.Error | None = None
    changed: tuple = ()
    rebound: tuple = ()
    repeatable: bool = True
    overwritten: bool = False
    shared: tuple = ()


def run(function, calls, helpers=None, seconds=SECONDS, report=None):
    """Run a learner's function on calls, one after the other, within the limits.

    Parameters
    ----------
    function : callable
        It is looked through (decorators, partial) only to find where its helpers live.
    calls : list of Call
    helpers : dict
        The functions to exchange its helpers for, by name.
    seconds : float, optional
        For all calls together.
    report : callable, optional
        Is given each result as soon as its call has ended.

    Returns
    -------
    list of Result
        One for each call. After a call that ran out of time the rest is not run, and
        shares its error.
    """
    home, results = namespace(function), []
    touched = {*(helpers or {}), *(name for call in calls for name in call.stand_ins)}
    before = {name: home[name] for name in touched if name in home}
    quiet = contextlib.ExitStack()
    with quiet:
        quiet.enter_context(contextlib.redirect_stdout(io.StringIO()))
        quiet.enter_context(warnings.catch_warnings())
        quiet.enter_context(np.errstate(all="ignore"))
        warnings.simplefilter("ignore")
        try:
            with limits(seconds):
                for call in calls:
                    results.append(run_one(function, call, home, helpers or {}))
                    if report:
                        report(results[-1])
        except OutOfTime as error:
            restore(home, touched, before)
            results += [Result(error=trace.record(error, home))] * (len(calls) - len(results))
    return results


def run_one(function, call, home, helpers):
    """Run one call; the learner's globals are back as they were when it ends, however it ends."""
    exchanged = {name: helper for name, helper in helpers.items() if name not in call.own} | call.stand_ins
    exchanged.pop(function_name(function), None)
    before = {name: home[name] for name in exchanged if name in home}
    home.update(exchanged)
    try:
        given = thaw(call.arguments)
        if call.feed:
            forward, arguments = call.feed
            given += (home[forward](*thaw(arguments))[-1],)
            pristine = copy.deepcopy(given)
        else:
            pristine = call.arguments
        held = dict(arrays(given))
        returned = materialise(function(*given))
        value = plain(returned)
        changed, was = tuple(changes(pristine, given)), dict(arrays(pristine))
        rebound = tuple(path for path in changed if path in held and identical(held[path], was[path]))
        result = Result(value, None, changed, rebound, shared=tuple(sharing(returned)))
        if call.twice:
            second = plain(materialise(function(*thaw(call.arguments))))
            with contextlib.suppress(Exception):  # whatever it makes of these, the first result has to stay
                materialise(function(*thaw(call.arguments, 1.5)))
            stayed = identical(value, plain(returned))
            result = replace(result, repeatable=identical(value, second), overwritten=not stayed)
        return result
    except (Exception, SystemExit) as error:
        return Result(error=trace.record(error, home))
    finally:
        restore(home, exchanged, before)


def restore(home, names, before):
    """Give names in a namespace the values that they had before, or none if they had none."""
    for name in names:
        if name not in before:
            home.pop(name, None)
    home.update(before)


def unwrapped(function):
    """Return the function that a learner wrote, below decorators, partial, a method or a callable object."""
    while True:
        if isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif inspect.ismethod(function):
            function = function.__func__
        elif not inspect.isfunction(function) and inspect.isfunction(vars(type(function)).get("__call__")):
            function = type(function).__call__
        else:
            return function


def namespace(function):
    """Return the globals in which a learner's function finds its helpers."""
    return getattr(unwrapped(function), "__globals__", {})


def function_name(function):
    """Return the name of a function, or of what stands for one."""
    return getattr(unwrapped(function), "__name__", type(function).__name__)


def thaw(value, factor=1):
    """Return a copy of an argument, for a function to do with as it likes; its arrays times a factor."""
    if isinstance(value, tuple | list):
        return type(value)(thaw(item, factor) for item in value)
    if isinstance(value, dict):
        return {key: thaw(item, factor) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.copy() if factor == 1 else value * factor
    return np.random.default_rng(value.seed) if isinstance(value, Seed) else value


def materialise(value, depth=0):
    """Return a result with every iterator in it run to its end."""
    if depth > DEEPEST:
        return value
    if isinstance(value, Iterator):
        return [materialise(item, depth + 1) for item in value]
    if type(value) in (tuple, list):
        return type(value)(materialise(item, depth + 1) for item in value)
    if isinstance(value, Mapping):
        return {key: materialise(item, depth + 1) for key, item in value.items()}
    return value


def plain(value, depth=0):
    """Return a copy of a result as plain data."""
    if isinstance(value, tuple | list | dict) and depth > DEEPEST:
        return Foreign(f"a {type(value).__name__} nested in itself")
    if isinstance(value, tuple | list):
        items = [plain(item, depth + 1) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return np.array(value, subok=False)
    if isinstance(value, np.generic):
        return np.array(value)
    if value is None or isinstance(value, bool | int | float | complex | str):
        return value
    if isinstance(value, np.ndarray):
        return Foreign(f"an array of {value.dtype}")
    return Foreign(a(value))


def arrays(value, path=()):
    """Yield (path, array) for every array in an argument."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, dict | tuple | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from arrays(part, (*path, key))


def changes(before, after, path=()):
    """Yield the paths at which an argument is no longer what it was."""
    if isinstance(before, Seed):
        return
    if isinstance(before, np.ndarray):
        if not (isinstance(after, np.ndarray) and identical(before, after)):
            yield path
    elif isinstance(before, dict):
        for key in before:
            if not isinstance(after, dict) or key not in after:
                yield (*path, key)
            else:
                yield from changes(before[key], after[key], (*path, key))
    elif isinstance(before, tuple | list):
        if len(before) != len(after):
            yield path
        for i, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from changes(one, other, (*path, i))


def sharing(returned):
    """Yield the paths, in pairs, of arrays in dicts that are returned and share memory."""
    dicts = (
        [(i, part) for i, part in enumerate(returned) if isinstance(part, dict)]
        if type(returned) is tuple
        else []
    )
    seen = []
    for i, part in dicts:
        for key, array in part.items():
            if isinstance(array, np.ndarray):
                yield from (((i, key), path) for path, other in seen if share_memory(array, other))
                seen.append(((i, key), array))


def share_memory(one, other):
    """Tell whether two arrays have an entry in common; not if that takes too long to find out."""
    try:
        return np.shares_memory(one, other, max_work=WORK)
    except np.exceptions.TooHardError:
        return False  # interleaved as nobody's arrays are by mistake
