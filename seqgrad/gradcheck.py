"""Two ways to test a gradient without a reference: a complex step, and a table of them.

A complex step reads a derivative off the imaginary part,
``f(x + ih) = f(x) + ih f'(x) + O(h²)``: nothing is subtracted, so h can be 1e-30 and the
derivative is exact to rounding.  The function must be made of operations that take
complex numbers; seqgrad's are.  Squire & Trapp, "Using Complex Variables to Estimate
Derivatives of Real Functions", SIAM Review 40 (1998).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from seqgrad import gru, lstm, rnn
from seqgrad.initialize import gru_parameters, lstm_parameters, rnn_parameters

STEP = 1e-30


def complex_step(loss, arrays):
    """Differentiate a scalar function with respect to every entry of its arrays.

    Parameters
    ----------
    loss : function
        Takes a dict like `arrays` and returns a number; must work on complex arrays.
    arrays : dict
        Real arrays by name.

    Returns
    -------
    dict
        ``"d" + name`` for every name, each with the shape of its array.
    """
    gradients = {}
    for name, array in arrays.items():
        gradient = np.zeros(array.shape)
        for entry in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[entry] += 1j * STEP
            gradient[entry] = loss(arrays | {name: moved}).imag / STEP
        gradients["d" + name] = gradient
    return gradients


def relative_errors(exact, computed):
    """Return how far each computed array is off: the largest difference over the largest entry.

    A name that is missing or of another shape is infinitely far off.
    """
    errors = {}
    for name, array in exact.items():
        other = np.asarray(computed.get(name))
        if other.shape != array.shape or not np.issubdtype(other.dtype, np.number):
            errors[name] = np.inf
        else:
            scale = max(np.abs(array).max(), np.abs(other).max(), np.finfo(float).tiny)
            errors[name] = float(np.abs(other - array).max() / scale)
    return errors


class Pass(NamedTuple):
    """What is needed to try a backward function: its forward function, and arguments for that."""

    backward: Callable
    forward: Callable
    draw_parameters: Callable
    shapes: dict  # of the inputs, in order
    states: int = 1  # how many of the results are states at which a gradient arrives


CELL = {"xt": (3, 2), "a_prev": (5, 2)}
SEQUENCE = {"x": (3, 2, 6), "a0": (5, 2)}


def list_passes():
    """Return the backward functions that a table can be made of."""
    cell_of_lstm = CELL | {"c_prev": (5, 2)}
    return (
        Pass(rnn.rnn_cell_backward, rnn.rnn_cell_forward, rnn_parameters, CELL),
        Pass(rnn.rnn_backward, rnn.rnn_forward, rnn_parameters, SEQUENCE),
        Pass(lstm.lstm_cell_backward, lstm.lstm_cell_forward, lstm_parameters, cell_of_lstm, states=2),
        Pass(lstm.lstm_backward, lstm.lstm_forward, lstm_parameters, SEQUENCE),
        Pass(gru.gru_cell_backward, gru.gru_cell_forward, gru_parameters, CELL),
        Pass(gru.gru_backward, gru.gru_forward, gru_parameters, SEQUENCE),
    )


def gradient_table(backward, name=None, seed=0):
    """Hold a backward function against complex-step derivatives of its forward function.

    Parameters
    ----------
    backward : function
        Your ``rnn_cell_backward``, ``rnn_backward``, or those of the LSTM or the GRU.
    name : str, optional
        Which of them it is, if it goes by another name.
    seed : int
        For the arrays on which it is tried; all their sizes differ.

    Returns
    -------
    dict
        The relative error of each gradient; `format_table` makes it a table to print.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    name, known = name or backward.__name__, {each.backward.__name__: each for each in list_passes()}
    if name not in known:
        listed = ", ".join(known)
        raise ValueError(f"gradient_table: {name} is none of {listed}; say which it is with name=")
    _, forward, draw_parameters, shapes, states = known[name]
    rng = np.random.default_rng(seed)
    inputs = {key: rng.standard_normal(shape) for key, shape in shapes.items()}
    parameters = draw_parameters(rng, n_x=3, n_a=5, n_y=4)
    for key, value in parameters.items():
        parameters[key] = value + 0.3 * rng.standard_normal(value.shape)  # biases are not zero, nor all alike
    outputs = forward(*inputs.values(), parameters)
    upstream = [rng.standard_normal(state.shape) for state in outputs[:states]]

    def loss(arrays):
        moved = {key: arrays.get(key, value) for key, value in parameters.items()}
        returned = forward(*(arrays[key] for key in inputs), moved)
        return sum(np.sum(u * state) for u, state in zip(upstream, returned, strict=False))

    weights = {key: value for key, value in parameters.items() if key not in ("Wya", "Wy", "by")}
    return relative_errors(complex_step(loss, inputs | weights), backward(*upstream, outputs[-1]))


def format_table(errors, tolerance=1e-9):
    """Return relative errors as text, a line for each gradient, with a word on those above tolerance.

    What lies below 1e-12 is rounding, which differs from machine to machine, and is not
    printed in digits.
    """
    lines = [f"{'gradient':<10}{'relative error':>15}"]
    for name, error in errors.items():
        digits = "below 1e-12" if error < 1e-12 else f"{error:.0e}"
        lines.append(f"{name:<10}{digits:>15}  {'right' if error <= tolerance else 'WRONG'}")
    return "\n".join(lines)
