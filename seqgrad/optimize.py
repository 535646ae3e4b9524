"""From gradients to better parameters: clipping, and Adam.

Every function returns new dicts and new arrays; the arguments stay as they were.
"""

import functools

import numpy as np

from seqgrad.shapes import join_names, takes


@takes(parameters={"*": "..."})
def initialize_adam(parameters):
    """Start Adam's two moving averages at zero.

    Parameters
    ----------
    parameters : dict
        Arrays by name: ``W1``, ``b1``, ... or ``Wax``, ``ba``, ...

    Returns
    -------
    v, s : dict
        ``"d" + name`` for every name, zeros of that parameter's shape and dtype, each
        an array of its own: the averages of the gradient and of its square.

    Raises
    ------
    TypeError
        If a parameter is not an array of floats; the message names it.

    Notes
    -----
    Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.
    """
    # For each parameter one average of its gradient and one of its square: new arrays
    # of zeros, in the shape of the parameter.
    v = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}
    s = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}

    return v, s


def _gradient_for_each_parameter(update):
    """Refuse gradients and averages that lack a parameter or its shape, and a t below 1."""

    @functools.wraps(update)
    def checked(parameters, grads, v, s, t, *args, **kwargs):
        refused = f"{update.__name__}: "
        for holder, held in (("grads", grads), ("v", v), ("s", s)):
            for name, value in parameters.items():
                d = "d" + name
                if d not in held:
                    raise ValueError(f"{refused}{holder} lacks {d}; it has {join_names(held) or 'nothing'}")
                if held[d].shape != value.shape:
                    found = f'{holder}["{d}"] has shape {held[d].shape}'
                    raise ValueError(f"{refused}{found}, but {name} has {value.shape}")
        if t < 1:
            raise ValueError(f"{refused}t is {t}, but steps count from 1")
        return update(parameters, grads, v, s, t, *args, **kwargs)

    return checked


@takes(parameters={"*": "..."}, grads={"*": "..."}, v={"*": "..."}, s={"*": "..."})
@_gradient_for_each_parameter
def update_parameters_with_adam(
    parameters, grads, v, s, t, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8
):
    """Take one step of Adam.

    Parameters
    ----------
    parameters : dict
        Arrays by name.
    grads : dict
        The gradient of each, under ``"d" + name``; other arrays are ignored.
    v, s : dict
        Moving averages of the gradients and of their squares, as `initialize_adam` or
        the last step returned them.
    t : int
        Which step this is; the first is 1.
    learning_rate, beta1, beta2, epsilon : float
        The step size, how much of each average is kept, and what prevents a division
        by zero.

    Returns
    -------
    parameters, v, s : dict
        Their new values, in new dicts and arrays.

    Raises
    ------
    ValueError, TypeError
        If a name in `parameters` has no gradient or average of its shape, or t is below
        1; the message names it.

    Notes
    -----
    Epsilon is added outside the root, as in Kingma & Ba, "Adam: A Method for Stochastic
    Optimization", ICLR 2015, algorithm 1.  Under the root it would make the steps too
    short for all gradients well below 1e-4.
    """
    # New dicts for the new values; the arguments stay as they are.
    v_new, s_new, parameters_new = {}, {}, {}

    for name in parameters:
        # The key of this parameter's gradient and averages.
        d = "d" + name

        # Update the moving averages of the gradient and of its square, elementwise.
        v_new[d] = beta1 * v[d] + (1 - beta1) * grads[d]
        s_new[d] = beta2 * s[d] + (1 - beta2) * grads[d] ** 2

        # Both started at zero, so they are too small: divide each by its factor, which
        # depends on t.
        v_corrected = v_new[d] / (1 - beta1**t)
        s_corrected = s_new[d] / (1 - beta2**t)

        # Go against the average gradient, divided by its size; add epsilon to the root,
        # not under it.
        step = v_corrected / (np.sqrt(s_corrected) + epsilon)
        parameters_new[name] = parameters[name] - learning_rate * step

    return parameters_new, v_new, s_new


@takes(gradients={"*": "..."})
def clip(gradients, maxValue):
    """Limit every entry of every gradient to the range from -maxValue to maxValue.

    Parameters
    ----------
    gradients : dict
        Arrays by name.
    maxValue : float
        Not negative.

    Returns
    -------
    dict
        The same names, new arrays.  Clipping by value can change the direction of the
        step.

    Raises
    ------
    ValueError, TypeError
        If `maxValue` is negative, or a gradient is not an array of floats.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.11.1.
    """
    if maxValue < 0:
        raise ValueError(f"clip: maxValue is {maxValue}, but it must not be negative")

    # Limit every entry, in new arrays.
    clipped = {name: np.clip(entries, -maxValue, maxValue) for name, entries in gradients.items()}

    return clipped


@takes(gradients={"*": "..."})
def clip_by_global_norm(gradients, max_norm):
    """Multiply all gradients by one factor, so that their norm is at most max_norm.

    Parameters
    ----------
    gradients : dict
        Arrays by name.
    max_norm : float
        The largest Euclidean norm of all entries taken together.

    Returns
    -------
    clipped : dict
        The same names, new arrays; the direction of the step stays.
    norm : float
        The norm before clipping.

    Raises
    ------
    ValueError, TypeError
        If `max_norm` is not positive, or a gradient is not an array of floats.

    Notes
    -----
    Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, algorithm 1.
    """
    if max_norm <= 0:
        raise ValueError(f"clip_by_global_norm: max_norm is {max_norm}, but it must be positive")

    # The norm of all gradients together, as one long vector.
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))

    # One factor for all gradients: 1 if their norm is small enough.
    factor = max_norm / max(norm, max_norm)
    clipped = {name: gradient * factor for name, gradient in gradients.items()}

    return clipped, norm
