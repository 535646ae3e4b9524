"""The exercises of chapter 8 at the output: the loss, and the way back to the hidden states."""

from dataclasses import replace

import numpy as np

from seqgrad import activations, output
from seqgrad.check.exercises import lstm, rnn
from seqgrad.check.exercises.draw import (
    N_A,
    N_Y,
    ON_SIZES,
    OTHER,
    T_X,
    USUAL,
    WITH_OTHER_SIZES,
    M,
    draw_arrays,
    resize,
)
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.recurrent import IN_ANOTHER_ORDER, ON_ORDER, reorder
from seqgrad.check.running.data import Call


def draw_predictions(seed, T_x=T_X, sizes=USUAL):
    """Draw predictions and one-hot targets, some of whose columns are empty."""
    rng, n_y, m = np.random.default_rng(seed), sizes[N_Y], sizes[M]
    y_pred = activations.softmax(rng.standard_normal((n_y, m, T_x)))
    y = (np.arange(n_y)[:, None, None] == rng.integers(-1, n_y, (m, T_x))).astype(float)
    y[:, 0, 0] = np.eye(n_y)[1]
    return y_pred, y


def make_losses(seeded):
    """Return calls: a target in each column; columns without; one step; other sizes; certain predictions."""
    y_pred, y = draw_predictions(seeded(0))
    full = np.eye(N_Y)[np.random.default_rng(seeded(5)).integers(0, N_Y, (M, T_X))].transpose(2, 0, 1).copy()
    sure = np.zeros_like(y_pred)
    sure[0] = 1.0
    return [
        Call((y_pred, full)),
        Call((y_pred, y), "With columns that have no target, "),
        Call(draw_predictions(seeded(1), T_x=1), "With one time step, "),
        Call(draw_predictions(seeded(2), OTHER[T_X], OTHER), WITH_OTHER_SIZES, reveals=ON_SIZES),
        Call((full, full), "With certain predictions, all right, "),
        Call((sure, full), "With targets of probability 0, ", finite=True),
    ]


def make_losses_back(seeded):
    """Return calls: a target in each column; columns without; one step; other sizes."""
    return [replace(call, arguments=(call.arguments,)) for call in make_losses(seeded)[:4]]


def make_layers_back(seeded):
    """Return calls: the output layer of either network; one step; another order; other sizes."""
    rng = np.random.default_rng(seeded(0))

    def draw(network=rnn, T_x=T_X, sizes=USUAL):
        dz, a = (rng.standard_normal((sizes[size], sizes[M], T_x)) for size in (N_Y, N_A))
        return dz, a, draw_arrays(resize(network.SHAPES, sizes), rng)

    calls = [Call(draw()), Call(draw(lstm), "With an LSTM's Wy, "), Call(draw(T_x=1), "With one time step, ")]
    dz, a, parameters = draw()
    return [
        *calls,
        Call((dz, a, reorder(parameters)), IN_ANOTHER_ORDER, reveals=ON_ORDER),
        Call(draw(T_x=OTHER[T_X], sizes=OTHER), WITH_OTHER_SIZES, reveals=ON_SIZES),
    ]


cross_entropy_forward = Exercise(
    "cross_entropy_forward", output.cross_entropy_forward, make_losses,
    returns=("loss", "cache"), words={"p": ("p", "The probability of the target")},
)  # fmt: skip

cross_entropy_backward = Exercise(
    "cross_entropy_backward", output.cross_entropy_backward, make_losses_back,
    forward=cross_entropy_forward, returns="dz", cache=output.CACHE,
    words={"difference": ("dz", "The difference of prediction and target"),
           "dz": ("dz", "The gradient at the scores")},
)  # fmt: skip

output_backward = Exercise(
    "output_backward", output.output_backward, make_layers_back,
    words={"dW": ("dWya", "The gradient at the output weights")},
)  # fmt: skip
