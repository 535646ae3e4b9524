"""The way of a check: the function alone, then with the learner's own helpers, then whose fault it is.

Alone means: on the reference's arguments, and with its helpers exchanged for the
reference's.  If that is right, the function is right, and what may be wrong is what it
is fed by: the learner's own cell, softmax, or forward function.  If it is wrong alone
but right with the learner's own helpers, they belong together (another signature, say),
and it is right too.
"""

import contextlib
import difflib
import dis
import warnings
from dataclasses import replace

import numpy as np

from seqgrad.check import cases, gates, impulse
from seqgrad.check.alternatives import TEXTS
from seqgrad.check.hints import hints
from seqgrad.check.judge import agree, judge, written_into
from seqgrad.check.reference import CACHES, FORWARD, FUNCTIONS, answer, helpers
from seqgrad.check.reference import arguments as argument_names
from seqgrad.check.run import Call, function_name, namespace, run, unwrapped
from seqgrad.check.search import search
from seqgrad.check.verdict import Finding, Verdict


def diagnose(function, name=None):
    """Return the verdict on a learner's function."""
    exercise = name or getattr(function, "__name__", None) or function_name(function)
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

    calls, expected = cases.calls(exercise), cases.answers(exercise)
    results = run(function, calls, helpers(exercise))
    own = own_helpers(function, exercise)
    in_time = not any(result.error and result.error.kind == "OutOfTime" for result in results)
    if in_time and own and not agree(exercise, calls, results, expected):
        together = run(function, [replace(call, own=tuple(own)) for call in calls], helpers(exercise))
        results = together if agree(exercise, calls, together, expected) else results
    if in_time and (stale := stale_globals(function, exercise, calls, results)):
        return with_hints(Verdict(exercise, "wrong", exercise, findings=(stale,)))

    verdict = judge(exercise, calls, results, expected, works(function))
    if verdict.outcome == "passed":
        return blame(function, verdict, own)
    if verdict.outcome == "wrong" and not verdict.findings[0].exact:
        with contextlib.suppress(Exception):  # a cause that cannot be looked for leaves what was measured
            verdict = explained(function, verdict, results)
    return with_hints(verdict)


def explained(function, verdict, results):
    """Return a verdict on wrong numbers with its causes and its picture."""
    exercise = verdict.exercise
    findings = causes(function, exercise, results)
    if not findings or not findings[0].exact:
        findings = most_telling(verdict.findings, findings, written_into(exercise, results))
    return replace(verdict, findings=findings, picture=picture(function, exercise))


def most_telling(measured, probed, written):
    """Return the findings where no cause is known: what is changed in place, or of a wrong shape, first."""
    if written:
        return (written,)
    return measured if measured[0].kind != "unknown" else probed or measured


def causes(function, exercise, results):
    """Return the findings that explain wrong numbers; empty if none can be stated.

    First what reproduces the numbers exactly: a known mistake, one change of the
    function's own steps, what the gate audit reads off, a change of other steps to the
    same numbers, several changes.  Then what the probes can tell of the place.
    """
    looked = search(exercise, cases.calls(exercise), results, cases.answers(exercise))
    if looked is None:
        return ()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if found := looked.known() or looked.single():
            return found
        place = probed(function, exercise, results)
        if place and all(finding.exact for finding in place):
            return place
        if found := looked.together():
            return found
        for text in TEXTS.get(exercise, ()):
            if found := looked.single(text):
                return found
        return looked.together() or place


def probed(function, exercise, results):
    """Return the findings of the probes that an exercise has; empty if they show nothing.

    The gate audit invents caches that no forward pass gives; a function that is right
    on ordinary ones may compute, say, tanh(c_next) as a_next / ot, and is not asked.
    """
    ordinary = cases.calls(exercise)[:1], results[:1], cases.answers(exercise)[:1]
    if agree(exercise, *ordinary):
        return ()
    if exercise == "lstm_cell_backward":
        calls = gates.probes()
        return gates.audit(run(function, calls, helpers(exercise)))
    if exercise in impulse.SEQUENCES:
        found = impulse.pattern(exercise, *influence(function, exercise))
        return (found,) if found else ()
    return ()


def influence(function, exercise):
    """Return which step reaches which, in the learner's function and in the reference."""
    calls = impulse.impulses(exercise)
    yours = impulse.matrix(exercise, run(function, calls, helpers(exercise)))
    return yours, impulse.matrix(exercise, answer(exercise, calls))


def picture(function, exercise):
    """Return the picture of a wrong function over a sequence, if the mistake shows in it."""
    return impulse.pictured(*influence(function, exercise)) if exercise in impulse.SEQUENCES else ()


def with_hints(verdict):
    """Return a verdict with its hints, if there is something to hint at."""
    if verdict.outcome not in ("wrong", "raised") or not verdict.findings:
        return verdict
    return replace(verdict, hints=hints(verdict.findings[0], verdict.outputs))


def own_helpers(function, exercise):
    """Return the learner's own versions of the functions that an exercise uses, by name."""
    home = namespace(function)
    found = {name: home[name] for name in helpers(exercise) if callable(home.get(name))}
    return {
        name: mine
        for name, mine in found.items()
        if mine is not helpers(exercise)[name] and mine is not function
    }


def blame(function, verdict, own):
    """Return the verdict on a function that is right alone: passed, or the mistake of what it is fed by."""
    exercise, home = verdict.exercise, namespace(function)
    forward = home.get(FORWARD.get(exercise))
    suspects = dict(reversed(own.items()))
    if callable(forward) and forward is not FUNCTIONS[FORWARD[exercise]]:
        suspects |= own_helpers(forward, FORWARD[exercise]) | {FORWARD[exercise]: forward}
    for name in order(suspects):
        found = diagnose(suspects[name], name) if name in FUNCTIONS else None
        if found and found.outcome in ("wrong", "raised") and matters(function, exercise, name, own):
            culprit = found.culprit or name
            return Verdict(
                exercise, "wrong", culprit, verdict.outputs, found.findings, found.hints, found.picture
            )
    return verdict


def order(names):
    """Return names from the innermost function to the outermost."""
    return sorted(
        names, key=lambda name: list(FUNCTIONS).index(name) if name in FUNCTIONS else len(FUNCTIONS)
    )


def matters(function, exercise, name, own):
    """Return whether a function gives something else with the learner's helper than with the reference's."""
    calls = cases.calls(exercise)
    if name in own:
        chained = [Call(call.arguments, own=(name,)) for call in calls]
    elif name == FORWARD.get(exercise) or name in helpers(FORWARD.get(exercise)):
        first = calls[0].arguments
        arguments = cases.calls(FORWARD[exercise])[0].arguments
        chained = [Call(first[:-1], feed=(FORWARD[exercise], arguments), own=(name, FORWARD[exercise]))]
        replaced = helpers(exercise) | helpers(FORWARD[exercise])
        (result,) = run(function, chained, replaced)
        caches = FUNCTIONS[FORWARD[exercise]](*arguments)[-1]
        (right,) = answer(exercise, [Call((*first[:-1], caches))])
        return not agree(exercise, chained, [result], [right])
    return not agree(exercise, calls, run(function, chained, helpers(exercise)), cases.answers(exercise))


def stale_globals(function, exercise, calls, results):
    """Return the finding for a function that reads arrays from the notebook, not its arguments, or None.

    It is one if the function is right as soon as the globals of those names hold what
    its arguments hold.
    """
    code, home = getattr(unwrapped(function), "__code__", None), namespace(function)
    if code is None or agree(exercise, calls, results, cases.answers(exercise)):
        return None
    changed = []
    for call in calls:
        inside = contents(call.arguments, exercise)
        names = [name for name in code.co_names if name in inside and name in home]
        changed.append(
            Call(call.arguments, finite=call.finite, stand_ins={name: inside[name] for name in names})
        )
    names = list(changed[0].stand_ins)
    if not names or not agree(
        exercise, calls, run(function, changed, helpers(exercise)), cases.answers(exercise)
    ):
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


def works(function):
    """Return whether a function that gave None computes something that it forgets to return.

    Told from its bytecode, since the source may not be at hand: it calls or combines
    something, and no return statement has a value.
    """
    code = getattr(unwrapped(function), "__code__", None)
    if code is None:
        return True
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("CACHE", "NOP")]
    computes = any(step.opname.startswith(("CALL", "BINARY_OP")) for step in steps)
    constant = [step.opname == "LOAD_CONST" for step in steps]
    returns = any(
        step.opname == "RETURN_VALUE" and not const for step, const in zip(steps[1:], constant, strict=False)
    )
    return computes and not returns
