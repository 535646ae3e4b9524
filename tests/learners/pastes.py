"""What people paste into forums: printed lines of wrong functions, in the dressings that text goes through.

a mistake, or two  ->  the lines that a test cell prints  ->  a dressing  ->  Paste
"""

# ruff: noqa: E501 - a table: an entry is a line, however long

import functools
import html
import itertools
import json
import re
import textwrap
from dataclasses import dataclass

import numpy as np

from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.testcell import answer_test, list_fields
from seqgrad.check.naming.candidates import list_known, run_candidate

ABOUT = "Hi all, I am stuck for two days in week 1: my cell is right and all of 7 tests pass, but\n\n"
THANKS = "\n\nWhat is wrong here? I use Python 3.8 and numpy 1.18. Thanks in advance, 2nd post\n"


@dataclass(frozen=True)
class Paste:
    """A text that was pasted, which function has to change, and the sentence on why ("" if it is open)."""

    dressing: str  # its key in DRESSINGS
    name: str
    text: str
    exercise: str
    culprit: str  # "" if all is right
    sentence: str = ""


def write_number(value):
    """Return a value as print writes it."""
    value = np.asarray(value)
    return repr(float(value)) if value.ndim == 0 else np.array2string(value)


def list_lines(exercise, outputs):
    """Return (label, printed value) for each field of a test cell."""
    lines = []
    for field in list_fields(exercise):
        value = outputs[field.name]
        for i in field.index:
            value = value[i]
        indices = "".join(f"[{i}]" for i in field.index)
        label = f'gradients["{field.name}"]{indices}' if exercise.forward else field.name + indices
        if field.of == "shape":
            lines.append((f"{label}.shape", str(np.shape(value))))
        elif field.of == "len":
            lines.append((f"len({label})", str(len(value))))
        else:
            lines.append((label, write_number(value)))
    return lines


def plain(lines):
    """Return lines as a cell prints them."""
    return "".join(f"{label} = {value}\n" for label, value in lines)


def values_only(lines):
    """Return the lines that are no shape and no length."""
    return [(label, value) for label, value in lines if ".shape" not in label and not label.startswith("len")]


def each_value(change):
    """Return a dressing that changes what is printed, but not shapes."""

    def dress(mine, expected):
        return plain(
            (label, change(value)) if "(" not in value and "len" not in label else (label, value)
            for label, value in mine
        )

    return dress


def as_table(mine, expected):
    """Return a table of Markdown."""
    rows = [f"| `{label}` | {value} |" for label, value in mine]
    return "\n".join(["| name | value |", "|---|---:|", *rows])


def as_three_columns(mine, expected):
    """Return a table with the expected numbers in its last column."""
    rows = [
        f"| {label} | {value} | {right} |" for (label, value), (_, right) in zip(mine, expected, strict=True)
    ]
    return "\n".join(["| | my output | expected output |", "| --- | --- | --- |", *rows])


def as_columns_reversed(mine, expected):
    """Return a table with the expected numbers before the others."""
    rows = [
        f"| {label} | {right} | {value} |" for (label, value), (_, right) in zip(mine, expected, strict=True)
    ]
    return "\n".join(["| | Expected | Mine |", "| --- | --- | --- |", *rows])


def as_html_table(mine, expected):
    """Return a table of HTML, laid out as in a notebook of the course."""
    rows = "".join(
        f"<tr>\n        <td>\n            **{html.escape(label)}** =\n        </td>\n        <td>\n           {value}\n"
        "        </td>\n    </tr>\n"
        for label, value in mine
    )
    return f"**My Output**:\n\n<table>\n{rows}\n</table>"


def as_html(mine, expected):
    """Return lines as a page has them, with entities."""
    text = html.escape(plain(mine)).replace("-", "&minus;").replace(" = ", "&nbsp;=&nbsp;")
    return f"<p>Hello</p><pre><code>{text.replace(chr(10), '<br/>')}</code></pre>"


def as_typography(mine, expected):
    """Return lines as a word processor corrects them."""
    text = re.sub(r'"([^"]*)"', "“\\1”", plain(mine))
    return text.replace("-", "\N{MINUS SIGN}").replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")


def as_narrow(width):
    """Return a dressing as a console of so many characters wraps lines."""

    def dress(mine, expected):
        lines = plain(mine).split("\n")
        return "\n".join(
            "\n".join(line[i : i + width] for i in range(0, max(len(line), 1), width)) for line in lines
        )

    return dress


def as_notebook(mine, expected):
    """Return a notebook with the lines as an output."""
    output = {"output_type": "stream", "name": "stdout", "text": plain(mine).splitlines(keepends=True)}
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": ["test()"],
        "outputs": [output],
        "execution_count": 7,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}, indent=1)


def as_json_part(mine, expected):
    """Return what is copied out of a notebook that an editor shows as text."""
    return json.dumps({"text": plain(mine).splitlines(keepends=True)}, indent=1)


def interleaved(first, second):
    """Return a dressing in which each line stands below its other version."""

    def dress(mine, expected):
        pairs = zip(mine, expected, strict=True) if first == "mine" else zip(expected, mine, strict=True)
        names = (first, second)
        return "\n".join(
            f"{name}: {label} = {value}"
            for pair in pairs
            for name, (label, value) in zip(names, pair, strict=True)
        )

    return dress


def but_expected(mine, expected):
    """Return lines with the expected numbers in brackets."""
    return "\n".join(
        f"{label} = {value} (expected {right})"
        for (label, value), (_, right) in zip(mine, expected, strict=True)
    )


def inline_got(mine, expected):
    """Return lines that say what was expected, then what came."""
    return "\n".join(
        f"{label}: expected {right}, got {value}"
        for (label, value), (_, right) in zip(mine, expected, strict=True)
    )


def blocks(first, second, titles):
    """Return a dressing with both versions, one below the other."""

    def dress(mine, expected):
        both = {"mine": mine, "expected": expected}
        return f"{titles[0]}\n\n{plain(both[first])}\n{titles[1]}\n\n{plain(both[second])}"

    return dress


def number_words(value, word, end=")"):
    """Return a value with a call around each number."""
    return re.sub(r"-?\d+\.\d*(?:e[-+]\d+)?", lambda one: f"{word}({one[0]}{end}", value)


def with_commas(value):
    """Return an array as `repr` writes it."""
    return re.sub(r"(?<=\d)\s+(?=-?\d)", ", ", value)


def in_single(value):
    """Return numbers in the digits of float32."""
    numbers = re.sub(r"-?\d+\.\d*(?:e[-+]\d+)?", lambda one: str(np.float32(float(one[0]))), value)
    return numbers


DRESSINGS = {
    "as printed": lambda mine, expected: plain(mine),
    "in a post": lambda mine, expected: ABOUT + plain(mine) + THANKS,
    "quoted mail": lambda mine, expected: textwrap.indent(ABOUT + plain(mine), "> > ", lambda line: True),
    "markdown fence": lambda mine, expected: f"{ABOUT}```python\n{plain(mine)}```{THANKS}",
    "markdown table": as_table,
    "three columns": as_three_columns,
    "three columns, expected first": as_columns_reversed,
    "html table": as_html_table,
    "html with entities": as_html,
    "typography": as_typography,
    "zero width": lambda mine, expected: plain(mine).replace("][", "]\u200b[").replace(" = ", "\ufeff = "),
    "en dashes": lambda mine, expected: plain(mine).replace("-", "\N{EN DASH}"),
    "console of 40": as_narrow(40),
    "console of 33": as_narrow(33),
    "line numbers": lambda mine, expected: "\n".join(f"{n:3} {line}" for n, line in enumerate(plain(mine).split("\n"), 1)),
    "line numbers with colons": lambda mine, expected: "\n".join(f"{n}: {line}" for n, line in enumerate(plain(mine).split("\n"), 41)),
    "tensors": each_value(lambda value: f"tensor({with_commas(value)}, dtype=torch.float64)"),
    "numpy 2 scalars": each_value(lambda value: value if "[" in value else f"np.float64({value})"),
    "lists of numpy scalars": each_value(lambda value: number_words(with_commas(value), "np.float64")),
    "arrays": each_value(lambda value: f"array({with_commas(value)})" if "[" in value else value),
    "float32": each_value(in_single),
    "decimal commas": each_value(lambda value: value.replace(".", ",")),
    "mine above expected": blocks("mine", "expected", ("My output:", "Expected output:")),
    "expected above mine": blocks("expected", "mine", ("**Expected Output**:", "what I get")),
    "line by line": interleaved("mine", "expected"),
    "line by line, expected first": interleaved("expected", "mine"),
    "expected in brackets": but_expected,
    "expected, got": inline_got,
    "a notebook": as_notebook,
    "json of an output": as_json_part,
    "prompts": lambda mine, expected: "".join(f">>> print(x)\n{label} = {value}\n" for label, value in mine),
    "no quotes, colons": lambda mine, expected: plain(mine).replace('"', "").replace(" = ", ": "),
    "other dict": lambda mine, expected: plain(mine).replace("gradients[", "grads_tmp["),
    "windows lines": lambda mine, expected: "\ufeff" + plain(mine).replace("\n", "\r\n"),
    "colours": lambda mine, expected: "".join(f"\x1b[31m{label}\x1b[0m = \x1b[1m{value}\x1b[0m\n" for label, value in mine),
    "arrows": lambda mine, expected: plain(mine).replace(" = ", " → "),
    "a line is missing": lambda mine, expected: plain(values_only(mine)[:1] + values_only(mine)[2:]),
    "values below": lambda mine, expected: plain(mine).replace(" = ", " = \n "),
}  # fmt: skip


@functools.cache
def list_mistakes():
    """Return (exercise, candidate) for known mistakes that show in print, evenly over the functions."""
    found = []
    for name in (
        "rnn_cell_backward",
        "rnn_backward",
        "lstm_cell_backward",
        "lstm_backward",
        "lstm_forward",
        "rnn_forward",
        "lstm_cell_forward",
        "gru_backward",
    ):
        exercise = find_exercise(name)
        shown = []
        for candidate in list_known(exercise):
            try:
                outputs = run_candidate(exercise, candidate)
                lines = list_lines(exercise, outputs)
            except Exception:
                continue
            if (
                lines != list_lines(exercise, answer_test(exercise))
                and "version 3" not in candidate.findings[0].sentence
            ):
                shown.append((exercise, candidate, lines))
        found.append(shown)
    return [one for row in itertools.zip_longest(*found) for one in row if one]


@functools.cache
def list_pastes():
    """Return the pastes: each dressing with two mistakes at least, and with right numbers."""
    mistakes, pastes = itertools.cycle(list_mistakes()), []
    for what, dress in DRESSINGS.items():
        for _ in range(2):
            exercise, candidate, lines = next(mistakes)
            expected = list_lines(exercise, answer_test(exercise))
            sentence = candidate.findings[0].sentence
            name = f"{what}: {exercise.name}, {candidate.findings[0].subject} of {candidate.culprit.name}"
            pastes.append(
                Paste(what, name, dress(lines, expected), exercise.name, candidate.culprit.name, sentence)
            )
        if "expected" not in what and "columns" not in what and "line by line" not in what:
            exercise = find_exercise(("lstm_cell_backward", "rnn_backward", "lstm_forward")[len(pastes) % 3])
            right = list_lines(exercise, answer_test(exercise))
            pastes.append(Paste(what, f"{what}: right", dress(right, right), exercise.name, ""))
    return pastes


def compare(paste, verdict):
    """Yield words for what a verdict on a paste is: "culprit", "exact", "several", "false", "missed"."""
    finding = verdict.findings[0] if verdict.findings else None
    if not paste.culprit:
        if (verdict.outcome, verdict.exercise) != ("passed", paste.exercise):
            yield "missed"
        return
    right = verdict.outcome == "wrong" and verdict.culprit == paste.culprit
    if right:
        yield "culprit"
    if finding and finding.exact:
        yield "exact" if right and paste.sentence == finding.sentence else "false"
    elif right and paste.sentence in finding.sentence:
        yield "several"
