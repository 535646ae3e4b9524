"""The exercises of chapters 2 and 3: the recurrent network, forward and backward."""

from functools import partial

from seqgrad import rnn
from seqgrad.check.exercises import recurrent
from seqgrad.check.exercises.activations import softmax
from seqgrad.check.exercises.draw import N_A, N_X, N_Y
from seqgrad.check.exercises.exercise import Exercise, TestCell

SHAPES = {"Wax": (N_A, N_X), "Waa": (N_A, N_A), "Wya": (N_Y, N_A), "ba": (N_A, 1), "by": (N_Y, 1)}
draw_step = partial(recurrent.draw_step, SHAPES, 0)
draw_sequence = partial(recurrent.draw_sequence, SHAPES)

WORDS = recurrent.WORDS
WORDS_BACK = WORDS | recurrent.GRADIENT_WORDS | {"dz": ("tanh", "The gradient at the tanh's pre-activation")}

# What the assignment's test cells draw and print.
STEP = {"xt": (3, 10), "a_prev": (5, 10)}
SEQUENCE = {"x": (3, 10, 4), "a0": (5, 10)}
WEIGHTS = {"Waa": (5, 5), "Wax": (5, 3), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
WEIGHTS_BACK = {name: WEIGHTS[name] for name in ("Wax", "Waa", "Wya", "ba", "by")}
GRADIENTS = "dWax[3][1] dWax.shape dWaa[1][2] dWaa.shape dba[4] dba.shape"

rnn_cell_forward = Exercise(
    "rnn_cell_forward", rnn.rnn_cell_forward, partial(recurrent.make_steps, draw_step),
    helpers=(softmax,), returns=("a_next", "yt_pred", "cache"), cache=rnn.CACHE, words=WORDS,
    by_hand=recurrent.ONE_NUMBER,
    test=TestCell(STEP | WEIGHTS, "a_next[4] a_next.shape yt_pred[1] yt_pred.shape"),
)  # fmt: skip

rnn_forward = Exercise(
    "rnn_forward", rnn.rnn_forward, partial(recurrent.make_sequences, draw_sequence),
    helpers=(rnn_cell_forward,), returns=("a", "y_pred", "caches"), cache=rnn.CACHE, words=WORDS,
    by_hand=recurrent.ONE_STEP.format(rnn_cell_forward.name),
    impulse=recurrent.vary_forward(draw_sequence),
    test=TestCell(SEQUENCE | WEIGHTS,
                  "a[4][1] a.shape y_pred[1][3] y_pred.shape caches[1][1][3] len(caches)"),
)  # fmt: skip

rnn_cell_backward = Exercise(
    "rnn_cell_backward", rnn.rnn_cell_backward,
    partial(recurrent.make_steps_back, draw_step, rnn_cell_forward),
    forward=rnn_cell_forward, cache=rnn.CACHE, words=WORDS_BACK,
    by_hand=recurrent.ONE_NUMBER,
    test=TestCell(STEP | WEIGHTS_BACK | {"da_next": (5, 10)},
                  "dxt[1][2] dxt.shape da_prev[2][3] da_prev.shape " + GRADIENTS),
)  # fmt: skip

rnn_backward = Exercise(
    "rnn_backward", rnn.rnn_backward,
    partial(recurrent.make_sequences_back, draw_sequence, rnn_forward),
    helpers=(rnn_cell_backward,), forward=rnn_forward, cache=rnn.CACHE, words=WORDS_BACK,
    by_hand=recurrent.ONE_STEP.format(rnn_cell_backward.name),
    impulse=recurrent.vary_backward(draw_sequence, rnn_forward),
    test=TestCell(SEQUENCE | WEIGHTS_BACK | {"da": (5, 10, 4)},
                  "dx[1][2] dx.shape da0[2][3] da0.shape " + GRADIENTS),
)  # fmt: skip
