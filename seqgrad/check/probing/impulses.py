"""Impulses in time: which step reaches which, in a function over a sequence.

A backward pass is linear in da.  Let da be zero but at step j; where dx is not zero,
step j has reached.  Rightly those are the steps up to j, since time is walked backward.
A forward pass is asked the same with a small change of x at step j: the hidden states
from j on react.  The picture of both is a matrix R (T, T), R[i, j] = how strongly
step j reaches step i, and a mistake in the carrying shows in it: nothing beside the
diagonal is nothing carried, an empty column is a step ignored, a mirrored one is time
reversed.

    exercise  ->  calls  ->  results  ->  matrix
"""

import numpy as np

from seqgrad.check.exercises import cases
from seqgrad.check.exercises.reference import answer, helpers
from seqgrad.check.running.data import Call
from seqgrad.check.verdict import Finding

STEPS = 5
FAINT = 1e-9
SEQUENCES = ("rnn_forward", "rnn_backward", "lstm_forward", "lstm_backward")


def impulses(exercise):
    """Return calls: backward, with da at each step alone; forward, as it is, then with x changed at each."""
    base = cases.impulse_base(exercise, STEPS)
    first, *rest = base
    if exercise.endswith("backward"):
        return [Call((only(first, t), *rest)) for t in range(STEPS)]
    return [Call(base)] + [Call((first + 0.5 * only(first, t), *rest)) for t in range(STEPS)]


def influence(learner):
    """Return which step reaches which, in the learner's function and in the reference."""
    exercise = learner.exercise
    calls = impulses(exercise)
    yours = matrix(exercise, learner.run(calls, helpers(exercise)))
    return yours, matrix(exercise, answer(exercise, calls))


def only(sequence, t):
    """Return a sequence that is zero but at step t."""
    kept = np.zeros_like(sequence)
    kept[:, :, t] = sequence[:, :, t]
    return kept


def matrix(exercise, results):
    """Return R (T, T) from the results of the calls, or None if they cannot be read."""
    if exercise.endswith("backward"):
        reached = [result.value.get("dx") if isinstance(result.value, dict) else None for result in results]
    else:
        states = [
            result.value[0] if isinstance(result.value, tuple | list) and result.value else None
            for result in results
        ]
        if any(not isinstance(state, np.ndarray) or state.shape != np.shape(states[0]) for state in states):
            return None
        reached = [state - states[0] for state in states[1:]]
    if any(not isinstance(part, np.ndarray) or part.ndim != 3 or part.shape[2] != STEPS for part in reached):
        return None
    return np.stack([np.sqrt((part.astype(float) ** 2).sum(axis=(0, 1))) for part in reached], axis=1)


def pictured(yours, expected):
    """Return both matrices as tuples on one scale, if the learner's differs visibly; otherwise nothing."""
    if yours is None or not np.isfinite(yours).all():
        return ()
    scale = expected.max()
    if np.abs(yours - expected).max() <= 0.01 * scale:
        return ()
    return tuple(
        tuple(tuple(round(float(value / scale), 4) for value in row) for row in part)
        for part in (yours, expected)
    )


def pattern(exercise, yours, expected):
    """Return the finding that the zeros of the learner's matrix make plain, or None.

    It says what was measured, so it is not called exact.
    """
    if yours is None or not np.isfinite(yours).all():
        return None
    mine, right = yours > FAINT * expected.max(), expected > FAINT * expected.max()
    what, onto = ("`da`", "`dx`") if exercise.endswith("backward") else ("`x`", "the states")
    carried = "da_prev" if exercise.endswith("backward") else "a_prev"
    if not mine.any():
        return Finding(onto.strip("`"), "missing term", f"{what} reaches {onto} at no step.")
    if not (mine & ~np.eye(STEPS, dtype=bool)).any() and mine.any():
        sentence = (
            f"{what} at a step reaches {onto} at that step alone: nothing is carried from step to step."
        )
        return Finding(carried, "not carried", sentence)
    ignored = [int(t) for t in np.flatnonzero(~mine.any(axis=0))]
    if ignored:
        return Finding(
            "time steps", "wrong step", f"{what} at step {listed(ignored)} reaches nothing: it is ignored."
        )
    if (mine == right.T).all():
        return Finding("time steps", "wrong order", f"{what} reaches {onto} in the wrong direction of time.")
    if (mine == right[::-1]).all():
        return Finding("time steps", "wrong order", f"{onto} holds its steps in reverse order.")
    if (mine & ~right).any():
        i, j = np.argwhere(mine & ~right)[0]
        sentence = f"{what} at step {j} reaches {onto} at step {i}, which it should not."
        return Finding("time steps", "wrong step", sentence)
    if (right & ~mine).any():
        i, j = np.argwhere(right & ~mine)[0]
        sentence = f"{what} at step {j} does not reach {onto} at step {i}, which it should."
        return Finding(carried, "not carried", sentence)
    return None


def listed(numbers):
    """Return numbers as words in a sentence."""
    return ", ".join(map(str, numbers))
