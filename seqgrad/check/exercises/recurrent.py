"""What the exercises of all recurrent networks have in common: their calls, their impulses, words.

A network brings the shapes of its parameters.
"""

from functools import partial

import numpy as np

from seqgrad.check.exercises.draw import (
    HUGE,
    N_A,
    N_X,
    ON_SIZES,
    OTHER,
    T_X,
    USUAL,
    WITH_OTHER_SIZES,
    M,
    draw_arrays,
    draw_like,
    resize,
)
from seqgrad.check.exercises.exercise import Impulse
from seqgrad.check.running.data import Call

WORDS = {
    "a_next": ("a_next", "The hidden state"),
    "yt_pred": ("yt_pred", "The prediction"),
    "scores": ("yt_pred", "The prediction's scores"),
    "steps": ("caches", "The list of the steps' caches"),
    "states": ("a", "The array of hidden states"),
    "hidden_states": ("a", "The array of hidden states"),
    "predictions": ("predictions", "The array of predictions"),
    "step": ("step", "The step"),
}
GRADIENT_WORDS = {"da_next": ("da_next", "The gradient at the hidden state of a step")}

ONE_NUMBER = "Take n_a = n_x = m = 1, so that each array is one number, and work out each line on paper."
ONE_STEP = (
    "Take T_x = 1: all that is left is one call of `{}`. Then take T_x = 2, and follow what is carried."
)

IN_ANOTHER_ORDER = "With the parameters in another order, "
BY_POSITION = (
    "It reads the parameters by position, but their order in the dict may change. Read each by its name."
)
ON_ORDER = ("parameters", BY_POSITION)


def draw_step(shapes, more_states, seed, m=M, sizes=USUAL):
    """Draw the arguments of a step: xt, a_prev, so many more states, parameters."""
    rng = np.random.default_rng(seed)
    rows = (N_X, N_A, *[N_A] * more_states)
    xt, a_prev, *more = (rng.standard_normal((sizes[size], sizes.get(m, m))) for size in rows)
    return xt, np.tanh(a_prev), *more, draw_arrays(resize(shapes, sizes), rng)


def draw_sequence(shapes, seed, m=M, T_x=T_X, sizes=USUAL):
    """Draw the arguments of a pass over a sequence: x, a0, parameters."""
    rng = np.random.default_rng(seed)
    m = sizes.get(m, m)
    x = rng.standard_normal((sizes[N_X], m, sizes.get(T_x, T_x)))
    a0 = np.tanh(rng.standard_normal((sizes[N_A], m)))
    return x, a0, draw_arrays(resize(shapes, sizes), rng)


def reorder(parameters):
    """Return the same parameters, the last of them first."""
    return {name: parameters[name] for name in reversed(parameters)}


def make_steps(draw, seeded):
    """Return calls of a step forward: typical; one example; saturated states; saturated scores; odd ones."""
    xt, *states, parameters = draw(seeded(1))
    steep = parameters | {"by": parameters["by"] + 1000 * np.array([[1.0], [0], [-1], [1]])}
    return [
        Call((xt, *states, parameters)),
        Call(draw(seeded(2), m=1), "With one example, "),
        Call((HUGE * xt, *states, parameters), "With inputs near 1e8, "),
        Call((xt, *states, steep), "With scores 1000 apart, "),
        Call((xt, *states, reorder(parameters)), IN_ANOTHER_ORDER, reveals=ON_ORDER),
        Call(draw(seeded(3), sizes=OTHER), WITH_OTHER_SIZES, reveals=ON_SIZES),
    ]


def make_sequences(draw, seeded):
    """Return calls of a pass forward: typical; one step; one example; inputs that saturate; odd ones."""
    x, a0, parameters = draw(seeded(1))
    return [
        Call((x, a0, parameters)),
        Call(draw(seeded(2), T_x=1), "With one time step, "),
        Call(draw(seeded(3), m=1, T_x=2), "With one example, "),
        Call((HUGE * x, a0, parameters), "With inputs near 1e8, "),
        Call((x, a0, reorder(parameters)), IN_ANOTHER_ORDER, reveals=ON_ORDER),
        Call(draw(seeded(4), sizes=OTHER), WITH_OTHER_SIZES, reveals=ON_SIZES),
    ]


def make_steps_back(draw, forward, seeded):
    """Return calls of a step back: the typical case; one example; saturated; odd ones."""

    def draw_back(seed, scale=1, order=dict, **more):
        xt, *before, parameters = draw(seeded(seed), **more)
        *after, _, cache = forward.function(scale * xt, *before, order(parameters))
        gradients = [draw_like(state, seeded(seed + 10 * i)) for i, state in enumerate(after, 1)]
        return *gradients, cache

    return [
        Call(draw_back(1)),
        Call(draw_back(2, m=1), "With one example, "),
        Call(draw_back(3, scale=1000), "With inputs near 1000, "),
        Call(draw_back(4, order=reorder), IN_ANOTHER_ORDER, reveals=ON_ORDER),
        Call(draw_back(5, sizes=OTHER), WITH_OTHER_SIZES, reveals=ON_SIZES),
    ]


def make_sequences_back(draw, forward, seeded, start=()):
    """Return calls of a pass back: typical; one step; a da shorter than x; one example; odd ones.

    `start` names arguments of the forward pass, more states before the first step.
    """

    def draw_back(seed, shorter=0, order=dict, **more):
        x, a0, parameters = draw(seeded(seed), **more)
        states = {name: draw_like(a0, seeded(30)) for name in start}
        a, *_, caches = forward.function(x, a0, order(parameters), **states)
        return draw_like(a[:, :, : a.shape[2] - shorter], seeded(seed + 10)), caches

    return [
        Call(draw_back(1)),
        Call(draw_back(2, T_x=1), "With one time step, "),
        Call(draw_back(3, shorter=2), "With da over fewer steps than x, "),
        Call(draw_back(4, m=1, T_x=2), "With one example, "),
        Call(draw_back(5, order=reorder), IN_ANOTHER_ORDER, reveals=ON_ORDER),
        Call(draw_back(6, sizes=OTHER), WITH_OTHER_SIZES, reveals=ON_SIZES),
    ]


def vary_forward(draw):
    """Return the impulse of a pass forward."""
    return Impulse(partial(draw, 6, 2), "`x`", "the states", output="a", carried="a_prev")


def vary_backward(draw, forward):
    """Return the impulse of a pass back."""

    def draw_back(T_x):
        a, *_, caches = forward.function(*draw(6, 2, T_x))
        return draw_like(a, 16), caches

    return Impulse(draw_back, "`da`", "`dx`", output="dx", carried="da_prev", linear=True)
