"""From the printed lines of a test cell to a verdict, by the numbers alone.

    text  ->  lines  ->  passages, one for each function  ->  mine and expected  ->  Verdict

The test cells of the assignment draw their inputs from a seeded generator, so every
right number is known, and so is the number that each known mistake gives.  A cause is
stated if it gives every printed digit; otherwise the verdict says which fields are
right and which are wrong.
"""

from dataclasses import replace

import numpy as np

from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.testcell import answer_test, list_fields
from seqgrad.check.naming.explain import explain
from seqgrad.check.naming.fields import read_lines
from seqgrad.check.naming.passages import Passage, find_passages, pick_right
from seqgrad.check.naming.patterns import join
from seqgrad.check.running.limit import thread_time
from seqgrad.check.showing.hints import make_hints
from seqgrad.check.verdict import Output, Verdict, refuse

SECONDS = 3.0  # in which causes are looked for


def read_printout(text):
    """Return the verdict on the first function, in the order of the data flow, that printed a wrong number.

    The lines may have been pasted with or without quotes, with ``=`` or ``:``, with wrapped
    arrays, some lines missing, several functions, other text around them, beside the expected ones.
    """
    until = thread_time() + SECONDS
    lines = read_lines(text)
    passages = find_passages(lines)
    if not passages:
        return refuse("printout", say_unread(lines))
    order = [exercise.name for exercise in list_exercises()]
    passages.sort(key=lambda passage: order.index(passage.exercise.name))
    right = [passage.exercise for passage in passages if not passage.wrong]
    wrong = [passage for passage in passages if passage.wrong]
    if wrong:
        return judge_wrong(wrong[0], right, until)
    return judge_right(passages[-1])


def say_unread(lines):
    """Return why nothing was read, and one line that would have been."""
    exercise = next(one for one in list_exercises() if one.test and one.forward)
    field = list_fields(exercise)[0]
    example = f'gradients["{field.name}"]' + "".join(f"[{i}]" for i in field.index)
    example += f" = {float(field.pick(answer_test(exercise))):.8f}"
    problems = [f"`{line.field.label}`: {line.problem}" for line in lines if line.problem]
    others = [f"`{line.field.label}`" for line in lines if not line.problem]
    sentence = "No line of a test cell was found."
    if problems:
        sentence = f"Not read: {'; '.join(problems[:3])}."
    elif others:
        sentence = f"No test cell prints {', '.join(dict.fromkeys(others[:3]))} with so many numbers."
    return f"{sentence} A line that can be read: `{example}`."


def judge_right(passage):
    """Return the verdict on a passage in which nothing is wrong."""
    exercise = passage.exercise
    fields = passage.mine
    outputs = tuple(Output(field.label, True) for field in fields)
    vague = passage.list_vague()
    numbers = [field for field in fields if not field.of]
    if numbers and len(vague) == len(numbers):
        words = f"{join(vague)} {'have' if len(vague) > 1 else 'has'} too few digits to decide"
        return replace(
            refuse(exercise.name, f"{words} whether it is right: print more of them."), outputs=outputs
        )
    return Verdict(exercise.name, "passed", "", outputs, remarks=tuple(passage.list_remarks()))


def judge_wrong(passage, right, until):
    """Return the verdict on a passage with wrong numbers; functions that are `right` are at fault nowhere."""
    exercise = passage.exercise
    outputs = tuple(judge_field(field, passage) for field in passage.mine)
    culprit, findings = explain(passage, right, until)
    hints = make_hints(findings[0], outputs)
    remarks = tuple(passage.list_remarks())
    return Verdict(exercise.name, "wrong", culprit.name, outputs, findings, hints, remarks=remarks)


def judge_field(field, passage: Passage):
    """Return the output for one field beside its right value."""
    if passage.is_right(field):
        return Output(field.label, True)
    value = pick_right(field, passage.right)
    several = np.size(value) > 1
    mine, expected = " ".join(field.numbers), write_expected(field, value)
    bracket = "[{}]" if several else "{}"
    sentence = f"`{field.label}` is {bracket.format(mine)}, but {bracket.format(expected)} is expected."
    return Output(field.label, False, "value" if not field.of else "shape", sentence)


def write_expected(field, value):
    """Return right numbers in the digits of a test cell, or in so many that they differ in print."""
    for digits in (8, 12, 17):
        kind = f".{digits}f" if np.size(value) > 1 and not field.of else f".{digits}g"
        written = [format(number, kind) for number in np.ravel(value)]
        if written != list(field.numbers):
            break
    return " ".join(written)
