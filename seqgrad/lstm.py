"""The LSTM: a step, the sequence, a step back, backpropagation through time.

Forward:   x, a0, parameters  ->  a, y, c, caches.
Backward:  da, caches  ->  a dict of gradients.

Each gate acts on ``[a_prev; xt]``, the previous hidden state on top of the input.  A
gradient is named after the place where it is taken: ``dzf`` stands at the forget gate's
pre-activation ``zf = Wf @ [a_prev; xt] + bf``.
"""

import numpy as np

from seqgrad.activations import sigmoid, softmax
from seqgrad.shapes import takes

WEIGHTS = {"Wf": "n_a n_a+n_x", "Wi": "n_a n_a+n_x", "Wc": "n_a n_a+n_x", "Wo": "n_a n_a+n_x"}
BIASES = {"bf": "n_a 1", "bi": "n_a 1", "bc": "n_a 1", "bo": "n_a 1"}
PARAMETERS = BIASES | WEIGHTS | {"Wy": "n_y n_a", "by": "n_y 1"}
STATES = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot")
CACHE = (*((state, "n_a m") for state in STATES), ("xt", "n_x m"), ("parameters", WEIGHTS))


@takes(parameters=PARAMETERS, xt="n_x m", a_prev="n_a m", c_prev="n_a m")
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """Take one step of the LSTM.

    Parameters
    ----------
    xt : (n_x, m)
        Input at this step.
    a_prev, c_prev : (n_a, m)
        Hidden state and cell state before the step.
    parameters : dict
        ``Wf``, ``Wi``, ``Wc``, ``Wo`` (n_a, n_a + n_x) with their biases ``bf``,
        ``bi``, ``bc``, ``bo`` (n_a, 1) for the forget gate, the input gate (the
        assignment's "update gate"), the candidate and the output gate;
        ``Wy`` (n_y, n_a), ``by`` (n_y, 1).

    Returns
    -------
    a_next, c_next : (n_a, m)
        Hidden state and cell state after the step.
    yt_pred : (n_y, m)
        Probability of each class; each column sums to 1.
    cache : tuple
        ``(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)``.

    Raises
    ------
    ValueError, TypeError
        If a parameter is missing, a shape does not fit, or an array holds integers; the
        message names it.

    Notes
    -----
    Gers, Schmidhuber & Cummins, "Learning to Forget", *Neural Computation* 12 (2000),
    section 3, without peepholes.
    """
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]
    bf, bi, bc, bo = parameters["bf"], parameters["bi"], parameters["bc"], parameters["bo"]
    Wy, by = parameters["Wy"], parameters["by"]

    # What all gates and the candidate see: the previous hidden state on top of the input.
    concat = np.concatenate([a_prev, xt], axis=0)

    # The forget, input and output gates: sigmoids, each with its own weights and bias.
    ft = sigmoid(Wf @ concat + bf)
    it = sigmoid(Wi @ concat + bi)
    ot = sigmoid(Wo @ concat + bo)

    # The candidate for the cell state: a tanh, with its own weights and bias.
    cct = np.tanh(Wc @ concat + bc)

    # The new cell state: what the forget gate keeps of the old one, plus what the input
    # gate lets in of the candidate.
    c_next = ft * c_prev + it * cct

    # The new hidden state: what the output gate shows of the tanh of the cell state.
    a_next = ot * np.tanh(c_next)

    # The prediction: the softmax of the scores, which are computed from the new hidden
    # state.
    yt_pred = softmax(Wy @ a_next + by)

    # The cache, for the backward pass, in this order: both new states, both previous
    # states, the forget gate, the input gate, the candidate, the output gate, the input,
    # and the parameters.
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)

    return a_next, c_next, yt_pred, cache


@takes(parameters=PARAMETERS, x="n_x m T_x", a0="n_a m", c0="n_a m")
def lstm_forward(x, a0, parameters, c0=None):
    """Run the LSTM over a sequence.

    Parameters
    ----------
    x : (n_x, m, T_x)
        Inputs; time runs along the last axis.
    a0 : (n_a, m)
        Hidden state before the first step.
    parameters : dict
        As for `lstm_cell_forward`.
    c0 : (n_a, m), optional
        Cell state before the first step; zeros if it is not given.

    Returns
    -------
    a : (n_a, m, T_x)
        Hidden state after each step.
    y : (n_y, m, T_x)
        Prediction at each step.
    c : (n_a, m, T_x)
        Cell state after each step.
    caches : tuple
        ``(list of the T_x cell caches, x)``.

    Raises
    ------
    ValueError, TypeError
        As `lstm_cell_forward`; also if `x` has no steps.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.10.1.
    """
    T_x = x.shape[2]
    hidden_states, predictions, cell_states, steps = [], [], [], []

    # The states before the first step. The cell state is an array of zeros, unless it is
    # given.
    a_next = a0
    c_next = np.zeros_like(a0) if c0 is None else c0

    for t in range(T_x):
        # One step, from the input at time t and both states after the step before.
        a_next, c_next, yt_pred, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)

        # Append each of the four results to its list.
        hidden_states.append(a_next)
        predictions.append(yt_pred)
        cell_states.append(c_next)
        steps.append(cache)

    # Stack the hidden states, the predictions and the cell states into one array each;
    # time is the last axis.
    a = np.stack(hidden_states, axis=2)
    y = np.stack(predictions, axis=2)
    c = np.stack(cell_states, axis=2)

    # The caches, for the backward pass: the list of the steps' caches, and x.
    caches = (steps, x)

    return a, y, c, caches


@takes(cache=CACHE, da_next="n_a m", dc_next="n_a m")
def lstm_cell_backward(da_next, dc_next, cache):
    """Send gradients back through one step of the LSTM.

    Forward made the cell state ``ft * c_prev + it * cct`` and the hidden state
    ``ot * tanh(c_next)``.

    Parameters
    ----------
    da_next : (n_a, m)
        Gradient of the loss at the hidden state that the step produced.
    dc_next : (n_a, m)
        Gradient at the cell state that the step produced, from later steps alone (the
        path through ``a_next`` is added here).
    cache : tuple
        ``(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)``, as
        `lstm_cell_forward` returned it.

    Returns
    -------
    dict
        ``dxt`` (n_x, m), ``da_prev``, ``dc_prev`` (n_a, m), ``dWf``, ``dWi``, ``dWc``,
        ``dWo`` (n_a, n_a + n_x), ``dbf``, ``dbi``, ``dbc``, ``dbo`` (n_a, 1).  Weight
        gradients are summed over the batch, not averaged.

    Raises
    ------
    ValueError, TypeError
        If a gradient does not have the shape of its state, or the cache is not such a
        tuple.

    Notes
    -----
    Greff et al., "LSTM: A Search Space Odyssey", *IEEE Transactions on Neural Networks
    and Learning Systems* 28 (2017), section II.B, without peepholes.
    """
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]
    n_a = a_next.shape[0]

    # The gradient at the new cell state, from two sides: from the step after this one,
    # and from the new hidden state.
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)

    # The gradients at the pre-activations of the three gates: what arrives at the gate,
    # times the slope of its sigmoid.
    dzf = dc * c_prev * ft * (1 - ft)
    dzi = dc * cct * it * (1 - it)
    dzo = da_next * np.tanh(c_next) * ot * (1 - ot)

    # The gradient at the pre-activation of the candidate, likewise through its tanh.
    dzc = dc * it * (1 - cct**2)

    # The gradient at the previous cell state, which was multiplied by the forget gate.
    dc_prev = dc * ft

    # The gradient at [a_prev; xt]: the sum of what the four products send back. Then
    # split it.
    dconcat = Wf.T @ dzf + Wi.T @ dzi + Wc.T @ dzc + Wo.T @ dzo
    da_prev = dconcat[:n_a]
    dxt = dconcat[n_a:]

    # The gradients at the weights, which were multiplied by [a_prev; xt]; each is a sum
    # over the batch.
    concat = np.concatenate([a_prev, xt], axis=0)
    dWf = dzf @ concat.T
    dWi = dzi @ concat.T
    dWc = dzc @ concat.T
    dWo = dzo @ concat.T

    # The gradients at the biases: also sums over the batch.
    dbf = dzf.sum(axis=1, keepdims=True)
    dbi = dzi.sum(axis=1, keepdims=True)
    dbc = dzc.sum(axis=1, keepdims=True)
    dbo = dzo.sum(axis=1, keepdims=True)

    return {
        "dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }  # fmt: skip


@takes(caches=(("steps", ["T_x", CACHE]), ("x", "n_x m T_x")), da="n_a m ..T_x")
def lstm_backward(da, caches):
    """Send gradients back through the sequence: backpropagation through time.

    Parameters
    ----------
    da : (n_a, m, T)
        Gradient that reaches the hidden state of each step from its own output,
        *without* the path through later steps.  T may be smaller than T_x: the pass
        then runs over the first T steps.
    caches : tuple
        ``(list of cell caches, x)``, as `lstm_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T), ``da0`` (n_a, m), ``dWf``, ``dWi``, ``dWc``, ``dWo``
        (n_a, n_a + n_x), ``dbf``, ``dbi``, ``dbc``, ``dbo`` (n_a, 1).  Weight gradients
        are summed over the batch and over time.

    Raises
    ------
    ValueError, TypeError
        If `da` has more steps than the caches, or another shape or batch.

    Notes
    -----
    Two gradients are carried from step to step, one at the hidden state and one at the
    cell state.

    Greff et al., "LSTM: A Search Space Odyssey", *IEEE Transactions on Neural Networks
    and Learning Systems* 28 (2017), section II.B.
    """
    steps, x = caches
    T = da.shape[2]
    parameters = steps[0][9]

    # Zeros, for the gradient at each input.
    dx = np.zeros_like(x[:, :, :T])

    # No later step sends a gradient back to the last one, at either state.
    da_prev = np.zeros_like(da[:, :, 0])
    dc_prev = np.zeros_like(da[:, :, 0])

    # Zeros, for the sums over all steps: the weights and the bias of each gate.
    dWf, dWi, dWc, dWo = (np.zeros_like(parameters["W" + gate]) for gate in "fico")
    dbf, dbi, dbc, dbo = (np.zeros_like(parameters["W" + gate][:, :1]) for gate in "fico")

    for t in reversed(range(T)):
        # The gradient at this hidden state, from two sides: from the output of this step,
        # and from the step after it.
        da_next = da[:, :, t] + da_prev

        # One step back. Keep the gradients at both previous states for the next round.
        step = lstm_cell_backward(da_next, dc_prev, steps[t])
        da_prev = step["da_prev"]
        dc_prev = step["dc_prev"]

        # Store the gradient at this step's input.
        dx[:, :, t] = step["dxt"]

        # All steps share the weights and biases, so their gradients add up.
        dWf += step["dWf"]
        dbf += step["dbf"]
        dWi += step["dWi"]
        dbi += step["dbi"]
        dWc += step["dWc"]
        dbc += step["dbc"]
        dWo += step["dWo"]
        dbo += step["dbo"]

    # After the last round this is the gradient at the hidden state before the first step.
    da0 = da_prev

    return {
        "dx": dx, "da0": da0,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }  # fmt: skip
