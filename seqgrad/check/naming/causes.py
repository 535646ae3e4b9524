"""From wrong numbers to their cause: what reproduces them exactly, and what the probes tell of the place.

trial, probes  ->  findings
"""

import numpy as np

from seqgrad.check.equality import close
from seqgrad.check.judging.compare import locate
from seqgrad.check.judging.judge import find_aliased
from seqgrad.check.judging.parts import choose_call, choose_tolerance, merge_findings, name_parts
from seqgrad.check.naming.intermediates import find_in_intermediates
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.products import audit_gates
from seqgrad.check.naming.search import Search
from seqgrad.check.running.data import list_arrays
from seqgrad.check.verdict import Finding


def find_causes(trial, probes):
    """Return the findings that explain wrong numbers; empty if none can be stated.

    If no cause is found in the results, intermediate results that are returned beside them may tell it.
    """
    if trial.exercise.judge:  # several results are right, so none can be reproduced
        return ()
    tolerance = choose_tolerance(trial)
    number = choose_call(trial, tolerance)
    if number is None:
        return ()
    findings = find_in_results(trial, probes, number, tolerance)
    if findings and all(finding.exact for finding in findings):
        return findings
    return find_in_intermediates(trial) or findings


def find_in_results(trial, probes, number, tolerance):
    """Return the findings that explain the wrong results of a call; empty if none can be stated.

    First what reproduces the numbers exactly: a known mistake, one change of the
    function's own steps, what the gate audit reads off, a change of other steps to the
    same numbers, several changes.  Then what the probes can tell of the place.
    """
    if finding := find_same_arrays(trial, number, tolerance):
        return (finding,)
    search, recipes = (
        Search(trial, number, tolerance, probes.learner.list_names()),
        know(trial.exercise).recipes,
    )
    if findings := search.find_known() or search.find_single(recipes[0]):
        return findings
    place = probes.find_place(audit_gates)
    if place and all(finding.exact for finding in place):
        return place
    if findings := search.find_together():
        return findings
    for recipe in recipes[1:]:
        if findings := search.find_single(recipe):
            return findings
    return search.find_together() or find_constant(trial, tolerance) or place


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
        if factor is None or not isinstance(name, str | int):
            return ()
        shown = name if isinstance(name, str) else locate(trial.exercise, (name,)).name
        times = f"divided by {1 / factor:.6g}" if abs(factor) < 1 else f"multiplied by {factor:.6g}"
        findings.append(
            Finding(shown, "extra factor", f"`{shown}` is {times}, whatever the sizes are.", True)
        )
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


def find_same_arrays(trial, number, tolerance):
    """Return the finding for returned arrays that are one array and should differ, or None."""
    right = dict(list_arrays(trial.expected[number].value))
    pairs = [pair for pair in trial.results[number].shared if all(path in right for path in pair)]
    differ = [(one, other) for one, other in pairs if not close(right[one], right[other], tolerance)]
    return find_aliased(trial.exercise, differ)
