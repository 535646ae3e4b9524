"""The second half of a check: results beside the expected ones become a verdict.

exercise, calls, results  ->  Verdict
"""

from seqgrad.check.exercises.draws import judge_codes
from seqgrad.check.exercises.reference import arguments
from seqgrad.check.judging import compare
from seqgrad.check.judging.explain import explain
from seqgrad.check.verdict import Finding, Verdict


def judge(exercise, calls, results, expected, works=lambda: True):
    """Return the verdict on a function from what it gave on the calls.

    Parameters
    ----------
    exercise : str
    calls : list of Call
    results, expected : list of Result
        What the learner's function gave, and what the reference gives.
    works : callable
        Says whether a function that gave None does anything that could be an attempt.
    """
    if not attempted(results[0], works):
        return Verdict(exercise, "not attempted", exercise)
    for call, result, right in zip(calls, results, expected, strict=True):
        if result.error:
            sentence = labelled(call, explain(result.error, exercise))
            return Verdict(
                exercise, "raised", exercise, (), (Finding(exercise, "exception", sentence, True),)
            )
        found = differences(exercise, call, right, result)
        if found:
            outputs = compare.outputs(exercise, right.value, found)
            return Verdict(exercise, "wrong", exercise, outputs, (measured(call, found[0]),))
        if finding := side_effect(exercise, result):
            outputs = compare.outputs(exercise, right.value, [])
            return Verdict(exercise, "wrong", exercise, outputs, (finding,))
    return Verdict(exercise, "passed", "", compare.outputs(exercise, expected[0].value, []))


def credits(exercise, calls, results, expected):
    """Return the partial credit for each output, pairs (name, share of the calls in which it is right).

    An output that is wrong in the first call, the ordinary one, has no credit at all.
    Where all values are right and something is left behind, an argument changed, say,
    that counts as one more output.
    """
    shares, behind = {}, False
    for call, result, right in zip(calls, results, expected, strict=True):
        found = [] if result.error else differences(exercise, call, right, result)
        behind = behind or not (result.error or found or side_effect(exercise, result) is None)
        for output in compare.outputs(exercise, right.value, found):
            shares.setdefault(output.name, []).append(float(output.right and not result.error))
    shared = [(name, sum(rights) / len(rights) if rights[0] else 0.0) for name, rights in shares.items()]
    return tuple(shared + [("side effects", 0.0)] * behind)


def credit(exercise, calls, results, expected):
    """Return the partial credit for all outputs together, from 0 to 1."""
    shares = [share for _, share in credits(exercise, calls, results, expected)]
    return sum(shares) / len(shares)


def agree(exercise, calls, results, expected):
    """Return whether results are right, side effects aside."""
    for call, result, right in zip(calls, results, expected, strict=True):
        if result.error or any(differences(exercise, call, right, result)):
            return False
    return True


def differences(exercise, call, right, result):
    """Return the differences of one result; drawn codes may differ from the expected ones and be right."""
    if exercise == "sample":
        return drawn(call, right.value, result.value)
    return compare.differences(exercise, right.value, result.value, call.finite)


def drawn(call, expected, got):
    """Return the differences of a list of drawn codes, which may be another one and right."""
    if sentence := judge_codes(call, expected, got):
        return [compare.Difference("the result", "the result", "", "value", sentence)]
    return []


def attempted(result, works):
    """Return whether a result shows an attempt: not NotImplementedError, not nothing but None."""
    if result.error:
        return result.error.kind != "NotImplementedError"
    return works() if result.value is None else not hollow(result.value)


def hollow(value):
    """Return whether a value is None, or a dict, tuple or list of nothing else."""
    if isinstance(value, dict):
        return bool(value) and all(map(hollow, value.values()))
    if isinstance(value, tuple | list):
        return bool(value) and all(map(hollow, value))
    return value is None


def measured(call, difference):
    """Return the finding that says no more than what was measured."""
    kinds = {"missing": "shape", "value": "unknown"}
    kind = kinds.get(difference.problem, difference.problem)
    subject = difference.meaning or difference.name
    return Finding(subject, kind, labelled(call, difference.sentence))


def side_effect(exercise, result):
    """Return the finding for a call whose values are right but which leaves something behind, or None."""
    if written := written_into(exercise, [result]):
        return Finding(
            written.subject, written.kind, "The values are right, but " + lower(written.sentence), True
        )
    if result.overwritten or not result.repeatable:
        sentence = (
            "A second call with the same arguments gives something else: something is kept between calls."
        )
        if result.overwritten:
            sentence = "A second call overwrites what the first one returned: both write into the same array."
        return Finding(exercise, "state kept between calls", sentence, True)
    if result.shared:
        (i, key), (j, other) = result.shared[0]
        one = compare.named(exercise, (i, key))[0]
        two = compare.named(exercise, (j, other))[0]
        sentence = f"`{two}` and `{one}` are the same array: what is added to one changes the other."
        return Finding(one, "aliased", sentence, True)
    return None


def written_into(exercise, results):
    """Return the finding for an argument that is changed in place, or None.

    A step of Adam may put its new arrays into the dicts that it was given, as the assignment
    does, for these are what it returns; it may not write into the arrays.
    """
    allowed = exercise == "update_parameters_with_adam"
    paths = [
        path for result in results for path in result.changed if not (allowed and path in result.rebound)
    ]
    if not paths:
        return None
    path = paths[0]
    top = arguments(exercise)[path[0]] if path[0] < len(arguments(exercise)) else "caches"
    name, meaning = compare.part_of_cache(exercise, top, path[1:])
    sentence = f"The argument `{name}`{meaning} is changed: work on a copy, or in a new array."
    return Finding(name, "argument changed", sentence)


def lower(sentence):
    """Return a sentence without its capital."""
    return sentence[:1].lower() + sentence[1:]


def labelled(call, sentence):
    """Return a sentence that opens with what is special about the call."""
    if not call.label:
        return sentence
    return call.label + (sentence if sentence.startswith("`") else lower(sentence))
