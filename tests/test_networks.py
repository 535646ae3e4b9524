"""What holds for all networks, whatever is inside their cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.activations import softmax
from seqgrad.gradcheck import complex_step, relative_errors
from tests.marks import sample
from tests.networks import LSTM, NETWORKS, cast, draw, every_array, transpose_gap

pytestmark = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
seeds = pytest.mark.parametrize("seed", sample(range(3), 3))
any_sizes = st.fixed_dictionaries({name: st.integers(1, 5) for name in ("n_x", "n_a", "n_y", "m", "T_x")})

# A derivative is a sum of some hundred products, each rounded at 1e-16 of the largest entry.
ROUNDING = 1e-12


def assert_same(computed, exact, rtol=ROUNDING):
    """Compare dicts of gradients: the same names, and each array equal to its largest entry's rounding."""
    assert computed.keys() == exact.keys()
    errors = relative_errors(exact, computed)
    assert max(errors.values()) < rtol, errors


# Forward


@seeds
def test_the_sequence_is_the_step_repeated(network, seed):
    x, a0, parameters = network.sequence(seed)
    a, y_pred, *_ = results = network.forward(x, a0, parameters)
    states = [a0] + [np.zeros_like(a0)] * (len(network.states) - 1)
    for t in range(x.shape[2]):
        *states, yt_pred, cache = network.cell_forward(x[:, :, t], *states, parameters)
        np.testing.assert_array_equal(states[0], a[:, :, t])
        np.testing.assert_array_equal(yt_pred, y_pred[:, :, t])
        np.testing.assert_array_equal(states[-1], results[-2][:, :, t] if network is LSTM else states[0])
        for mine, kept in zip(every_array(cache), every_array(results[-1][0][t]), strict=True):
            np.testing.assert_array_equal(mine, kept)


@seeds
def test_a_step_is_a_sequence_of_length_one(network, seed):
    x, a0, parameters = network.sequence(seed, T_x=1)
    a, y_pred, *_, caches = network.forward(x, a0, parameters)
    zeros = [np.zeros_like(a0)] * (len(network.states) - 1)
    a_next, *_, yt_pred, cache = network.cell_forward(x[:, :, 0], a0, *zeros, parameters)
    np.testing.assert_array_equal(a, a_next[:, :, np.newaxis])
    np.testing.assert_array_equal(y_pred, yt_pred[:, :, np.newaxis])

    da = network.upstream(seed, T_x=1)
    backward = network.backward(da, caches)
    step = network.cell_backward(da[:, :, 0], *zeros, cache)
    np.testing.assert_array_equal(backward["dx"][:, :, 0], step["dxt"])
    np.testing.assert_array_equal(backward["da0"], step["da_prev"])
    for name in network.weights:
        np.testing.assert_array_equal(backward["d" + name], step["d" + name])


@given(sizes=any_sizes)
def test_every_result_has_the_shape_that_the_docstring_states(network, sizes):
    x, a0, parameters = network.sequence(0, **sizes)
    n_a, n_y, m, T_x = (sizes[name] for name in ("n_a", "n_y", "m", "T_x"))
    a, y_pred, *c, caches = network.forward(x, a0, parameters)
    assert a.shape == (n_a, m, T_x)
    assert y_pred.shape == (n_y, m, T_x)
    assert [states.shape for states in c] == [(n_a, m, T_x)] * (len(network.states) - 1)
    assert len(caches[0]) == T_x

    gradients = network.backward(network.upstream(0, **sizes), caches)
    exact = {"x": x, "a0": a0} | parameters
    assert list(gradients) == ["dx", "da0"] + ["d" + name for name in network.weights]
    assert all(gradient.shape == exact[name[1:]].shape for name, gradient in gradients.items())


@seeds
def test_predictions_are_the_softmax_of_what_the_output_layer_makes_of_the_state(network, seed):
    x, a0, parameters = network.sequence(seed)
    a, y_pred, *_ = network.forward(x, a0, parameters)
    weights = parameters.get("Wya", parameters.get("Wy"))
    for t in range(x.shape[2]):
        scores = weights @ a[:, :, t] + parameters["by"]
        np.testing.assert_allclose(y_pred[:, :, t], softmax(scores), rtol=1e-13)  # sums in another order


def test_the_output_layer_does_not_reach_the_states(network):
    x, a0, parameters = network.sequence(0)
    others = parameters | {name: -value for name, value in parameters.items() if name not in network.weights}
    first, second = network.forward(x, a0, parameters), network.forward(x, a0, others)
    np.testing.assert_array_equal(first[0], second[0])
    assert not np.allclose(first[1], second[1])


@pytest.mark.parametrize("t", range(6))
def test_the_future_does_not_reach_the_past(network, t):
    x, a0, parameters = network.sequence(0)
    changed = x.copy()
    changed[:, :, t] += 0.1
    before = network.forward(x, a0, parameters)[:-1]
    after = network.forward(changed, a0, parameters)[:-1]
    for mine, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(mine[:, :, :t], other[:, :, :t])
        assert np.all(np.any(mine[:, :, t:] != other[:, :, t:], axis=(0, 1)))


def test_each_step_caches_what_went_in_and_what_came_out_in_the_order_of_the_assignment(network):
    *inputs, parameters = network.step(0)
    *states, _, cache = network.cell_forward(*inputs, parameters)
    names = ["xt"] + [f"{state}_prev" for state in network.states]
    known = dict(zip(names, inputs, strict=True)) | {"parameters": parameters}
    known |= {f"{state}_next": value for state, value in zip(network.states, states, strict=True)}
    assert isinstance(cache, tuple)
    assert len(cache) == len(network.cache)
    for name, kept in zip(network.cache, cache, strict=True):
        if name in known:
            assert kept is known[name], name


def test_the_caches_of_a_sequence_are_a_list_of_steps_and_x(network):
    x, a0, parameters = network.sequence(0)
    steps, kept = network.forward(x, a0, parameters)[-1]
    assert isinstance(steps, list)
    assert kept is x
    place = network.cache.index
    for t, step in enumerate(steps):
        np.testing.assert_array_equal(step[place("xt")], x[:, :, t])
        assert step[place("parameters")] is parameters
        for state in network.states if t else ():
            kept = step[place(f"{state}_prev")]
            np.testing.assert_array_equal(kept, steps[t - 1][place(f"{state}_next")])


# Backward


@seeds
def test_one_step_back_agrees_with_complex_step_derivatives(network, seed):
    *inputs, parameters = network.step(seed)
    names = ["xt"] + [f"{state}_prev" for state in network.states]
    arrays = dict(zip(names, inputs, strict=True)) | {name: parameters[name] for name in network.weights}
    upstream = [draw([seed, 2, i], {"u": "n_a m"})["u"] for i in range(len(network.states))]

    def loss(moved):
        states = network.cell_forward(*(moved[name] for name in names), parameters | moved)
        return sum(np.sum(u * state) for u, state in zip(upstream, states, strict=False))

    cache = network.cell_forward(*inputs, parameters)[-1]
    assert_same(network.cell_backward(*upstream, cache), complex_step(loss, arrays))


@seeds
@pytest.mark.parametrize("T", [1, 2, 6])
def test_backpropagation_through_time_agrees_with_complex_step_derivatives(network, seed, T):
    x, a0, parameters = network.sequence(seed)
    arrays = {"x": x, "a0": a0} | {name: parameters[name] for name in network.weights}
    da = network.upstream(seed, T_x=T)

    def loss(moved):
        return np.sum(da * network.forward(moved["x"], moved["a0"], parameters | moved)[0][:, :, :T])

    exact = complex_step(loss, arrays)
    # A loss of the first T steps does not see the inputs after them, and dx ends where da ends.
    assert not exact["dx"][:, :, T:].any()
    exact["dx"] = exact["dx"][:, :, :T]
    assert_same(network.backward(da, network.forward(x, a0, parameters)[-1]), exact)


@given(sizes=any_sizes, seed=st.integers(0, 100))
def test_backward_is_the_transpose_of_forward(network, sizes, seed):
    """<da, J v> = <Jᵀ da, v> in a random direction of each argument; J v by a complex step."""
    x, a0, parameters = network.sequence(seed, **sizes)
    arrays = {"x": x, "a0": a0} | parameters
    caches = network.forward(x, a0, parameters)[-1]
    da = network.upstream(seed, **sizes)
    for name in ("x", "a0", *network.weights):

        def forward(moved, name=name):
            moved = arrays | {name: moved}
            return network.forward(moved["x"], moved["a0"], parameters | moved)[0]

        def backward(da, name=name):
            return network.backward(da, caches)["d" + name]

        v = np.random.default_rng([seed, 3]).standard_normal(arrays[name].shape)
        # The products are sums that may cancel: on these sizes to a thousandth of their terms.
        assert transpose_gap(forward, backward, arrays[name], v, da) < 1e3 * ROUNDING


@seeds
def test_gradients_of_a_sequence_are_those_of_its_steps_carried_back_and_added_up(network, seed):
    x, a0, parameters = network.sequence(seed)
    da = network.upstream(seed)
    caches = network.forward(x, a0, parameters)[-1]
    carried = {f"d{state}_prev": np.zeros_like(a0) for state in network.states}
    total = {"dx": np.zeros_like(x)}
    total |= {"d" + name: np.zeros_like(parameters[name]) for name in network.weights}
    for t in reversed(range(x.shape[2])):
        da_prev, *others = carried.values()
        step = network.cell_backward(da[:, :, t] + da_prev, *others, caches[0][t])
        carried = {name: step[name] for name in carried}
        total["dx"][:, :, t] = step["dxt"]
        for name in network.weights:
            total["d" + name] += step["d" + name]
    assert_same(network.backward(da, caches), total | {"da0": carried["da_prev"]})


@pytest.mark.parametrize("t", range(6))
def test_a_gradient_at_one_step_reaches_every_step_before_it_and_none_after(network, t):
    x, a0, parameters = network.sequence(0)
    da = np.zeros_like(network.upstream(0))
    da[:, :, t] = 1.0
    gradients = network.backward(da, network.forward(x, a0, parameters)[-1])
    assert np.all(np.any(gradients["dx"][:, :, : t + 1] != 0, axis=(0, 1)))
    assert not gradients["dx"][:, :, t + 1 :].any()
    assert np.all(gradients["da0"] != 0)


@seeds
def test_backward_is_linear_in_the_gradient_that_comes_in(network, seed):
    caches = network.forward(*network.sequence(seed))[-1]
    u, v = network.upstream(seed), network.upstream(seed + 100)
    mine, other = network.backward(u, caches), network.backward(v, caches)
    exact = {name: 3 * mine[name] - 2 * other[name] for name in mine}
    assert_same(network.backward(3 * u - 2 * v, caches), exact)


@pytest.mark.parametrize("T", range(1, 6))
def test_a_shorter_gradient_means_that_nothing_arrives_later(network, T):
    caches = network.forward(*network.sequence(1))[-1]
    da = network.upstream(1)
    padded = da.copy()
    padded[:, :, T:] = 0
    short, full = network.backward(da[:, :, :T], caches), network.backward(padded, caches)
    assert short["dx"].shape[2] == T
    assert_same(short, full | {"dx": full["dx"][:, :, :T]})


# The batch


@seeds
def test_each_example_is_computed_as_if_it_were_alone(network, seed):
    x, a0, parameters = network.sequence(seed, m=3)
    da = network.upstream(seed, m=3)
    *together, caches = network.forward(x, a0, parameters)
    gradients = network.backward(da, caches)
    total = {"d" + name: 0 for name in network.weights}
    for i in range(3):
        one = slice(i, i + 1)
        *alone, cache = network.forward(x[:, one], a0[:, one], parameters)
        for mine, all_of_them in zip(alone, together, strict=True):
            np.testing.assert_allclose(mine, all_of_them[:, one], rtol=0, atol=ROUNDING)
        own = network.backward(da[:, one], cache)
        np.testing.assert_allclose(own["dx"], gradients["dx"][:, one], rtol=0, atol=ROUNDING)
        np.testing.assert_allclose(own["da0"], gradients["da0"][:, one], rtol=0, atol=ROUNDING)
        total = {name: total[name] + own[name] for name in total}
    assert_same({name: gradients[name] for name in total}, total)


@seeds
def test_the_order_of_the_examples_does_not_matter(network, seed):
    x, a0, parameters = network.sequence(seed, m=4)
    da = network.upstream(seed, m=4)
    order = np.array([2, 0, 3, 1])
    gradients = network.backward(da, network.forward(x, a0, parameters)[-1])
    shuffled = network.backward(da[:, order], network.forward(x[:, order], a0[:, order], parameters)[-1])
    exact = gradients | {"dx": gradients["dx"][:, order], "da0": gradients["da0"][:, order]}
    assert_same(shuffled, exact)


# Numbers as computers have them


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_saturated_units_give_no_nan_and_no_warning(network, dtype, scale):
    """Warnings are errors here, so an overflow in exp would raise."""
    x, a0, parameters = cast(network.sequence(0), dtype)
    x = 1000 * np.sign(x)
    parameters = {name: (scale * value).astype(dtype) for name, value in parameters.items()}
    *results, caches = network.forward(x, a0, parameters)
    gradients = network.backward(network.upstream(0).astype(dtype), caches)
    assert all(np.isfinite(array).all() for array in every_array([results, caches, gradients]))
    np.testing.assert_allclose(results[1].sum(axis=0), 1, rtol=10 * np.finfo(dtype).eps)


@seeds
def test_float32_stays_float32_and_agrees_with_float64(network, seed):
    exact_arguments, da = network.sequence(seed), network.upstream(seed)
    exact = network.forward(*exact_arguments)
    exact = [*exact, network.backward(da, exact[-1])]
    single = network.forward(*cast(exact_arguments, np.float32))
    single = [*single, network.backward(da.astype(np.float32), single[-1])]
    for mine, other in zip(every_array(single), every_array(exact), strict=True):
        assert mine.dtype == np.float32
        # float32 rounds at 1.2e-7; steps and sums let it grow.
        np.testing.assert_allclose(mine, other, rtol=0, atol=1e-4 * max(1, np.abs(other).max()))


def test_the_order_in_memory_does_not_matter(network):
    x, a0, parameters = network.sequence(0)
    fortran = [np.asfortranarray(x), np.asfortranarray(a0)]
    fortran.append({name: np.asfortranarray(value) for name, value in parameters.items()})
    da = network.upstream(0)
    exact = network.backward(da, network.forward(x, a0, parameters)[-1])
    assert_same(network.backward(np.asfortranarray(da), network.forward(*fortran)[-1]), exact)


# Nothing is changed, nothing is shared, nothing is remembered


def call_all(network, step, sequence, upstream):
    """Call the four functions; return what they took and what they gave."""
    cell = network.cell_forward(*step)
    results = network.forward(*sequence)
    da = [upstream[:, :, i] for i in range(len(network.states))]
    gradients = network.backward(upstream, results[-1])
    return [cell, results, network.cell_backward(*da, cell[-1]), gradients]


def test_no_argument_is_changed_and_a_second_call_gives_the_same(network):
    arguments = [network.step(0), network.sequence(0), network.upstream(0)]
    first = every_array(call_all(network, *arguments))
    kept = [array.copy() for array in first]
    second = every_array(call_all(network, *arguments))
    fresh = [network.step(0), network.sequence(0), network.upstream(0)]
    for mine, other in zip(every_array(arguments), every_array(fresh), strict=True):
        np.testing.assert_array_equal(mine, other)
    for mine, before, other in zip(first, kept, second, strict=True):
        np.testing.assert_array_equal(mine, before)
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("T_x", [1, 6])
def test_what_is_returned_shares_no_memory_with_the_caches_or_the_arguments(network, T_x):
    """A state that is a view of the result is overwritten when the next step is stored there."""
    arguments = network.sequence(0, T_x=T_x)
    da = network.upstream(0, T_x=T_x)
    *results, caches = network.forward(*arguments)
    gradients = every_array(network.backward(da, caches))
    taken = every_array([arguments, caches, da])
    for array in results + gradients:
        assert not any(np.shares_memory(array, other) for other in taken)
    for i, array in enumerate(gradients):
        assert not any(np.shares_memory(array, other) for other in gradients[i + 1 :])


def test_gradients_of_one_step_are_arrays_of_their_own(network):
    cache = network.cell_forward(*network.step(0))[-1]
    da = [network.upstream(i)[:, :, 0] for i in range(len(network.states))]
    gradients = network.cell_backward(*da, cache)
    for array in every_array(gradients):
        assert not any(np.shares_memory(array, other) for other in every_array([cache, da]))


def test_extra_parameters_are_ignored(network):
    x, a0, parameters = network.sequence(0)
    *plain, _ = network.forward(x, a0, parameters)
    *extra, _ = network.forward(x, a0, parameters | {"note": "not an array"})
    for mine, other in zip(plain, extra, strict=True):
        np.testing.assert_array_equal(mine, other)
