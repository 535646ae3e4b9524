"""What a reader takes grows with the size of what is handed in, and not with its square."""

import json
import time

import pytest

from seqgrad.check.reading.extract import extract
from tests.marks import sample

# Texts of about so many characters, each of a kind that a careless pattern or loop looks at again and again.
KINDS = {
    "blanks": lambda n: " " * n + "?",
    "blanks between": lambda n: "x" + " " * n + "y",
    "blanks of a magic": lambda n: "%time" + " " * n + "f(",
    "tabs": lambda n: "\t" * n + "!",
    "dots": lambda n: "a." * (n // 2) + "?",
    "an unpacking for a shell": lambda n: "a," * (n // 2) + "= !ls",
    "statements": lambda n: "x=1\n" * (n // 4),
    "statements in one line": lambda n: "x;" * (n // 2),
    "each from the one before": lambda n: "".join(f"a{i}=a{i - 1}\n" for i in range(n // 14)),
    "functions that call each other": lambda n: "".join(f"def f{i}(): f{i - 1}()\n" for i in range(n // 24)),
    "imports": lambda n: "import a\n" * (n // 9),
    "definitions of one function": lambda n: "def sigmoid(z): return z\n" * (n // 25),
    "a chain of assignments": lambda n: "a=" * (n // 2) + "1",
    "prompts": lambda n: ">>> x\n" * (n // 6),
    "numbered prompts": lambda n: "In [1]: x\n" * (n // 10),
    "backslashes": lambda n: "\\\n" * (n // 2),
    "lines for a shell": lambda n: "!ls\n" * (n // 4),
    "decorators": lambda n: "@a\n" * (n // 3) + "def sigmoid(z): return z",
    "fences": lambda n: "```\n" * (n // 4),
    "brackets": lambda n: "(" * n,
    "lines that cannot be parsed": lambda n: "x y\n" * (n // 4),
}


def measure(text, name):
    """Return the CPU seconds that a reader takes for a text, as a file of this name."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    data = (text if name.endswith(".py") else notebook).encode()
    began = time.process_time()
    extract({name: data}, ("sigmoid", "softmax"))
    return time.process_time() - began


@pytest.mark.parametrize("kind", sample(KINDS, 21))
def test_four_times_the_size_takes_far_less_than_sixteen_times_as_long(kind):
    """Once in three tries, since a machine is noisy; what takes less than 0.1 s is taken for that long."""
    texts = KINDS[kind](15_000), KINDS[kind](60_000)

    def grows_slowly():
        small, large = (max(0.1, measure(text, "04.py")) for text in texts)
        return large < 10 * small

    assert any(grows_slowly() for _ in range(3))
    assert measure(texts[0], "04.ipynb") < 5
