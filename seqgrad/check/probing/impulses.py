"""Impulses in time: which step reaches which, in a function over a sequence.

A backward pass is linear in da.  Let da be zero but at step j; where dx is not zero,
step j has reached.  Rightly those are the steps up to j, since time is walked backward.
A forward pass is asked the same with a small change of x at step j: the hidden states
from j on react.  The picture of both is a matrix R (T, T), R[i, j] = how strongly
step j reaches step i, and a mistake in the carrying shows in it: nothing beside the
diagonal is nothing carried, an empty column is a step ignored, a mirrored one is time
reversed.

    exercise  ->  calls  ->  results  ->  matrix  ->  finding, picture
"""

import numpy as np

from seqgrad.check.exercises.trial import answer
from seqgrad.check.running.data import Call
from seqgrad.check.verdict import Finding

STEPS = 5
FAINT = 1e-9


def make_impulses(exercise):
    """Return calls with each step of the sequence varied alone; the first of a pass forward is as it was."""
    base = exercise.impulse.draw(STEPS)
    sequence, *rest = base
    if exercise.impulse.linear:
        return [Call((keep_step(sequence, t), *rest)) for t in range(STEPS)]
    varied = [Call((sequence + 0.5 * keep_step(sequence, t), *rest)) for t in range(STEPS)]
    return [Call(base), *varied]


def keep_step(sequence, t):
    """Return a sequence that is zero but at step t."""
    kept = np.zeros_like(sequence)
    kept[:, :, t] = sequence[:, :, t]
    return kept


def measure_influence(learner):
    """Return which step reaches which, in the learner's function and in the reference."""
    exercise = learner.exercise
    calls = make_impulses(exercise)
    yours = to_matrix(exercise, learner.run(calls, exercise.right_helpers))
    return yours, to_matrix(exercise, answer(exercise, calls))


def to_matrix(exercise, results):
    """Return R (T, T) from the results of the calls, or None if they cannot be read."""
    outputs = [pick_output(exercise, result.value) for result in results]
    if not exercise.impulse.linear:
        base, *varied = outputs
        if any(not isinstance(part, np.ndarray) or part.shape != np.shape(base) for part in varied):
            return None
        outputs = [part - base for part in varied]
    if any(not isinstance(part, np.ndarray) or part.ndim != 3 or part.shape[2] != STEPS for part in outputs):
        return None
    return np.stack([np.sqrt((part.astype(float) ** 2).sum(axis=(0, 1))) for part in outputs], axis=1)


def pick_output(exercise, value):
    """Return the array in which an impulse comes out; None if it is not there."""
    if exercise.names:
        position = exercise.names.index(exercise.impulse.output)
        return value[position] if isinstance(value, tuple | list) and len(value) > position else None
    return value.get(exercise.impulse.output) if isinstance(value, dict) else None


def draw_picture(yours, expected):
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


def find_in_time(exercise, yours, expected):
    """Return the finding that the zeros of the learner's matrix make plain, or None.

    It says what was measured, so it is not called exact.
    """
    if yours is None or not np.isfinite(yours).all():
        return None
    mine, right = yours > FAINT * expected.max(), expected > FAINT * expected.max()
    source, onto, carried = exercise.impulse.source, exercise.impulse.onto, exercise.impulse.carried
    ignored = ", ".join(str(t) for t in np.flatnonzero(~mine.any(axis=0)))
    more, less = np.argwhere(mine & ~right).tolist(), np.argwhere(right & ~mine).tolist()
    if not mine.any():
        return Finding(onto.strip("`"), "missing term", f"{source} reaches {onto} at no step.")
    if not (mine & ~np.eye(STEPS, dtype=bool)).any():
        alone = f"{source} at a step reaches {onto} at that step alone"
        return Finding(carried, "not carried", f"{alone}: nothing is carried from step to step.")
    if ignored:
        sentence = f"{source} at step {ignored} reaches nothing: it is ignored."
        return Finding("time steps", "wrong step", sentence)
    if (mine == right.T).all():
        sentence = f"{source} reaches {onto} in the wrong direction of time."
        return Finding("time steps", "wrong order", sentence)
    if (mine == right[::-1]).all():
        return Finding("time steps", "wrong order", f"{onto} holds its steps in reverse order.")
    if more:
        sentence = f"{source} at step {more[0][1]} reaches {onto} at step {more[0][0]}, which it should not."
        return Finding("time steps", "wrong step", sentence)
    if less:
        sentence = (
            f"{source} at step {less[0][1]} does not reach {onto} at step {less[0][0]}, which it should."
        )
        return Finding(carried, "not carried", sentence)
    return None
