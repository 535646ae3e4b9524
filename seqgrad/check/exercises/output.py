"""The exercises of chapter 8 at the output: the loss, and the way back to the hidden states."""

import numpy as np

from seqgrad import activations, output
from seqgrad.check.exercises import lstm, rnn
from seqgrad.check.exercises.draw import N_A, N_Y, T_X, M, draw_arrays
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call


def draw_predictions(seed, T_x=T_X):
    """Draw predictions and one-hot targets, some of whose columns are empty."""
    rng = np.random.default_rng(seed)
    y_pred = activations.softmax(rng.standard_normal((N_Y, M, T_x)))
    y = (np.arange(N_Y)[:, None, None] == rng.integers(-1, N_Y, (M, T_x))).astype(float)
    y[:, 0, 0] = np.eye(N_Y)[1]
    return y_pred, y


def make_losses(seeded):
    """Return calls: a target in each column; columns without; one step; certain predictions."""
    y_pred, y = draw_predictions(seeded(0))
    full = np.eye(N_Y)[np.random.default_rng(seeded(5)).integers(0, N_Y, (M, T_X))].transpose(2, 0, 1).copy()
    sure = np.zeros_like(y_pred)
    sure[0] = 1.0
    return [
        Call((y_pred, full)),
        Call((y_pred, y), "With columns that have no target, "),
        Call(draw_predictions(seeded(1), T_x=1), "With one time step, "),
        Call((full, full), "With certain predictions, all right, "),
        Call((sure, full), "With targets of probability 0, ", finite=True),
    ]


def make_losses_back(seeded):
    """Return calls: a target in each column; columns without; one step."""
    return [Call((call.arguments,), call.label) for call in make_losses(seeded)[:3]]


def make_layers_back(seeded):
    """Return calls: the output layer of either network; one step."""
    rng = np.random.default_rng(seeded(0))
    calls = []
    cases = (("", rnn, T_X), ("With an LSTM's Wy, ", lstm, T_X), ("With one time step, ", rnn, 1))
    for label, network, T_x in cases:
        dz, a = rng.standard_normal((N_Y, M, T_x)), rng.standard_normal((N_A, M, T_x))
        calls.append(Call((dz, a, draw_arrays(network.SHAPES, rng)), label))
    return calls


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
