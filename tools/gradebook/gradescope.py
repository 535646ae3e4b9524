"""A result as Gradescope takes it from an autograder: results.json."""

import json

from tools.gradebook.results import UNSAFE, to_points


def write_result(result):
    """Return what belongs into the results.json of a student."""
    return json.dumps(make_report(result), ensure_ascii=False, indent=1) + "\n"


def make_report(result):
    """Return a result in Gradescope's terms; nothing in it is hidden from the student."""
    told = [UNSAFE] * result.unsafe + list(result.notes)
    if result.penalty:
        told.append(f"{result.lateness.sentence} Without that: {to_points(result.before_lateness)} points.")
    return {
        "score": result.score / 100,
        "output": "\n".join(told),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"digest": result.digest, "grader": result.grader},
        "tests": [test(number, one) for number, one in enumerate(result.exercises, 1)],
    }


def test(number, exercise):
    """Return one exercise as a test case."""
    lines = [f"{exercise.name}: {exercise.outcome}", *exercise.sentences()]
    if 0 < exercise.score < exercise.points:
        lines += [f"{name}: right in {credit:.0%} of the hidden calls" for name, credit in exercise.outputs]
    return {
        "name": exercise.name,
        "number": str(number),
        "score": exercise.score / 100,
        "max_score": exercise.points / 100,
        "status": "passed" if exercise.score == exercise.points else "failed",
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "visible",
    }
