"""The small transformer: the future does not reach the past, and the way back takes every path."""

import numpy as np
import pytest

from seqgrad.activations import softmax
from seqgrad.gradcheck import complex_step, relative_errors
from seqgrad.initialize import transformer_parameters
from seqgrad.transformer import (
    PARAMETERS,
    attention_weights,
    positions,
    transformer_backward,
    transformer_forward,
)
from tests.marks import sample
from tests.networks import cast, draw, every_array

SIZES = {"n_x": 3, "n_a": 8, "n_h": 7, "n_y": 4, "m": 2, "T_x": 6}
M, T_X = SIZES["m"], SIZES["T_x"]


def arguments(seed, **sizes):
    """Draw x and the parameters, none of them zero."""
    sizes = SIZES | sizes
    return draw(seed, {"x": "n_x m T_x"}, **sizes)["x"], draw([seed, 1], PARAMETERS, **sizes)


def upstream(seed, **sizes):
    return draw([seed, 2], {"da": "n_a m T_x"}, **SIZES | sizes)["da"]


@pytest.mark.parametrize("n_heads", sample([2, 1, 4], 3))
def test_the_way_back_agrees_with_complex_step_derivatives(n_heads):
    x, parameters = arguments(0)
    da = upstream(0)
    _, _, caches = transformer_forward(x, parameters, n_heads)
    inner = {name: value for name, value in parameters.items() if name not in ("Wy", "by")}

    def loss(moved):
        return np.sum(da * transformer_forward(moved["x"], parameters | moved, n_heads)[0])

    exact = complex_step(loss, {"x": x} | inner)
    gradients = transformer_backward(da, caches)
    assert gradients.keys() == exact.keys()
    # Some thousand products on the way through six layers.
    assert max(relative_errors(exact, gradients).values()) < 1e-11


def test_predictions_are_the_softmax_of_what_the_output_layer_makes_of_each_step():
    x, parameters = arguments(0)
    a, y, _ = transformer_forward(x, parameters)
    assert a.shape == (SIZES["n_a"], M, T_X)
    for t in range(T_X):
        expected = softmax(parameters["Wy"] @ a[:, :, t] + parameters["by"])
        np.testing.assert_allclose(y[:, :, t], expected, rtol=1e-12)  # sums in another order


@pytest.mark.parametrize("t", range(T_X))
def test_the_future_does_not_reach_the_past(t):
    x, parameters = arguments(0)
    moved = x.copy()
    moved[:, :, t] += 0.1
    before, after = transformer_forward(x, parameters), transformer_forward(moved, parameters)
    for mine, other in zip(before[:2], after[:2], strict=True):
        np.testing.assert_array_equal(mine[:, :, :t], other[:, :, :t])
        assert np.all(np.any(mine[:, :, t:] != other[:, :, t:], axis=(0, 1)))

    da = np.zeros_like(upstream(0))
    da[:, :, t] = upstream(0)[:, :, t]
    dx = transformer_backward(da, before[2])["dx"]
    assert np.all(np.any(dx[:, :, : t + 1] != 0, axis=(0, 1)))
    assert not dx[:, :, t + 1 :].any()


def test_the_order_of_the_inputs_matters_though_attention_alone_does_not_see_it():
    x, parameters = arguments(0)
    earlier = x[:, :, [1, 0, 2, 3, 4, 5]]
    last, other = (transformer_forward(each, parameters)[0][:, :, -1] for each in (x, earlier))
    assert not np.allclose(last, other)


def test_each_example_is_computed_as_if_it_were_alone():
    x, parameters = arguments(0)
    da = upstream(0)
    a, y, caches = transformer_forward(x, parameters)
    gradients = transformer_backward(da, caches)
    total = dict.fromkeys(gradients, 0)
    for i in range(M):
        own_a, own_y, own = transformer_forward(x[:, [i]], parameters)
        np.testing.assert_allclose(own_a, a[:, [i]], rtol=0, atol=1e-12)
        np.testing.assert_allclose(own_y, y[:, [i]], rtol=0, atol=1e-12)
        parts = transformer_backward(da[:, [i]], own)
        np.testing.assert_allclose(parts["dx"], gradients["dx"][:, [i]], rtol=0, atol=1e-12)
        total = {name: total[name] + parts[name] for name in total if name != "dx"}
    errors = relative_errors(total, gradients)
    assert max(errors.values()) < 1e-12


@pytest.mark.parametrize("n_a", [2, 8, 64])
def test_positions_turn_in_pairs_so_that_their_products_depend_on_the_distance_alone(n_a):
    marks = positions(n_a, 20)
    assert marks.shape == (n_a, 1, 20)
    np.testing.assert_array_equal(marks[:, 0, 0], np.tile([0.0, 1.0], n_a // 2))
    np.testing.assert_allclose(marks[:2, 0, 5], [np.sin(5), np.cos(5)], rtol=1e-15)
    products = np.einsum("ns,nt->st", marks[:, 0], marks[:, 0])
    for distance in range(20):
        along = np.diagonal(products, distance)
        np.testing.assert_allclose(along, along[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.diagonal(products), n_a / 2, rtol=1e-14)
    assert np.all(products[0, 1:] < products[0, 0])


def test_positions_turn_more_slowly_from_pair_to_pair_down_to_nearly_a_ten_thousandth():
    frequencies = np.arcsin(positions(64, 2)[::2, 0, 1])
    np.testing.assert_allclose(frequencies[1:] / frequencies[:-1], 10000 ** (-1 / 32), rtol=1e-9)
    assert frequencies[0] == pytest.approx(1)


def test_the_weights_of_the_heads_are_probabilities_over_what_has_been_read():
    x, parameters = arguments(0)
    weights = attention_weights(transformer_forward(x, parameters, n_heads=2)[2])
    assert weights.shape == (2, T_X, M, T_X)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-14)
    key, query = np.indices((T_X, T_X))
    seen = (weights > 0).all(axis=(0, 2))
    np.testing.assert_array_equal(seen, key <= query)


def test_float32_stays_float32_and_agrees_with_float64():
    x, parameters = arguments(0)
    da = upstream(0)
    exact = transformer_forward(x, parameters)
    found = transformer_forward(*cast((x, parameters), np.float32))
    gradients = [transformer_backward(da, exact[2]), transformer_backward(da.astype(np.float32), found[2])]
    for one, other in zip(
        every_array([*exact, gradients[0]]), every_array([*found, gradients[1]]), strict=True
    ):
        assert other.dtype == np.float32
        # float32 rounds at 6e-8; six layers let it grow.
        np.testing.assert_allclose(other, one, rtol=0, atol=1e-4 * max(1, np.abs(one).max()))


def test_no_argument_is_changed_and_a_second_call_gives_the_same():
    x, parameters = arguments(0)
    first = transformer_forward(x, parameters)
    gradients = transformer_backward(upstream(0), first[2])
    second = transformer_forward(x, parameters)
    again = transformer_backward(upstream(0), second[2])
    pairs = zip(every_array([*first, gradients]), every_array([*second, again]), strict=True)
    assert all(np.array_equal(mine, other) for mine, other in pairs)
    assert all(map(np.array_equal, every_array([x, parameters]), every_array(arguments(0))))


def test_it_begins_with_a_vector_of_entries_of_size_one_for_each_character():
    parameters = transformer_parameters(np.random.default_rng(0), n_x=27, n_a=64, n_y=27)
    assert {name: value.shape for name, value in parameters.items()} == {
        name: tuple({"n_x": 27, "n_a": 64, "n_h": 128, "n_y": 27, "1": 1}[size] for size in shape.split())
        for name, shape in PARAMETERS.items()
    }
    # 1728 entries: the standard deviation is known to 1.7 %.
    assert parameters["We"].std() == pytest.approx(1, rel=0.05)
    for name, value in parameters.items():
        if name[0] == "W" and name != "We":
            assert value.std() * np.sqrt(value.shape[1]) == pytest.approx(1, rel=0.05)
        elif name[0] != "W":
            assert np.all(value == (1 if name.startswith("gamma") else 0))
