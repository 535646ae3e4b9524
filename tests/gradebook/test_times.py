"""When something was handed in: from tables, Canvas' answers and Gradescope's list, in any encoding."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tools import Refusal
from tools.gradebook.times import parse_time, read_times

ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime.fromisoformat("2026-11-21T12:00:00+01:00")
SCORES = "First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,"
SCORES += "Submission Time,Lateness (H:M:S),View Count,Submission Count\n"


def read(folder, name, content):
    """Return the ids and times in a file."""
    path, remarks = folder / name, []
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(ids, time) for _, ids, time in read_times(path, ZONE, remarks)]


def answer(*submissions):
    """Return what Canvas answers on submissions."""
    usual = {"id": 9, "assignment_id": 4, "late": False, "seconds_late": 0, "workflow_state": "submitted"}
    return json.dumps([usual | one for one in submissions])


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-22T09:00:00Z", "2026-11-22T09:00:00+00:00"),
        ("2026-11-22 10:00:00 UTC", "2026-11-22T10:00:00+00:00"),
        ("2026-11-22 10:00:00 -0800", "2026-11-22T10:00:00-08:00"),
        ("2026-11-20 22:50:00.123456000 Z", "2026-11-20T22:50:00.123456+00:00"),
        ("2026-11-22-10-00-00", "2026-11-22T10:00:00+01:00"),
        ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),  # the first of two
        ("2026-10-25 03:30", "2026-10-25T03:30:00+01:00"),
        ("2026-07-01 12:00", "2026-07-01T12:00:00+02:00"),
    ],
)
def test_times_are_read_as_systems_write_them(text, time):
    found = parse_time(text, ZONE, "here")
    assert (found.timestamp(), found.tzinfo) == (datetime.fromisoformat(time).timestamp(), ZONE)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30 10:00", "2026-11-20", "20/11/2026 10:00", "2026-11-20 25:00", "0001-01-01T00:00:00Z", "soon"]
    + ["9999-12-31 23:59", "00:15:00", "1795208400", "yes"],
)
def test_what_is_no_time_or_has_no_time_of_day_is_refused(text):
    lacks = "has no time of day" if text == "2026-11-20" else "is no time"
    with pytest.raises(Refusal, match=f"here: {text} {lacks}; write it as 2026-11-20 23:59, with"):
        parse_time(text, ZONE, "here")


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        # Gradescope's scores of an assignment; who is missing has no time.
        (SCORES + "A,B,7,a@u,,1,2,Graded,5,2026-11-21 03:00:00 -0800,00:00:00,,\nC,D,8,c@u,,,2,Missing\n",
         ["7", "a@u"]),
        # Its scores of a course.
        ("Names,Email,SID,Lab 4,Lab 4 - Submission Time,Lab 4 - Lateness (H:M:S)\n"
         "A,a@u,7,1,2026-11-21 12:00:00 +0100,00:00:00\n", ["7", "a@u"]),
        # What people make of Canvas' answers: id is the number of the submission.
        ("id,user_id,submitted_at,late\n9,7,2026-11-21T11:00:00Z,false\n10,8,,\n", ["7"]),
        # Canvas' analysis of a quiz.
        ("name,id,sis_id,section,section_id,submitted,attempt\nA,7,s7,S,1,2026-11-21 11:00:00 UTC,1\n",
         ["7", "s7"]),
        ("sep=;\nstudent;handed in\n7;2026-11-21 12:00\n", ["7"]),
        ("\ufeffStudent\tHanded In\r\n7\t2026-11-21 12:00\r\n", ["7"]),
        ("student,time\n7,2026-11-21 12:00\n".encode("utf-16"), ["7"]),
        ("student,time\nzoë,2026-11-21 12:00\n".encode("cp1252"), ["zoë"]),
    ],
)  # fmt: skip
def test_tables_are_read_as_systems_export_them(tmp_path, content, ids):
    assert read(tmp_path, "times.csv", content) == [(ids, NOON)]


def test_canvas_answer_has_the_times_by_every_id_of_a_user(tmp_path):
    user = {"id": 7, "name": "Doe", "login_id": "doe", "sis_user_id": None}
    submissions = (
        {"user_id": 7, "submitted_at": "2026-11-21T11:00:00Z", "user": user},
        {"user_id": 8, "submitted_at": None, "workflow_state": "unsubmitted"},
        {"anonymous_id": "aB3dE", "submitted_at": "2026-11-21T11:00:00Z"},
    )
    found = read(tmp_path, "submissions.json", answer(*submissions))
    assert found == [(["7", "doe"], NOON), (["anon_aB3dE"], NOON)]


TIMED = {"user_id": 7, "submitted_at": "2026-11-21T11:00:00Z"}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("t.csv", "", "t.csv needs a column student .or id, login, email. and a column Submission Time"),
        ("t.csv", "Student,ID,SIS Login ID,Section,Lab 4 (12)\n", "and a column Submission Time"),
        ("t.csv", "student,time\n", "t.csv says of nobody when something was handed in."),
        ("t.csv", bytes(range(256)), "t.csv is not text in a known encoding"),
        ("t.csv", "student,time\na,2026-11-21 12:00\n,2026-11-21 12:00\n", "line 3 does not say whose it is"),
        ("t.csv", "student,time\nDoe, Jane,2026-11-21 12:00\n", "t.csv, line 2 has 3 cells, and"),
        ("t.csv", "SID,A - Submission Time,B - Submission Time\n7,,\n", "is about several assignments .A - "),
        ("t.json", "[{", "t.json is cut off or damaged in line 1."),
        ("t.json", '{"errors": []}', "t.json is not a list of submissions, as Canvas answers it."),
        ("t.json", "[]", "t.json says of nobody when"),
        ("t.json", answer(TIMED, TIMED | {"assignment_id": 5}), "is about several assignments .4, 5.:"),
        ("t.json", answer({"submitted_at": None}), "t.json, submission 1 has no user_id."),
        ("t.json", answer(TIMED, {"user_id": 7}), "t.json, submission 2 has no submitted_at."),
        ("t.json", answer(TIMED | {"submitted_at": 7}), "t.json, submission 1: 7 is no time"),
        ("t.YML", "a: 1\n", "t.YML says of nobody when"),
        ("t.zip", "PK", "t.zip is an archive, and the times of its files are not those of sub"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(tmp_path, name, content, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        read(tmp_path, name, content)
    assert "\n" not in str(refused.value)
