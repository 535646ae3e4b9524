"""The autograder grades a submission where Gradescope puts it, and writes what Gradescope reads."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.marks import exhaustive
from tools import bubblewrap
from tools.course import chapters
from tools.gradebook.autograder import find_student
from tools.release import gradescope, notebooks, verify
from tools.students import roster

ROOT = Path(__file__).parents[2]
SECRET = bytes(range(32))
PLAN = notebooks.plan_release(ROOT, ["02"])
FUNCTIONS = verify.read_sources(ROOT)
STUDENTS = (roster.Student("anna"), roster.Student("ben"))


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """Return the folder of a container in which an autograder was unpacked."""
    folder = tmp_path_factory.mktemp("container")
    path = folder / f"{PLAN.folder}-gradescope.zip"
    gradescope.write_autograder(ROOT, PLAN, STUDENTS, SECRET, 3, path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "autograder/source")
        for entry in archive.infolist():
            (folder / "autograder/source" / entry.filename).chmod(entry.external_attr >> 16)
    return folder / "autograder"


def handed_in(autograder, functions, email="anna@uni.edu", **variables):
    """Hand in chapter 2 with these functions; return the results."""
    (notebook,) = notebooks.make_notebooks(ROOT, PLAN, own=True).values()
    for cell in notebook.cells:
        cell.source = functions.get(cell.metadata.get("exercise"), cell.source)
    return run(
        autograder, {"02_rnn_forward.ipynb": chapters.to_texts(notebook)[".ipynb"]}, email, **variables
    )


def run(autograder, files, email="anna@uni.edu", **variables):
    """Run the autograder on files as Gradescope does; return the results."""
    shutil.rmtree(autograder / "submission", ignore_errors=True)
    (autograder / "submission").mkdir()
    for name, text in files.items():
        (autograder / "submission" / name).write_text(text)
    metadata = {"id": 7, "users": [{"email": email, "id": 1, "name": "Anna Ash"}]}
    (autograder / "submission_metadata.json").write_text(json.dumps(metadata))
    (autograder / "results").mkdir(exist_ok=True)
    (autograder / "results/results.json").unlink(missing_ok=True)
    path = f"{bubblewrap.find().parent}{os.pathsep}{os.environ['PATH']}"  # which setup.sh has put there
    alone = {"PATH": path, "AUTOGRADER": str(autograder), "PYTHON": sys.executable, **variables}
    done = subprocess.run([autograder / "source/run_autograder"], env=alone, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads((autograder / "results/results.json").read_text())


def test_what_gradescope_needs_is_at_the_root_and_can_be_executed(autograder):
    source = autograder / "source"
    for name in ("setup.sh", "run_autograder"):
        assert os.access(source / name, os.X_OK)
        assert subprocess.run(["bash", "-n", source / name]).returncode == 0
    pins = re.findall(r"\w+==[\d.]+", (source / "setup.sh").read_text())
    assert [pin.split("==")[0] for pin in pins] == ["jupytext", "nbformat", "numpy", "pyyaml"]
    assert set(pins) <= set((ROOT / "requirements.lock").read_text().split())


def test_a_right_submission_has_all_points(autograder):
    results = handed_in(autograder, FUNCTIONS)
    assert results["score"] == 20 and len(results["tests"]) == 2
    for number, test in enumerate(results["tests"], 1):
        assert test["number"] == str(number) and test["status"] == "passed"
        assert test["score"] == test["max_score"] == 10
        assert test["visibility"] == "visible"


@exhaustive
def test_a_wrong_function_costs_its_own_points_and_says_why(autograder):
    wrong = FUNCTIONS["rnn_cell_forward"].replace("Waa @ a_prev + ba", "Waa @ a_prev")
    results = handed_in(autograder, FUNCTIONS | {"rnn_cell_forward": wrong})
    first, second = results["tests"]
    assert 0 <= first["score"] < 10 and first["status"] == "failed"
    assert "ba" in first["output"] and second["score"] == 10
    assert results["score"] == first["score"] + second["score"]


@exhaustive
def test_a_stub_has_no_points(autograder):
    results = handed_in(autograder, {})
    assert results["score"] == 0
    assert all("not attempted" in test["output"] for test in results["tests"])


@pytest.fixture
def without_bubblewrap(tmp_path):
    """Return a PATH on which the scripts of an autograder run, and no sandbox is."""
    for name in ("bash", "env"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return str(tmp_path)


def test_where_no_sandbox_can_be_made_nothing_runs_and_there_is_no_score(autograder, without_bubblewrap):
    spy = autograder / "it-ran"
    text = FUNCTIONS["rnn_cell_forward"] + f"\nopen({str(spy)!r}, 'w').close()\n"
    results = handed_in(autograder, FUNCTIONS | {"rnn_cell_forward": text}, PATH=without_bubblewrap)
    assert not {"score", "tests"} & set(results) and not spy.exists()
    assert results["output"].startswith("This submission has not been graded: no sandbox can be made")


@exhaustive
def test_only_an_autograder_made_so_does_without_a_sandbox(autograder, without_bubblewrap, tmp_path):
    gradescope.write_autograder(ROOT, PLAN, STUDENTS, SECRET, 3, tmp_path / "unsafe.zip", unsafe=True)
    before = (autograder / "source/release.json").read_text()
    with zipfile.ZipFile(tmp_path / "unsafe.zip") as archive:
        archive.extract("release.json", autograder / "source")
    results = handed_in(autograder, FUNCTIONS, PATH=without_bubblewrap)
    (autograder / "source/release.json").write_text(before)
    assert results["score"] == 20 and "sandbox" in results["output"]


@exhaustive
def test_without_a_notebook_a_sentence_says_what_is_missing(autograder):
    results = run(autograder, {"essay.pdf": "%PDF"}, email="zoe@uni.edu")
    assert results["score"] == 0 and results["output"]


@pytest.mark.parametrize(
    ("user", "id"),
    [
        ({"email": "anna@uni.edu", "name": "Anna Ash"}, "anna"),
        ({"email": "a@uni.edu", "sid": "ben"}, "ben"),
        ({"email": "zoe@uni.edu"}, "zoe@uni.edu"),
        ({}, "student"),
    ],
)
def test_a_student_is_known_by_number_address_or_name(user, id):
    assert find_student({"users": [user]}, STUDENTS) == id
    assert find_student({}, STUDENTS) == "student"
    assert find_student({"users": [{"sid": "S1"}]}, [roster.Student("a1", ids=("a1", "s1"))]) == "a1"


def test_the_secret_stays_at_home(autograder):
    for path in autograder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert SECRET not in data and SECRET.hex().encode() not in data
