"""The loss is a mean surprise; its gradient is prediction minus target, and reaches every weight."""

import math

import numpy as np
import pytest

from seqgrad.activations import softmax
from seqgrad.gradcheck import complex_step, relative_errors
from seqgrad.output import cross_entropy_backward, cross_entropy_forward, output_backward

N_A, N_Y, M, T_X = 5, 4, 3, 6


@pytest.fixture
def scores():
    return np.random.default_rng(0).standard_normal((N_Y, M, T_X))


@pytest.fixture
def y():
    """Return targets of sequences with 6, 4 and 1 steps; the columns after that are zeros."""
    codes = np.random.default_rng(1).integers(N_Y, size=(M, T_X))
    lengths = np.array([6, 4, 1])[:, np.newaxis]
    present = np.arange(T_X) < lengths
    return (np.arange(N_Y)[:, np.newaxis, np.newaxis] == codes) * present.astype(float)


def test_the_loss_is_the_mean_surprise_of_the_columns_that_have_a_target(scores, y):
    y_pred = softmax(scores)
    loss, _ = cross_entropy_forward(y_pred, y)
    surprise = [-math.log(y_pred[entry]) for entry in zip(*np.nonzero(y), strict=True)]
    assert len(surprise) == 11
    assert loss == pytest.approx(math.fsum(surprise) / 11, rel=1e-14)  # eleven roundings of the sum


def test_even_predictions_cost_the_logarithm_of_the_number_of_classes(y):
    loss, _ = cross_entropy_forward(np.full((N_Y, M, T_X), 1 / N_Y), y)
    assert loss == pytest.approx(math.log(N_Y), rel=1e-14)


def test_a_perfect_prediction_costs_nothing(y):
    assert cross_entropy_forward(y, y)[0] == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_loss_of_a_saturated_wrong_prediction_is_finite(dtype):
    y = np.array([1.0, 0.0], dtype).reshape(2, 1, 1)
    loss, cache = cross_entropy_forward(softmax(np.array([-1000, 1000], dtype).reshape(2, 1, 1)), y)
    assert loss == pytest.approx(-math.log(np.finfo(dtype).tiny), rel=1e-6)
    np.testing.assert_array_equal(cross_entropy_backward(cache).ravel(), [-1, 1])


def test_padding_changes_neither_the_loss_nor_the_gradient(scores, y):
    wider = ((0, 0), (0, 2), (0, 3))
    loss, cache = cross_entropy_forward(softmax(scores), y)
    padded, padded_cache = cross_entropy_forward(softmax(np.pad(scores, wider)), np.pad(y, wider))
    # The sums run over other lengths, which may round differently.
    assert padded == pytest.approx(loss, rel=1e-14)
    dz = cross_entropy_backward(padded_cache)
    np.testing.assert_allclose(dz[:, :M, :T_X], cross_entropy_backward(cache), rtol=1e-14)
    assert not dz[:, M:].any()
    assert not dz[:, :, T_X:].any()


def test_the_gradient_at_the_scores_is_the_derivative_of_the_loss(scores, y):
    _, cache = cross_entropy_forward(softmax(scores), y)
    exact = complex_step(lambda arrays: cross_entropy_forward(softmax(arrays["z"]), y)[0], {"z": scores})
    # Exact to rounding: a softmax, a logarithm and a sum of eleven.
    assert relative_errors(exact, {"dz": cross_entropy_backward(cache)})["dz"] < 1e-14


def test_each_column_of_the_gradient_sums_to_zero_and_is_zero_without_a_target(scores, y):
    dz = cross_entropy_backward(cross_entropy_forward(softmax(scores), y)[1])
    np.testing.assert_allclose(dz.sum(axis=0), 0, atol=1e-16)  # entries are below 1/11
    absent = ~y.any(axis=0)
    assert absent.sum() == 7
    assert not dz[:, absent].any()
    assert dz[:, ~absent].all()


@pytest.mark.parametrize("name", ["Wya", "Wy"])
def test_the_output_layers_gradients_are_the_derivatives_of_the_loss(y, name):
    rng = np.random.default_rng(2)
    arrays = {
        "a": rng.standard_normal((N_A, M, T_X)),
        name: rng.standard_normal((N_Y, N_A)),
        "by": rng.standard_normal((N_Y, 1)),
    }

    def predict(arrays):
        z = np.einsum("yn,nmt->ymt", arrays[name], arrays["a"]) + arrays["by"][:, :, np.newaxis]
        return softmax(z)

    dz = cross_entropy_backward(cross_entropy_forward(predict(arrays), y)[1])
    gradients = output_backward(dz, arrays["a"], arrays)
    assert set(gradients) == {"da", "d" + name, "dby"}
    exact = complex_step(lambda moved: cross_entropy_forward(predict(moved), y)[0], arrays)
    assert max(relative_errors(exact, gradients).values()) < 1e-13  # sums over 18 columns


def test_the_output_layers_weight_gradients_add_up_over_steps_and_examples():
    rng = np.random.default_rng(3)
    dz, a = rng.standard_normal((N_Y, M, T_X)), rng.standard_normal((N_A, M, T_X))
    parameters = {"Wy": rng.standard_normal((N_Y, N_A))}
    together = output_backward(dz, a, parameters)
    parts = [
        output_backward(dz[:, j : j + 1, t : t + 1], a[:, j : j + 1, t : t + 1], parameters)
        for j, t in np.ndindex(M, T_X)
    ]
    for name in ("dWy", "dby"):
        np.testing.assert_allclose(together[name], sum(part[name] for part in parts), rtol=0, atol=1e-13)
    for part, (j, t) in zip(parts, np.ndindex(M, T_X), strict=True):
        np.testing.assert_allclose(together["da"][:, j, t], part["da"][:, 0, 0], rtol=0, atol=1e-14)


def test_float32_stays_and_arguments_stay_as_they_were(scores, y):
    rng = np.random.default_rng(4)
    y_pred, y = softmax(scores).astype(np.float32), y.astype(np.float32)
    a = rng.standard_normal((N_A, M, T_X)).astype(np.float32)
    parameters = {"Wy": rng.standard_normal((N_Y, N_A)).astype(np.float32)}
    given = (y_pred, y, a, parameters["Wy"])
    before = [array.copy() for array in given]
    loss, cache = cross_entropy_forward(y_pred, y)
    dz = cross_entropy_backward(cache)
    gradients = output_backward(dz, a, parameters)
    assert loss.dtype == dz.dtype == np.float32
    assert {gradient.dtype for gradient in gradients.values()} == {np.dtype(np.float32)}
    for array, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert not any(np.shares_memory(new, old) for new in (dz, *gradients.values()) for old in given)


def test_what_does_not_fit_is_refused_in_one_sentence():
    p = np.full((2, 3, 4), 0.5)
    with pytest.raises(ValueError) as refusal:
        cross_entropy_forward(p, np.zeros_like(p))
    assert str(refusal.value) == "cross_entropy_forward: y has no target, all its columns are zero"
    with pytest.raises(ValueError) as refusal:
        cross_entropy_forward(p, p[:, :, 1:])
    expected = (
        "y has shape (2, 3, 3), but (n_y, m, T_x) with n_y = 2 and m = 3 and T_x = 4 as in y_pred is needed"
    )
    assert str(refusal.value) == f"cross_entropy_forward: {expected}"
    with pytest.raises(TypeError) as refusal:
        cross_entropy_backward((p,) + (p.astype(int),))
    expected = "y of cache holds int64, but floats are needed: use .astype(float)"
    assert str(refusal.value) == f"cross_entropy_backward: {expected}"
    with pytest.raises(ValueError) as refusal:
        output_backward(p, p, {"by": np.ones((2, 1))})
    assert str(refusal.value) == "output_backward: parameters lacks Wya or Wy; it has by"
