"""The testers of gradients, tested: what is right passes, and 2.001 for 2 does not."""

import functools

import numpy as np
import pytest

from seqgrad import gru, lstm, rnn
from seqgrad.gradcheck import (
    complex_step,
    format_table,
    gradient_table,
    relative_errors,
)
from tests.marks import sample
from tests.networks import transpose_gap

BACKWARD = [rnn.rnn_cell_backward, rnn.rnn_backward, lstm.lstm_cell_backward, lstm.lstm_backward]
BACKWARD += [gru.gru_cell_backward, gru.gru_backward]
GATES = [f"d{kind}{gate}" for gate in "fico" for kind in "Wb"]
GRU_GATES = [f"d{kind}{gate}" for gate in "urc" for kind in "Wb"]
GRADIENTS = {
    "rnn_cell_backward": ["dxt", "da_prev", "dWax", "dWaa", "dba"],
    "rnn_backward": ["dx", "da0", "dWax", "dWaa", "dba"],
    "lstm_cell_backward": ["dxt", "da_prev", "dc_prev", *GATES],
    "lstm_backward": ["dx", "da0", *GATES],
    "gru_cell_backward": ["dxt", "da_prev", *GRU_GATES],
    "gru_backward": ["dx", "da0", *GRU_GATES],
}
each_backward = pytest.mark.parametrize("backward", BACKWARD, ids=lambda function: function.__name__)


def changed(backward, changes):
    """Return a backward function with some of its gradients changed."""

    @functools.wraps(backward)
    def wrong(*arguments):
        gradients = backward(*arguments)
        return gradients | {name: change(gradients[name]) for name, change in changes.items()}

    return wrong


def test_a_complex_step_is_exact_to_rounding():
    x = np.array([[0.3, -2.0, 40.0]])
    slopes = complex_step(lambda arrays: np.sum(np.sin(arrays["x"]) * arrays["w"]), {"x": x, "w": 3 * x})
    np.testing.assert_allclose(slopes["dx"], np.cos(x) * 3 * x, rtol=1e-14)  # a few roundings
    np.testing.assert_allclose(slopes["dw"], np.sin(x), rtol=1e-14)


def test_a_complex_step_sees_a_slope_that_differences_drown():
    """Beside 1e8 any difference small enough to be exact is less than rounding."""
    x = np.array([1e-6])
    slope = complex_step(lambda arrays: np.sum(arrays["x"] ** 3 + 1e8), {"x": x})["dx"]
    np.testing.assert_allclose(slope, 3 * x**2, rtol=1e-14)


def test_a_complex_step_leaves_its_arrays_alone():
    arrays = {"x": np.array([1.0, 2.0])}
    complex_step(lambda moved: np.sum(moved["x"] ** 2), arrays)
    np.testing.assert_array_equal(arrays["x"], [1.0, 2.0])


def test_the_transpose_closes_the_gap_and_another_matrix_does_not():
    rng = np.random.default_rng(0)
    A, x, v, u = (rng.standard_normal(shape) for shape in [(4, 3), (3, 2), (3, 2), (4, 2)])

    def gap(factor):
        def backward(u):
            return factor * A.T @ (u * (1 - np.tanh(A @ x) ** 2))

        return transpose_gap(lambda x: np.tanh(A @ x), backward, x, v, u)

    assert gap(1) < 1e-13  # two sums of eight terms
    assert gap(2.001 / 2) == pytest.approx(0.001 / 2.001, rel=1e-9)
    assert gap(-1) == pytest.approx(2)


def test_no_gap_between_two_products_that_are_both_zero():
    zeros = np.zeros(3)
    assert transpose_gap(lambda x: 0 * x, lambda u: 0 * u, zeros, zeros, zeros) == 0


def test_the_relative_error_is_the_largest_difference_over_the_largest_entry():
    exact = {"dx": np.array([4.0, -2.0, 0.0]), "da": np.array([1.0])}
    computed = {"dx": np.array([4.0, -2.5, 0.1]), "da": np.array([1.0])}
    assert relative_errors(exact, computed) == {"dx": 0.125, "da": 0.0}


@pytest.mark.parametrize(
    "computed",
    [None, np.ones(4), np.ones((3, 1)), 1.0, np.array(["a", "b", "c"])],
    ids=["None", "longer", "a column", "a number", "text"],
)
def test_what_is_missing_or_of_another_shape_is_infinitely_far_off(computed):
    exact = {"dx": np.ones(3), "da": np.ones(2)}
    assert relative_errors(exact, {"dx": computed}) == {"dx": np.inf, "da": np.inf}


def test_two_gradients_of_zero_agree():
    assert relative_errors({"dx": np.zeros(3)}, {"dx": np.zeros(3)}) == {"dx": 0.0}


@each_backward
@pytest.mark.parametrize("seed", sample(range(3), 3))
def test_the_table_finds_nothing_wrong_with_seqgrad(backward, seed):
    errors = gradient_table(backward, seed=seed)
    assert errors.keys() == set(GRADIENTS[backward.__name__])
    assert max(errors.values()) < 1e-12  # sums of some hundred products


@each_backward
def test_the_table_says_how_far_each_gradient_is_off(backward):
    """The first by one in two thousand, the second by two, and so on: no two can be confused."""
    factors = {name: 1 + 0.0005 * i for i, name in enumerate(GRADIENTS[backward.__name__], start=1)}
    changes = {name: functools.partial(np.multiply, factor) for name, factor in factors.items()}
    # The error is relative to the larger of the two: to the changed one.
    exact = {name: (factor - 1) / factor for name, factor in factors.items()}
    assert gradient_table(changed(backward, changes)) == pytest.approx(exact, rel=1e-9)


@each_backward
def test_the_table_finds_the_gradients_that_are_not_there(backward):
    missing = GRADIENTS[backward.__name__][1::2]
    errors = gradient_table(changed(backward, dict.fromkeys(missing, lambda gradient: None)))
    assert {name for name, error in errors.items() if error == np.inf} == set(missing)
    assert max(error for name, error in errors.items() if name not in missing) < 1e-12


@each_backward
def test_a_function_by_another_name_says_which_it_is(backward):
    def mine(*arguments):
        return backward(*arguments)

    assert max(gradient_table(mine, name=backward.__name__).values()) < 1e-12
    with pytest.raises(ValueError) as refused:
        gradient_table(mine)
    assert str(refused.value) == (
        "gradient_table: mine is none of rnn_cell_backward, rnn_backward, lstm_cell_backward, lstm_backward, "
        "gru_cell_backward, gru_backward; say which it is with name="
    )


def test_the_table_reads_as_one_line_for_each_gradient():
    errors = {"dxt": 3e-16, "da_prev": 9.9e-10, "dWax": 0.0005, "dba": np.inf}
    assert format_table(errors).splitlines() == [
        "gradient   relative error",
        "dxt           below 1e-12  right",
        "da_prev             1e-09  right",
        "dWax                5e-04  WRONG",
        "dba                   inf  WRONG",
    ]


def test_the_tolerance_of_the_table_can_be_chosen():
    assert format_table({"dx": 1e-5}, tolerance=1e-4).endswith("1e-05  right")
    assert format_table({"dx": 1e-5}, tolerance=1e-6).endswith("1e-05  WRONG")


def test_a_gradient_that_is_not_a_number_is_wrong():
    errors = relative_errors({"dx": np.ones(2)}, {"dx": np.array([1.0, np.nan])})
    assert "WRONG" in format_table(errors)
