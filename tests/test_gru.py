"""What is special to the GRU: its gates, unit by unit and at their limits, and a missing output layer.

The laws that all networks obey are in test_networks.py.
"""

import math

import numpy as np
import pytest

from seqgrad.gru import gru_backward, gru_cell_backward, gru_cell_forward, gru_forward
from seqgrad.rnn import rnn_backward, rnn_forward
from tests.networks import GRU, SIZES, draw

N_A, N_Y, M, T_X = (SIZES[name] for name in ("n_a", "n_y", "m", "T_x"))
OPEN, CLOSED = 2000.0, -2000.0  # a bias at which a sigmoid is exactly 1 or 0, whatever else is added


def with_gates(parameters, **biases):
    """Return the parameters with some biases set to one number."""
    return parameters | {name: np.full((N_A, 1), value) for name, value in biases.items()}


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def without_output_layer(parameters):
    return {name: value for name, value in parameters.items() if name not in ("Wy", "by")}


@pytest.mark.parametrize("seed", range(3))
def test_each_unit_follows_the_formulas_of_the_gates(seed):
    xt, a_prev, parameters = GRU.step(seed)
    a_next, yt_pred, cache = gru_cell_forward(xt, a_prev, parameters)
    _, _, ut, rt, cct, _, _ = cache

    def z(gate, i, seen):
        terms = [weight * value for weight, value in zip(parameters["W" + gate][i], seen, strict=True)]
        return math.fsum(terms) + parameters["b" + gate][i, 0]

    for j in range(M):
        state, inputs = list(a_prev[:, j]), list(xt[:, j])
        u = [sigmoid(z("u", i, state + inputs)) for i in range(N_A)]
        r = [sigmoid(z("r", i, state + inputs)) for i in range(N_A)]
        relevant = [gate * value for gate, value in zip(r, state, strict=True)]
        candidate = [math.tanh(z("c", i, relevant + inputs)) for i in range(N_A)]
        mixed = [u[i] * candidate[i] + (1 - u[i]) * state[i] for i in range(N_A)]
        for array, expected in ((ut, u), (rt, r), (cct, candidate), (a_next, mixed)):
            # Nine terms of size 1, added in another order.
            np.testing.assert_allclose(array[:, j], expected, rtol=1e-12)
        terms = parameters["Wy"] * a_next[:, j]
        exponentials = [math.exp(math.fsum(terms[k]) + parameters["by"][k, 0]) for k in range(N_Y)]
        np.testing.assert_allclose(
            yt_pred[:, j], np.array(exponentials) / math.fsum(exponentials), rtol=1e-13
        )


def test_a_step_back_reads_everything_off_the_cache():
    """One unit, one input, one example; every entry of the cache enters where it should.

    The values need not come from a forward pass, so no two of them can be confused.
    """
    weights = {"Wu": [[2.0, 3.0]], "Wr": [[5.0, 7.0]], "Wc": [[11.0, 13.0]]}
    weights = {name: np.array(value) for name, value in weights.items()}
    a_prev, u, r, c, xt, da = 0.3, 0.9, 0.8, 0.6, 1.5, 2.0
    states = (99.0, a_prev, u, r, c, xt)
    cache = (*(np.array([[value]]) for value in states), weights)
    gradients = gru_cell_backward(np.array([[da]]), cache)

    dzc = da * u * (1 - c**2)
    dzu = da * (c - a_prev) * u * (1 - u)
    dzr = 11 * dzc * a_prev * r * (1 - r)
    expected = {
        "dxt": 3 * dzu + 7 * dzr + 13 * dzc,
        "da_prev": da * (1 - u) + 11 * dzc * r + 2 * dzu + 5 * dzr,
        "dWu": [dzu * a_prev, dzu * xt],
        "dbu": dzu,
        "dWr": [dzr * a_prev, dzr * xt],
        "dbr": dzr,
        "dWc": [dzc * r * a_prev, dzc * xt],
        "dbc": dzc,
    }
    assert list(gradients) == list(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(gradients[name].ravel(), value, rtol=1e-14, err_msg=name)


def test_a_closed_update_gate_keeps_the_state_for_ever():
    x, a0, parameters = GRU.sequence(0, T_x=100)
    a, _, _ = gru_forward(x, a0, with_gates(parameters, bu=CLOSED))
    for t in range(100):
        np.testing.assert_array_equal(a[:, :, t], a0)


def test_what_a_kept_state_sends_back_arrives_undiminished_and_reaches_nothing_else():
    x, a0, parameters = GRU.sequence(0)
    caches = gru_forward(x, a0, with_gates(parameters, bu=CLOSED))[-1]
    da = np.zeros_like(GRU.upstream(0))
    da[:, :, -1] = draw(3, {"u": "n_a m"})["u"]
    gradients = gru_backward(da, caches)
    np.testing.assert_array_equal(gradients.pop("da0"), da[:, :, -1])
    # A gate that is exactly 0 has no slope, and hides the candidate.
    assert not any(gradient.any() for gradient in gradients.values())


def test_an_open_update_gate_replaces_the_state_by_the_candidate():
    xt, a_prev, parameters = GRU.step(0)
    a_next, _, cache = gru_cell_forward(xt, a_prev, with_gates(parameters, bu=OPEN))
    np.testing.assert_array_equal(a_next, cache[4])
    assert not gru_cell_backward(np.ones((N_A, M)), cache)["dbu"].any()


def test_a_closed_relevance_gate_hides_the_previous_state_from_the_candidate():
    xt, a_prev, parameters = GRU.step(0)
    parameters = with_gates(parameters, br=CLOSED)
    first, second = (gru_cell_forward(xt, a, parameters)[2] for a in (a_prev, -5 * a_prev))
    np.testing.assert_array_equal(first[4], second[4])
    assert not np.allclose(first[0], second[0])
    gradients = gru_cell_backward(np.ones((N_A, M)), first)
    assert not gradients["dbr"].any()
    assert not gradients["dWc"][:, :N_A].any()
    assert gradients["dWc"][:, N_A:].all()


def test_with_the_update_gate_open_and_the_relevance_gate_closed_nothing_is_remembered():
    x, a0, parameters = GRU.sequence(0)
    parameters = with_gates(parameters, bu=OPEN, br=CLOSED)
    a, y, caches = gru_forward(x, a0, parameters)
    for t in range(T_X):
        alone = gru_forward(x[:, :, t : t + 1], -3 * a0, parameters)
        np.testing.assert_array_equal(alone[0][:, :, 0], a[:, :, t])
        np.testing.assert_array_equal(alone[1][:, :, 0], y[:, :, t])
    da = np.zeros_like(a)
    da[:, :, -1] = 1.0
    gradients = gru_backward(da, caches)
    assert not gradients["da0"].any()
    assert not gradients["dx"][:, :, :-1].any()


def test_with_both_gates_open_the_gru_is_an_rnn():
    """Forward and back: the candidate is then all there is, and sees all of the previous state."""
    x, a0, parameters = GRU.sequence(0)
    da = GRU.upstream(0)
    Wc = parameters["Wc"]
    as_rnn = {"Waa": Wc[:, :N_A], "Wax": Wc[:, N_A:], "ba": parameters["bc"]}
    as_rnn |= {"Wya": parameters["Wy"], "by": parameters["by"]}
    a, y, caches = gru_forward(x, a0, with_gates(parameters, bu=OPEN, br=OPEN))
    expected_a, expected_y, rnn_caches = rnn_forward(x, a0, as_rnn)
    # One product against the sum of two: another order of adding, six steps long.
    np.testing.assert_allclose(a, expected_a, rtol=0, atol=1e-13)
    np.testing.assert_allclose(y, expected_y, rtol=0, atol=1e-13)

    gradients, expected = gru_backward(da, caches), rnn_backward(da, rnn_caches)
    both = np.hstack([expected["dWaa"], expected["dWax"]])
    pairs = {"dWc": both, "dbc": expected["dba"], "dx": expected["dx"], "da0": expected["da0"]}
    for name, value in pairs.items():
        np.testing.assert_allclose(gradients[name], value, rtol=0, atol=1e-12 * np.abs(value).max())
    assert not any(gradients[name].any() for name in ("dWu", "dbu", "dWr", "dbr"))


def test_a_new_state_lies_between_the_previous_one_and_the_candidate():
    xt, a_prev, parameters = GRU.step(0)
    a_next, _, (_, _, _, _, cct, _, _) = gru_cell_forward(xt, 5 * a_prev, parameters)
    lower, upper = np.minimum(5 * a_prev, cct), np.maximum(5 * a_prev, cct)
    assert np.all((lower < a_next) & (a_next < upper))


def test_states_that_begin_between_minus_one_and_one_stay_there():
    x, a0, parameters = GRU.sequence(0, T_x=20)
    a, _, _ = gru_forward(x, np.tanh(a0), {name: 5 * value for name, value in parameters.items()})
    assert np.all(np.abs(a) <= 1)
    assert np.abs(a).max() > 0.99


def test_the_update_gate_has_no_gradient_where_it_has_nothing_to_choose_between():
    xt, a_prev, parameters = GRU.step(0)
    *states, xt, weights = gru_cell_forward(xt, a_prev, parameters)[2]
    states[1][2] = states[4][2]  # in one unit the previous state is what the candidate is
    gradients = gru_cell_backward(np.ones((N_A, M)), (*states, xt, weights))
    np.testing.assert_array_equal(gradients["dbu"] == 0, np.arange(N_A)[:, np.newaxis] == 2)


def test_a_gradient_travels_back_along_the_state_alone():
    """Without recurrent weights the state is the only way back, by 1 - u a step."""
    x, a0, parameters = GRU.sequence(0)
    for gate in "urc":
        parameters["W" + gate][:, :N_A] = 0  # the one place where zeros are what is looked at
    da = np.zeros_like(GRU.upstream(0))
    da[:, :, -1] = draw(5, {"u": "n_a m"})["u"]
    caches = gru_forward(x, a0, parameters)[-1]
    kept = np.prod([1 - step[2] for step in caches[0]], axis=0)
    # The same products in another order.
    np.testing.assert_allclose(gru_backward(da, caches)["da0"], da[:, :, -1] * kept, rtol=1e-13)


@pytest.mark.parametrize("split", range(1, T_X))
def test_a_sequence_may_be_run_and_pulled_back_in_two_parts(split):
    x, a0, parameters = GRU.sequence(1)
    da = GRU.upstream(1)
    a, y, caches = gru_forward(x, a0, parameters)
    early = gru_forward(x[:, :, :split], a0, parameters)
    late = gru_forward(x[:, :, split:], early[0][:, :, -1], parameters)
    np.testing.assert_array_equal(np.dstack([early[0], late[0]]), a)
    np.testing.assert_array_equal(np.dstack([early[1], late[1]]), y)

    whole = gru_backward(da, caches)
    second = gru_backward(da[:, :, split:], late[-1])
    da_early = da[:, :, :split].copy()
    da_early[:, :, -1] += second["da0"]
    first = gru_backward(da_early, early[-1])
    np.testing.assert_array_equal(np.dstack([first["dx"], second["dx"]]), whole["dx"])
    np.testing.assert_array_equal(first["da0"], whole["da0"])
    for name in ("dWu", "dbu", "dWr", "dbr", "dWc", "dbc"):
        # Two sums of a few steps each, added last: one rounding more.
        np.testing.assert_allclose(first[name] + second[name], whole[name], rtol=0, atol=1e-13)


def test_without_an_output_layer_there_are_no_predictions_and_all_else_is_the_same():
    x, a0, parameters = GRU.sequence(0)
    states_only = without_output_layer(parameters)
    a, y, caches = gru_forward(x, a0, parameters)
    same_a, no_y, same_caches = gru_forward(x, a0, states_only)
    assert y is not None and no_y is None
    np.testing.assert_array_equal(same_a, a)
    gradients, same = (gru_backward(GRU.upstream(0), kept) for kept in (caches, same_caches))
    assert gradients.keys() == same.keys()
    assert all(np.array_equal(gradients[name], same[name]) for name in same)

    a_next, yt_pred, cache = gru_cell_forward(x[:, :, 0], a0, states_only)
    assert yt_pred is None
    np.testing.assert_array_equal(a_next, a[:, :, 0])
    assert cache[-1] is states_only
