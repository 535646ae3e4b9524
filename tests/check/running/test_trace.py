"""What an exception becomes: the learner's line, the part that failed, and what met there."""

import linecache

import numpy as np
import pytest

from seqgrad.check.running.data import Call
from seqgrad.check.running.run import run

VALUES = {
    "A": np.ones((2, 3)),
    "B": np.ones((4, 5)),
    "k": np.ones((2, 3), dtype=int),
    "parts": {"W": np.ones((4, 4)), "steps": [np.ones((3, 3)), None]},
    "T": 2,
}


def fail_at(line):
    """Return the error of a learner's function with this line, the values above at hand."""
    text = "def f(A, B, k, parts, T):\n    n = A.shape[0]\n    " + line + "\n"
    filename = f"<cell {hash(text)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    home = {"np": np}
    exec(compile(text, filename, "exec"), home)
    (result,) = run(home["f"], [Call(tuple(VALUES.values()))])
    return result.error


@pytest.mark.parametrize(
    ("line", "operands"),
    [
        ("return A @ B", {"A": "shape (2, 3)", "B": "shape (4, 5)"}),
        ("return A.T @ B", {"A.T": "shape (3, 2)", "B": "shape (4, 5)"}),
        ("return A @ parts['W']", {"A": "shape (2, 3)", 'parts["W"]': "shape (4, 4)"}),
        ("return B + parts['steps'][0]", {"B": "shape (4, 5)", 'parts["steps"][0]': "shape (3, 3)"}),
        ("return B + parts['steps'][-T]", {"B": "shape (4, 5)", 'parts["steps"][-T]': "shape (3, 3)"}),
        ("return A[:, 1:] + B[:n]", {"A[:, 1:]": "shape (2, 2)", "B[:n]": "shape (2, 5)"}),
        ("return k @ B", {"k": "shape (2, 3) and dtype int64", "B": "shape (4, 5)"}),
        ("return A + parts['steps'][1]", {"A": "shape (2, 3)", 'parts["steps"][1]': "None"}),
        ("return A + parts", {"A": "shape (2, 3)", "parts": "a dict of length 2"}),
        ("return np.tanh(A) @ B", {"A": "shape (2, 3)", "B": "shape (4, 5)"}),
    ],
)
def test_the_largest_parts_that_are_known_without_running_code_are_told(line, operands):
    error = fail_at(line)
    assert dict(error.operands) == operands
    assert (error.function, error.line, error.code) == ("f", 3, line)


def test_no_more_than_four_operands_are_told():
    assert len(fail_at("return A + A + A + A + A @ B").operands) <= 4


def test_the_part_of_the_line_that_failed_is_told():
    assert fail_at("x = A + A; return A @ B").part == "A @ B"


def test_an_error_below_the_learners_code_is_placed_in_the_learners_line():
    error = fail_at("return np.linalg.inv(A)")
    assert (error.kind, error.line) == ("LinAlgError", 3)


def test_without_the_text_of_the_line_what_is_none_is_told():
    home = {}
    exec("def f(x):\n    y = None\n    return y + x\n", home)
    (result,) = run(home["f"], [Call((1.0,))])
    assert result.error.operands == (("y", "None"),) and result.error.code == ""
