"""A file of anybody's, a notebook, Python or printed lines, has its verdict by what is in it."""

import io
import json
import subprocess
import sys
import types

import pytest

from seqgrad.check import check
from seqgrad.check.__main__ import main
from seqgrad.check.files import check_content, check_file
from tests.learners import TEXTS
from tests.learners.mistakes import MISTAKES
from tests.marks import exhaustive

IMPORT = "import numpy as np"
VIEW = TEXTS["lstm_forward"].replace("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
CELLS = [TEXTS["lstm_cell_forward"], VIEW, TEXTS["lstm_cell_backward"], TEXTS["lstm_backward"]]


def notebook(*sources, **more):
    """Return the bytes of a notebook."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 0} | more).encode()


def old_notebook(*sources):
    """Return the bytes of a notebook of format 3."""
    cells = [
        {"cell_type": "code", "input": source, "outputs": [], "language": "python"} for source in sources
    ]
    return json.dumps({"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3}).encode()


def report(content, name="mine.ipynb", names=None, **beside):
    """Return the report on a file, with others beside it."""
    content = content if isinstance(content, bytes) else content.encode()
    return check_content(name, {name: content} | beside, names)


def outcomes(found):
    """Return the outcome of each function."""
    return {verdict.exercise: verdict.outcome for verdict in found.verdicts}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{import}def softmax(x)\n    return x\n", "line 2: expected ':'"),
        ("{import}def softmax x:\n    return x\n", "line 2: expected '('"),
        ("{import}def softmax(x:\n    return x\n", "line 2: '(' was never closed"),
        ("def softmax(x):\nreturn x\n", "line 2: expected an indented block"),
        ("def softmax(x):\n    e = np.exp(x))\n    return e\n", "line 2: unmatched ')'"),
        ("def softmax(x):\n    e = np.exp(x", "line 2: '(' was never closed"),
        ("Def softmax(x):\n    return x\n", "line 1: invalid syntax"),
        ("softmax = lambda x: x)\n", "line 1: unmatched ')'"),
    ],
)
@pytest.mark.parametrize("kind", ["mine.py", "paste.txt", "mine.ipynb"])
def test_a_function_that_python_cannot_read_is_no_printout(kind, text, line):
    """Also if it is all that there is; in a notebook the sentence names the cell."""
    text = text.replace("{import}", "import numpy as np\n")
    found = report(notebook(text) if kind.endswith(".ipynb") else text, kind)
    assert not found.verdicts
    assert found.notes[0].startswith(kind) and line in found.notes[0]
    assert found.notes[1:] == ("No function was checked: mend first what Python cannot read.",)


def test_printed_lines_beside_what_python_cannot_read_are_compared_all_the_same():
    found = report('def softmax(x)\n\ngradients["dxt"][1][2] = -1.38721305\n', "paste.txt")
    assert [verdict.exercise for verdict in found.verdicts] == ["rnn_cell_backward"]
    assert [note.partition(";")[0] for note in found.notes] == ["paste.txt, line 1: expected ':'"]


def test_culprits_come_first_and_what_to_look_at_first_stands_at_the_end():
    found = report(notebook(IMPORT, *CELLS))
    assert [verdict.exercise for verdict in found.verdicts][:2] == ["lstm_forward", "lstm_backward"]
    assert found.verdicts[0].outcome == "wrong" and not found.passed
    lines = str(found).splitlines()
    assert lines[-1] == "Look first at `lstm_forward` (mine.ipynb, cell 3): `lstm_backward` builds on it."
    assert "lstm_cell_backward: passed (mine.ipynb, cell 4)" in lines
    assert sum("a view of the array" in line for line in lines) == 1  # nothing is said twice


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.ipynb", notebook(IMPORT, TEXTS["rnn_cell_backward"])),
        ("mine.txt", notebook(IMPORT, TEXTS["rnn_cell_backward"])),
        ("old.ipynb", old_notebook(IMPORT, TEXTS["rnn_cell_backward"])),
        ("mine.py", f"{IMPORT}\n{TEXTS['rnn_cell_backward']}"),
        ("mine.py", f"# %%\n{IMPORT}\n# %%\n{TEXTS['rnn_cell_backward']}"),
        ("mine", f"{IMPORT}\n{TEXTS['rnn_cell_backward']}".encode("utf-16")),
        ("mine.py", f"\ufeff{IMPORT}\r\n{TEXTS['rnn_cell_backward']}"),
        ("mine.py", f"{IMPORT}  # Zoë\n{TEXTS['rnn_cell_backward']}".encode("cp1252")),
        ("post.md", f"Hello,\n\n```python\n{IMPORT}\n{TEXTS['rnn_cell_backward']}```\nwhat is wrong?"),
        ("mail.txt", f"> {IMPORT}\n" + TEXTS["rnn_cell_backward"].replace("\n", "\n> ")),
        ("indented.txt", ("\n" + TEXTS["rnn_cell_backward"]).replace("\n", "\n        ")),
    ],
)
def test_what_a_file_is_is_told_by_what_is_in_it(name, content):
    assert outcomes(report(content, name)) == {"rnn_cell_backward": "passed"}


def test_helpers_come_from_the_file_and_what_is_missing_is_replaced_and_said():
    stars = f"{IMPORT}\nfrom rnn_utils import *\nfrom public_tests import *\nimport testCases_v2"
    found = report(notebook(stars, TEXTS["lstm_cell_forward"]))
    assert outcomes(found) == {"lstm_cell_forward": "passed"}
    note = (
        "`rnn_utils` is not beside mine.ipynb; its place is taken by seqgrad's own `sigmoid` and `softmax`."
    )
    assert note in found.notes
    assert "`public_tests` is not beside mine.ipynb; nothing of it is needed." in found.notes
    assert not any("does not define" in note for note in found.notes)


def test_a_module_beside_the_file_is_used_and_nothing_is_replaced(tmp_path):
    (tmp_path / "rnn_utils.py").write_text(f"{IMPORT}\n{TEXTS['softmax']}\n{TEXTS['sigmoid']}")
    path = tmp_path / "mine.ipynb"
    path.write_bytes(notebook(f"{IMPORT}\nfrom rnn_utils import *", TEXTS["lstm_cell_forward"]))
    found = check_file(path)
    assert outcomes(found)["lstm_cell_forward"] == "passed" and found.notes == ()


def test_a_function_alone_has_numpy_and_the_helpers_that_it_lacks_and_that_is_said():
    found = report(TEXTS["lstm_cell_forward"], "paste.py")
    assert outcomes(found) == {"lstm_cell_forward": "passed"}
    assert found.notes == (
        "paste.py does not import NumPy; `np` stands for it all the same.",
        "paste.py does not define `sigmoid` and `softmax`; seqgrad's own functions are used.",
    )


OTHER = TEXTS["lstm_cell_backward"].replace("lstm_cell_backward", "my_lstm_back")


@pytest.mark.parametrize("content", [OTHER, notebook(f"{IMPORT}\n{OTHER.strip()}"), notebook(IMPORT, OTHER)])
def test_a_function_of_another_name_is_hinted_at_and_checked_if_it_is_named(content):
    found = report(content)
    call = "my_lstm_back(da_next, dc_next, cache)"
    hint = f"`{call}` looks like lstm_cell_backward; if it is, check it with --name my_lstm_back=lstm_cell_"
    assert any(note.startswith(hint) for note in found.notes) and not found.passed
    named = report(content, names={"my_lstm_back": "lstm_cell_backward"})
    assert outcomes(named) == {"lstm_cell_backward": "passed"} and named.passed
    assert "lstm_cell_backward: passed (your `my_lstm_back`, " in str(named)


def test_of_two_functions_the_one_that_was_named_counts():
    wrong = TEXTS["sigmoid"].replace("1 + ", "2 + ")
    both = f"{IMPORT}\n{wrong}\n{TEXTS['sigmoid'].replace('sigmoid', 'squash')}"
    assert outcomes(report(both)) == {"sigmoid": "wrong"}
    assert outcomes(report(both, names={"squash": "sigmoid"})) == {"sigmoid": "passed"}


def test_who_calls_the_exercise_by_its_own_name_still_can():
    """As where it is imported, and a version of one's own stands beside it."""
    text = f"from rnn_utils import *\n{IMPORT}\n{TEXTS['lstm_cell_forward']}"
    mine = TEXTS["softmax"].replace("softmax", "my_softmax")
    found = report(f"{text}\n{mine}", names={"my_softmax": "softmax"})
    assert outcomes(found) == {"softmax": "passed", "lstm_cell_forward": "passed"}


def test_a_function_of_the_same_name_in_another_exercise_is_not_accused():
    other = "def rnn_forward(X, Y, a0, parameters, vocab_size=27):\n    return 0, (X, Y)"
    found = report(notebook(IMPORT, other, TEXTS["sigmoid"]))
    assert outcomes(found) == {"sigmoid": "passed"} and found.passed
    assert any(note.startswith("`rnn_forward(X, Y, a0, parameters)` takes other") for note in found.notes)


def test_only_what_the_functions_need_is_run_and_within_limits():
    asked = report(notebook(IMPORT, "1 / 0", "while True:\n    pass", TEXTS["sigmoid"], "open('x', 'w')"))
    assert outcomes(asked) == {"sigmoid": "passed"} and not asked.notes
    slow = report(notebook(IMPORT, TEXTS["sigmoid"].replace("return", "while True: pass\n    return")))
    assert outcomes(slow) == {"sigmoid": "raised"}


def test_an_interface_of_the_assignments_is_named():
    clip = (
        "def clip(gradients, maxValue):\n    for name in ('dWaa', 'dWax', 'dWya', 'db', 'dby'):\n"
        "        np.clip(gradients[name], -maxValue, maxValue, out=gradients[name])\n    return gradients\n"
    )
    found = report(notebook(IMPORT, clip))
    assert outcomes(found) == {"clip": "passed"}
    assert "notebook on names, where the bias gradient has the key `db`." in str(found)


def test_an_old_table_in_a_notebook_is_named_with_its_version():
    table = (
        '<table><tr><td>**gradients["dxt"][1][2]** =</td><td>-0.460564103059</td></tr>'
        '<tr><td>**gradients["da_prev"][2][3]** =</td><td>0.0842968653807</td></tr></table>'
    )
    content = json.loads(notebook(IMPORT, TEXTS["rnn_cell_backward"]))
    content["cells"].append({"cell_type": "markdown", "metadata": {}, "source": table})
    found = report(json.dumps(content))
    assert outcomes(found) == {"rnn_cell_backward": "passed"}
    assert any("those of the assignment's versions 1 to 3" in note for note in found.notes)


@exhaustive
def test_known_mistakes_are_found_in_a_notebook_from_elsewhere():
    for identity in ("no_recurrence", "tanh_c_prev", "db_axis0"):
        function, _, *changes = MISTAKES[identity]
        text = TEXTS[function]
        for before, after in changes:
            text = text.replace(before, after)
        helpers = [TEXTS[name] for name in ("sigmoid", "lstm_cell_backward") if name != function]
        found = report(notebook(IMPORT, *helpers, text))
        assert outcomes(found)[function] == "wrong" and found.verdicts[0].exercise == function


def test_a_notebook_without_functions_is_read_for_what_its_cells_have_printed():
    printed = 'gradients["dxt"][1][2] = -1.3872130506020925\ngradients["dba"][4] = [0.20023491]\n'
    content = json.loads(notebook("test()"))
    content["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [printed]}]
    assert outcomes(report(json.dumps(content))) == {"rnn_cell_backward": "passed"}


@pytest.mark.parametrize("content", ["", "{}", "<html>", "\0\1\2", "[" * 100_000, "import os", "x = ("])
def test_what_holds_nothing_is_said_in_sentences(content):
    found = report(content)
    assert not found.passed and str(found).strip()


# The call.


@pytest.fixture
def files(tmp_path):
    """Return paths of a right file, a wrong one, and printed lines."""
    texts = {"right.py": TEXTS["sigmoid"], "wrong.py": TEXTS["sigmoid"].replace("1 +", "2 +")}
    texts["post.txt"] = 'gradients["dba"][4] = [0.20023491]\ngradients["dxt"][1][2] = -1.3872130506'
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {name.partition(".")[0]: str(tmp_path / name) for name in texts}


def test_the_exit_code_says_whether_all_is_right(files, capsys):
    assert main([files["right"]]) == 0
    assert main([files["right"], files["post"]]) == 0
    assert main([files["right"], files["wrong"]]) == 1
    assert main([files["right"], "none.py"]) == 2
    assert main([]) == 2 and main(["--what"]) == 2
    assert main([files["right"], "--name", "sigmoid"]) == 2
    assert main([files["right"], "--name", "squash=sigmoid"]) == 2
    assert main([files["right"], "--name", "sigmoid=sigmoyd"]) == 2
    errors = capsys.readouterr().err
    assert "none.py cannot be read: No such file or directory." in errors
    assert "right.py defines no function squash." in errors and "do you mean sigmoid=sigmoid?" in errors


def test_several_files_have_a_heading_each_and_cards_are_one_page(files, tmp_path, capsys):
    page = tmp_path / "cards.html"
    assert main([files["right"], files["wrong"], "--html", str(page)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert "right.py" in out and "wrong.py" in out
    text = page.read_text(encoding="utf-8")
    assert text.count('role="group"') == 2 and "http" not in text and text.startswith("<!DOCTYPE html>")


def test_a_notebook_comes_from_standard_input_too(monkeypatch, capsys):
    piped = types.SimpleNamespace(buffer=io.BytesIO(notebook(IMPORT, TEXTS["sigmoid"])))
    monkeypatch.setattr(sys, "stdin", piped)
    assert main(["-"]) == 0
    assert "sigmoid: passed (standard input, cell 2)" in capsys.readouterr().out


def test_in_a_notebook_check_takes_the_name_of_a_file(files, tmp_path):
    found = check(files["wrong"])
    assert outcomes(found) == {"sigmoid": "wrong"} and 'role="group"' in found._repr_html_()
    assert outcomes(check(tmp_path / "right.py")) == {"sigmoid": "passed"}
    assert "cannot be read" in str(check("none.ipynb"))
    assert "give the function itself" in str(check("sigmoid"))
    assert json.loads(json.dumps(found.to_dict()))["verdicts"][0]["outcome"] == "wrong"


def test_it_needs_numpy_alone(tmp_path):
    """With prompts and magics, for which there is no IPython here; nothing of the kind is imported."""
    path = tmp_path / "mine.ipynb"
    path.write_bytes(notebook(f"%matplotlib inline\n{IMPORT}", ">>> x = 1\n>>> y = 2", TEXTS["sigmoid"]))
    script = (
        "import sys\n"
        "for name in ('IPython', 'nbformat', 'jupytext', 'matplotlib'): sys.modules[name] = None\n"
        f"from seqgrad.check.__main__ import main; code = main([{str(path)!r}])\n"
        "print(code, [name for name in sys.modules if name.partition('.')[0] in ('tools', 'nbformat')][1:])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr
