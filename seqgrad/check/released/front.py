"""A check in a release, where the reference is a stand-in that learns from what has passed."""

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.released.causes import find_causes
from seqgrad.check.released.stand_in import read_answers
from seqgrad.check.verdict import Finding, Verdict


def check_in_release(learner, diagnose):
    """Return the verdict on a learner's function, and let its stand-in go on with it once it has passed.

    The learner's own helpers are checked first if their stand-ins have learned nothing.
    """
    exercise = learner.exercise
    if learner.function is exercise.function and hasattr(exercise.function, "learned"):
        name = exercise.name
        sentence = f"This {name} is no function of yours: it stands for the one that you are to write."
        return Verdict(name, "not attempted", "", (), (Finding(name, "unknown", sentence),))
    for name in learner.own(exercise.all_helpers):
        helper = exercise.all_helpers[name]
        if isinstance(helper, Exercise) and getattr(helper.function, "learned", learner) is None:
            check_in_release(learner.other(helper), diagnose)
    verdict = diagnose(learner, find_causes, read_answers()["salt"])
    if verdict.outcome == "passed" and hasattr(exercise.function, "learned"):
        exercise.function.learned = learner.function
    return verdict
