"""What is worth a sentence about results that are right, and is no fault.

trial  ->  remarks
"""

import numpy as np

from seqgrad.check.equality import FLOAT32, exceed
from seqgrad.check.judging import compare


def make_remarks(trial):
    """Return the remarks on right results, each kind once."""
    remarks = {None: trial.exercise.remark} if trial.exercise.remark else {}
    for row in trial.rows():
        for remark in (remark_on_extra_values, remark_on_changes, remark_on_warnings, remark_on_digits):
            if remark not in remarks and (sentence := remark(trial.exercise, *row)):
                remarks[remark] = sentence
    return tuple(remarks.values())


def remark_on_extra_values(exercise, call, expected, result):
    """Say how many values are expected, if more were returned behind them."""
    if not result.extra:
        return ""
    count, names = len(expected.value), ", ".join(exercise.names)
    return f"`{exercise.name}` returned {count + result.extra} values; the first {count} count: {names}."


def remark_on_changes(exercise, call, expected, result):
    """Say what the caller finds in the arguments afterwards, if it may be changed."""
    if not result.changed:
        return ""
    path = result.changed[0]
    name, _ = compare.locate_argument(exercise, path)
    if path in result.rebound:
        return f"It puts new arrays into the caller's dicts: after the call `{name}` is another array there."
    return f"It writes into the caller's arrays: after the call `{name}` has lost the values that it had."


def remark_on_warnings(exercise, call, expected, result):
    """Say what NumPy warns of, if the right function can do without."""
    more = [kind for kind in result.warned if kind not in expected.warned]
    return f"{call.label or 'On ordinary numbers, '}NumPy warns: {more[0]} encountered." if more else ""


def remark_on_digits(exercise, call, expected, result):
    """Say which entry has lost its digits, if each is measured by itself."""
    if not exercise.entrywise or not isinstance(result.value, np.ndarray):
        return ""
    off = exceed(expected.value, result.value, FLOAT32 * np.abs(expected.value))
    if not off.any():
        return ""
    place = tuple(map(int, np.argwhere(off)[0]))
    mine, right = compare.write_pair(result.value[place], expected.value[place])
    return f"{call.label}digits are lost: entry {list(place)} is {mine}, but exactly it is {right}."
