"""Intermediate results, passed to a check or returned by a function, beside those of the right steps.

    {name: array}, exercise  ->  Verdict;    trial whose function returned some  ->  findings

They are compared in the order in which the right steps compute them: the first that is wrong is the mistake.
"""

import ast
import functools
import warnings
from dataclasses import replace

import numpy as np

from seqgrad.check.equality import ROUNDING, close
from seqgrad.check.exercises.trial import Trial, draw_calls
from seqgrad.check.judging.compare import compare_arrays
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
from seqgrad.check.running.data import Result, freeze, to_plain
from seqgrad.check.showing.hints import make_hints
from seqgrad.check.verdict import Finding, Output, Verdict, refuse

# What the assignment calls the gradients at the pre-activations, which our steps call dz.
ALSO = {"dtanh": "dz", "dft": "dzf", "dit": "dzi", "dcct": "dzc", "dot": "dzo"}


def check_intermediates(exercise, given):
    """Return the verdict on arrays by name that were computed on the exercise's example."""
    try:
        recipes = read_recipes(exercise)
    except ValueError as error:
        return refuse(exercise.name, f"There are no intermediate results to compare with: {error}.")
    names = {name: name if name in recipes else ALSO.get(name, name) for name in given}
    if missing := [name for name in given if names[name] not in recipes]:
        return refuse(exercise.name, list_known(exercise, missing[0], recipes))
    order = list(recipes)
    listed = sorted(given, key=lambda name: order.index(names[name]))
    call = draw_calls(exercise)[0]
    right = carry_out(read_reference(exercise), freeze(call.arguments))
    outputs = [compare(name, right[names[name]], to_plain(given[name])) for name in listed]
    title = f"{', '.join(listed)} of {exercise.name}"
    wrong = next((output for output in outputs if not output.right), None)
    if wrong is None:
        return Verdict(title, "passed", "", tuple(outputs), credit=1.0)
    results = [Result(to_plain(given[wrong.name]))]
    findings = find_cause(recipes[names[wrong.name]], [call], results) or (measure(wrong),)
    verdict = Verdict(title, "wrong", title, tuple(outputs), findings)
    return replace(verdict, hints=make_hints(findings[0], outputs, verdict.list_causes(), exercise))


def list_known(exercise, name, recipes):
    """Return the sentence that says which intermediate results there are, in place of an unknown one."""
    known = ", ".join(f"`{name}`" for name in recipes)
    sentence = f"{exercise.name} has no intermediate result `{name}` to compare with"
    loop = any(isinstance(code, Loop) for code in read_reference(exercise).codes)
    more = " What a loop computes changes from step to step, and is not compared." if loop else ""
    return f"{sentence}; {f'it has {known}' if known else 'it has none'}.{more}"


def find_in_intermediates(trial):
    """Return the findings on what a function returned beside its results; empty if that is nothing known."""
    rows = [row for row in trial.rows() if row[2].beside and not row[0].finite]
    recipes = read_recipes(trial.exercise) if rows else {}
    for call, _, result in rows:
        listed = [name for name in recipes if name in result.beside]
        right = carry_out(read_reference(trial.exercise), freeze(call.arguments))
        outputs = [compare(name, right[name], result.beside[name]) for name in listed]
        if wrong := next((output for output in outputs if not output.right), None):
            before = say_right(listed[: listed.index(wrong.name)])
            sentence = f"{before}{'; ' * bool(before)}`{wrong.name}` is the first intermediate result that"
            sentence += f" is wrong: it {wrong.sentence.removeprefix(f'`{wrong.name}` ')}"
            mine = [
                (call, Result(result.beside[wrong.name]))
                for call, _, result in rows
                if wrong.name in result.beside
            ]
            return find_cause(recipes[wrong.name], *zip(*mine, strict=True)) or (
                replace(measure(wrong), sentence=sentence),
            )
    if not rows or not listed:
        return ()
    return (Finding(listed[-1], "unknown", f"{say_right(listed)}, so the mistake lies behind.", False),)


def say_right(names):
    """Return that intermediate results are right, as the beginning of a sentence."""
    are = "are" if len(names) > 1 else "is"
    return f"{', '.join(f'`{name}`' for name in names)} {are} right" if names else ""


def compare(name, right, mine):
    """Return an intermediate result as an output: right, or what is wrong about it."""
    problem, sentence, steps = compare_arrays(np.asarray(right), mine, False) or ("", "", ())
    return Output(name, not problem, problem, f"`{name}` {sentence}" if problem else "", steps)


def measure(output):
    """Return the finding that says no more than what was measured."""
    kind = "unknown" if output.problem == "value" else output.problem
    return Finding(output.name, kind, output.sentence)


def find_cause(recipe, calls, results):
    """Return the findings of the one change of the steps up to a name that gives these results, or none."""
    expected = [Result(carry_out(recipe, freeze(call.arguments))[RESULT]) for call in calls]
    trial = Trial(recipe.exercise, tuple(calls), tuple(expected), tuple(results))
    number = next((i for i, (_, right, mine) in enumerate(trial.rows()) if differ(right, mine)), None)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        findings = () if number is None else Search(trial, number, ROUNDING).find_single(recipe)
    # On one call alone a size can be right by accident.
    sizes = [name for name, value in pick_variables(recipe, carry_out(recipe, calls[0].arguments)).items()
             if isinstance(value, int)]  # fmt: skip
    return () if len(calls) == 1 and any(finding.subject in sizes for finding in findings) else findings


def differ(right, mine):
    """Tell whether two results are not the same."""
    return not close(right.value, mine.value, ROUNDING)


@functools.cache
def read_recipes(exercise):
    """Return for each intermediate result, in order, the recipe of the right steps up to it.

    They are the arrays that one step gives a name, outside of loops, where there is a value for each round.
    """
    recipe, recipes = read_reference(exercise), {}
    names = carry_out(recipe, freeze(draw_calls(exercise)[0].arguments))
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
