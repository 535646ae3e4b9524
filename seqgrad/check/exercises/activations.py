"""The exercises of chapter 1: softmax and sigmoid."""

import numpy as np

from seqgrad import activations
from seqgrad.check.exercises.draw import N_A, N_Y, ON_SIZES, OTHER, WITH_OTHER_SIZES, M
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call


def make_scores(seeded):
    """Return calls: ordinary scores; columns far apart, each of which needs its own shift; other sizes."""
    rng = np.random.default_rng(seeded(0))
    x = np.round(16 * rng.standard_normal((N_Y, M))) / 16  # exact in float32 too, however large the shift
    far = 2 * x + 2000.0 * np.array([1, -1, 0.5, 0, -0.25, 0.75, -0.5])
    return [
        Call((x,)),
        Call((4 * x + 3,), "With larger scores, "),
        Call((x + 1000,), "With scores near 1000, "),
        Call((far,), "With columns of scores that lie 2000 apart, "),
        Call((1024 * x,), "With scores 2000 apart in a column, "),
        Call((rng.standard_normal((N_Y, 1)),), "With one example, "),
        Call((rng.standard_normal((OTHER[N_Y], OTHER[M])),), WITH_OTHER_SIZES, reveals=ON_SIZES),
    ]


def make_numbers(seeded):
    """Return calls: ordinary numbers, of either sign; a sequence; other sizes; far out."""
    rng = np.random.default_rng(seeded(0))
    x = 2 * rng.standard_normal((N_A, M))
    return [
        Call((x,)),
        Call((rng.standard_normal((N_A, M, 2)),), "With three axes, "),
        Call((rng.standard_normal((OTHER[N_A], OTHER[M])),), WITH_OTHER_SIZES, reveals=ON_SIZES),
        Call((np.array([[-1000.0, -750.0, -40.0, 0.0, 40.0, 750.0, 1000.0]]),), "Far from zero, "),
    ]


EXPONENTIAL = ("the result", "The exponential")

softmax = Exercise(
    "softmax", activations.softmax, make_scores, returns="the result",
    by_hand="Take one column of scores, 0, 1 and 2, and work out its three probabilities on paper.",
    words={"p": ("the result", "The result"), "e": EXPONENTIAL, "e_x": EXPONENTIAL,
           "total": ("the result", "The sum in the denominator")},
)  # fmt: skip

sigmoid = Exercise(
    "sigmoid", activations.sigmoid, make_numbers, returns="the result",
    by_hand="Work it out on paper for 0, 1 and -1.",
    words={"s": ("the result", "The result"), "e": EXPONENTIAL}, entrywise=True,
)  # fmt: skip
