"""The exercises of chapters 2 and 3: the recurrent network, forward and backward."""

from functools import partial

import numpy as np

from seqgrad import rnn
from seqgrad.check.exercises import recurrent
from seqgrad.check.exercises.activations import softmax
from seqgrad.check.exercises.draw import N_A, N_X, N_Y, M, draw_parameters
from seqgrad.check.exercises.exercise import Exercise, Impulse, TestCell

SHAPES = {"Wax": (N_A, N_X), "Waa": (N_A, N_A), "Wya": (N_Y, N_A), "ba": (N_A, 1), "by": (N_Y, 1)}
draw_rnn = partial(draw_parameters, SHAPES)
draw_sequence = partial(recurrent.draw_sequence, draw_rnn)


def draw_step(seed, m=M):
    """Draw the arguments of a step: xt, a_prev, parameters."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((N_X, m)), np.tanh(rng.standard_normal((N_A, m))), draw_rnn(rng)


WORDS = recurrent.WORDS | {"dz": ("tanh", "The gradient at the tanh's pre-activation")}

# What the assignment's test cells draw.
WEIGHTS = {"Waa": (5, 5), "Wax": (5, 3), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
WEIGHTS_BACK = {name: WEIGHTS[name] for name in ("Wax", "Waa", "Wya", "ba", "by")}
STEP = {"xt": (3, 10), "a_prev": (5, 10)}
SEQUENCE = {"x": (3, 10, 4), "a0": (5, 10)}

rnn_cell_forward = Exercise(
    "rnn_cell_forward",
    rnn.rnn_cell_forward,
    partial(recurrent.make_steps, draw_step),
    helpers=(softmax,),
    returns=("a_next", "yt_pred", "cache"),
    cache=rnn.CACHE,
    words=WORDS,
    test=TestCell(STEP | WEIGHTS, ("a_next[4]", "a_next.shape", "yt_pred[1]", "yt_pred.shape")),
)

rnn_forward = Exercise(
    "rnn_forward",
    rnn.rnn_forward,
    partial(recurrent.make_sequences, draw_sequence),
    helpers=(rnn_cell_forward,),
    returns=("a", "y_pred", "caches"),
    cache=rnn.CACHE,
    words=WORDS,
    test=TestCell(
        SEQUENCE | WEIGHTS,
        ("a[4][1]", "a.shape", "y_pred[1][3]", "y_pred.shape", "caches[1][1][3]", "len(caches)"),
    ),
    impulse=Impulse(
        partial(recurrent.draw_impulse, draw_sequence), "`x`", "the states", output="a", carried="a_prev"
    ),
)

rnn_cell_backward = Exercise(
    "rnn_cell_backward",
    rnn.rnn_cell_backward,
    partial(recurrent.make_steps_back, draw_step, rnn_cell_forward),
    forward=rnn_cell_forward,
    cache=rnn.CACHE,
    words=WORDS,
    test=TestCell(
        STEP | WEIGHTS_BACK | {"da_next": (5, 10)},
        ("dxt[1][2]", "dxt.shape", "da_prev[2][3]", "da_prev.shape", "dWax[3][1]", "dWax.shape")
        + ("dWaa[1][2]", "dWaa.shape", "dba[4]", "dba.shape"),
    ),
)

rnn_backward = Exercise(
    "rnn_backward",
    rnn.rnn_backward,
    partial(recurrent.make_sequences_back, draw_sequence, rnn_forward),
    helpers=(rnn_cell_backward,),
    forward=rnn_forward,
    cache=rnn.CACHE,
    words=WORDS,
    test=TestCell(
        SEQUENCE | WEIGHTS_BACK | {"da": (5, 10, 4)},
        ("dx[1][2]", "dx.shape", "da0[2][3]", "da0.shape", "dWax[3][1]", "dWax.shape")
        + ("dWaa[1][2]", "dWaa.shape", "dba[4]", "dba.shape"),
    ),
    impulse=Impulse(
        partial(recurrent.draw_impulse_back, draw_sequence, rnn_forward),
        "`da`",
        "`dx`",
        output="dx",
        carried="da_prev",
        linear=True,
    ),
)
