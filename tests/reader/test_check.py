"""The exercises that are saved are checked without Jupyter, and nothing is run that they do not need."""

import json
import sys

import pytest

from tests.marks import exhaustive
from tools import Refusal
from tools.reader import check

SOFTMAX = """\
def softmax(x):
    e = np.exp(x - shift(x))
    return e / e.sum(axis=0, keepdims=True)
"""


SHIFT = "def shift(x):\n    return x.max(axis=AXIS, keepdims=KEEP)\n"
SIGMOID = "def sigmoid(x):\n    return np.exp(-np.logaddexp(0, -x))\n"
WHOLE = SOFTMAX.replace("shift(x)", "x.max(0)")


def notebook(*sources):
    """Return a notebook as JSON, as an editor saves it that drops all metadata."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Title"]}]
    for source in sources:
        lines = source.splitlines(keepends=True)
        cells.append({"cell_type": "code", "metadata": {}, "source": lines, "outputs": []})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def checked(tmp_path, capsys):
    """Return a function that checks a notebook and returns the exit code and the lines, without notes."""

    def call(*sources, name="01_activations.ipynb"):
        path = tmp_path / name
        path.write_text(notebook(*sources))
        code = check.main([str(path)])
        lines = capsys.readouterr().out.splitlines()
        about_checks = (" is gone; ", " has none of the checks; ")
        return code, [line for line in lines if line and not any(words in line for words in about_checks)]

    return call


def test_functions_are_found_by_name_with_the_helpers_and_values_that_they_use(checked):
    code, lines = checked("import numpy as np\n\nKEEP = not False", "AXIS = 0", SHIFT, SOFTMAX, SIGMOID)
    assert code == 0
    assert lines == [
        "01_activations.ipynb",
        "softmax: passed",
        "5 of 5 points",
        "sigmoid: passed",
        "5 of 5 points",
        "10 of 10 points. Next: hand it in.",
    ]


def test_all_exercises_of_a_chapter_are_asked_for_whichever_are_there(checked):
    """Nothing of them depends on the metadata of cells, which editors drop."""
    code, lines = checked("import numpy as np", WHOLE)
    assert (code, lines[-1]) == (1, "5 of 10 points. Next: python3 -m tools lab")
    assert "sigmoid: not attempted" in lines


def test_a_notebook_by_the_name_of_a_chapter_is_asked_for_that_chapter(checked):
    code, lines = checked("import numpy as np", WHOLE, name="04_lstm_forward.ipynb")
    assert (code, lines[-1]) == (1, "0 of 30 points. Next: python3 -m tools lab")


def test_a_notebook_by_another_name_is_asked_for_what_it_defines_and_for_no_points(checked):
    code, lines = checked("import numpy as np", WHOLE, name="mine.ipynb")
    assert (code, lines) == (0, ["softmax: passed (mine.ipynb, cell 2)"])


def test_a_notebook_with_no_exercise_is_said(checked):
    code, lines = checked("import numpy as np", "x = 3", name="mine.ipynb")
    assert code == 1
    assert lines[0].startswith("mine.ipynb holds no function of the course.")


def test_what_no_exercise_needs_is_not_run(checked):
    code, lines = checked(
        "import numpy as np",
        "raise SystemExit",
        "training = 1 / 0",
        "%matplotlib inline\n!pip install nothing",
        WHOLE,
        SIGMOID,
        "print(softmax(training))",
    )
    assert (code, lines[-1]) == (0, "10 of 10 points. Next: hand it in.")


def test_a_module_beside_the_notebook_is_imported_and_forgotten(checked, tmp_path):
    (tmp_path / "my_gates.py").write_text(f"import numpy as np\n\n\n{SIGMOID}")
    code, _ = checked("import numpy as np", "import my_gates as g\nsigmoid = g.sigmoid", WHOLE)
    assert code == 0 and "my_gates" not in sys.modules


def test_a_cell_that_is_no_python_is_said_and_the_others_count(checked):
    code, lines = checked("import numpy as np", "x = (", WHOLE, SIGMOID)
    note = "01_activations.ipynb, cell 2, line 1: '(' was never closed; nothing of it could be read."
    assert code == 0 and lines[1] == note


def test_a_value_that_cannot_be_had_is_said(checked):
    code, lines = checked("import numpy as np", "shift = missing", SOFTMAX, SIGMOID)
    assert code == 1
    assert "01_activations.ipynb, cell 2: NameError: name 'missing' is not defined." in lines
    assert "softmax: raised" in lines


@exhaustive
def test_code_that_never_ends_is_ended(checked):
    code, lines = checked("import numpy as np", "while True:\n    shift = 1", SOFTMAX, SIGMOID)
    assert (
        code == 1
        and "01_activations.ipynb, cell 2 computes for longer than it may, and was left out." in lines
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("{}", "is no notebook: it has no list of cells"),
        ("<html>", "is a web page and no notebook: perhaps what was saved is the page of a log-in"),
        ("[" * 100_000, "is called a notebook and is none; it was read as a Python file"),
    ],
)
def test_a_file_that_is_no_notebook_is_told_and_the_others_are_checked(tmp_path, capsys, text, reason):
    path, whole = tmp_path / "02_rnn_forward.ipynb", tmp_path / "01_activations.ipynb"
    path.write_text(text)
    whole.write_text(notebook("import numpy as np", WHOLE, SIGMOID))
    assert check.main([str(path), str(whole)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["02_rnn_forward.ipynb", f"`02_rnn_forward.ipynb` {reason}."]
    assert lines[-1].startswith("10 of ")


def test_files_from_elsewhere_and_exercises_are_checked_in_one_call(tmp_path, capsys):
    whole, other = tmp_path / "01_activations.ipynb", tmp_path / "paste.txt"
    whole.write_text(notebook("import numpy as np", WHOLE, SIGMOID))
    other.write_text(SIGMOID)
    assert check.main([str(other), str(whole), "--html", str(tmp_path / "cards.html")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"10 of 10 points. Next: hand it in.", "sigmoid: passed (paste.txt, line 1)"} <= set(lines)
    assert "sigmoid" in (tmp_path / "cards.html").read_text()


def test_what_is_not_there_is_refused(tmp_path, capsys):
    assert check.main([str(tmp_path / "none.ipynb")]) == 1
    assert "none.ipynb cannot be read: No such file or directory.\n" in capsys.readouterr().err
    with pytest.raises(Refusal, match="No chapter with exercises begins with '99'"):
        check.main(["99"])
