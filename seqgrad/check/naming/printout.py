"""From the printed lines of a test cell to a verdict, by the numbers alone.

    text  ->  fields  ->  groups, one for each function  ->  Verdict

The test cells of the assignment draw their inputs from a seeded generator, so every
right number is known, and so is the number that each known mistake gives.  A cause is
stated if it gives every printed digit; otherwise the verdict says which fields are
right and which are wrong.
"""

import functools
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.testcell import answer_test, make_test_call, run_test
from seqgrad.check.naming.fields import read_fields
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.recipe import follow, make_recipe, read_reference
from seqgrad.check.naming.slips import make_all_slips
from seqgrad.check.running.data import freeze
from seqgrad.check.running.limit import thread_time
from seqgrad.check.showing.hints import make_hints
from seqgrad.check.verdict import Finding, Output, Verdict, refuse

SECONDS = 1.2  # in which causes are looked for
GROUPS = 20  # of fields that are judged


class Candidate(NamedTuple):
    """A mistake that may have printed a text: in which function, what is told of it, what it would print."""

    culprit: Exercise
    finding: Finding
    run: Callable
    changes: set = frozenset()


def read_printout(text):
    """Return the verdict on the first function, in the order of the data flow, that printed a wrong number.

    The lines may have been pasted with or without quotes, with ``=`` or ``:``, with wrapped
    arrays, some lines missing, several functions, other text around them.
    """
    until = thread_time() + SECONDS
    judged = [judge_group(possible, group, until) for possible, group in group_fields(read_fields(text))]
    if not judged:
        sentence = (
            'No line of a test cell was found: lines such as `gradients["dx"][1][2] = [...]` are needed.'
        )
        return refuse("printout", sentence)
    order = [exercise.name for exercise in list_exercises()]
    wrong = [verdict for verdict in judged if verdict.outcome == "wrong"]
    return min(wrong, key=lambda verdict: order.index(verdict.exercise)) if wrong else judged[-1]


def group_fields(fields):
    """Return pairs (exercises, fields): consecutive fields that one of these exercises may have printed."""
    groups = []
    for field in fields:
        possible = {one for one in list_exercises() if one.test and field.pick(answer_test(one)) is not None}
        if not possible:
            continue
        if groups:
            before, group = groups[-1]
            if before & possible and field.label not in [other.label for other in group]:
                groups[-1] = (before & possible, [*group, field])
                continue
        if len(groups) == GROUPS:
            break
        groups.append((possible, [field]))
    return [(choose_likeliest(possible, group), group) for possible, group in groups]


def choose_likeliest(possible, group):
    """Return those of the exercises whose right numbers a group meets most often."""
    met = {
        exercise: sum(field.is_print_of(answer_test(exercise)) for field in group)
        for exercise in sorted(possible, key=lambda exercise: exercise.name)
    }
    return [exercise for exercise in met if met[exercise] == max(met.values())]


def judge_group(possible, group, until):
    """Return the verdict on the fields of a function; of several possible ones, one with a known cause."""
    verdicts = []
    for exercise in possible:
        verdicts.append(judge_as(exercise, group, until))
        if verdicts[-1].outcome == "passed" or verdicts[-1].findings[0].kind != "unknown":
            return verdicts[-1]
    return verdicts[0]


def judge_as(exercise, group, until):
    """Return the verdict on the fields of a function."""
    right = answer_test(exercise)
    outputs = tuple(judge_field(field, right) for field in group)
    wrong = [output for output in outputs if not output.right]
    if not wrong:
        return Verdict(exercise.name, "passed", "", outputs)
    culprit, finding = find_cause(exercise, group, until)
    if finding is None:
        names = ", ".join(f"`{output.name}`" for output in wrong)
        fine = ", ".join(f"`{output.name}`" for output in outputs if output.right)
        sentence = f"Wrong: {names}." + (f" Right: {fine}." if fine else "")
        finding = Finding(wrong[0].name, "unknown", f"{sentence} No known mistake gives these numbers.")
    hints = make_hints(finding, outputs)
    return Verdict(exercise.name, "wrong", culprit.name, outputs, (finding,), hints)


def judge_field(field, right):
    """Return the output for one field beside its right value."""
    if field.is_print_of(right):
        return Output(field.label, True)
    # An array in the digits in which a test cell prints it, a shape or a single number as it is.
    value = field.pick(right)
    several = np.size(value) > 1
    digits = ".8f" if several and not field.of else ".8g"
    expected = " ".join(format(number, digits) for number in np.ravel(value))
    mine = " ".join(field.numbers)
    bracket = "[{}]" if several else "{}"
    sentence = f"`{field.label}` is {bracket.format(mine)}, but {bracket.format(expected)} is expected."
    return Output(field.label, False, "value" if not field.of else "shape", sentence)


def find_cause(exercise, group, until):
    """Return the culprit and the finding that give every printed digit; the exercise and None if none does.

    If several known mistakes give the same digits all of them are named, none as a fact.  Single changes are
    tried until this thread has taken so many seconds.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = drop_larger([one for one in list_known(exercise) if is_candidate(one, group)])
        if len(known) == 1:
            return known[0].culprit, known[0].finding
        if known:
            told = dict.fromkeys(candidate.finding.sentence for candidate in known)
            finding = known[0].finding
            sentence = "Several mistakes give these digits. " + " Or: ".join(told)
            return known[0].culprit, Finding(finding.subject, finding.kind, sentence)
        for candidate in list_single(exercise):
            if thread_time() > until:
                break
            if is_candidate(candidate, group):
                return candidate.culprit, candidate.finding
    return exercise, None


def is_candidate(candidate, group):
    """Tell whether a mistake gives every printed digit."""
    try:
        outputs = candidate.run()
    except Exception:
        return False  # it prints nothing
    return all(field.is_print_of(outputs) for field in group)


def drop_larger(known):
    """Return the known mistakes without those that hold another of them and more besides."""
    return [
        one
        for one in known
        if not any(other.changes < one.changes for other in known if other.culprit is one.culprit)
    ]


def list_involved(exercise):
    """Return the exercises whose mistakes show in what a test cell prints: itself first."""
    involved = [exercise] + ([exercise.forward] if exercise.forward else [])
    cells = [helper for one in involved for helper in one.helpers if getattr(helper, "test", None)]
    return involved + cells


def list_known(exercise):
    """Yield a candidate for every known mistake."""
    for culprit in list_involved(exercise):
        for mistake in know(culprit).mistakes:
            recipe = make_recipe(culprit, mistake.text)
            yield Candidate(culprit, mistake.finding, make_run(exercise, recipe), set(mistake.changes))


def list_single(exercise):
    """Yield a candidate for every single change of a function's steps."""
    for culprit in list_involved(exercise):
        for recipe in know(culprit).recipes:
            for place, code, finding in make_all_slips(recipe, freeze(make_test_call(culprit).arguments)):
                yield Candidate(culprit, finding, make_run(exercise, recipe, {place: code}))


def make_run(exercise, recipe, changed=None):
    """Return a function that gives a test cell's outputs when one of the functions is a changed recipe."""
    culprit, forward = recipe.exercise, exercise.forward

    def wrong(*arguments):
        return follow(recipe, arguments, changed)

    def with_wrong(caller):
        if culprit is caller:
            return wrong
        if caller and culprit in caller.helpers:
            return lambda *given: follow(read_reference(caller), given, using={culprit.name: wrong})
        return None

    return functools.partial(
        run_test, exercise, with_wrong(exercise) or exercise.function, with_wrong(forward)
    )
