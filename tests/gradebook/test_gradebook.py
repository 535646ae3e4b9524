"""`gradebook` on folders of results: what it writes, what it says, and that calling again gives the same."""

import contextlib
import csv
import functools
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import graders, pages, results
from tests.marks import exhaustive
from tests.waiting import started, wait_until
from tools import Refusal, environment
from tools import __main__ as tools_main
from tools.gradebook import publish
from tools.students.files import file_name

ROOT = Path(__file__).parents[2]
VERB = (sys.executable, "-m", "tools", "gradebook")
WITH_IT = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
ON_MANY = ("results", "--html", "feedback", "--out", "book")


@functools.cache
def a_class():
    """Return the results of a small class."""
    return [
        results.of("anna", "carried_accumulate", notes=["05_lstm_backward.ipynb, cell 3: left out."]),
        results.of("ben", "y_sigmoid_from_c", "carried_accumulate"),
        results.of("=1+1"),
        results.of("Öykü", absent=list(results.POINTS)),
    ]


def call(folder, *arguments, **how):
    """Run the verb in a folder, as a person does."""
    command = [*VERB, *arguments]
    return subprocess.run(command, cwd=folder, env=WITH_IT, capture_output=True, encoding="utf-8", **how)


@pytest.fixture
def call_here(monkeypatch, capsys):
    """Return what runs the verb in a folder, and in this process."""
    monkeypatch.setattr(environment, "enter", lambda arguments: None)

    def run(folder, *arguments):
        monkeypatch.chdir(folder)
        code = tools_main.call(["gradebook", *arguments])
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    return run


def contents(folder):
    """Return every file of a folder, by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def table(path):
    """Return the rows of a table."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.fixture
def folder(tmp_path):
    """Return a folder in which results/ is that of a small class."""
    results.write(tmp_path / "results", *a_class())
    return tmp_path


def test_the_verb_writes_tables_pages_and_overview_and_says_what_is_next(folder):
    (folder / "roster.csv").write_text(
        'Student,ID,SIS Login ID,Section\n"Meier, Anna",1,anna,A\n"Gone, Gina",2,gina,A\n', encoding="utf-8"
    )
    done = call(folder, "results", "--html", "feedback", "--canvas", "roster.csv", "--out", "book")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("seqgrad 04, 05: 4 submissions; of 75 points the median is ")
    assert "     2  lstm_backward: da_prev and dc_prev are added up over the steps" in done.stdout
    assert done.stdout.splitlines()[-1] == f"Next: open {Path('book/overview.html')}"
    assert {path for path in contents(folder) if not path.startswith("results/")} == {
        "roster.csv",
        "book/.seqgrad-gradebook",
        "feedback/.seqgrad-gradebook",
        "book/canvas.csv",
        "book/findings.csv",
        "book/gradebook.csv",
        "book/overview.html",
        *(f"book/gradescope/{file_name(one['student'], '')}/results.json" for one in a_class()),
        *(f"feedback/{file_name(one['student'], '.html')}" for one in a_class()),
    }
    header, *rows = table(folder / "book/gradebook.csv")
    assert [row[0] for row in rows] == ["'=1+1", "anna", "ben", "Öykü"]
    scores = {one["student"]: one["score"] for one in a_class()}
    assert [row[header.index("score")] for row in rows] == [
        f"{scores[name]:.2f}" for name in ("=1+1", "anna", "ben", "Öykü")
    ]
    assert table(folder / "book/canvas.csv")[2:] == [
        ["Meier, Anna", "1", "anna", "A", "55.00"],
        ["Gone, Gina", "2", "gina", "A", ""],
    ]
    for path in folder.glob("feedback/*.html"):
        pages.check(path.read_text(encoding="utf-8"))
    overview = (folder / "book/overview.html").read_text(encoding="utf-8")
    links = [f"../feedback/{quote(file_name(one['student'], '.html'))}" for one in a_class()]
    found = pages.check(overview, links)
    assert {attrs["href"] for attrs in found.all("a")} == set(links)
    assert '<a href="../feedback/anna.html">Meier, Anna</a>' in overview
    report = json.loads((folder / "book/gradescope/ben/results.json").read_text(encoding="utf-8"))
    assert report["score"] == scores["ben"]


def test_a_roster_gives_the_list_of_the_class_its_names_and_says_who_is_missing(folder, call_here):
    roster = "id,name\nANNA,Anna Meier\nben,\nzoe,Zoë <b>\n"
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    done = call_here(folder, "results", "--roster", "roster.csv", "--out", "book")
    assert (done.returncode, done.stderr) == (0, "")
    overview = (folder / "book/overview.html").read_text(encoding="utf-8")
    said = " ".join(pages.check(overview).text.split())
    assert "Anna Meier anna551 note on what was handed in" in said
    assert "In the roster, without a result: 1Zoë <b> (zoe)." in said
    assert "With a result, not in the roster: 2=1+1, Öykü." in said


def test_a_roster_that_is_none_is_refused_before_anything_is_written(folder, call_here):
    (folder / "roster.csv").write_text("who\nanna\n", encoding="utf-8")
    done = call_here(folder, "results", "--roster", "roster.csv", "--out", "book")
    assert done.returncode == 1 and "roster.csv" in done.stderr and not (folder / "book").exists()


def test_excel_sees_utf_8_and_canvas_no_byte_order_mark(folder):
    (folder / "roster.csv").write_bytes(b"\xef\xbb\xbfStudent,ID,Section\n")
    publish.publish(folder / "results", folder / "book", roster=folder / "roster.csv")
    assert (folder / "book/gradebook.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,")
    assert (folder / "book/canvas.csv").read_bytes().startswith(b'"Student",')


def test_a_second_call_gives_the_same_bytes_and_replaces_what_is_stale(folder):
    publish.publish(folder / "results", folder / "book", folder / "feedback")
    first = contents(folder)
    (folder / "feedback/anna.html").write_text("stale " * 10_000, encoding="utf-8")
    (folder / "book/overview.html").write_text("", encoding="utf-8")
    publish.publish(folder / "results", folder / "book", folder / "feedback")
    assert contents(folder) == first


def test_a_large_class_is_shared_by_the_cores_and_gives_the_same_bytes(folder, monkeypatch):
    publish.publish(folder / "results", folder / "alone", folder / "pages")
    monkeypatch.setattr(publish, "MANY", 2)
    publish.publish(folder / "results", folder / "shared", folder / "pages")
    assert contents(folder / "alone") == contents(folder / "shared")


def test_one_broken_file_is_named_and_the_others_go_on(folder, call_here):
    (folder / "results/carla.json").write_text('{"student": "carla", "exer', encoding="utf-8")
    (folder / "results/anna copy.json").write_text((folder / "results/anna.json").read_text("utf-8"), "utf-8")
    (folder / "results/.half.json").write_text("{", encoding="utf-8")
    (folder / "results/readme.txt").write_text("Not a result.", encoding="utf-8")
    done = call_here(folder, "results", "--out", "book")
    assert done.returncode == 0
    broken, copy = Path("results/carla.json"), Path("results/anna.json")
    said = done.stdout.splitlines()
    assert (
        f"{broken}: it is broken off or no JSON (line 1). It was left out; grade that submission again."
        in said
    )
    assert f"{copy} is of anna, and so is anna copy.json. It was left out; remove one of the two." in said
    assert "4 submissions" in done.stdout
    assert "carla.json: it is broken off" in (folder / "book/overview.html").read_text(encoding="utf-8")


def test_results_of_several_graders_and_pages_of_nobody_are_told(folder):
    results.write(folder / "results", results.of("zoe", grader="b2" * 32))
    (folder / "feedback").mkdir()
    (folder / "feedback/old.html").write_text("old", encoding="utf-8")
    said = publish.publish(folder / "results", folder / "book", folder / "feedback")
    assert "The results come from 2 versions of the grader or of its inputs (4, 1 of them)" in said
    assert "holds pages of nobody in the results (1, such as old.html)" in said
    assert (folder / "feedback/old.html").read_text(encoding="utf-8") == "old"


def refused(*arguments, **options):
    """Return the sentence with which publishing ends."""
    with pytest.raises(Refusal) as refusal:
        publish.publish(*arguments, **options)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_what_cannot_be_a_gradebook_is_refused_in_a_sentence(folder):
    book = folder / "book"
    assert "is not a folder" in refused(folder / "nowhere", book)
    (folder / "empty").mkdir()
    assert "holds no results" in refused(folder / "empty", book)
    (folder / "empty/a.json").write_text("{}", encoding="utf-8")
    assert "None of 1 results can be used. The first: " in refused(folder / "empty", book)
    assert "give the students' pages a folder of their own" in refused(folder / "results", book, book)
    other = results.of("zoe", assignment={"chapters": ["02"], "title": "seqgrad 02"})
    results.write(folder / "results", other)
    assert "are results of different assignments" in refused(folder / "results", book)
    assert not (book / "gradebook.csv").exists()


def test_a_roster_that_cannot_be_used_is_refused_before_anything_is_written(folder):
    roster = folder / "roster.csv"
    assert "cannot be read" in refused(folder / "results", folder / "book", roster=roster)
    roster.write_text("name,email\n", encoding="utf-8")
    assert "has no column 'Student'" in refused(folder / "results", folder / "book", roster=roster)
    roster.write_text("Student,ID,Section,Essay (1)\n", encoding="utf-8")
    sentence = refused(folder / "results", folder / "book", roster=roster, assignment="Esay")
    assert sentence.endswith("has no assignment 'Esay'; did you mean 'Essay (1)'?")
    assert not (folder / "book").exists()


def test_a_refusal_of_the_verb_is_a_sentence_and_exit_code_1(tmp_path):
    done = call(tmp_path, "results")
    sentence = "results is not a folder; give the one that `python3 -m tools grade` has filled.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


def test_where_nothing_can_be_written_is_told_in_a_sentence(folder, call_here):
    (folder / "book").write_text("a file", encoding="utf-8")
    done = call_here(folder, "results", "--out", "book")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and "cannot be written" in done.stderr


@contextlib.contextmanager
def working_on_many(folder):
    """Call the verb on so many results that several processes work on them; give it while it does."""
    text = json.dumps(results.of("NAME", "carried_accumulate"))
    for number in range(publish.MANY + 100):
        name = f"s{number:04}"
        (folder / f"results/{name}.json").write_text(text.replace("NAME", name), encoding="utf-8")
    with started([*VERB, *ON_MANY], cwd=folder, env=WITH_IT, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: list(folder.glob("feedback/*.html")), "the first page")
        yield process


@exhaustive
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent another way on Windows")
def test_ctrl_c_leaves_nothing_half_made_and_a_second_call_finishes(folder):
    with working_on_many(folder) as process:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.count("\n")) == (130, 2), said
    assert {path.name for path in folder.rglob(".*")} == {".seqgrad-gradebook"}
    assert not (folder / "book/gradebook.csv").exists()
    assert call(folder, *ON_MANY, timeout=120).returncode == 0
    assert len(table(folder / "book/gradebook.csv")) == 1 + len(list(folder.glob("feedback/*.html")))


@exhaustive
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc where processes are")
def test_its_processes_end_with_it_whatever_ends_it(folder):
    with working_on_many(folder) as process:
        process.kill()
        process.communicate(timeout=60)
        wait_until(lambda: not list_processes_in(folder), "its processes to end", 30)


def list_processes_in(folder):
    """Return the processes that work in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # it has just ended, or is somebody else's
            found += [path] * (path.resolve(strict=True) == folder)
    return found


def test_a_process_that_is_killed_from_outside_is_one_sentence():
    with pytest.raises(Refusal, match="A process that reads the results was ended by something else"):
        list(publish.spread_over_cores(graders.kill_oneself, list(range(publish.MANY))))
