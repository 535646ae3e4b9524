"""A record that no function can be compared with says why; one that would let a mistake pass has a remark."""

import numpy as np
import pytest

from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.faults import find_coincidence, find_fault
from seqgrad.check.exercises.trial import prepare

WIDE, SQUARE = np.arange(6.0).reshape(2, 3), np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda exercise: exercise.name)
def test_no_record_of_the_course_has_a_fault(exercise):
    trial = prepare(exercise)
    assert (find_fault(trial), find_coincidence(trial)) == ("", "")


def mean(x):
    """Return the mean over the examples."""
    out = x.sum(axis=1) / x.shape[1]
    return out


def test_a_right_function_that_gives_nan_changes_an_argument_or_fails_is_named():
    def log(x):
        out = np.log(x)
        return out

    def double(x):
        x *= 2
        return x

    def fail(x):
        return x + np.ones(7)

    told = [find_fault(prepare(Exercise("f", function, [(WIDE,)]))) for function in (log, double, fail)]
    assert told == [
        "On call 0, the right function gave nan or inf in its result: give it other arguments",
        "On call 0, the right function changed its argument `x`: let it work on a copy",
        "On call 0, the right function raised ValueError: operands could not be broadcast together with "
        "shapes (2,3) (7,) ",
    ]


def test_sizes_that_are_the_same_by_accident_are_remarked():
    told = find_coincidence(prepare(Exercise("mean", mean, [(SQUARE,), (np.eye(2),)])))
    assert told.startswith("In all calls two axes of `x` have the size 3: who takes one for the other")
    assert not find_coincidence(prepare(Exercise("mean", mean, [(SQUARE,), (WIDE,)])))


def test_also_where_several_arguments_share_a_size():
    def affine(x, W, b):
        z = W @ x + b
        return z

    assert find_coincidence(prepare(Exercise("affine", affine, [(WIDE, np.ones((2, 2)), np.ones((2, 1)))])))
    assert find_coincidence(prepare(Exercise("affine", affine, [(SQUARE, np.ones((4, 3)), np.ones((4, 1)))])))
    assert not find_coincidence(
        prepare(Exercise("affine", affine, [(WIDE, np.ones((4, 2)), np.ones((4, 1)))]))
    )


def test_an_array_that_has_to_be_square_is_none():
    assert not find_coincidence(prepare(Exercise("inverse", lambda x: np.linalg.inv(x), [(np.eye(3),)])))
