"""A stub is no attempt however it is laid out, and whatever computes something is one."""

from pathlib import Path

import pytest

from seqgrad.check.exercises import list_exercises
from seqgrad.check.reading.attempt import digest_steps, is_attempted
from seqgrad.check.reading.stub import cut_function, stub

ROOT = Path(__file__).parents[3]
MODULES = sorted((ROOT / "seqgrad").glob("*.py"))
NAMES = [one.name for one in list_exercises()]


def solution(name):
    """Return the course's own version of an exercise."""
    texts = (path.read_text(encoding="utf-8") for path in MODULES if path.stem != "fused")
    return cut_function(next(text for text in texts if f"\ndef {name}(" in text), name)


@pytest.mark.parametrize("name", NAMES)
def test_the_stub_of_each_exercise_is_no_attempt_and_its_solution_is_one(name):
    released = stub(solution(name))
    assert not is_attempted(name, released)
    assert not is_attempted(name, f"@stand_in('4.1')\n{released.replace('# ', '# so: ')}\n")
    assert is_attempted(name, solution(name))


HEAD = "def sigmoid(x):\n    "


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        "return",
        "return None",
        "raise NotImplementedError",
        '"""Only words."""',
        "a = b = None\n    a, b = None, ...\n    return a, b",
        "s = None  # here\n\n    return {'s': s}",
    ],
)
def test_what_does_nothing_is_no_attempt(body):
    assert not is_attempted("sigmoid", HEAD + body)


@pytest.mark.parametrize("body", ["return 1 / (1 + np.exp(-x))", "s = 0\n    return s", "print(x)", "x += 1"])
def test_what_does_something_is_one(body):
    assert is_attempted("sigmoid", HEAD + body)


def test_layout_comments_and_docstrings_make_no_difference():
    one = digest_steps("@d\ndef f(x):\n    '''One.'''\n    return x + 1  # more")
    assert one == digest_steps("def f(x): return (x+\n1)")
    assert one != digest_steps("def f(x): return x + 2")


@pytest.mark.parametrize("source", ["", "def f(:", "f = g", "    return 3", "f = " + "-" * 20_000 + "1"])
def test_what_is_no_function_counts_as_an_attempt(source):
    assert is_attempted("sigmoid", source)
