"""From wrong numbers to their cause: what reproduces them exactly, and what the probes tell of the place.

trial, probes  ->  findings
"""

from seqgrad.check.equality import close
from seqgrad.check.judging.judge import find_aliased
from seqgrad.check.judging.parts import choose_call, choose_tolerance, find_constant
from seqgrad.check.naming.intermediates import find_in_intermediates
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.products import audit_gates
from seqgrad.check.naming.search import Search
from seqgrad.check.running.data import list_arrays


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


def find_same_arrays(trial, number, tolerance):
    """Return the finding for returned arrays that are one array and should differ, or None."""
    right = dict(list_arrays(trial.expected[number].value))
    pairs = [pair for pair in trial.results[number].shared if all(path in right for path in pair)]
    differ = [(one, other) for one, other in pairs if not close(right[one], right[other], tolerance)]
    return find_aliased(trial.exercise, differ)
