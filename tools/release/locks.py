"""The locks of a release: each sentence about a mistake opens to the numbers alone that the mistake gives.

exercises  ->  all slips that a diagnosis in the course tries, and what each gives  ->  sentences under lock
"""

import contextlib
import functools
import itertools
import time
import warnings

import numpy as np

from seqgrad.check.course import RECORDS, find_course
from seqgrad.check.equality import ROUNDING
from seqgrad.check.exercises import find_exercise, list_modules
from seqgrad.check.exercises.trial import prepare
from seqgrad.check.judging.parts import name_parts
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.products import say
from seqgrad.check.naming.recipe import follow, make_recipe
from seqgrad.check.naming.search import find_position, order_steps
from seqgrad.check.naming.slips import make_all_slips
from seqgrad.check.released.causes import make_keys
from seqgrad.check.released.fingerprint import fingerprint
from seqgrad.check.released.locks import lock
from seqgrad.check.released.stand_in import MOST
from seqgrad.check.running import wire
from seqgrad.check.running.data import Result, freeze, to_plain
from tools import Refusal, writing
from tools.environment import ROOT, try_lock
from tools.imports import digest_files, list_needed

KEPT = ".locks"  # the folder for what the next release needs again


@functools.cache
def find_locks(names, root):
    """Return the locks of exercises as a release reads them: of their slips, and of their gates.

    They take a second or more for each exercise, and depend on its code alone: what was made of the same code
    is read again.  Those that another process makes just now are left to it, and come last.
    """
    codes = {name: digest_code(name, root) for name in names}
    made, waiting = {}, list(names)
    while waiting:
        found = {name: find_lock(name, codes[name], root / KEPT / f"{name}.bin") for name in waiting}
        made |= {name: locks for name, locks in found.items() if locks is not None}
        waiting = [name for name in waiting if name not in made]
        time.sleep(0.1 * bool(waiting))
    kinds = ("slips", "gates")
    return {kind: {name: made[name][kind] for name in names if kind in made[name]} for kind in kinds}


def digest_code(name, root):
    """Return a digest of the code that the locks of an exercise depend on; other families are not in it."""
    exercise = find_exercise(name)
    records = (exercise, know(exercise))
    packages = (
        "seqgrad.check.exercises",
        "seqgrad.check.naming.known",
        *[RECORDS] * (find_course() is not None),
    )
    modules = [
        module.__name__
        for package in packages
        for module in list_modules(package)
        if any(value is record for value in vars(module).values() for record in records)
    ]
    ours = digest_files(ROOT, list_needed(ROOT, __name__, *modules), np.__version__)
    return digest_files(root, list_needed(root, *modules), ours)


def find_lock(name, code, path):
    """Return the locks of an exercise, from the file that keeps them if it was written for the same code.

    Return None if another process is making them.
    """
    if (kept := read_kept(path, code)) is not None:
        return kept
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # where nothing can be kept, nothing is shared
            path.parent.mkdir(exist_ok=True)
            if not try_lock(stack.enter_context(path.with_suffix(".lock").open("a"))):
                return None
        if (kept := read_kept(path, code)) is not None:  # which the other process has made
            return kept
        made = make_locks(find_exercise(name))
        with contextlib.suppress(Refusal):  # nothing depends on it
            writing.write(path, wire.encode({"code": code, "locks": made}, MOST), durable=False)
        return made


def read_kept(path, code):
    """Return the locks that a file keeps, if it was written for the same code; else None."""
    try:
        kept = wire.decode(path.read_bytes(), MOST)
        return kept["locks"] if kept["code"] == code else None
    except (OSError, ValueError, LookupError, TypeError):  # there is none yet, or it is damaged
        return None


def make_locks(exercise):
    """Return the locks of an exercise: of its slips if results are compared, of its gates if it has any."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        slips = {"slips": lock(list_slips(exercise))} if exercise.judge is None else {}
        return slips | ({"gates": lock(list_products(exercise))} if exercise.gates else {})


def list_slips(exercise):
    """Return (keys, entry) for each thing that a slip in an exercise can give, told as the likeliest slip."""
    trial = prepare(exercise)
    likeliest = {}
    for tier, recipe, place, changed, finding in try_every_slip(exercise, trial.calls[0]):
        first = follow_changed(recipe, trial.calls[0], changed)
        if first.error:
            continue
        results = [first, *(follow_changed(recipe, call, changed) for call in trial.calls[1:])]
        found = make_keys(trial.with_results(results), ROUNDING)
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
