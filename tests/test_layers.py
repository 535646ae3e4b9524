"""What holds for attention and for layer normalization alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.gradcheck import STEP, complex_step, relative_errors
from tests.layers import LAYERS, N_HEADS
from tests.marks import sample
from tests.networks import cast, every_array

pytestmark = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
seeds = pytest.mark.parametrize("seed", sample(range(3), 3))
few = st.integers(1, 5)
multiples = st.integers(1, 3).map(lambda rows: rows * N_HEADS)
any_sizes = st.fixed_dictionaries(
    {name: few for name in ("n_x", "n_a", "m", "T_x", "T_q", "T_k")} | {"n_k": multiples, "n_v": multiples}
)

# A derivative is a sum of some hundred products, each rounded at 1e-16 of the largest entry.
ROUNDING = 1e-12


def assert_same(computed, exact, rtol=ROUNDING):
    """Compare dicts of gradients: the same names, and each array equal to its largest entry's rounding."""
    assert computed.keys() == exact.keys()
    errors = relative_errors(exact, computed)
    assert max(errors.values()) < rtol, errors


def floats(arrays):
    """Return the arrays at which there is a gradient: all but the mask."""
    return {name: array for name, array in arrays.items() if name != "mask"}


def examples(shapes, arrays, chosen):
    """Return the arrays of some of the examples; what all examples share stays."""
    return {name: array[:, chosen] if " m " in shapes[name] else array for name, array in arrays.items()}


@seeds
def test_the_way_back_agrees_with_complex_step_derivatives(layer, seed):
    arrays = layer.arrays(seed)
    dout = layer.upstream(seed, arrays)
    exact = complex_step(lambda moved: np.sum(dout * layer.forward(arrays | moved)[0]), floats(arrays))
    assert_same(layer.backward(dout, layer.forward(arrays)[1]), exact)


@given(sizes=any_sizes, seed=st.integers(0, 100))
def test_backward_is_the_transpose_of_forward(layer, sizes, seed):
    """<dout, J v> = <Jᵀ dout, v> in a random direction of each argument; J v by a complex step."""
    arrays = layer.arrays(seed, **sizes)
    dout = layer.upstream(seed, arrays)
    gradients = layer.backward(dout, layer.forward(arrays)[1])
    for name, array in floats(arrays).items():
        v = np.random.default_rng([seed, 3]).standard_normal(array.shape)
        moved = layer.forward(arrays | {name: array + 1j * STEP * v})[0]
        pushed = np.sum(dout * moved.imag) / STEP
        pulled = np.sum(gradients["d" + name] * v)
        # Both sums may cancel altogether, and each of their terms holds an entry of dout and one of v.
        assert abs(pushed - pulled) < ROUNDING * np.abs(dout).sum() * np.abs(v).sum()


@given(sizes=any_sizes)
def test_every_gradient_has_the_shape_of_its_array(layer, sizes):
    arrays = layer.arrays(0, **sizes)
    gradients = layer.backward(layer.upstream(0, arrays), layer.forward(arrays)[1])
    assert list(gradients) == ["d" + name for name in floats(arrays)]
    assert all(gradient.shape == arrays[name[1:]].shape for name, gradient in gradients.items())


@seeds
def test_backward_is_linear_in_the_gradient_that_comes_in(layer, seed):
    arrays = layer.arrays(seed)
    cache = layer.forward(arrays)[1]
    u, v = layer.upstream(seed, arrays), layer.upstream(seed + 100, arrays)
    mine, other = layer.backward(u, cache), layer.backward(v, cache)
    exact = {name: 3 * mine[name] - 2 * other[name] for name in mine}
    assert_same(layer.backward(3 * u - 2 * v, cache), exact)


@seeds
def test_each_example_is_computed_as_if_it_were_alone(layer, seed):
    arrays = layer.arrays(seed, m=3)
    dout, (out, cache) = layer.upstream(seed, arrays), layer.forward(arrays)
    together = layer.backward(dout, cache)
    alone = []
    for i in range(3):
        one = slice(i, i + 1)
        own, own_cache = layer.forward(examples(layer.shapes, arrays, one))
        np.testing.assert_allclose(own, out[:, one], rtol=0, atol=ROUNDING)
        alone.append(layer.backward(dout[:, one], own_cache))
    for name, gradient in together.items():
        parts = [gradients[name] for gradients in alone]
        expected = np.concatenate(parts, axis=1) if " m " in layer.shapes[name[1:]] else sum(parts)
        np.testing.assert_allclose(gradient, expected, rtol=0, atol=ROUNDING * np.abs(gradient).max())


@seeds
def test_the_order_of_the_examples_does_not_matter(layer, seed):
    arrays, order = layer.arrays(seed, m=4), np.array([2, 0, 3, 1])
    dout, (out, cache) = layer.upstream(seed, arrays), layer.forward(arrays)
    shuffled, shuffled_cache = layer.forward(examples(layer.shapes, arrays, order))
    np.testing.assert_allclose(shuffled, out[:, order], rtol=0, atol=ROUNDING)
    expected = {name[1:]: gradient for name, gradient in layer.backward(dout, cache).items()}
    found = {name[1:]: gradient for name, gradient in layer.backward(dout[:, order], shuffled_cache).items()}
    assert_same(found, examples(layer.shapes, expected, order))


@seeds
def test_float32_stays_float32_and_agrees_with_float64(layer, seed):
    arrays = layer.arrays(seed)
    dout = layer.upstream(seed, arrays)
    out, cache = layer.forward(arrays)
    exact = [out, layer.backward(dout, cache)]
    single = {name: array.astype(np.float32) for name, array in floats(arrays).items()}
    out, cache = layer.forward(arrays | single)
    found = [out, layer.backward(dout.astype(np.float32), cache)]
    assert {array.dtype for array in every_array(cache)} == {np.dtype(np.float32)}
    for mine, other in zip(every_array(found), every_array(exact), strict=True):
        assert mine.dtype == np.float32
        # float32 rounds at 6e-8; products and sums let it grow.
        np.testing.assert_allclose(mine, other, rtol=0, atol=1e-5 * max(1, np.abs(other).max()))


def test_the_order_in_memory_does_not_matter(layer):
    arrays = layer.arrays(0)
    dout = layer.upstream(0, arrays)
    fortran = {name: np.asfortranarray(array) for name, array in arrays.items()}
    exact = layer.backward(dout, layer.forward(arrays)[1])
    assert_same(layer.backward(np.asfortranarray(dout), layer.forward(fortran)[1]), exact)


def test_no_argument_is_changed_and_a_second_call_gives_the_same(layer):
    arrays = layer.arrays(0)
    dout = layer.upstream(0, arrays)
    first = layer.forward(arrays)
    kept = [array.copy() for array in every_array(first)]
    gradients = layer.backward(dout, first[1])
    second = layer.forward(arrays)
    again = layer.backward(dout, second[1])
    for mine, before, other in zip(every_array(first), kept, every_array(second), strict=True):
        np.testing.assert_array_equal(mine, before)
        np.testing.assert_array_equal(mine, other)
    for mine, other in zip(
        every_array([arrays, gradients]), every_array([layer.arrays(0), again]), strict=True
    ):
        np.testing.assert_array_equal(mine, other)
    np.testing.assert_array_equal(dout, layer.upstream(0, arrays))


@pytest.mark.parametrize("T", [1, 5])
def test_what_is_returned_shares_no_memory_with_the_cache_the_arguments_or_each_other(layer, T):
    arrays = layer.arrays(0, T_x=T, T_k=T)
    dout, (out, cache) = layer.upstream(0, arrays), layer.forward(arrays)
    results = [out, *layer.backward(dout, cache).values()]
    for i, array in enumerate(results):
        others = every_array([arrays, cache, dout]) + results[i + 1 :]
        assert not any(np.shares_memory(array, other) for other in others)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_tiny_and_huge_arrays_give_no_nan_and_no_warning(layer, dtype, scale):
    """Warnings are errors here, so an overflow in exp would raise."""
    arrays = layer.arrays(0)
    arrays |= cast({name: scale * array for name, array in floats(arrays).items()}, dtype)
    out, cache = layer.forward(arrays)
    gradients = layer.backward(layer.upstream(0, arrays).astype(dtype), cache)
    assert all(np.isfinite(array).all() for array in every_array([out, cache, gradients]))
