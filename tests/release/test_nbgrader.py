"""The real nbgrader takes the notebooks of a release: it generates, validates and grades them."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from tests.marks import exhaustive, missing
from tools import peers
from tools.course import chapters
from tools.release import notebooks, package, verify

ROOT = Path(__file__).parents[2]
PYTHON = peers.find_nbgrader()
PLAN = notebooks.plan_release(ROOT, ["02"])
FUNCTIONS = verify.read_sources(ROOT)
NAME = "02_rnn_forward"

pytestmark = pytest.mark.skipif(PYTHON is None, reason=missing("nbgrader"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course of nbgrader whose one assignment is a release, generated."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.ClearSolutions.enabled = False\n")
    source = folder / "source/rnn"
    source.mkdir(parents=True)
    made = notebooks.make_notebooks(ROOT, PLAN)
    (source / f"{NAME}.ipynb").write_text(chapters.to_texts(made[NAME])[".ipynb"])
    package.write_package(source, PLAN.withheld, PLAN.exercises)
    nbgrader(folder, "generate_assignment", "rnn", "--create")
    return folder


def nbgrader(folder, *arguments):
    """Run nbgrader in a course, away from the settings of whoever runs the tests; return what it says."""
    alone = {
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONWARNINGS": "ignore",
    }
    command = [PYTHON, "-m", "nbgrader", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def hand_in(course, student, functions):
    """Hand in what nbgrader released, with some functions completed; return the notebook's path."""
    folder = course / "submitted" / student / "rnn"
    shutil.copytree(course / "release/rnn", folder)
    path = folder / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = functions.get(cell.metadata.get("exercise"), cell.source)
    nbformat.write(notebook, path)
    return path


def test_what_nbgrader_releases_has_the_metadata_that_ours_has(course):
    """Checksums included: to nbgrader our release is one of its own."""
    theirs = nbformat.read(course / f"release/rnn/{NAME}.ipynb", as_version=4)
    ours = notebooks.make_notebooks(ROOT, PLAN)[NAME]
    assert [(cell.source, cell.metadata) for cell in theirs.cells] == [
        (cell.source, cell.metadata) for cell in ours.cells
    ]


@exhaustive
def test_nbgrader_validates_and_grades_what_is_handed_in(course):
    wrong = FUNCTIONS["rnn_cell_forward"].replace("Wya @ a_next + by", "Wya @ a_next")
    right = hand_in(course, "anna", FUNCTIONS)
    half = hand_in(course, "ben", FUNCTIONS | {"rnn_forward": "def rnn_forward(x, a0, parameters): ..."})
    hand_in(course, "carla", FUNCTIONS | {"rnn_cell_forward": wrong})
    hand_in(course, "dan", {})
    assert "Success! Your notebook passes all the tests." in nbgrader(course, "validate", right)
    assert "VALIDATION FAILED ON 1 CELL" in nbgrader(course, "validate", half)

    nbgrader(course, "autograde", "rnn", "--create")
    nbgrader(course, "export", "--to", "grades.csv")
    with (course / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {float(row["max_score"]) for row in rows.values()} == {20.0}
    scores = {student: float(row["score"]) for student, row in rows.items()}
    assert scores["anna"] == 20 and scores["ben"] == 10 and scores["dan"] == 0
    assert scores["carla"] == 16.67  # two of three outputs of the step are right, and the sequence is
