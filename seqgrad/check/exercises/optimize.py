"""The exercises of chapters 6 and 8 on gradients and parameters: Adam, clipping."""

import numpy as np

from seqgrad import optimize
from seqgrad.check.exercises.draw import draw_arrays
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.rnn import SHAPES
from seqgrad.check.running.data import Call

LAYERS = {"W1": (2, 3), "b1": (2, 1), "W2": (5, 2), "b2": (5, 1), "W3": (4, 5), "b3": (4, 1)}


def draw_layers(seed, scale=1.0, prefix=""):
    """Draw the parameters of three layers, W1, b1, ..., or gradients like them."""
    drawn = draw_arrays(LAYERS, np.random.default_rng(seed), scale)
    return {prefix + name: values for name, values in drawn.items()}


def make_starts(seeded):
    """Return calls: three layers, then one."""
    parameters = draw_layers(seeded(0))
    one = {name: parameters[name] for name in ("W1", "b1")}
    return [Call((parameters,)), Call((one,), "With one layer, ")]


def make_updates(seeded):
    """Return calls: warm moments at t = 5; the first step; other settings; tiny gradients; none."""
    parameters = draw_layers(seeded(1))
    grads, v = draw_layers(seeded(2), prefix="d"), draw_layers(seeded(3), 0.5, "d")
    s = {name: values**2 for name, values in v.items()}
    cold = {name: np.zeros_like(values) for name, values in v.items()}
    tiny = draw_layers(seeded(4), 1e-6, "d")
    return [
        Call((parameters, grads, v, s, 5)),
        Call((parameters, grads, cold, cold, 1), "At the first step, "),
        Call((parameters, grads, v, s, 3, 0.5, 0.6, 0.7, 0.3), "With other settings than the usual, "),
        Call((parameters, tiny, cold, cold, 1), "With gradients near 1e-6, "),
        Call((parameters, tiny, cold, cold, 1, 0.5, 0.9, 0.999, 1e-6), "With gradients near epsilon, "),
        Call((parameters, cold, cold, cold, 1), "With gradients of zero, "),
    ]


def draw_gradients(seeded):
    """Draw the gradients of an RNN's parameters."""
    drawn = draw_arrays(SHAPES, np.random.default_rng(seeded(0)))
    return {"d" + name: values for name, values in drawn.items()}


def make_cuts(seeded):
    """Return calls: gradients that are cut; another limit; gradients short enough."""
    limits = (0.3, ""), (0.05, "With a smaller limit, "), (100.0, "With gradients below the limit, ")
    return [Call((draw_gradients(seeded), limit), label) for limit, label in limits]


def make_long_gradients(seeded):
    """Return calls: gradients that are too long; another limit; short enough; zero."""
    limits = (0.5, ""), (3.0, "With another limit, "), (100.0, "With gradients below the limit, ")
    calls = [Call((draw_gradients(seeded), limit), label) for limit, label in limits]
    zeros = {name: np.zeros_like(values) for name, values in draw_gradients(seeded).items()}
    return [*calls, Call((zeros, 0.5), "With gradients of zero, ")]


AVERAGE = ("v", "The average of the gradients, v,")
AVERAGE_OF_SQUARES = ("s", "The average of the squared gradients, s,")
WORDS = {
    **{"v": AVERAGE, "v_new": AVERAGE, "s": AVERAGE_OF_SQUARES, "s_new": AVERAGE_OF_SQUARES},
    "v_corrected": ("v_corrected", "The corrected average of the gradients"),
    "s_corrected": ("s_corrected", "The corrected average of the squared gradients"),
    "step": ("parameters", "The step"),
    "parameters_new": ("parameters", "The updated parameter"),
}

initialize_adam = Exercise(
    "initialize_adam", optimize.initialize_adam, make_starts,
    returns=("v", "s"), words={"v": ("v", "v"), "s": ("s", "s")},
)  # fmt: skip

update_parameters_with_adam = Exercise(
    "update_parameters_with_adam", optimize.update_parameters_with_adam, make_updates,
    returns=("parameters", "v", "s"), words=WORDS, rebinds=True,
)  # fmt: skip

clip = Exercise("clip", optimize.clip, make_cuts)

clip_by_global_norm = Exercise(
    "clip_by_global_norm", optimize.clip_by_global_norm, make_long_gradients,
    returns=("clipped", "norm"), words={"norm": ("norm", "The norm"), "factor": ("clipped", "The factor")},
)  # fmt: skip
