"""The tables for spreadsheets, Canvas and Gradescope: right cell for cell, and harmless."""

import csv
import io
import json

import pytest

from tests import results as made
from tools import Refusal
from tools.gradebook import canvas, gradescope, results, table

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section"
ROSTER = f'''\
{HEADER},Essay (770),"seqgrad 04, 05 (4242)",Final Score
,,,,,,Manual Posting,
    Points Possible,,,,,10.00,75.00,(read only)
"Meier, Anna",501,u501,anna,"Monday, 9",9.00,,90.00
"Ünal, Öykü",502,u502,oyku@example.org,A,9.00,EX,90.00
"O'Neil, Ben ""B""",503,u503,ben,A,9.00,12.00,90.00
"Gone, Gina",504,u504,gina,A,9.00,33.00,90.00
"Student, Test",599,,test,A,,,
'''


@pytest.fixture
def roster(tmp_path):
    """Return a function that reads a roster from text or bytes."""

    def read(text=ROSTER):
        path = tmp_path / "roster.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return canvas.read_exported(path)

    return read


def prepared(roster, scores, **how):
    """Return what canvas.csv gets, as rows by student."""
    return canvas.prepare_import(roster, scores, "seqgrad 04, 05", 7500, **how)


def result(**changes):
    """Return a sample as a record."""
    student = changes.pop("student", "anna")
    return results.parse_result(
        "anna", made.of(student, "y_sigmoid_from_c", absent=["lstm_backward"], **changes)
    )


def test_the_gradebook_has_a_score_and_an_outcome_for_each_exercise():
    one = result(notes=["A note.", "Another."])
    row = dict(zip(table.list_columns(one.form), table.list_values(one), strict=True))
    assert row == {
        "student": "anna",
        "lstm_cell_forward": "11.25",
        "lstm_cell_forward outcome": "wrong",
        "lstm_forward": "15.00",
        "lstm_forward outcome": "passed",
        "lstm_cell_backward": "25.00",
        "lstm_cell_backward outcome": "passed",
        "lstm_backward": "0.00",
        "lstm_backward outcome": "not attempted",
        "score": "51.25",
        "points": "75.00",
        "before lateness": "51.25",
        "handed in": "",
        "notes": 2,
        "remark": "",
    }


@pytest.mark.parametrize("student", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\n=1"])
def test_an_id_that_a_spreadsheet_would_compute_is_quoted(student):
    cell = table.list_values(result(student=student))[0]
    assert cell == "'" + student


@pytest.mark.parametrize(
    "student, cell",
    [("a;=1+1", "a;'=1+1"), ("a; +1;b", "a;' +1;b"), ("a\t=1", "a\t'=1"), ('a|"-1"', 'a|\'"-1"')],
)
def test_nor_is_a_formula_behind_a_separator_of_other_countries(student, cell):
    assert table.list_values(result(student=student))[0] == cell


@pytest.mark.parametrize("student", ["anna", "an-na", "a=b", "0042", "a@example.org", "Öykü"])
def test_any_other_id_stays_as_it_is(student):
    assert table.list_values(result(student=student))[0] == student


def test_every_row_of_marks_that_code_could_have_changed_says_so():
    assert table.list_values(result(unsafe=True))[-1] == results.UNSAFE


def test_canvas_gets_its_own_columns_and_the_scores_with_two_decimals(roster):
    found = prepared(roster(), {"anna": 4375, "ben": 7500})
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(found.rows)
    assert file.getvalue() == (
        f'{HEADER},"seqgrad 04, 05 (4242)"\n'
        "    Points Possible,,,,,75.00\n"
        '"Meier, Anna",501,u501,anna,"Monday, 9",43.75\n'
        '"Ünal, Öykü",502,u502,oyku@example.org,A,EX\n'
        '"O\'Neil, Ben ""B""",503,u503,ben,A,75.00\n'
        '"Gone, Gina",504,u504,gina,A,33.00\n'
        '"Student, Test",599,,test,A,\n'
    )
    assert found.missing == ("Ünal, Öykü (oyku@example.org)", "Gone, Gina (gina)")
    assert (found.strangers, found.remarks) == ((), ())


@pytest.mark.parametrize("student", ["anna", "ANNA", "u501", "501", "meieranna_501"])
def test_a_student_is_found_by_each_id_and_by_the_name_of_a_download(roster, student):
    found = prepared(roster(), {student: 100})
    assert found.rows[2][-1] == "1.00"
    assert found.strangers == ()


def test_who_is_not_in_the_roster_or_not_clearly_one_of_it_gets_no_score(roster):
    double = ROSTER + "Zoe,601,anna,zoe,A,,,\n"
    found = prepared(roster(double), {"anna": 100, "carla": 200, "ben": 300, "503": 400})
    assert [row[-1] for row in found.rows[2:]] == ["", "EX", "4.00", "33.00", "", ""]
    assert found.strangers == ("anna", "ben", "carla")
    assert found.remarks == (
        "anna may be Meier, Anna (anna) or Zoe (zoe): none of them was given the score.",
        '503 and ben are both O\'Neil, Ben "B" (ben), who was given the score of 503.',
    )


def test_who_is_excused_stays_so_and_is_named(roster):
    found = prepared(roster(), {"u502": 7500})
    assert found.rows[3][-1] == "EX"
    assert found.remarks == ("Excused in Canvas (EX), and left so: Ünal, Öykü (oyku@example.org).",)


@pytest.mark.parametrize("name", ["seqgrad 04, 05", "SEQGRAD  04, 05", "4242", "seqgrad 04, 05 (4242)"])
def test_an_assignment_is_found_by_title_and_by_id(roster, name):
    assert prepared(roster(), {"anna": 1}, column=name).rows[0][-1] == "seqgrad 04, 05 (4242)"


def test_an_assignment_of_another_name_has_to_be_told(roster):
    with pytest.raises(Refusal, match=r"has no assignment 'Esay'; did you mean 'Essay \(770\)'\?$"):
        prepared(roster(), {"anna": 1}, column="Esay")
    found = prepared(roster(), {"anna": 1}, column="Essay")
    assert (found.rows[0][-1], found.rows[1][-1]) == ("Essay (770)", "10.00")
    assert found.remarks == (
        "Canvas has 10.00 points for Essay (770), and here it has 75: the scores are out of 75; make it as "
        "many there.",
    )


def test_an_assignment_that_canvas_does_not_have_is_offered_to_it(roster):
    found = prepared(roster(ROSTER.replace("seqgrad 04, 05 (4242)", "Quiz (9)")), {"anna": 1})
    assert (found.rows[0][-1], found.rows[1][-1]) == ("seqgrad 04, 05", "75.00")
    assert found.rows[5][-1] == ""  # the cell of another assignment is not taken along
    (remark,) = found.remarks
    assert remark.endswith(
        "has no assignment 'seqgrad 04, 05', so Canvas will offer to make it; if it has another name there, "
        "say --assignment NAME."
    )


def test_two_assignments_of_one_title_are_told_apart_by_id(roster):
    both = roster(ROSTER.replace("Essay (770)", '"seqgrad 04, 05 (17)"'))
    with pytest.raises(Refusal, match=r"several assignments .* say --assignment with an id\.$"):
        prepared(both, {"anna": 1})
    assert prepared(both, {"anna": 1}, column="17").rows[0][-1] == "seqgrad 04, 05 (17)"


@pytest.mark.parametrize("points", ["75", "75.00", "75,00", ""])
def test_points_are_read_as_canvas_reads_them(roster, points):
    found = prepared(roster(ROSTER.replace("75.00", f'"{points}"')), {"anna": 1})
    assert found.remarks == ()
    assert found.rows[1][-1] == (points or "75.00")


@pytest.mark.parametrize(
    ("how", "remarks"),
    [
        (lambda text: text.encode("utf-8-sig"), 0),
        (lambda text: text.encode("utf-16"), 0),
        (lambda text: text.encode("cp1252"), 1),
        (lambda text: text.replace("\n", "\r\n").encode(), 0),
    ],
)
def test_a_roster_is_read_in_the_encodings_that_programs_write(roster, how, remarks):
    found = roster(how(ROSTER))
    assert [student.name for student in found.students][1] == "Ünal, Öykü"
    assert len(found.remarks) == remarks
    assert all(remark.endswith("see that its names are right.") for remark in found.remarks)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_roster_may_have_other_separators(roster, separator):
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(csv.reader(io.StringIO(ROSTER)))
    assert prepared(roster(file.getvalue()), {"anna": 4375}) == prepared(roster(), {"anna": 4375})


def test_a_roster_may_have_family_names_apart(roster):
    text = "LastName,FirstName,ID,SIS Login ID,Section,Essay (770)\nMeier,Anna,501,anna,A,\n"
    found = prepared(roster(text), {"meieranna_501": 100}, column="770")
    assert found.rows[2] == ["Meier", "Anna", "501", "anna", "A", "1.00"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty: a header"),
        ("id,name\n1,Anna\n", "has no column 'Student'"),
        (ROSTER.replace("ID,SIS User", "Id,SIS User"), "has no column 'ID'"),
        (ROSTER.replace("Section", "Group"), "has no column 'Section'"),
        (ROSTER + '"' + "x" * 200_000, "line 9 cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_a_sentence(roster, text, sentence):
    with pytest.raises(Refusal) as refused:
        roster(text)
    assert sentence in str(refused.value) and "\n" not in str(refused.value)


def test_gradescope_gets_a_test_for_each_exercise():
    report = json.loads(gradescope.write_result(result(notes=["A note."])))
    assert (report["score"], report["output"], report["stdout_visibility"]) == (51.25, "A note.", "hidden")
    tests = report["tests"]
    assert [(one["number"], one["score"], one["max_score"], one["status"]) for one in tests] == [
        ("1", 11.25, 15, "failed"),
        ("2", 15, 15, "passed"),
        ("3", 25, 25, "passed"),
        ("4", 0, 20, "failed"),
    ]
    assert {(one["output_format"], one["visibility"]) for one in tests} == {("text", "visible")}
    verdict = result().exercises[0].verdict
    assert tests[0]["output"].startswith(str(verdict))
    assert "yt_pred: right in 0% of the hidden calls" in tests[0]["output"]
    assert tests[3]["output"] == "lstm_backward: not attempted"
    assert sum(one["score"] for one in tests) == report["score"]


def test_gradescope_is_told_what_unsafe_means():
    assert json.loads(gradescope.write_result(result(unsafe=True)))["output"] == results.UNSAFE
