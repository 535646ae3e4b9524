"""The one place where a check asks for right answers: the reference's functions, and names for their results.

Everything else in this package sees calls, results and names.  Where the reference must
not be, these functions are what recorded answers replace.
"""

import functools
import inspect

import numpy as np

import seqgrad
from seqgrad.check.running.run import run
from seqgrad.text import cell_step, one_hot

FUNCTIONS = {
    "softmax": seqgrad.softmax,
    "sigmoid": seqgrad.sigmoid,
    "rnn_cell_forward": seqgrad.rnn_cell_forward,
    "rnn_forward": seqgrad.rnn_forward,
    "rnn_cell_backward": seqgrad.rnn_cell_backward,
    "rnn_backward": seqgrad.rnn_backward,
    "lstm_cell_forward": seqgrad.lstm_cell_forward,
    "lstm_forward": seqgrad.lstm_forward,
    "lstm_cell_backward": seqgrad.lstm_cell_backward,
    "lstm_backward": seqgrad.lstm_backward,
    "initialize_adam": seqgrad.initialize_adam,
    "update_parameters_with_adam": seqgrad.update_parameters_with_adam,
    "cross_entropy_forward": seqgrad.cross_entropy_forward,
    "cross_entropy_backward": seqgrad.cross_entropy_backward,
    "output_backward": seqgrad.output_backward,
    "clip": seqgrad.clip,
    "clip_by_global_norm": seqgrad.clip_by_global_norm,
    "sample": seqgrad.sample,
}

# Which functions an exercise calls, by name, and from which forward function its caches come.
HELPERS = {
    "rnn_cell_forward": ("softmax",),
    "rnn_forward": ("rnn_cell_forward", "softmax"),
    "rnn_backward": ("rnn_cell_backward",),
    "lstm_cell_forward": ("sigmoid", "softmax"),
    "lstm_forward": ("lstm_cell_forward", "sigmoid", "softmax"),
    "lstm_cell_backward": ("sigmoid",),
    "lstm_backward": ("lstm_cell_backward", "sigmoid"),
    "sample": ("cell_step", "rnn_cell_forward", "lstm_cell_forward", "softmax", "sigmoid"),
}
FORWARD = {
    "rnn_cell_backward": "rnn_cell_forward",
    "rnn_backward": "rnn_forward",
    "lstm_cell_backward": "lstm_cell_forward",
    "lstm_backward": "lstm_forward",
    "cross_entropy_backward": "cross_entropy_forward",
}

# What each function returns, in order; a name with parts is a tuple, None stands for every time step.
RNN_CACHE = ("cache", ("a_next", "a_prev", "xt", "parameters"))
LSTM_CACHE = ("cache", ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt", "parameters"))
RETURNS = {
    "softmax": "the result",
    "sigmoid": "the result",
    "rnn_cell_forward": ("a_next", "yt_pred", RNN_CACHE),
    "rnn_forward": ("a", "y_pred", "caches"),
    "lstm_cell_forward": ("a_next", "c_next", "yt_pred", LSTM_CACHE),
    "lstm_forward": ("a", "y", "c", "caches"),
    "initialize_adam": ("v", "s"),
    "update_parameters_with_adam": ("parameters", "v", "s"),
    "cross_entropy_forward": ("loss", "cache"),
    "cross_entropy_backward": "dz",
    "clip_by_global_norm": ("clipped", "norm"),
    "sample": "the result",
}
CACHES = {
    "rnn_cell_backward": RNN_CACHE[1],
    "lstm_cell_backward": LSTM_CACHE[1],
    "cross_entropy_backward": ("y_pred", "y"),
}
PARTS = {"rnn_forward": RNN_CACHE[1], "lstm_forward": LSTM_CACHE[1]}


def answer(exercise, calls):
    """Return what the reference gives for calls."""
    return run(FUNCTIONS[exercise], calls)


def helpers(exercise):
    """Return the reference's functions for which a learner's helpers are exchanged, by name."""
    return {name: FUNCTIONS.get(name, cell_step) for name in HELPERS.get(exercise, ())}


@functools.cache
def arguments(exercise):
    """Return the names of an exercise's arguments."""
    return tuple(inspect.signature(FUNCTIONS[exercise]).parameters)


def predictions(parameters, codes):
    """Return the probability of each class at each step (n_y, T) when these codes have been drawn."""
    n_y, n_a = len(parameters["by"]), len(parameters["bf" if "Wf" in parameters else "ba"])
    hidden, cell, before = np.zeros((n_a, 1)), np.zeros((n_a, 1)), np.zeros((n_y, 1))
    p = np.zeros((n_y, len(codes)))
    for t, code in enumerate(codes):
        hidden, cell, p[:, [t]] = cell_step(before, hidden, cell, parameters)
        before = one_hot([code], len(p))
    return p
