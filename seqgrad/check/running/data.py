"""What goes into a run and comes out of it: calls and results, which hold plain data and nothing else.

Plain data are arrays of numbers, numbers, text, None, and the dicts, tuples and lists of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from seqgrad.check.equality import are_identical
from seqgrad.shapes import name_type

WIDE = np.dtype(int).itemsize == 8  # as on every machine but WebAssembly's

# An array in the parameters of a step's cache lies 5 levels down; where each step nests the caches, 11.
DEEPEST = 11

# How many steps of `np.shares_memory` a pair of arrays may take; a few are enough for any that a course has.
WORK = 100_000


@dataclass(frozen=True)
class Call:
    """One call of a learner's function."""

    arguments: tuple  # by position; a `Seed` stands for a random generator
    label: str = ""  # what is special about it, as a sentence begins: "With one time step, "
    # The name of the learner's forward function with its arguments: the last thing that it
    # returns becomes the last argument.
    feed: tuple = ()
    own: tuple = ()  # helpers that stay the learner's own; others are exchanged for the reference's
    stand_ins: dict = field(default_factory=dict)  # what replaces the learner's globals of these names
    finite: bool = False  # only finite numbers are asked for: several correct answers differ here
    twice: bool = False  # it is run again, to compare: with the same arguments, then with others
    reveals: tuple = ()  # what is wrong if only calls like this one fail: the subject, and the sentence


@dataclass(frozen=True)
class Seed:
    """Stands for ``numpy.random.default_rng(seed)`` in a call, which is data."""

    seed: int


@dataclass(frozen=True)
class Foreign:
    """Stands in a result for a value that is not plain data, and says what it was: "a function"."""

    kind: str


@dataclass(frozen=True)
class Error:
    """An exception in a learner's code."""

    kind: str  # the exception's type
    message: str
    function: str = ""  # the learner's function in which it happened
    line: int = 0  # in its file or cell; 0 if it is not known
    code: str = ""  # the text of that line
    part: str = ""  # the expression in it that failed
    operands: tuple = ()  # pairs (expression, what it is): ("Wax", "shape (5, 3)")


@dataclass(frozen=True)
class Result:
    """What a call gave."""

    value: object = None
    error: Error | None = None
    changed: tuple = ()  # the paths at which an argument is no longer what it was
    rebound: tuple = ()  # those where a dict or list holds another array, and the old one is as it was
    repeatable: bool = True  # a second call with the same arguments gave the same
    overwritten: bool = False  # later calls changed what the first one had returned
    shared: tuple = ()  # pairs of paths of arrays in returned dicts that have an entry in common
    warned: tuple = ()  # what NumPy would warn of: "overflow", "divide by zero", "invalid value"
    extra: int = 0  # how many values were returned behind those that are expected
    beside: dict = field(default_factory=dict)  # what was returned beside the expected things, by name
    printed: str = ""  # what it printed, its first characters


def thaw(value, factor=1):
    """Return a copy of an argument, for a function to do with as it likes; its arrays times a factor."""
    if isinstance(value, tuple | list):
        return type(value)(thaw(item, factor) for item in value)
    if isinstance(value, dict):
        return {key: thaw(item, factor) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.copy() if factor == 1 else value * factor
    return np.random.default_rng(value.seed) if isinstance(value, Seed) else value


def freeze(value):
    """Return an argument whose arrays cannot be written to, so that one run cannot spoil the next one's."""
    if isinstance(value, np.ndarray):
        view = value.view()
        view.flags.writeable = False
        return view
    if isinstance(value, dict):
        return {key: freeze(item) for key, item in value.items()}
    return type(value)(freeze(item) for item in value) if isinstance(value, tuple | list) else value


def exhaust(value, above=()):
    """Return a result with every iterator in it run to its end; `above` holds what it is nested in."""
    if isinstance(value, np.ndarray) or is_too_deep(value, above):
        return value
    inside = (*above, value)
    if isinstance(value, Iterator):
        return [exhaust(item, inside) for item in value]
    if type(value) in (tuple, list):
        return type(value)(exhaust(item, inside) for item in value)
    if isinstance(value, Mapping):
        return {key: exhaust(item, inside) for key, item in value.items()}
    return value


def is_too_deep(value, above):
    """Tell whether a value is nested in itself, or more deeply than anything that is returned."""
    return len(above) > DEEPEST or any(value is outer for outer in above)


def to_plain(value, above=()):
    """Return a copy of a result as plain data; `above` holds what it is nested in."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return np.array(value, subok=False)
    if isinstance(value, np.ndarray):
        return Foreign(f"an array of {value.dtype}")
    if isinstance(value, tuple | list | dict) and is_too_deep(value, above):
        return Foreign(f"a {type(value).__name__} nested in itself")
    inside = (*above, value)
    if isinstance(value, tuple | list):
        items = [to_plain(item, inside) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {str(key): to_plain(item, inside) for key, item in value.items()}
    if isinstance(value, np.generic):
        return np.array(value)
    if value is None or isinstance(value, bool | int | float | complex | str):
        return value
    return Foreign(name_type(value))


def widen(value):
    """Return a result as where an integer has 64 bits; here, as in WebAssembly, it may have 32."""
    if WIDE:
        return value
    if isinstance(value, Result):
        return replace(value, value=widen(value.value), error=widen(value.error))
    if isinstance(value, Error):
        operands = tuple((name, words.replace("int32", "int64")) for name, words in value.operands)
        return replace(value, message=value.message.replace("int32", "int64"), operands=operands)
    if isinstance(value, dict):
        return {key: widen(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(map(widen, value))
    return value.astype(np.int64) if isinstance(value, np.ndarray) and value.dtype == np.int32 else value


def list_arrays(value, path=()):
    """Yield (path, array) for every array in an argument."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, dict | tuple | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from list_arrays(part, (*path, key))


def find_changes(before, after, path=()):
    """Yield the paths at which an argument is no longer what it was."""
    if isinstance(before, Seed):
        return
    if isinstance(before, np.ndarray):
        if not (isinstance(after, np.ndarray) and are_identical(before, after)):
            yield path
    elif isinstance(before, dict):
        for key in before:
            if not isinstance(after, dict) or key not in after:
                yield (*path, key)
            else:
                yield from find_changes(before[key], after[key], (*path, key))
    elif isinstance(before, tuple | list):
        if len(before) != len(after):
            yield path
        for i, (old, new) in enumerate(zip(before, after, strict=False)):
            yield from find_changes(old, new, (*path, i))


def find_shared(returned):
    """Yield the paths, in pairs, of returned arrays with an entry in common, also of those in dicts."""
    parts = {(): returned} if isinstance(returned, dict) else {}
    for i, part in enumerate(returned) if type(returned) is tuple else ():
        parts[i,] = part if isinstance(part, dict) else {None: part}
    seen = []
    for start, part in parts.items():
        for key, array in part.items():
            if isinstance(array, np.ndarray):
                mine = start if key is None else (*start, key)
                yield from ((mine, path) for path, other in seen if share_memory(array, other))
                seen.append((mine, array))


def share_memory(one, other):
    """Tell whether two arrays have an entry in common; not if that takes too long to find out."""
    try:
        return np.shares_memory(one, other, max_work=WORK)
    except np.exceptions.TooHardError:
        return False  # interleaved as nobody's arrays are by mistake
