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
    """Hold a backward function against complex-step derivatives of seqgrad's forward function.

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
    forward, draw_parameters, shapes, states = PASSES[name]
    rng = np.random.default_rng(seed)
    inputs = {key: rng.standard_normal(shape) for key, shape in shapes.items()}
    parameters = draw_parameters(rng, n_x=3, n_a=5, n_y=4)
    for key, value in parameters.items():
        parameters[key] = value + 0.3 * rng.standard_normal(value.shape)  # biases are not zero, nor all alike
    outputs = forward(*inputs.values(), parameters)
    upstream = [rng.standard_normal(state.shape) for state in outputs[:states]]

    def loss(arrays):
        moved = forward(*(arrays[key] for key in inputs), arrays)
        return sum(np.sum(u * state) for u, state in zip(upstream, moved, strict=False))

    exact = complex_step(loss, inputs | parameters)
    exact = {key: gradient for key, gradient in exact.items() if key not in ("dWya", "dWy", "dby")}
    return relative_errors(exact, backward(*upstream, outputs[-1]))


# For each backward function: its forward function, the parameters, the inputs, and how
# many of the results are states at which a gradient arrives.
PASSES = {
    "rnn_cell_backward": (rnn_cell_forward, rnn_parameters, {"xt": (3, 2), "a_prev": (5, 2)}, 1),
    "rnn_backward": (rnn_forward, rnn_parameters, {"x": (3, 2, 6), "a0": (5, 2)}, 1),
    "lstm_cell_backward": (
        lstm_cell_forward,
        lstm_parameters,
        {"xt": (3, 2), "a_prev": (5, 2), "c_prev": (5, 2)},
        2,
    ),
    "lstm_backward": (lstm_forward, lstm_parameters, {"x": (3, 2, 6), "a0": (5, 2)}, 1),
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
