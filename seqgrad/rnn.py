"""The recurrent network: a step, the sequence, a step back, backpropagation through time.

Forward:   x, a0, parameters  ->  a, y_pred, caches.
Backward:  da, caches  ->  a dict of gradients.
"""

import numpy as np

from seqgrad.activations import softmax
from seqgrad.shapes import takes

WEIGHTS = {"Waa": "n_a n_a", "Wax": "n_a n_x"}
PARAMETERS = WEIGHTS | {"Wya": "n_y n_a", "ba": "n_a 1", "by": "n_y 1"}
CACHE = (("a_next", "n_a m"), ("a_prev", "n_a m"), ("xt", "n_x m"), ("parameters", WEIGHTS))


@takes(parameters=PARAMETERS, xt="n_x m", a_prev="n_a m")
def rnn_cell_forward(xt, a_prev, parameters):
    """Take one step of the RNN.

    Parameters
    ----------
    xt : (n_x, m)
        Input at this step, one column for each example.
    a_prev : (n_a, m)
        Hidden state before the step.
    parameters : dict
        ``Wax`` (n_a, n_x), ``Waa`` (n_a, n_a), ``Wya`` (n_y, n_a), ``ba`` (n_a, 1),
        ``by`` (n_y, 1).

    Returns
    -------
    a_next : (n_a, m)
        Hidden state after the step.
    yt_pred : (n_y, m)
        Probability of each class; each column sums to 1.
    cache : tuple
        ``(a_next, a_prev, xt, parameters)``, what `rnn_cell_backward` needs.

    Raises
    ------
    ValueError, TypeError
        If a parameter is missing, a shape does not fit, or an array holds integers; the
        message names it.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.2, equations 10.8 to
    10.11; their h is our a.
    """
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"], parameters["by"]

    # The new hidden state: the tanh of a sum of three terms, from the input, from the
    # previous state, and the bias.
    a_next = np.tanh(Wax @ xt + Waa @ a_prev + ba)

    # The prediction: the softmax of the scores, which are computed from the new state.
    yt_pred = softmax(Wya @ a_next + by)

    # The cache, for the backward pass: the new state, the previous state, the input, and
    # the parameters, in this order.
    cache = (a_next, a_prev, xt, parameters)

    return a_next, yt_pred, cache


@takes(parameters=PARAMETERS, x="n_x m T_x", a0="n_a m")
def rnn_forward(x, a0, parameters):
    """Run the RNN over a sequence.

    Parameters
    ----------
    x : (n_x, m, T_x)
        Inputs; time runs along the last axis.
    a0 : (n_a, m)
        Hidden state before the first step.
    parameters : dict
        As for `rnn_cell_forward`.

    Returns
    -------
    a : (n_a, m, T_x)
        Hidden state after each step.
    y_pred : (n_y, m, T_x)
        Prediction at each step.
    caches : tuple
        ``(list of the T_x cell caches, x)``.

    Raises
    ------
    ValueError, TypeError
        As `rnn_cell_forward`; also if `x` has no steps.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.2.
    """
    T_x = x.shape[2]
    states, predictions, steps = [], [], []

    # The state before the first step.
    a_next = a0

    for t in range(T_x):
        # One step, from the input at time t and the state after the step before.
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)

        # Append each of the three results to its list.
        states.append(a_next)
        predictions.append(yt_pred)
        steps.append(cache)

    # Stack the states into one array, and the predictions into another; time is the last
    # axis.
    a = np.stack(states, axis=2)
    y_pred = np.stack(predictions, axis=2)

    # The caches, for the backward pass: the list of the steps' caches, and x.
    caches = (steps, x)

    return a, y_pred, caches


@takes(cache=CACHE, da_next="n_a m")
def rnn_cell_backward(da_next, cache):
    """Send a gradient back through one step of the RNN.

    Forward was ``a_next = tanh(z)`` with ``z = Wax @ xt + Waa @ a_prev + ba``.

    Parameters
    ----------
    da_next : (n_a, m)
        Gradient of the loss at the hidden state that the step produced.
    cache : tuple
        ``(a_next, a_prev, xt, parameters)``, as `rnn_cell_forward` returned it.

    Returns
    -------
    dict
        ``dxt`` (n_x, m), ``da_prev`` (n_a, m), ``dWax`` (n_a, n_x),
        ``dWaa`` (n_a, n_a), ``dba`` (n_a, 1).  Weight gradients are summed over the
        batch, not averaged.

    Raises
    ------
    ValueError, TypeError
        If `da_next` does not have the shape of ``a_next``, or the cache is not such a
        tuple.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.2.2; their h is our a.
    """
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]

    # The gradient at the pre-activation z: back through the tanh.
    dz = da_next * (1 - a_next**2)

    # The gradients at the input and at the previous state: back through the products.
    dxt = Wax.T @ dz
    da_prev = Waa.T @ dz

    # The gradients at the weights and at the bias; each is a sum over the batch.
    dWax = dz @ xt.T
    dWaa = dz @ a_prev.T
    dba = dz.sum(axis=1, keepdims=True)

    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


@takes(caches=(("steps", ["T_x", CACHE]), ("x", "n_x m T_x")), da="n_a m ..T_x")
def rnn_backward(da, caches):
    """Send gradients back through the sequence: backpropagation through time.

    Parameters
    ----------
    da : (n_a, m, T)
        Gradient that reaches the hidden state of each step from its own output,
        *without* the path through later steps.  T may be smaller than T_x: the pass
        then runs over the first T steps.
    caches : tuple
        ``(list of cell caches, x)``, as `rnn_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T), ``da0`` (n_a, m), ``dWax`` (n_a, n_x), ``dWaa`` (n_a, n_a),
        ``dba`` (n_a, 1). Weight gradients are summed over the batch and over time.

    Raises
    ------
    ValueError, TypeError
        If `da` has more steps than the caches, or another shape or batch.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.2.2.
    """
    steps, x = caches
    T = da.shape[2]
    parameters = steps[0][3]

    # Zeros: for the gradient at each input, and for three sums over all steps.
    dx = np.zeros_like(x[:, :, :T])
    dWax = np.zeros_like(parameters["Wax"])
    dWaa = np.zeros_like(parameters["Waa"])
    dba = np.zeros_like(parameters["Waa"][:, :1])

    # No later step sends a gradient back to the last one.
    da_prev = np.zeros_like(da[:, :, 0])

    for t in reversed(range(T)):
        # The gradient at this state, from two sides: from the output of this step, and
        # from the step after it.
        da_next = da[:, :, t] + da_prev

        # One step back. Keep the gradient at the previous state for the next round.
        step = rnn_cell_backward(da_next, steps[t])
        da_prev = step["da_prev"]

        # Store the gradient at this step's input.
        dx[:, :, t] = step["dxt"]

        # All steps share the weights and the bias, so their gradients add up.
        dWax += step["dWax"]
        dWaa += step["dWaa"]
        dba += step["dba"]

    # After the last round this is the gradient at the state before the first step.
    da0 = da_prev

    return {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}
