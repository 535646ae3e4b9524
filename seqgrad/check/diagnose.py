"""The way of a check: the function alone, then with the learner's own helpers, then whose fault it is.

Alone means: on the reference's arguments, and with its helpers exchanged for the
reference's.  If that is right, the function is right, and what may be wrong is what it
is fed by: the learner's own cell, softmax, or forward function.  If it is wrong alone
but right with the learner's own helpers, they belong together (another signature, say),
and it is right too.

    learner  ->  trial with results  ->  Verdict  ->  probes  ->  causes  ->  hints
"""

import warnings
from dataclasses import replace

import numpy as np

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.faults import find_fault
from seqgrad.check.exercises.trial import Trial, answer, draw_calls, prepare
from seqgrad.check.judging.judge import find_failing, find_written, is_right, judge
from seqgrad.check.probing.probes import Probes
from seqgrad.check.probing.stale import find_stale_globals
from seqgrad.check.running.data import Call
from seqgrad.check.running.limit import TIMES
from seqgrad.check.showing.hints import make_hints
from seqgrad.check.verdict import refuse


def choose_interface(learner):
    """Return the learner with the record of the interface that its function takes, by default the usual."""
    usual, also = learner.exercise, learner.exercise.also
    if also is None or not refuses(learner, usual) or refuses(learner, also):
        return learner
    return learner.recast(also)


def refuses(learner, exercise):
    """Tell whether a function raises what it raises if it is given too much, or a dict with other keys."""
    (result,) = learner.run(draw_calls(exercise)[:1], exercise.right_helpers)
    return result.error is not None and result.error.kind in ("TypeError", "KeyError")


def diagnose(learner, find_causes, salt=None):
    """Return the verdict on a learner's function and what feeds it, from calls with this salt.

    `find_causes` makes findings of a trial with wrong numbers, and probes.
    """
    verdict = diagnose_alone(learner, find_causes, salt)
    return blame(learner, find_causes, verdict) if verdict.outcome == "passed" else verdict


def diagnose_alone(learner, find_causes, salt=None):
    """Return the verdict on a learner's function with right helpers."""
    trial = prepare(learner.exercise, salt)
    name = learner.exercise.name
    if fault := find_fault(trial):
        return refuse(name, f"{fault}. There is nothing to compare {name} with.")
    trial = try_alone(learner, trial)
    verdict = judge(trial, learner.computes, learner.is_blank)
    if verdict.outcome not in ("wrong", "raised"):
        return verdict
    failing = find_failing(trial)
    if not is_out_of_time(trial) and not is_right(trial):
        if stale := find_stale_globals(learner, trial):
            verdict = replace(verdict, outcome="wrong", findings=(stale,))
    if verdict.outcome == "wrong" and not verdict.findings[0].exact:
        verdict = look_for_causes(learner, verdict, find_causes, trial if salt is None else None)
    return add_hints(verdict, trial.exercise, *failing)


def add_hints(verdict, exercise, call, _, result):
    """Return a verdict with its hints; the call is one that is not right."""
    error = result.error if verdict.outcome == "raised" else None
    told = verdict.list_causes(), exercise, call.label, error
    return replace(verdict, hints=make_hints(verdict.findings[0], verdict.outputs, *told))


def try_alone(learner, trial):
    """Return the trial of a function with right helpers, or with the learner's own if only these fit it."""
    helpers = learner.exercise.right_helpers
    alone = trial.with_results(learner.run(trial.calls, helpers))
    own = learner.list_own(helpers)
    if not own or is_out_of_time(alone) or is_right(alone):
        return alone
    together = trial.with_results(learner.run([replace(call, own=own) for call in trial.calls], helpers))
    return together if is_right(together) else alone


def is_out_of_time(trial):
    """Tell whether a call took longer than it may."""
    return any(result.error and result.error.kind in TIMES for result in trial.results)


def look_for_causes(learner, verdict, find_causes, trial=None):
    """Return a verdict on wrong numbers with its causes and its picture.

    Causes are looked for in the results of the calls without salt, which are made here
    if they are not given.  If the search itself fails, the verdict says so.
    """
    exercise = learner.exercise
    if trial is None:
        trial = prepare(exercise)
        trial = trial.with_results(learner.run(trial.calls, exercise.right_helpers))
    written, probes = find_written(exercise, trial.results), Probes(learner, is_right(trial, 1))
    findings, picture, fault = (), (), ""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = probes.draw_picture()
            findings = find_causes(trial, probes)
        except Exception as error:
            fault = f"No cause could be looked for: {type(error).__name__}: {error}"
    if not findings or not findings[0].exact:
        findings = choose_findings(verdict.findings, findings, written)
    return replace(verdict, findings=findings, picture=picture, fault=fault)


def choose_findings(measured, probed, written):
    """Return the findings where no cause is known: what is changed in place, or of a wrong shape, first."""
    if written:
        return (written,)
    return measured if measured[0].kind != "unknown" else probed or measured


def blame(learner, find_causes, verdict):
    """Return the verdict on a function that is right alone, with the mistake of what feeds it, if any.

    It has passed all the same: each mistake is charged where it was made.
    """
    suspects = list_suspects(learner)
    if all(suspect.is_known_right() for suspect in suspects) or is_right_with(learner, suspects):
        return verdict
    outcomes = {suspect: judge_alone(suspect) for suspect in suspects}
    wrong = [suspect for suspect in suspects if outcomes[suspect] in ("wrong", "raised")]
    right = [suspect for suspect in suspects if outcomes[suspect] == "passed"]
    culprit = next((suspect for suspect in wrong if matters(learner, suspect, right)), None)
    if culprit is None:
        return verdict
    found = diagnose_alone(culprit, find_causes)
    told = {name: getattr(found, name) for name in ("findings", "hints", "picture", "fault", "printed")}
    return replace(verdict, culprit=culprit.exercise.name, **told)


def list_suspects(learner):
    """Return the learner's own functions that feed a function, from the innermost to the outermost."""
    forward, suspects = learner.exercise.forward, {}
    if forward and learner.list_own([forward.name]):
        feeder = learner.find(forward)
        suspects = {helper: feeder.find(helper) for helper in list_own_exercises(feeder)} | {forward: feeder}
    suspects |= {helper: learner.find(helper) for helper in list_own_exercises(learner)}
    return sorted(suspects.values(), key=lambda suspect: len(suspect.exercise.stands_on))


def list_own_exercises(learner):
    """Return the exercises among a function's helpers of which the learner has a version."""
    helpers = learner.exercise.all_helpers
    return [helpers[name] for name in learner.list_own(helpers) if isinstance(helpers[name], Exercise)]


def judge_alone(learner):
    """Return the outcome of a function with right helpers."""
    return judge(try_alone(learner, prepare(learner.exercise)), learner.computes, learner.is_blank).outcome


def matters(learner, suspect, right):
    """Tell whether exchanging a suspect mends the result, all other wrong functions being exchanged."""
    return is_right_with(learner, right) and not is_right_with(learner, [*right, suspect])


def is_right_with(learner, suspects):
    """Tell whether a function is right with these of the learner's own, among them what it is fed by."""
    exercise, own = learner.exercise, tuple(suspect.exercise.name for suspect in suspects)
    trial, forward, helpers = prepare(exercise), exercise.forward, exercise.right_helpers
    calls = [replace(call, own=own, twice=False) for call in trial.calls]
    expected = list(trial.expected)
    if forward and forward.name in own:
        given, arguments = trial.calls[0].arguments[:-1], draw_calls(forward)[0].arguments
        calls.append(Call(given, feed=(forward.name, arguments), own=own))
        expected += answer(exercise, [Call((*given, forward.function(*arguments)[-1]))])
        helpers = helpers | forward.right_helpers
    return is_right(Trial(exercise, tuple(calls), tuple(expected)).with_results(learner.run(calls, helpers)))
