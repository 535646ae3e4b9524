"""Three ways to test a gradient without a reference: a complex step, the transpose, a table.

A complex step reads a derivative off the imaginary part,
``f(x + ih) = f(x) + ih f'(x) + O(h²)``: nothing is subtracted, so h can be 1e-30 and the
derivative is exact to rounding.  The function must be made of operations that take
complex numbers; seqgrad's are.  Squire & Trapp, "Using Complex Variables to Estimate
Derivatives of Real Functions", SIAM Review 40 (1998).
"""

import numpy as np

from seqgrad.initialize import lstm_parameters, rnn_parameters
from seqgrad.lstm import lstm_cell_forward, lstm_forward
from seqgrad.rnn import rnn_cell_forward, rnn_forward

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


def stacked_complex_step(loss, arrays):
    """Differentiate as `complex_step`, with all entries of an array in one call.

    Parameters
    ----------
    loss : function
        Takes a dict like `arrays` in which one array has become a stack of copies, along
        a new first axis, and returns the number for each copy; must work on complex
        arrays.
    arrays : dict
        Real arrays by name.

    Returns
    -------
    dict
        ``"d" + name`` for every name, each with the shape of its array.
    """
    gradients = {}
    for name, array in arrays.items():
        # As many copies as entries; each copy has another entry moved.
        moves = np.eye(array.size).reshape(-1, *array.shape)
        losses = loss(arrays | {name: array + 1j * STEP * moves})
        gradients["d" + name] = losses.imag.reshape(array.shape) / STEP
    return gradients


def transpose_gap(forward, backward, x, v, u):
    """Compare ``<u, J v>`` with ``<backward(u), v>``, for backward is the transpose of J.

    J v, the derivative of forward in the direction v, is taken by a complex step.

    Parameters
    ----------
    forward : function
        From an array like `x` to an array; must work on complex arrays.
    backward : function
        From a gradient at the output to the gradient at the input.
    x : array
        Where the derivative is taken.
    v, u : array
        A direction, shaped like `x`, and a gradient, shaped like ``forward(x)``.

    Returns
    -------
    float
        The difference of the two products, divided by the larger of them: about 1e-15
        for a right gradient. It costs two evaluations, whatever the shapes.
    """
    pushed = np.sum(u * forward(x + 1j * STEP * v).imag) / STEP
    pulled = np.sum(backward(u) * v)
    return abs(pushed - pulled) / max(abs(pushed), abs(pulled), np.finfo(float).tiny)


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


def gradient_table(backward, name=None, seed=0):
    """Hold a backward function against complex-step derivatives of its forward function.

    Parameters
    ----------
    backward : function
        Your ``rnn_cell_backward``, ``rnn_backward``, ``lstm_cell_backward`` or
        ``lstm_backward``.
    name : str, optional
        Which of the four it is, if it goes by another name.
    seed : int
        For the arrays on which it is tried; all their sizes differ.

    Returns
    -------
    dict
        The relative error of each gradient; `format_table` makes it a table to print.

    Raises
    ------
    ValueError
        If it is none of the four.
    """
    name = name or backward.__name__
    if name not in PASSES:
        known = ", ".join(PASSES)
        raise ValueError(f"gradient_table: {name} is none of {known}; say which it is with name=")
    forward, step, draw_parameters, shapes, states = PASSES[name]
    rng = np.random.default_rng(seed)
    inputs = {key: rng.standard_normal(shape) for key, shape in shapes.items()}
    parameters = draw_parameters(rng, n_x=3, n_a=5, n_y=4)
    for key, value in parameters.items():
        parameters[key] = value + 0.3 * rng.standard_normal(value.shape)  # biases are not zero, nor all alike
    outputs = forward(*inputs.values(), parameters)
    upstream = [rng.standard_normal(state.shape) for state in outputs[:states]]

    def loss(arrays):
        moved = over_time(step, arrays) if "x" in inputs else step(arrays)(*(arrays[key] for key in inputs))
        axes = tuple(range(-upstream[0].ndim, 0))
        return sum(np.sum(u * state, axis=axes) for u, state in zip(upstream, moved, strict=True))

    weights = {key: value for key, value in parameters.items() if key not in ("Wya", "Wy", "by")}
    return relative_errors(stacked_complex_step(loss, inputs | weights), backward(*upstream, outputs[-1]))


# The forward passes once more, as far as the states, for stacks of arrays: `@` and the rest
# leave the axes in front as they are.


def stacked_sigmoid(z):
    """Squash as `seqgrad.sigmoid`, for numbers of modest size; twice as fast on complex ones as `np.tanh`."""
    return 1 / (1 + np.exp(-z))


def stacked_tanh(z):
    """Squash as `np.tanh`, likewise."""
    return 2 * stacked_sigmoid(2 * z) - 1


def rnn_step(parameters):
    """Return the function that takes one step of the RNN; it returns the hidden state, in a tuple."""

    def step(xt, a_prev):
        return (stacked_tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"]),)

    return step


def lstm_step(parameters):
    """Return the function that takes one step of the LSTM; it returns the hidden state and the cell state."""
    stacks = (np.broadcast_arrays(*(parameters[kind + gate] for gate in "fioc")) for kind in "Wb")
    W, b = (np.concatenate(stack, axis=-2) for stack in stacks)
    n_a = b.shape[-2] // 4

    def step(xt, a_prev, c_prev=0):
        z = W[..., :n_a] @ a_prev + W[..., n_a:] @ xt + b
        ft, it, ot = np.split(stacked_sigmoid(z[..., : 3 * n_a, :]), 3, axis=-2)
        c_next = ft * c_prev + it * stacked_tanh(z[..., 3 * n_a :, :])
        return ot * stacked_tanh(c_next), c_next

    return step


def over_time(step, arrays):
    """Take all steps over ``x`` from ``a0``; return the hidden states, time the last axis, in a tuple."""
    step, states, hidden = step(arrays), (arrays["a0"],), []
    for t in range(arrays["x"].shape[-1]):
        states = step(arrays["x"][..., t], *states)
        hidden.append(states[0])
    return (np.stack(hidden, axis=-1),)


# For each backward function: its forward function, that for stacks, the parameters, the inputs,
# and how many of the results are states at which a gradient arrives.
CELL = {"xt": (3, 2), "a_prev": (5, 2)}
SEQUENCE = {"x": (3, 2, 6), "a0": (5, 2)}
PASSES = {
    "rnn_cell_backward": (rnn_cell_forward, rnn_step, rnn_parameters, CELL, 1),
    "rnn_backward": (rnn_forward, rnn_step, rnn_parameters, SEQUENCE, 1),
    "lstm_cell_backward": (lstm_cell_forward, lstm_step, lstm_parameters, CELL | {"c_prev": (5, 2)}, 2),
    "lstm_backward": (lstm_forward, lstm_step, lstm_parameters, SEQUENCE, 1),
}


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
