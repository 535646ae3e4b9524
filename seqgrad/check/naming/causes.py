"""From wrong numbers to their cause: what reproduces them exactly, and what the probes tell of the place.

Learner, results of the calls without salt  ->  findings
"""

import warnings

import numpy as np

from seqgrad.check.exercises import cases
from seqgrad.check.naming import products
from seqgrad.check.naming.alternatives import TEXTS
from seqgrad.check.naming.search import search
from seqgrad.check.probing.probes import probed


def causes(learner, results):
    """Return the findings that explain wrong numbers; empty if none can be stated.

    First what reproduces the numbers exactly: a known mistake, one change of the
    function's own steps, what the gate audit reads off, a change of other steps to the
    same numbers, several changes.  Then what the probes can tell of the place.
    """
    exercise = learner.exercise
    looked = search(exercise, cases.calls(exercise), results, cases.answers(exercise))
    if looked is None:
        return ()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if found := looked.known() or looked.single():
            return found
        place = probed(learner, results, products.audit)
        if place and all(finding.exact for finding in place):
            return place
        if found := looked.together():
            return found
        for text in TEXTS.get(exercise, ()):
            if found := looked.single(text):
                return found
        return looked.together() or place
