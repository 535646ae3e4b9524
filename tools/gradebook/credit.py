"""The course's rule for partial credit: by outputs, as `grade` gives it, or so that a mistake counts once.

    Result, rule  ->  Result

By outputs, each thing that a function returns counts by itself: what follows from a mistake costs, too.  By
the rule "once", a function whose numbers are exactly what its known mistakes give has everything else right:
each mistake costs what one output is worth, and what follows from it costs nothing.  It never gives less than
the output-wise rule.
"""

from dataclasses import replace

from seqgrad.check.points import earn
from tools.gradebook.results import to_points

SAID = (
    "{mistakes} all wrong numbers. {costs} {lost} of {points} points, what one output is worth{each}; what "
    "follows costs nothing. Counted output by output, the score would be {score}."
)


def apply_rule(result, rule):
    """Return a result with its exercises marked by a rule, "outputs" or "once"."""
    if rule == "outputs":
        return result
    return replace(result, exercises=tuple(map(count_once, result.exercises)))


def count_once(exercise):
    """Return an exercise in which each known mistake costs one output, if that is more than it has."""
    count = count_mistakes(exercise)
    outputs = [name for name, _ in exercise.outputs if name != "side effects"]
    if not 0 < count < len(outputs):
        return exercise
    score = earn(exercise.points / 100, 1 - count / len(outputs))
    if score <= exercise.score:
        return exercise
    one = count == 1
    said = SAID.format(
        mistakes="One mistake explains" if one else f"{count} mistakes explain",
        costs="It costs" if one else "Together they cost",
        each="" if one else " for each",
        lost=to_points(exercise.points - score),
        points=to_points(exercise.points),
        score=to_points(exercise.score),
    )
    return replace(exercise, score=score, outputwise=exercise.score, rule=said)


def count_mistakes(exercise):
    """Return how many mistakes explain all numbers of a function; 0 if they are not known to."""
    verdict = exercise.verdict
    own = verdict.culprit in ("", exercise.name)
    if exercise.outcome != "wrong" or verdict.outcome != "wrong" or not own:
        return 0
    explained = verdict.findings and all(one.exact and one.kind in NUMERICAL for one in verdict.findings)
    return len(verdict.findings) if explained else 0


# The kinds of mistakes that change numbers, and are stated only if they give exactly those of the student.
NUMERICAL = {"missing factor", "extra factor", "wrong factor", "missing term", "extra term", "sign"}
NUMERICAL |= {"transposed", "wrong axis", "wrong order", "wrong source", "missing bias", "not carried"}
NUMERICAL |= {"wrong step", "overwritten"}
