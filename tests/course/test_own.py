"""A course in a folder of one's own: the guide's, from three files to a graded class; folders that are none.

Its session is run once; what is asked of it is asked of what that left.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from seqgrad.check import check, course
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import draw_calls
from seqgrad.check.reading.extract import extract
from seqgrad.check.reading.needed import is_of_a_course
from tests.marks import exhaustive
from tools import Refusal
from tools.course import folder, option, place
from tools.grade import grade
from tools.release import gradescope, notebooks, verify
from tools.site import session
from tools.writing import write

TEXT = session.OWN_GUIDE.read_text(encoding="utf-8")
FILES = dict(session.FILE.findall(TEXT))
MODULE, RECORDS, CHAPTER = FILES
NAMES = ["batch_norm_forward", "batch_norm_backward"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder in which the session of the guide was run, and the page as it then was."""
    above = tmp_path_factory.mktemp("guide")
    return above, session.record_own_page(TEXT, above)


@pytest.fixture(scope="module")
def unpacked(made, tmp_path_factory):
    """Return the release of the guide, unpacked."""
    with zipfile.ZipFile(made[0] / "norms/dist/norms-01.zip") as archive:
        archive.extractall(place := tmp_path_factory.mktemp("unpacked"))
    return place / "norms-01"


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return the root of the guide's course as it is written, and forget its modules when the test ends."""
    for name, text in FILES.items():
        write(tmp_path / name, text)
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield tmp_path / "norms"
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def root(written):
    """Return the root of the guide's course, on Python's path."""
    return folder.read_course(written)


def run(place, *command):
    """Run Python in a folder that holds seqgrad and tools."""
    alone = os.environ | {"PYTHONPATH": str(place)}
    return subprocess.run([sys.executable, *command], cwd=place, env=alone, capture_output=True, text=True)


# The guide.


@exhaustive
@pytest.mark.usefixtures("shown")
def test_everything_on_the_page_prints_what_stands_there(made):
    assert made[1].splitlines() == TEXT.splitlines()


def test_the_page_shows_the_whole_way_from_three_files():
    commands = re.findall(r"^\$ python3 -m tools (\w+)", TEXT, re.M)
    assert commands == ["build", "validate", "release", "grade", "gradebook"]
    assert [Path(name).name for name in FILES] == ["batch_norm.py", "seqgrad_records.py", "01_batch_norm.py"]


@exhaustive
def test_a_release_of_it_holds_what_a_student_needs_and_no_answer(unpacked):
    files = {
        path.relative_to(unpacked).as_posix(): path.read_bytes()
        for path in unpacked.rglob("*")
        if path.is_file()
    }
    ours = {name for name in files if not name.startswith(("seqgrad/", "tools/"))}
    notes = [
        f"notebooks/exercises/{name}.{end}"
        for name in ("00_start", "01_batch_norm")
        for end in ("ipynb", "py")
    ]
    assert ours == {
        *("LICENSE", "README.md", "environment.yml", "pyproject.toml", "requirements.lock"),
        *("batch_norm.py", "seqgrad_records.py", "notebooks/exercises.json", *notes),
    }
    assert not [name for name in files if "naming" in name or "release.py" in name]
    functions = {name: verify.chapters.cut_function(FILES[MODULE], name) for name in NAMES}
    hidden = verify.list_secrets(functions, NAMES)
    assert len(hidden.lines) > 8
    verify.refuse_answers({name: files[name] for name in ours}, hidden)
    readme = files["README.md"].decode()
    assert readme.startswith("# norms 01\n") and "`batch_norm` has no copy of the functions" in readme


@exhaustive
def test_in_the_release_a_check_says_what_the_feedback_will(made, unpacked):
    before = run(unpacked, "-m", "tools", "check").stdout
    assert before.endswith("0 of 25 points. Next: python3 -m tools lab\n")
    shutil.copy(made[0] / "submissions/bela/01_batch_norm.ipynb", unpacked / "notebooks/exercises")
    said = run(unpacked, "-m", "tools", "check").stdout
    (page,) = (made[0] / "feedback").glob("bela*")
    for sentence in (
        "centered is taken along axis 0; it should be along axis 1.",
        "dx lacks the term through_std.",
    ):
        assert sentence in said.replace("`", "")
        assert sentence in re.sub(r"<[^>]*>|`", "", page.read_text(encoding="utf-8"))


@exhaustive
def test_what_was_handed_in_has_its_points(made):
    results = {path.stem: json.loads(path.read_text()) for path in (made[0] / "results").glob("*.json")}
    assert {student: (one["score"], one["points"]) for student, one in results.items()} == {
        "ada": (25, 25),
        "bela": (10, 25),
        "chen": (10, 25),
    }
    assert {one["assignment"]["title"] for one in results.values()} == {"norms 01"}
    credits = results["bela"]["exercises"][1]["outputs"]
    assert [(one["name"], one["credit"]) for one in credits] == [("dx", 0), ("dgamma", 1), ("dbeta", 1)]


@exhaustive
def test_the_verb_test_compares_its_solutions_and_finds_nothing(made):
    done = run(made[0] / "seqgrad", "-m", "tools", "test", "--course", "../norms")
    assert done.returncode == 0 and "notebooks  7 passed" in done.stdout, done.stdout + done.stderr


# A course on the path.


def test_its_exercises_are_known_where_it_is_on_the_path_and_nowhere_else(written):
    assert find_exercise(NAMES[0]) is None and course.find_course() is None
    folder.read_course(written)
    assert [one.name for one in folder.list_own_records(written)] == NAMES
    assert os.environ["PYTHONPATH"].split(os.pathsep)[0] == str(written)
    exercise = find_exercise(NAMES[1])
    assert check(exercise.function).outcome == "passed" and is_of_a_course("batch_norm")
    assert not is_of_a_course("numpy") and not is_of_a_course("tests.course")


def test_each_salt_draws_other_numbers_for_it(root):
    for name in NAMES:
        drawn = [draw_calls(find_exercise(name), salt)[0].arguments[0] for salt in (None, 1, 2)]
        assert len({array.tobytes() for array in drawn}) == 3 and len({array.shape for array in drawn}) == 1


@exhaustive
def test_who_hands_the_whole_release_in_is_judged_by_the_notebook(root, unpacked):
    """Its module and its records lie in it, and are the course's own."""
    names = ("batch_norm.py", "seqgrad_records.py", "notebooks/exercises/01_batch_norm.ipynb")
    files = {f"norms-01/{name}": (unpacked / name).read_bytes() for name in names}
    notebook = json.loads(files[f"norms-01/{names[2]}"])
    for cell in notebook["cells"]:
        if cell["id"] == NAMES[0]:
            cell["source"] = verify.chapters.cut_function(FILES[MODULE], NAMES[0])
    files[f"norms-01/{names[2]}"] = json.dumps(notebook).encode()
    program = extract(files, notebooks.plan_release(root, ["01"]).exercises)
    assert program.functions[NAMES[0]][0].startswith("norms-01/notebooks/exercises/01_batch_norm.ipynb")


def test_a_line_that_seqgrad_itself_shows_is_no_secret_of_it(root):
    from tools.release import release

    own = {"seqgrad/rnn.py": (folder.ROOT / "seqgrad/rnn.py").read_bytes(), "batch_norm.py": b"x"}
    assert release.leave_out_public(own, root) == {"batch_norm.py": b"x"}
    assert release.leave_out_public(own, folder.ROOT) == own


def test_an_autograder_of_it_holds_its_files_and_leaves_the_folder_as_it_was(root, tmp_path):
    before = {path: path.read_bytes() for path in root.rglob("*.py")}
    plan = notebooks.plan_release(root, ["01"])
    (root / "notebooks/solutions").mkdir()
    gradescope.write_autograder(root, plan, None, bytes(32), 0, tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        assert {"batch_norm.py", "seqgrad_records.py", CHAPTER.removeprefix("norms/")} <= set(
            archive.namelist()
        )
    assert {path: path.read_bytes() for path in root.rglob("*.py")} == before


@exhaustive
def test_a_release_is_graded_as_the_course_that_it_is_of(made):
    home = made[0] / "norms"
    arguments = ["submissions", "--release", str(home / "dist"), "--secret", str(home / "course-secret")]
    with pytest.raises(Refusal, match="was made of norms 01, and this is seqgrad 01: .* by --course FOLDER"):
        grade.make_grader(grade.parse_options(arguments))
    with pytest.raises(Refusal, match="The folder of the course norms is not on PYTHONPATH here."):
        place.locate_course("norms")
    assert place.locate_course("seqgrad") == folder.ROOT


def test_calls_that_are_the_same_for_everybody_are_not_released(written):
    text = FILES[RECORDS].replace("    make_calls,\n", "    [call.arguments for call in make_calls(int)],\n")
    write(written / "seqgrad_records.py", text)
    root = folder.read_course(written)
    folder.refuse_fixed_calls(root, NAMES[1:])
    with pytest.raises(Refusal, match="batch_norm_forward: its calls are the same for everybody, so marks"):
        folder.refuse_fixed_calls(root, NAMES)


def test_a_check_beside_records_that_cannot_be_imported_says_so(written, monkeypatch):
    write(written / "seqgrad_records.py", "import gone\n")
    monkeypatch.syspath_prepend(str(written))
    text = str(check(lambda x: x, "batch_norm_forward"))
    assert text.endswith(
        "seqgrad_records.py cannot be imported: ModuleNotFoundError: No module named 'gone'."
    )


def test_sizes_that_are_the_same_are_remarked(written):
    text = FILES[RECORDS].replace("n_x=5, m=7", "n_x=5, m=5").replace("n_x=3, m=1", "n_x=1, m=1")
    write(written / "seqgrad_records.py", text)
    first, *_ = folder.list_remarks(folder.read_course(written))
    assert first.startswith("norms/seqgrad_records.py, batch_norm_forward: In all calls two axes of `x` have")


# What is no course.

GONE = ""
CASES = {
    "no chapter": (
        {CHAPTER: GONE},
        "norms has no chapter: write one, as .*norms/notebooks/source/01_name.py.",
    ),
    "no module": (
        {MODULE: GONE},
        "source/01_batch_norm.py, cell 3: exercise batch_norm_forward comes from batch_norm, and there is no "
        "such file.",
    ),
    "a function that is not in it": (
        {MODULE: ("def batch_norm_backward", "def backward")},
        "exercise batch_norm_backward in batch_norm.py: there is no function batch_norm_backward, only",
    ),
    "no records": (
        {RECORDS: GONE},
        "the exercise batch_norm_forward has no record; make one in norms/seqgrad_records.py.",
    ),
    "no record of one": (
        {RECORDS: ('"batch_norm_backward"', '"backward"')},
        "the exercise batch_norm_backward has no record; make one in norms/seqgrad_records.py.",
    ),
    "a record whose module is missing": (
        {RECORDS: ("import batch_norm", "import batch_norm, gone")},
        "norms/seqgrad_records.py cannot be imported: ModuleNotFoundError: No module named 'gone'.",
    ),
    "records that are no Python": (
        {RECORDS: ("def draw(", "def draw")},
        "A module of norms is no Python: line 9: ",
    ),
    "a name of an exercise of ours": (
        {
            RECORDS: (
                "forward = Exercise(",
                "softmax = Exercise('softmax', np.exp, make_calls)\nforward = Exercise(",
            )
        },
        "norms/seqgrad_records.py: seqgrad itself has an exercise called softmax; give yours another name.",
    ),
    "another function": (
        {
            RECORDS: (
                "    batch_norm.batch_norm_forward,\n",
                "    lambda x, gamma, beta, epsilon=1: (x, gamma),\n",
            )
        },
        "its function is not batch_norm.batch_norm_forward, which 01_batch_norm.py imports.",
    ),
    "no calls": (
        {RECORDS: ("    make_calls,\n", "    [],\n")},
        "cannot be imported: ValueError: batch_norm_forward has no calls: give at least one tuple of",
    ),
    "no calls are drawn": (
        {RECORDS: ("    make_calls,\n", "    lambda seeded: [],\n")},
        "batch_norm_forward: its calls cannot be drawn: ValueError: batch_norm_forward has no calls: give at",
    ),
    "a reference that changes its arguments": (
        {MODULE: ("    centered = x - np", "    x -= 1\n    centered = x - np")},
        "batch_norm_forward: On call 0, the right function changed its argument `x`: let it work on a copy.",
    ),
    "a reference that is not finite": (
        {MODULE: ("+ epsilon)", "- 1e9)")},
        "batch_norm_forward: On call 0, the right function gave nan or inf in `out`: give it other",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), CASES.values(), ids=CASES)
def test_a_folder_that_is_no_course_gets_one_sentence(written, changes, sentence):
    for name, change in changes.items():
        path = written.parent / name
        if change == GONE:
            path.unlink()
        else:
            assert change[0] in FILES[name]
            write(path, FILES[name].replace(*change))
    with pytest.raises(Refusal) as refused, np.errstate(all="ignore"):
        folder.read_course(written)
    assert re.search(sentence.replace("(", r"\("), str(refused.value)), refused.value


@pytest.mark.parametrize("name", ["random", "numpy", "tools"])
def test_a_module_of_a_name_that_is_taken_is_refused(written, name):
    for path, text in FILES.items():
        write(
            written.parent / path,
            text.replace("import batch_norm\n", f"import {name}\n").replace(
                "from batch_norm", f"from {name}"
            ),
        )
    (written / "batch_norm.py").rename(written / f"{name}.py")
    with pytest.raises(
        Refusal, match=f"^norms/{name}.py: a module {name} is there already; give it another name."
    ):
        folder.read_course(written)


def test_a_folder_that_is_not_there_and_one_that_is_called_like_the_project_are_refused(written):
    with pytest.raises(Refusal, match="^--course nowhere: there is no such folder.$"):
        option.read_course("nowhere")
    shutil.copytree(written, written.parent / "seqgrad")
    with pytest.raises(
        Refusal, match="is called like the project's own seqgrad; give the folder another name.$"
    ):
        folder.read_course(written.parent / "seqgrad")


def test_without_a_course_nothing_is_looked_for():
    assert folder.list_own_records(folder.ROOT) == [] and course.find_course() is None
    assert option.say_course(folder.ROOT) == "" and len(list_exercises()) > 20
