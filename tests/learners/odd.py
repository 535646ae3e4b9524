"""Notebooks that are right in Jupyter and odd to read: how people write, paste, import and save.

what is odd  ->  the files of a submission;    all exercises of `ASKED` are right in each
"""

# ruff: noqa: E501 - a table: an entry is a line or two, however long

import json

from tests.learners import TEXTS

NAME = "04_lstm_forward.ipynb"
ASKED = ("lstm_cell_forward", "lstm_forward")
CELL, SEQUENCE, SIGMOID, SOFTMAX = (TEXTS[name].strip() for name in (*ASKED, "sigmoid", "softmax"))
START = "import numpy as np"
CHECKS = ("check(lstm_cell_forward)", "check(lstm_forward)")
HELPERS = f"{SIGMOID}\n\n\n{SOFTMAX}"


def notebook(*sources, **more):
    """Return the bytes of a notebook with a code cell for each source."""
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2} | more).encode()


def indent(text, by="    "):
    """Return a text with each line indented."""
    return "\n".join(by + line if line else line for line in text.split("\n"))


def prompt(text, first=">>> ", more="... "):
    """Return a text as a session shows it."""
    return "\n".join((first if not number else more) + line for number, line in enumerate(text.split("\n")))


def whole(*before, cell=CELL, sequence=SEQUENCE, helpers=HELPERS, after=(), checks=CHECKS):
    """Return a notebook of these cells around the functions and their checks."""
    return notebook(START, *before, helpers, cell, checks[0], sequence, *checks[1:], *after)


def within(text, *lines):
    """Return a function with more lines at the beginning of its body."""
    head, _, body = text.partition("\n")
    return "\n".join([head, *(f"    {line}" for line in lines), body])


ROUND = CELL.replace("ft = sigmoid(", "ft = s(")
FROM_TABLE = CELL.replace("ft = sigmoid(", 'ft = ops["f"](')
FROM_THING = CELL.replace("ft = sigmoid(", "ft = o.squash(")
COUNTED = ("global calls", "calls += 1")
BARRED = SEQUENCE.replace("range(T_x)", "tqdm(range(T_x))")
THING = "class Ops:\n    pass\n\n\no = Ops()"
OTHER_SEQUENCE = "def lstm_forward(X, Y, a0, parameters):\n    return np.sum(X) + np.sum(Y), a0, parameters"
STUB = "def lstm_cell_forward(xt, a_prev, c_prev, parameters):\n    ### START CODE HERE ###\n    return None"
MODULE = f"{START}\n\n\n{HELPERS}\n"
STACK = "def stack(a, x):\n    return np.concatenate((a, x), axis=0)"
STACKED = CELL.replace("concat[n_a:, :] = xt", "concat = stack(a_prev, xt)")

ODD = {
    "as it is": {NAME: whole()},
    "a cell indented as a whole": {NAME: whole(cell=indent(CELL), sequence=indent(SEQUENCE, "\t"))},
    "prompts of Python": {NAME: whole(cell=prompt(CELL), sequence=f"{prompt(SEQUENCE)}\n>>> 1 + 1\n2")},
    "prompts of IPython": {NAME: whole(cell=prompt(CELL, "In [7]: ", "   ...: "))},
    "a question in the cell": {NAME: whole(cell=f"np.tanh?\n{CELL}\n?np.tanh")},
    "a shell in the cell": {NAME: whole(cell=f"files = !ls\n!echo x\n{CELL}")},
    "a timed cell": {NAME: whole("%time SCALE = 1.0", cell=f"%%time\n{CELL.replace('xt.shape', 'xt.shape; SCALE')}")},
    "annotations of the future": {
        NAME: whole("from __future__ import annotations", cell=CELL.replace("(xt,", "(xt: Nothing,"))
    },
    "display in a function": {NAME: whole(cell=within(CELL, "display(xt)", "display(xt.shape, 1)"))},
    "a bar in a loop": {NAME: whole("from tqdm import tqdm", sequence=BARRED)},
    "a bar of notebooks": {NAME: whole("from tqdm.notebook import tqdm", sequence=BARRED)},
    "a bar with words": {
        NAME: whole(
            "import tqdm",
            sequence=SEQUENCE.replace(
                "    for t in range(T_x):",
                "    bar = tqdm.trange(T_x)\n    for t in bar:\n        bar.set_description(str(t))",
            ),
        )
    },
    "a figure in a function": {
        NAME: whole(
            "import matplotlib.pyplot as plt",
            cell=within(CELL, "plt.figure()", "fig, ax = plt.subplots()", "ax.plot([1, 2])", "plt.close('all')"),
        )
    },
    "everything of NumPy": {NAME: whole("from numpy import *", cell=CELL.replace("np.tanh", "tanh"))},
    "a global that counts": {NAME: whole("calls = 0", cell=within(CELL, *COUNTED))},
    "helpers below if": {NAME: whole(helpers=f"if True:\n{indent(HELPERS)}")},
    "helpers below try": {NAME: whole(helpers=f"try:\n{indent(HELPERS)}\nexcept ImportError:\n    pass")},
    "a table that is updated": {NAME: whole("ops = {}", cell=f"ops.update(f=sigmoid)\n\n{FROM_TABLE}")},
    "a table filled in a loop": {
        NAME: whole(cell=f"ops = {{}}\nfor k, v in zip('fi', [sigmoid] * 2):\n    ops[k] = v\n\n{FROM_TABLE}")
    },
    "a table filled by a function": {
        NAME: whole("ops = {}", "def register(name, f):\n    ops[name] = f", cell=f"register('f', sigmoid)\n{FROM_TABLE}")
    },
    "a table filled by a decorator": {
        NAME: whole(
            "ops = {}",
            "def gate(name):\n    def keep(f):\n        ops[name] = f\n        return f\n    return keep",
            helpers=f"@gate('f')\n{HELPERS}",
            cell=FROM_TABLE,
        )
    },
    "setattr": {NAME: whole(THING, cell=f'setattr(o, "squash", sigmoid)\n\n{FROM_THING}')},
    "vars of a thing": {NAME: whole(THING, cell=f"vars(o)['squash'] = sigmoid\n\n{FROM_THING}")},
    "a name used again at the end": {
        NAME: whole(cell=f"s = sigmoid\n\n\n{ROUND}", after=["for s in range(3):\n    print(s)"])
    },
    "a name used again, without checks": {
        NAME: whole(
            cell=f"s = sigmoid\n\n\n{ROUND}",
            checks=("lstm_cell_forward(*draw())", "print(lstm_forward)"),
            after=["for s in range(3):\n    print(s)"],
        )
    },
    "a name used again between checks": {
        NAME: notebook(
            START, HELPERS, "s = sigmoid", ROUND, CHECKS[0], "s = 3",
            f"{SEQUENCE.replace('range(T_x)', 'range(s - 3, T_x)')}", CHECKS[1],
        )
    },  # fmt: skip
    "a helper below its function": {NAME: notebook(START, CELL, SEQUENCE, HELPERS, *CHECKS)},
    "another function of a name in another notebook": {
        NAME: whole(STACK, cell=STACKED),
        "05_lstm_backward.ipynb": notebook(START, "def stack(a):\n    return a[0]", "stack([1])"),
        "03_other.ipynb": notebook("def stack():\n    return 0", "def sigmoid(z):\n    return 7"),
    },
    "a module of one's own": {
        NAME: notebook(START, "import gates as g", *(text.replace("sigmoid(", "g.sigmoid(").replace("softmax(", "g.softmax(") for text in (CELL, SEQUENCE)), *CHECKS),
        "gates.py": MODULE.encode(),
    },
    "a module in a folder": {
        NAME: notebook(START, "import utils.my_lstm as m", "lstm_cell_forward = m.lstm_cell_forward", SEQUENCE, *CHECKS),
        "utils/my_lstm.py": f"from .act import sigmoid, softmax\n{START}\n\n\n{CELL}\n".encode(),
        "utils/act.py": MODULE.encode(),
    },
    "functions from a module": {
        NAME: notebook(START, "from my_lstm import lstm_cell_forward, lstm_forward", *CHECKS),
        "my_lstm.py": f"{MODULE}\n\n{CELL}\n\n\n{SEQUENCE}\n\n\nif __name__ == '__main__':\n    1 / 0\n".encode(),
    },
    "everything of a module": {
        NAME: notebook(START, "from rnn_utils import *", CELL, SEQUENCE, *CHECKS),
        "rnn_utils.py": MODULE.encode(),
    },
    "a module that a cell writes": {
        NAME: notebook(START, f"%%writefile mine_cell.py\n{MODULE}", f"%%writefile -a mine_cell.py\n\n\n{CELL}", "from mine_cell import lstm_cell_forward", CHECKS[0], SEQUENCE, CHECKS[1])
    },
    "a folder on the path": {
        NAME: notebook(START, "import sys\nsys.path.append('helpers')\nfrom my_gates import *", CELL, SEQUENCE, *CHECKS),
        "helpers/my_gates.py": MODULE.encode(),
    },
    "a global by its name": {NAME: whole(helpers=f"{HELPERS}\nglobals()['s'] = sigmoid", cell=ROUND)},
    "a registry": {
        NAME: whole(
            "class Registry(dict):\n    def __call__(self, f):\n        self[f.__name__] = f\n        return f\n\nops = Registry()",
            helpers=f"@ops\n{HELPERS}",
            cell=CELL.replace("ft = sigmoid(", "ft = ops['sigmoid']("),
        )
    },
    "a file that is run": {
        NAME: notebook(START, "%run helpers.py", CELL, SEQUENCE, *CHECKS),
        "helpers.py": MODULE.encode(),
    },
    "another signature in another file": {
        NAME: whole(),
        "Dinosaur.ipynb": notebook(START, OTHER_SEQUENCE),
    },
    "another signature below": {NAME: whole(after=[OTHER_SEQUENCE])},
    "an older version in a folder": {NAME: whole(), f"old/{NAME}": notebook(START, STUB, f"{SEQUENCE}\n    # old")},
    "a wrong older version in a folder": {
        NAME: whole(),
        f"old/{NAME}": whole(cell=CELL.replace("c_next = ft", "c_next = 2 * ft")),
    },
    "a stub below": {NAME: whole(after=[STUB])},
    "an assignment called seqgrad": {f"seqgrad/{NAME}": whole()},
    "a folder called tests": {f"tests/tools/{NAME}": whole("from rnn import HELP"), "tests/tools/rnn.py": b"HELP = 1\n"},
    "padded with zeros": {NAME: whole() + b"\0" * 4096},
    "saved as json": {"04_lstm_forward.json": whole(), "numbers.json": b'{"a": 1}'},
    "numba": {NAME: whole("from numba import njit, prange", cell=f"@njit\n{CELL}", sequence=f"@njit(cache=True)\n{SEQUENCE}")},
}  # fmt: skip
