"""What is known of a function without calling it: whether anything is written in it yet."""

import ast
import inspect
import linecache

import numpy as np
import pytest

from seqgrad.check import check
from seqgrad.check.exercises import list_exercises
from seqgrad.check.reading.attempt import is_attempted
from seqgrad.check.reading.stub import stub
from seqgrad.check.running.look import computes, is_blank, is_template
from tests.learners import TEXTS
from tests.learners.templates import TEMPLATES

BLANK = [(name, number) for name, texts in TEMPLATES.items() for number in range(len(texts))]


def load(text):
    """Return the function of a text, in a cell of its own."""
    names, cell = {"np": np}, f"<cell {hash(text)}>"
    linecache.cache[cell] = (len(text), None, text.splitlines(keepends=True), cell)
    exec(compile(text, cell, "exec"), names)
    return names[ast.parse(text).body[0].name]


@pytest.mark.parametrize(("name", "number"), BLANK)
def test_a_blank_template_is_not_attempted(name, number):
    """In the notebook's check and among the definitions that are graded."""
    text = TEMPLATES[name][number]
    assert str(check(load(text), name)) == f"{name}: not attempted"
    assert not is_attempted(name, text)


@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda exercise: exercise.name)
def test_the_stub_of_an_exercise_computes_nothing(exercise):
    """In a cell, where its text is at hand."""
    source = inspect.getsource(inspect.unwrap(exercise.function))
    function = load(stub(source[source.index("def ") :]))
    assert not computes(function) and str(check(function)) == f"{exercise.name}: not attempted"


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_written_is_no_blank_template(name):
    """Nor is what somebody has begun, and left None in some places."""
    function = load(TEXTS[name])
    assert computes(function) and not is_blank(function) and is_attempted(name, TEXTS[name])


@pytest.mark.parametrize(
    "step",
    [
        "s = 1 / (1 + None)",
        "s = np.exp(x)",
        "s = x @ x",
        "s = x + x",
        "s = None\n    s += x",
        "s = helper(x)",
        "s = -x.T * 2",
    ],
)
def test_whoever_has_begun_has_made_an_attempt(step):
    function = load(f"def sigmoid(x):\n    e = None\n    {step}\n    return e, s\n")
    assert not is_blank(function) and check(function).outcome in ("wrong", "raised")


def test_a_none_that_is_handed_to_a_call_is_to_be_replaced_as_well():
    assert is_template(ast.parse("x = np.array(None)").body)
    assert not is_template(ast.parse("x = np.array(x)").body)


def test_none_may_stand_in_what_is_written():
    """As an axis, as a missing argument, as a new axis."""
    steps = ("e = np.exp(x - x.max(axis=0)[None])", "if e is None: return None", "return e / e.sum(axis=0)")
    text = "def softmax(x):\n" + "".join(f"    {step}\n" for step in steps)
    assert check(load(text)).outcome == "passed"


def test_a_function_that_forgets_its_return_has_made_an_attempt_and_one_that_says_something_has_not():
    assert computes(load("def sigmoid(x):\n    s = 1 / (1 + np.exp(-x))\n"))
    assert computes(load("def sigmoid(x):\n    return print(np.exp(x))\n"))
    assert not computes(load("def sigmoid(x):\n    print('to do')\n"))
