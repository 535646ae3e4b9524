"""A roster is read, whichever program has written it, or refused in a sentence with the line."""

import csv
import io
import unicodedata

import pytest

from tools import Refusal
from tools.students.roster import Student, find_students, index_ids, read_roster

OURS = 'id,name\nanna,"Ash, Anna"\nben,"Bö, Ben"\n'
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,"Homework 4, part 2, 3 (123)"
,,,,,Manual Posting
    Points Possible,,,,,75
"Ash, Anna",101,S1,anna,A,
"Bö, Ben",102,S2,ben,A,
"Student, Test",103,,b7c2,A,
"""
APART = "LastName,FirstName,ID,SIS Login ID,Section\nAsh,Anna,101,anna,A\nBö,Ben,102,ben,A\n"
MOODLE = "First name,Last name,ID number,Email address\nAnna,Ash,anna,a@uni.edu\nBen,Bö,ben,b@uni.edu\n"
GRADESCOPE = 'Name,SID,Email\n"Ash, Anna",anna,a@uni.edu\n"Bö, Ben",ben,b@uni.edu\n'


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a roster."""

    def write(content):
        path = tmp_path / "roster.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def separate(text, separator):
    """Return a table with another separator between its columns."""
    table = io.StringIO()
    csv.writer(table, delimiter=separator).writerows(csv.reader(io.StringIO(text)))
    return table.getvalue()


@pytest.mark.parametrize("content", [OURS, CANVAS, APART, MOODLE, GRADESCOPE], ids="OCAMG")
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_students_come_with_their_names_in_the_order_of_the_roster(file, content, separator, encoding):
    roster = read_roster(file(separate(content, separator).encode(encoding)))
    assert roster.students == (Student("anna", "Ash, Anna"), Student("ben", "Bö, Ben"))
    assert [remark.partition(" it was ")[2] for remark in roster.remarks] == (
        ["read as Windows-1252: see that its names are right."] if encoding == "cp1252" else []
    )


def test_columns_stand_in_any_order_and_blanks_and_blank_lines_do_not_matter(file):
    path = file('\r\nname, Id \r\n"Ash, Anna",anna\r\n"Bo, Ben", ben \r\n\r\n')
    assert read_roster(path).students == (Student("anna", "Ash, Anna"), Student("ben", "Bo, Ben"))


def test_the_separator_that_excel_names_in_the_first_line_is_used(file):
    assert read_roster(file("sep=;\nid;name\nanna;Ash\n")).students == (Student("anna", "Ash"),)


def test_without_a_login_the_id_of_canvas_is_taken(file):
    assert [student.id for student in read_roster(file("Student,ID\nAnna,101\nBen,102\n")).students] == [
        "101",
        "102",
    ]
    one_without = CANVAS.replace("S2,ben", "S2,")
    assert [student.id for student in read_roster(file(one_without)).students] == ["anna", "102"]


def test_all_ids_of_a_row_are_kept_the_one_to_go_by_first(file):
    assert read_roster(file(CANVAS)).students[0].ids == ("anna", "101", "S1")
    assert read_roster(file(GRADESCOPE)).students[0].ids == ("anna", "a@uni.edu")


@pytest.mark.parametrize("id", ["anna", " ANNA ", "s1", "101", "ashanna_101", "AshAnna_anna"])
def test_a_student_is_found_by_each_id_and_by_the_name_of_a_download(file, id):
    index = index_ids(read_roster(file(CANVAS)).students)
    assert find_students(index, "nobody", id, "ben") == [Student("anna", "Ash, Anna")]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_ids_are_compared_in_one_form_of_their_letters(file, form):
    index = index_ids(read_roster(file(unicodedata.normalize(form, "id\nJosé\nßtraße\n"))).students)
    for id in ("JOSÉ", "josé", "STRASSE".replace("S", "ß", 1)):
        for other in ("NFC", "NFD"):
            assert len(find_students(index, unicodedata.normalize(other, id))) == 1, id


def test_an_id_of_two_students_finds_both_and_one_of_nobody_none(file):
    index = index_ids(read_roster(file(CANVAS.replace("S2", "anna"))).students)
    assert [student.id for student in find_students(index, "anna")] == ["anna", "ben"]
    assert find_students(index, "carla") == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", " is empty: a header `id,name` is needed, and below it a line for each student."),
        (
            "login,mail\na,b\n",
            ": no column is called `id` (nor, as Canvas has it, `SIS Login ID`): login, mail.",
        ),
        ("id,name\nanna,Ash\nben,Bo\nanna,Ash\n", ": the id anna stands in line 2 and again in line 4."),
        ("id\nanna\n\nAnna\n", ": the id anna stands in line 2 and as Anna in line 4."),
        ("id,name\nanna,Ash\n,Bo\n", ", line 3: the column `id` is empty; give it an id."),
        ("ID,SID,name\nanna,a,A\n,,Bo\n", ", line 3: the columns `ID` and `SID` are empty; give it an id."),
        ("id\na\x07b\n", ", line 2: the column `id` holds characters that cannot be printed; give it an id."),
        (
            "id,name\nanna,Ash, Anna\n",
            ", line 2 has 3 cells, and the header has 2: put quotation marks around a text that holds a "
            "separator.",
        ),
        (
            'id,name\n"an\nna",Ash\nben,"Bo\ncarla,Co\n',
            ", line 4 cannot be read as CSV: a quotation mark opens there and is not closed.",
        ),
        (
            'id,name\nanna,"Ash "A" Anna"\n',
            ", line 2 cannot be read as CSV: behind a quotation mark that closes a cell the cell goes on.",
        ),
        (b"id\n" + 200_000 * b"a", ", line 2 cannot be read as CSV: field larger than field limit (131072)."),
        (b"id\nanna\n\0\0", " is not text in a known encoding; save it again as UTF-8."),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused_with_the_place_and_what_to_do(file, content, sentence):
    with pytest.raises(Refusal) as refused:
        read_roster(file(content))
    assert str(refused.value) == f"roster.csv{sentence}"


@pytest.mark.parametrize("id", ["1.23457E+11", "1,23457E+11", "1E+11", "1.2e+05"])
def test_a_number_that_a_spreadsheet_has_shortened_is_refused(file, id):
    with pytest.raises(Refusal) as refused:
        read_roster(file(f'name,SID,id\nAnna,"{id}",anna\n'))
    assert str(refused.value) == (
        f"roster.csv, line 2: the column `SID` holds {id}: a spreadsheet has shortened a long number, and "
        "its digits are lost; export the roster again, and do not save it from the spreadsheet."
    )


@pytest.mark.parametrize("id", ["1e5", "2E45", "0042", "123456789012", "a+b", "E+11"])
def test_an_id_that_only_looks_odd_is_read(file, id):
    assert read_roster(file(f"id\n{id}\n")).students == (Student(id),)


def test_a_roster_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal) as refused:
        read_roster(tmp_path / "none.csv")
    where = tmp_path / "none.csv"
    assert str(refused.value) == f"The roster {where} cannot be read: No such file or directory."
