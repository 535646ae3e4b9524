"""Results beside the expected ones become a verdict.

trial  ->  Verdict
"""

import itertools
from dataclasses import replace

from seqgrad.check.judging import compare
from seqgrad.check.judging.explain import explain
from seqgrad.check.judging.remarks import make_remarks
from seqgrad.check.points import average
from seqgrad.check.running.data import list_arrays
from seqgrad.check.verdict import Finding, Verdict


def judge(trial, works=lambda: True, blank=lambda: False):
    """Return the verdict on a function from what it gave on the calls.

    `works` says whether a function that gave None computes anything, `blank` whether one that raised or
    left something None is a template in which nothing is written yet.
    """
    name = trial.exercise.name
    if not is_attempt(trial.results[0], works, blank):
        return Verdict(name, "not attempted", name)
    earned = average([credit for _, credit in give_credits(trial)])
    row = find_failing(trial)
    if row is None:
        outputs, printed = (
            compare.list_outputs(trial.exercise, trial.expected[0].value, []),
            trial.results[0].printed,
        )
        return Verdict(
            name, "passed", "", outputs, credit=earned, remarks=make_remarks(trial), printed=printed
        )
    call, expected, result = row
    told, cause = {"credit": earned, "printed": result.printed}, state_cause(call) or state_sizes(trial)
    if result.error:
        sentence = add_label(call, explain(result.error, name, trial.exercise.arguments))
        finding = Finding(name, "exception", sentence, True)
        return Verdict(name, "raised", name, (), (finding, *cause), **told)
    differences = [
        replace(difference, sentence=add_label(call, difference.sentence))
        for difference in compare_result(trial.exercise, call, expected, result)
    ]
    outputs = compare.list_outputs(trial.exercise, expected.value, differences)
    if differences:
        findings = cause or (state_difference(differences[0]),)
    else:
        findings = (find_side_effect(trial.exercise, result),)
    return Verdict(name, "wrong", name, outputs, findings, **told)


def find_failing(trial):
    """Return the first row (call, expected result, result) that is not right; None if all are.

    Calls that reveal what is wrong come last: if one of them is the first to fail, only such calls do.
    """
    for place, row in sorted(enumerate(trial.rows()), key=lambda pair: bool(pair[1][0].reveals)):
        result = row[2]
        if result.error or compare_row(trial, place, row) or find_side_effect(trial.exercise, result):
            return row
    return None


def is_right(trial, most=None):
    """Tell whether all results are right, or the first ones, side effects aside."""
    return all(is_row_right(trial, *pair) for pair in itertools.islice(enumerate(trial.rows()), most))


def is_row_right(trial, place, row):
    """Tell whether the result in a row is right, side effects aside."""
    return not (row[2].error or compare_row(trial, place, row))


def give_credits(trial):
    """Return the partial credit for each output, pairs (name, share of the calls in which it is right).

    An output that is wrong in the first call, the typical one, has no credit at all.
    Where what is returned is not of the right form as a whole, none of it is right.
    Where all values are right and something is left behind, an argument changed, say,
    that counts as one more output.
    """
    shares, behind = {}, False
    for place, row in enumerate(trial.rows()):
        _, expected, result = row
        differences = [] if result.error else compare_row(trial, place, row)
        if not (result.error or differences):
            behind = behind or find_side_effect(trial.exercise, result) is not None
        for output in compare.list_outputs(trial.exercise, expected.value, differences):
            shares.setdefault(output.name, []).append(float(output.right and not result.error))
    shared = [(name, average(rights) if rights[0] else 0.0) for name, rights in shares.items()]
    return tuple(shared + [("side effects", 0.0)] * behind)


def compare_row(trial, place, row):
    """Return the differences in a row of a trial; they are looked for once, whoever asks."""
    if place not in trial.compared:
        trial.compared[place] = compare_result(trial.exercise, *row)
    return trial.compared[place]


def compare_result(exercise, call, expected, result):
    """Return the differences of one result from the expected one, as the exercise judges them."""
    if exercise.judge is None:
        return compare.find_differences(exercise, expected.value, result.value, call.finite)
    if sentence := exercise.judge(call, expected.value, result.value):
        return [compare.Difference(exercise.returns, exercise.returns, "", "value", sentence)]
    return []


def is_attempt(result, works, blank):
    """Tell whether a result shows an attempt: it is neither None nor full of it, nor "not implemented"."""
    if result.error:
        return result.error.kind != "NotImplementedError" and not blank()
    if result.value is None:
        return works()
    return not is_hollow(result.value) and not (holds_none(result.value) and blank())


def is_hollow(value):
    """Tell whether a value is None, or a dict, tuple or list of nothing else."""
    if isinstance(value, dict):
        return bool(value) and all(map(is_hollow, value.values()))
    if isinstance(value, tuple | list):
        return bool(value) and all(map(is_hollow, value))
    return value is None


def holds_none(value):
    """Tell whether a value is None or holds it."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return value is None or any(map(holds_none, parts))


def state_cause(call):
    """Return the finding of what is wrong where only calls like this one fail, if the call reveals it."""
    if not call.reveals:
        return ()
    subject, sentence = call.reveals
    return (Finding(subject, "wrong source", sentence, True),)


def state_sizes(trial):
    """Return what the call of other sizes reveals, if every call of other sizes fails, and no other one."""
    rows, usual = list(trial.rows()), list_shapes(trial.calls[0])
    other = [list_shapes(row[0]) != usual for row in rows]
    if [not is_row_right(trial, *pair) for pair in enumerate(rows)] != other:
        return ()
    return next((state_cause(call) for call in trial.calls if call.reveals[:1] == ("sizes",)), ())


def list_shapes(call):
    """Return the shapes of all arrays in a call's arguments."""
    return sorted(array.shape for _, array in list_arrays(call.arguments))


def state_difference(difference):
    """Return the finding that says no more than what was measured."""
    kinds = {"missing": "shape", "value": "unknown"}
    kind = kinds.get(difference.problem, difference.problem)
    return Finding(difference.meaning or difference.name, kind, difference.sentence)


def find_side_effect(exercise, result):
    """Return the finding for a call whose values are right but which leaves something behind, or None."""
    if written := find_written(exercise, [result]):
        sentence = "The values are right, but " + lower(written.sentence)
        return Finding(written.subject, written.kind, sentence, True)
    if result.overwritten or not result.repeatable:
        sentence = (
            "A second call with the same arguments gives something else: something is kept between calls."
        )
        if result.overwritten:
            sentence = "A second call overwrites what the first one returned: both write into the same array."
        return Finding(exercise.name, "state kept between calls", sentence, True)
    # Arrays in dicts are kept for the next call.
    kept = [pair for pair in result.shared if all(len(path) > 1 for path in pair)]
    return find_aliased(exercise, kept[:1])


def find_aliased(exercise, shared):
    """Return the finding for returned arrays, pairs of their paths, that are the same; None if none are."""
    if not shared:
        return None
    paths = dict.fromkeys(path for pair in shared for path in reversed(pair))
    *names, last = [compare.locate(exercise, path).name for path in paths]
    listed = ", ".join(f"`{name}`" for name in names)
    other = "the other" if len(names) == 1 else "all of them"
    sentence = f"{listed} and `{last}` are the same array: what is added to one changes {other}."
    return Finding(", ".join([*names, last]), "aliased", sentence, True)


def find_written(exercise, results):
    """Return the finding for an argument that is changed and may not be, or None."""
    for result in results:
        for path in result.changed if exercise.may_change != "arrays" else ():
            if exercise.may_change == "dicts" and path in result.rebound:
                continue
            name, whose = compare.locate_argument(exercise, path)
            after = "is changed in place: after the call, the caller's own array holds other values"
            if path in result.rebound:
                after = "is changed: after the call, the caller has another array there"
            sentence = f"The argument `{name}`{whose} {after}. Work on a copy, or in a new array."
            return Finding(name, "argument changed", sentence)
    return None


def lower(sentence):
    """Return a sentence without its capital."""
    return sentence[:1].lower() + sentence[1:]


def add_label(call, sentence):
    """Return a sentence that opens with what is special about the call."""
    if not call.label:
        return sentence
    return call.label + (sentence if sentence.startswith("`") else lower(sentence))
