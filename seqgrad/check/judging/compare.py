"""Yours beside expected: which of the returned arrays differ, and where.

Properties are compared in order: present, an array, shape, dtype, finite, values.  The
first that fails is told, since the others follow from it.
"""

import sys
from dataclasses import dataclass

import numpy as np

from seqgrad.check.equality import FLOAT32, mark_off
from seqgrad.check.exercises.reference import CACHES, PARTS, RETURNS
from seqgrad.check.running.data import Foreign
from seqgrad.check.verdict import Output
from seqgrad.shapes import a


@dataclass(frozen=True)
class Difference:
    """Where one array is not as expected.

    Attributes
    ----------
    name : str
        As a learner would write it, with ``t`` for the step: "caches[0][t][3]".
    top : str
        The returned thing it is part of: "caches".
    meaning : str
        What the part of a cache is: "c_prev"; otherwise empty.
    problem : str
        "missing", "shape", "dtype", "not finite" or "value".
    sentence : str
        What was measured.
    steps : tuple
        The time steps at which it differs.
    """

    name: str
    top: str
    meaning: str
    problem: str
    sentence: str
    steps: tuple = ()


def differences(exercise, expected, got, finite=False):
    """Return the differences of a returned value from the expected one, in the order of what is returned.

    Parameters
    ----------
    exercise : str
    expected, got : plain data
    finite : bool
        Only ask for finite numbers of the right shape.
    """
    found = []
    for path, problem, sentence, steps in walk(expected, got, (), finite):
        name, top, meaning = named(exercise, path)
        step = path[2] if top == "caches" and len(path) > 2 and path[1] == 0 else None
        steps = steps if step is None else (step,)
        sentence = sentence.replace("{name}", name if step is None else name.replace("[t]", f"[{step}]"))
        if meaning:
            sentence = sentence.replace("` ", f"` ({meaning}) ", 1)
        same = [i for i, other in enumerate(found) if other.name == name and step is not None]
        if same:
            earlier = found[same[0]]
            found[same[0]] = Difference(
                name, top, meaning, earlier.problem, earlier.sentence, earlier.steps + steps
            )
        else:
            found.append(Difference(name, top, meaning, problem, sentence, steps))
    return found


def outputs(exercise, expected, found):
    """Return an Output for each thing that the exercise returns."""
    tops = dict.fromkeys(named(exercise, path)[1] for path in top_paths(expected))
    wrong = {difference.top: difference for difference in reversed(found)}
    listed = []
    for top in tops:
        if top not in wrong:
            listed.append(Output(top, True))
        else:
            worst = wrong[top]
            listed.append(Output(worst.name, False, worst.problem, worst.sentence, worst.steps))
    extra = [difference for difference in found if difference.top not in tops]
    listed += [Output(one.name, False, one.problem, one.sentence, one.steps) for one in extra]
    return tuple(listed)


def top_paths(value):
    """Yield the path of each thing in a returned value that has a name of its own."""
    if isinstance(value, dict):
        yield from ((key,) for key in value)
    elif isinstance(value, tuple):
        yield from ((i,) for i in range(len(value)))
    else:
        yield ()


def walk(expected, got, path, finite):
    """Yield (path, problem, sentence, steps) for every leaf of the expected value that differs."""
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list):
            whole = "{name}" if path else "What is returned"
            yield (
                path,
                "shape",
                f"{quoted(whole)} is {described(got)}, but {len(expected)} things are expected.",
                (),
            )
        elif len(got) != len(expected):
            whole = quoted("{name}") if path else "What is returned"
            yield path, "shape", f"{whole} has {len(got)} entries, but {len(expected)} are expected.", ()
        else:
            for i, (one, other) in enumerate(zip(expected, got, strict=True)):
                yield from walk(one, other, (*path, i), finite)
    elif isinstance(expected, dict):
        if not isinstance(got, dict):
            whole = quoted("{name}") if path else "What is returned"
            yield path, "shape", f"{whole} is {described(got)}, but a dict is expected.", ()
        else:
            for key in expected:
                if key in got:
                    yield from walk(expected[key], got[key], (*path, key), finite)
                else:
                    has = ", ".join([*got][:20]) or "nothing"
                    yield (*path, key), "missing", f"`{{name}}` is missing; the dict has {has}.", ()
    else:
        yield from leaf(np.asarray(expected), got, path, finite)


def leaf(expected, got, path, finite):
    """Yield the first property in which one array differs."""
    if isinstance(got, float | int) and not isinstance(got, bool) and expected.ndim == 0:
        got = np.asarray(np.inf if abs(got) > sys.float_info.max else float(got))
    if not isinstance(got, np.ndarray):
        yield (
            path,
            "shape",
            f"`{{name}}` is {described(got)}, but an array of shape {expected.shape} is expected.",
            (),
        )
    elif got.shape != expected.shape:
        yield path, "shape", f"`{{name}}` has shape {got.shape}, but {expected.shape} is expected.", ()
    elif got.dtype.kind != "f" and expected.dtype.kind == "f":
        yield path, "dtype", f"`{{name}}` holds {got.dtype}, but floats are expected.", ()
    elif not np.isfinite(got).all():
        bad = ~np.isfinite(got)
        kinds = (
            "nan"
            if np.isnan(got).all(where=bad)
            else "inf"
            if np.isinf(got).all(where=bad)
            else "nan and inf"
        )
        yield (
            path,
            "not finite",
            f"`{{name}}` is {kinds} in {counted(bad)}, first at {first(bad)}.",
            over_time(bad),
        )
    elif not finite:
        off = mark_off(expected, got, FLOAT32)
        if off.any():
            if got.ndim == 0:
                yield path, "value", f"`{{name}}` is {number(got)}, but {number(expected)} is expected.", ()
                return
            worst = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
            yours, right = number(got[worst]), number(expected[worst])
            where = f"{counted(off)}, most at {list(map(int, worst))}"
            if not np.abs(got).any():
                where = f"{counted(off)}: all are zero; at {list(map(int, worst))}"
            sentence = f"`{{name}}` differs in {where}: yours {yours}, expected {right}."
            yield path, "value", sentence, over_time(off)


def over_time(off):
    """Return at which steps an array with a time axis is off; empty for one without."""
    return tuple(int(t) for t in np.flatnonzero(off.any(axis=(0, 1)))) if off.ndim == 3 else ()


def counted(off):
    """Return how many entries are off."""
    return f"{off.sum()} of {off.size} entries"


def first(off):
    """Return the index of the first entry that is off."""
    return [int(i) for i in np.argwhere(off)[0]]


def number(value):
    """Return a number with four digits."""
    return f"{float(value):.4g}"


def quoted(name):
    """Return a name as code."""
    return f"`{name}`"


def described(value):
    """Return what a value is, for a sentence."""
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return value.kind
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple | list | dict):
        return f"a {type(value).__name__} of {len(value)}"
    return a(value)


def named(exercise, path):
    """Return an array's name as a learner writes it, the returned thing it is part of, and what it means."""
    layout = RETURNS.get(exercise)
    if isinstance(layout, str) or not path:
        top = layout if isinstance(layout, str) else "the result"
        return top + indexed(path), top, ""
    if layout is None:
        return path[0] + indexed(path[1:]), path[0], ""
    top = layout[path[0]]
    parts = ()
    if isinstance(top, tuple):
        top, parts = top
    rest = path[1:]
    if top == "caches" and len(rest) > 1 and rest[0] == 0:
        parts, position = PARTS[exercise], rest[2:]
        meaning = parts[position[0]] if position else ""
        return f"caches[0][t]{indexed(position)}", top, meaning
    meaning = parts[rest[0]] if parts and rest else ""
    return top + indexed(rest), top, meaning


def indexed(path):
    """Return a path as subscripts."""
    return "".join(f"[{step!r}]".replace("'", '"') for step in path)


def part_of_cache(exercise, name, path):
    """Return an argument's part as a learner would write it, and in brackets what it is in a cache."""
    if name == "cache" and path:
        parts = CACHES.get(exercise, ())
        return name + indexed(path), f" ({parts[path[0]]})" if parts else ""
    if name == "caches" and len(path) > 2 and path[0] == 0:
        parts = CACHES.get(exercise.replace("_backward", "_cell_backward"), ())
        return name + indexed(path), f" ({parts[path[2]]} of step {path[1]})" if parts else ""
    return name + indexed(path), ""
