"""Adam as other people write it, and the mistakes that are made there."""

# ruff: noqa: E501 - a table: a mistake is a line, however long

import numpy as np

from seqgrad.check.exercises import optimize
from seqgrad.check.naming.known.known import Known, make_mistake


def initialize_adam(parameters):
    """Fill both dicts in one loop."""
    v, s = {}, {}
    for name in parameters:
        v["d" + name] = np.zeros(parameters[name].shape)
        s["d" + name] = np.zeros(parameters[name].shape)
    return v, s


def update_parameters_with_adam(
    parameters, grads, v, s, t, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8
):
    """Put the new values into copies of the dicts, and keep the corrected averages in dicts."""
    parameters, v, s = dict(parameters), dict(v), dict(s)
    v_corrected, s_corrected = {}, {}
    for name in list(parameters):
        d = "d" + name
        v[d] = beta1 * v[d] + (1 - beta1) * grads[d]
        v_corrected[d] = v[d] / (1 - beta1**t)
        s[d] = beta2 * s[d] + (1 - beta2) * grads[d] ** 2
        s_corrected[d] = s[d] / (1 - beta2**t)
        step = v_corrected[d] / (np.sqrt(s_corrected[d]) + epsilon)
        parameters[name] = parameters[name] - learning_rate * step
    return parameters, v, s


INITIALIZE = Known(optimize.initialize_adam, (initialize_adam,))

UPDATE = Known(optimize.update_parameters_with_adam, (update_parameters_with_adam,), (
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "missing factor", "There is no bias correction: v and s have to be divided by 1 - beta1**t and 1 - beta2**t.", (" / (1 - beta1**t)", ""), (" / (1 - beta2**t)", "")),
    make_mistake(update_parameters_with_adam, "v_corrected", "missing factor", "v is not corrected: divide it by 1 - beta1**t.", (" / (1 - beta1**t)", "")),
    make_mistake(update_parameters_with_adam, "s_corrected", "missing factor", "s is not corrected: divide it by 1 - beta2**t.", (" / (1 - beta2**t)", "")),
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "wrong factor", "The correction has `beta1**2` and `beta2**2` where it should have `beta1**t` and `beta2**t`.", ("**t", "**2")),
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "wrong factor", "beta1 and beta2 are raised to the number of the layer, counted from 0; the power is t, the number of the update.", ("**t", "**(int(name[1:]) - 1)")),
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "wrong factor", "beta1 and beta2 are raised to the number of the layer, counted from 1; the power is t, the number of the update.", ("**t", "**int(name[1:])")),
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "wrong factor", "The correction has the power `t - 1` where it should have `t`: the first update has t = 1.", ("**t", "**(t - 1)")),
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "wrong factor", "The correction has the power `t + 1` where it should have `t`: the first update has t = 1.", ("**t", "**(t + 1)")),
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "missing factor", "beta1 and beta2 are not raised to the power of t: divide by 1 - beta1**t and 1 - beta2**t.", ("**t", "")),
    make_mistake(update_parameters_with_adam, "v_corrected, s_corrected", "wrong factor", "The correction multiplies beta by t; beta has to be raised to the power of t.", ("**t", " * t")),
    make_mistake(update_parameters_with_adam, "beta1, beta2", "wrong order", "beta1 and beta2 are exchanged in the averages.", ("beta1 * v[d] + (1 - beta1)", "beta2 * v[d] + (1 - beta2)"), ("beta2 * s[d] + (1 - beta2)", "beta1 * s[d] + (1 - beta1)")),
    make_mistake(update_parameters_with_adam, "v, s", "overwritten", "The corrected averages are stored in v and s; the next step needs them uncorrected.", ("v_corrected[d] = v[d] /", "v[d] = v_corrected[d] = v[d] /"), ("s_corrected[d] = s[d] /", "s[d] = s_corrected[d] = s[d] /")),
    make_mistake(update_parameters_with_adam, "parameters", "wrong source", "The step uses v and s; it should use their corrected values.", ("v_corrected[d] / (np.sqrt(s_corrected[d])", "v[d] / (np.sqrt(s[d])")),
    make_mistake(update_parameters_with_adam, "parameters", "wrong order", "v and s are exchanged in the step: the average of the squares is divided by the root of the average.", ("v_corrected[d] / (np.sqrt(s_corrected[d])", "s_corrected[d] / (np.sqrt(v_corrected[d])")),
    make_mistake(update_parameters_with_adam, "v, s", "missing factor", "The factors 1 - beta1 and 1 - beta2 are missing: the averages become sums.", ("(1 - beta1) * ", ""), ("(1 - beta2) * ", "")),
    make_mistake(update_parameters_with_adam, "epsilon", "unstable", "epsilon stands under the root; it should be added to the root, or it swallows small gradients.", ("np.sqrt(s_corrected[d]) + epsilon", "np.sqrt(s_corrected[d] + epsilon)")),
))  # fmt: skip
