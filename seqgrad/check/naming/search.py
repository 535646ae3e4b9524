"""Look for the change of the right steps that gives the learner's numbers.

    trial  ->  the call that shows most  ->  findings, exact, or none

Only steps that feed a wrong output are changed.  A change is believed if it gives the
learner's numbers on every call, to rounding; of several that each explain some outputs
and spoil none, two or three together are believed on the same condition.
"""

import ast
import itertools
from typing import NamedTuple

import numpy as np

from seqgrad.check.equality import close
from seqgrad.check.judging.parts import find_misnamed, merge_findings, name_parts
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.recipe import MISSING, Loop, Recipe, carry_out, follow, make_recipe, pick_variables
from seqgrad.check.naming.slips import make_slips, make_unlikely_slips
from seqgrad.check.running.data import freeze
from seqgrad.check.running.limit import thread_time
from seqgrad.check.verdict import Finding

SECONDS = 1.0  # of this thread's own time, so that a busy machine changes no verdict
MORE_SECONDS = 0.2  # for several changes together
PARTIAL = 60  # changes that explain some outputs are kept, to be tried together


class Change(NamedTuple):
    """A change of a recipe, and which of the wrong outputs it explains."""

    recipe: Recipe
    place: int | tuple
    code: object
    finding: Finding
    explains: tuple = ()


class Search:
    """The changes of an exercise's recipes beside what a learner's function gave.

    `number` is that of the call that shows most: a change has to give its numbers first.  `words` are the
    names in the learner's function, if they are known.
    """

    def __init__(self, trial, number, tolerance, words=()):
        self.trial, self.exercise, self.number, self.tolerance = trial, trial.exercise, number, tolerance
        self.arguments = trial.calls[number].arguments
        self.wanted = name_parts(trial.results[number].value)
        self.expected = name_parts(trial.expected[number].value)
        self.wanted_parts, expected = split_parts(self.wanted), split_parts(self.expected)
        self.wrong = [
            key for key in expected if not close(expected[key], self.wanted_parts.get(key), tolerance)
        ]
        self.right = [key for key in expected if key not in self.wrong]
        self.until = thread_time() + SECONDS
        self.partial, self.words = [], words

    def find_known(self):
        """Return the findings of a known mistake that gives the learner's numbers, or of a wrong key."""
        if finding := find_misnamed(self.wanted, self.expected, self.tolerance):
            return (finding,)
        for mistake in know(self.exercise).mistakes:
            if self.reproduces(make_recipe(self.exercise, mistake.text), {}):
                return (mistake.finding,)
        return ()

    def find_single(self, recipe, steps=()):
        """Return the finding of the one change of a recipe that gives the learner's numbers on all calls.

        Only `steps` are changed if some are given, by their places.  A change that puts in a name that the
        learner's function does not have is reported only if there is no other.
        """
        names, unlikely = carry_out(recipe, freeze(self.arguments)), ()
        for change in self.list_changes(recipe, names, steps):
            if thread_time() > self.until:
                break
            if not self.is_promising(recipe, names, change.place, change.code):
                continue
            explains = self.list_explained(recipe, {change.place: change.code})
            if len(explains) == len(self.wrong) and self.reproduces(recipe, {change.place: change.code}):
                if not self.puts_in_unknown(change):
                    return (change.finding,)
                unlikely = unlikely or (change.finding,)
            elif explains and len(self.partial) < PARTIAL:
                self.partial.append(change._replace(explains=explains))
        return unlikely

    def list_changes(self, recipe, names, steps=()):
        """Yield the changes of steps, by default of those that feed a wrong output, the likely ones first."""
        variables, wrong = pick_variables(recipe, names), {name for name, _ in self.wrong}
        steps = steps or order_steps(recipe, wrong, {name for name, _ in self.right} - wrong)
        for make, i in itertools.product((make_slips, make_unlikely_slips), steps):
            for place, code, finding in make(recipe, variables, i):
                yield Change(recipe, place, code, finding)

    def puts_in_unknown(self, change):
        """Tell whether a change puts in a name of NumPy or of the exercise that the learner does not have."""
        if not self.words:
            return False
        exercise, before = self.exercise, find_code(change.recipe, change.place)
        new = set(change.code.co_names) - set(before.co_names) - set(self.words)
        known = {"reversed", *exercise.arguments, *exercise.names, *exercise.parts, *exercise.right_helpers}
        return any(name in known or hasattr(np, name) for name in new)

    def is_promising(self, recipe, names, place, code):
        """Tell whether the first output that a changed step leads to is the learner's; if in doubt, yes."""
        if not recipe.after:
            return True
        names = dict(names)
        try:
            exec(code, names)
            for j in [place, *recipe.after[place]]:
                if j != place:
                    exec(recipe.codes[j], names)
                if recipe.gives[j] is not MISSING:
                    mine = self.wanted.get(recipe.gives[j])
                    return close(mine, names[recipe.steps[j].targets[0].id], self.tolerance)
        except Exception:
            return False  # the changed step cannot be what the learner wrote, whose function came to its end
        return True

    def find_together(self):
        """Return the findings of several changes that give the learner's numbers together."""
        if findings := self.find_known_pair():
            return findings
        best = {}
        for change in self.partial:
            best.setdefault((frozenset(change.explains), change.recipe, change.place), change)
        few = sorted(best.values(), key=lambda change: -len(change.explains))
        recipes = dict.fromkeys(change.recipe for change in few)
        sets = [choose_disjoint([change for change in few if change.recipe is recipe]) for recipe in recipes]
        for chosen in [*sets, *itertools.combinations(few, 2), *itertools.combinations(few, 3)]:
            codes = {change.place: change.code for change in chosen}
            if len({change.recipe for change in chosen}) > 1 or not 1 < len(chosen) == len(codes):
                continue
            if thread_time() > self.until + MORE_SECONDS:
                break
            recipe = chosen[0].recipe
            explains = self.list_explained(recipe, codes)
            if len(explains) == len(self.wrong) and self.reproduces(recipe, codes):
                return merge_changes(chosen)
        return self.find_in_turn(few)

    def find_in_turn(self, starts):
        """Return the findings of changes each of which explains more on top of those before; or none."""
        for start in starts:
            changes = self.extend(start)
            if changes and self.reproduces(start.recipe, {one.place: one.code for one in changes}):
                return merge_changes(changes)
        return ()

    def extend(self, start):
        """Return a change and those that explain more on top of it; none if together they leave something."""
        changes, names = [start], carry_out(start.recipe, freeze(self.arguments))
        for change in self.list_changes(start.recipe, names):
            if thread_time() > self.until + 2 * MORE_SECONDS:
                break
            codes = {one.place: one.code for one in changes}
            if change.place in codes:
                continue
            explains = self.list_explained(start.recipe, codes | {change.place: change.code})
            if set(explains) > set(changes[-1].explains):
                changes.append(change._replace(explains=explains))
            if len(explains) == len(self.wrong):
                return changes
        return []

    def find_known_pair(self):
        """Return the findings of two known mistakes that give the learner's numbers together."""
        for one, other in itertools.combinations(know(self.exercise).mistakes, 2):
            if thread_time() > self.until + MORE_SECONDS:
                break
            text = one.join(other)
            if text and self.reproduces(make_recipe(self.exercise, text), {}):
                return one.finding, other.finding
        return ()

    def list_explained(self, recipe, changed):
        """Return the wrong outputs that a changed recipe gives as the learner did; none if it spoils one."""
        try:
            got = split_parts(name_parts(follow(recipe, freeze(self.arguments), changed)))
        except Exception:
            return []  # the learner's function came to its end
        explains = [key for key in self.wrong if self.agrees(key, got)]
        return explains if explains and all(self.agrees(key, got) for key in self.right) else []

    def agrees(self, key, got):
        """Tell whether a changed recipe gives a part of what is returned as the learner did."""
        return close(self.wanted_parts.get(key), got.get(key), self.tolerance)

    def reproduces(self, recipe, changed):
        """Tell whether a changed recipe gives what the learner's function gave on every call."""
        rows = list(zip(self.trial.calls, self.trial.results, strict=True))
        for call, result in [rows[self.number], *rows[: self.number], *rows[self.number + 1 :]]:
            if call.finite:
                continue
            try:
                got = follow(recipe, freeze(call.arguments), changed)
            except Exception:
                if result.error:  # both end in an exception
                    continue
                return False
            if result.error or not close(result.value, got, self.tolerance):
                return False
        return True


def split_parts(parts):
    """Return the returned things by (name, position), a tuple among them in its entries, a cache, say."""
    entries = {name: part if isinstance(part, tuple) else (part,) for name, part in parts.items()}
    return {(name, i): entry for name, part in entries.items() for i, entry in enumerate(part)}


def merge_changes(changes):
    """Return the findings of changes, in the order of the text, those made one that say the same."""
    return merge_findings([one.finding for one in sorted(changes, key=lambda one: find_position(one.place))])


def find_code(recipe, place):
    """Return the code of a place in a recipe as it is."""
    if not isinstance(place, tuple):
        return recipe.codes[place]
    loop = recipe.codes[place[0]]
    return loop.over if place[1] is None else loop.body[place[1]]


def order_steps(recipe, wrong, right):
    """Return the steps that feed a wrong output, those first that feed all of them and no right one.

    A loop, which takes longest, comes behind its like.
    """
    reach, wrong, right = recipe.reach, set(wrong), set(right)

    def is_loop(i):
        return isinstance(recipe.codes[i], Loop)

    useful = [i for i, fed in enumerate(reach) if fed & wrong]
    return sorted(
        useful,
        key=lambda i: (
            unpacks(recipe.steps[i]),
            -len(reach[i] & wrong),
            len(reach[i] & right),
            is_loop(i),
            -i,
        ),
    )


def unpacks(step):
    """Tell whether a step only gives names to the parts of an argument."""
    return isinstance(step, ast.Assign) and isinstance(step.targets[0], ast.Tuple)


def choose_disjoint(changes):
    """Return changes no two of which explain the same output, those that explain most first."""
    chosen, seen = [], set()
    for change in changes:
        if not seen & set(change.explains):
            chosen.append(change)
            seen |= set(change.explains)
    return chosen


def find_position(place):
    """Return a step's place in the order of the text."""
    number, inside = place if isinstance(place, tuple) else (place, 0)
    return number, -1 if inside is None else inside
