"""The exercises of chapters 4 and 5: the LSTM, forward and backward."""

from functools import partial

import numpy as np

from seqgrad import lstm
from seqgrad.check.exercises import recurrent
from seqgrad.check.exercises.activations import sigmoid, softmax
from seqgrad.check.exercises.draw import N_A, N_X, N_Y, M, draw_parameters
from seqgrad.check.exercises.exercise import Exercise, Gates, Impulse, TestCell

SHAPES = {kind + gate: (N_A, N_A + N_X if kind == "W" else 1) for gate in "fico" for kind in "Wb"}
SHAPES |= {"Wy": (N_Y, N_A), "by": (N_Y, 1)}
draw_lstm = partial(draw_parameters, SHAPES)
draw_sequence = partial(recurrent.draw_sequence, draw_lstm)


def draw_step(seed, m=M):
    """Draw the arguments of a step: xt, a_prev, c_prev, parameters."""
    rng = np.random.default_rng(seed)
    xt, a_prev, c_prev = (rng.standard_normal((rows, m)) for rows in (N_X, N_A, N_A))
    return xt, np.tanh(a_prev), c_prev, draw_lstm(rng)


def draw_gates(n_a=60, n_x=2):
    """Draw all that a cache of one example holds, no two numbers related, and the gradients that arrive."""
    rng = np.random.default_rng(5)

    def values(low, high, signed):
        drawn = rng.uniform(low, high, (n_a, 1))
        return drawn * rng.choice([-1.0, 1.0], (n_a, 1)) if signed else drawn

    drawn = {name: values(0.2, 1.8, True) for name in ("c_next", "c_prev")}
    drawn |= {name: values(0.1, 0.95, True) for name in ("a_next", "a_prev", "cct")}
    drawn |= {name: values(0.05, 0.95, False) for name in ("ft", "it", "ot")}
    parameters = {"W" + gate: 0.3 * rng.standard_normal((n_a, n_a + n_x)) for gate in "fico"}
    parameters |= {"b" + gate: rng.standard_normal((n_a, 1)) for gate in "fico"}
    parameters |= {"Wy": rng.standard_normal((3, n_a)), "by": rng.standard_normal((3, 1))}
    drawn |= {"parameters": parameters, "xt": rng.standard_normal((n_x, 1))}
    return drawn | {name: values(0.2, 1.5, True) for name in ("da_next", "dc_next")}


PLACES = {"f": "forget gate", "i": "input gate", "c": "candidate", "o": "output gate"}
GATES = {"f": "ft", "i": "it", "c": "cct", "o": "ot"}
WORDS = recurrent.WORDS | {
    "dc": ("cell state", "The gradient at the cell state"),
    "concat": ("concat", "What the gates look at, [a_prev; xt],"),
    "dconcat": ("dconcat", "What the gates send back, da_prev on top of dxt,"),
    "c_next": ("c_next", "The cell state"),
    "cell_states": ("c", "The array of cell states"),
}
for letter, gate in PLACES.items():
    WORDS |= {kind + letter: (gate, f"`{kind}{letter}`") for kind in "Wb"}
    WORDS |= {GATES[letter]: (gate, f"The {gate}"), f"dz{letter}": (gate, f"The {gate}'s gradient")}

# What the assignment's test cells draw.
LAYER = {kind + gate: (5, 8 if kind == "W" else 1) for gate in "fioc" for kind in "Wb"}
OUTPUT = {"Wy": (2, 5), "by": (2, 1)}
STEP = {"xt": (3, 10), "a_prev": (5, 10), "c_prev": (5, 10)}
SEQUENCE = {"x": (3, 10, 7), "a0": (5, 10)}
PRINTED = ("dWf[3][1]", "dbf[4]", "dWi[1][2]", "dbi[4]", "dWc[3][1]", "dbc[4]", "dWo[1][2]", "dbo[4]")

lstm_cell_forward = Exercise(
    "lstm_cell_forward",
    lstm.lstm_cell_forward,
    partial(recurrent.make_steps, draw_step),
    helpers=(softmax, sigmoid),
    returns=("a_next", "c_next", "yt_pred", "cache"),
    cache=lstm.CACHE,
    words=WORDS,
    test=TestCell(
        STEP | LAYER | OUTPUT,
        ("a_next[4]", "a_next.shape", "c_next[2]", "c_next.shape", "yt_pred[1]", "yt_pred.shape")
        + ("cache[1][3]", "len(cache)"),
    ),
)

lstm_forward = Exercise(
    "lstm_forward",
    lstm.lstm_forward,
    partial(recurrent.make_sequences, draw_sequence),
    helpers=(lstm_cell_forward,),
    returns=("a", "y", "c", "caches"),
    cache=lstm.CACHE,
    words=WORDS,
    test=TestCell(
        SEQUENCE | LAYER | OUTPUT,
        ("a[4][3][6]", "a.shape", "y[1][4][3]", "y.shape", "caches[1][1][1]", "c[1][2][1]", "len(caches)"),
    ),
    impulse=Impulse(
        partial(recurrent.draw_impulse, draw_sequence), "`x`", "the states", output="a", carried="a_prev"
    ),
)

lstm_cell_backward = Exercise(
    "lstm_cell_backward",
    lstm.lstm_cell_backward,
    partial(recurrent.make_steps_back, draw_step, lstm_cell_forward),
    helpers=(sigmoid,),
    forward=lstm_cell_forward,
    cache=lstm.CACHE,
    words=WORDS,
    test=TestCell(
        STEP | LAYER | OUTPUT | {"da_next": (5, 10), "dc_next": (5, 10)},
        ("dxt[1][2]", "dxt.shape", "da_prev[2][3]", "da_prev.shape", "dc_prev[2][3]", "dc_prev.shape")
        + tuple(part for name in PRINTED for part in (name, name.partition("[")[0] + ".shape")),
    ),
    gates=Gates(
        draw_gates,
        {"dzf": "dbf", "dzi": "dbi", "dzc": "dbc", "dzo": "dbo", "dc_prev": "dc_prev"},
        paths=("da_next", "dc_next"),
        shared="dc",
        fed=("dzf", "dzi", "dzc", "dc_prev"),
    ),
)

lstm_backward = Exercise(
    "lstm_backward",
    lstm.lstm_backward,
    partial(recurrent.make_sequences_back, draw_sequence, lstm_forward, start=("c0",)),
    helpers=(lstm_cell_backward,),
    forward=lstm_forward,
    cache=lstm.CACHE,
    words=WORDS,
    test=TestCell(
        SEQUENCE | LAYER | {"da": (5, 10, 4)},
        ("dx[1][2]", "da0[2][3]", *sorted(PRINTED, key=lambda name: name[1] == "b")),
        given={name: np.zeros(shape) for name, shape in OUTPUT.items()},
    ),
    impulse=Impulse(
        partial(recurrent.draw_impulse_back, draw_sequence, lstm_forward),
        "`da`",
        "`dx`",
        output="dx",
        carried="da_prev",
        linear=True,
    ),
)
