"""The exercises of chapter 12 on layer normalization."""

import numpy as np

from seqgrad import layer_norm
from seqgrad.check.exercises.draw import T_X, M, draw_like
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call

N_X = 5
WORDS = {
    "centered": ("centered", "The array of centered columns"),
    "std": ("std", "The standard deviation"),
    "x_hat": ("x_hat", "The array of normalized columns"),
    "out": ("out", "The output"),
    "dx_hat": ("dx_hat", "The gradient at the normalized columns"),
    "through_mean": ("through_mean", "What comes back through the mean"),
    "through_std": ("through_std", "What comes back through the standard deviation"),
}


def draw_columns(seed, n_x=N_X, m=M, T_x=T_X):
    """Draw x, gamma and beta."""
    rng = np.random.default_rng(seed)
    return 2 * rng.standard_normal((n_x, m, T_x)), *(1.5 + rng.random((n_x, 1)) for _ in range(2))


def make_calls(seeded):
    """Return calls: the typical case; another epsilon; one step; one example; large means; equal features."""
    x, gamma, beta = draw_columns(seeded(1))
    return [
        Call((x, gamma, beta)),
        Call((x, gamma, beta, 0.5), "With another epsilon, "),
        Call(draw_columns(seeded(2), T_x=1), "With one time step, "),
        Call(draw_columns(seeded(3), n_x=3, m=1, T_x=4), "With one example, "),
        Call((x + 100, gamma, beta), "With features near 100, "),
        Call((np.repeat(x[:1], N_X, axis=0), gamma, beta), "With equal features, "),
    ]


def make_calls_back(seeded):
    """Return the same calls for the way back."""
    calls = []
    for number, call in enumerate(make_calls(seeded), 10):
        out, cache = layer_norm.layer_norm_forward(*call.arguments)
        calls.append(Call((draw_like(out, seeded(number)), cache), call.label))
    return calls


layer_norm_forward = Exercise(
    "layer_norm_forward", layer_norm.layer_norm_forward, make_calls,
    returns=("out", "cache"), cache=layer_norm.CACHE, words=WORDS,
    by_hand="Take one column with the entries 1 and 3, whose mean is 2 and whose standard deviation is 1.",
)  # fmt: skip

layer_norm_backward = Exercise(
    "layer_norm_backward", layer_norm.layer_norm_backward, make_calls_back,
    forward=layer_norm_forward, returns=("dx", "dgamma", "dbeta"), cache=layer_norm.CACHE, words=WORDS,
    by_hand="Take one column of two entries, and work out each line on paper.",
)  # fmt: skip
