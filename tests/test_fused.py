"""The fast functions against the readable ones: whatever one gives, the other gives, to rounding."""

import copy
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqgrad import fused, lstm
from seqgrad.gradcheck import complex_step, relative_errors
from tests.marks import exhaustive
from tests.networks import LSTM, RNN, cast, draw, every_array

FAST = {
    "rnn": replace(RNN, forward=fused.rnn_forward, backward=fused.rnn_backward),
    "lstm": replace(LSTM, forward=fused.lstm_forward, backward=fused.lstm_backward),
}
READABLE = {"rnn": RNN, "lstm": LSTM}
# A sum of some hundred products in another order, through a few dozen steps.
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}

few = st.integers(1, 7)
sizes = st.fixed_dictionaries(dict.fromkeys(["n_x", "n_a", "n_y", "m", "T_x"], few))
both = pytest.mark.parametrize("name", ["rnn", "lstm"])


def assert_alike(expected, found, dtype="float64"):
    """Compare shapes, dtypes and values.

    Differences are relative to the largest entry of an array, or to 0.1: where a gate is nearly shut or open,
    a gradient is as small as what rounding leaves of it, in either version.
    """
    expected, found = every_array(expected), every_array(found)
    assert len(expected) == len(found)
    for one, other in zip(expected, found, strict=True):
        assert (other.shape, other.dtype) == (one.shape, one.dtype) == (one.shape, dtype)
        assert np.abs(one - other).max() <= TOLERANCE[dtype] * max(0.1, np.abs(one).max())


def modest(arguments):
    """Return the arguments with weights of the size that training begins with, so that few units saturate."""
    x, a0, parameters = arguments
    return x, a0, {key: value / np.sqrt(value.shape[1]) for key, value in parameters.items()}


def passes(forward, backward, arguments, da):
    """Run a forward pass, and a backward pass on its caches; return both results."""
    results = forward.forward(*arguments)
    return results, backward.backward(da, results[-1])


@both
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(sizes=sizes, steps=few, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_both_passes_give_what_the_readable_ones_give(name, dtype, sizes, steps, seed):
    arguments = cast(modest(READABLE[name].sequence(seed, **sizes)), dtype)
    da = cast(READABLE[name].upstream(seed, **sizes), dtype)[:, :, :steps]  # perhaps fewer steps than x has
    results, gradients = passes(READABLE[name], READABLE[name], arguments, da)
    fast_results, fast_gradients = passes(FAST[name], FAST[name], arguments, da)
    assert list(fast_gradients) == list(gradients)
    assert_alike(results[:-1], fast_results[:-1], dtype)
    assert_alike(results[-1], fast_results[-1], dtype)
    assert_alike(gradients, fast_gradients, dtype)


@both
@pytest.mark.parametrize(
    "sizes", [(40, 128, 3, 64, 2), (5, 48, 2, 200, 4), (3, 2, 4, 600, 2), (2, 3, 2, 1, 1200)]
)
def test_slabs_and_blocks_change_nothing(name, sizes):
    """Sizes at which products are cut into slabs, and at which the steps make more than one block."""
    sizes = dict(zip(["n_x", "n_a", "n_y", "m", "T_x"], sizes, strict=True))
    arguments, da = modest(READABLE[name].sequence(0, **sizes)), READABLE[name].upstream(0, **sizes)
    expected = passes(READABLE[name], READABLE[name], arguments, da)
    assert_alike(expected, passes(FAST[name], FAST[name], arguments, da))


def test_the_sizes_above_reach_the_slabs():
    assert fused.slabs(np.ones((128, 169)), 64).shape == (2, 64, 169)
    assert fused.slabs(np.ones((128, 169)), 1).shape == (1, 128, 169)
    assert fused.slabs(np.ones((100, 169)), 64).shape == (1, 100, 169)  # 8 does not divide 100


@both
def test_the_backward_pass_of_either_takes_the_caches_of_the_other(name):
    arguments, da = READABLE[name].sequence(1), READABLE[name].upstream(1)
    expected = passes(READABLE[name], READABLE[name], arguments, da)
    assert_alike(expected, passes(FAST[name], READABLE[name], arguments, da))
    assert_alike(expected, passes(READABLE[name], FAST[name], arguments, da))


@pytest.mark.parametrize("module", [lstm, fused])
def test_a_cell_state_that_is_given_is_where_the_lstm_begins(module):
    x, a0, parameters = LSTM.sequence(2)
    c0, da = draw(9, {"c0": "n_a m"})["c0"], LSTM.upstream(2)
    expected = lstm.lstm_forward(x, a0, parameters, c0)
    results = fused.lstm_forward(x, a0, parameters, c0=c0)
    assert_alike(expected, results)
    assert_alike(lstm.lstm_backward(da, expected[-1]), module.lstm_backward(da, results[-1]))
    np.testing.assert_array_equal(results[-1][0][0][3], c0)


@both
def test_the_backward_pass_gives_the_complex_step_derivatives(name):
    x, a0, parameters = READABLE[name].sequence(3)
    da = READABLE[name].upstream(3)

    def loss(arrays):
        return np.sum(da * FAST[name].forward(arrays["x"], arrays["a0"], arrays)[0])

    exact = complex_step(loss, {"x": x, "a0": a0} | parameters)
    exact = {key: exact[key] for key in ["dx", "da0", *("d" + key for key in READABLE[name].weights)]}
    found = FAST[name].backward(da, FAST[name].forward(x, a0, parameters)[-1])
    assert max(relative_errors(exact, found).values()) < 1e-12


@both
def test_arguments_stay_as_they_were(name):
    arguments, da = READABLE[name].sequence(4), READABLE[name].upstream(4)
    caches = FAST[name].forward(*arguments)[-1]
    before = copy.deepcopy((arguments, da, every_array(caches)))
    FAST[name].backward(da, caches)
    for old, new in zip(every_array(before), every_array((arguments, da, caches)), strict=True):
        np.testing.assert_array_equal(old, new)


@both
def test_a_later_call_leaves_the_results_of_an_earlier_one_alone(name):
    arguments, da = READABLE[name].sequence(5), READABLE[name].upstream(5)
    first = passes(FAST[name], FAST[name], arguments, da)
    before = copy.deepcopy(every_array(first))
    passes(FAST[name], FAST[name], READABLE[name].sequence(6), READABLE[name].upstream(6))
    again = passes(FAST[name], FAST[name], arguments, da)
    for old, now, second in zip(before, every_array(first), every_array(again), strict=True):
        np.testing.assert_array_equal(old, now)
        np.testing.assert_array_equal(old, second)


@both
def test_what_is_done_to_the_results_does_not_reach_the_caches(name):
    """A hidden state that is a view of the caches would let a student's ``a *= mask`` change the gradient."""
    arguments, da = READABLE[name].sequence(7), READABLE[name].upstream(7)
    *results, caches = FAST[name].forward(*arguments)
    expected = FAST[name].backward(da, caches)
    for array in results:
        array[:] = np.nan
    assert_alike(expected, FAST[name].backward(da, caches))


@both
def test_caches_read_as_a_list_of_tuples(name):
    x, a0, parameters = READABLE[name].sequence(8)
    steps, x_again = FAST[name].forward(x, a0, parameters)[-1]
    expected, _ = READABLE[name].forward(x, a0, parameters)[-1]
    assert x_again is x
    assert len(steps) == len(expected) == 6
    assert [len(step) for step in steps] == [len(READABLE[name].cache)] * 6
    assert steps[2][-1] is parameters
    assert_alike(expected[-1], steps[-1])
    assert_alike(expected[1:6:2], steps[1:6:2])
    assert_alike(list(reversed(expected)), list(reversed(steps)))
    with pytest.raises(IndexError):
        steps[6]


@both
def test_a_slice_of_the_caches_is_enough_for_a_slice_of_the_sequence(name):
    x, a0, parameters = READABLE[name].sequence(9)
    da = READABLE[name].upstream(9)[:, :, :4]
    steps, _ = FAST[name].forward(x, a0, parameters)[-1]
    expected = passes(READABLE[name], READABLE[name], (x[:, :, :4], a0, parameters), da)[1]
    assert_alike(expected, FAST[name].backward(da, (steps[:4], x[:, :, :4])))


@both
def test_saturated_units_are_neither_nan_nor_a_warning(name):
    x, a0, parameters = READABLE[name].sequence(10)
    arguments = 1e4 * x, a0, {key: 1e3 * value for key, value in parameters.items()}
    da = READABLE[name].upstream(10)
    expected = passes(READABLE[name], READABLE[name], arguments, da)
    found = passes(FAST[name], FAST[name], arguments, da)
    for there, here in zip(every_array(expected), every_array(found), strict=True):
        np.testing.assert_allclose(here, there, atol=1e-12)


@both
def test_what_does_not_fit_is_refused_in_the_same_words(name):
    x, a0, parameters = READABLE[name].sequence(11)
    da = READABLE[name].upstream(11)
    lacking = {key: value for key, value in parameters.items() if not key.startswith("b")}
    caches = READABLE[name].forward(x, a0, parameters)[-1]
    bad_forward = [
        (x[:, :, 0], a0, parameters),
        (x, a0[:-1], parameters),
        (x, a0, lacking),
        (x[:, :, :0], a0, parameters),
    ]
    bad_backward = [
        (da[:-1], caches),
        (np.concatenate([da, da], axis=2), caches),
        (da, caches[0]),
        (da.astype(int), caches),
    ]
    for direction, calls in (("forward", bad_forward), ("backward", bad_backward)):
        for call in calls:
            with pytest.raises((TypeError, ValueError)) as readable:
                getattr(READABLE[name], direction)(*call)
            with pytest.raises(readable.type) as fast:
                getattr(FAST[name], direction)(*call)
            assert str(fast.value) == str(readable.value)


@pytest.mark.parametrize("segment", [None, 1, 2, 4, 6, 100])
@pytest.mark.parametrize("steps", [1, 5, 6])
def test_checkpoints_give_the_same_gradients(segment, steps):
    x, a0, parameters = LSTM.sequence(12)
    c0, da = draw(13, {"c0": "n_a m"})["c0"], LSTM.upstream(12)[:, :, :steps]
    expected = lstm.lstm_backward(da, lstm.lstm_forward(x, a0, parameters, c0)[-1])
    assert_alike(expected, fused.lstm_backward_checkpointed(da, x, a0, parameters, c0, segment))


def peak(function):
    """Return the most bytes that a call holds at a time."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@exhaustive
def test_checkpoints_take_a_tenth_of_the_memory():
    sizes = {"n_x": 4, "n_a": 16, "m": 4, "T_x": 4900}
    x, a0, parameters = LSTM.sequence(14, **sizes)
    da = LSTM.upstream(14, **sizes)
    whole = peak(lambda: fused.lstm_backward(da, fused.lstm_forward(x, a0, parameters)[-1]))
    parts = peak(lambda: fused.lstm_backward_checkpointed(da, x, a0, parameters))
    assert parts < whole / 10


def test_caches_keep_the_numbers_that_the_module_says():
    sizes = {"n_x": 4, "n_a": 16, "m": 8, "T_x": 100}
    (steps, _) = fused.lstm_forward(*LSTM.sequence(15, **sizes))[-1]
    held = {id(array.base): array.base.nbytes for array in steps.arrays}
    # One step more than there are, for the initial states; before each array a cache line at most.
    assert 0 <= sum(held.values()) - 8 * 101 * 8 * (6 * 16 + 4 + 1) <= 64 * len(held)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_large_arrays_of_an_lstm_begin_a_cache_line(dtype):
    """Products and tanh of a step are slower by a quarter where this does not hold."""
    x, a0, parameters = cast(LSTM.sequence(16), dtype)
    _, _, a_prev, _, _, _, _, o, _ = fused.lstm_forward(x, a0, parameters)[-1][0].arrays
    for first in (a_prev, o, *(fused.aligned((3, n, 5), dtype) for n in range(1, 20))):
        assert first.ctypes.data % 64 == 0
        assert first.dtype == dtype
