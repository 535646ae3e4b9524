"""The verdict on arrays by name, which one can have before there is a function.

    exercise, {name: array}, the right ones in the order of the steps  ->  Verdict

The first that is wrong is the mistake: what follows from it is wrong too, and is not reported.  What finds
its cause is an argument; in a release there is nothing that could.
"""

from dataclasses import replace

import numpy as np

from seqgrad.check.judging.compare import compare_arrays
from seqgrad.check.running.data import to_plain
from seqgrad.check.showing.hints import make_hints
from seqgrad.check.verdict import Finding, Output, Verdict, refuse

# What the assignment calls the gradients at the pre-activations, which our steps call dz.
ALSO = {"dtanh": "dz", "dft": "dzf", "dit": "dzi", "dcct": "dzc", "dot": "dzo"}


def judge_intermediates(exercise, given, right, find_cause=None):
    """Return the verdict on arrays by name that were computed on the exercise's example."""
    names = {name: name if name in right else ALSO.get(name, name) for name in given}
    if missing := [name for name in given if names[name] not in right]:
        return refuse(exercise.name, list_known(exercise, missing[0], right))
    order = list(right)
    listed = sorted(given, key=lambda name: order.index(names[name]))
    filled = [name for name in listed if given[name] is not None]
    if not filled:
        return refuse(exercise.name, f"{say_empty(listed)}: compute what comes back, then check again.")
    remarks = (f"{say_empty(empty)}.",) if (empty := [name for name in listed if name not in filled]) else ()
    mine = {name: to_plain(given[name]) for name in filled}
    outputs = tuple(compare_one(name, right[names[name]], mine[name]) for name in filled)
    title = f"{', '.join(filled)} of {exercise.name}"
    wrong = next((output for output in outputs if not output.right), None)
    if wrong is None:
        return Verdict(title, "passed", "", outputs, remarks=remarks, credit=1.0)
    findings = (measure(wrong),)
    if find_cause:
        findings = find_cause(exercise, names[wrong.name], wrong.name, mine[wrong.name]) or findings
    verdict = Verdict(title, "wrong", title, outputs, findings, remarks=remarks)
    return replace(verdict, hints=make_hints(findings[0], outputs, verdict.list_causes(), exercise))


def list_known(exercise, name, right):
    """Return the sentence that says which intermediate results there are, in place of an unknown one."""
    known = ", ".join(f"`{name}`" for name in right)
    sentence = f"{exercise.name} has no intermediate result `{name}` to compare with"
    more = " What a loop computes changes from step to step, and is not compared." if exercise.impulse else ""
    return f"{sentence}; {f'it has {known}' if known else 'it has none'}.{more}"


def say_empty(names):
    """Return that names hold None yet."""
    return f"{', '.join(f'`{name}`' for name in names)} {'are' if len(names) > 1 else 'is'} still None"


def compare_one(name, right, mine):
    """Return an intermediate result as an output: right, or what is wrong about it."""
    problem, sentence, steps = compare_arrays(np.asarray(right), mine, False) or ("", "", ())
    return Output(name, not problem, problem, f"`{name}` {sentence}" if problem else "", steps)


def measure(output):
    """Return the finding that says no more than what was measured."""
    kind = "unknown" if output.problem == "value" else output.problem
    return Finding(output.name, kind, output.sentence)
