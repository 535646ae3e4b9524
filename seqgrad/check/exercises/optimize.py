"""The exercises of chapters 6 and 8 on gradients and parameters: Adam, clipping."""

from dataclasses import replace

import numpy as np

from seqgrad import optimize
from seqgrad.check.exercises.draw import ON_SIZES, OTHER, USUAL, WITH_OTHER_SIZES, draw_arrays, resize
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.rnn import SHAPES
from seqgrad.check.running.data import Call

MORE = {"W1": (3, 4), "b1": (3, 1), "W2": (6, 3), "b2": (6, 1), "W3": (2, 6), "b3": (2, 1)}
MORE |= {"W4": (5, 2), "b4": (5, 1)}
LAYERS = {"W1": (2, 3), "b1": (2, 1), "W2": (5, 2), "b2": (5, 1), "W3": (4, 5), "b3": (4, 1)}


def draw_layers(seed, scale=1.0, prefix="", layers=LAYERS):
    """Draw the parameters of layers, W1, b1, ..., or gradients like them."""
    drawn = draw_arrays(layers, np.random.default_rng(seed), scale)
    return {prefix + name: values for name, values in drawn.items()}


def make_starts(seeded):
    """Return calls: three layers; one; four of other sizes."""
    parameters = draw_layers(seeded(0))
    one = {name: parameters[name] for name in ("W1", "b1")}
    more = draw_layers(seeded(1), layers=MORE)
    label = "With four layers of other sizes, "
    return [Call((parameters,)), Call((one,), "With one layer, "), Call((more,), label, reveals=ON_SIZES)]


def make_updates(seeded):
    """Return calls: warm moments at t = 5; the first step; other settings and sizes; tiny gradients; none."""

    def draw(layers=LAYERS):
        v = draw_layers(seeded(3), 0.5, "d", layers)
        s = {name: values**2 for name, values in v.items()}
        return draw_layers(seeded(1), layers=layers), draw_layers(seeded(2), 1.0, "d", layers), v, s

    parameters, grads, v, s = draw()
    cold = {name: np.zeros_like(values) for name, values in v.items()}
    tiny = draw_layers(seeded(4), 1e-6, "d")
    return [
        Call((parameters, grads, v, s, 5)),
        Call((parameters, grads, cold, cold, 1), "At the first step, "),
        Call((*draw(MORE), 3, 0.5, 0.6, 0.7, 0.3), "With other settings and sizes than the usual, "),
        Call((parameters, tiny, cold, cold, 1), "With gradients near 1e-6, "),
        Call((parameters, tiny, cold, cold, 1, 0.5, 0.9, 0.999, 1e-6), "With gradients near epsilon, "),
        Call((parameters, cold, cold, cold, 1), "With gradients of zero, "),
    ]


def draw_gradients(seeded, sizes=USUAL):
    """Draw the gradients of an RNN's parameters."""
    drawn = draw_arrays(resize(SHAPES, sizes), np.random.default_rng(seeded(0)))
    return {"d" + name: values for name, values in drawn.items()}


def make_cuts(seeded):
    """Return calls: gradients that are cut; another limit; gradients short enough; other sizes."""
    limits = (0.3, ""), (0.05, "With a smaller limit, "), (100.0, "With gradients below the limit, ")
    calls = [Call((draw_gradients(seeded), limit), label) for limit, label in limits]
    return [*calls, Call((draw_gradients(seeded, OTHER), 0.3), WITH_OTHER_SIZES, reveals=ON_SIZES)]


def make_other_cuts(seeded):
    """Return the same calls with the assignment's names, which have one bias: `db` in place of `dba`."""
    return [
        replace(call, arguments=({name.replace("dba", "db"): held[name] for name in held}, limit))
        for call in make_cuts(seeded)
        for held, limit in [call.arguments]
    ]


def make_long_gradients(seeded):
    """Return calls: gradients that are too long; another limit; short enough; zero; other sizes."""
    limits = (0.5, ""), (3.0, "With another limit, "), (100.0, "With gradients below the limit, ")
    calls = [Call((draw_gradients(seeded), limit), label) for limit, label in limits]
    zeros = {name: np.zeros_like(values) for name, values in draw_gradients(seeded).items()}
    calls.append(Call((zeros, 0.5), "With gradients of zero, "))
    return [*calls, Call((draw_gradients(seeded, OTHER), 0.5), WITH_OTHER_SIZES, reveals=ON_SIZES)]


AVERAGE = ("v", "The average of the gradients, v,")
AVERAGE_OF_SQUARES = ("s", "The average of the squared gradients, s,")
WORDS = {
    **{"v": AVERAGE, "v_new": AVERAGE, "s": AVERAGE_OF_SQUARES, "s_new": AVERAGE_OF_SQUARES},
    "v_corrected": ("v_corrected", "The corrected average of the gradients"),
    "s_corrected": ("s_corrected", "The corrected average of the squared gradients"),
    "step": ("parameters", "The step"),
    "parameters_new": ("parameters", "The updated parameter"),
}

ONE_BIAS = "It follows the assignment's notebook on names, where the bias gradient has the key `db`."

initialize_adam = Exercise(
    "initialize_adam", optimize.initialize_adam, make_starts,
    returns=("v", "s"), words={"v": ("v", "v"), "s": ("s", "s")},
    by_hand="Take one layer, and print the keys and the shapes of what you return.",
)  # fmt: skip

update_parameters_with_adam = Exercise(
    "update_parameters_with_adam", optimize.update_parameters_with_adam, make_updates,
    returns=("parameters", "v", "s"), words=WORDS, may_change="dicts",
    by_hand="Take one number as a parameter, v = s = 0 and t = 1: it changes by about learning_rate.",
)  # fmt: skip

clip = Exercise(
    "clip", optimize.clip, make_cuts, may_change="arrays",
    by_hand="Take one gradient with the entries -2, 0.1 and 2 and the limit 0.5.",
    also=Exercise("clip", optimize.clip, make_other_cuts, may_change="arrays", remark=ONE_BIAS),
)  # fmt: skip

clip_by_global_norm = Exercise(
    "clip_by_global_norm", optimize.clip_by_global_norm, make_long_gradients,
    returns=("clipped", "norm"), words={"norm": ("norm", "The norm"), "factor": ("clipped", "The factor")},
    by_hand="Take two gradients of one entry each, 3 and 4, whose norm together is 5.",
)  # fmt: skip
