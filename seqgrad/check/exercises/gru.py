"""The exercises of chapter 11: the GRU, forward and backward."""

from functools import partial

from seqgrad import gru
from seqgrad.check.exercises import recurrent
from seqgrad.check.exercises.activations import sigmoid, softmax
from seqgrad.check.exercises.draw import N_A, N_X, N_Y
from seqgrad.check.exercises.exercise import Exercise, TestCell
from seqgrad.check.running.data import Call

SHAPES = {kind + gate: (N_A, N_A + N_X if kind == "W" else 1) for gate in "urc" for kind in "Wb"}
SHAPES |= {"Wy": (N_Y, N_A), "by": (N_Y, 1)}
draw_step = partial(recurrent.draw_step, SHAPES, 0)
draw_sequence = partial(recurrent.draw_sequence, SHAPES)

WORDS = recurrent.WORDS | {
    "concat": ("concat", "What both gates look at, [a_prev; xt],"),
    "concat_r": ("concat_r", "What the candidate looks at, [rt * a_prev; xt],"),
}
GRADIENT_WORDS = recurrent.GRADIENT_WORDS | {
    "dconcat": ("dconcat", "What both gates send back"),
    "dconcat_r": ("dconcat_r", "What the candidate sends back"),
    "da_relevant": ("da_relevant", "The gradient at the product rt * a_prev"),
    "dxt_candidate": ("dxt_candidate", "What the candidate sends back to xt"),
}
PLACES = {"u": "ut update gate", "r": "rt relevance gate", "c": "cct candidate"}
for letter, (variable, _, name) in {letter: place.partition(" ") for letter, place in PLACES.items()}.items():
    WORDS |= {kind + letter: (name, f"`{kind}{letter}`") for kind in "Wb"}
    WORDS |= {variable: (name, f"The {name}")}
    GRADIENT_WORDS |= {f"dz{letter}": (name, f"The {name}'s gradient")}
WORDS_BACK = WORDS | GRADIENT_WORDS


def leave_out_prediction(draw, seeded):
    """Return a call without an output layer, where the prediction is None."""
    *given, parameters = draw(seeded(5))
    weights = {name: parameters[name] for name in SHAPES if name not in ("Wy", "by")}
    return Call((*given, weights), "Without Wy and by, ")


def make_steps(seeded):
    """Return calls of a step forward, one of them without an output layer."""
    return [*recurrent.make_steps(draw_step, seeded), leave_out_prediction(draw_step, seeded)]


def make_sequences(seeded):
    """Return calls of a pass forward, one of them without an output layer."""
    return [*recurrent.make_sequences(draw_sequence, seeded), leave_out_prediction(draw_sequence, seeded)]


# What the test cells of the chapter draw and print.
STEP = {"xt": (3, 10), "a_prev": (5, 10)}
SEQUENCE = {"x": (3, 10, 7), "a0": (5, 10)}
GATES = {kind + gate: (5, 8 if kind == "W" else 1) for gate in "urc" for kind in "Wb"}
OUTPUT = {"Wy": (2, 5), "by": (2, 1)}

gru_cell_forward = Exercise(
    "gru_cell_forward", gru.gru_cell_forward, make_steps,
    helpers=(softmax, sigmoid), returns=("a_next", "yt_pred", "cache"), cache=gru.CACHE, words=WORDS,
    by_hand=recurrent.ONE_NUMBER,
    test=TestCell(STEP | GATES | OUTPUT,
                  "a_next[4] a_next.shape yt_pred[1] yt_pred.shape cache[2][3] len(cache)"),
)  # fmt: skip

gru_forward = Exercise(
    "gru_forward", gru.gru_forward, make_sequences,
    helpers=(gru_cell_forward,), returns=("a", "y", "caches"), cache=gru.CACHE, words=WORDS,
    by_hand=recurrent.ONE_STEP.format(gru_cell_forward.name),
    impulse=recurrent.vary_forward(draw_sequence),
    test=TestCell(SEQUENCE | GATES | OUTPUT,
                  "a[4][3][6] a.shape y[1][4][3] y.shape len(caches)"),
)  # fmt: skip

gru_cell_backward = Exercise(
    "gru_cell_backward", gru.gru_cell_backward,
    partial(recurrent.make_steps_back, draw_step, gru_cell_forward),
    helpers=(sigmoid,), forward=gru_cell_forward, cache=gru.CACHE, words=WORDS_BACK,
    by_hand=recurrent.ONE_NUMBER,
    test=TestCell(STEP | GATES | OUTPUT | {"da_next": (5, 10)},
                  "dxt[1][2] dxt.shape da_prev[2][3] da_prev.shape"
                  " dWu[3][1] dWu.shape dWr[1][2] dWr.shape dWc[3][1] dWc.shape dbu[4] dbr[4] dbc[4]"),
)  # fmt: skip

gru_backward = Exercise(
    "gru_backward", gru.gru_backward,
    partial(recurrent.make_sequences_back, draw_sequence, gru_forward),
    helpers=(gru_cell_backward,), forward=gru_forward, cache=gru.CACHE, words=WORDS_BACK,
    by_hand=recurrent.ONE_STEP.format(gru_cell_backward.name),
    impulse=recurrent.vary_backward(draw_sequence, gru_forward),
    test=TestCell(SEQUENCE | GATES | OUTPUT | {"da": (5, 10, 4)},
                  "dx[1][2] dx.shape da0[2][3] dWu[3][1] dWr[1][2] dWc[3][1] dbu[4] dbr[4] dbc[4]"),
)  # fmt: skip
