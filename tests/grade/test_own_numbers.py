"""Whoever hands in under any of their ids gets the numbers that were drawn for them."""

from dataclasses import replace

import pytest

from tools.course.chapters import Exercise
from tools.grade.collect import Submission, collect
from tools.grade.mark import Grader, find_numbers
from tools.release import label, notebooks
from tools.students import numbers
from tools.students.roster import read_roster

SECRET = bytes(range(32))
ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section
"Ash, Anna",101,u1,anna@uni.edu,A
"Bo, Ben",102,u2,,A
"Zo\u0308e",103,anna,zoe,A
"""


@pytest.fixture
def grader(tmp_path):
    """Return a grader of a release to the class, as `grade` has it from release.json."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    students = read_roster(tmp_path / "roster.csv").students
    plan = notebooks.Plan(("01_activations",), (), ())
    (tmp_path / label.NAME).write_text(label.format_label(plan, students, "", "", 7), encoding="utf-8")
    release = label.read_label(tmp_path)
    asked = (Exercise("softmax", "01_activations", 5, "1.1"),)
    return Grader("seqgrad 01", asked, (), SECRET, release.students, sets=release.sets)


def numbers_of(id):
    return {"softmax": numbers.draw_own(SECRET, id, "softmax", 7)}, []


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("ashanna_101_678901_04_lstm_forward.ipynb", "anna@uni.edu"),
        ("boben_LATE_102_678901_04_lstm_forward.ipynb", "102"),
        ("ZOE_04_lstm_forward.ipynb", "zoe"),
        ("Anna@uni.edu/04.ipynb", "anna@uni.edu"),
        ("u2 /04.ipynb", "102"),
        ("zo\u00eb_103_678901_04.ipynb", "zoe"),
    ],
)
def test_a_download_of_canvas_and_a_folder_find_their_student(grader, tmp_path, name, id):
    path = tmp_path / "submitted" / name
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    (submission,) = collect(tmp_path / "submitted")
    assert find_numbers(grader, submission) == numbers_of(id)


@pytest.mark.parametrize(
    ("student", "what"), [("carla", "is not in"), ("zo\u0308e_anna", "is not in"), ("", "is not in")]
)
def test_who_is_not_in_the_roster_has_the_numbers_of_the_course_and_a_note(grader, student, what):
    own, notes = find_numbers(grader, Submission(student, ()))
    assert own == {}
    assert notes == [f"{student} {what} the roster of this release: its own numbers are not known."]


def test_an_id_of_two_students_is_said(grader):
    both = replace(grader, students=(*grader.students, replace(grader.students[0], id="anna")))
    own, (note,) = find_numbers(both, Submission("101", ()))
    assert own == {} and note.startswith("101 may be anna@uni.edu or anna in the roster")


def test_without_a_roster_all_have_the_numbers_of_the_course(grader):
    assert find_numbers(replace(grader, students=None), Submission("anna", ())) == ({}, [])


def test_a_release_of_an_older_version_knows_its_students_by_one_id(tmp_path):
    (tmp_path / label.NAME).write_text('{"chapters": ["01"], "students": ["anna"], "digest": "5e"}')
    (anna,) = label.read_label(tmp_path).students
    assert (anna.id, anna.ids) == ("anna", ("anna",))
