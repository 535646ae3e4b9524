"""For a slip that people make, the check names its cause, in words that a learner knows, and no other."""

import re

import numpy as np
import pytest

from seqgrad.check import Exercise, check
from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.trial import prepare
from tests.learners import TEXTS, slips
from tests.marks import sample

pytestmark = pytest.mark.usefixtures("patient")
NUMPY = set("np tan tanh exp exp2 square sqrt sin dtype axis keepdims softmax sigmoid True".split())


@pytest.mark.parametrize("identity", sample(slips.SLIPS, 8))
def test_the_cause_of_a_slip_is_named(identity):
    """As a fact where it reproduces the numbers; the check never names a cause that is not in the code.

    The hints say nothing else, and like the cause they use no name that the learner cannot know.
    """
    function, cause, false, *changes = slips.SLIPS[identity]
    verdict = check(slips.load(identity))
    sentences = " ".join(finding.sentence for finding in verdict.findings)
    assert verdict.outcome in ("wrong", "raised") and not verdict.fault
    assert not false or not re.search(false, str(verdict))
    assert verdict.findings[0].exact == (identity not in slips.UNEXPLAINED)
    assert re.search(cause, sentences) or identity in slips.UNEXPLAINED
    text = TEXTS[function]
    for before, after in changes:
        text = text.replace(before, after)
    for sentence in (*verdict.list_causes(), *verdict.hints):
        assert not list_names(sentence) - know_names(function, text), sentence
    assert_ladder(verdict)


def layer(x, w):
    """Stand for a function of which the search knows nothing but its text."""
    h = np.tanh(w @ -x)
    return h


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        ("np.tanh(w @ x)", "`h` has the sign of `x` wrong: a minus is missing."),
        ("w @ -x", "`h` is not passed through `np.tanh`."),
        ("np.tanh(w @ -x).T", "`h` is transposed."),
        ("np.tanh(w @ -x) / x.shape[1]", "`h` is divided by the number of examples, m."),
        ("np.tanh(w.T @ -x)", "`h` takes `w` transposed; it has to be as it is."),
    ],
)
def test_a_slip_in_a_function_of_ones_own_is_named(returned, sentence):
    """Square arrays, so that no shape gives it away."""
    calls = [tuple(np.random.default_rng(seed).standard_normal((2, 5, 5))) for seed in range(2)]
    names = {"np": np}
    exec(f"def layer(x, w):\n    return {returned}", names)
    verdict = check(names["layer"], Exercise("layer", function=layer, calls=calls))
    assert verdict.list_causes() == [sentence]


def list_names(sentence):
    """Return the names in the code that a sentence quotes, keys of dicts aside."""
    quoted = " ".join(re.findall(r"`([^`]*)`", sentence))
    return set(re.findall(r"[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", quoted)))


def know_names(function, text):
    """Return the names that a learner knows: those of their text, of the exercise, of NumPy."""
    exercise = find_exercise(function)
    expected = prepare(exercise).expected[0].value
    returned = expected if isinstance(expected, dict) else exercise.names
    return {*re.findall(r"[A-Za-z_]\w*", text), *exercise.arguments, *exercise.parts, *returned, *NUMPY}


def assert_ladder(verdict):
    """Say what was measured first; a nudge, the place and the cause follow, and none repeats another."""
    first, *more = verdict.hints
    assert len({*verdict.hints, *verdict.list_measured()}) == len(verdict.hints) + len(
        verdict.list_measured()
    )
    assert len(set(str(verdict).split("\n"))) == len(str(verdict).split("\n"))
    if verdict.outcome == "raised":
        line = re.search(r"[Ii]n (line \d+)", str(verdict))
        assert line is None or line[1] in first
    elif verdict.cause:
        assert more[-1] == " ".join(verdict.list_causes()) and verdict.cause.split("\n")[0] in more[-1]
