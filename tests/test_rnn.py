"""What is special to the RNN: the formulas of its cell, unit by unit, and its way back.

The laws that both networks obey are in test_networks.py.
"""

import functools
import math

import numpy as np
import pytest

from seqgrad.rnn import rnn_backward, rnn_cell_backward, rnn_cell_forward, rnn_forward
from tests.networks import RNN, SIZES, draw

N_X, N_A, N_Y, M = (SIZES[name] for name in ("n_x", "n_a", "n_y", "m"))


def by_hand(xt, a_prev, parameters, i, j):
    """Compute unit i for example j in plain Python."""
    Wax, Waa, ba = parameters["Wax"], parameters["Waa"], parameters["ba"]
    terms = [Wax[i, k] * xt[k, j] for k in range(N_X)] + [Waa[i, k] * a_prev[k, j] for k in range(N_A)]
    return math.tanh(math.fsum(terms) + ba[i, 0])


@pytest.mark.parametrize("seed", range(3))
def test_each_unit_is_the_tanh_of_input_state_and_bias(seed):
    xt, a_prev, parameters = RNN.step(seed)
    a_next, yt_pred, _ = rnn_cell_forward(xt, a_prev, parameters)
    for i, j in np.ndindex(N_A, M):
        # Nine terms of size 1, added in another order.
        assert a_next[i, j] == pytest.approx(by_hand(xt, a_prev, parameters, i, j), rel=1e-13)
    for j in range(M):
        terms = parameters["Wya"] * a_next[:, j]
        exponentials = [math.exp(math.fsum(terms[k]) + parameters["by"][k, 0]) for k in range(N_Y)]
        shares = [value / math.fsum(exponentials) for value in exponentials]
        np.testing.assert_allclose(yt_pred[:, j], shares, rtol=1e-13)


def test_a_step_back_reads_the_slope_off_the_cached_state():
    """One unit, one input, one example, numbers that can be checked in the head."""
    parameters = {"Wax": np.array([[3.0]]), "Waa": np.array([[5.0]])}
    cache = (np.array([[0.5]]), np.array([[7.0]]), np.array([[11.0]]), parameters)
    gradients = rnn_cell_backward(np.array([[4.0]]), cache)
    # dz = 4 (1 - 0.5²) = 3, and every gradient is 3 times what stood beside z.
    assert {name: value.item() for name, value in gradients.items()} == {
        "dxt": 9.0, "da_prev": 15.0, "dWax": 33.0, "dWaa": 21.0, "dba": 3.0
    }  # fmt: skip


def test_a_saturated_unit_passes_nothing_back():
    xt, a_prev, parameters = RNN.step(0)
    parameters["ba"][2] = 1000.0
    cache = rnn_cell_forward(xt, a_prev, parameters)[-1]
    da_next = np.zeros((N_A, M))
    da_next[2] = 1.0
    for name, gradient in rnn_cell_backward(da_next, cache).items():
        np.testing.assert_array_equal(gradient, np.zeros_like(gradient), err_msg=name)


def test_a_unit_near_zero_passes_everything_back():
    xt, a_prev, parameters = RNN.step(0)
    small = {name: 1e-9 * value for name, value in parameters.items()}
    cache = rnn_cell_forward(xt, a_prev, small)[-1]
    da_next = RNN.upstream(0)[:, :, 0]
    gradients = rnn_cell_backward(da_next, cache)
    # tanh(z) = z - z³/3: at z of 1e-8 the slope is 1 to all digits.
    np.testing.assert_allclose(gradients["dba"], da_next.sum(axis=1, keepdims=True), rtol=1e-14)
    np.testing.assert_allclose(gradients["dWax"], da_next @ xt.T, rtol=1e-14)


def test_weight_gradients_are_outer_products_for_a_single_example():
    cache = rnn_cell_forward(*RNN.step(0, m=1))[-1]
    gradients = rnn_cell_backward(RNN.upstream(0, m=1)[:, :, 0], cache)
    _, a_prev, xt, _ = cache
    np.testing.assert_array_equal(gradients["dWax"], gradients["dba"] * xt.T)
    np.testing.assert_array_equal(gradients["dWaa"], gradients["dba"] * a_prev.T)


@pytest.mark.parametrize("split", range(1, 6))
def test_a_sequence_may_be_run_and_pulled_back_in_two_parts(split):
    x, a0, parameters = RNN.sequence(1)
    da = RNN.upstream(1)
    a, y_pred, caches = rnn_forward(x, a0, parameters)
    early = rnn_forward(x[:, :, :split], a0, parameters)
    late = rnn_forward(x[:, :, split:], early[0][:, :, -1], parameters)
    # NumPy 2.0 sums the products of some strided slices in another order: eight terms of about 1, rounded at
    # 1e-16, and six steps that hand the rounding on.
    rounded = functools.partial(np.testing.assert_allclose, rtol=0, atol=1e-14)
    rounded(np.dstack([early[0], late[0]]), a)
    rounded(np.dstack([early[1], late[1]]), y_pred)

    whole = rnn_backward(da, caches)
    second = rnn_backward(da[:, :, split:], late[-1])
    da_early = da[:, :, :split].copy()
    da_early[:, :, -1] += second["da0"]
    first = rnn_backward(da_early, early[-1])
    rounded(np.dstack([first["dx"], second["dx"]]), whole["dx"])
    rounded(first["da0"], whole["da0"])
    for name in ("dWax", "dWaa", "dba"):
        # Two sums of a few steps each, added last: one rounding more.
        np.testing.assert_allclose(first[name] + second[name], whole[name], rtol=0, atol=1e-13)


def test_the_gradient_goes_through_the_recurrent_weights_once_for_each_step():
    """With states near zero the way back is linear: da0 = (Waaᵀ)^T times the last gradient."""
    x, a0, parameters = RNN.sequence(0)
    x, a0 = 1e-9 * x, 1e-9 * a0
    parameters = parameters | {"ba": 1e-9 * parameters["ba"]}
    da = np.zeros_like(RNN.upstream(0))
    da[:, :, -1] = draw(5, {"u": "n_a m"})["u"]
    gradients = rnn_backward(da, rnn_forward(x, a0, parameters)[-1])
    straight = np.linalg.matrix_power(parameters["Waa"].T, x.shape[2]) @ da[:, :, -1]
    # Slopes are 1 - z², with z of 1e-6 at most after six steps.
    np.testing.assert_allclose(gradients["da0"], straight, rtol=1e-9)
