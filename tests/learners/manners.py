"""Submissions in the manner of the assignment's: what people write, in the files that their editors save.

    a manner of saving, a piece of work  ->  the files of a submission, and the outcome of each function

The work is that of `tests.learners`, with the mistakes that most people make; no text is anybody else's.
"""

import json
import re

from tests.learners import TEXTS
from tests.learners.mistakes import MISTAKES
from tests.learners.templates import TEMPLATES

CELLS = ("rnn_cell_forward", "rnn_forward", "lstm_cell_forward", "lstm_forward")
BACKWARD = ("rnn_cell_backward", "rnn_backward", "lstm_cell_backward", "lstm_backward")
ASKED = CELLS + BACKWARD
HELPERS = "import numpy as np\n\n" + "\n".join(TEXTS[name] for name in ("softmax", "sigmoid"))
WHOLE_ARRAY = HELPERS.replace("np.max(x, axis=0)", "np.max(x)")  # the helper file of the course
FREQUENT = ("no_recurrence", "c_view", "overwrite", "da0_zero", "states_never_updated", "tanh_c_prev")
DINOSAURS = "def rnn_forward(X, Y, a0, parameters):\n    loss = 0\n    return loss, (X, Y, a0, parameters)"


def changed(identity):
    """Return the texts of work with one mistake, and the outcome of each function."""
    function, _, *changes = MISTAKES[identity]
    text = TEXTS[function]
    for before, after in changes:
        text = text.replace(before, after)
    return {function: text}, dict.fromkeys(ASKED, "passed") | {function: "wrong"}


WORKS = {
    "right": ({}, dict.fromkeys(ASKED, "passed")),
    "the optional half untouched": (
        {name: TEMPLATES[name][0] for name in BACKWARD},
        dict.fromkeys(CELLS, "passed") | dict.fromkeys(BACKWARD, "not attempted"),
    ),
    "untouched": (
        {name: TEMPLATES[name][0] for name in ASKED},
        dict.fromkeys(ASKED, "not attempted"),
    ),
} | {identity: changed(identity) for identity in FREQUENT}


def mark_up(name, text):
    """Return a function between the marks of a template."""
    head, _, body = text.strip().partition("\n")
    return (
        f"# GRADED FUNCTION: {name}\n\n{head}\n    ### START CODE HERE ###\n{body}\n    ### END CODE HERE ###"
    )


def try_out(name):
    """Return a test cell for a function, as notebooks have them: it draws, calls and prints."""
    return f"np.random.seed(1)\nxt_tmp = np.random.randn(3, 10)\nprint({name}.__name__, xt_tmp[0][0])"


def list_cells(work, beginning):
    """Return the code cells of a notebook."""
    texts = {name: TEXTS[name] for name in ASKED} | work
    cells = [beginning]
    for name, text in texts.items():
        cells += [mark_up(name, text), try_out(name)]
    return cells


def notebook(cells, metadata=None, cell_metadata=None, minor=0, outputs=True, lines=False):
    """Return the bytes of a notebook with a text cell above each code cell."""
    made = []
    for number, source in enumerate(cells):
        text = source.splitlines(keepends=True) if lines else source
        cell = {"cell_type": "code", "metadata": cell_metadata or {}, "source": text}
        if outputs:
            cell |= {"outputs": [], "execution_count": number}
        made += [{"cell_type": "markdown", "metadata": {}, "source": f"## {number}\n\n**Exercise**"}, cell]
    whole = {"cells": made, "metadata": metadata or {}, "nbformat": 4}
    return json.dumps(whole | ({} if minor is None else {"nbformat_minor": minor})).encode()


OLD = {
    "coursera": {"course_slug": "sequence-models", "graded_item_id": "x", "launcher_item_id": "y"},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "version": "3.6.0", "nbconvert_exporter": "python"},
}
IMPORTED = "import numpy as np\nfrom rnn_utils import *"
UTILS = {"rnn_utils.py": HELPERS.encode()}


def save_on_coursera(work):
    """Return an old notebook with its helper file beside it."""
    return {"Building a Recurrent Neural Network.ipynb": notebook(list_cells(work, IMPORTED), OLD)} | UTILS


def save_with_old_helpers(work):
    """Return the same with a helper softmax that is shifted by the maximum of the whole array."""
    return save_on_coursera(work) | {"rnn_utils.py": WHOLE_ARRAY.encode()}


def save_on_colab(work):
    """Return a notebook with its helpers, a drive that is mounted, a package that is installed."""
    beginning = (
        f"!pip install numpy\nfrom google.colab import drive\ndrive.mount('/content/drive')\n{HELPERS}"
    )
    colab = {"colab": {"provenance": [], "name": "RNN.ipynb"}, "accelerator": "GPU"}
    return {"Copy of RNN.ipynb": notebook(list_cells(work, beginning), colab, {"outputId": "1"})}


def save_on_kaggle(work):
    """Return a notebook that lists input files, and has no outputs."""
    beginning = "import os\nfor place, _, names in os.walk('/kaggle/input'):\n    print(names)\n" + HELPERS
    kaggle = {"kaggle": {"accelerator": "none", "dataSources": []}}
    return {"notebook1a2b.ipynb": notebook(list_cells(work, beginning), kaggle, {"trusted": True}, 4, False)}


def save_on_deepnote(work):
    """Return a notebook with metadata of its own, without outputs or a minor version of the format."""
    cell = {"deepnote_cell_type": "code", "cell_id": "0f", "source_hash": "9b"}
    deepnote = {"deepnote": {}, "deepnote_notebook_id": "f0"}
    return {"RNN.ipynb": notebook(list_cells(work, HELPERS), deepnote, cell, None, False)}


def save_in_vs_code(work):
    """Return a notebook with lines in lists, and magics at the beginning."""
    beginning = f"%load_ext autoreload\n%autoreload 2\nimport matplotlib.pyplot as plt\n{HELPERS}"
    return {"rnn.ipynb": notebook(list_cells(work, beginning), {"vscode": {}}, None, 2, True, True)}


def save_as_script(work):
    """Return a Python file with cells, as VS Code and Spyder have them."""
    cells = [re.sub(r"^([%!])", r"# \1", source, flags=re.MULTILINE) for source in list_cells(work, HELPERS)]
    return {"rnn.py": "".join(f"# %%\n{source}\n\n" for source in cells).encode()}


def save_beside_others(work):
    """Return two notebooks of the course in a folder, with functions of the same name."""
    other = notebook([HELPERS, DINOSAURS, "rnn_forward([1], [2], 0, {})"], OLD)
    return {
        "week 1/RNN.ipynb": notebook(list_cells(work, HELPERS), OLD),
        "week 1/Dinosaurs.ipynb": other,
    }


MANNERS = (
    save_on_coursera,
    save_with_old_helpers,
    save_on_colab,
    save_on_kaggle,
    save_on_deepnote,
    save_in_vs_code,
    save_as_script,
    save_beside_others,
)
