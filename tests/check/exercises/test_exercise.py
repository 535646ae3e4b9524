"""A record made on the spot gives a full verdict; a record that cannot serve says why."""

import ast
import inspect
import linecache
import re
from pathlib import Path

import numpy as np
import pytest

import seqgrad
from seqgrad.check import Call, Exercise, check
from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.trial import draw_calls
from tests.learners import edits
from tests.marks import exhaustive

LAYER_NORM = '''
def layer_norm(x, gamma, beta, epsilon=1e-5):
    """Give each column the mean 0 and the variance 1, then scale and shift each row."""
    if epsilon <= 0:
        raise ValueError("layer_norm: epsilon has to be positive")
    centred = x - x.mean(axis=0, keepdims=True)
    variance = (centred**2).mean(axis=0, keepdims=True)
    normal = centred / np.sqrt(variance + epsilon)
    out = gamma * normal + beta
    return out, (normal, variance, gamma)
'''


def in_cell(text, name="layer_norm"):
    """Return the function that a cell of a notebook defines, its lines known as in a notebook."""
    home, filename = {"np": np}, f"<cell {hash(text)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    exec(compile(text, filename, "exec"), home)
    return home[name]


def make_calls():
    """Return calls with sizes that all differ, as plain tuples of arguments and with a corner."""
    rng = np.random.default_rng(0)
    calls = [
        (rng.standard_normal((n, m)), rng.standard_normal((n, 1)), rng.standard_normal((n, 1)))
        for n, m in ((5, 7), (3, 4))
    ]
    return [*calls, Call((1e-3 * calls[0][0], *calls[0][1:]), "With small inputs, ")]


@pytest.fixture(scope="module")
def layer_norm():
    return Exercise("layer_norm", function=in_cell(LAYER_NORM), calls=make_calls())


@pytest.mark.parametrize(
    "text",
    [
        LAYER_NORM,
        LAYER_NORM.replace("x.mean(axis=0, keepdims=True)", "np.mean(x, 0)"),
        LAYER_NORM.replace("(centred**2).mean(axis=0, keepdims=True)", "x.var(0)[None]"),
        LAYER_NORM.replace("centred / np.sqrt(variance + epsilon)", "centred * (variance + epsilon) ** -0.5"),
    ],
)
def test_a_right_version_passes_however_it_is_written(layer_norm, text):
    assert str(check(in_cell(text), layer_norm)) == "layer_norm: passed"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("gamma * normal + beta", "gamma * normal", "`out` lacks the term `beta`."),
        ("gamma * normal", "beta * normal", "`out` has `beta` where it should have `gamma`."),
        ("centred / np", "x / np", "`normal` has `x` where it should have `centred`."),
        ("centred**2", "centred", "`variance` has `centred` where it should have `centred ** 2`."),
        ("variance + epsilon", "variance", "`normal` lacks the term `epsilon`."),
        ("(normal, variance, gamma)", "(variance, normal, gamma)", "`result[1][0]` has shape (1, 7)"),
    ],
)
def test_a_mistake_is_named_from_the_reference_and_the_calls_alone(layer_norm, before, after, sentence):
    assert before in LAYER_NORM
    verdict = check(in_cell(LAYER_NORM.replace(before, after)), layer_norm)
    assert (verdict.outcome, verdict.fault) == ("wrong", "") and sentence in str(verdict)


@exhaustive
def test_most_one_token_edits_are_found_and_named(layer_norm):
    functions = [in_cell(edit.source) for edit in edits.edits_of(LAYER_NORM, "layer_norm")]
    verdicts = [check(function, layer_norm) for function in functions]
    wrong = [verdict for verdict in verdicts if verdict.outcome == "wrong"]
    exact = [verdict for verdict in wrong if verdict.findings[0].exact]
    assert len(wrong) >= 50 and len(exact) >= 0.85 * len(wrong)
    assert not [verdict.fault for verdict in verdicts if verdict.fault]


def test_a_helper_is_exchanged_for_the_right_one_and_blamed_if_it_is_wrong():
    """A record may stand on others that were made on the spot."""
    mean = Exercise("centre", in_cell("def centre(x):\n    return x - x.mean(0)\n", "centre"), [(np.eye(3),)])
    text = "def centre(x):\n    return x\n\n\ndef scale(x):\n    y = 2 * centre(x)\n    return y\n"
    right = in_cell(text.replace("return x\n", "return x - x.mean(0)\n", 1), "scale")
    scale = Exercise("scale", right, [(np.arange(6.0).reshape(3, 2),)], helpers=(mean,))
    assert check(right, scale).outcome == "passed"
    verdict = check(in_cell(text, "scale"), scale)
    assert (verdict.outcome, verdict.culprit) == ("passed", "centre")


def test_a_reference_that_is_no_list_of_steps_leaves_what_was_measured():
    """Why there is no cause stands in the data, and below the sentences."""
    text = "def up(x):\n    if x.sum() > 0:\n        return x\n    return -x\n"
    exercise = Exercise("up", in_cell(text, "up"), [(np.ones((2, 3)),)])
    verdict = check(lambda x: x + 1, exercise)
    assert verdict.fault.endswith("up does not end with its only return")
    assert str(verdict).splitlines()[1:] == [verdict.outputs[0].sentence, verdict.fault]
    text = "def up(x):\n    n = 3\n    while n > 0:\n        n -= 1\n    return x * n\n"
    verdict = check(lambda x: x + 1, Exercise("up", in_cell(text, "up"), [(np.ones((2, 3)),)]))
    assert verdict.fault.endswith("up has a while loop, which a change of its steps might never end")
    verdict = check(lambda x: x + 1, Exercise("up", np.negative, [(np.ones((2, 3)),)]))
    assert verdict.fault.endswith("the source of up is not at hand")


def test_a_reference_that_fails_on_its_own_call_is_the_records_fault():
    exercise = Exercise("f", in_cell("def f(x):\n    return x / 0\n", "f"), [(1.0,)])
    assert str(check(lambda x: x, exercise)) == (
        "f: not attempted\n"
        "On call 0, the right function raised ZeroDivisionError: float division by zero."
        " There is nothing to compare f with."
    )


@pytest.mark.parametrize(
    ("calls", "sentence"),
    [
        ([], "f has no calls: give at least one tuple of arguments"),
        ((), "f has no calls: give at least one tuple of arguments"),
        ([np.ones(3)], "calls[0] of f is an array, but a tuple of arguments is needed"),
        ([(1.0,), [2.0]], "calls[1] of f is a list, but a tuple of arguments is needed"),
    ],
)
def test_calls_that_are_none_are_refused(calls, sentence):
    with pytest.raises((ValueError, TypeError), match=re.escape(sentence)):
        Exercise("f", abs, calls)


def test_what_a_reference_returns_is_called_as_in_its_return_statement(layer_norm):
    assert layer_norm.names == ("out", "result[1]")
    assert Exercise("f", np.add, [(1.0, 2.0)]).names == ()


RETURNING = [one for one in list_exercises() if isinstance(one.returns, tuple)]


@pytest.mark.parametrize("exercise", RETURNING, ids=lambda one: one.name)
def test_what_a_record_says_is_returned_is_what_the_reference_returns(exercise):
    """Adam's new values go by the names of those that they replace."""
    tree = ast.parse(inspect.getsource(inspect.unwrap(exercise.function)))
    *_, last = (node.value for node in ast.walk(tree) if isinstance(node, ast.Return))
    assert exercise.names == tuple(part.id.removesuffix("_new") for part in last.elts)


def test_the_first_call_is_run_twice(layer_norm):
    assert [call.twice for call in draw_calls(layer_norm)] == [True, False, False]


def test_the_examples_of_the_documentation_say_what_stands_below_them(capsys):
    """In notebooks/diagnosis.md: two blocks each, the code and what it prints."""
    text = Path(seqgrad.__file__).parents[1].joinpath("notebooks/diagnosis.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w*)\n(.*?)```", text, re.S)
    pairs = [
        (code, printed)
        for (kind, code), (below, printed) in zip(blocks, blocks[1:], strict=False)
        if (kind, below) == ("python", "text")
    ]
    assert len(pairs) == 2
    for number, (code, printed) in enumerate(pairs):
        filename = f"<diagnosis.md {number}>"
        linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
        exec(compile(code, filename, "exec"), {})
        assert capsys.readouterr().out == printed
    assert inspect.signature(check).parameters.keys() == {"function", "name", "intermediates"}
