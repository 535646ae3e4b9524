"""What a release holds in place of right functions: their answers to the calls that it makes, and the locks.

functions to withhold, calls  ->  {key: answer};    the course's slips  ->  sentences under lock
"""

import contextlib
import functools
import sys
from dataclasses import dataclass, field

import numpy as np

from seqgrad.check.course import list_tops
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import answer, draw_calls, prepare
from seqgrad.check.naming.intermediates import compute_right
from seqgrad.check.probing.impulses import make_impulses
from seqgrad.check.released.stand_in import make_key, order_arguments
from seqgrad.check.running import wire
from seqgrad.check.running.data import Call

LARGEST = 1 << 20  # bytes of one answer


class Full(Exception):
    """More answers were asked for than there is room for, or longer ones."""


@dataclass
class Tape:
    """Answers by the key of their call, and for how many there is room, and for how many bytes."""

    calls: int = 1_000_000
    bytes: int = 1 << 40
    answers: dict = field(default_factory=dict)


@contextlib.contextmanager
def record_calls(names):
    """Hold the course with these functions wrapped, so that their answers are kept; yields a `Tape`."""
    tape = Tape()
    known = {exercise.name: exercise.function for exercise in list_exercises()}
    wrapped = {id(known[name]): record_function(known[name], tape) for name in names}
    tops = list_tops()
    homes = [vars(module) for name, module in sys.modules.items() if name.partition(".")[0] in tops]
    homes += map(vars, list_exercises())
    places = [(home, name, home[name]) for home in homes for name in home]
    places = [place for place in places if id(place[2]) in wrapped]
    forget()
    try:
        for home, name, original in places:
            home[name] = wrapped[id(original)]
        yield tape
    finally:
        for home, name, original in places:
            home[name] = original
        forget()


def record_function(function, tape):
    """Return a function that keeps its answers, if they are plain data of a sensible size."""

    @functools.wraps(function)
    def kept(*args, **kwargs):
        arguments = order_arguments(function, args, kwargs)
        key = make_key(function, arguments)
        value = function(*args, **kwargs)
        if key not in tape.answers:
            with contextlib.suppress(ValueError):
                kept_value, given = take_out(value, {id(one): path for path, one in list_things(arguments)})
                held = {"value": kept_value, "given": given}
                tape.bytes -= len(wire.encode(held, LARGEST))
                tape.answers[key] = held
                if len(tape.answers) > tape.calls or tape.bytes < 0:
                    raise Full
        return value

    return kept


def take_out(value, places, path=()):
    """Return a value without what the arguments hold themselves, and pairs of paths: from where to where.

    `places` is where each thing in the arguments stands, by its id.
    """
    if id(value) in places:
        return None, [(path, places[id(value)])]
    if not isinstance(value, dict | tuple | list):
        return value, []
    keys = list(value) if isinstance(value, dict) else range(len(value))
    taken = [take_out(value[key], places, (*path, key)) for key in keys]
    parts, given = [part for part, _ in taken], [pair for _, pairs in taken for pair in pairs]
    return dict(zip(keys, parts, strict=True)) if isinstance(value, dict) else type(value)(parts), given


def list_things(value, path=()):
    """Yield (path, thing) for every array and every dict in plain data."""
    if isinstance(value, np.ndarray | dict) and path:
        yield path, value
    if isinstance(value, dict | tuple | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from list_things(part, (*path, name))


def forget():
    """Drop what the checks have computed before."""
    prepare.cache_clear()
    draw_calls.cache_clear()


def prepare_check(exercise, salt=None):
    """Let the right functions be asked what a check on inputs with this salt asks; return its trial."""
    if exercise.also:
        prepare(exercise.also, salt)
    return prepare(exercise, salt)


def record_checks(exercises, names):
    """Return the answers that the checks of exercises need on the inputs that everybody has."""
    with record_calls(names) as tape:
        for exercise in map(find_exercise, exercises):
            trial = prepare_check(exercise)
            if exercise.impulse:
                answer(exercise, make_impulses(exercise))
            if exercise.forward:
                caches = exercise.forward.function(*draw_calls(exercise.forward)[0].arguments)[-1]
                answer(exercise, [Call((*trial.calls[0].arguments[:-1], caches))])
    return tape.answers


def record_intermediates(exercises):
    """Return what the right steps of exercises compute on their way, {exercise: {name: array}}."""
    found = {}
    for exercise in map(find_exercise, exercises):
        with contextlib.suppress(ValueError):  # it cannot be read as steps
            found[exercise.name] = compute_right(exercise)
    return found
