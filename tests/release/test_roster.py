"""A roster is read or refused in a sentence, and every number of a student comes from the course's secret."""

import hashlib
import hmac
import os

import numpy as np
import pytest

from tools import Refusal
from tools.students import roster

SECRET = bytes(range(32))

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 4 (123)
    Points Possible,,,,,75
"Ash, Anna",101,S1,anna,A,
"Bo, Ben",102,S2,ben,A,
"Student, Test",103,,b7c2,A,
"""


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a roster."""

    def write(content):
        path = tmp_path / "roster.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path):
    with pytest.raises(Refusal) as refused:
        roster.read_roster(path)
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        'id,name\nanna,"Ash, Anna"\nben,"Bo, Ben"\n',
        'name,id\r\n"Ash, Anna",anna\r\n"Bo, Ben", ben \r\n\r\n',
        CANVAS,
        b"\xef\xbb\xbf" + CANVAS.encode(),
    ],
    ids=["ours", "in another order, from Windows", "Canvas", "with a byte order mark"],
)
def test_students_come_with_their_names_in_the_order_of_the_roster(file, content):
    expected = (roster.Student("anna", "Ash, Anna"), roster.Student("ben", "Bo, Ben"))
    assert roster.read_roster(file(content)) == expected


def test_without_a_login_the_id_of_canvas_is_taken(file):
    assert [student.id for student in roster.read_roster(file("Student,ID\nAnna,101\nBen,102\n"))] == [
        "101",
        "102",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", " is empty: a header `id,name` is needed, and below it a line for each student."),
        ("id,name\n", " names no student: below its header it has no line with an id."),
        (
            "login,mail\na,b\n",
            ": no column is called `id` (nor, as Canvas has it, `SIS Login ID`): login, mail.",
        ),
        ("id;name\nanna;Ash\n", ": its columns are parted by semicolons; save it again with commas."),
        ("id\tname\nanna\tAsh\n", ": its columns are parted by tabs; save it again with commas."),
        ("id,name\nanna,Ash\nben,Bo\nanna,Ash\n", ": the id anna stands in line 2 and again in line 4."),
        ("id,name\nanna,Ash\n,Bo\n", ", line 3: the column `id` is empty; give it an id."),
        ("id\na\x07b\n", ", line 2: the column `id` holds characters that cannot be printed; give it an id."),
        (
            "id,name\nanna,Ash\nben,Bö\n".encode("latin-1"),
            ", line 3: this is not UTF-8; save it again as `CSV UTF-8`.",
        ),
        (
            "id,name\nanna,Ash\n".encode("utf-16"),
            ", line 1: this is not UTF-8; save it again as `CSV UTF-8`.",
        ),
        ("id,name\nanna,Ash\n".encode("utf-16-be"), " is no text: save it again as `CSV UTF-8`."),
        (b"id\n" + 200_000 * b"a", " cannot be read as CSV: field larger than field limit (131072)."),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused_with_the_place_and_what_to_do(file, content, sentence):
    assert refusal(file(content)) == f"roster.csv{sentence}"


def test_a_roster_that_is_not_there_is_refused(tmp_path):
    assert (
        refusal(tmp_path / "none.csv")
        == f"The roster {tmp_path / 'none.csv'} cannot be read: No such file or directory."
    )


def test_a_secret_is_drawn_at_first_use_for_its_owner_alone_and_stays(tmp_path, capsys):
    path, another = tmp_path / "course-secret", tmp_path / "another"
    roster.draw_secret(path)
    first = roster.read_secret(path)
    assert "Drew a secret for the course" in capsys.readouterr().out
    assert len(first) == 32 and path.read_text() == first.hex() + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    roster.draw_secret(path)
    assert roster.read_secret(path) == first
    assert capsys.readouterr().out == ""
    roster.draw_secret(another)
    assert roster.read_secret(another) != first


def test_reading_a_secret_draws_none(tmp_path):
    with pytest.raises(Refusal, match="cannot be read: No such file or directory"):
        roster.read_secret(tmp_path / "typo")
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_recognised_by_eight_digits_and_not_known_by_them():
    digest = hmac.new(SECRET, b"fingerprint\n", hashlib.sha256).hexdigest()
    assert roster.fingerprint(SECRET) == digest[:8] != roster.fingerprint(bytes(32))
    assert roster.fingerprint(roster.known_numbers(SECRET, ["anna"])) == digest[:8]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_secret_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "course-secret"
    roster.draw_secret(path)
    path.chmod(0o644)
    with pytest.raises(
        Refusal, match="Others on this machine may read course-secret: chmod 600 course-secret"
    ):
        roster.read_secret(path)


@pytest.mark.parametrize("text", ["", "secret\n", "0" * 63, "g" * 64])
def test_a_file_that_holds_no_secret_is_refused(tmp_path, text):
    path = tmp_path / "course-secret"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Refusal, match="course-secret holds no secret: 64 hexadecimal digits are needed"):
        roster.read_secret(path)


def test_numbers_are_those_of_hmac_with_sha256():
    digest = hmac.new(SECRET, b"draws\nanna", hashlib.sha256).digest()
    assert roster.draw_seed(SECRET, "anna") == int.from_bytes(digest[:4], "big")
    digest = hmac.new(SECRET, "checks\nJosé".encode(), hashlib.sha256).digest()
    assert roster.check_salt(SECRET, "José") == int.from_bytes(digest[:8], "big") >> 1


def test_numbers_differ_between_students_purposes_and_secrets_and_fit_where_they_go():
    numbers = {
        draw(secret, student)
        for draw in (roster.draw_seed, roster.check_salt, roster.hidden_salt)
        for secret in (SECRET, bytes(32))
        for student in ("anna", "ben", "")
    }
    assert len(numbers) == 18
    for i in range(200):
        np.random.seed(roster.draw_seed(SECRET, str(i)))  # noqa: NPY002 - as the test cells do
        assert 0 <= roster.check_salt(SECRET, str(i)) < 2**63


def test_known_numbers_stand_for_the_secret_and_do_not_hold_it():
    known = roster.known_numbers(SECRET, ["anna", "ben"])
    for student in ("anna", "ben"):
        assert roster.draw_seed(known, student) == roster.draw_seed(SECRET, student)
        assert roster.check_salt(known, student) == roster.check_salt(SECRET, student)
    assert roster.hidden_salt(known, "") == roster.hidden_salt(SECRET, "")
    assert SECRET.hex() not in repr(known)
