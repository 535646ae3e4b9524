"""What is special to layer normalization: what a column keeps, and what of its gradient is left.

The laws that it shares with attention are in test_layers.py.
"""

import math
import statistics

import numpy as np
import pytest

from seqgrad.layer_norm import layer_norm_backward, layer_norm_forward
from tests.layers import LAYERS
from tests.networks import draw

N_X, M, T_X = 5, 2, 6
SIZES = {"n_x": N_X, "m": M, "T_x": T_X}


def arguments(seed, **sizes):
    """Draw x, gamma and beta."""
    return tuple(LAYERS["layer norm"].arrays(seed, **sizes).values())


def upstream(seed=0, **sizes):
    return draw([seed, 2], {"u": "n_x m T_x"}, **SIZES | sizes)["u"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("epsilon", [1e-5, 0.5])
def test_each_column_loses_its_mean_and_is_divided_by_its_standard_deviation(seed, epsilon):
    x, gamma, beta = arguments(seed)
    out, (x_hat, std, kept) = layer_norm_forward(x, gamma, beta, epsilon)
    assert kept is gamma
    assert std.shape == (1, M, T_X)
    for i, t in np.ndindex(M, T_X):
        column = x[:, i, t].tolist()
        mean, deviation = statistics.fmean(column), math.sqrt(statistics.pvariance(column) + epsilon)
        assert std[0, i, t] == pytest.approx(deviation, rel=1e-14)
        normalized = [(value - mean) / deviation for value in column]
        # Five numbers of size 1, added in another order.
        np.testing.assert_allclose(x_hat[:, i, t], normalized, rtol=0, atol=1e-14)
        expected = [gamma[row, 0] * normalized[row] + beta[row, 0] for row in range(N_X)]
        np.testing.assert_allclose(out[:, i, t], expected, rtol=0, atol=1e-13)


def test_epsilon_is_1e_5_unless_it_is_given():
    x, gamma, beta = arguments(0)
    default, given = layer_norm_forward(x, gamma, beta), layer_norm_forward(x, gamma, beta, epsilon=1e-5)
    np.testing.assert_array_equal(default[0], given[0])


def test_a_step_back_in_numbers_that_can_be_checked_in_the_head():
    """Three features, one column; the cache need not come from a forward pass."""
    x_hat, std = np.array([1.0, -2.0, 1.0]).reshape(3, 1, 1), np.full((1, 1, 1), 4.0)
    gamma, dout = np.array([[2.0], [3.0], [5.0]]), np.array([3.0, 1.0, 6.0]).reshape(3, 1, 1)
    dx, dgamma, dbeta = layer_norm_backward(dout, (x_hat, std, gamma))
    assert dgamma.ravel().tolist() == [3.0, -2.0, 6.0]
    assert dbeta.ravel().tolist() == [3.0, 1.0, 6.0]
    # dx_hat = [6, 3, 30] has mean 13; its product with x_hat, [6, -6, 30], has mean 10.
    assert dx.ravel().tolist() == [(6 - 13 - 10) / 4, (3 - 13 + 20) / 4, (30 - 13 - 10) / 4]


def test_normalized_columns_have_mean_0_and_nearly_variance_1():
    x, _, _ = arguments(0)
    _, (x_hat, std, _) = layer_norm_forward(x, np.ones((N_X, 1)), np.zeros((N_X, 1)))
    np.testing.assert_allclose(x_hat.mean(axis=0), 0, rtol=0, atol=1e-15)
    np.testing.assert_allclose(x_hat.var(axis=0), 1 - 1e-5 / std[0] ** 2, rtol=1e-13)


def test_a_column_may_be_moved_and_stretched_and_gives_the_same():
    x, gamma, beta = arguments(0)
    out, _ = layer_norm_forward(x, gamma, beta, epsilon=0)
    moved, _ = layer_norm_forward(3 * x + upstream()[:1], gamma, beta, epsilon=0)
    np.testing.assert_allclose(
        moved, out, rtol=0, atol=1e-12
    )  # a column of spread 1 moved by numbers of size 1


def test_a_gradient_neither_moves_nor_stretches_a_column():
    x, gamma, beta = arguments(0)
    _, cache = layer_norm_forward(x, gamma, beta, epsilon=0)
    dx, _, _ = layer_norm_backward(upstream(), cache)
    assert np.abs(dx).max() > 1
    np.testing.assert_allclose(dx.sum(axis=0), 0, rtol=0, atol=1e-13)
    np.testing.assert_allclose((dx * cache[0]).sum(axis=0), 0, rtol=0, atol=1e-13)


def test_a_larger_input_gets_a_smaller_gradient():
    x, gamma, beta = arguments(0)
    small, large = (layer_norm_forward(scale * x, gamma, beta, epsilon=0)[1] for scale in (1, 1000))
    mine, other = (layer_norm_backward(upstream(), cache)[0] for cache in (small, large))
    np.testing.assert_allclose(1000 * other, mine, rtol=1e-9)


def test_scale_and_shift_are_the_same_for_all_examples_and_steps():
    x, gamma, beta = arguments(0)
    cache = layer_norm_forward(x, gamma, beta)[1]
    dout = upstream()
    _, dgamma, dbeta = layer_norm_backward(dout, cache)
    parts = []
    for i, t in np.ndindex(M, T_X):
        own = layer_norm_forward(x[:, [i]][:, :, [t]], gamma, beta)[1]
        parts.append(layer_norm_backward(dout[:, [i]][:, :, [t]], own)[1:])
    dgammas, dbetas = zip(*parts, strict=True)
    np.testing.assert_allclose(dgamma, sum(dgammas), rtol=0, atol=1e-13)
    np.testing.assert_allclose(dbeta, sum(dbetas), rtol=0, atol=1e-13)


@pytest.mark.parametrize("value", [0.0, -3.5, 1e8])
def test_a_column_of_equal_features_gives_the_shift_and_a_gradient_that_is_finite(value):
    x, gamma, beta = arguments(0)
    x[:, 1, 2] = value
    out, cache = layer_norm_forward(x, gamma, beta)
    np.testing.assert_array_equal(out[:, 1, 2], beta[:, 0])
    dout = upstream()
    dx, _, _ = layer_norm_backward(dout, cache)
    dx_hat = (gamma[:, 0] * dout[:, 1, 2]) / math.sqrt(1e-5)
    np.testing.assert_allclose(dx[:, 1, 2], dx_hat - dx_hat.mean(), rtol=1e-12)


def test_a_single_feature_has_nothing_to_tell():
    x, gamma, beta = arguments(0, n_x=1)
    out, cache = layer_norm_forward(x, gamma, beta)
    np.testing.assert_array_equal(out, np.broadcast_to(beta[:, :, np.newaxis], out.shape))
    dx, dgamma, _ = layer_norm_backward(upstream(n_x=1), cache)
    assert not dx.any() and not dgamma.any()
