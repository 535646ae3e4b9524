"""Intermediate results of the right steps, and the mistake in those of a learner.

    exercise  ->  {name: array};    a wrong one, or a trial whose function returned some  ->  findings

They are compared in the order in which the right steps compute them: the first that is wrong is the mistake.
"""

import ast
import functools
import warnings
from dataclasses import replace

import numpy as np

from seqgrad.check.equality import ROUNDING, close
from seqgrad.check.exercises.trial import Trial, draw_calls
from seqgrad.check.judging.intermediates import compare_one, measure
from seqgrad.check.naming import flow
from seqgrad.check.naming.recipe import (
    RESULT,
    Loop,
    Recipe,
    carry_out,
    compile_step,
    pick_variables,
    read_reference,
)
from seqgrad.check.naming.search import Search
from seqgrad.check.running.data import Result, thaw
from seqgrad.check.verdict import Finding


def compute_right(exercise):
    """Return the intermediate results of the right steps on the exercise's example, {name: array}, in order.

    Raises ValueError where the right function cannot be read as steps.
    """
    names = read_recipes(exercise)
    values = carry_out(read_reference(exercise), thaw(draw_calls(exercise)[0].arguments))
    return {name: values[name] for name in names}


def find_cause_of(exercise, ours, name, mine):
    """Return the findings of the one change of the steps that gives what a learner calls `name`."""
    return find_cause(read_recipes(exercise)[ours], name, draw_calls(exercise)[:1], [Result(mine)])


def find_in_intermediates(trial):
    """Return the findings on what a function returned beside its results; empty if that is nothing known."""
    rows = [row for row in trial.rows() if row[2].beside and not row[0].finite]
    recipes = read_recipes(trial.exercise) if rows else {}
    for call, _, result in rows:
        listed = [name for name in recipes if name in result.beside]
        right = carry_out(read_reference(trial.exercise), thaw(call.arguments))
        outputs = [compare_one(name, right[name], result.beside[name]) for name in listed]
        if wrong := next((output for output in outputs if not output.right), None):
            before = say_right(listed[: listed.index(wrong.name)])
            sentence = f"{before}{'; ' * bool(before)}`{wrong.name}` is the first intermediate result that"
            sentence += f" is wrong: it {wrong.sentence.removeprefix(f'`{wrong.name}` ')}"
            mine = [
                (call, Result(result.beside[wrong.name]))
                for call, _, result in rows
                if wrong.name in result.beside
            ]
            return find_cause(recipes[wrong.name], wrong.name, *zip(*mine, strict=True)) or (
                replace(measure(wrong), sentence=sentence),
            )
    if not rows or not listed:
        return ()
    return (Finding(listed[-1], "unknown", f"{say_right(listed)}, so the mistake lies behind.", False),)


def say_right(names):
    """Return that intermediate results are right, as the beginning of a sentence."""
    are = "are" if len(names) > 1 else "is"
    return f"{', '.join(f'`{name}`' for name in names)} {are} right" if names else ""


def find_cause(recipe, name, calls, results):
    """Return the findings of the one change of the steps up to a name that gives these results, or none.

    A change of the step that computes it is more likely than one of those before.
    """
    expected = [Result(carry_out(recipe, thaw(call.arguments))[RESULT]) for call in calls]
    trial = Trial(recipe.exercise, tuple(calls), tuple(expected), tuple(results))
    number = next((i for i, (_, right, mine) in enumerate(trial.rows()) if differ(right, mine)), None)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = Search(trial, number or 0, ROUNDING)
        itself = (len(recipe.steps) - 2,)  # the last step returns it
        findings = number is not None and (search.find_single(recipe, itself) or search.find_single(recipe))
    # On one call alone a size can be right by accident.
    sizes = [name for name, value in pick_variables(recipe, carry_out(recipe, calls[0].arguments)).items()
             if isinstance(value, int)]  # fmt: skip
    if not findings or len(calls) == 1 and any(finding.subject in sizes for finding in findings):
        return ()
    return tuple(
        replace(finding, sentence=finding.sentence.replace("What is returned", f"`{name}`"))
        for finding in findings
    )


def differ(right, mine):
    """Tell whether two results are not the same."""
    return not close(right.value, mine.value, ROUNDING)


@functools.cache
def read_recipes(exercise):
    """Return for each intermediate result, in order, the recipe of the right steps up to it.

    They are the arrays that one step gives a name, outside of loops, where there is a value for each round.
    """
    recipe, recipes = read_reference(exercise), {}
    names = carry_out(recipe, thaw(draw_calls(exercise)[0].arguments))
    given = [name for step in recipe.steps for name in flow.list_changed(step)]
    for number, (step, code) in enumerate(zip(recipe.steps[:-1], recipe.codes, strict=False), 1):
        target = step.targets[0] if isinstance(step, ast.Assign) and not isinstance(code, Loop) else None
        name = getattr(target, "id", None)
        if isinstance(names.get(name), np.ndarray) and given.count(name) == 1:
            last = ast.Assign([ast.Name(RESULT, ast.Store())], ast.Name(name, ast.Load()))
            last = ast.fix_missing_locations(ast.copy_location(last, step))
            steps, codes = [*recipe.steps[:number], last], [*recipe.codes[:number], compile_step(last)]
            recipes[name] = Recipe(exercise, recipe.arguments, recipe.defaults, steps, codes)
    return recipes
