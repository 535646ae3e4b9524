"""The exercises that are saved are checked without Jupyter, and nothing is run that they do not need."""

import json

import pytest

from tools import Refusal
from tools.reader import check

SOFTMAX = """\
def softmax(x):
    e = np.exp(x - shift(x))
    return e / e.sum(axis=0, keepdims=True)
"""


def notebook(*sources, names=("softmax",)):
    """Return a notebook as JSON; a cell that defines one of the names is its exercise."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Title"]}]
    for source in sources:
        name = next((name for name in names if f"def {name}(" in source), None)
        metadata = {"exercise": name, "points": 5} if name else {}
        lines = source.splitlines(keepends=True)
        cells.append({"cell_type": "code", "metadata": metadata, "source": lines, "outputs": []})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def checked(tmp_path, capsys):
    """Return a function that checks a notebook and returns the exit code and the lines."""

    def call(*sources, **names):
        path = tmp_path / "01_mine.ipynb"
        path.write_text(notebook(*sources, **names))
        code = check.main([str(path)])
        return code, capsys.readouterr().out.splitlines()

    return call


def test_a_function_is_checked_with_the_helpers_and_values_that_it_uses(checked):
    helper = "def shift(x):\n    return x.max(axis=AXIS, keepdims=KEEP)\n"
    code, lines = checked("import numpy as np\n\nKEEP = not False", "AXIS = 0", helper, SOFTMAX)
    assert code == 0
    assert lines == [
        "01_mine.ipynb",
        "softmax: passed",
        "5 of 5 points",
        "",
        "5 of 5 points. Next: hand it in.",
    ]


def test_what_no_exercise_needs_is_not_run(checked):
    code, lines = checked(
        "import numpy as np",
        "raise SystemExit",
        "training = 1 / 0",
        "%matplotlib inline\n!pip install nothing",
        SOFTMAX.replace("shift(x)", "x.max(axis=0, keepdims=True)"),
        "print(softmax(training))",
    )
    assert (code, lines[1]) == (0, "softmax: passed")


def test_a_cell_that_is_no_python_is_said_and_the_others_count(checked):
    code, lines = checked("import numpy as np", "x = (", SOFTMAX.replace("shift(x)", "x.max(0)"))
    assert code == 0 and lines[1] == "01_mine.ipynb, cell [2], line 1: '(' was never closed."


def test_a_value_that_cannot_be_had_is_said(checked):
    code, lines = checked("import numpy as np", "shift = missing", SOFTMAX)
    assert code == 1
    assert lines[1] == "01_mine.ipynb, cell [2], line 1: NameError: name 'missing' is not defined."
    assert lines[2] == "softmax: raised"


def test_an_exercise_whose_function_is_gone_was_not_attempted(checked):
    code, lines = checked("softmax = 3", "def sigmoid(x): ...", names=("sigmoid", "softmax"))
    assert code == 1 and lines[1:3] == ["sigmoid: not attempted", "0 of 5 points"]
    assert lines[-1] == "0 of 5 points. Next: python3 -m tools lab"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("{}", "is not a notebook: it has no list of cells"),
        ('{"cells": [3]}', "has something else than a cell at the place of cell 1"),
        ("<html>", "is cut off or damaged in line 1"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_a_file_that_is_no_notebook_is_told_and_the_others_are_checked(tmp_path, capsys, text, reason):
    path, whole = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    path.write_text(text)
    whole.write_text(notebook("import numpy as np", SOFTMAX.replace("shift(x)", "x.max(0)")))
    assert check.main([str(path), str(whole)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "a.ipynb",
        f"{path} {reason}; `python3 -m tools lab` mends it from its .py half, if that can be read.",
        "",
        "b.ipynb",
        "softmax: passed",
        "5 of 5 points",
        "",
        "5 of 5 points. Next: python3 -m tools lab",
    ]


def test_what_is_not_there_is_refused(tmp_path, capsys):
    assert check.main([str(tmp_path / "none.ipynb")]) == 1
    assert "none.ipynb cannot be read: No such file or directory.\n" in capsys.readouterr().out
    with pytest.raises(Refusal, match="notebooks/exercises has no notebook that begins with '99'"):
        check.main(["99"])
