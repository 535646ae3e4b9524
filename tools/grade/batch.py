"""A class is graded: what has no result yet is claimed, marked by an engine, and written.

    submissions  ->  new or changed  ->  claimed  ->  marked  ->  results/<student>.json

Only what is written counts.  A grader may be killed at any time, and several may share the work.
"""

import contextlib
import time
from collections import Counter
from typing import NamedTuple

from tools import reading
from tools.bar import follow, say, show_progress
from tools.grade.engine import Failure
from tools.grade.result import add_scores, compose, make_entry, make_unjudged


class Change(NamedTuple):
    """A score of a student that is another one than it was."""

    student: str
    exercise: str
    before: float
    after: float


def grade(submissions, grader, store, engine, regrade=False, only=()):
    """Write a result for every submission that has none; return what became of them.

    A student whom another grader has claimed is looked at again when all others are done: then there is a
    result, or the other grader has ended without one.

    Parameters
    ----------
    submissions : list of Submission
    grader : Grader
    store : Store
    engine : callable
        ``engine(submissions)`` yields them with their results.
    regrade : bool, optional
        Whether those with a result are marked all the same.
    only : sequence of str, optional
        The exercises that the engine marks; the others keep what their result has, which has to be there.

    Returns
    -------
    Counter
        What became of them.
    list of Change
        The scores that are others than in the results of before.
    """

    def is_current(submission):
        there = not regrade and store.path(submission.student).exists()
        return there and store.is_current(submission.student, submission.digest(), grader.digest)

    looked_at = follow(submissions, desc="looking for what is new", leave=False)
    new = [submission for submission in looked_at if not is_current(submission)]
    which = "to be graded, changed or not" if regrade else "new or have changed"
    print(f"{len(new)} of {len(submissions)} submissions are {which}.", flush=True)
    tally, changes = Counter({"already there": len(submissions) - len(new)}), []
    with show_progress(len(new), unit=" submissions") as advance:

        def count(*headings):
            tally.update(headings)
            advance()

        while new:
            elsewhere = []
            claimed = claim_new(new, store, is_current, elsewhere, count)
            with contextlib.closing(engine(claimed)) as finished:
                for submission, result in finished:
                    failed = isinstance(result, Failure)
                    if failed:
                        kept = store.path(submission.student)
                        say(
                            f"{submission.student} could not be graded: {result.reason}. "
                            f"Remove {kept} to have it tried again."
                        )
                        result = describe_failure(grader, submission, result.reason)
                    before = store.read(submission.student)
                    if only:
                        result = before if failed else merge_exercises(before, result)
                    changes += compare_results(submission.student, before, result)
                    try:
                        store.write(submission.student, result)
                    finally:
                        store.release(submission.student)
                    count(*["not graded"] if failed else choose_headings(result))
            new = elsewhere
            if new:
                time.sleep(1)
    return tally, changes


def merge_exercises(before, result):
    """Return a result with those exercises of another one that have been marked anew.

    It stays that of the grader before: if that is not the one of today, the rest is still out of date.
    """
    marked = {row["name"]: row for row in result["exercises"]}
    rows = [marked.get(row["name"], row) for row in before["exercises"]]
    return before | {"exercises": rows, "score": add_scores(row["score"] for row in rows)}


def compare_results(student, before, after):
    """Return the Changes between two results of a student; none if there was no result before."""
    scores, news = read_scores(before), read_scores(after)
    return [
        Change(student, name, scores[name], news[name])
        for name in news
        if name in scores and scores[name] != news[name]
    ]


def read_scores(result):
    """Return the score of each exercise in a result, as far as it has any."""
    rows = reading.list_parts(reading.as_dict(result).get("exercises"))
    pairs = [(row.get("name"), row.get("score")) for row in rows if isinstance(row, dict)]
    return {name: score for name, score in pairs if isinstance(name, str) and isinstance(score, int | float)}


def claim_new(submissions, store, is_current, elsewhere, count):
    """Yield the submissions that are ours to mark: another grader has the others, or has finished them."""
    for submission in submissions:
        if not store.claim(submission.student):
            elsewhere.append(submission)
        elif is_current(submission):
            store.release(submission.student)
            count("already there")
        else:
            yield submission


def describe_failure(grader, submission, reason):
    """Return the result of a submission that could not be marked; the same grader does not try it again."""
    notes = [*submission.notes, f"This submission could not be graded: {reason}."]
    files = [name for name, _ in submission.files]
    rows = [make_entry(exercise, make_unjudged(exercise.name, "raised")) for exercise in grader.exercises]
    return compose(grader, submission, submission.digest(), grader.digest, files, notes, rows)


def choose_headings(result):
    """Return the headings of the summary under which a result counts."""
    exercises = result["exercises"]
    found = {
        "graded": True,
        "with notes": result["notes"],
        "raised": any(exercise["outcome"] == "raised" for exercise in exercises),
        "unreadable": not any(exercise["source"] for exercise in exercises),
    }
    return [heading for heading in found if found[heading]]
