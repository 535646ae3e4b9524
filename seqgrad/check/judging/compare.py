"""Yours beside expected: which of the returned arrays differ, and where.

Properties are compared in order: present, an array, shape, dtype, finite, values.  The
first that fails is told, since the others follow from it.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from seqgrad.check.equality import FLOAT32, mark_off
from seqgrad.check.running.data import Foreign
from seqgrad.check.verdict import Output
from seqgrad.shapes import name_type


@dataclass(frozen=True)
class Difference:
    """Where one array is not as expected."""

    name: str  # as a learner would write it, with t for the step: "caches[0][t][3]"
    top: str  # the returned thing that it is part of: "caches"
    meaning: str  # what the part of a cache is: "c_prev"
    problem: str  # "missing", "shape", "dtype", "not finite" or "value"
    sentence: str  # what was measured
    steps: tuple = ()  # the time steps at which it differs


@dataclass(frozen=True)
class Place:
    """Where a returned array stands: its name, the returned thing it is part of, its meaning, its step."""

    name: str
    top: str
    meaning: str = ""
    step: int | None = None


def find_differences(exercise, expected, got, finite=False):
    """Return the differences of a returned value from the expected one, in the order of what is returned.

    With `finite`, only finite numbers of the right shape are asked for.
    """
    if whole := compare_form(exercise, expected, got):
        return [whole]
    found = {}
    for path, problem, sentence, steps in walk(expected, got, (), finite):
        place = locate(exercise, path)
        name, key = place.name, path
        if place.step is not None:  # the same part of the caches of several steps is told once
            name, steps, key = name.replace("[t]", f"[{place.step}]"), (place.step,), place.name
        if key in found:
            found[key] = replace(found[key], steps=found[key].steps + steps)
            continue
        sentence = sentence.replace("{name}", name).replace("`the result`", "The result")
        if place.meaning:
            sentence = sentence.replace("` ", f"` ({place.meaning}) ", 1)
        found[key] = Difference(place.name, place.top, place.meaning, problem, sentence, steps)
    return list(found.values())


def compare_form(exercise, expected, got):
    """Return the difference of the whole from a dict or so many values; None if it has that form."""
    if not isinstance(expected, dict | tuple | list) or isinstance(exercise.returns, str):
        return None
    many = isinstance(got, tuple | list) and not isinstance(expected, dict)
    if isinstance(got, dict) if isinstance(expected, dict) else many and len(got) == len(expected):
        return None
    names = f": {', '.join(exercise.names)}" if len(exercise.names) == len(expected) else ""
    needed = (
        "a dict is expected" if isinstance(expected, dict) else f"{len(expected)} values are expected{names}"
    )
    given = f"{len(got)} value{'s' * (len(got) != 1)}" if many else describe_value(got)
    sentence = f"`{exercise.name}` returned {given}, but {needed}."
    return Difference("the result", "the result", "", "shape", sentence)


def list_outputs(exercise, expected, differences):
    """Return an Output for each thing that the exercise returns, always under the same name.

    If the whole is not of the right form, all of them are wrong.
    """
    paths = [()]
    if isinstance(expected, dict | tuple):
        paths = [(key,) for key in (expected if isinstance(expected, dict) else range(len(expected)))]
    tops = dict.fromkeys(locate(exercise, path).top for path in paths)
    wrong = {difference.top: difference for difference in reversed(differences)}
    whole = next((difference for difference in differences if difference.top not in tops), None)
    return tuple(to_output(top, whole or wrong.get(top)) for top in tops)


def to_output(name, difference):
    """Return the output of a name, which is right if there is no difference."""
    if difference is None:
        return Output(name, True)
    return Output(name, False, difference.problem, difference.sentence, difference.steps)


def walk(expected, got, path, finite):
    """Yield (path, problem, sentence, steps) for every leaf of the expected value that differs."""
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list):
            sentence = f"`{{name}}` is {describe_value(got)}, but {len(expected)} things are expected."
            yield path, "shape", sentence, ()
        elif len(got) != len(expected):
            sentence = f"`{{name}}` has {len(got)} entries, but {len(expected)} are expected."
            yield path, "shape", sentence, ()
        else:
            for i, (right, mine) in enumerate(zip(expected, got, strict=True)):
                yield from walk(right, mine, (*path, i), finite)
    elif isinstance(expected, dict):
        if not isinstance(got, dict):
            yield path, "shape", f"`{{name}}` is {describe_value(got)}, but a dict is expected.", ()
        else:
            for key in expected:
                if key in got:
                    yield from walk(expected[key], got[key], (*path, key), finite)
                else:
                    has = ", ".join([*got][:20]) or "nothing"
                    yield (*path, key), "missing", f"`{{name}}` is missing; the dict has {has}.", ()
    elif expected is None:
        if got is not None:
            yield path, "shape", f"`{{name}}` is {describe_value(got)}, but None is expected.", ()
    elif difference := compare_arrays(np.asarray(expected), got, finite):
        problem, sentence, steps = difference
        yield path, problem, f"`{{name}}` {sentence}", steps


def compare_arrays(expected, got, finite):
    """Return (problem, the end of a sentence, steps) for the first property in which an array differs."""
    if isinstance(got, float | int) and not isinstance(got, bool) and expected.ndim == 0:
        got = np.asarray(np.inf if abs(got) > sys.float_info.max else float(got))
    if not isinstance(got, np.ndarray):
        return "shape", f"is {describe_value(got)}, but an array of shape {expected.shape} is expected.", ()
    if got.shape != expected.shape:
        return "shape", f"has shape {got.shape}, but {expected.shape} is expected.", ()
    if got.dtype.kind != "f" and expected.dtype.kind == "f":
        return "dtype", f"holds {got.dtype}, but floats are expected.", ()
    if (got.dtype == bool) != (expected.dtype == bool):
        return "dtype", f"holds {got.dtype}, but {expected.dtype} is expected.", ()
    if not np.isfinite(got).all():
        bad = ~np.isfinite(got)
        nan, inf = np.isnan(got).all(where=bad), np.isinf(got).all(where=bad)
        kinds = "nan" if nan else "inf" if inf else "nan and inf"
        first = [int(i) for i in np.argwhere(bad)[0]]
        return (
            "not finite",
            f"is {kinds} in {bad.sum()} of {bad.size} entries, first at {first}.",
            list_steps(bad),
        )
    off = mark_off(expected, got, FLOAT32)
    if finite or not off.any():
        return None
    if got.ndim == 0:
        mine, right = write_pair(got, expected)
        return "value", f"is {mine}, but {right} is expected.", ()
    if got.dtype == bool:
        first = tuple(int(i) for i in np.argwhere(off)[0])
        where = f"differs in {off.sum()} of {off.size} entries, first at {list(first)}"
        return "value", f"{where}: yours {got[first]}, expected {expected[first]}.", list_steps(off)
    worst = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    zero = ": all are zero; at" if not np.abs(got).any() else ", most at"
    where = f"differs in {off.sum()} of {off.size} entries{zero} {list(map(int, worst))}"
    mine, right = write_pair(got[worst], expected[worst])
    return "value", f"{where}: yours {mine}, expected {right}.", list_steps(off)


def list_steps(off):
    """Return at which steps an array with a time axis is off; empty for one without."""
    return tuple(int(t) for t in np.flatnonzero(off.any(axis=(0, 1)))) if off.ndim == 3 else ()


def write_pair(mine, right):
    """Return two numbers that differ with four digits, or with as many as show that they do."""
    for digits in range(4, 17):
        pair = f"{float(mine):.{digits}g}", f"{float(right):.{digits}g}"
        if pair[0] != pair[1]:
            break
    return pair


def describe_value(value):
    """Return what a value is, for a sentence."""
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return value.kind
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple | list | dict):
        return f"a {type(value).__name__} of {len(value)}"
    return name_type(value)


def locate(exercise, path):
    """Return the place of a returned array, as a learner would write it."""
    if isinstance(exercise.returns, str) or not path:
        top = exercise.returns if isinstance(exercise.returns, str) else "the result"
        return Place(top + write_index(path), top)
    first, *rest = path
    top = first
    if isinstance(first, int):
        top = exercise.names[first] if first < len(exercise.names) else f"result[{first}]"
    meaning, step = find_part(exercise, top, rest)
    index = write_index(rest) if step is None else f"[0][t]{write_index(rest[2:])}"
    return Place(top + index, top, meaning, step)


def locate_argument(exercise, path):
    """Return the name of a part of the arguments, and in parentheses what part of a cache it is."""
    position, *path = path
    top = exercise.arguments[position] if position < len(exercise.arguments) else "caches"
    meaning, step = find_part(exercise, top, path)
    whose = "" if not meaning else f" ({meaning})" if step is None else f" ({meaning} of step {step})"
    return top + write_index(path), whose


def find_part(exercise, top, path):
    """Return what a part of a cache is, and of which step; "" and None for anything else."""
    if top == "cache" and path and exercise.parts:
        return exercise.parts[path[0]], None
    if top == "caches" and len(path) > 1 and path[0] == 0:
        return exercise.parts[path[2]] if len(path) > 2 and exercise.parts else "", path[1]
    return "", None


def write_index(path):
    """Return a path as subscripts."""
    return "".join(f"[{step!r}]".replace("'", '"') for step in path)
