"""The verb `grade`: every submission gets one result, whatever happens to the grader or to the machine."""

import contextlib
import errno
import functools
import itertools
import json
import os
import pty
import random
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.graders import Grader, mark
from tests.marks import exhaustive, sample
from tests.waiting import wait_until
from tools import Refusal, bar, bubblewrap, environment
from tools import __main__ as tools_main
from tools.bench import grade as bench_grade
from tools.grade import batch, engine, grade, view
from tools.grade import mark as marking
from tools.grade.collect import collect
from tools.grade.store import Store
from tools.release import label, notebooks
from tools.students import numbers

ROOT = Path(__file__).parents[2]

# The verb as it is, but for what marks a submission and what it is graded against; in a process of its own.
STAND_IN = """
if __name__ == "__main__":  # and not in the processes that it starts
    import sys
    import tools.bubblewrap
    import tools.grade.mark
    import tools.grade.view
    from tests import graders
    from tools import __main__ as tools_main, environment
    from tools.grade import grade
    tools.grade.mark.mark = graders.mark
    tools.grade.mark.make_package = tools.grade.view.make_view = tools.bubblewrap.find = lambda *_: None
    grade.make_grader = lambda options: graders.Grader()
    environment.enter = lambda arguments: None
    sys.exit(tools_main.call(["grade", *sys.argv[1:]]))
"""


@pytest.fixture
def class_of(tmp_path):
    """Return what hands in submissions, a folder for each text."""

    def hand_in(*texts):
        for number, text in enumerate(texts):
            folder = tmp_path / "submissions" / f"s{number:02}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "x.py").write_text(text)
        return tmp_path / "submissions"

    return hand_in


@pytest.fixture
def start(tmp_path):
    """Return what starts the verb, and ends it with the test."""
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    started = []

    def begin(*arguments, **how):
        command = [sys.executable, tmp_path / "stand_in.py", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        started.append(subprocess.Popen(command, cwd=tmp_path, text=True, env=environment, **pipes))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return what runs the verb here: it gives its exit code, what it printed and what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(marking, "mark", mark)
    monkeypatch.setattr(marking, "make_package", lambda *_: None)
    monkeypatch.setattr(view, "make_view", lambda *_: None)
    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    monkeypatch.setattr(grade, "make_grader", lambda options: Grader())
    monkeypatch.setattr(environment, "enter", lambda arguments: None)
    monkeypatch.setattr(environment, "prepare_kernels", lambda: None)
    monkeypatch.setattr(engine, "mark_locally", lambda work, submissions, *_: mark_here(work, submissions))

    def run_verb(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            sys.exit(tools_main.call(["grade", *map(str, arguments)]))
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run_verb


def mark_here(work, submissions):
    """Mark in this process, one submission after the other."""
    for submission in submissions:
        yield submission, engine.attempt(work, submission)


def finish(process):
    """Wait for the end of a process; return its exit code, what it printed and what it complained of."""
    said, complained = process.communicate()
    return process.returncode, said, complained


def written(folder):
    """Return the bytes of all results."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}


def begun(folder):
    """Return whether a grader has claimed a submission, which is when it begins to mark."""
    return (folder / ".lock").exists()


def members(group):
    """Return the processes of a group that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            state, _, its_group, *_ = path.read_text().rpartition(")")[2].split()
            found += [path] if state != "Z" and int(its_group) == group else []
    return found


def test_a_class_is_graded_once_and_then_only_what_has_changed(class_of, start, run, tmp_path):
    submissions = class_of("a", "raised", *"cdef")
    code, said, complained = finish(start(submissions, "--out", "results"))
    assert (code, complained) == (0, "")
    assert said.splitlines() == [
        "6 of 6 submissions are new or have changed.",
        "  graded                                    6",
        "    with a function that raises             1",
        "Next: python3 -m tools gradebook results",
    ]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "results").glob("*.json")}
    assert len(before) == 6

    class_of("a", "raised", "c changed", "d")
    code, said, _ = run(submissions, "--out", "results")
    assert "1 of 6 submissions are new or have changed." in said
    assert re.search(r"already there +5\n +graded +1\n", said)
    again = {path: path.stat().st_mtime_ns for path in (tmp_path / "results").glob("*.json")}
    assert [path.name for path in before if before[path] != again[path]] == ["s02.json"]

    _, said, _ = run(submissions, "--out", "results", "--regrade")
    assert "6 of 6 submissions are to be graded, changed or not." in said
    assert "  No score has changed.\n" in said


def test_a_student_alone_is_graded_once_more_and_what_has_changed_is_a_table(class_of, run, tmp_path):
    submissions = class_of(*"abc")
    run(submissions, "--out", "results")
    for path, score in ((tmp_path / "results/s01.json", 2.5), (tmp_path / "results/s02.json", 1.0)):
        result = json.loads(path.read_text())
        result["exercises"][0]["score"] = score
        path.write_text(json.dumps(result))
    code, said, complained = run(submissions, "--out", "results", "--student", "S01")
    assert (code, complained) == (0, "")
    assert said.splitlines() == [
        "1 of 1 submissions are to be graded, changed or not.",
        "  graded                                    1",
        "  what has changed     exercise                        before     now",
        "  s01                  softmax                            2.5       5",
        "Next: python3 -m tools gradebook results",
    ]
    assert json.loads((tmp_path / "results/s02.json").read_text())["exercises"][0]["score"] == 1.0
    _, said, complained = run(submissions, "--out", "results", "--student", "s1")
    assert complained == "--student s1: none of 3 submissions is of s1; did you mean s01?\n"


def test_an_exercise_alone_is_graded_once_more_and_the_others_keep_their_marks(class_of, run, tmp_path):
    submissions = class_of(*"ab")
    run(submissions, "--out", "results")
    path = tmp_path / "results/s01.json"
    result = json.loads(path.read_text())
    other = {**result["exercises"][0], "name": "sigmoid", "score": 1.5}
    result["exercises"] = [other, {**result["exercises"][0], "score": 0.0}]
    path.write_text(json.dumps(result))
    code, said, complained = run(submissions, "--out", "results", "--exercise", "softmax")
    assert (code, complained) == (0, "")
    assert "  s01                  softmax                              0       5" in said.splitlines()
    now = json.loads(path.read_text())
    assert [(row["name"], row["score"]) for row in now["exercises"]] == [("sigmoid", 1.5), ("softmax", 5.0)]
    assert now["score"] == 6.5

    _, _, complained = run(submissions, "--out", "results", "--exercise", "softmx")
    assert complained == "--exercise softmx: seqgrad 01 has no such exercise; did you mean softmax?\n"
    class_of("a", "changed")
    _, _, complained = run(submissions, "--out", "results", "--exercise", "softmax")
    assert complained.startswith(
        "--exercise: what s01 handed in is new or has changed; call without --exercise"
    )


@pytest.mark.parametrize("before", [None, {}, {"exercises": 3}, {"exercises": [7, {"name": [], "score": 1}]}])
def test_a_result_that_was_none_has_changed_in_nothing(before):
    after = {"exercises": [{"name": "softmax", "score": 5.0}]}
    assert batch.compare_results("anna", before, after) == []
    assert batch.compare_results("anna", after, {"exercises": [{"name": "softmax", "score": 0.0}]}) == [
        ("anna", "softmax", 5.0, 0.0)
    ]


def test_of_many_changes_the_first_are_shown_and_the_rest_counted():
    lines = grade.tabulate_changes([batch.Change(f"s{i}", "softmax", 1.25, 5.0) for i in range(25)]).split(
        "\n"
    )
    assert len(lines) == 22 and lines[-1] == "  and 5 more"


@exhaustive
@pytest.mark.parametrize("seed", range(3))
def test_a_grader_that_is_killed_at_any_moment_loses_nothing(class_of, start, run, tmp_path, seed):
    """The results are those of an undisturbed run, byte for byte, and no drafts are left."""
    submissions = class_of(*[f"sleep 0.0{number % 7}" for number in range(20)])
    assert run(submissions, "--out", "undisturbed")[0] == 0
    results, draw, counts = tmp_path / "results", random.Random(seed), [0]
    for _ in range(3):
        process = start(submissions, "--out", "results")
        enough = min(19, counts[-1] + draw.randrange(5))
        wait_until(lambda: begun(results) and len(written(results)) >= enough, f"{enough} results")  # noqa: B023
        time.sleep(draw.uniform(0, 0.1))
        process.kill()
        process.wait()
        counts.append(len(written(results)))
    code, said, _ = run(submissions, "--out", "results")
    assert code == 0
    assert re.search(rf"already there +{counts[-1]}\n|graded +20\n", said), (counts, said)
    assert counts == sorted(counts)
    assert written(results) == written(tmp_path / "undisturbed")
    assert not list(results.glob("*draft*"))


@exhaustive
def test_two_graders_at_once_share_the_work(class_of, start, tmp_path):
    counted = tmp_path / "counted"
    submissions = class_of(*[f"count {counted}"] * 30)
    both = [start(submissions, "--out", "results") for _ in range(2)]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(written(tmp_path / "results")) == 30
    marked = [line.split()[0] for line in counted.read_text().splitlines()]
    assert sorted(set(marked)) == [f"s{number:02}" for number in range(30)]
    assert len(marked) == 30
    graded = [int((re.findall(r" graded +(\d+)", text) or ["0"])[0]) for text, _ in said]
    assert sum(graded) == 30


@exhaustive
def test_what_a_killed_grader_had_claimed_is_graded_by_the_other(class_of, start, tmp_path):
    submissions = class_of(*["sleep 1"] * 4)
    first = start(submissions, "--out", "results", "--jobs", "2")
    wait_until(lambda: begun(tmp_path / "results"), "the first grader")
    time.sleep(0.5)
    second = start(submissions, "--out", "results", "--jobs", "2")
    time.sleep(1)
    first.kill()
    said, _ = second.communicate()
    assert second.returncode == 0
    assert len(written(tmp_path / "results")) == 4


@pytest.mark.parametrize("after", sample([1.5, 0.2], 2))
def test_ctrl_c_ends_everything_and_says_how_to_go_on(class_of, start, tmp_path, after):
    """As a terminal sends it: to the whole group of processes."""
    submissions = class_of("a", *["sleep 30"] * 4)
    process = start(submissions, "--out", "results", process_group=0)
    wait_until(lambda: begun(tmp_path / "results"), "the grader")
    time.sleep(after)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate()
    assert time.monotonic() - began < 5
    assert process.returncode == 130
    assert complained == f"\nStopped. {grade.AGAIN}\n"
    wait_until(lambda: not members(process.pid), "the end of its processes", 5)


def test_a_line_comes_now_and_then_where_no_bar_can_be_drawn(class_of, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(bar, "NEWS", 0)
    graded(class_of(*"abc"), tmp_path / "results")
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if re.fullmatch(r"2 of 3, [\d.]+ a second, about \d+ s to go", line)]


@exhaustive
def test_a_bar_is_drawn_where_somebody_watches(class_of, start):
    submissions = class_of(*"abcdef")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    start(submissions, "--out", "results", stderr=theirs)
    os.close(theirs)
    drawn = ""
    with contextlib.suppress(OSError):  # by which Linux says that the other end is closed
        while chunk := os.read(ours, 1000):
            drawn += chunk.decode()
    os.close(ours)
    assert re.search(r"6/6 \[\d\d:\d\d<\d\d:\d\d, +[\d.]+( submissions/s|s/ submissions)\]", drawn)
    assert "\x1b[3" not in drawn  # no colours


def graded(path, out):
    """Grade in this process, one submission after the other."""
    here = functools.partial(mark_here, functools.partial(mark, Grader()))
    tally, _ = batch.grade(collect(path), Grader(), Store(out), here)
    return tally


def test_what_could_not_be_marked_is_told_to_the_student_and_costs_nothing_the_next_time(class_of, tmp_path):
    submissions, out = class_of("a", "fail so", "c"), tmp_path / "results"
    tally = graded(submissions, out)
    assert (tally["graded"], tally["not graded"]) == (2, 1)
    result = json.loads((out / "s01.json").read_text())
    assert result["notes"] == [
        "This submission could not be graded: the grader itself failed, ValueError: so."
    ]
    assert (result["score"], result["exercises"][0]["outcome"]) == (0.0, "raised")
    assert graded(submissions, out) == {"already there": 3}
    (out / "s01.json").unlink()
    assert graded(submissions, out)["not graded"] == 1


def test_a_full_disk_ends_the_run_and_leaves_nothing_half_written(class_of, tmp_path, monkeypatch):
    submissions, out = class_of(*"abcd"), tmp_path / "results"
    fsync, calls = os.fsync, itertools.count()

    def full(descriptor):
        if next(calls) >= 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            graded(submissions, out)
    assert sorted(written(out)) == ["s00.json", "s01.json"]
    assert not list(out.glob("*draft*"))
    assert graded(submissions, out)["graded"] == 2


@exhaustive
def test_in_boxes_the_same_submissions_give_the_same_bytes_whoever_marks_them(shown, monkeypatch, tmp_path):
    monkeypatch.setattr(marking, "make_package", lambda *_: shown)
    submissions = bench_grade.hand_in(tmp_path / "submissions", 2, ["01"])
    numbers.draw_secret(tmp_path / "secret")
    broken = submissions / "student-00000" / "01_activations.ipynb"
    broken.write_text(broken.read_text().replace("np.exp", "np.expm1"))
    (submissions / "nobody").mkdir()
    options = [str(submissions), "--chapters", "1", "--secret", str(tmp_path / "secret")]
    command = [sys.executable, "-m", "tools", "grade", *options, "--out", tmp_path / "one", "--jobs", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert grade.main([*options, "--out", str(tmp_path / "two"), "--jobs", "1"]) == 0
    results = written(tmp_path / "one")
    assert results == written(tmp_path / "two")
    scores = {name: json.loads(content)["score"] for name, content in results.items()}
    assert scores == {"nobody.json": 0.0, "student-00000.json": 0.0, "student-00001.json": 10.0}
    assert json.loads(results["nobody.json"])["notes"]
    fingerprint = numbers.name_secret(numbers.read_secret(tmp_path / "secret"))
    assert {json.loads(content)["secret"] for content in results.values()} == {fingerprint}


# Which secret the marks come from.


@pytest.fixture
def released(tmp_path):
    """Release chapter 1; return a function that gives the options of a call, and the secret's file."""
    secret = tmp_path / "course-secret"
    numbers.draw_secret(secret)
    plan = notebooks.plan_release(ROOT, ["01"])
    said = label.format_label(plan, None, "", numbers.name_secret(numbers.read_secret(secret)))
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/release.json").write_text(said)

    def options(*arguments, secret=secret):
        return grade.parse_options(
            ["class", "--release", str(tmp_path / "dist"), "--secret", str(secret), *arguments]
        )

    return options, secret


def refusal(work, *arguments):
    with pytest.raises(Refusal) as refused:
        work(*arguments)
    return str(refused.value)


def test_marks_come_from_the_secret_that_the_release_was_made_with(released):
    options, secret = released
    assert grade.make_grader(options()).secret == numbers.read_secret(secret)


def test_a_lost_or_mistyped_secret_is_refused_with_the_one_that_is_needed_and_none_is_drawn(
    released, tmp_path
):
    options, secret = released
    before = sorted(path.name for path in tmp_path.iterdir())
    fingerprint = numbers.name_secret(numbers.read_secret(secret))
    assert refusal(grade.make_grader, options(secret=tmp_path / "typo")) == (
        f"There is no secret in {tmp_path / 'typo'}, and marks come from it: {tmp_path / 'dist'} was made "
        f"with the secret {fingerprint}, so give its file by --secret FILE."
    )
    (tmp_path / "dist/release.json").unlink()
    assert refusal(grade.make_grader, options("--chapters", "1", secret=tmp_path / "typo")) == (
        f"There is no secret in {tmp_path / 'typo'}, and marks come from it: `release` draws one, or give "
        "its file by --secret FILE."
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_another_secret_than_that_of_the_release_is_refused_with_both_fingerprints(released, tmp_path):
    options, secret = released
    numbers.draw_secret(tmp_path / "another")
    mine, theirs = (numbers.name_secret(numbers.read_secret(path)) for path in (secret, tmp_path / "another"))
    assert refusal(grade.make_grader, options(secret=tmp_path / "another")) == (
        f"{tmp_path / 'another'} holds the secret {theirs}, but {tmp_path / 'dist'} was made with the secret "
        f"{mine}: give the file of that one by --secret FILE."
    )


def test_another_secret_than_that_of_the_results_is_refused_unless_all_are_marked_anew(released, tmp_path):
    options, _ = released
    store, grader = Store(tmp_path / "results"), Grader()
    grade.refuse_others(store, grader, options())
    store.write("anna", {"secret": grader.fingerprint})
    grade.refuse_others(store, grader, options())
    said = refusal(grade.refuse_others, store, Grader(fingerprint="0ddba115"), options())
    assert said.startswith("results holds results that were marked with the secret 5ec2e700, but ")
    assert "holds 0ddba115: " in said and said.endswith("; with --regrade all are marked anew.")


def test_another_assignment_than_that_of_the_results_is_refused(released, tmp_path):
    options, _ = released
    store, grader = Store(tmp_path / "results"), Grader()
    about = {"secret": grader.fingerprint, "assignment": {"title": "seqgrad 04"}}
    store.write("anna", about | {"assignment": {"title": grader.title}})
    grade.refuse_others(store, grader, options())
    store.write("anna", about)
    said = refusal(grade.refuse_others, store, grader, options())
    assert said == (
        "results holds results of seqgrad 04, and this is seqgrad 01: choose another --out; with --regrade "
        "they are replaced."
    )


def test_results_whose_submission_was_withdrawn_or_renamed_are_named_and_kept(class_of, run, tmp_path):
    folder = class_of("a", "b")
    assert "without a submission" not in run(folder, "--out", "r")[1]
    (folder / "s01").rename(folder / "s02")
    _, said, _ = run(folder, "--out", "r")
    assert (
        "r holds results without a submission, which was withdrawn or renamed: s01.json. They are kept"
        in said
    )
    assert sorted(path.stem for path in (tmp_path / "r").glob("*.json")) == ["s00", "s01", "s02"]


def test_a_release_of_an_older_version_has_no_fingerprint_and_is_graded(released, tmp_path):
    options, _ = released
    said = json.loads((tmp_path / "dist/release.json").read_text())
    del said["secret"]
    (tmp_path / "dist/release.json").write_text(json.dumps(said))
    grade.make_grader(options())


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"chapters": 3, "students": null, "digest": ""}'])
def test_what_is_no_release_is_refused(released, tmp_path, text):
    options, _ = released
    (tmp_path / "dist/release.json").write_text(text)
    assert refusal(grade.make_grader, options()).startswith(f"{tmp_path / 'dist/release.json'} ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere", "--out", "r"), "nowhere is not there"),
        (("empty", "--out", "r"), "empty holds no submission"),
        (
            ("class", "--out", "class/results"),
            "class/results lies among the submissions: choose another --out.",
        ),
        (("class", "--out", "class"), "class lies among the submissions: choose another --out."),
        (("class", "--out", "file"), "Results cannot be kept in file: "),
        (("class", "--out", "r", "--scheduler", "somewhere"), "--scheduler somewhere: an address is needed"),
        (("class", "--out", "r", "--jobs", "0"), "--jobs 0: at least one is needed"),
        (("class", "--out", "r", "--seconds", "-1"), "--seconds -1.0: a number between 0 and 3600 is needed"),
    ],
)
def test_what_cannot_be_graded_is_refused_in_a_sentence(class_of, run, tmp_path, arguments, sentence):
    class_of("a").rename(tmp_path / "class")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    code, said, complained = run(*arguments)
    assert code in (1, 2)
    assert sentence in complained
    assert "Traceback" not in complained
