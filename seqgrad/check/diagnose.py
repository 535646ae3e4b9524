"""The way of a check: the function alone, then with the learner's own helpers, then whose fault it is.

Alone means: on the reference's arguments, and with its helpers exchanged for the
reference's.  If that is right, the function is right, and what may be wrong is what it
is fed by: the learner's own cell, softmax, or forward function.  If it is wrong alone
but right with the learner's own helpers, they belong together (another signature, say),
and it is right too.
"""

import contextlib
import difflib
from dataclasses import replace

import numpy as np

from seqgrad.check.exercises import cases
from seqgrad.check.exercises.reference import CACHES, FORWARD, FUNCTIONS, answer, helpers
from seqgrad.check.exercises.reference import arguments as argument_names
from seqgrad.check.judging.judge import agree, credit, judge, written_into
from seqgrad.check.learner import Learner
from seqgrad.check.probing import impulses
from seqgrad.check.released.stand_in import learn, recorded
from seqgrad.check.running.data import Call
from seqgrad.check.running.look import name_function
from seqgrad.check.showing.hints import hints
from seqgrad.check.verdict import Finding, Verdict

try:
    from seqgrad.check.naming.causes import causes
except ImportError:  # in a release, which has no right steps to change
    from seqgrad.check.released.causes import causes


def diagnose_function(function, name=None):
    """Return the verdict on a function in this process."""
    exercise = name or getattr(function, "__name__", None) or name_function(function)
    if exercise not in FUNCTIONS:
        near = difflib.get_close_matches(exercise, FUNCTIONS, 1) or ["softmax"]
        sentence = (
            f'No exercise is called {exercise}; say which it is, as in check({exercise}, name="{near[0]}").'
        )
        return Verdict(exercise, "not attempted", "", (), (Finding(exercise, "unknown", sentence),))
    if not callable(function):
        sentence = (
            f"{exercise} is {type(function).__name__}, not a function; give the function itself, without ()."
        )
        return Verdict(exercise, "not attempted", "", (), (Finding(exercise, "unknown", sentence),))
    if function is FUNCTIONS[exercise] and hasattr(function, "learned"):
        sentence = f"This {exercise} is no function of yours: it stands for the one that you are to write."
        return Verdict(exercise, "not attempted", "", (), (Finding(exercise, "unknown", sentence),))
    learner = Learner(function, exercise)
    for name in learner.own(helpers(exercise)):
        if getattr(FUNCTIONS.get(name), "learned", function) is None:
            diagnose_function(learner.other(name).function, name)
    verdict = diagnose(learner, recorded()["salt"])
    if verdict.outcome == "passed":
        learn(FUNCTIONS[exercise], function)
    return verdict


def diagnose(learner, salt=None):
    """Return the verdict on a learner's function and what it is fed by, from calls with this salt."""
    verdict = diagnose_alone(learner, salt)
    return blame(learner, verdict) if verdict.outcome == "passed" else verdict


def diagnose_alone(learner, salt=None):
    """Return the verdict on a learner's function with right helpers."""
    exercise = learner.exercise
    calls, expected = cases.calls(exercise, salt), cases.answers(exercise, salt)
    results = alone(learner, calls, expected)
    if not out_of_time(results) and (stale := stale_globals(learner, calls, results, expected)):
        earned = credit(exercise, calls, results, expected)
        return with_hints(Verdict(exercise, "wrong", exercise, findings=(stale,), credit=earned))

    verdict = judge(exercise, calls, results, expected, learner.works)
    if verdict.outcome != "not attempted":
        verdict = replace(verdict, credit=credit(exercise, calls, results, expected))
    if verdict.outcome == "wrong" and not verdict.findings[0].exact:
        with contextlib.suppress(Exception):  # a cause that cannot be looked for leaves what was measured
            verdict = explained(learner, verdict, results if salt is None else None)
    return with_hints(verdict)


def alone(learner, calls, expected):
    """Return the results of a function with right helpers, or with the learner's own if only these fit it."""
    exercise = learner.exercise
    results = learner.run(calls, helpers(exercise))
    if out_of_time(results) or agree(exercise, calls, results, expected):
        return results
    if own := learner.own(helpers(exercise)):
        together = learner.run([replace(call, own=own) for call in calls], helpers(exercise))
        return together if agree(exercise, calls, together, expected) else results
    return results


def out_of_time(results):
    """Return whether a call took longer than it may."""
    return any(result.error and result.error.kind == "OutOfTime" for result in results)


def explained(learner, verdict, results=None):
    """Return a verdict on wrong numbers with its causes and its picture.

    Causes are looked for in the results of the calls without salt, which are made here
    if they are not given.
    """
    exercise = verdict.exercise
    if results is None:
        results = learner.run(cases.calls(exercise), helpers(exercise))
    findings = causes(learner, results)
    if not findings or not findings[0].exact:
        findings = most_telling(verdict.findings, findings, written_into(exercise, results))
    return replace(verdict, findings=findings, picture=picture(learner))


def most_telling(measured, probed, written):
    """Return the findings where no cause is known: what is changed in place, or of a wrong shape, first."""
    if written:
        return (written,)
    return measured if measured[0].kind != "unknown" else probed or measured


def picture(learner):
    """Return the picture of a wrong function over a sequence, if the mistake shows in it."""
    sequence = learner.exercise in impulses.SEQUENCES
    return impulses.pictured(*impulses.influence(learner)) if sequence else ()


def with_hints(verdict):
    """Return a verdict with its hints, if there is something to hint at."""
    if verdict.outcome not in ("wrong", "raised") or not verdict.findings:
        return verdict
    return replace(verdict, hints=hints(verdict.findings[0], verdict.outputs))


def blame(learner, verdict):
    """Return the verdict on a function that is right alone: passed, or the mistake of what it is fed by."""
    exercise = verdict.exercise
    own = learner.own(helpers(exercise))
    suspects = {name: learner.other(name) for name in own}
    if fed := learner.own(filter(None, [FORWARD.get(exercise)])):
        forward = learner.other(fed[0])
        suspects |= {name: forward.other(name) for name in forward.own(helpers(fed[0]))} | {fed[0]: forward}
    for name in order(suspects):
        found = diagnose(suspects[name]) if name in FUNCTIONS else None
        if found and found.outcome in ("wrong", "raised") and matters(learner, name, own):
            of_other = {"findings": found.findings, "hints": found.hints, "picture": found.picture}
            return replace(verdict, outcome="wrong", culprit=found.culprit or name, **of_other)
    return verdict


def order(names):
    """Return names from the innermost function to the outermost."""
    return sorted(
        names, key=lambda name: list(FUNCTIONS).index(name) if name in FUNCTIONS else len(FUNCTIONS)
    )


def matters(learner, name, own):
    """Return whether a function gives something else with the learner's helper than with the reference's."""
    exercise = learner.exercise
    calls, forward = cases.calls(exercise), FORWARD.get(exercise)
    if name in own:
        chained = [Call(call.arguments, own=(name,)) for call in calls]
    elif name == forward or name in helpers(forward):
        first = calls[0].arguments
        arguments = cases.calls(forward)[0].arguments
        chained = [Call(first[:-1], feed=(forward, arguments), own=(name, forward))]
        (result,) = learner.run(chained, helpers(exercise) | helpers(forward))
        caches = FUNCTIONS[forward](*arguments)[-1]
        (right,) = answer(exercise, [Call((*first[:-1], caches))])
        return not agree(exercise, chained, [result], [right])
    return not agree(exercise, calls, learner.run(chained, helpers(exercise)), cases.answers(exercise))


def stale_globals(learner, calls, results, expected):
    """Return the finding for a function that reads arrays from the notebook, not its arguments, or None.

    It is one if the function is right as soon as the globals of those names hold what
    its arguments hold.
    """
    exercise = learner.exercise
    if agree(exercise, calls, results, expected):
        return None
    reads, changed = learner.reads(), []
    for call in calls:
        inside = contents(call.arguments, exercise)
        names = [name for name in reads if name in inside]
        changed.append(
            Call(call.arguments, finite=call.finite, stand_ins={name: inside[name] for name in names})
        )
    names = list(changed[0].stand_ins)
    if not names or not agree(exercise, calls, learner.run(changed, helpers(exercise)), expected):
        return None
    listed = ", ".join(f"`{name}`" for name in names)
    one = len(names) == 1
    sentence = f"{listed} {'is' if one else 'are'} read from the notebook, not from the arguments" + (
        "; that works only while both are the same."
    )
    return Finding(names[0] if one else "globals", "wrong source", sentence, True)


def contents(arguments, exercise):
    """Return what stands in a call's arguments, by the names that a learner gives it."""
    found = {}
    for name, value in zip(argument_names(exercise), arguments, strict=False):
        found[name] = value
        parts = {"cache": CACHES.get(exercise), "caches": ("steps", "x")}.get(name) or ()
        if isinstance(value, tuple):
            found |= dict(zip(parts, value, strict=False))
    for value in list(found.values()):
        if isinstance(value, dict):
            found |= {key: part for key, part in value.items() if isinstance(part, np.ndarray)}
    return found
