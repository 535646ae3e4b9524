"""Wrong results by part: which call shows most, which of the returned things are wrong, what is told once."""

import numpy as np

from seqgrad.check.equality import FLOAT32, ROUNDING, close
from seqgrad.check.judging.compare import locate
from seqgrad.check.verdict import Finding


def name_parts(value):
    """Return the returned things by name or position; one alone has the name None."""
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, tuple | list) else {None: value}


def choose_tolerance(trial):
    """Return how near a cause has to come: ROUNDING, or FLOAT32 if an output is right to five digits only."""
    for _, expected, result in trial.rows():
        mine = name_parts(result.value)
        for name, right in name_parts(expected.value).items():
            if close(right, mine.get(name), FLOAT32) and not close(right, mine.get(name), ROUNDING):
                return FLOAT32
    return ROUNDING


def choose_call(trial, tolerance):
    """Return the number of the smallest call in which most outputs are wrong; None if none is wrong."""
    best = (0, 0, None)
    for i, (call, expected, result) in enumerate(trial.rows()):
        if not result.error and not call.finite:
            wrong = len(list_wrong(expected, result, tolerance))
            best = max(best, (wrong, -count_numbers(call.arguments), i), key=lambda found: found[:2])
    return best[2]


def list_wrong(expected, result, tolerance):
    """Return the names of the returned things that are not as expected."""
    mine = name_parts(result.value)
    return [
        name
        for name, right in name_parts(expected.value).items()
        if not close(right, mine.get(name), tolerance)
    ]


def count_numbers(value):
    """Return how many numbers arguments hold."""
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(count_numbers, value)) if isinstance(value, tuple | list) else np.size(value)


def merge_findings(findings):
    """Return findings with those made one that say the same of several outputs."""
    alike = {}
    for finding in findings:
        alike.setdefault((finding.kind, finding.sentence.replace(finding.subject, "")), []).append(finding)
    merged = []
    for same in alike.values():
        first, names = same[0], ", ".join(finding.subject for finding in same)
        quoted = ", ".join(f"`{finding.subject}`" for finding in same)
        sentence = first.sentence
        for verb, plural in (("is", "are"), ("has", "have"), ("takes", "take"), ("lacks", "lack")):
            sentence = sentence.replace(f"`{first.subject}` {verb} ", f"`{first.subject}` {plural} ", 1)
        sentence = sentence.replace(f"`{first.subject}`", quoted, 1)
        merged.append(first if len(same) == 1 else Finding(names, first.kind, sentence, True))
    return tuple(merged)


def find_misnamed(mine, right, tolerance):
    """Return the finding for a part of a dict that stands under another key, or None."""
    for name in right:
        under = [key for key in mine if close(right[name], mine[key], tolerance)]
        if isinstance(name, str) and name not in mine and under:
            sentence = f"`{name}` is missing from the dict; what it should hold stands under `{under[0]}`."
            return Finding(name, "shape", sentence, True)
    return None


def find_constant(trial, tolerance):
    """Return the findings on wrong outputs that are the right ones times a number, the same on all calls."""
    rows = [
        (name_parts(right.value), name_parts(mine.value))
        for call, right, mine in trial.rows()
        if not call.finite
    ]
    findings = []
    for name in rows[0][0]:
        pairs = [(right[name], mine.get(name)) for right, mine in rows]
        if all(close(*pair, tolerance) for pair in pairs):
            continue
        factor = find_factor(pairs, tolerance)
        if factor is None:
            return ()
        shown = locate(trial.exercise, () if name is None else (name,)).name
        times = f"divided by {1 / factor:.6g}" if abs(factor) < 1 else f"multiplied by {factor:.6g}"
        sentence = f"`{shown}` is {times}, whatever the sizes are.".replace("`the result`", "The result")
        findings.append(Finding(shown, "extra factor", sentence, True))
    return merge_findings(findings)


def find_factor(pairs, tolerance):
    """Return the number by which all of several arrays are multiplied; None if there is no such number."""
    if not all(isinstance(array, np.ndarray) and array.dtype.kind == "f" for pair in pairs for array in pair):
        return None
    right, mine = pairs[0]
    if right.shape != mine.shape or not right.any():
        return None
    largest = np.unravel_index(np.abs(right).argmax(), right.shape)
    factor = float(mine[largest] / right[largest])
    if not factor or not np.isfinite(factor):
        return None
    return factor if all(close(factor * one, other, tolerance) for one, other in pairs) else None
