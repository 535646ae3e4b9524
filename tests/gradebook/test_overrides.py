"""Marks by hand take the place of the grader's, everywhere, and are refused where they fit nothing."""

import csv
import io
import json

import pytest

from tests import results
from tools import Refusal
from tools.gradebook import publish

HEADER = "student,exercise,points,delta,comment,remark\n"


@pytest.fixture
def book(tmp_path):
    """Return a function that makes a gradebook with marks by hand; it returns its folder and what it says."""
    results.write(tmp_path / "results", results.of("anna", "y_sigmoid_from_c"), results.of("=1+1"))

    def make(table):
        path = tmp_path / "overrides.csv"
        path.write_bytes(table if isinstance(table, bytes) else (HEADER + table).encode())
        said = publish.publish(tmp_path / "results", tmp_path / "book", tmp_path / "pages", by_hand=path)
        return tmp_path, said

    return make


def read_rows(folder):
    text = (folder / "book/gradebook.csv").read_text(encoding="utf-8-sig")
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_points_and_a_delta_count_in_every_table_and_on_every_page(book):
    folder, said = book(
        "anna,lstm_cell_forward,13,,The softmax came <after> the break.,agreed with Carla\n"
        "anna,lstm_backward,,-2.5,,=cmd\n"
    )
    row = read_rows(folder)["anna"]
    assert (row["lstm_cell_forward"], row["lstm_backward"], row["score"]) == ("13.00", "17.50", "70.50")
    assert row["remark"] == (
        "lstm_cell_forward: 13.00 by hand, 11.25 graded. agreed with Carla "
        "lstm_backward: 17.50 by hand, 20.00 graded. =cmd"
    )
    page = (folder / "pages/anna.html").read_text(encoding="utf-8")
    assert "70.50 <span>of 75 points" in page and page.count(", by hand") == 2
    told = "Marked by hand: 13 points; the grader gave 11.25. The softmax came &lt;after&gt; the break."
    assert told in page and "agreed with Carla" not in page  # which is for colleagues
    report = json.loads((folder / "book/gradescope/anna/results.json").read_text(encoding="utf-8"))
    assert report["score"] == 70.5 and "The softmax came <after> the break." in report["tests"][0]["output"]
    assert "agreed" not in json.dumps(report)
    overview = (folder / "book/overview.html").read_text(encoding="utf-8")
    assert "agreed with Carla" in overview and "70.50, by hand" in overview and "75</td>" in overview
    assert "Marked by hand: 2" in said


def test_the_marks_of_outputs_stay_those_of_the_grader(book):
    folder, _ = book("anna,lstm_cell_forward,0,,,\n")
    page = (folder / "pages/anna.html").read_text(encoding="utf-8")
    assert "What is right on the hidden inputs" in page and "3.75 of 3.75" in page


@pytest.mark.parametrize(
    ("delta", "score"),
    [("+3", "15.00"), ("100%", None), ("-15", "0.00"), ("+3,75", "15.00"), ("\u22121", "10.25")],
)
def test_a_delta_leads_to_no_more_than_there_is_and_to_no_less_than_nothing(book, delta, score):
    table = f'anna,lstm_cell_forward,,"{delta}",,\n'
    if score is None:
        with pytest.raises(Refusal, match="overrides.csv, line 2: '100%' is no number of points"):
            book(table)
    else:
        expected = {"+3": "14.25"}.get(delta, score)
        assert read_rows(book(table)[0])["anna"]["lstm_cell_forward"] == expected


def test_a_table_with_semicolons_and_an_odd_id_is_read(book):
    text = "Student;Exercise;Points\n'=1+1;lstm_forward;7,5\n=1+1;lstm_backward;0\n"
    row = read_rows(book(text.encode("utf-16"))[0])["'=1+1"]
    assert (row["lstm_forward"], row["lstm_backward"]) == ("7.50", "0.00")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            "anna,lstm_forward,16,,,\n",
            "line 2: lstm_forward takes 0 to 15 points, not 16; what is to be added",
        ),
        (
            "anna,lstm_forward,-1,,,\n",
            "line 2: lstm_forward takes 0 to 15 points, not -1; what is to be added",
        ),
        ("anna,lstm_forward,,16,,\n", "line 2: lstm_forward has 15 points, fewer than 16."),
        ("anna,lstm_forward,nan,,,\n", "line 2: 'nan' is no number of points."),
        ("anna,lstm_forward,1,1,,\n", "line 2: give either points or a delta."),
        ("anna,lstm_forward,,,forgot,\n", "line 2: give either points or a delta."),
        ("anna,lstm,1,,,\n", "line 2: there is no exercise lstm; there are lstm_cell_forward, lstm_forward"),
        ("ana,lstm_forward,1,,,\n", "line 2: nobody in .* goes by the id ana; is it anna?"),
        (
            "anna,lstm_forward,1,,right, but long,\n",
            "line 2 has 7 cells, and the header has 6: put quotation",
        ),
        (",lstm_forward,1,,,\n", r"line 2: nobody in .* goes by the id \(empty\); students go by"),
        ("../anna,lstm_forward,1,,,\n", r"line 2: nobody in .* goes by the id ../anna"),
        (
            "anna,lstm_forward,1,,,\nanna,lstm_forward,2,,,\n",
            "line 3: anna has a mark by hand for lstm_forward",
        ),
        (b"who,exercise\nanna,lstm_forward\n", "has no column student; it takes student, exercise, points"),
        (b"", "has no column student and no column exercise"),
        (
            b'student,exercise,points\n"anna,lstm_forward,1\n',
            "line 2 cannot be read as CSV: a quotation mark",
        ),
    ],
)
def test_what_fits_nothing_is_refused_with_its_line_and_nothing_is_written(book, tmp_path, table, sentence):
    with pytest.raises(Refusal, match=sentence):
        book(table)
    assert not (tmp_path / "book").exists()


def test_a_table_that_is_not_there_is_said(tmp_path):
    results.write(tmp_path / "results", results.of("anna"))
    with pytest.raises(Refusal, match="The table of marks by hand .* cannot be read: No such file"):
        publish.publish(tmp_path / "results", tmp_path / "book", by_hand=tmp_path / "overrides.csv")
