"""Every known mistake and every one-token edit is caught and placed; no correct implementation is accused."""

import random

import numpy as np
import pytest

from seqgrad.check import check
from seqgrad.check.diagnose import try_alone
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import draw_calls, prepare
from seqgrad.check.judging.judge import give_credits, judge
from seqgrad.check.learner import Learner
from seqgrad.check.running.data import list_arrays
from tests.learners import TEXTS, edits, mistakes, notebook, variants
from tests.marks import exhaustive, sample

pytestmark = pytest.mark.usefixtures("patient")
SAMPLE = 8
each_variant = pytest.mark.parametrize("identity", sample(variants.list_variants(), 4))


@pytest.mark.parametrize("identity", sample(mistakes.MISTAKES, 8))
def test_a_known_mistake_is_caught_and_placed(identity):
    """In the function that holds it, at the gate, array or line."""
    verdict = check(mistakes.load(identity))
    assert verdict.outcome in ("wrong", "raised") and not verdict.fault
    assert mistakes.is_placed(identity, verdict)


@exhaustive
def test_most_known_mistakes_are_named_exactly():
    """Those that give numbers; an exception or a shape is told as it is."""
    verdicts = [check(mistakes.load(identity)) for identity in list(mistakes.MISTAKES)[::12]]
    assert sum(verdict.findings[0].exact for verdict in verdicts) >= 0.7 * len(verdicts)


@each_variant
def test_a_correct_implementation_is_not_accused(identity):
    """However it is written."""
    function, exercise = variants.load(identity)
    verdict = check(function, name=exercise)
    assert (verdict.outcome, verdict.culprit, verdict.findings) == ("passed", "", ())


@pytest.mark.parametrize("name", TEXTS)
def test_a_learners_version_passes(name):
    """Alone in a notebook of its own."""
    assert check(notebook()[name]).outcome == "passed"


@pytest.mark.parametrize("name", sample(edits.FUNCTIONS, 6))
def test_one_token_edits_are_found_and_placed(name):
    """A sample, always the same one; `python3 -m tools bench check` judges them all."""
    chosen = random.Random(1).sample(edits.edits(name), SAMPLE)
    wrong = [edit for edit in chosen if edits.changes_result(edit)]
    verdicts = [check(edits.load(edit)) for edit in wrong]
    missed = [
        edit.description for edit, verdict in zip(wrong, verdicts, strict=True) if verdict.outcome == "passed"
    ]
    assert not missed and not [verdict.fault for verdict in verdicts if verdict.fault]
    assert sum(map(edits.placed, wrong, verdicts)) >= len(wrong) - 1


@each_variant
def test_a_correct_implementation_is_right_on_other_numbers(identity):
    """On the same kinds of calls, drawn with a salt; each output then has full credit."""
    function, exercise = variants.load(identity)
    exercise = find_exercise(exercise)
    trial = try_alone(Learner(function, exercise), prepare(exercise, salt=7))
    assert judge(trial).outcome == "passed"
    assert {share for _, share in give_credits(trial)} == {1.0}


@pytest.mark.parametrize("identity", sample(mistakes.MISTAKES, 12))
def test_a_known_mistake_costs_credit_on_other_numbers(identity):
    """With a salt as without."""
    exercise = find_exercise(mistakes.MISTAKES[identity][0])
    trial = try_alone(Learner(mistakes.load(identity), exercise), prepare(exercise, salt=7))
    shares = [share for _, share in give_credits(trial)]
    assert 0 <= min(shares) < 1


def test_a_salt_changes_every_number_and_no_shape():
    for exercise in list_exercises():
        for one, other in zip(draw_calls(exercise), draw_calls(exercise, 7), strict=True):
            pairs = list(zip(list_arrays(one.arguments), list_arrays(other.arguments), strict=True))
            assert all(path == same and mine.shape == theirs.shape for (path, mine), (same, theirs) in pairs)
            drawn = [(mine, theirs) for (_, mine), (_, theirs) in pairs if np.unique(mine).size > 7]
            assert all(not np.array_equal(mine, theirs) for mine, theirs in drawn)
