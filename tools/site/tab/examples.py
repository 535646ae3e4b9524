"""What a visitor can try at one click: numbers that somebody posted, and functions with a line changed.

forum.txt; a function of the course, a line as somebody wrote it  ->  [{title, text}]
"""

import ast
import inspect
from pathlib import Path

import seqgrad
from seqgrad.check.reading.stub import cut_function

SLIPS = (  # title, function, its line, the line that somebody has written
    (
        "a step back through an RNN",
        "rnn_cell_backward",
        "dz = da_next * (1 - a_next**2)",
        "dz = da_next * (1 - a_prev**2)",
    ),
    (
        "a softmax that its own test passes",
        "softmax",
        "e = np.exp(x - x.max(axis=0, keepdims=True))",
        "e = np.exp(x - np.max(x))",
    ),
    (
        "an LSTM that keeps the wrong caches",
        "lstm_forward",
        "caches = (steps, x)",
        "caches = (cache, x)",
    ),
)


def list_examples():
    """Return the examples, the thread in a forum first, as dicts with a title and a text."""
    posted = Path(__file__).with_name("forum.txt").read_text(encoding="utf-8")
    return [{"title": "numbers from a forum", "text": posted}] + [
        {"title": title, "text": make_text(*slip)} for title, *slip in SLIPS
    ]


def make_text(name, right, written):
    """Return a function of the course, without its docstring, with a line as somebody wrote it."""
    module = inspect.getmodule(inspect.unwrap(getattr(seqgrad, name)))
    text = cut_function(inspect.getsource(module), name)
    docstring, lines = ast.parse(text).body[0].body[0], text.split("\n")
    text = "\n".join(lines[: docstring.lineno - 1] + lines[docstring.end_lineno :])
    if text.count(right) != 1:
        raise ValueError(f"{name} has no line {right!r} any more")
    return f"import numpy as np\n\n\n{text.replace(right, written)}\n"
