"""What a test cell would print if something were wrong: one known mistake, one changed step, or two of them.

exercise  ->  candidates, the likely ones first  ->  each run on the draws of the test cell  ->  outputs
"""

import functools
import itertools
from typing import NamedTuple

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.testcell import answer_test, draw_inputs, make_test_call, name_outputs
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.recipe import carry_out, follow, make_recipe, pick_variables, read_reference
from seqgrad.check.naming.slips import make_slips, make_unlikely_slips
from seqgrad.check.running.data import freeze

PAIRS = 4_000  # of mistakes that each explain one of two fields


class Candidate(NamedTuple):
    """A mistake that may have printed a text: in which function, what is told of it, how it is run.

    `parts` has for each wrong function, by its exercise, a recipe and the steps that are changed in it.
    """

    culprit: Exercise
    findings: tuple
    parts: dict
    changes: frozenset = frozenset()

    def join(self, other):
        """Return both mistakes at once; None if they are two texts of one function, or change one step."""
        parts = dict(self.parts)
        for exercise, (recipe, changed) in other.parts.items():
            if exercise in parts:
                mine, before = parts[exercise]
                if mine is not recipe or not changed or not before or changed.keys() & before.keys():
                    return None
                changed = before | changed
            parts[exercise] = recipe, changed
        first, second = sorted((self, other), key=lambda one: len(one.culprit.stands_on))
        return Candidate(first.culprit, (*first.findings, *second.findings), parts)


def list_involved(exercise):
    """Return the exercises whose mistakes show in what a test cell prints: itself first."""
    involved = [exercise] + ([exercise.forward] if exercise.forward else [])
    cells = [helper for one in involved for helper in one.helpers if getattr(helper, "test", None)]
    return list(dict.fromkeys([*involved[:1], *cells[:1], *involved[1:], *cells[1:]]))


def list_known(exercise, right=()):
    """Yield a candidate for every known mistake; none of functions that are right."""
    for culprit in list_involved(exercise):
        for mistake in know(culprit).mistakes if culprit not in right else ():
            parts = {culprit: (make_recipe(culprit, mistake.text), {})}
            yield Candidate(culprit, (mistake.finding,), parts, frozenset(mistake.changes))


def list_single(exercise, wrong=(), right=(), makers=(make_slips, make_unlikely_slips), first=None, early=()):
    """Yield a candidate for every single change of a function's steps, the likely ones first.

    `wrong` are the names of what is printed wrong: a step that does not reach all of it is no cause of it.
    The changes of a cell come `first` of which the outputs `early` are wrong in its first step already.
    """

    def reaches(recipe, index):
        own = recipe.exercise is not first or set(early) <= set(map(str, recipe.reach[index]))
        return own and set(wrong) <= find_reach(recipe, index, exercise)

    return change_steps(exercise, right, makers, reaches, first)


def list_partial(exercise, wrong, fine, right=()):
    """Yield a candidate for every likely change that reaches some of what is wrong and nothing right."""

    def is_part(recipe, index):
        reached = find_reach(recipe, index, exercise)
        return bool(reached & wrong) and not reached & fine and not wrong <= reached

    return change_steps(exercise, right, (make_slips,), is_part)


def change_steps(exercise, right, makers, choose, first=None):
    """Yield a candidate for the changes of those steps, (recipe, number), that are chosen."""
    for make in makers:
        for culprit in sorted(list_involved(exercise), key=lambda one: one is not first):
            for recipe in know(culprit).recipes if culprit not in right else ():
                values = pick_variables(recipe, carry_out(recipe, freeze(make_test_call(culprit).arguments)))
                for index in range(len(recipe.steps)):
                    if choose(recipe, index):
                        for place, code, finding in make(recipe, values, index):
                            yield Candidate(culprit, (finding,), {culprit: (recipe, {place: code})})


def find_reach(recipe, index, exercise):
    """Return the outputs of an exercise that a step, of it or of what it uses, may change.

    What a cell hands on from step to step, and what a forward function computes, may change all of them.
    """
    names, outputs = recipe.exercise.names, set(answer_test(exercise))
    reached = {
        names[one] if isinstance(one, int) and one < len(names) else one for one in recipe.reach[index]
    }
    if recipe.exercise is exercise:
        return reached & outputs
    if bool(recipe.exercise.forward) != bool(exercise.forward):
        return outputs
    over_time = {one if one in outputs else str(one)[:-1] for one in reached}  # dxt of a step is part of dx
    return over_time if over_time <= outputs else outputs


def list_known_pairs(exercise, right=()):
    """Yield two known mistakes at once."""
    for one, other in itertools.combinations(list_known(exercise, right), 2):
        if joined := one.join(other):
            yield joined


def list_pairs(candidates, explained, wrong):
    """Yield two mistakes at once, each of which explains some of what is wrong.

    `explained` has for each candidate the labels of the wrong fields that it gives.
    """
    rows = list(zip(candidates, explained, strict=True))
    by_label = {label: [one for one, got in rows if label in got] for label in wrong}
    labels = sorted((label for label in wrong if by_label[label]), key=lambda label: len(by_label[label]))
    for first, second in itertools.combinations(labels, 2):
        for one, other in itertools.islice(itertools.product(by_label[first], by_label[second]), PAIRS):
            if joined := one.join(other):
                yield joined


def run_candidate(exercise, candidate):
    """Return what the test cell of an exercise has at hand, by name; raise whatever the mistake leads to."""
    arguments, arriving = draw_frozen(exercise)
    if exercise.forward:
        arguments = (*arriving, make_caches(exercise, candidate.parts))
    function = stand_in(candidate.parts, exercise) or exercise.function
    returned = function(*arguments)
    return returned if exercise.forward else name_outputs(exercise, returned)


def make_run(exercise, recipe, changed=None):
    """Return a function that gives a test cell's outputs when one of the functions is a changed recipe."""
    parts = {recipe.exercise: (recipe, changed or {})}
    return functools.partial(run_candidate, exercise, Candidate(recipe.exercise, (), parts))


def stand_in(parts, exercise):
    """Return a function that does what an exercise does with what is wrong; None if it does nothing wrong."""
    using = {}
    for helper in exercise.helpers:
        if helper in parts:
            using[helper.name] = stand_in(parts, helper)
    if exercise not in parts and not using:
        return None
    recipe, changed = parts.get(exercise) or (read_reference(exercise), {})
    return lambda *given: follow(recipe, given, changed, using)


@functools.lru_cache(100)
def draw_frozen(exercise):
    """Return what a test cell draws, which nothing can write to."""
    return tuple(freeze(part) for part in draw_inputs(exercise))


def make_caches(exercise, parts):
    """Return the caches that the test cell of a backward function hands to it, some functions being wrong."""
    forward = exercise.forward
    used = [forward, *(one for one in forward.helpers if isinstance(one, Exercise))]
    own = tuple((one, *parts[one]) for one in used if one in parts)
    if any(changed for *_, changed in own):
        return freeze(stand_in(parts, forward)(*draw_frozen(exercise)[0])[-1])
    return recall_caches(exercise, tuple((one, recipe) for one, recipe, _ in own))


@functools.lru_cache(400)
def recall_caches(exercise, own):
    """Return the same where whole functions are wrong, which are tried again and again."""
    function = stand_in({one: (recipe, {}) for one, recipe in own}, exercise.forward)
    return freeze((function or exercise.forward.function)(*draw_frozen(exercise)[0])[-1])
