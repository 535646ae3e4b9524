"""What is special to the LSTM: its gates, unit by unit and at their limits.

The laws that both networks obey are in test_networks.py.
"""

import math

import numpy as np
import pytest

from seqgrad.lstm import lstm_backward, lstm_cell_backward, lstm_cell_forward, lstm_forward
from tests.networks import LSTM, SIZES, draw

N_A, N_Y, M, T_X = (SIZES[name] for name in ("n_a", "n_y", "m", "T_x"))
OPEN, CLOSED = 2000.0, -2000.0  # a bias at which a sigmoid is exactly 1 or 0, whatever else is added


def with_gates(parameters, **biases):
    """Return the parameters with some biases set to one number."""
    return parameters | {name: np.full((N_A, 1), value) for name, value in biases.items()}


def share(z):
    return 1 / (1 + math.exp(-z))


@pytest.mark.parametrize("seed", range(3))
def test_each_unit_follows_the_formulas_of_the_gates(seed):
    xt, a_prev, c_prev, parameters = LSTM.step(seed)
    a_next, c_next, yt_pred, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    ft, it, cct, ot = cache[4:8]
    for i, j in np.ndindex(N_A, M):
        seen = [*a_prev[:, j], *xt[:, j]]

        def z(gate, i=i, seen=seen):
            terms = [weight * value for weight, value in zip(parameters["W" + gate][i], seen, strict=True)]
            return math.fsum(terms) + parameters["b" + gate][i, 0]

        f, u, g, o = share(z("f")), share(z("i")), math.tanh(z("c")), share(z("o"))
        c = f * c_prev[i, j] + u * g
        found = [value[i, j] for value in (ft, it, cct, ot, c_next, a_next)]
        # Nine terms of size 1, added in another order.
        np.testing.assert_allclose(found, [f, u, g, o, c, o * math.tanh(c)], rtol=1e-12)
    for j in range(M):
        terms = parameters["Wy"] * a_next[:, j]
        exponentials = [math.exp(math.fsum(terms[k]) + parameters["by"][k, 0]) for k in range(N_Y)]
        shares = [value / math.fsum(exponentials) for value in exponentials]
        np.testing.assert_allclose(yt_pred[:, j], shares, rtol=1e-13)


def test_a_step_back_reads_everything_off_the_cache():
    """One unit, one input, one example; every entry of the cache enters where it should.

    The values need not come from a forward pass, so no two of them can be confused.
    """
    weights = {"Wf": [[2.0, 3.0]], "Wi": [[5.0, 7.0]], "Wc": [[11.0, 13.0]], "Wo": [[17.0, 19.0]]}
    weights = {name: np.array(value) for name, value in weights.items()}
    c_next, a_prev, c_prev, ft, it, cct, ot, xt = 0.4, 0.3, -0.7, 0.9, 0.8, 0.6, 0.25, 1.5
    states = (99.0, c_next, a_prev, c_prev, ft, it, cct, ot, xt)
    cache = (*(np.array([[value]]) for value in states), weights)
    da, dc_next = 2.0, 3.0
    gradients = lstm_cell_backward(np.array([[da]]), np.array([[dc_next]]), cache)

    dc = dc_next + da * ot * (1 - math.tanh(c_next) ** 2)
    dz = {
        "f": dc * c_prev * ft * (1 - ft),
        "i": dc * cct * it * (1 - it),
        "c": dc * it * (1 - cct**2),
        "o": da * math.tanh(c_next) * ot * (1 - ot),
    }
    for gate, value in dz.items():
        assert gradients["db" + gate].item() == pytest.approx(value, rel=1e-14)
        np.testing.assert_allclose(gradients["dW" + gate], [[value * a_prev, value * xt]], rtol=1e-14)
    assert gradients["dc_prev"].item() == pytest.approx(dc * ft, rel=1e-14)
    dconcat = sum(weights["W" + gate][0] * value for gate, value in dz.items())
    np.testing.assert_allclose([gradients["da_prev"].item(), gradients["dxt"].item()], dconcat, rtol=1e-13)


def test_an_open_forget_gate_and_a_closed_input_gate_keep_the_cell_for_ever():
    x, a0, parameters = LSTM.sequence(0, T_x=100)
    c0 = draw(3, {"c0": "n_a m"})["c0"]
    _, _, c, _ = lstm_forward(x, a0, with_gates(parameters, bf=OPEN, bi=CLOSED), c0)
    for t in range(100):
        np.testing.assert_array_equal(c[:, :, t], c0)


def test_what_a_kept_cell_sends_back_arrives_undiminished():
    xt, a_prev, c_prev, parameters = LSTM.step(0)
    cache = lstm_cell_forward(xt, a_prev, c_prev, with_gates(parameters, bf=OPEN, bi=CLOSED))[-1]
    dc_next = draw(3, {"u": "n_a m"})["u"]
    gradients = lstm_cell_backward(np.zeros((N_A, M)), dc_next, cache)
    np.testing.assert_array_equal(gradients.pop("dc_prev"), dc_next)
    # Gates that are exactly 0 and 1 have no slope, and a closed input gate hides the candidate.
    assert not any(gradient.any() for gradient in gradients.values())


def test_a_closed_forget_gate_forgets():
    xt, a_prev, c_prev, parameters = LSTM.step(0)
    parameters = with_gates(parameters, bf=CLOSED)
    a_next, c_next, _, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    other = lstm_cell_forward(xt, a_prev, -5 * c_prev, parameters)
    np.testing.assert_array_equal(a_next, other[0])
    np.testing.assert_array_equal(c_next, other[1])
    gradients = lstm_cell_backward(np.ones((N_A, M)), np.ones((N_A, M)), cache)
    assert not gradients["dc_prev"].any()


def test_a_closed_output_gate_hides_the_cell():
    xt, a_prev, c_prev, parameters = LSTM.step(0)
    a_next, c_next, yt_pred, cache = lstm_cell_forward(xt, a_prev, c_prev, with_gates(parameters, bo=CLOSED))
    assert not a_next.any()
    assert c_next.all()
    shown = np.exp(parameters["by"]) / np.exp(parameters["by"]).sum()
    np.testing.assert_allclose(yt_pred, np.hstack([shown] * M), rtol=1e-14)
    gradients = lstm_cell_backward(np.ones((N_A, M)), np.zeros((N_A, M)), cache)
    assert not any(gradient.any() for gradient in gradients.values())


def test_open_gates_add_up_the_candidates():
    x, a0, parameters = LSTM.sequence(0)
    a, _, c, caches = lstm_forward(x, a0, with_gates(parameters, bf=OPEN, bi=OPEN, bo=OPEN))
    candidates = np.stack([step[6] for step in caches[0]], axis=2)
    np.testing.assert_array_equal(c, np.cumsum(candidates, axis=2))
    np.testing.assert_allclose(a, np.tanh(c), rtol=1e-15)  # one rounding


def test_the_output_gate_is_reached_from_the_hidden_state_alone():
    cache = lstm_cell_forward(*LSTM.step(0))[-1]
    gradients = lstm_cell_backward(np.zeros((N_A, M)), np.ones((N_A, M)), cache)
    assert not gradients["dWo"].any()
    assert not gradients["dbo"].any()
    assert all(gradients[name].all() for name in ("dWf", "dWi", "dWc", "dbf", "dbi", "dbc", "dc_prev"))


def test_hidden_states_stay_between_minus_one_and_one_and_cells_grow_by_one_a_step_at_most():
    x, a0, parameters = LSTM.sequence(0, T_x=20)
    a, _, c, _ = lstm_forward(x, a0, {name: 5 * value for name, value in parameters.items()})
    assert np.all(np.abs(a) <= 1)
    assert np.all(np.abs(c).max(axis=(0, 1)) <= np.arange(1, 21))
    assert np.abs(c).max() > 1


def test_the_cell_begins_at_zero_unless_it_is_given():
    x, a0, parameters = LSTM.sequence(0)
    default = lstm_forward(x, a0, parameters)
    zeros = lstm_forward(x, a0, parameters, c0=np.zeros_like(a0))
    other = lstm_forward(x, a0, parameters, c0=np.ones_like(a0))
    assert not default[3][0][0][3].any()
    for mine, same, different in zip(default[:3], zeros[:3], other[:3], strict=True):
        np.testing.assert_array_equal(mine, same)
        assert np.all(mine[:, :, 0] != different[:, :, 0])


def test_the_initial_cell_is_kept_for_the_first_step_and_never_written_to():
    """A c0 that is a view of the array of all cells is overwritten, and the gradient of step 0 is wrong."""
    x, a0, parameters = LSTM.sequence(0)
    c0 = draw(3, {"c0": "n_a m"})["c0"]
    before = c0.copy()
    _, _, c, (steps, _) = lstm_forward(x, a0, parameters, c0)
    np.testing.assert_array_equal(steps[0][3], before)
    np.testing.assert_array_equal(c0, before)
    assert not np.shares_memory(c, c0)


@pytest.mark.parametrize("split", range(1, T_X))
def test_a_sequence_may_be_run_in_two_parts(split):
    x, a0, parameters = LSTM.sequence(1)
    whole = lstm_forward(x, a0, parameters)
    early = lstm_forward(x[:, :, :split], a0, parameters)
    late = lstm_forward(x[:, :, split:], early[0][:, :, -1], parameters, early[2][:, :, -1])
    for first, second, both in zip(early[:3], late[:3], whole[:3], strict=True):
        np.testing.assert_array_equal(np.dstack([first, second]), both)


def test_a_gradient_travels_back_along_the_cell_alone():
    """Without recurrent weights the cell is the only way back, through one forget gate a step."""
    x, a0, parameters = LSTM.sequence(0)
    for gate in "fico":
        parameters["W" + gate][:, :N_A] = 0  # the one place where zeros are what is looked at
    da = np.zeros_like(LSTM.upstream(0))
    da[:, :, -1] = draw(5, {"u": "n_a m"})["u"]
    _, _, c, caches = lstm_forward(x, a0, parameters)
    gradients = lstm_backward(da, caches)
    steps = caches[0]
    at_the_end = da[:, :, -1] * steps[-1][7] * (1 - np.tanh(c[:, :, -1]) ** 2)
    forgotten = np.prod([step[4] for step in steps[1:]], axis=0)
    candidate = at_the_end * forgotten * steps[0][5] * (1 - steps[0][6] ** 2)
    gate = at_the_end * forgotten * steps[0][6] * steps[0][5] * (1 - steps[0][5])
    expected = parameters["Wc"][:, N_A:].T @ candidate + parameters["Wi"][:, N_A:].T @ gate
    # The same products in another order.
    np.testing.assert_allclose(gradients["dx"][:, :, 0], expected, rtol=1e-12)
    assert not gradients["da0"].any()
