"""Look for the change of the right steps that gives the learner's numbers.

    calls, the learner's results, the expected ones  ->  findings, exact, or none

Only steps that feed a wrong output are changed.  A change is believed if it gives the
learner's numbers on every call, to rounding; of several that each explain some outputs
and spoil none, two or three together are believed on the same condition.
"""

import ast
import itertools

from seqgrad.check.equality import FLOAT32, ROUNDING, close
from seqgrad.check.judging.values import merged, misnamed, most_telling, parts, precise
from seqgrad.check.naming import catalogue
from seqgrad.check.naming.recipe import MISSING, environment, follow, make, of_reference, variables
from seqgrad.check.naming.slips import slips
from seqgrad.check.running.data import freeze
from seqgrad.check.running.limit import thread_time

SECONDS = 0.8  # of this thread's own time, so that a busy machine changes no verdict
PARTIAL = 60


def search(exercise, calls, results, expected):
    """Return the `Search` for what a learner's function gave; None if no number is wrong, or drawn."""
    if exercise == "sample":
        return None
    pairs = list(zip(results, expected, strict=True))
    slack = ROUNDING if precise(pairs) else FLOAT32
    stage = most_telling(calls, pairs, slack)
    return None if stage is None else Search(exercise, calls, results, expected, stage, slack)


class Search:
    """The changes of an exercise's recipes beside what a learner's function gave."""

    def __init__(self, exercise, calls, results, expected, stage, slack):
        self.exercise, self.calls, self.results, self.stage, self.slack = (
            exercise,
            calls,
            results,
            stage,
            slack,
        )
        self.arguments = freeze(calls[stage].arguments)
        self.wanted = parts(results[stage].value)
        self.expected = right = parts(expected[stage].value)
        self.wrong = [name for name in right if not close(right[name], self.wanted.get(name), slack)]
        self.right = [name for name in right if name not in self.wrong]
        self.until = thread_time() + SECONDS
        self.partial = []

    def known(self):
        """Return the findings of a known mistake that gives the learner's numbers, or of a wrong key."""
        if finding := misnamed(self.wanted, self.expected, self.slack):
            return (finding,)
        for entry in catalogue.ENTRIES.get(self.exercise, ()):
            if self.reproduces(make(self.exercise, catalogue.edited(self.exercise, entry)), {}):
                return (entry.finding,)
        return ()

    def single(self, text=None):
        """Return the finding of the one change that gives the learner's numbers on all calls.

        Changed is the reference, or another text of the function.
        """
        recipe = make(self.exercise, text) if text else of_reference(self.exercise)
        names = environment(recipe, self.arguments)
        for i in self.order(recipe):
            for place, code, finding in slips(recipe, variables(names), i):
                if thread_time() > self.until:
                    return ()
                if not self.promising(recipe, names, place, code):
                    continue
                matched = self.matched(recipe, {place: code})
                if len(matched) == len(self.wrong) and self.reproduces(recipe, {place: code}):
                    return (finding,)
                if matched and len(self.partial) < PARTIAL:
                    self.partial.append((matched, recipe, place, code, finding))
        return ()

    def promising(self, recipe, names, place, code):
        """Return whether the first output that a changed step leads to is the learner's, if soon told."""
        if not recipe.after:
            return True
        names = dict(names)
        try:
            exec(code, names)
            for j in [place, *recipe.after[place]]:
                if j != place:
                    exec(recipe.codes[j], names)
                if recipe.gives[j] is not MISSING:
                    variable = recipe.steps[j].targets[0].id
                    return close(self.wanted.get(recipe.gives[j]), names[variable], self.slack)
        except Exception:
            return False
        return True

    def together(self):
        """Return the findings of several changes that give the learner's numbers together."""
        best = {}
        for one in self.partial:
            best.setdefault((frozenset(one[0]), one[1], one[2]), one)
        found = sorted(best.values(), key=lambda one: -len(one[0]))[:24]
        sets = [
            self.disjoint([one for one in found if one[1] is recipe])
            for recipe in {one[1]: 0 for one in found}
        ]
        for chosen in [*sets, *itertools.combinations(found, 2), *itertools.combinations(found, 3)]:
            changed = {place: code for _, _, place, code, _ in chosen}
            if len({one[1] for one in chosen}) > 1 or not 1 < len(chosen) == len(changed):
                continue
            if thread_time() > self.until + 0.2:
                break
            recipe = chosen[0][1]
            if len(self.matched(recipe, changed)) == len(self.wrong) and self.reproduces(recipe, changed):
                return merged([finding for *_, finding in sorted(chosen, key=lambda one: position(one[2]))])
        return ()

    def disjoint(self, found):
        """Return changes no two of which explain the same output, those that explain most first."""
        chosen, seen = [], set()
        for one in found:
            if not seen & set(one[0]):
                chosen.append(one)
                seen |= set(one[0])
        return chosen

    def order(self, recipe):
        """Return the steps that feed a wrong output, those first that feed all of them and no right one."""
        reach = recipe.reach
        wrong, right = set(self.wrong), set(self.right)
        useful = [i for i, fed in enumerate(reach) if fed & wrong and i >= recipe.defaults]
        return sorted(
            useful,
            key=lambda i: (unpacks(recipe.steps[i]), -len(reach[i] & wrong), len(reach[i] & right), -i),
        )

    def matched(self, recipe, changed):
        """Return the wrong outputs that a changed recipe gives as the learner did; none if it spoils one."""
        try:
            got = parts(follow(recipe, self.arguments, changed))
        except Exception:
            return ()
        matched = [name for name in self.wrong if close(self.wanted.get(name), got.get(name), self.slack)]
        if matched and all(close(self.wanted[name], got.get(name), self.slack) for name in self.right):
            return matched
        return ()

    def reproduces(self, recipe, changed):
        """Return whether a changed recipe gives what the learner's function gave on every call."""
        indices = [self.stage] + [i for i in range(len(self.calls)) if i != self.stage]
        for i in indices:
            if self.calls[i].finite:
                continue
            try:
                got = follow(recipe, freeze(self.calls[i].arguments), changed)
            except Exception:
                if self.results[i].error:
                    continue
                return False
            if self.results[i].error or not close(self.results[i].value, got, self.slack):
                return False
        return True


def unpacks(step):
    """Return whether a step only gives names to the parts of an argument."""
    return isinstance(step, ast.Assign) and isinstance(step.targets[0], ast.Tuple)


def position(place):
    """Return a step's place in the order of the text."""
    number, inside = place if isinstance(place, tuple) else (place, 0)
    return number, -1 if inside is None else inside
