"""Whether a function reads arrays from the notebook that it should take from its arguments."""

from dataclasses import replace

import numpy as np

from seqgrad.check.judging.judge import is_right
from seqgrad.check.running.data import Call
from seqgrad.check.verdict import Finding


def find_stale_globals(learner, trial):
    """Return the finding for a wrong function that reads arrays from the notebook, or None.

    It does if it is right as soon as the globals of those names hold what its arguments hold.
    """
    read, calls = learner.list_read(), []
    for call in trial.calls:
        inside = name_contents(trial.exercise, call.arguments)
        stand_ins = {name: inside[name] for name in read if name in inside}
        calls.append(Call(call.arguments, finite=call.finite, stand_ins=stand_ins))
    names = list(calls[0].stand_ins)
    if not names:
        return None
    results = learner.run(calls, trial.exercise.right_helpers)
    if not is_right(replace(trial, calls=tuple(calls)).with_results(results)):
        return None
    listed, one = ", ".join(f"`{name}`" for name in names), len(names) == 1
    sentence = f"{listed} {'is' if one else 'are'} read from the notebook, not from the arguments"
    sentence += "; that works only while both are the same."
    return Finding(names[0] if one else "globals", "wrong source", sentence, True)


def name_contents(exercise, arguments):
    """Return what stands in a call's arguments, by the names that a learner gives it."""
    named = {}
    for name, value in zip(exercise.arguments, arguments, strict=False):
        named[name] = value
        if isinstance(value, tuple):
            parts = {"cache": exercise.parts, "caches": ("steps", "x")}.get(name, ())
            named |= dict(zip(parts, value, strict=False))
    for value in list(named.values()):
        if isinstance(value, dict):
            named |= {key: part for key, part in value.items() if isinstance(part, np.ndarray)}
    return named
