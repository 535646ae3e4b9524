"""What lateness costs: by the course's deadline, or a student's own, from what says who handed in when."""

import csv
import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests import results
from tools import Refusal
from tools.grade.owners import MARKED_LATE
from tools.gradebook import late, publish
from tools.gradebook.results import UNTIMED
from tools.gradebook.settings import Deadline, read_settings, say_duration
from tools.students.files import file_name
from tools.students.roster import Student

DUE = datetime.fromisoformat("2026-11-20T23:59:00+01:00")
TABLE = (
    "student,Submission Time\nanna,2026-11-20 23:50\nben,2026-11-22 10:00:00 +0100\nCarla,2026-11-21T00:05\n"
)
GRADESCOPE = """\
---
submission_11:
  :submitters:
  - :name: Anna A
    :sid: anna
    :email: anna@uni.edu
  :created_at: 2026-11-20 22:50:00.000000000 Z
  :score: 3
submission_12:
  :created_at: 2026-11-22 10:00:00.123456000 +01:00
  :submitters:
  - :name: Ben B
    :sid: '102'
    :email: ben@uni.edu
"""


def judge(time, **rules):
    return late.judge_time(datetime.fromisoformat(time), DUE, Deadline(DUE, **rules))


@pytest.mark.parametrize(
    ("time", "percent"),
    [
        ("2026-11-20T23:59:00+01:00", 0),
        ("2026-11-21T00:14:00+01:00", 0),  # within the grace
        ("2026-11-21T00:14:01+01:00", 10),
        ("2026-11-20T23:20:00+00:00", 10),  # another zone
        ("2026-11-21T23:59:00+01:00", 10),
        ("2026-11-21T23:59:01+01:00", 20),
        ("2026-11-25T12:00:00+01:00", 30),  # and no more
        ("2026-11-30T12:00:00+01:00", 100),  # closed
    ],
)
def test_each_day_that_has_begun_costs_its_share(time, percent):
    assert judge(time, grace=15, percent=10, most=30, closed=7).percent == percent


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("due", "time", "percent"),
    [
        # In the night to 25 October 2026 clocks go back; that day has 25 hours, and is one day.
        ("2026-10-24T23:59", "2026-10-25T23:59+01:00", 10),
        ("2026-10-24T23:59", "2026-10-26T00:00+01:00", 20),
        ("2026-10-24T23:59", "2026-10-24T22:09Z", 0),
        ("2026-10-24T23:59", "2026-10-24T22:15Z", 10),
        ("2026-10-25T02:30", "2026-10-25T01:10Z", 10),  # the clock shows 2:10 again, 40 minutes later
        # In the night to 29 March they go forward: from 1:55 to 3:05 it is ten minutes.
        ("2026-03-29T01:55", "2026-03-29T03:05+02:00", 0),
        ("2026-03-28T23:59", "2026-03-29T23:59+02:00", 10),
        ("2026-03-28T23:59", "2026-03-30T00:00+02:00", 20),
    ],
)
def test_a_day_ends_at_the_time_of_the_deadline_also_where_clocks_change(due, time, percent):
    due = datetime.fromisoformat(due).replace(tzinfo=BERLIN)
    rules = Deadline(due, grace=15, percent=10)
    found = late.judge_time(datetime.fromisoformat(time), due, rules)
    assert (found.percent, found.handed_in.tzinfo) == (percent, BERLIN)


def test_the_times_may_stand_in_several_files(book):
    """As Canvas answers a hundred submissions at once."""
    ben, anna = ({"user_id": each, "submitted_at": "2026-11-22T09:00:00Z"} for each in ("ben", "anna"))
    rules = RULES.replace('"times.csv"', '["1.json", "2.json"]')
    folder, _ = book(rules, **{"1__json": json.dumps([ben]), "2__json": json.dumps([anna])})
    rows = read_rows(folder)
    assert [rows[name]["score"] for name in ("anna", "ben", "Carla")] == ["60.00", "57.00", "75.00"]


def test_with_a_time_zone_the_settings_need_no_offset(tmp_path):
    (tmp_path / "rules.toml").write_text(
        'zone = "Europe/Berlin"\nreleased = 2026-10-01T10:00:00Z\n[deadline]\ndue = 2026-10-25T12:00:00\n'
    )
    settings = read_settings(tmp_path / "rules.toml")
    assert settings.deadline.due == datetime.fromisoformat("2026-10-25T11:00Z")
    assert settings.released.isoformat() == "2026-10-01T12:00:00+02:00"


def test_the_sentence_says_how_late_it_was_and_why_it_costs_what_it_costs():
    assert judge("2026-11-22T10:00:00+01:00", percent=10).sentence == (
        "Handed in 1 day 10 hours after the deadline of 2026-11-20 23:59: "
        "10 % of the score for each day that has begun, here 2."
    )
    assert judge("2026-11-26T10:00:00+01:00", percent=10, most=30).sentence.endswith(
        "for each day that has begun, here 6, and no more than 30 %."
    )
    assert judge("2026-12-20T10:00:00+01:00", closed=7).sentence.endswith("after 7 days nothing counts.")
    later = late.judge_time(DUE + 3 * late.DAY, DUE + late.DAY, Deadline(DUE, percent=10))
    assert "2 days after the extended deadline of 2026-11-21 23:59: 10 %" in later.sentence
    assert say_duration(datetime(2026, 1, 1, 2, 1) - datetime(2026, 1, 1)) == "2 hours 1 minute"


@pytest.fixture
def book(tmp_path):
    """Return a function that makes the gradebook of three students under settings; it returns its folder."""
    class_ = [results.of("anna"), results.of("ben", "y_sigmoid_from_c"), results.of("Carla")]
    results.write(tmp_path / "results", *class_)

    def make(text, roster=None, **files):
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(content, encoding="utf-8")
        (tmp_path / "gradebook.toml").write_text(text, encoding="utf-8")
        settings = read_settings(tmp_path / "gradebook.toml")
        said = publish.publish(
            tmp_path / "results", tmp_path / "book", tmp_path / "pages", people=roster, settings=settings
        )
        return tmp_path, said

    return make


def read_rows(folder):
    text = (folder / "book/gradebook.csv").read_text(encoding="utf-8-sig")
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


RULES = '[deadline]\ndue = 2026-11-20T23:59:00+01:00\ngrace = 10\npercent = 10\ntimes = "times.csv"\n'


def test_what_lateness_costs_is_taken_off_and_the_grade_without_it_is_kept(book):
    folder, said = book(RULES, times__csv=TABLE)
    rows = read_rows(folder)
    assert [rows[name]["score"] for name in ("anna", "ben", "Carla")] == ["75.00", "57.00", "75.00"]
    assert (rows["ben"]["before lateness"], rows["ben"]["handed in"]) == ("71.25", "2026-11-22 10:00")
    assert "Handed in 1 day 10 hours after the deadline" in rows["ben"]["remark"]
    page = (folder / "pages/ben.html").read_text(encoding="utf-8")
    assert "57 <span>of 75 points" in page and "Handed in 1 day 10 hours" in page
    assert "71.25 of 75" in page and "\u221214.25" in page
    overview = (folder / "book/overview.html").read_text(encoding="utf-8")
    assert "57, late: \u221214.25 from 71.25" in overview
    report = (folder / "book/gradescope/ben/results.json").read_text(encoding="utf-8")
    assert '"score": 57.0' in report and "Without that: 71.25 points." in report
    assert "late" not in (folder / "pages/anna.html").read_text(encoding="utf-8").split("</style>")[1]
    assert "Late: 1" in said


@pytest.mark.parametrize("extension", ["student,days\nBEN,2\n", "student;due\nben;2026-11-22 12:00\n"])
def test_an_extension_moves_the_deadline_of_one_student(book, extension):
    folder, _ = book(RULES + 'extensions = "more.csv"\n', times__csv=TABLE, more__csv=extension)
    row = read_rows(folder)["ben"]
    assert row["score"] == "71.25"
    assert row["remark"].startswith("Handed in within the extension until 2026-11-22 ")
    assert "within the extension" in (folder / "pages/ben.html").read_text(encoding="utf-8")


def test_gradescopes_list_has_the_times_of_all_submitters(book, tmp_path):
    rules = RULES.replace("times.csv", "submission_metadata.yml")
    (tmp_path / "roster.csv").write_text("id,email\nben,ben@uni.edu\n", encoding="utf-8")
    folder, said = book(rules, tmp_path / "roster.csv", submission_metadata__yml=GRADESCOPE)
    rows = read_rows(folder)
    assert (rows["anna"]["score"], rows["ben"]["score"]) == ("75.00", "57.00")
    assert "When carla handed in is not known, so nothing was taken off for lateness." in said


def test_a_table_that_knows_a_student_by_another_id_is_read_with_the_roster():
    ben = Student("ben", ids=("ben", "102"))
    find = late.make_finder({"ben"}, [ben])
    assert (find(["102"]), find([" BEN"]), find(["zoe"])) == ("ben", "ben", None)


def test_the_number_behind_a_name_will_do_if_it_is_the_only_one():
    """So Canvas and Moodle name what they export: by a name and the number of the account."""
    moodle = file_name("Jane Doe_4711", "")
    find = late.make_finder({"doejane_777", "ann_1", "bob_1", "bob_2", "2", moodle}, [])
    assert [find([id]) for id in ("777", "4711", "1", "2")] == ["doejane_777", moodle, None, "2"]
    jane = Student("jdoe", "Doe, Jane", ("jdoe", "777"))
    assert late.make_finder({"doejane_777"}, [jane])(["JDOE"]) == "doejane_777"


@pytest.mark.parametrize(
    ("text", "files", "sentence"),
    [
        ("credit = 'twice'", {}, "credit is 'twice'; there is 'outputs' and 'once'."),
        (
            "late = 3",
            {},
            "gradebook.toml: there is no setting late; there is credit, zone, released, deadline.",
        ),
        ("[deadline]\npercent = 10", {}, "gradebook.toml: .deadline. needs due, as in due = 2026-11-20T23"),
        ("[deadline]\ndue = 2026-11-20T23:59:00", {}, "due has to be a time with its offset from UTC"),
        (RULES.replace("10", "110"), {}, "percent is 110; a number from 0 to 100 is needed"),
        ("[deadline", {}, "gradebook.toml is no TOML: "),
        ("[deadline]\ndue = 0001-01-01T00:00:00Z", {}, "due has to be a time with its offset"),
        ("released = 2026-12-01T00:00:00Z\n" + RULES, {}, "gradebook.toml: released is not before due."),
        ('zone = "Berlin"', {}, "gradebook.toml: there is no time zone 'Berlin'; write it as in zone = "),
        ('zone = "Europe"', {}, "there is no time zone 'Europe'"),
        ("zone = 1", {}, "there is no time zone 1;"),
        (
            RULES.replace('"times.csv"', "[7]"),
            {},
            "gradebook.toml: times is .7.; the name of a file is needed.",
        ),
        (RULES, {}, "The table of times .*times.csv cannot be read: No such file or directory."),
        (
            RULES,
            {"times__csv": "student,time\nben,soon\n"},
            "times.csv, line 2: soon is no time; write it as",
        ),
        (
            RULES,
            {"times__csv": "who,when\nben,2\n"},
            "times.csv needs a column student .* and a column Submission Time .or submitted_at",
        ),
        (
            RULES + 'extensions = "more.csv"\n',
            {"times__csv": TABLE, "more__csv": "student,due,days\nben,,\n"},
            "more.csv, line 2: give either due, a time, or days.",
        ),
        (
            RULES + 'extensions = "more.csv"\n',
            {"times__csv": TABLE, "more__csv": "student,days\nben,a week\n"},
            "more.csv, line 2: a week is no number of days.",
        ),
        (
            RULES + 'extensions = "more.csv"\n',
            {"times__csv": TABLE, "more__csv": "student,due\nben,2026-01-22 12:00\n"},
            "more.csv, line 2: 2026-01-22 12:00 is before the deadline of 2026-11-20 23:59.",
        ),
        (
            RULES + 'extensions = "more.csv"\n',
            {"times__csv": TABLE, "more__csv": "student,days\nben,1\nanna,2\nBen,3\n"},
            "more.csv, line 4: Ben has an extension already, in more.csv, line 2.",
        ),
    ],
)
def test_settings_and_tables_that_cannot_be_used_are_refused_in_a_sentence(book, text, files, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        book(text, **files)
    assert "\n" not in str(refused.value)


def test_what_canvas_marks_as_late_is_said_where_no_time_is_known(tmp_path):
    """Its archive has LATE in a name and no time of a submission: that costs nothing, and somebody looks."""
    class_ = [results.of("doejane_777", notes=[MARKED_LATE]), results.of("roe_778", notes=[MARKED_LATE])]
    results.write(tmp_path / "results", *class_)
    (tmp_path / "times.json").write_text(
        '[{"user_id": 777, "assignment_id": 4, "submitted_at": "2026-11-21T09:00:00Z"}]', encoding="utf-8"
    )
    (tmp_path / "rules.toml").write_text(RULES.replace("times.csv", "times.json"), encoding="utf-8")
    settings = read_settings(tmp_path / "rules.toml")
    said = publish.publish(tmp_path / "results", tmp_path / "book", settings=settings)
    rows = read_rows(tmp_path)
    assert (rows["doejane_777"]["score"], rows["doejane_777"]["handed in"]) == ("67.50", "2026-11-21 10:00")
    assert (rows["roe_778"]["score"], rows["roe_778"]["remark"]) == ("75.00", f"{UNTIMED}.")
    assert f"{UNTIMED}: 1" in said and "When roe_778 handed in is not known" in said
    assert UNTIMED in (tmp_path / "book/overview.html").read_text(encoding="utf-8")


def test_what_does_not_fit_is_said_and_the_latest_time_counts(book):
    table = TABLE + "Zoe,2026-11-20 12:00\nanna,2026-11-19 10:00\nanna,2026-11-20 23:50\n"
    folder, said = book("released = 2026-11-20T23:55:00+01:00\n" + RULES, times__csv=table)
    assert read_rows(folder)["anna"]["handed in"] == "2026-11-20 23:50"
    assert "In times.csv are times of nobody in the results: Zoe." in said
    assert "In times.csv are several times of anna; the latest counts." in said
    assert "By times.csv, anna handed in before the exercises were released." in said


def test_an_extension_for_nobody_is_said(book):
    _, said = book(RULES + 'extensions = "more.csv"\n', times__csv=TABLE, more__csv="student,days\nzoe,2\n")
    assert "In more.csv are extensions for nobody in the results: zoe." in said
