"""The exercise of chapter 8 that writes: sampling, for which many results are right.

Where every prediction is certain the codes are known.  Elsewhere the predictions are
computed again with the codes that were drawn as inputs; then each code's probability is
known, and a crowd of draws must look like them:

- each class is drawn about as often as its probabilities add up to;
- the mean of log p is near its expectation, which a drawer that prefers the most likely
  code, or sharpens the probabilities, exceeds.

Both sums are measured in their standard deviations.
"""

import contextlib
import sys

import numpy as np

from seqgrad import text
from seqgrad.check.exercises import lstm, rnn
from seqgrad.check.exercises.draw import (
    N_A,
    N_X,
    N_Y,
    ON_SIZES,
    OTHER,
    USUAL,
    WITH_OTHER_SIZES,
    draw_arrays,
    resize,
)
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.recurrent import IN_ANOTHER_ORDER, ON_ORDER, reorder
from seqgrad.check.running.data import Call, Seed

LARGEST = sys.float_info.max
CERTAIN = 1e-6
FAR = 5.0
OUTPUT_LAYER = ("Wya", "Wy", "by")


def make_draws(seeded):
    """Return calls: nearly certain predictions, which leave no choice; open draws, judged as a crowd."""
    calls = []
    for seed, network, label in ((0, rnn, ""), (1, lstm, "With an LSTM, ")):
        parameters = draw_character_model(seeded(seed), network.SHAPES)
        steep = scale_scores(parameters, 400)
        for newline, length in ((0, 6), (2, 12)):
            calls.append(Call((steep, newline, Seed(seeded(seed)), length), label))
        open_draws = (scale_scores(parameters, 0.5), N_Y, Seed(seeded(seed + 7)), 250 if seed == 0 else 60)
        calls.append(Call(open_draws, label, twice=seed == 0))
    other = scale_scores(draw_character_model(seeded(2), rnn.SHAPES, OTHER), 400)
    in_order, resized = (reorder(steep), 0, Seed(seeded(1)), 6), (other, 0, Seed(seeded(2)), 6)
    calls.append(Call(in_order, IN_ANOTHER_ORDER, reveals=ON_ORDER))
    return [*calls, Call(resized, WITH_OTHER_SIZES, reveals=ON_SIZES)]


def draw_character_model(seed, shapes, sizes=USUAL):
    """Draw parameters whose inputs are as many as their classes."""
    rng = np.random.default_rng(seed)
    parameters = draw_arrays(resize(shapes, sizes), rng, scale=1.0)
    for name, (_, size) in shapes.items():
        if size in (N_X, N_A + N_X):
            more = 2 * rng.standard_normal((sizes[N_A], sizes[N_Y] - sizes[N_X]))
            parameters[name] = np.hstack([parameters[name], more])
    return parameters


def scale_scores(parameters, factor):
    """Return parameters whose scores are so many times as large."""
    return {name: factor * values if name in OUTPUT_LAYER else values for name, values in parameters.items()}


def judge_codes(call, expected, got):
    """Return a sentence on what is wrong with the codes that were drawn, or an empty one."""
    parameters, newline, _, length = call.arguments
    if isinstance(got, np.ndarray) and got.ndim == 1:
        got = list(got)
    codes = [read_code(code) for code in got] if isinstance(got, list | tuple) else [None]
    if None in codes:
        return "A list of codes is expected, and each of them one integer."
    n_y = len(parameters["by"])
    if any(code not in range(n_y) for code in codes):
        return f"Codes are integers from 0 to {n_y - 1}, but {codes[:4]} was drawn."
    codes = [int(code) for code in codes]
    if codes == expected:
        return ""
    if len(codes) > length:
        return f"{len(codes)} codes were drawn, but max_length is {length}."
    if newline in codes[:-1]:
        return f"The newline, code {newline}, was drawn at {codes.index(newline)}, but more codes follow it."
    p = predict(parameters, codes)
    drawn = p[codes, np.arange(len(codes))]
    if (drawn < CERTAIN).any():
        t = int(np.argmax(drawn < CERTAIN))
        return f"Code {codes[t]} was drawn at step {t}, where code {int(p[:, t].argmax())} is nearly certain."
    if len(codes) < length and codes[-1:] != [newline]:
        return f"{len(codes)} codes were drawn, the last of them no newline, but max_length is {length}."
    return judge_crowd(p, codes, drawn)


def read_code(code):
    """Return a code as a number; None if it is none, nor the only one in an array or a list."""
    if isinstance(code, list | tuple) and len(code) == 1:
        (code,) = code
    if isinstance(code, np.ndarray) and code.shape in ((), (1,)) and code.dtype.kind in "biuf":
        code = code.item()
    return float(code) if isinstance(code, int | float) and not abs(code) > LARGEST else None


def predict(parameters, codes):
    """Return the probability of each class at each step (n_y, T) when these codes have been drawn."""
    n_y, n_a = len(parameters["by"]), len(parameters["bf" if "Wf" in parameters else "ba"])
    hidden, cell, before = np.zeros((n_a, 1)), np.zeros((n_a, 1)), np.zeros((n_y, 1))
    p = np.zeros((n_y, len(codes)))
    for t, code in enumerate(codes):
        hidden, cell, p[:, [t]] = text.cell_step(before, hidden, cell, parameters)
        before = text.one_hot([code], len(p))
    return p


def judge_crowd(p, codes, drawn):
    """Return a sentence if the codes together do not look drawn with probabilities p (n_y, T)."""
    counts = np.bincount(codes, minlength=len(p))
    spread = np.sqrt((p * (1 - p)).sum(axis=1)) + 1
    off = np.abs(counts - p.sum(axis=1)) / spread
    log_p = np.log(np.maximum(p, 1e-300))
    mean = (p * log_p).sum(axis=0)
    variance = (p * log_p**2).sum(axis=0) - mean**2
    surprise = (np.log(drawn) - mean).sum() / (np.sqrt(variance.sum()) + 1)
    if surprise > FAR:
        return "The most likely codes are drawn too often: the draw does not follow the probabilities."
    if surprise < -FAR:
        return "Unlikely codes are drawn too often: the draw does not follow the probabilities."
    if off.max() > FAR:
        code = int(off.argmax())
        return f"Code {code} was drawn {counts[code]} times, but {p[code].sum():.0f} times are expected."
    return ""


# The interface of the assignment: an RNN whose bias is called b, a dict of characters, a seed, 50 draws.


def make_other_draws(seeded):
    """Return calls with the assignment's interface: predictions nearly certain; open; in another order."""
    calls = []
    for seed in (0, 1, 2):
        parameters = draw_character_model(seeded(seed), rnn.SHAPES, OTHER if seed == 2 else USUAL)
        parameters["b"] = parameters.pop("ba")
        characters = {"\n": 0} | {chr(96 + code): code for code in range(1, len(parameters["by"]))}
        calls.append(Call((scale_scores(parameters, 400), characters, seeded(seed) % 10_000)))
        open_ended = scale_scores(parameters, 0.5)
        open_ended["by"] = open_ended["by"] - 30.0 * np.eye(len(parameters["by"]))[:, :1]
        calls.append(Call((reorder(open_ended), characters, seeded(seed + 7) % 10_000), "With open draws, "))
    return calls


def sample_with_seed(parameters, char_to_ix, seed):
    """Write one name from a seed."""
    rng = np.random.default_rng(seed)
    return text.sample(rename_bias(parameters), char_to_ix["\n"], rng, 50)


# In a release text.sample answers from records, and is shut while a learner's version runs.
sample_with_seed.shut = getattr(text.sample, "shut", contextlib.nullcontext)


def rename_bias(parameters):
    """Return parameters in which the bias has the name that it has here."""
    return {"ba" if name == "b" else name: values for name, values in parameters.items()}


def judge_indices(call, expected, got):
    """Return a sentence on what is wrong with the codes; after 50 draws a newline may be added."""
    parameters, characters, _ = call.arguments
    newline = characters["\n"]
    if isinstance(got, list | tuple) and len(got) == 51 and read_code(got[-1]) == newline:
        got = got[:-1]
    same = Call((rename_bias(parameters), newline, None, 50))
    return judge_codes(same, expected, got)


REMARK = "It has the assignment's interface; the cells of the chapter call sample(parameters, newline, rng)."
HELPERS = (text.cell_step, rnn.rnn_cell_forward, lstm.lstm_cell_forward)

sample = Exercise(
    "sample", text.sample, make_draws, helpers=HELPERS, returns="the result", judge=judge_codes,
    also=Exercise("sample", sample_with_seed, make_other_draws, helpers=HELPERS, returns="the result",
                  judge=judge_indices, remark=REMARK),
)  # fmt: skip
