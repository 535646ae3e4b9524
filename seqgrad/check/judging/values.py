"""Returned values beside each other: what agrees to rounding, by the name or place of what is returned."""

import numpy as np

from seqgrad.check.running.run import Foreign, alike
from seqgrad.check.verdict import Finding

EXACT = 1e-9


def most_telling(calls, pairs, slack):
    """Return the call in which most outputs are wrong, the smallest of those; None if none is."""
    best = (0, 0, None)
    for i, (got, right) in enumerate(pairs):
        if not got.error and not calls[i].finite:
            right, mine = parts(right.value), parts(got.value)
            wrong = sum(not equal(right[name], mine.get(name), slack) for name in right)
            best = max(best, (wrong, -size(calls[i].arguments), i), key=lambda one: one[:2])
    return best[2]


def size(value):
    """Return how many numbers arguments hold."""
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(size, value)) if isinstance(value, tuple | list) else np.size(value)


def precise(pairs):
    """Return whether the learner computes in double precision: no output is right to five digits only."""
    for got, right in pairs:
        for name, part in parts(right.value).items():
            mine = parts(got.value).get(name)
            if equal(part, mine, 1e-5) and not equal(part, mine, EXACT):
                return False
    return True


def merged(findings):
    """Return findings with those made one that say the same of several outputs."""
    alike = {}
    for finding in findings:
        alike.setdefault((finding.kind, finding.sentence.replace(finding.subject, "")), []).append(finding)
    found = []
    for same in alike.values():
        first, names = same[0], ", ".join(finding.subject for finding in same)
        quoted = ", ".join(f"`{finding.subject}`" for finding in same)
        sentence = first.sentence.replace(f"`{first.subject}`", quoted, 1)
        found.append(first if len(same) == 1 else Finding(names, first.kind, sentence, True))
    return tuple(found)


def parts(value):
    """Return the returned things by name or position."""
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, tuple | list) else {None: value}


def misnamed(mine, right, slack):
    """Return the finding for a part of a dict that stands under another key, or None."""
    for name in right:
        under = [key for key in mine if equal(right[name], mine[key], slack)]
        if isinstance(name, str) and name not in mine and under:
            sentence = f"`{name}` is missing from the dict; what it should hold stands under `{under[0]}`."
            return Finding(name, "shape", sentence, True)
    return None


def frozen(value):
    """Return arguments whose arrays cannot be written to, so that a change cannot spoil the next one's."""
    if isinstance(value, np.ndarray):
        view = value.view()
        view.flags.writeable = False
        return view
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return type(value)(frozen(item) for item in value) if isinstance(value, tuple | list) else value


def equal(one, other, slack):
    """Return whether two values agree to rounding; nan equals nan."""
    if isinstance(one, dict):
        return isinstance(other, dict) and all(
            key in other and equal(one[key], other[key], slack) for key in one
        )
    if isinstance(one, tuple | list):
        if not isinstance(other, tuple | list) or len(one) != len(other):
            return False
        return all(equal(mine, yours, slack) for mine, yours in zip(one, other, strict=True))
    if (
        one is None
        or other is None
        or isinstance(one, Foreign)
        or isinstance(other, Foreign | dict | tuple | list)
    ):
        return False
    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape or not one.dtype.kind == other.dtype.kind == "f":
        return alike(one, other) if one.dtype.kind in "iub" else False
    if one.size == 0:
        return True
    close = np.abs(one - other).max()
    if close == close:
        return bool(close <= slack * max(1e-300, np.abs(one).max()))
    return np.array_equal(np.isnan(one), np.isnan(other)) and np.allclose(
        one, other, slack, slack, equal_nan=True
    )
