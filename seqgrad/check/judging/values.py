"""Returned values beside each other: what agrees to rounding, by the name or place of what is returned."""

import numpy as np

from seqgrad.check.equality import FLOAT32, ROUNDING, close
from seqgrad.check.verdict import Finding


def most_telling(calls, pairs, slack):
    """Return the call in which most outputs are wrong, the smallest of those; None if none is."""
    best = (0, 0, None)
    for i, (got, right) in enumerate(pairs):
        if not got.error and not calls[i].finite:
            right, mine = parts(right.value), parts(got.value)
            wrong = sum(not close(right[name], mine.get(name), slack) for name in right)
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
            if close(part, mine, FLOAT32) and not close(part, mine, ROUNDING):
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
        under = [key for key in mine if close(right[name], mine[key], slack)]
        if isinstance(name, str) and name not in mine and under:
            sentence = f"`{name}` is missing from the dict; what it should hold stands under `{under[0]}`."
            return Finding(name, "shape", sentence, True)
    return None
