"""Adam moves in units of the gradient's own size; clipping bounds, by value or by norm."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from seqgrad.optimize import clip, clip_by_global_norm, initialize_adam, update_parameters_with_adam

EPS = np.finfo(float).eps
# Entries whose squares neither overflow nor underflow.
entries = st.floats(-1e100, 1e100).filter(lambda entry: entry == 0 or abs(entry) > 1e-100)
any_gradients = st.dictionaries(
    st.text("Wab_1", min_size=1, max_size=4),
    arrays(float, array_shapes(max_side=4), elements=entries),
    min_size=1,
)


def draw(seed, dtype=float, prefix=""):
    """Draw an array for each of three parameters, with names as in two different chapters."""
    rng = np.random.default_rng(seed)
    shapes = {"W1": (2, 3), "Waa": (5, 5), "ba": (5, 1)}
    return {prefix + name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def adam_by_hand(parameter, gradients, rate, beta1, beta2, epsilon):
    """Run Adam on one number with the averages written out as sums over all gradients so far."""
    for t in range(1, len(gradients) + 1):
        weights = [beta1 ** (t - k) * (1 - beta1) / (1 - beta1**t) for k in range(1, t + 1)]
        squares = [beta2 ** (t - k) * (1 - beta2) / (1 - beta2**t) for k in range(1, t + 1)]
        mean = math.fsum(w * g for w, g in zip(weights, gradients, strict=False))
        mean_square = math.fsum(w * g * g for w, g in zip(squares, gradients, strict=False))
        parameter -= rate * mean / (math.sqrt(mean_square) + epsilon)
    return parameter


def test_adam_starts_with_zeros_of_each_parameter():
    parameters = draw(0)
    for average in initialize_adam(parameters):
        assert list(average) == ["dW1", "dWaa", "dba"]
        for name, value in parameters.items():
            assert average["d" + name].shape == value.shape
            assert not average["d" + name].any()


def test_adams_averages_are_arrays_of_their_own():
    parameters = draw(0)
    v, s = initialize_adam(parameters)
    held = [*v.values(), *s.values(), *parameters.values()]
    assert not any(np.shares_memory(p, q) for i, p in enumerate(held) for q in held[:i])


def test_adam_keeps_float32():
    parameters, grads = draw(0, np.float32), draw(1, np.float32, "d")
    for held in (*initialize_adam(parameters), *adam(parameters, grads)):
        assert {array.dtype for array in held.values()} == {np.dtype(np.float32)}


def adam(parameters, grads, steps=1, **settings):
    """Take steps of Adam with the same gradients, from averages of zero."""
    v, s = initialize_adam(parameters)
    for t in range(1, steps + 1):
        parameters, v, s = update_parameters_with_adam(parameters, grads, v, s, t, **settings)
    return parameters, v, s


@pytest.mark.parametrize("scale", [1e-100, 1e-3, 1.0, 1e3, 1e100])
def test_the_first_step_has_the_size_of_the_learning_rate_whatever_the_scale(scale):
    parameters = draw(0)
    grads = {name: scale * gradient for name, gradient in draw(1, prefix="d").items()}
    moved, _, _ = adam(parameters, grads, learning_rate=0.5, epsilon=0.0)
    for name, before in parameters.items():
        # The entries are below 4, and so is what the subtraction rounds.
        np.testing.assert_allclose(
            moved[name] - before, -0.5 * np.sign(grads["d" + name]), rtol=0, atol=8 * EPS
        )


def test_steps_with_one_gradient_all_have_the_same_size():
    parameters, grads = draw(0), draw(1, prefix="d")
    moved, _, _ = adam(parameters, grads, steps=7, epsilon=0.0)
    for name, before in parameters.items():
        # Corrected averages of a constant are that constant: seven steps, a few roundings in each.
        np.testing.assert_allclose(moved[name], before - 0.07 * np.sign(grads["d" + name]), atol=100 * EPS)


def test_epsilon_stands_outside_the_root():
    parameters, grads = {"W": np.array([0.0])}, {"dW": np.array([1e-6])}
    moved, _, _ = adam(parameters, grads, learning_rate=1.0)
    # Under the root, 1e-8 would make the step 100 times as small.
    assert moved["W"][0] == pytest.approx(-1e-6 / (1e-6 + 1e-8), rel=1e-12)


def test_epsilon_makes_a_gradient_of_zero_a_step_of_zero():
    moved, _, _ = adam({"W": np.array([2.0])}, {"dW": np.array([0.0])})
    assert moved["W"][0] == 2


@pytest.mark.parametrize("settings", [{}, {"beta1": 0.5, "beta2": 0.75, "epsilon": 0.125}])
def test_five_steps_follow_the_averages_written_out(settings):
    rng = np.random.default_rng(2)
    gradients = rng.standard_normal((5, 3, 2)) * 10.0 ** rng.integers(-7, 3, (5, 3, 2))
    start = rng.standard_normal((3, 2))
    parameters = {"W": start}
    v, s = initialize_adam(parameters)
    for t in range(1, 6):
        parameters, v, s = update_parameters_with_adam(
            parameters, {"dW": gradients[t - 1]}, v, s, t, learning_rate=0.1, **settings
        )
    beta1, beta2, epsilon = ({"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8} | settings).values()
    for entry in np.ndindex(start.shape):
        expected = adam_by_hand(start[entry], gradients[:, *entry], 0.1, beta1, beta2, epsilon)
        # 1 - 0.999**t loses three digits in both.
        assert parameters["W"][entry] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_adams_averages_are_those_before_correction():
    grads = draw(1, prefix="d")
    _, v, s = adam(draw(0), grads, steps=3, beta1=0.5, beta2=0.75)
    for name, gradient in grads.items():
        np.testing.assert_allclose(v[name], (1 - 0.5**3) * gradient, rtol=4 * EPS)
        np.testing.assert_allclose(s[name], (1 - 0.75**3) * gradient**2, rtol=8 * EPS)


def test_the_defaults_are_those_that_the_assignment_states():
    parameters, grads = draw(0), draw(1, prefix="d")
    stated = {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    for default, spelt in zip(adam(parameters, grads, 3), adam(parameters, grads, 3, **stated), strict=True):
        assert all((default[name] == spelt[name]).all() for name in default)


def test_adam_leaves_its_arguments_alone_and_returns_arrays_of_its_own():
    parameters, grads = draw(0), draw(1, prefix="d")
    v, s = initialize_adam(parameters)
    given = (parameters, grads, v, s)
    before = [{name: array.copy() for name, array in held.items()} for held in given]
    returned = update_parameters_with_adam(*given, 1)
    for held, copy in zip(given, before, strict=True):
        assert all((held[name] == copy[name]).all() for name in copy)
    kept = [array for held in given for array in held.values()]
    assert not any(np.shares_memory(new, old) for held in returned for new in held.values() for old in kept)


def test_adam_ignores_gradients_without_a_parameter():
    parameters, grads = draw(0), draw(1, prefix="d")
    moved, v, s = adam(parameters, grads | {"dx": np.ones((3, 2, 4))})
    assert set(moved) == set(parameters)
    assert set(v) == set(s) == set(grads)


REFUSED = [
    ({"grads": {"db": np.ones(2)}}, ValueError, "grads lacks dW; it has db"),
    ({"grads": {}}, ValueError, "grads lacks dW; it has nothing"),
    ({"v": {}}, ValueError, "v lacks dW; it has nothing"),
    ({"s": {"dW": np.ones(3)}}, ValueError, 's["dW"] has shape (3,), but W has (2,)'),
    ({"grads": {"dW": np.ones((2, 1))}}, ValueError, 'grads["dW"] has shape (2, 1), but W has (2,)'),
    ({"t": 0}, ValueError, "t is 0, but steps count from 1"),
    (
        {"parameters": {"W": np.array([1, 2])}},
        TypeError,
        'parameters["W"] holds int64, but floats are needed: use .astype(float)',
    ),
    ({"grads": [1.0]}, TypeError, "grads is a list, but a dict of arrays is needed"),
]


@pytest.mark.parametrize(("changed", "error", "message"), REFUSED)
def test_adam_refuses_in_one_sentence(changed, error, message):
    ones = np.ones(2)
    given = {"parameters": {"W": ones}, "grads": {"dW": ones}, "v": {"dW": ones}, "s": {"dW": ones}, "t": 1}
    with pytest.raises(error) as refusal:
        update_parameters_with_adam(**given | changed)
    assert str(refusal.value) == f"update_parameters_with_adam: {message}"


@given(any_gradients, st.floats(0, 1e100))
def test_clip_moves_each_entry_to_the_nearest_allowed_one(gradients, bound):
    clipped = clip(gradients, bound)
    assert list(clipped) == list(gradients)
    for name, gradient in gradients.items():
        for entry in np.ndindex(gradient.shape):
            assert clipped[name][entry] == sorted([-bound, gradient[entry], bound])[1]


@given(any_gradients, st.floats(1e-100, 1e100))
def test_clip_by_global_norm_keeps_the_direction_and_bounds_the_length(gradients, bound):
    clipped, norm = clip_by_global_norm(gradients, bound)
    assert list(clipped) == list(gradients)
    assert norm == pytest.approx(math.hypot(*flat(gradients)), rel=1e-12)
    assert math.hypot(*flat(clipped)) <= bound * (1 + 1e-12)
    factor = min(1, bound / norm) if norm else 1
    for name, gradient in gradients.items():
        # A quotient and a product: a few roundings, or a subnormal result.
        np.testing.assert_allclose(clipped[name], factor * gradient, rtol=1e-12, atol=1e-300)


def test_clip_by_global_norm_counts_all_arrays_as_one_vector():
    gradients = {"dWaa": np.array([[3.0, 0.0], [4.0, 0.0]]), "dba": np.array([[12.0], [0.0]])}
    clipped, norm = clip_by_global_norm(gradients, 6.5)
    assert norm == 13
    np.testing.assert_array_equal(clipped["dWaa"], [[1.5, 0.0], [2.0, 0.0]])
    np.testing.assert_array_equal(clipped["dba"], [[6.0], [0.0]])


def test_clip_by_global_norm_returns_short_gradients_digit_for_digit():
    gradients = draw(3)
    clipped, _ = clip_by_global_norm(gradients, 1e3)
    assert all((clipped[name] == gradients[name]).all() for name in gradients)


def test_clip_by_global_norm_of_nothing_but_zeros_is_zero():
    clipped, norm = clip_by_global_norm({"dW": np.zeros((2, 3))}, 1.0)
    assert norm == 0
    assert not clipped["dW"].any()


@pytest.mark.parametrize("way", [clip, clip_by_global_norm])
@pytest.mark.parametrize("bound", [0.5, 1e3])
def test_clipping_gives_new_arrays_of_the_same_dtype(way, bound):
    gradients = draw(3, np.float32, "d")
    before = {name: gradient.copy() for name, gradient in gradients.items()}
    result = way(gradients, bound)
    clipped = result if way is clip else result[0]
    for name, gradient in gradients.items():
        assert clipped[name].dtype == np.float32
        assert not np.shares_memory(clipped[name], gradient)
        np.testing.assert_array_equal(gradient, before[name])


@pytest.mark.parametrize("way", [clip, clip_by_global_norm])
def test_clipping_refuses_what_is_not_an_array_of_floats(way):
    with pytest.raises(TypeError) as refusal:
        way({"dW": [1.0, 2.0]}, 1.0)
    assert (
        str(refusal.value)
        == f'{way.__name__}: gradients["dW"] is a list, but a NumPy array of floats is needed'
    )


@pytest.mark.parametrize(
    "way, bound, sentence",
    [
        (clip, -1.0, "clip: maxValue is -1.0, but it must not be negative"),
        (clip_by_global_norm, 0.0, "clip_by_global_norm: max_norm is 0.0, but it must be positive"),
    ],
)
def test_clipping_refuses_a_bound_that_is_none(way, bound, sentence):
    with pytest.raises(ValueError) as refusal:
        way({"dW": np.ones((2, 3))}, bound)
    assert str(refusal.value) == sentence


def flat(gradients):
    """Return all entries of all gradients in one list."""
    return [entry for gradient in gradients.values() for entry in gradient.ravel()]
