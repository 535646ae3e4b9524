"""The recurrent network as other people write it, and the mistakes that are made there."""

# ruff: noqa: E501 - a table: a mistake is a line, however long

import numpy as np

from seqgrad.activations import softmax
from seqgrad.check.exercises import rnn
from seqgrad.check.naming.known.known import Known, make_mistake


def rnn_cell_forward(xt, a_prev, parameters):
    """Give the scores a name."""
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"], parameters["by"]
    a_next = np.tanh(Waa @ a_prev + (Wax @ xt + ba))
    scores = Wya @ a_next + by
    yt_pred = softmax(scores)
    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


def rnn_forward(x, a0, parameters):
    """Fill arrays of zeros."""
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    a_next = a0
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    """Write the tanh's derivative out in each gradient."""
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    dxt = Wax.T @ (da_next * (1 - a_next**2))
    dWax = (da_next * (1 - a_next**2)) @ xt.T
    da_prev = Waa.T @ (da_next * (1 - a_next**2))
    dWaa = (da_next * (1 - a_next**2)) @ a_prev.T
    dba = (da_next * (1 - a_next**2)).sum(axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def rnn_backward(da, caches):
    """Make arrays of zeros from sizes."""
    steps, x = caches
    n_a, m, T = da.shape
    dx = np.zeros((x.shape[0], m, T))
    dWax = np.zeros((n_a, x.shape[0]))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))
    da0 = np.zeros((n_a, m))
    da_prev = np.zeros((n_a, m))
    for t in reversed(range(T)):
        gradients = rnn_cell_backward(da[:, :, t] + da_prev, steps[t])
        dxt, da_prev = gradients["dxt"], gradients["da_prev"]
        dx[:, :, t] = dxt
        dWax += gradients["dWax"]
        dWaa += gradients["dWaa"]
        dba += gradients["dba"]
    da0 = da_prev
    return {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}


CELL_FORWARD = Known(rnn.rnn_cell_forward, (rnn_cell_forward,), (
    make_mistake(rnn_cell_forward, "a_next", "wrong source", "The hidden state is passed through a sigmoid; it should be a tanh.", ("np.tanh(", "sigmoid(")),
))  # fmt: skip

STEP_AND_STORE = (
    "        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)\n        a[:, :, t] = a_next\n",
    "        a[:, :, t] = a_next\n        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)\n",
)

FORWARD = Known(rnn.rnn_forward, (rnn_forward,), (
    make_mistake(rnn_forward, "a", "wrong step", "`a[:, :, t]` is stored before the step is taken, so that each entry is the state before the step; store what the step returns.", STEP_AND_STORE),
    make_mistake(rnn_forward, "a_prev", "overwritten", "The hidden state starts as a[:, :, 0], a view of the array that is filled later: a0 is ignored, and the a_prev kept for the first step is overwritten by a of that step.", ("a_next = a0", "a_next = a[:, :, 0]")),
    make_mistake(rnn_forward, "a_prev", "wrong step", "The previous state is read from a[:, :, t - 1]; at the first step that is the last entry of the array," " not a0.", ("t], a_next", "t], a[:, :, t - 1]")),
    make_mistake(rnn_forward, "a0", "wrong source", "a0 is ignored: the hidden state starts at zero.", ("a_next = a0", "a_next = 0 * a0")),
    make_mistake(rnn_forward, "a_prev", "not carried", "Every step starts from a0: the new state is not carried to the next step.", ("t], a_next,", "t], a0,")),
))  # fmt: skip

CELL_BACKWARD = Known(rnn.rnn_cell_backward, (rnn_cell_backward,), (
    make_mistake(rnn_cell_backward, "tanh", "missing factor", "The gradient passes the tanh unchanged: the factor 1 - a_next**2 is missing.", ("(da_next * (1 - a_next**2))", "da_next")),
    make_mistake(rnn_cell_backward, "da_next", "missing factor", "The upstream gradient da_next is missing as a factor.", ("(da_next * (1 - a_next**2))", "(1 - a_next**2)")),
    make_mistake(rnn_cell_backward, "tanh", "wrong factor", "The tanh's derivative is turned over: 1 / (1 - a_next**2) where 1 - a_next**2 belongs.", ("(da_next * (1 - a_next**2))", "(da_next / (1 - a_next**2))")),
    make_mistake(rnn_cell_backward, "weight gradients", "extra factor", "The weight and bias gradients are averaged over the batch; they have to be summed.", (" @ xt.T", " @ xt.T / M"), (" @ a_prev.T", " @ a_prev.T / M"), ("keepdims=True)", "keepdims=True) / M")),
))  # fmt: skip

CARRY = ("da[:, :, t] + da_prev", "da[:, :, t]")

BACKWARD = Known(rnn.rnn_backward, (rnn_backward,), (
    make_mistake(rnn_backward, "da_prev", "not carried", "Nothing is carried back: da_prev, the gradient that a step sends to the step before it, is left out.", CARRY),
    make_mistake(rnn_backward, "da", "missing term", "Only the last step of `da` is used; at each step, `da[:, :, t]` has to be added to the gradient that is carried back.", ("da_prev = np.zeros((n_a, m))", "da_prev = da[:, :, -1]"), ("da[:, :, t] + da_prev", "da_prev")),
    make_mistake(rnn_backward, "weight gradients", "overwritten", "The weight and bias gradients are overwritten at every step, so they keep that of step 0 alone; the steps have to be added up.", ("dWax +=", "dWax ="), ("dWaa +=", "dWaa ="), ("dba +=", "dba =")),
    make_mistake(rnn_backward, "da", "wrong step", "The steps are counted from the end of the caches: the last step of da is paired with the last step of x, which is wrong when da has fewer steps than x.", ("steps[t]", "steps[t - T]")),
))  # fmt: skip
