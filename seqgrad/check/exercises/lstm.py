"""The exercises of chapters 4 and 5: the LSTM, forward and backward."""

from functools import partial

import numpy as np

from seqgrad import lstm
from seqgrad.check.exercises import recurrent
from seqgrad.check.exercises.activations import sigmoid, softmax
from seqgrad.check.exercises.draw import N_A, N_X, N_Y
from seqgrad.check.exercises.exercise import Exercise, Gates, TestCell

SHAPES = {kind + gate: (N_A, N_A + N_X if kind == "W" else 1) for gate in "fico" for kind in "Wb"}
SHAPES |= {"Wy": (N_Y, N_A), "by": (N_Y, 1)}
draw_step = partial(recurrent.draw_step, SHAPES, 1)
draw_sequence = partial(recurrent.draw_sequence, SHAPES)

WORDS = recurrent.WORDS | {
    "concat": ("concat", "What the gates look at, [a_prev; xt],"),
    "c_next": ("c_next", "The cell state"),
    "cell_states": ("c", "The array of cell states"),
}
GRADIENT_WORDS = recurrent.GRADIENT_WORDS | {
    "dc": ("cell state", "The gradient at the cell state"),
    "dconcat": ("dconcat", "What the gates send back, da_prev on top of dxt,"),
}
PLACES = {"f": "ft forget gate", "i": "it input gate", "c": "cct candidate", "o": "ot output gate"}
for letter, (variable, _, name) in {letter: place.partition(" ") for letter, place in PLACES.items()}.items():
    WORDS |= {kind + letter: (name, f"`{kind}{letter}`") for kind in "Wb"}
    WORDS |= {variable: (name, f"The {name}")}
    GRADIENT_WORDS |= {f"dz{letter}": (name, f"The {name}'s gradient")}
WORDS_BACK = WORDS | GRADIENT_WORDS


def draw_gates(n_a=60, n_x=2):
    """Draw all that a cache of one example holds, no two numbers related, and the gradients that arrive."""
    rng = np.random.default_rng(5)

    def draw_states(names, low, high, signed=True):
        drawn = {}
        for name in names.split():
            values = rng.uniform(low, high, (n_a, 1))
            drawn[name] = values * rng.choice([-1.0, 1.0], (n_a, 1)) if signed else values
        return drawn

    drawn = draw_states("c_next c_prev", 0.2, 1.8) | draw_states("a_next a_prev cct", 0.1, 0.95)
    drawn |= draw_states("ft it ot", 0.05, 0.95, signed=False)
    parameters = {"W" + gate: 0.3 * rng.standard_normal((n_a, n_a + n_x)) for gate in "fico"}
    parameters |= {"b" + gate: rng.standard_normal((n_a, 1)) for gate in "fico"}
    parameters |= {"Wy": rng.standard_normal((3, n_a)), "by": rng.standard_normal((3, 1))}
    drawn |= {"parameters": parameters, "xt": rng.standard_normal((n_x, 1))}
    return drawn | draw_states("da_next dc_next", 0.2, 1.5)


# What the assignment's test cells draw and print.
STEP = {"xt": (3, 10), "a_prev": (5, 10), "c_prev": (5, 10)}
SEQUENCE = {"x": (3, 10, 7), "a0": (5, 10)}
GATES = {kind + gate: (5, 8 if kind == "W" else 1) for gate in "fioc" for kind in "Wb"}
OUTPUT = {"Wy": (2, 5), "by": (2, 1)}

lstm_cell_forward = Exercise(
    "lstm_cell_forward", lstm.lstm_cell_forward, partial(recurrent.make_steps, draw_step),
    helpers=(softmax, sigmoid), returns=("a_next", "c_next", "yt_pred", "cache"),
    cache=lstm.CACHE, words=WORDS,
    by_hand=recurrent.ONE_NUMBER,
    test=TestCell(STEP | GATES | OUTPUT,
                  "a_next[4] a_next.shape c_next[2] c_next.shape yt_pred[1] yt_pred.shape"
                  " cache[1][3] len(cache)"),
)  # fmt: skip

lstm_forward = Exercise(
    "lstm_forward", lstm.lstm_forward, partial(recurrent.make_sequences, draw_sequence),
    helpers=(lstm_cell_forward,), returns=("a", "y", "c", "caches"), cache=lstm.CACHE, words=WORDS,
    by_hand=recurrent.ONE_STEP.format(lstm_cell_forward.name),
    impulse=recurrent.vary_forward(draw_sequence),
    test=TestCell(SEQUENCE | GATES | OUTPUT,
                  "a[4][3][6] a.shape y[1][4][3] y.shape caches[1][1][1] c[1][2][1] len(caches)"),
)  # fmt: skip

lstm_cell_backward = Exercise(
    "lstm_cell_backward", lstm.lstm_cell_backward,
    partial(recurrent.make_steps_back, draw_step, lstm_cell_forward),
    helpers=(sigmoid,), forward=lstm_cell_forward, cache=lstm.CACHE, words=WORDS_BACK,
    by_hand=recurrent.ONE_NUMBER,
    gates=Gates(draw_gates, {"dzf": "dbf", "dzi": "dbi", "dzc": "dbc", "dzo": "dbo", "dc_prev": "dc_prev"},
                paths=("da_next", "dc_next"), shared="dc", fed=("dzf", "dzi", "dzc", "dc_prev")),
    test=TestCell(STEP | GATES | OUTPUT | {"da_next": (5, 10), "dc_next": (5, 10)},
                  "dxt[1][2] dxt.shape da_prev[2][3] da_prev.shape dc_prev[2][3] dc_prev.shape"
                  " dWf[3][1] dWf.shape dWi[1][2] dWi.shape dWc[3][1] dWc.shape dWo[1][2] dWo.shape"
                  " dbf[4] dbf.shape dbi[4] dbi.shape dbc[4] dbc.shape dbo[4] dbo.shape"),
)  # fmt: skip

lstm_backward = Exercise(
    "lstm_backward", lstm.lstm_backward,
    partial(recurrent.make_sequences_back, draw_sequence, lstm_forward, start=("c0",)),
    helpers=(lstm_cell_backward,), forward=lstm_forward, cache=lstm.CACHE, words=WORDS_BACK,
    by_hand=recurrent.ONE_STEP.format(lstm_cell_backward.name),
    impulse=recurrent.vary_backward(draw_sequence, lstm_forward),
    test=TestCell(SEQUENCE | GATES | {"da": (5, 10, 4)},
                  "dx[1][2] da0[2][3] dWf[3][1] dWi[1][2] dWc[3][1] dWo[1][2] dbf[4] dbi[4] dbc[4] dbo[4]",
                  given={name: np.zeros(shape) for name, shape in OUTPUT.items()}),
)  # fmt: skip
