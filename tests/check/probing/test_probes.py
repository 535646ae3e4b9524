"""What probes tell without formulas: which step reaches which, and what stands in each gate."""

import numpy as np
import pytest

from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import answer
from seqgrad.check.learner import Learner
from seqgrad.check.naming.products import audit_gates
from seqgrad.check.probing.gates import find_in_gates, make_probes, read_gradients
from seqgrad.check.probing.impulses import find_in_time, make_impulses, measure_influence, to_matrix
from seqgrad.check.probing.probes import Probes
from seqgrad.check.running.data import Result

SEQUENCES = [exercise for exercise in list_exercises() if exercise.impulse]
CELL = find_exercise("lstm_cell_backward")
each_sequence = pytest.mark.parametrize("exercise", SEQUENCES, ids=lambda exercise: exercise.name)
STEPS = np.eye(5)
LATER = np.tril(np.ones((5, 5)))


@each_sequence
def test_a_step_forward_reaches_the_later_ones_and_a_step_back_the_earlier_ones(exercise):
    yours, expected = measure_influence(Learner(exercise.function, exercise))
    np.testing.assert_array_equal(yours, expected)
    reached = LATER.T if exercise.impulse.linear else LATER
    np.testing.assert_array_equal(expected > 0, reached > 0)
    assert find_in_time(exercise, yours, expected) is None
    assert Probes(Learner(exercise.function, exercise), True).draw_picture() == ()


@pytest.mark.parametrize(
    ("mine", "kind", "words"),
    [
        (0 * LATER, "missing term", "reaches the states at no step"),
        (STEPS, "not carried", "nothing is carried from step to step"),
        (LATER * [1, 0, 1, 0, 1], "wrong step", "at step 1, 3 reaches nothing: it is ignored"),
        (LATER.T, "wrong order", "in the wrong direction of time"),
        (LATER[::-1], "wrong order", "holds its steps in reverse order"),
        (
            LATER + 0.1 * (np.arange(25).reshape(5, 5) == 2),
            "wrong step",
            "at step 2 reaches the states at step 0",
        ),
        (
            LATER - (np.arange(25).reshape(5, 5) == 15),
            "not carried",
            "at step 0 does not reach the states at step 3",
        ),
        (np.full((5, 5), np.nan), None, ""),
        (LATER, None, ""),
    ],
)
def test_the_zeros_of_the_picture_say_what_is_wrong(mine, kind, words):
    finding = find_in_time(find_exercise("rnn_forward"), mine, LATER)
    assert finding is None if kind is None else (finding.kind == kind and words in finding.sentence)
    assert finding is None or not finding.exact


@each_sequence
def test_what_is_no_sequence_has_no_picture(exercise):
    for value in (None, 1.0, (), (np.ones(3),) * 4, {"dx": np.ones((3, 2)), "a": 1}, ["text"]):
        assert to_matrix(exercise, [Result(value)] * len(make_impulses(exercise))) is None


def test_the_reference_has_the_right_products_in_every_gate():
    results = answer(CELL, make_probes(CELL))
    assert audit_gates(CELL, results) == ()
    gradients = read_gradients(CELL, results)
    assert gradients.keys() == {(name, path) for name in CELL.gates.gradients for path in CELL.gates.paths}
    assert not gradients["dzo", "dc_next"].any() and gradients["dzo", "da_next"].all()


def test_each_path_has_one_gradient_that_arrives():
    for number, call in enumerate(make_probes(CELL)):
        *arriving, cache = call.arguments
        assert [bool(gradient.any()) for gradient in arriving] == [number == 0, number == 1]
        assert len(cache) == len(CELL.parts)


def test_gates_that_cannot_be_read_say_nothing():
    for value in (None, {}, {"dbf": 1}, 3.0):
        results = [Result(value)] * 2
        assert read_gradients(CELL, results) is None and audit_gates(CELL, results) == ()


def test_what_all_fed_gates_share_is_told_once_and_what_both_paths_share_too():
    right = {(name, path): ("", "") for name in CELL.gates.gradients for path in CELL.gates.paths}
    shared = right | {(name, "da_next"): ("sign", "has the opposite sign") for name in CELL.gates.fed}
    (finding,) = find_in_gates(CELL, shared)
    assert finding.sentence == (
        "On the path through `da_next`, the gradient at the cell state has the opposite sign."
    )
    both = right | {("dzf", path): ("sign", "has the opposite sign") for path in CELL.gates.paths}
    (finding,) = find_in_gates(CELL, both)
    assert (finding.subject, finding.sentence) == (
        "forget gate",
        "The forget gate's gradient has the opposite sign.",
    )
    unread = right | {("dzi", "dc_next"): ("?", "")}
    (finding,) = find_in_gates(CELL, unread)
    assert not finding.exact and finding.sentence.endswith("is wrong on the path through `dc_next`.")
