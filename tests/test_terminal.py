"""What a verb writes: progress with an estimate on a terminal, plain lines elsewhere, last what is next."""

import os
import re
import shutil
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.marks import exhaustive
from tests.waiting import started
from tools.__main__ import VERBS
from tools.bench import bench
from tools.course import pairs
from tools.writing import write

ROOT = Path(__file__).parent.parent
CHAPTER = """\
# %% [markdown]
# # A chapter with one function to write

# %%
import numpy as np

from seqgrad.check import check

# %% exercise="sigmoid" points=5
from seqgrad.activations import sigmoid

# %%
check(sigmoid)
"""
STUDENTS = ("ada", "bela", "chen")

# How each verb is called here, in an order in which each finds what it needs.
CALLS = {
    "build": [],
    "validate": [],
    "test": [],
    "check": [],
    "release": ["--chapters", "1", "--roster", "roster.csv"],
    "grade": ["submissions", "--unsafe"],
    "gradebook": ["results"],
}
# Those that take longer than a moment; pytest draws a progress of its own.
BARS = {"validate": "cell", "release": "token", "grade": "submissions"}
# What begins anew, so that there is something to do.
AGAIN = {"release": ["dist"], "grade": ["results"]}
# Those that would take too long here: other files look at their last lines.
ELSEWHERE = {"lab": "course/test_lab.py", "site": "site/test_site.py"}

COLOUR = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a copy of the project with one chapter, one test, and a class that has done nothing yet."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("seqgrad", "tools", "notebooks/figures"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (path for path in ROOT.iterdir() if path.is_file() and path.name != "course-secret"):
        shutil.copy(path, root)
    for path in ROOT.glob("notebooks/*.md"):
        shutil.copy(path, root / "notebooks")
    write(root / "notebooks/source/01_one.py", CHAPTER)
    write(root / "tests/test_one.py", "def test_one():\n    pass\n")
    write(root / "roster.csv", "\n".join(["id", *STUDENTS]))
    return root


def call(root, verb, **where):
    """Start a verb as CALLS says, where no colours are wanted."""
    calm = {**os.environ, "NO_COLOR": "1", "COLUMNS": "110"}
    return subprocess.Popen(command(verb), cwd=root, env=calm, stderr=subprocess.STDOUT, **where)


def command(verb):
    return [sys.executable, "-m", "tools", verb, *CALLS[verb]]


@pytest.fixture(scope="module")
def piped(project):
    """Run every verb and return what each writes into a pipe."""
    said = {}
    for verb in CALLS:
        if verb == "grade":
            for student in STUDENTS:
                shutil.copytree(project / "notebooks/exercises", project / "submissions" / student)
        said[verb] = call(project, verb, stdout=subprocess.PIPE).communicate()[0].decode()
    return said


def on_a_terminal(root, verb):
    """Run a verb again and return what it writes onto a terminal."""
    for folder in AGAIN.get(verb, []):
        shutil.rmtree(root / folder)
    ours, its = os.openpty()
    termios.tcsetwinsize(its, (40, 110))
    process = call(root, verb, stdin=its, stdout=its)
    os.close(its)
    said = b""
    try:
        while more := os.read(ours, 65536):
            said += more
    except OSError:  # how Linux says that nobody has the other end any more
        pass
    os.close(ours)
    process.wait()
    return said.decode()


def test_every_verb_is_called_here_or_has_a_file_that_looks_at_its_last_line():
    assert set(VERBS) == {*CALLS, *ELSEWHERE, "bench"}
    for name in ELSEWHERE.values():
        assert "Next: " in pairs.read(ROOT / "tests" / name), name


@pytest.mark.parametrize("verb", CALLS)
def test_into_a_pipe_a_verb_writes_plain_lines_and_ends_with_what_is_next(piped, verb):
    said = piped[verb]
    assert "\x1b" not in said and "\r" not in said
    assert "Next: " in said.splitlines()[-1]
    assert "Traceback" not in said


@exhaustive
@pytest.mark.parametrize("verb", BARS)
def test_on_a_terminal_a_verb_shows_its_progress_with_an_estimate_and_without_colours(project, piped, verb):
    said = on_a_terminal(project, verb)
    estimate = rf"\d+%\|.*\| +\d+/\d+ \[\d\d:\d\d<(\d\d:\d\d|\?), .*{BARS[verb]}"
    assert re.search(estimate, said)
    assert not COLOUR.search(said)
    assert "Next: " in said.splitlines()[-1]


def test_tests_begin_with_how_long_all_of_them_took_last_time(project, piped):
    assert piped["test"].startswith("This takes about six minutes.\n")
    seconds = pairs.read(project / ".pytest_cache/seconds")
    assert int(seconds) < 600
    with started(command("test"), cwd=project, stdout=subprocess.PIPE) as again:
        assert again.stdout.readline().decode() == f"It took {seconds} s last time.\n"


@pytest.mark.parametrize(("met", "last"), [(True, "Every goal is met."), (False, "A goal is missed.")])
def test_bench_says_whether_every_goal_is_met_and_what_is_next(monkeypatch, capsys, met, last):
    parts = {"one": lambda options: True, "other": lambda options: met}
    monkeypatch.setattr(bench, "PARTS", parts)
    assert bench.main([]) == (0 if met else 1)
    assert capsys.readouterr().out.startswith(f"{last} Next: ")
