"""A check in a release, where the reference is a stand-in that learns from what has passed."""

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.trial import prepare
from seqgrad.check.released.causes import find_causes
from seqgrad.check.released.own import WrongToken, find_own
from seqgrad.check.verdict import refuse


def check_in_release(learner, diagnose):
    """Return the verdict on a learner's function, and let its stand-in go on with it once it has passed.

    The learner's own helpers are checked first if their stand-ins have learned nothing.
    """
    exercise = learner.exercise
    if learner.function is exercise.function and hasattr(exercise.function, "learned"):
        return refuse(
            exercise.name,
            f"This is seqgrad's placeholder for `{exercise.name}`. "
            "Run the cell in which you define your own, then check again.",
        )
    try:
        salt = find_own(exercise.name, "checks")
    except WrongToken as wrong:
        return refuse(exercise.name, str(wrong))
    if any(result.error for result in prepare(exercise, salt).expected):
        return refuse(exercise.name, f"This release has no numbers to compare {exercise.name} with.")
    for name in learner.list_own(exercise.all_helpers):
        helper = exercise.all_helpers[name]
        if isinstance(helper, Exercise) and getattr(helper.function, "learned", learner) is None:
            check_in_release(learner.find(helper), diagnose)
    verdict = diagnose(learner, find_causes, salt)
    if verdict.outcome == "passed" and not verdict.culprit and hasattr(exercise.function, "learned"):
        exercise.function.learned = learner.function
    return verdict
