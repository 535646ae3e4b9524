"""Many submissions on all cores: each is marked once, whatever happens to the process that marks it."""

import contextlib
import functools
import itertools
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.graders import Unpicklable, handed_in, work
from tests.marks import exhaustive, sample
from tests.waiting import started
from tools import Refusal
from tools.grade import engine

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="boxes and slots are for Linux")


def run(submissions, jobs=2, **how):
    """Return what the engine yields, by student, and see that no student comes twice."""
    found = list(engine.mark_locally(work, submissions, jobs, **how))
    results = {submission.student: result for submission, result in found}
    assert len(results) == len(found)
    return results


def a_class(*texts):
    return [handed_in(f"s{number}", text) for number, text in enumerate(texts)]


def alive(pid):
    """Return whether a process is there and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid, seconds=10):
    """Wait for a process to go, and return whether it did."""
    limit = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    return not alive(pid)


def test_every_submission_comes_back_once_with_its_result():
    results = run(a_class(*"abcdefghij"))
    assert {student: result["text"] for student, result in results.items()} == {
        f"s{number}": letter for number, letter in enumerate("ABCDEFGHIJ")
    }


def test_a_class_of_none_starts_nothing(monkeypatch):
    monkeypatch.setattr(engine, "Worker", None)
    assert run([]) == {}


@linux
def test_each_process_has_a_slot_of_its_own(tmp_path):
    counted = tmp_path / "counted"
    results = run(a_class(*[f"count {counted}"] * 12, "sleep 0.5", "sleep 0.5"))
    of_process = {tuple(line.split()[1:]) for line in counted.read_text().splitlines()}
    assert len(of_process) == len({process for process, _ in of_process})
    assert len({slot for _, slot in of_process}) == len(of_process)
    assert results["s12"]["slot"] != results["s13"]["slot"]


@linux
def test_a_slot_is_held_by_one_process_at_a_time():
    code = "from tools.grade.engine import take_slot as t; print(t(), t(), flush=True); input()"
    run = functools.partial(started, [sys.executable, "-c", code], cwd=ROOT, text=True)
    with run(stdin=-1, stdout=-1) as one, run(stdin=-1, stdout=-1) as other:
        first, second = one.stdout.readline().split(), other.stdout.readline().split()
        one.communicate("\n"), other.communicate("\n")
    assert first[0] == first[1] != second[0] == second[1]


def test_a_submission_that_kills_its_process_three_times_is_given_up_and_costs_the_others_nothing():
    results = run(a_class("a", "die", "b", "c", "die", "d"))
    assert results.pop("s1") == results.pop("s4") == engine.DIED
    assert [result["text"] for _, result in sorted(results.items())] == list("ABCD")


def test_a_process_that_dies_once_is_replaced_and_its_submission_marked_again(tmp_path):
    results = run(a_class("a", f"die-once {tmp_path / 'died'}", "b"), jobs=1)
    assert results["s1"]["text"].startswith("DIE-ONCE")
    assert [results["s0"]["text"], results["s2"]["text"]] == ["A", "B"]


@exhaustive
def test_a_submission_that_hangs_is_given_up():
    began = time.monotonic()
    results = run(a_class("sleep 60", "a"), patience=4)
    assert results["s0"] == engine.DIED and results["s1"]["text"] == "A"
    assert time.monotonic() - began < 50


def test_an_exception_of_the_grader_is_told_and_the_rest_goes_on():
    results = run(a_class("fail what is this", "a"))
    assert results["s0"] == engine.Failure("the grader itself failed, ValueError: what is this")
    assert results["s1"]["text"] == "A"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("refuse There is no bubblewrap.", "There is no bubblewrap."),
        pytest.param("full", "Nothing can be marked here: No space left on device.", marks=exhaustive),
    ],
)
def test_what_is_wrong_with_the_machine_ends_the_run(text, sentence):
    with pytest.raises(Refusal, match=re.escape(sentence)):
        run(a_class("a", text, "b"))


def test_processes_that_cannot_even_start_end_the_run():
    with pytest.raises(Refusal, match="the processes for it die as they start"):
        list(engine.mark_locally(Unpicklable(), a_class(*"abc"), 2))


def test_submissions_are_taken_one_by_one_so_that_memory_does_not_grow_with_the_class():
    taken = itertools.count()
    endless = (handed_in(f"s{number}", "x") for number in taken)
    with contextlib.closing(engine.mark_locally(work, endless, 2)) as finished:
        for _ in itertools.islice(finished, 10):
            pass
    assert next(taken) <= 10 + 2 + 1


@linux
def test_to_stop_ends_every_process_at_once(tmp_path):
    counted = tmp_path / "counted"
    texts = [f"count {counted}", f"count {counted}", *["sleep 60"] * 4]
    finished = engine.mark_locally(work, a_class(*texts), 2)
    next(finished), next(finished)
    time.sleep(0.2)
    began = time.monotonic()
    finished.close()
    assert time.monotonic() - began < 5
    assert all(gone(line.split()[1]) for line in counted.read_text().splitlines())


@linux
@pytest.mark.parametrize("number", sample([signal.SIGKILL, signal.SIGTERM], 2))
def test_the_processes_end_with_the_grader_whatever_ends_it(tmp_path, number):
    counted = tmp_path / "counted"
    code = (
        "from tools.grade import engine; from tests.graders import handed_in, work\n"
        f"made = [handed_in(str(n), t) for n, t in enumerate([{f'count {counted}'!r}] + ['sleep 60'] * 4)]\n"
        "list(engine.mark_locally(work, made, 1))"
    )
    grader = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        limit = time.monotonic() + 60
        while not counted.exists() and time.monotonic() < limit:
            time.sleep(0.05)
        grader.send_signal(number)
    finally:
        grader.kill()
        grader.wait()
    assert gone(counted.read_text().split()[1])
