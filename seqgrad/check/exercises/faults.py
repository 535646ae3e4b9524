"""What is wrong with a record itself, so that nobody's function can be compared with it.

trial, not yet run  ->  find_fault  ->  a sentence, or none;
trial, not yet run  ->  find_coincidence  ->  a remark on calls that would let a mistake pass, or none
"""

import functools
import itertools

import numpy as np

from seqgrad.check.running.data import list_arrays
from seqgrad.check.running.run import run

TOGETHER = 3  # axes that are lengthened at once, to see whether their sizes have to be the same
MOST = 200  # choices of such axes that are tried


@functools.lru_cache(100)
def find_fault(trial):
    """Return why a record cannot be used, in a sentence without its end; "" if it can."""
    for number, (call, result) in enumerate(zip(trial.calls, trial.expected, strict=True)):
        where = f"On call {number}, the right function"
        if result.error:
            return f"{where} raised {result.error.kind}: {result.error.message}"
        if not call.finite and (name := find_not_finite(trial.exercise, result.value)):
            return f"{where} gave nan or inf in {name}: give it other arguments"
        if result.changed and not trial.exercise.may_change:
            argument = trial.exercise.arguments[result.changed[0][0]]
            return f"{where} changed its argument `{argument}`: let it work on a copy"
    return ""


def find_not_finite(exercise, value):
    """Return the name of the first returned array that holds nan or inf; "" if there is none."""
    for path, array in list_arrays(value):
        if array.dtype.kind in "fc" and not np.isfinite(array).all():
            names = dict(enumerate(exercise.names))
            return f"`{names.get(path[0], path[0])}`" if path else "its result"
    return ""


@functools.lru_cache(100)
def find_coincidence(trial):
    """Return a remark if in all calls two axes have the same size by accident; "" if there is none.

    A learner who takes one of them for the other, in what a sum is divided by, say, would pass.  They have
    the same size by accident if the right function also takes arguments in which one of them is longer.
    What lies in dicts, as parameters do, is often square by its nature, and is not looked at.
    """
    axes = list_axes(trial.calls[0])
    for (one, other), size in find_pairs(axes, trial.calls).items():
        same = [axis for axis in axes if axes[axis] == size]
        choices = (
            chosen for count in range(1, TOGETHER + 1) for chosen in itertools.combinations(same, count)
        )
        for chosen in itertools.islice(choices, MOST):
            if (one in chosen) != (other in chosen) and takes(trial, chosen):
                name = trial.exercise.arguments[one[0][0]]
                return (
                    f"In all calls two axes of `{name}` have the size {size}: who takes one for the other "
                    "would pass; give a call in which all sizes differ."
                )
    return ""


def list_axes(call):
    """Return the size of each axis of the arrays in a call, by (path, number of the axis)."""
    return {
        (path, axis): size
        for path, array in list_arrays(call.arguments)
        for axis, size in enumerate(array.shape)
    }


def find_pairs(axes, calls):
    """Return the pairs of axes of an argument, longer than 1, that have one size in all calls, and it."""
    known = [list_axes(call) for call in calls]
    return {
        (one, other): axes[one]
        for one, other in itertools.combinations(axes, 2)
        if one[0] == other[0]
        and len(one[0]) == 1 < axes[one]
        and all(sizes.get(one) == sizes.get(other) for sizes in known)
    }


def takes(trial, chosen):
    """Tell whether the right function takes the first call with some axes one longer."""

    def lengthen(value, path=()):
        if isinstance(value, np.ndarray):
            for axis in (axis for place, axis in chosen if place == path):
                value = np.concatenate([value, value.take([0], axis)], axis)
            return value
        if isinstance(value, dict):
            return {key: lengthen(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, tuple | list):
            return type(value)(lengthen(item, (*path, i)) for i, item in enumerate(value))
        return value

    call = trial.calls[0]
    longer = type(call)(lengthen(call.arguments), feed=call.feed, finite=True)
    return not run(trial.exercise.function, [longer])[0].error
