"""What a release holds in place of right functions: their answers to the calls that it makes, and the locks.

functions to withhold, calls  ->  {key: answer};    the course's slips  ->  sentences under lock
"""

import contextlib
import functools
import itertools
import sys
import warnings
from dataclasses import dataclass, field

import numpy as np

from seqgrad.check.equality import ROUNDING
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import answer, draw_calls, prepare
from seqgrad.check.judging.parts import name_parts
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.products import say
from seqgrad.check.naming.recipe import follow, make_recipe
from seqgrad.check.naming.search import find_position, order_steps
from seqgrad.check.naming.slips import make_all_slips
from seqgrad.check.probing.impulses import make_impulses
from seqgrad.check.released.causes import make_keys
from seqgrad.check.released.fingerprint import fingerprint
from seqgrad.check.released.locks import lock
from seqgrad.check.released.stand_in import make_key, order_arguments
from seqgrad.check.running import wire
from seqgrad.check.running.data import Call, Result, freeze, to_plain

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
    """Hold seqgrad with these functions wrapped, so that their answers are kept; yields a `Tape`."""
    tape = Tape()
    known = {exercise.name: exercise.function for exercise in list_exercises()}
    wrapped = {id(known[name]): record_function(known[name], tape) for name in names}
    homes = [vars(module) for name, module in sys.modules.items() if name.partition(".")[0] == "seqgrad"]
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


def record_checks(exercises, names, salt=None):
    """Return the answers that the checks of exercises need, on inputs with this salt."""
    with record_calls(names) as tape:
        for exercise in map(find_exercise, exercises):
            trial = prepare(exercise, salt)
            if exercise.also:
                prepare(exercise.also, salt)
            if salt is None and exercise.impulse:
                answer(exercise, make_impulses(exercise))
            if salt is None and exercise.forward:
                caches = exercise.forward.function(*draw_calls(exercise.forward)[0].arguments)[-1]
                answer(exercise, [Call((*trial.calls[0].arguments[:-1], caches))])
    return tape.answers


def make_locks(exercises):
    """Return the locks of exercises, and those of their gate audits, as `released.causes` reads them."""
    records = [find_exercise(name) for name in exercises]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        slips = {one.name: lock(list_slips(one)) for one in records if one.judge is None}
        return {"slips": slips, "gates": {one.name: lock(list_products(one)) for one in records if one.gates}}


def list_slips(exercise):
    """Return (keys, entry) for each thing that a slip in an exercise can give, told as the likeliest slip."""
    trial = prepare(exercise)
    likeliest = {}
    for tier, recipe, place, changed, finding in try_every_slip(exercise, trial.calls[0]):
        results = [follow_changed(recipe, call, changed) for call in trial.calls]
        found = {} if results[0].error else make_keys(trial.with_results(results), ROUNDING)
        if not found:
            continue
        rank = (tier, turn(exercise, recipe, place, tuple(found)))
        alike = tuple(sorted(found.values()))
        if alike not in likeliest or rank < likeliest[alike][0]:
            told = (finding.subject, finding.kind, finding.sentence, finding.exact)
            entry = {"finding": told, "changes": [str(name) for name in found]}
            likeliest[alike] = rank, entry | {"tier": tier, "place": find_position(place)}
    ordered = sorted(likeliest.items(), key=lambda item: item[1][0])
    return [(list(found), entry | {"rank": i}) for i, (found, (_, entry)) in enumerate(ordered)]


def try_every_slip(exercise, call):
    """Yield (tier, recipe, place, changed steps, finding) for all that a diagnosis in the course tries."""
    known = know(exercise)
    for number, mistake in enumerate(known.mistakes):
        yield 0, make_recipe(exercise, mistake.text), (0, number), {}, mistake.finding
    for tier, recipe in enumerate(known.recipes, 1):
        for place, code, finding in make_all_slips(recipe, freeze(call.arguments)):
            yield tier, recipe, place, {place: code}, finding


def follow_changed(recipe, call, changed):
    """Return what a changed recipe gives on a copy of a call's arguments, as a result."""
    try:
        return Result(to_plain(follow(recipe, freeze(call.arguments), changed)))
    except Exception as error:
        return Result(error=error)


def turn(exercise, recipe, place, wrong):
    """Return when a diagnosis in the course would try a step, if these outputs are wrong."""
    steps = sort_steps(exercise, recipe, wrong)
    step = place[0] if isinstance(place, tuple) else place
    return steps.index(step) if step in steps else len(steps)


@functools.cache
def sort_steps(exercise, recipe, wrong):
    """Return the steps of a recipe in the order in which a diagnosis tries them."""
    right = [name for name in name_parts(prepare(exercise).expected[0].value) if name not in wrong]
    return order_steps(recipe, wrong, right)


def list_products(exercise):
    """Return (keys, entry) for what the gate audit can read: up to two factors missing, one too many."""
    products, drawn = know(exercise).products, exercise.gates.draw()
    values, found = products.list_factors(drawn), []
    for (name, path), right in products.right.items():
        arriving, told = drawn[path][:, 0], {}
        for gradient in vary_product(right or (), values, arriving):
            key = fingerprint([name, path, gradient])
            told.setdefault(key, say(right, path, gradient, values, arriving))
        found += [([key], said) for key, said in told.items()]
    return found


def vary_product(right, values, arriving):
    """Yield the right product, its opposite, nothing, and products with factors left out and put in."""
    product = functools.partial(np.prod, axis=0)
    for count in (0, 1, 2):
        for kept in itertools.combinations(right, len(right) - count) if count <= len(right) else ():
            inner = [arriving, *(values[factor] for factor in kept)]
            yield product(inner)
            yield from (product([*inner, value]) for value in values.values())
    yield -product([arriving, *(values[factor] for factor in right)])
    yield np.zeros_like(arriving)
