"""The result of a submission as README.md beside this file describes it: a plain dict, ready for JSON."""

from dataclasses import asdict

from seqgrad.check.points import average, earn
from seqgrad.check.verdict import Verdict


def compose(grader, submission, digest, marked_by, files, notes, rows):
    """Return the result of a submission, from what is known of it.

    Parameters
    ----------
    grader : Grader
    submission : Submission
    digest : str
        Of what was handed in.
    marked_by : str
        The digest of the grader.
    files, notes : iterable of str
    rows : list of dict
        One for each exercise, from `make_entry`.
    """
    return {
        "student": submission.student,
        "assignment": {"chapters": list(grader.chapters), "title": grader.title},
        "digest": digest,
        "grader": marked_by,
        "secret": grader.fingerprint,
        "files": sorted(files),
        "notes": list(notes),
        "unsafe": grader.unsafe,
        "exercises": rows,
        "score": add_scores(one["score"] for one in rows),
        "points": sum(one["points"] for one in rows),
    }


def make_entry(exercise, judgement, stderr="", where="", source=""):
    """Return what a result says of an exercise, with its score from the credits in the judgement."""
    about = {"name": exercise.name, "chapter": exercise.chapter[:2], "points": exercise.points}
    credit = average([output["credit"] for output in judgement["outputs"]])
    earned = earn(exercise.points, credit) / 100
    return about | judgement | {"stderr": stderr, "score": earned, "where": where, "source": source}


def make_unjudged(name, outcome):
    """Return the judgement of an exercise of which no result is known."""
    return {"outcome": outcome, "outputs": [], "verdict": asdict(Verdict(name, outcome, name)), "printed": []}


def add_scores(scores):
    """Return the sum of scores, added in hundredths, so that it is the same in any order."""
    return sum(round(100 * one) for one in scores) / 100
