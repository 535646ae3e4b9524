"""The verbs on a copy of the project: what they store, what they let pass, and what they catch and name."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.marks import exhaustive
from tools import Refusal
from tools.course import build, chapters, pairs
from tools.course import test as verb
from tools.writing import write

ROOT = Path(__file__).parent.parent

CHAPTER = """\
# %% [markdown]
# # One step back

# %%
import numpy as np

from seqgrad.check import check
from seqgrad.lstm import lstm_cell_backward

# %% exercise="lstm_backward" points=20
from seqgrad.lstm import lstm_backward

# %%
check(lstm_backward)

# %%
print("first")
print("second", np.float64(0.12345).round(3))
"a result"
"""


@pytest.fixture(scope="module")
def validated(tmp_path_factory):
    """Return a copy of the project with one small chapter, validated, and what validate said."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("seqgrad", "tools", "tests"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    write(root / "notebooks/source/01_back.py", CHAPTER)
    return root, call(root, "validate")


@pytest.fixture
def root(validated, tmp_path):
    """Return a copy of the validated project to break something in."""
    return shutil.copytree(validated[0], tmp_path / "project")


def call(root, *arguments):
    """Run a verb in a project, as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "tools", *arguments], cwd=root, capture_output=True, text=True
    )


def edit(path, old, new):
    """Replace one text in a file."""
    text = pairs.read(path)
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {path.name}"
    write(path, text.replace(old, new))


def solution(root):
    return chapters.read_notebook(pairs.read(root / "notebooks/solutions/01_back.ipynb"), ".ipynb")


def test_validate_runs_both_variants_and_says_what_is_next(validated):
    root, done = validated
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    for variant in ("exercises", "solutions"):
        assert any(re.match(rf"notebooks/{variant}/01_back.ipynb: ran in [\d.]+ s", line) for line in lines)
    assert re.fullmatch(r"3 notebooks in \d+ s, all of them right. Next: python3 -m tools test", lines[-1])


def test_validate_stores_what_solutions_print_and_leaves_exercises_empty(validated):
    root, _ = validated
    cells = pairs.list_code_cells(solution(root))
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4]
    assert [output.output_type for output in cells[3].outputs] == ["stream", "execute_result"]
    assert cells[3].outputs[0].text == "first\nsecond 0.123\n"
    assert cells[3].outputs[1].execution_count == 4
    assert "passed" in str(cells[2].outputs)
    exercise = pairs.read(root / "notebooks/exercises/01_back.ipynb")
    assert '"outputs": []' in exercise and "not attempted" not in exercise


@exhaustive
def test_validate_gives_the_same_bytes_again_and_test_finds_nothing(root):
    before = pairs.read(root / "notebooks/solutions/01_back.ipynb")
    assert call(root, "validate").returncode == 0
    assert pairs.read(root / "notebooks/solutions/01_back.ipynb") == before
    done = call(root, "test", "tests/test_rnn.py", "notebooks/solutions")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^=+ \d+ passed in ", done.stdout, re.MULTILINE)
    *_, built, tests, notebooks, left_out, last = done.stdout.splitlines()
    assert built == "build      0 files out of date"
    assert re.fullmatch(r"tests      \d+ passed", tests)
    assert notebooks == "notebooks  4 passed; 0 cells are run without being compared"
    assert left_out == "left out   the exhaustive sets; python3 -m tools test --all runs them, too"
    assert last == "Nothing failed. Next: commit; or python3 -m tools lab opens the exercises."


@exhaustive
def test_validate_names_the_cell_that_fails_and_the_check_that_says_something_else(root):
    edit(root / "notebooks/source/01_back.py", 'print("first")', 'x = {}\nx["first"]')
    silent = CHAPTER.replace("check(lstm_backward)", 'check(lstm_backward) and "fine"')
    write(root / "notebooks/source/02_silent.py", silent)
    write(root / "notebooks/source/03_gone.py", "# %%\nimport os; os._exit(1)\n")
    done = call(root, "validate")
    assert done.returncode == 1
    assert done.stderr == ""
    *problems, last = done.stdout.splitlines()
    assert set(problems[-5:]) == {
        "notebooks/exercises/03_gone.ipynb, cell [1] `import os; os._exit(1)`: its kernel died",
        "notebooks/solutions/03_gone.ipynb, cell [1] `import os; os._exit(1)`: its kernel died",
        "notebooks/exercises/01_back.ipynb, cell [4] `x = {}`: KeyError: 'first'",
        "notebooks/solutions/01_back.ipynb, cell [4] `x = {}`: KeyError: 'first'",
        'notebooks/exercises/02_silent.ipynb, cell [3] `check(lstm_backward) and "fine"`: '
        "it does not say `not attempted`",
    }
    assert last.endswith("problems: 5. Next: mend them in notebooks/source, and validate again.")


TESTS = """\
import subprocess, sys, time
import pytest

def test_a_program_that_is_missing():
    pytest.skip("Bread is not installed; the baker installs it")

def test_another_one_without_it():
    pytest.skip("Bread is not installed; the baker installs it")

@pytest.mark.exhaustive
def test_for_all_alone():
    pass

@pytest.mark.timeout(1)
def test_that_waits_for_ever():
    subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"])
"""


@exhaustive
def test_skips_are_counted_by_what_brings_them_and_a_test_that_hangs_says_for_what_it_waits(root):
    write(root / "tests/test_waiting.py", TESTS)
    *_, problem, built, tests, notebooks, skips, _, last = failing(root, "tests/test_waiting.py").splitlines()
    assert problem == (
        "tests/test_waiting.py::test_that_waits_for_ever was stopped; it waited in tests/test_waiting.py, "
        'line 16: `subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"])`'
    )
    assert (tests, notebooks.partition(";")[0]) == ("tests      1 failed, 2 skipped", "notebooks  none ran")
    assert skips == "skipped    2 tests: Bread is not installed; the baker installs it"
    assert last == "FAILED, problems: 1. Next: mend what is named above."


@exhaustive
def test_all_adds_the_exhaustive_tests_which_alone_are_no_test_otherwise(root):
    write(root / "tests/test_waiting.py", TESTS)
    done = call(root, "test", "tests/test_waiting.py", "-k", "alone")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith(
        "FAILED: no test was run. Next: name other tests, or add --"
    )
    done = call(root, "test", "tests/test_waiting.py", "-k", "alone", "--all")
    assert done.returncode == 0, done.stdout
    assert "tests      1 passed\n" in done.stdout and "left out" not in done.stdout


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("tests/nope.py", "There is no tests/nope.py; did you mean a file below tests/?"),
        ("tests/test_rn.py::test_x", "There is no tests/test_rn.py; did you mean tests/test_rnn.py?"),
    ],
)
def test_a_path_that_is_not_there_is_refused_in_a_sentence(path, sentence):
    with pytest.raises(Refusal) as refused:
        verb.main([path])
    assert str(refused.value) == sentence


def failing(root, *arguments):
    """Run the tests of a project in which something is wrong; return what is said about it."""
    done = call(root, "test", *arguments)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("FAILED, ")
    return done.stdout


def test_a_changed_number_and_a_lost_output_are_caught_in_their_cells(root):
    notebook = solution(root)
    cells = pairs.list_code_cells(notebook)
    cells[2].outputs = []
    cells[3].outputs[0].text = "first\nsecond 0.124\n"
    write(root / "notebooks/solutions/01_back.ipynb", chapters.to_texts(notebook)[".ipynb"])
    lines = failing(root, "notebooks/solutions").splitlines()
    for cell in ("cell [3] `check(lstm_backward)`", 'cell [4] `print("first")`'):
        assert (
            f"notebooks/solutions/01_back.ipynb, {cell}: it prints something else than what is stored"
            in lines
        )
    assert lines[-1] == "FAILED, problems: 2. Next: mend what is named above."


@exhaustive
def test_a_changed_sign_in_lstm_backward_is_caught_by_the_tests_and_by_the_build(root):
    library = root / "seqgrad/lstm.py"
    edit(library, "da_next = da[:, :, t] + da_prev", "da_next = da[:, :, t] - da_prev")
    said = failing(root, "tests/test_networks.py", "-k", "carried_back_and_added_up and 0")
    assert re.search(r"^tests/test_networks.py::test_gradients\S*lstm\S* fails$", said, re.MULTILINE)
    assert "notebooks/solutions/01_back.py: out of date" in said
    assert "Next: python3 -m tools build, then mend what is named above." in said


@exhaustive
def test_a_changed_line_of_a_chapter_is_caught_until_it_is_built_and_run(root):
    before = verb.list_never_run(root)
    edit(root / "notebooks/source/01_back.py", 'print("first")', 'print("1st")')
    said = failing(root, "tests/test_rnn.py")
    for variant in ("exercises", "solutions"):
        for suffix in (".ipynb", ".py"):
            assert f"notebooks/{variant}/01_back{suffix}: out of date" in said.splitlines()
    build.build(root)
    first = "notebooks/solutions/01_back.ipynb, cell [1] `import numpy as np`"
    assert (before, verb.list_never_run(root)) == ([], [f"{first}: 4 cells from here on were never run"])
