"""What is known of the exercises is true: other ways to write them are right, and mistakes are wrong."""

import sys

import numpy as np
import pytest

from seqgrad.check import check
from seqgrad.check.equality import ROUNDING, close
from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.trial import draw_calls
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.recipe import follow, make_recipe, read_reference
from seqgrad.check.running.data import thaw, to_plain

KNOWN = {exercise.name: know(exercise) for exercise in list_exercises()}
FUNCTIONS = [(name, number) for name, known in KNOWN.items() for number in range(len(known.functions))]
MISTAKES = [(name, number) for name, known in KNOWN.items() for number in range(len(known.mistakes))]


def run_recipe(recipe):
    """Return what a recipe gives on the calls of its exercise that name their arguments themselves."""
    calls = [call for call in draw_calls(recipe.exercise) if not call.feed and not call.finite]
    with np.errstate(all="ignore"):
        return [to_plain(follow(recipe, thaw(call.arguments))) for call in calls]


def test_each_exercise_has_its_own_knowledge():
    assert {known.exercise.name for known in KNOWN.values()} == set(KNOWN)
    assert {name for name, _ in FUNCTIONS} and {name for name, _ in MISTAKES}


@pytest.mark.parametrize(("name", "number"), FUNCTIONS)
def test_another_way_to_write_a_function_is_right(name, number):
    """As a learner's function, and as the steps in which slips are made."""
    known = KNOWN[name]
    function, text = known.functions[number], known.texts[number]
    names = dict(vars(sys.modules[function.__module__]))
    exec(compile(text, f"<{name}>", "exec"), names)
    assert check(names[name]).outcome == "passed"
    expected = run_recipe(read_reference(known.exercise))
    assert expected and close(run_recipe(make_recipe(known.exercise, text)), expected, ROUNDING)
    assert known.recipes[1 + number].exercise is known.exercise


@pytest.mark.parametrize(("name", "number"), MISTAKES)
def test_a_mistake_is_wrong_and_called_so(name, number):
    known = KNOWN[name]
    mistake = known.mistakes[number]
    assert mistake.finding.exact and mistake.finding.kind and mistake.finding.sentence.endswith(".")
    expected = run_recipe(read_reference(known.exercise))
    try:
        got = run_recipe(make_recipe(known.exercise, mistake.text))
    except Exception:  # it may end so
        return
    assert not close(expected, got, ROUNDING)
