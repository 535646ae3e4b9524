"""What a test prints for a learner's function and for the expected results, line beside line.

A test is a function that draws its inputs, calls the function that it is given, and prints.
"""

import contextlib
import io
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

import numpy as np

from seqgrad.check.equality import close_lines


@dataclass(frozen=True, repr=False)
class SideBySide:
    """Pairs of printed lines, the learner's and the expected one; and why the learner's end early, if so."""

    name: str
    lines: tuple
    problem: str = ""

    def __repr__(self):
        """Return the lines as text: what is as expected once, what differs twice."""
        text = [self.summarize()]
        for yours, expected in self.lines:
            if yours and not close_lines(yours, expected):
                text += [f"  ≠ {yours}", f"    {expected or 'nothing'}  is expected"]
            else:
                text.append(f"    {expected}")
        return "\n".join(text)

    def summarize(self):
        """Return the first sentence: how many lines are as expected, or why some are missing."""
        right = sum(close_lines(*pair) for pair in self.lines)
        counted = f"{self.name}: {right} of {len(self.lines)} lines are as expected."
        return f"{counted} Yours ends with {self.problem}" if self.problem else counted

    def _repr_html_(self):
        left = 'style="text-align:left"'
        head = "".join(f'<th scope="col" {left}>{title}</th>' for title in ("yours", "expected", ""))
        head = "" if all(close_lines(*pair) for pair in self.lines) else f"<thead><tr>{head}</tr></thead>"
        body = "".join(f"<tr>{make_row(*pair)}</tr>" for pair in self.lines)
        table = f"<table>{head}<tbody>{body}</tbody></table>"
        return f"<p>{escape(self.summarize())}</p>{table}"


def make_row(yours, expected):
    """Return the cells of a pair of lines in a table; two that are the same have one cell in common."""
    style = 'style="text-align:left;white-space:pre-wrap;font-family:var(--jp-code-font-family,monospace)"'
    if close_lines(yours, expected):
        return f'<td colspan="2" {style}>{escape(yours)}</td><td {style}>same</td>'
    mine = f"<mark>{escape(yours)}</mark>" if yours else ""
    cells = (mine, escape(expected), "differs" if yours else "missing")
    return "".join(f"<td {style}>{cell}</td>" for cell in cells)


def beside(test, expected, yours):
    """Return what a test prints for both versions of a function."""
    right, problem = collect_prints(test, expected)
    if problem:
        raise problem
    mine, problem = collect_prints(test, yours)
    sentence = f"{type(problem).__name__}: {problem}." if problem else ""
    lines = zip_longest(mine.splitlines(), right.splitlines(), fillvalue="")
    return SideBySide(yours.__name__, tuple(lines), sentence)


def collect_prints(test, function):
    """Return what a test prints for a function, and the error that it ends with, or None."""
    text, state = io.StringIO(), np.random.get_state()  # noqa: NPY002 - tests draw from the old generator
    try:
        with contextlib.redirect_stdout(text):
            test(function)
    except Exception as error:
        return text.getvalue(), error
    finally:
        np.random.set_state(state)  # noqa: NPY002
    return text.getvalue(), None
