"""The exercises of chapters 6 and 8 on gradients and parameters: Adam, clipping."""

import numpy as np

from seqgrad import optimize
from seqgrad.check.exercises.draw import N_A, N_X, N_Y, draw_parameters
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call

GRADIENTS = {"dWax": (N_A, N_X), "dWaa": (N_A, N_A), "dWya": (N_Y, N_A), "dba": (N_A, 1), "dby": (N_Y, 1)}


def draw_layers(seed, scale=1.0):
    """Draw the parameters of three layers, W1, b1, ..., or gradients like them."""
    rng = np.random.default_rng(seed)
    widths = (3, 2, 5, 4)
    shapes = {}
    for layer in (1, 2, 3):
        shapes |= {f"W{layer}": (widths[layer], widths[layer - 1]), f"b{layer}": (widths[layer], 1)}
    return {name: scale * rng.standard_normal(shape) for name, shape in shapes.items()}


def make_starts(seeded):
    """Return calls: three layers, then one."""
    parameters = draw_layers(seeded(0))
    one = {name: parameters[name] for name in ("W1", "b1")}
    return [Call((parameters,)), Call((one,), "With one layer, ")]


def make_updates(seeded):
    """Return calls: warm moments at t = 5; the first step; other settings; tiny gradients; none."""
    parameters = draw_layers(seeded(1))

    def draw_gradients(seed, scale=1.0):
        return {"d" + name: values for name, values in draw_layers(seeded(seed), scale).items()}

    grads, v = draw_gradients(2), draw_gradients(3, 0.5)
    s = {name: values**2 for name, values in v.items()}
    cold = {name: np.zeros_like(values) for name, values in v.items()}
    tiny = draw_gradients(4, 1e-6)
    return [
        Call((parameters, grads, v, s, 5)),
        Call((parameters, grads, cold, cold, 1), "At the first step, "),
        Call((parameters, grads, v, s, 3, 0.5, 0.6, 0.7, 0.3), "With other settings than the usual, "),
        Call((parameters, tiny, cold, cold, 1), "With gradients near 1e-6, "),
        Call((parameters, tiny, cold, cold, 1, 0.5, 0.9, 0.999, 1e-6), "With gradients near epsilon, "),
        Call((parameters, cold, cold, cold, 1), "With gradients of zero, "),
    ]


def make_cuts(seeded):
    """Return calls: gradients that are cut; another limit; gradients short enough."""
    gradients = draw_parameters(GRADIENTS, np.random.default_rng(seeded(0)))
    return [
        Call((gradients, 0.3)),
        Call((gradients, 0.05), "With a smaller limit, "),
        Call((gradients, 100.0), "With gradients below the limit, "),
    ]


def make_long_gradients(seeded):
    """Return calls: gradients that are too long; another limit; short enough; zero."""
    gradients = draw_parameters(GRADIENTS, np.random.default_rng(seeded(0)))
    zeros = {name: np.zeros_like(values) for name, values in gradients.items()}
    return [
        Call((gradients, 0.5)),
        Call((gradients, 3.0), "With another limit, "),
        Call((gradients, 100.0), "With gradients below the limit, "),
        Call((zeros, 0.5), "With gradients of zero, "),
    ]


initialize_adam = Exercise(
    "initialize_adam",
    optimize.initialize_adam,
    make_starts,
    returns=("v", "s"),
    words={"v": ("v", "v"), "s": ("s", "s")},
)

update_parameters_with_adam = Exercise(
    "update_parameters_with_adam",
    optimize.update_parameters_with_adam,
    make_updates,
    returns=("parameters", "v", "s"),
    words={
        "v": ("v", "The average of the gradients, v,"),
        "s": ("s", "The average of the squared gradients, s,"),
        "v_new": ("v", "The average of the gradients, v,"),
        "s_new": ("s", "The average of the squared gradients, s,"),
        "v_corrected": ("v_corrected", "The corrected average of the gradients"),
        "s_corrected": ("s_corrected", "The corrected average of the squared gradients"),
        "step": ("parameters", "The step"),
        "parameters_new": ("parameters", "The updated parameter"),
    },
    rebinds=True,
)

clip = Exercise("clip", optimize.clip, make_cuts)

clip_by_global_norm = Exercise(
    "clip_by_global_norm",
    optimize.clip_by_global_norm,
    make_long_gradients,
    returns=("clipped", "norm"),
    words={"norm": ("norm", "The norm"), "factor": ("clipped", "The factor")},
)
