"""Measure `grade`: what hostile submissions get, how fast correct ones are beside nbgrader, a large class."""

import contextlib
import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from seqgrad.check.verdict import OUTCOMES
from tools import Refusal, peers
from tools.environment import ROOT
from tools.students import numbers

CHAPTERS = ("04", "05")
CLASS = 200
SAMPLE = 6  # submissions that nbgrader is timed on: each takes it seconds
GOAL = 20  # times the rate of nbgrader


def main():
    """Print what work of all manners gets, and how fast it is; return whether the goals are met."""
    with tempfile.TemporaryDirectory() as folder:
        return all([grade_manners(Path(folder)), measure_throughput(Path(folder))])


# What harm can do.


def grade_hostile(folder, sandbox="bubblewrap", sample=None):
    """Print what the hostile programs of the tests get in a sandbox; return for each whether it is contained.

    The last is whether the grader's own files and ports were left alone.
    """
    from tests import hostile as table
    from tools.grade.collect import collect
    from tools.grade.engine import Failure, mark_locally
    from tools.grade.mark import Grader
    from tools.release import notebooks

    plan, rows = notebooks.plan_release(ROOT, ["01"]), table.HOSTILE
    rows = rows[:: max(1, len(rows) // sample)] if sample else rows
    header = table.HEADER_OF_WASM if sandbox == "wasm" else table.HEADER
    folder.mkdir(exist_ok=True)
    other, contained = folder / "another.py", []
    other.write_text("SECRET = 1")
    with socket.create_server(("127.0.0.1", 0)) as door:
        for number, row in enumerate(rows):
            path = folder / "hostile" / f"{number:03}" / "01_activations.ipynb"
            path.parent.mkdir(parents=True)
            known = {"SECRET_FILE": str(other), "PORT": door.getsockname()[1], "ABSTRACT": b"\0none"}
            path.write_text(json.dumps(table.notebook(row, header, **known)), encoding="utf-8")
        grader = Grader(plan.title, plan.exercises, plan.withheld, bytes(32), seconds=1.0, sandbox=sandbox)
        heading = f"hostile submissions, {sandbox}"
        print(f"{heading:36}{'should give':26}{'gives':16}{'honest part':14}{'s':>5}")
        work = functools.partial(time_submission, grader)
        for submission, result in mark_locally(work, collect(folder / "hostile"), os.cpu_count()):
            row = rows[int(submission.student)]
            if isinstance(result, Failure):
                result = {"seconds": 0.0, "sigmoid": "FAILED", "softmax": result.reason}
            contained.append(is_contained(row, result, sandbox))
            allowed = "anything" if "any" in row.gives else ", ".join(sorted(list_expected(row)))
            found = f"{result['sigmoid']:16}{result['softmax']:14}{result['seconds']:5.1f}"
            print(f"  {row.name:34}{allowed:26}{found}{'' if contained[-1] else '  WRONG'}", flush=True)
        door.setblocking(False)
        contained.append(other.read_text() == "SECRET = 1" and not has_visitor(door))
    print(f"  {len(rows)} submissions: {'all contained' if all(contained) else 'NOT ALL CONTAINED'}\n")
    return contained


def is_contained(row, result, sandbox):
    """Say whether a hostile program got what it may, and the honest function beside it its marks.

    An interpreter that lacks what the program asks for raises, whatever else may come of it.
    """
    allowed = list_expected(row) | ({"raised"} if sandbox == "wasm" else set())
    if "raised" in allowed:  # or it reads like a template, and what that raises does not count
        allowed |= {"not attempted"}
    return result["softmax"] == "passed" and result["sigmoid"] in allowed


def time_submission(grader, submission, slot):
    """Return the outcomes of a submission, and the seconds that it took."""
    from tools.grade.mark import mark

    began = time.perf_counter()
    rows = mark(grader, submission, slot)["exercises"]
    return {row["name"]: row["outcome"] for row in rows} | {"seconds": time.perf_counter() - began}


def has_visitor(door):
    """Return whether anybody has come to a socket that listens."""
    with contextlib.suppress(BlockingIOError):
        door.accept()
        return True
    return False


def list_expected(row):
    """Return the outcomes that a hostile function may have: a kind of error is one that raises."""
    outcomes = {"right": {"passed"}, "wrong": {"wrong"}, "empty": {"wrong"}, "any": set(OUTCOMES)}
    nothing = {"not attempted"} if "sigmoid = " in row.body else set()  # it may not look like a function
    return nothing.union(*(outcomes.get(given, {"raised"}) for given in row.gives))


# What people hand in.


def grade_manners(folder):
    """Print what work gets in the notebooks of many editors; return whether check and grade are right."""
    from tests.learners import manners
    from tools.course.chapters import exercises
    from tools.grade.collect import collect
    from tools.grade.engine import Failure, mark_locally
    from tools.grade.mark import Grader

    asked = tuple(one for one in exercises(ROOT) if one.name in manners.ASKED)
    expected = {}
    for manner in manners.MANNERS:
        for work, (texts, outcomes) in manners.WORKS.items():
            expected[f"{manner.__name__}, {work}"] = outcomes
            for name, content in manner(texts).items():
                path = folder / "manners" / f"{manner.__name__}, {work}" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    grader = Grader("seqgrad 02-05", asked, tuple(one.name for one in exercises(ROOT)), bytes(32))
    right = Counter()
    for submission, result in mark_locally(
        functools.partial(time_submission, grader), collect(folder / "manners"), os.cpu_count()
    ):
        what = submission.student
        marked = {"not graded": result.reason} if isinstance(result, Failure) else result
        graded = {name: marked.get(name) for name in manners.ASKED}
        said = check_outcomes(folder / "manners" / what, asked)
        as_expected = graded == said == expected[what]
        right[what.partition(", ")[0]] += as_expected
        if not as_expected:
            print(f"  {what}: expected {expected[what]}, grade says {graded}, check says {said}")
    print(f"{'notebooks in the manner of':36}{'right':>10}{'of':>4}")
    for manner in manners.MANNERS:
        print(f"  {manner.__name__:34}{right[manner.__name__]:10}{len(manners.WORKS):4}")
    print()
    return sum(right.values()) == len(expected)


def check_outcomes(folder, asked):
    """Return the outcomes that `tools check` prints of the first notebook or script in a folder."""
    from tools.reader.judge import judge

    path = max(folder.rglob("*.*"), key=lambda path: ("RNN" in path.name, path.suffix == ".ipynb", path.name))
    return {worth.verdict.exercise: worth.verdict.outcome for worth in judge(path, asked)[1]}


# Correct submissions, no two of them the same.


def hand_in(folder, count, chapters=CHAPTERS):
    """Write submissions of `count` students: the released notebooks, every exercise solved."""
    from tools.course.chapters import make_variants
    from tools.release import notebooks

    plan = notebooks.plan_release(ROOT, chapters)
    for name, notebook in notebooks.make_notebooks(ROOT, plan).items():
        solved = make_variants(ROOT / "notebooks" / "source" / f"{name}.py", ROOT)["solutions"]
        solutions = {cell.metadata.get("exercise"): cell.source for cell in solved.cells}
        for number in range(count):
            for cell in notebook.cells:
                if "exercise" in cell.metadata:
                    solution = solutions[cell.metadata["exercise"]]
                    cell.source = f"# student {number}\n{solution.replace('    # ', f'    # {number}: ')}"
            path = folder / f"student-{number:05}" / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(notebook), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Run:
    """What a command and its processes took: seconds, CPU seconds, bytes at the peak; and what it said."""

    seconds: float
    cpu: float
    bytes: int
    words: str


def measure_command(command, folder, watch=None, ends=0, **variables):
    """Run a command to its end and return the `Run`; refuse to go on if it ends with another exit code.

    `watch` is called with the number of its process, and the bytes that it holds, each second.
    """
    began, peak, looks = time.perf_counter(), 0, 1
    with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | variables, stdout=words, stderr=words
        )
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.perf_counter() > began + looks:  # seldom, since a look costs some time itself
                held, looks = measure_memory(process.pid), looks + 1
                peak = max(peak, held)
                if watch:
                    watch(process.pid, held)
            time.sleep(0.02)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        said = words.read()
    if process.returncode != ends:
        last = (said.splitlines() or ["it said nothing"])[-1]
        raise Refusal(f"bench: `{' '.join(command[1:4])}` ended with {process.returncode}: {last}")
    return Run(time.perf_counter() - began, used.ru_utime + used.ru_stime, peak, said)


def measure_memory(process):
    """Return the bytes that a process and all below it hold, what they share counted for each of them."""
    import psutil

    total, first = 0, psutil.Process(process)
    for one in [first, *first.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return total


def measure_grade(submissions, out, *arguments, **options):
    """Run the verb on submissions, as `measure_command` runs a command."""
    secret = submissions.with_name("secret")
    numbers.draw_secret(secret)
    command = [sys.executable, "-m", "tools", "grade", str(submissions), "--out", str(out)]
    command += ["--chapters", ",".join(CHAPTERS), "--secret", str(secret)]
    return measure_command([*command, *arguments], ROOT, **options)


# How fast.


def measure_throughput(folder):
    """Print submissions a second, with one and all cores, and of nbgrader; return whether it is enough."""
    submissions = hand_in(folder / "submissions", CLASS)
    print_heading(f"{CLASS} correct submissions")
    rates, right = [], True
    for jobs in sorted({1, os.cpu_count()}):
        out = folder / f"results-{jobs}"
        run = measure_grade(submissions, out, "--jobs", str(jobs))
        right &= check_results(out, CLASS)
        rates.append(CLASS / run.seconds)
        print_row(f"grade, {jobs} at once", run, CLASS)
    if (python := peers.find_nbgrader(fetch=True)) is None:
        return right
    run = measure_nbgrader(python, folder, submissions)
    print_row(f"nbgrader autograde, {SAMPLE} of them", run, SAMPLE)
    times = max(rates) * run.seconds / SAMPLE
    print(f"  {times:.0f} times the rate of nbgrader, goal {GOAL}\n")
    return right and times >= GOAL


def print_heading(title):
    """Print the headings of a table."""
    print(f"{title:32}{'a second':>10}{'CPU s each':>12}{'peak MB':>10}", flush=True)


def print_row(name, run, count):
    """Print a line of the table."""
    print(f"  {name:30}{count / run.seconds:10.2f}{run.cpu / count:12.3f}{run.bytes / 1e6:10.0f}", flush=True)


def check_results(out, count):
    """Return whether all results are there with full marks; say so if not."""
    found, short = sorted(out.glob("*.json")), []
    for path in found:
        result = json.loads(path.read_text(encoding="utf-8"))
        short += [path.stem] if result["score"] != result["points"] else []
    if len(found) == count and not short:
        return True
    print(f"  {len(found)} of {count} results; without full marks: {', '.join(short[:5]) or 'none'}")
    return False


def measure_nbgrader(python, folder, submissions):
    """Return the `Run` of nbgrader on some of the submissions."""
    from tools.release import notebooks

    course = folder / "course"
    source = course / "source" / "lstm"
    source.mkdir(parents=True)
    for name, notebook in notebooks.make_notebooks(ROOT, notebooks.plan_release(ROOT, CHAPTERS)).items():
        (source / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for submission in sorted(submissions.iterdir())[:SAMPLE]:
        shutil.copytree(submission, course / "submitted" / submission.name / "lstm")
    variables = {"PYTHONPATH": str(ROOT), "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    measure_command([str(python), "-m", "nbgrader", "generate_assignment", "lstm"], course, **variables)
    return measure_command([str(python), "-m", "nbgrader", "autograde", "lstm"], course, **variables)
