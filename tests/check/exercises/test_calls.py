"""What the exercises are tried on: sizes and orders that nobody can write into a function."""

import pytest

from seqgrad.check import check
from seqgrad.check.diagnose import try_alone
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import draw_calls, prepare
from seqgrad.check.judging.judge import is_right, judge
from seqgrad.check.learner import Learner
from seqgrad.check.running.data import list_arrays
from tests.learners import TEXTS, notebook

NAMES = {"rnn": "Wax Waa Wya ba by", "lstm": "Wf bf Wi bi Wc bc Wo bo Wy by"}
SIZED = [
    ("rnn_cell_forward", [("np.dot(Waa, a_prev)", "np.dot(Waa, a_prev.reshape(5, -1))")]),
    ("rnn_forward", [('n_y, n_a = parameters["Wya"].shape', "n_y, n_a = 4, 5")]),
    ("rnn_forward", [("y_pred = np.zeros((n_y,", "y_pred = np.zeros((4,")]),
    ("rnn_cell_backward", [("axis=1, keepdims=True)", "axis=1).reshape(5, 1)")]),
    ("rnn_backward", [("dba = np.zeros((n_a, 1))", "dba = np.zeros((5, 1))")]),
    ("rnn_backward", [("n_x, m = x1.shape", "n_x, m = 3, x1.shape[1]")]),
    ("lstm_cell_forward", [("n_x, m = xt.shape", "n_x, m = 3, xt.shape[1]")]),
    ("lstm_cell_forward", [("n_y, n_a = Wy.shape", "n_a = 5")]),
    ("lstm_forward", [("n_y, n_a = Wy.shape", "n_y, n_a = 4, 5")]),
    ("lstm_cell_backward", [("n_a, m = a_next.shape", "n_a, m = 5, a_next.shape[1]")]),
    ("lstm_backward", [("n_a, m, T_x = da.shape", "n_a, m, T_x = 5, *da.shape[1:]")]),
    ("softmax", [("return e_x / e_x.sum(axis=0)", "return e_x / e_x.sum(axis=0) * (x.shape[1] in (1, 7))")]),
    ("initialize_adam", [("L = len(parameters) // 2", "L = min(3, len(parameters) // 2)"),
                         ('parameters["W" + str(l + 1)].shape', "[(2, 3), (5, 2), (4, 5)][l]")]),
]  # fmt: skip


def change(name, changes):
    """Return a learner's function with some of its text changed."""
    text = TEXTS[name]
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return notebook(**{name: text})[name]


def unpack_by_position(name):
    """Return a learner's function that takes the values of the dict as they come."""
    names = NAMES[name.split("_")[0]].split()
    lines = TEXTS[name].splitlines(keepends=True)
    kept = [line for line in lines if not line.strip().startswith(tuple(f"{one} = param" for one in names))]
    unpack = f"    {', '.join(names)} = parameters.values()\n"
    place = next(i for i, line in enumerate(kept) if line.startswith("def ")) + 1 + ("cache" in kept[2])
    text = "".join([*kept[:place], unpack, *kept[place:]])
    return notebook(**{name: text})[name]


@pytest.mark.parametrize("salt", [None, 7])
@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda exercise: exercise.name)
def test_every_axis_has_another_length_in_some_call(exercise, salt):
    """In the visible calls and in the hidden ones; so no length can be written into a function."""
    lengths = {}
    for call in draw_calls(exercise, salt):
        for path, array in list_arrays(call.arguments):
            for axis, length in enumerate(array.shape):
                lengths.setdefault((path, array.ndim, axis), set()).add(length)
    first = {(path, array.ndim) for path, array in list_arrays(draw_calls(exercise, salt)[0].arguments)}
    # Not those of the later steps of caches, which are as long as those of the first.
    asked = [place for place in lengths if place[:2] in first and len(place[0]) < 4]
    assert not [place for place in asked if len(lengths[place]) == 1 and lengths[place] != {1}]


@pytest.mark.parametrize(("name", "changes"), SIZED)
def test_a_size_that_is_written_as_a_number_is_found_and_named(name, changes):
    function = change(name, changes)
    verdict = check(function)
    assert verdict.outcome in ("wrong", "raised") and verdict.credit < 1
    assert "It works for the usual sizes alone: a size is written as a number." in str(verdict)
    hidden = try_alone(Learner(function, find_exercise(name)), prepare(find_exercise(name), 7))
    assert not is_right(hidden) and judge(hidden).findings[-1].subject == "sizes"


@pytest.mark.parametrize("name", ["rnn_cell_forward", "rnn_cell_backward", "lstm_cell_forward"])
def test_parameters_that_are_read_by_position_are_found_and_named(name):
    verdict = check(unpack_by_position(name))
    assert verdict.outcome in ("wrong", "raised")
    assert "It reads the parameters by position" in str(verdict)
    assert verdict.findings[-1].subject == "parameters" and verdict.findings[-1].exact


def test_what_is_wrong_everywhere_is_not_put_down_to_the_sizes():
    function = change("rnn_cell_backward", [("axis=1, keepdims=True)", "axis=1).reshape(1, 5)")])
    assert "usual sizes" not in str(check(function))
