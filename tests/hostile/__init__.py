"""Submissions that mean harm, or do it: programs.txt, and how it is read.

In each of them `sigmoid` is what does it, and `softmax` is honest and has to be right.
"""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

HEADER = """
import ctypes, gc, json, os, pickle, signal, socket, struct, sys, threading, time
import numpy as np

def say(kind, value):
    from seqgrad.check.running import wire
    data = wire.encode((kind, value))
    os.write(3, len(data).to_bytes(4, "little") + data)
"""
# The same where there may be no such modules, and where a run's messages go through a door.
HEADER_OF_WASM = """
for name in "ctypes gc json os pickle signal socket struct sys threading time".split():
    try:
        globals()[name] = __import__(name)
    except ImportError:
        pass
import numpy as np

def say(kind, value):
    import _host
    from seqgrad.check.running import wire
    _host.call(wire.encode((kind, value)))
"""
HONEST = """
def softmax(x):
    e_x = np.exp(x - np.max(x, axis=0))
    return e_x / e_x.sum(axis=0)
"""
ENTRY = re.compile(r"^== (.+) -> (.+)\n((?:(?!== |# ).*\n?)*)", re.MULTILINE)


@dataclass(frozen=True)
class Hostile:
    """A submission: its name, what may come of `sigmoid`, what stands above it, and its body."""

    name: str
    gives: tuple
    above: str
    body: str


def pieces(row, header=HEADER, **known):
    """Return a submission as a box takes it: (place, text)."""
    names = "\n".join(f"{name} = {value!r}" for name, value in known.items())
    body = row.body if "sigmoid = " in row.body else f"def sigmoid(z):\n{textwrap.indent(row.body, '    ')}"
    texts = [header, names, row.above, body, HONEST]
    return [(f"hostile.ipynb, cell {number}", text) for number, text in enumerate(texts, 1)]


def notebook(row, header=HEADER, **known):
    """Return a submission as a student's notebook, as JSON has it."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [cell | {"source": text} for _, text in pieces(row, header, **known)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def entry(match):
    """Return the submission that stands in an entry of the table."""
    name, gives, text = match.groups()
    above, _, body = text.rpartition("\n--\n")
    return Hostile(name, tuple(gives.split()), above, body.strip("\n"))


HOSTILE = tuple(map(entry, ENTRY.finditer(Path(__file__).with_name("programs.txt").read_text("utf-8"))))
