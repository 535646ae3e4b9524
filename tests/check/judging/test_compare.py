"""Yours beside expected: the first property that fails is told, at its place, in a learner's words."""

import numpy as np
import pytest

from seqgrad.check import Exercise
from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.trial import Trial, prepare
from seqgrad.check.judging.compare import find_differences, list_outputs, locate
from seqgrad.check.judging.parts import (
    choose_call,
    choose_tolerance,
    find_constant,
    find_misnamed,
    merge_findings,
)
from seqgrad.check.running.data import Call, Foreign, Result
from seqgrad.check.verdict import Finding

ONE = Exercise("one", np.negative, [(np.ones((2, 3)),)])
EXPECTED = np.arange(6.0).reshape(2, 3)


def say(got, expected=EXPECTED, **more):
    """Return (problem, sentence) of the one difference."""
    (difference,) = find_differences(ONE, expected, got, **more)
    return difference.problem, difference.sentence


@pytest.mark.parametrize(
    ("got", "problem", "sentence"),
    [
        (None, "shape", "is None, but an array of shape (2, 3) is expected."),
        (Foreign("a function"), "shape", "is a function, but an array of shape (2, 3) is expected."),
        ([1, 2], "shape", "is a list of 2, but an array of shape (2, 3) is expected."),
        (EXPECTED.T, "shape", "has shape (3, 2), but (2, 3) is expected."),
        (EXPECTED.astype(int), "dtype", "holds int64, but floats are expected."),
        (
            np.where(EXPECTED > 0, np.inf, np.nan),
            "not finite",
            "is nan and inf in 6 of 6 entries, first at [0, 0].",
        ),
        (EXPECTED + [0, 0, np.inf], "not finite", "is inf in 2 of 6 entries, first at [0, 2]."),
        (
            EXPECTED + [[0, 0, 0], [0, 1, 3]],
            "value",
            "differs in 2 of 6 entries, most at [1, 2]: yours 8, expected 5.",
        ),
        (0 * EXPECTED, "value", "differs in 5 of 6 entries: all are zero; at [1, 2]: yours 0, expected 5."),
    ],
)
def test_the_first_property_that_fails_is_told(got, problem, sentence):
    assert say(got) == (problem, f"The result {sentence}")


def test_where_only_finite_numbers_are_asked_for_any_will_do():
    assert not find_differences(ONE, EXPECTED, EXPECTED + 7, finite=True)
    assert (
        say(EXPECTED * np.nan, finite=True)[0] == "not finite" and say(EXPECTED.T, finite=True)[0] == "shape"
    )


def test_a_tuple_of_another_length_is_not_looked_into():
    assert say([(1.0, 2.0)], [(1.0, 2.0, 3.0)]) == ("shape", "`result[0]` has 2 entries, but 3 are expected.")


def test_where_none_is_expected_anything_else_is_told():
    assert not find_differences(ONE, None, None)
    assert say(2.0, None) == ("shape", "The result is a float, but None is expected.")


def test_a_number_may_be_an_array_without_axes_and_the_other_way_round():
    for got in (2.0, 2, np.array(2.0)):
        assert not find_differences(ONE, np.array(2.0), got) and not find_differences(ONE, 2.0, got)
    assert say(3.0, 2.0) == ("value", "The result is 3, but 2 is expected.")
    assert say(True, 2.0)[0] == "shape" and say(10**400, 2.0)[0] == "not finite"


@pytest.mark.parametrize(
    ("exercise", "path", "name", "meaning"),
    [
        ("lstm_cell_forward", (3, 3), "cache[3]", "c_prev"),
        ("lstm_cell_forward", (3, 9, "Wf"), 'cache[9]["Wf"]', "parameters"),
        ("lstm_forward", (3, 0, 4, 3), "caches[0][t][3]", "c_prev"),
        ("lstm_forward", (3, 0, 4), "caches[0][t]", ""),
        ("lstm_forward", (3, 1), "caches[1]", ""),
        ("rnn_forward", (1,), "y_pred", ""),
        ("rnn_backward", ("dWax",), "dWax", ""),
        ("initialize_adam", (1, "dW1"), 's["dW1"]', ""),
        ("softmax", (), "the result", ""),
        ("cross_entropy_backward", (), "dz", ""),
    ],
)
def test_an_array_is_called_as_a_learner_would_write_it(exercise, path, name, meaning):
    place = locate(find_exercise(exercise), path)
    assert (place.name, place.meaning) == (name, meaning)


def test_the_same_part_of_several_steps_is_told_once_with_its_steps():
    trial = prepare(find_exercise("lstm_forward"))
    a, y, c, (steps, x) = trial.expected[0].value
    wrong = [(*step[:3], step[3] + (t in (1, 4)), *step[4:]) for t, step in enumerate(steps)]
    (difference,) = find_differences(trial.exercise, trial.expected[0].value, (a, y, c, (wrong, x)))
    assert (difference.name, difference.meaning, difference.steps) == ("caches[0][t][3]", "c_prev", (1, 4))
    assert difference.sentence.startswith("`caches[0][1][3]` (c_prev) differs in 35 of 35 entries")
    outputs = list_outputs(trial.exercise, trial.expected[0].value, [difference])
    assert [output.right for output in outputs] == [True, True, True, False]


def test_the_call_that_shows_most_is_the_smallest_in_which_most_is_wrong():
    values = [{"a": np.ones(4), "b": np.ones(2)}, {"a": np.ones(2), "b": np.ones(2)}]
    exercise = Exercise("f", np.negative, [(np.ones(4),), (np.ones(2),), (np.ones(1),)])
    trial = prepare(exercise)
    given = [Result(values[0]), Result(values[1]), Result(values[0])]
    results = [Result({name: -value for name, value in result.value.items()}) for result in given]
    trial = Trial(exercise, trial.calls, tuple(given), tuple(results))
    assert choose_call(trial, 1e-9) == 2
    assert choose_call(trial.with_results([*results[:2], given[2]]), 1e-9) == 1
    assert choose_call(trial.with_results(given), 1e-9) is None
    finite = Trial(exercise, (*trial.calls[:2], Call((1.0,), finite=True)), tuple(given), tuple(results))
    assert choose_call(finite, 1e-9) == 1


def test_a_learner_who_computes_in_float32_is_measured_in_its_digits():
    exercise = Exercise("f", np.sin, [(np.linspace(0, 1, 9),)])
    trial = prepare(exercise)
    right = trial.expected[0].value
    for value, tolerance in ((right, 1e-9), (right.astype("f4").astype(float), 1e-5), (2 * right, 1e-9)):
        assert choose_tolerance(trial.with_results([Result(value)])) == tolerance


def test_a_part_under_another_name_is_found_and_findings_that_say_the_same_are_one():
    right = {"dx": np.ones(2), "da": np.zeros(2)}
    finding = find_misnamed({"dX": np.ones(2), "da": np.zeros(2)}, right, 1e-9)
    assert finding.sentence == "`dx` is missing from the dict; what it should hold stands under `dX`."
    assert find_misnamed({"dx": np.ones(2), "da": np.ones(2)}, right, 1e-9) is None
    same = [Finding(name, "sign", f"`{name}` has the opposite sign.", True) for name in ("dx", "da")]
    (merged,) = merge_findings(same)
    assert (merged.subject, merged.sentence) == ("dx, da", "`dx`, `da` have the opposite sign.")


@pytest.mark.parametrize(
    ("factor", "said"), [(2.0, "multiplied by 2"), (1 / 7, "divided by 7"), (-3, "by -3")]
)
def test_a_result_that_is_off_by_a_constant_is_told_so(factor, said):
    """If it is the same factor in all calls; one that differs by size is none."""
    exercise = Exercise(
        "double", lambda x: 2 * x, [(np.arange(1.0, 4.0),), (np.arange(2.0, 7.0),)], returns="y"
    )
    trial = prepare(exercise)
    by_size = [Result(right.value * right.value.size) for right in trial.expected]
    assert find_constant(trial.with_results(by_size), 1e-9) == ()
    same = [Result(factor * right.value) for right in trial.expected]
    (finding,) = find_constant(trial.with_results(same), 1e-9)
    assert finding.exact and said in finding.sentence
