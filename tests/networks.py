"""The three networks, and random arguments for them: all sizes differ, and nothing is zero."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seqgrad import gru, lstm, rnn
from seqgrad.gradcheck import STEP

SIZES = {"n_x": 3, "n_a": 5, "n_y": 4, "m": 2, "T_x": 6}
OUTPUT_LAYER = ("Wya", "Wy", "by")


@dataclass(frozen=True)
class Network:
    """Four functions that belong together, and the arrays that go into them."""

    cell_forward: Callable
    forward: Callable
    cell_backward: Callable
    backward: Callable
    states: tuple  # what a step hands on to the next
    parameters: dict  # the shape of each, in names of sizes
    cache: tuple  # what the cache of a step holds, in order

    @property
    def weights(self):
        """The parameters that the hidden states depend on: all but the output layer's."""
        return [name for name in self.parameters if name not in OUTPUT_LAYER]

    def step(self, seed, **sizes):
        """Draw the arguments of one step: the input, the states before it, the parameters."""
        shapes = {"xt": "n_x m"} | {f"{state}_prev": "n_a m" for state in self.states}
        return *draw(seed, shapes, **sizes).values(), draw([seed, 1], self.parameters, **sizes)

    def sequence(self, seed, **sizes):
        """Draw the arguments of a sequence: x, a0, the parameters."""
        shapes = {"x": "n_x m T_x", "a0": "n_a m"}
        return *draw(seed, shapes, **sizes).values(), draw([seed, 1], self.parameters, **sizes)

    def upstream(self, seed, **sizes):
        """Draw a gradient at the hidden state of each step."""
        return draw([seed, 2], {"da": "n_a m T_x"}, **sizes)["da"]


def draw(seed, shapes, **sizes):
    """Draw an array of standard normal numbers for each shape; ``n_a+n_x`` is a sum of sizes."""
    sizes = SIZES | sizes | {"1": 1}
    rng = np.random.default_rng(seed)
    return {
        name: rng.standard_normal([sum(sizes[part] for part in size.split("+")) for size in shape.split()])
        for name, shape in shapes.items()
    }


RNN = Network(
    rnn.rnn_cell_forward,
    rnn.rnn_forward,
    rnn.rnn_cell_backward,
    rnn.rnn_backward,
    states=("a",),
    parameters={"Wax": "n_a n_x", "Waa": "n_a n_a", "Wya": "n_y n_a", "ba": "n_a 1", "by": "n_y 1"},
    cache=("a_next", "a_prev", "xt", "parameters"),
)
LSTM = Network(
    lstm.lstm_cell_forward,
    lstm.lstm_forward,
    lstm.lstm_cell_backward,
    lstm.lstm_backward,
    states=("a", "c"),
    parameters={"Wf": "n_a n_a+n_x", "bf": "n_a 1", "Wi": "n_a n_a+n_x", "bi": "n_a 1"}
    | {"Wc": "n_a n_a+n_x", "bc": "n_a 1", "Wo": "n_a n_a+n_x", "bo": "n_a 1"}
    | {"Wy": "n_y n_a", "by": "n_y 1"},
    cache=("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt", "parameters"),
)
GRU = Network(
    gru.gru_cell_forward,
    gru.gru_forward,
    gru.gru_cell_backward,
    gru.gru_backward,
    states=("a",),
    parameters={"Wu": "n_a n_a+n_x", "bu": "n_a 1", "Wr": "n_a n_a+n_x", "br": "n_a 1"}
    | {"Wc": "n_a n_a+n_x", "bc": "n_a 1", "Wy": "n_y n_a", "by": "n_y 1"},
    cache=("a_next", "a_prev", "ut", "rt", "cct", "xt", "parameters"),
)
NETWORKS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}


def transpose_gap(forward, backward, x, v, u):
    """Compare ``<u, J v>`` with ``<backward(u), v>``, for backward is the transpose of J.

    J v, the derivative of forward at `x` in the direction `v`, is taken by a complex step.  What is returned
    is the difference of the two products over the larger of them, about 1e-15 for a right gradient.
    """
    pushed = np.sum(u * forward(x + 1j * STEP * v).imag) / STEP
    pulled = np.sum(backward(u) * v)
    return abs(pushed - pulled) / max(abs(pushed), abs(pulled), np.finfo(float).tiny)


def every_array(value):
    """Return all arrays inside nested tuples, lists and dicts, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [array for part in parts for array in every_array(part)]


def cast(value, dtype):
    """Return the same nested tuples, lists and dicts with arrays of another dtype."""
    if isinstance(value, np.ndarray):
        return value.astype(dtype)
    if isinstance(value, dict):
        return {name: cast(part, dtype) for name, part in value.items()}
    return type(value)(cast(part, dtype) for part in value)
