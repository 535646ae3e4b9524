"""An exercise of a new family, added to a copy of the project as CONTRIBUTING.md says, in three places."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from seqgrad.check.exercises import list_exercises
from seqgrad.check.reading.stub import cut_function
from tests.marks import exhaustive
from tools.environment import ROOT
from tools.release.locks import KEPT, find_locks

MATHEMATICS = '''\
"""RMS normalization: every column in units of its own size.

Forward:   x, gain  ->  y, cache.
Backward:  dy, cache  ->  a dict of gradients.
"""

import numpy as np

from seqgrad.shapes import takes

CACHE = (("x", "n m"), ("gain", "n 1"), ("r", "1 m"))


@takes(x="n m", gain="n 1")
def rms_norm_forward(x, gain):
    """Divide every column by its root mean square, and multiply every row by its gain."""
    # The root of each column's mean square; a little is added, so that it is never zero.
    r = np.sqrt((x**2).mean(axis=0, keepdims=True) + 1e-5)

    # Each column in units of it, each row times its gain.
    y = gain * x / r

    # What the backward pass will need: the input, the gain and the root.
    cache = (x, gain, r)

    return y, cache


@takes(dy="n m", cache=CACHE)
def rms_norm_backward(dy, cache):
    """Pull a gradient back through the normalization."""
    x, gain, r = cache

    # The gain of a row meets all its columns.
    dgain = (dy * x / r).sum(axis=1, keepdims=True)

    # From the output to the input: straight, and through the root, to which the whole column belongs.
    dn = gain * dy
    dx = dn / r - x * (dn * x).mean(axis=0, keepdims=True) / r**3

    return {"dx": dx, "dgain": dgain}
'''

RECORD = '''\
"""The exercises on RMS normalization."""

import numpy as np

from seqgrad import rms_norm
from seqgrad.check.exercises.draw import draw_like
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call


def make_calls(seeded):
    """Return calls: the typical case; one example; other sizes."""
    calls = []
    cases = ((1, "", 5, 7), (2, "With one example, ", 5, 1), (3, "With three rows, ", 3, 4))
    for seed, label, n, m in cases:
        rng = np.random.default_rng(seeded(seed))
        calls.append(Call((rng.standard_normal((n, m)), 2 + rng.random((n, 1))), label))
    return calls


def make_calls_back(seeded):
    """Return the same calls for the way back."""
    calls = []
    for number, call in enumerate(make_calls(seeded), 10):
        y, cache = rms_norm_forward.function(*call.arguments)
        calls.append(Call((draw_like(y, seeded(number)), cache), call.label))
    return calls


rms_norm_forward = Exercise(
    "rms_norm_forward",
    rms_norm.rms_norm_forward,
    make_calls,
    returns=("y", "cache"),
    cache=rms_norm.CACHE,
    words={"r": ("root mean square", "The root mean square")},
)
rms_norm_backward = Exercise(
    "rms_norm_backward",
    rms_norm.rms_norm_backward,
    make_calls_back,
    forward=rms_norm_forward,
    cache=rms_norm.CACHE,
)
'''

CHAPTER = """\
# %% [markdown]
# # Keep every column to one size
#
# Each exercise is one function.

# %%
import numpy as np

from seqgrad import rms_norm
from seqgrad.check import check

# %% exercise="rms_norm_forward" points=10
from seqgrad.rms_norm import rms_norm_forward

# %%
check(rms_norm_forward)

# %% exercise="rms_norm_backward" points=15
from seqgrad.rms_norm import rms_norm_backward

# %%
check(rms_norm_backward)

# %%
y, cache = rms_norm.rms_norm_forward(np.array([[3.0], [4.0]]), np.ones((2, 1)))
print(y.ravel())
"""

PLACES = {
    "seqgrad/rms_norm.py": MATHEMATICS,
    "seqgrad/check/exercises/rms_norm.py": RECORD,
    "notebooks/source/13_rms_norm.py": CHAPTER,
}

# What a check says in the copy: in the cells of both notebooks, of a wrong forward pass that feeds a right
# backward one, and of every one-token edit.
CHECKED = """
import json, sys
from pathlib import Path
from seqgrad import rms_norm
from seqgrad.check import check
from tests.learners import edits

def run(variant):
    home, said = {}, []
    path = Path("notebooks") / variant / "13_rms_norm.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and source.startswith("check("):
            said.append(str(eval(source, home)))
        elif cell["cell_type"] == "code":
            exec(source, home)
    return said

text = Path(rms_norm.__file__).read_text(encoding="utf-8")
wrong = dict(vars(rms_norm))
forward = text.replace("(x**2).mean(axis=0", "(x**2).sum(axis=0")
edits.compiled(forward, "rms_norm_forward", wrong)
edits.compiled(text, "rms_norm_backward", wrong)
blamed = check(wrong["rms_norm_backward"])
verdicts = []
for name in ("rms_norm_forward", "rms_norm_backward"):
    for edit in edits.edits_of(text, name):
        verdict = check(edits.compiled(edit.source, name, dict(vars(rms_norm))))
        exact = bool(verdict.findings) and verdict.findings[0].exact
        verdicts.append((verdict.outcome, exact, verdict.fault))
print(json.dumps([run("exercises"), run("solutions"), (blamed.culprit, str(blamed)), verdicts]))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a copy of the project with the exercises of a new family in it."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("seqgrad", "tools", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "notebooks/source", copy / "notebooks/source")
    for path in (*ROOT.iterdir(), *ROOT.glob("notebooks/*.md")):
        if path.is_file() and not path.name.startswith("."):
            shutil.copy(path, copy / path.relative_to(ROOT))
    for name, text in PLACES.items():
        assert not (copy / name).exists()
        (copy / name).write_text(text, encoding="utf-8")
    return copy


def run(project, *command):
    """Run Python in the copy, and return what it prints."""
    done = subprocess.run([sys.executable, *command], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_contributing_names_the_places():
    words = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for place in PLACES:
        assert f"`{place.rpartition('/')[0]}/`" in words


@exhaustive
def test_a_new_family_is_built_checked_and_diagnosed(project):
    assert "wrote notebooks/exercises/13_rms_norm.ipynb" in run(project, "-m", "tools", "build")
    exercises, solutions, (culprit, blamed), verdicts = json.loads(
        run(project, "-c", CHECKED).splitlines()[-1]
    )
    assert exercises == ["rms_norm_forward: not attempted", "rms_norm_backward: not attempted"]
    assert solutions == ["rms_norm_forward: passed", "rms_norm_backward: passed"]
    assert culprit == "rms_norm_forward" and "The root mean square takes the sum" in blamed

    wrong = [exact for outcome, exact, _ in verdicts if outcome == "wrong"]
    assert len(verdicts) > 70 and sum(outcome == "passed" for outcome, *_ in verdicts) < 0.1 * len(verdicts)
    assert sum(wrong) > 0.85 * len(wrong)
    assert not [fault for *_, fault in verdicts if fault]


def hand_in(project, student, text):
    """Put the released notebook into a student's folder, with the functions of a module filled in."""
    (archive,) = project.glob("dist/*.zip")
    with zipfile.ZipFile(archive) as held:
        (name,) = (name for name in held.namelist() if name.endswith("13_rms_norm.ipynb"))
        notebook = json.loads(held.read(name))
        assert not [name for name in held.namelist() if "check/naming" in name]
    for cell in notebook["cells"]:
        if exercise := cell["metadata"].get("exercise"):
            cell["source"] = cut_function(text, exercise)
    folder = project / "submissions" / student
    folder.mkdir(parents=True)
    (folder / "13_rms_norm.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@exhaustive
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("shown")
def test_a_new_family_is_released_and_graded(project):
    find_locks(tuple(exercise.name for exercise in list_exercises()), ROOT)
    shutil.copytree(ROOT / KEPT, project / KEPT)  # a new family leaves those of the others as they are
    run(project, "-m", "tools", "build")
    run(project, "-m", "tools", "release", "--chapters", "13")
    hand_in(project, "anna", MATHEMATICS)
    hand_in(project, "ben", MATHEMATICS.replace("(x**2).mean(axis=0", "(x**2).sum(axis=0"))
    run(project, "-m", "tools", "grade", "submissions", "--out", "results")

    anna, ben = (
        json.loads((project / "results" / f"{student}.json").read_text(encoding="utf-8"))
        for student in ("anna", "ben")
    )
    assert (anna["score"], ben["score"], ben["points"]) == (25, 15, 25)
    assert [exercise["outcome"] for exercise in ben["exercises"]] == ["wrong", "passed"]
    (finding,) = ben["exercises"][0]["verdict"]["findings"]
    assert finding["sentence"] == "The root mean square takes the sum where it should take the mean."
