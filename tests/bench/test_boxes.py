"""What `bench grade` says of both sandboxes: which of them holds what, and where they differ."""

import pytest

from tests import hostile
from tools.bench import boxes
from tools.bench import grade as bench_grade

ROWS = {row.name: row for row in hostile.HOSTILE}


def said(outcome="passed", score=20.0, remarks=()):
    """Return what is said of a submission with one exercise."""
    return {"sigmoid": (outcome, {"outcome": outcome, "remarks": remarks}, score)}


@pytest.mark.parametrize(
    ("other", "marks", "remarks"),
    [
        (said(), [], []),
        (said(remarks=("It overflows.",)), [], ["odd notebooks, a"]),
        (said("wrong"), ["odd notebooks, a"], []),
        (said(score=10.0), ["odd notebooks, a"], []),
    ],
)
def test_a_verdict_that_differs_is_told_from_a_remark(other, marks, remarks):
    mine, other = ({"odd notebooks": {"a": one}} for one in (said(), other))
    assert boxes.list_differences(mine, other) == (marks, remarks)


@pytest.mark.parametrize(
    ("name", "kind", "sigmoid", "softmax", "contained"),
    [
        ("endless loop", "bubblewrap", "raised", "passed", True),
        ("endless loop", "wasm", "raised", "passed", True),
        ("endless loop", "wasm", "passed", "passed", False),
        ("mounts", "wasm", "not attempted", "passed", True),  # it reads like a template
        ("patches NumPy", "wasm", "passed", "passed", False),
        ("patches NumPy", "wasm", "wrong", "raised", False),
        ("a thread left behind", "wasm", "raised", "passed", True),  # there are no threads
        ("a thread left behind", "bubblewrap", "raised", "passed", False),
    ],
)
def test_harm_is_contained_if_it_gets_what_it_may_and_the_honest_function_its_marks(
    name, kind, sigmoid, softmax, contained
):
    result = {"sigmoid": sigmoid, "softmax": softmax, "seconds": 1.0}
    assert bench_grade.is_contained(ROWS[name], result, kind) == contained


def test_remarks_alone_may_differ():
    assert boxes.is_whole("remarks alike", (1, 2)) and not boxes.is_whole("verdicts alike", (1, 2))


def test_a_sample_keeps_each_set_short():
    whole, short = boxes.make_sets(None), boxes.make_sets(3)
    assert whole.keys() == short.keys() and len(whole["known mistakes"]) > 200
    assert all(len(short[name]) <= 6 for name in short)


def test_the_lines_of_each_sandbox_are_those_of_its_own_modules():
    assert 0 < boxes.count_lines("wasm") <= 800 and 0 < boxes.count_lines("bubblewrap")
