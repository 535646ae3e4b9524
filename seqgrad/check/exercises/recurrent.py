"""What the exercises of all recurrent networks have in common: their calls, their impulses, words.

A network brings the shapes of its parameters.
"""

from functools import partial

import numpy as np

from seqgrad.check.exercises.draw import HUGE, N_A, N_X, T_X, M, draw_arrays, draw_like
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
    "da_next": ("da_next", "The gradient at the hidden state of a step"),
    "step": ("step", "The step"),
}


def draw_step(shapes, more_states, seed, m=M):
    """Draw the arguments of a step: xt, a_prev, so many more states, parameters."""
    rng = np.random.default_rng(seed)
    xt, a_prev, *more = (rng.standard_normal((rows, m)) for rows in (N_X, N_A, *[N_A] * more_states))
    return xt, np.tanh(a_prev), *more, draw_arrays(shapes, rng)


def draw_sequence(shapes, seed, m=M, T_x=T_X):
    """Draw the arguments of a pass over a sequence: x, a0, parameters."""
    rng = np.random.default_rng(seed)
    x, a0 = rng.standard_normal((N_X, m, T_x)), np.tanh(rng.standard_normal((N_A, m)))
    return x, a0, draw_arrays(shapes, rng)


def make_steps(draw, seeded):
    """Return calls of a step forward: the typical case; one example; saturated states; saturated scores."""
    xt, *states, parameters = draw(seeded(1))
    steep = parameters | {"by": parameters["by"] + 1000 * np.array([[1.0], [0], [-1], [1]])}
    return [
        Call((xt, *states, parameters)),
        Call(draw(seeded(2), m=1), "With one example, "),
        Call((HUGE * xt, *states, parameters), "With inputs near 1e8, "),
        Call((xt, *states, steep), "With scores 1000 apart, "),
    ]


def make_sequences(draw, seeded):
    """Return calls of a pass forward: the typical case; one step; one example; inputs that saturate."""
    x, a0, parameters = draw(seeded(1))
    return [
        Call((x, a0, parameters)),
        Call(draw(seeded(2), T_x=1), "With one time step, "),
        Call(draw(seeded(3), m=1, T_x=2), "With one example, "),
        Call((HUGE * x, a0, parameters), "With inputs near 1e8, "),
    ]


def make_steps_back(draw, forward, seeded):
    """Return calls of a step back: the typical case; one example; saturated."""
    calls = []
    cases = ((1, "", 1, M), (2, "With one example, ", 1, 1), (3, "With inputs near 1000, ", 1000, M))
    for seed, label, scale, m in cases:
        xt, *before = draw(seeded(seed), m)
        *after, _, cache = forward.function(scale * xt, *before)
        gradients = [draw_like(state, seeded(seed + 10 * i)) for i, state in enumerate(after, 1)]
        calls.append(Call((*gradients, cache), label))
    return calls


def make_sequences_back(draw, forward, seeded, start=()):
    """Return calls of a pass back: the typical case; one step; a da that is shorter than x; one example.

    `start` names arguments of the forward pass, more states before the first step.
    """
    calls = []
    for seed, label, T_x, T, m in (
        (1, "", T_X, T_X, M),
        (2, "With one time step, ", 1, 1, M),
        (3, "With da over fewer steps than x, ", T_X, T_X - 2, M),
        (4, "With one example, ", 2, 2, 1),
    ):
        x, a0, parameters = draw(seeded(seed), m, T_x)
        states = {name: draw_like(a0, seeded(30)) for name in start}
        a, *_, caches = forward.function(x, a0, parameters, **states)
        calls.append(Call((draw_like(a[:, :, :T], seeded(seed + 10)), caches), label))
    return calls


def vary_forward(draw):
    """Return the impulse of a pass forward."""
    return Impulse(partial(draw, 6, 2), "`x`", "the states", output="a", carried="a_prev")


def vary_backward(draw, forward):
    """Return the impulse of a pass back."""

    def draw_back(T_x):
        a, *_, caches = forward.function(*draw(6, 2, T_x))
        return draw_like(a, 16), caches

    return Impulse(draw_back, "`da`", "`dx`", output="dx", carried="da_prev", linear=True)
