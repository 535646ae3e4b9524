"""A check leaves the notebook's process as it was, whatever the function does to it."""

import builtins
import os
import random
import signal
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import numpy as np
import pytest

import seqgrad
from seqgrad.check import check
from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.trial import draw_calls
from seqgrad.check.learner import Learner
from seqgrad.check.running import survive
from tests.marks import exhaustive

SIGMOID = find_exercise("sigmoid")
CALL = draw_calls(SIGMOID)[0]
POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")


def look():
    """Return what belongs to everybody, as it is now."""
    return {
        "generator": np.random.get_state()[1].tolist(),  # noqa: NPY002
        "Python's generator": random.getstate(),
        "print options": np.get_printoptions(),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "recursion": sys.getrecursionlimit(),
        "errors": np.geterr(),
        "names": [dict(vars(module)) for module in (builtins, np, np.linalg, np.random, seqgrad)],
        "handlers": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
    }


def change_everything(z):
    """Compute the sigmoid, and change what is everybody's."""
    np.random.seed(3)  # noqa: NPY002
    random.seed(3)
    np.set_printoptions(precision=2, suppress=True)
    np.seterr(invalid="raise")
    os.chdir("/")
    os.environ["SEQGRAD_MARK"] = "1"
    os.environ.pop("HOME", None)
    sys.setrecursionlimit(12345)
    np.dot = np.mark = builtins.pow = np.linalg.norm = seqgrad.softmax = len
    vars(np).pop("tanh", None)
    return 1 / (1 + np.exp(-z))


def test_what_a_function_changes_for_everybody_is_put_back():
    before = look()
    assert check(change_everything, "sigmoid").outcome == "passed"
    after = look()
    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.parametrize("before", ["never there", "taken out of the table of modules"])
def test_a_module_that_was_loaded_meanwhile_stays(before):
    import numpy.polynomial.hermite

    del sys.modules["numpy.polynomial.hermite"]
    if before == "never there":
        del numpy.polynomial.hermite

    def load(z):
        import numpy.polynomial.hermite

        return seqgrad.sigmoid(z) + 0 * numpy.polynomial.hermite.hermzero[0]

    assert check(load, "sigmoid").outcome == "passed"
    assert np.polynomial.hermite is sys.modules["numpy.polynomial.hermite"]


def session(text, folder, **how):
    """Run lines in a process that has a folder, and a temporary folder, to itself."""
    lines = "import os, ctypes, signal\nimport numpy as np\nfrom seqgrad.check import check\n"
    environment = os.environ | {"TMPDIR": str(folder), "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-c", lines + textwrap.dedent(text)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, **how
    )


ENDS = """
def sigmoid(z):
    os._exit(3)
print(check(sigmoid))
print("and on")
"""


@POSIX
def test_what_ended_the_kernel_is_said_at_the_next_check_and_the_kernel_lives(tmp_path):
    assert session(ENDS, tmp_path).returncode == 3
    again = session(ENDS, tmp_path)
    assert again.stdout.startswith("sigmoid: raised")
    assert "it ended the process that ran it" in again.stdout and again.stdout.endswith("and on\n")
    mended = session("def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\nprint(check(sigmoid))", tmp_path)
    assert mended.stdout.startswith("sigmoid: passed") and not list(tmp_path.iterdir())


@POSIX
def test_a_process_that_a_function_forks_does_not_answer_for_the_notebook(tmp_path):
    told = session(
        """
        def sigmoid(z):
            os.fork()
            return 1 / (1 + np.exp(-z))
        print(check(sigmoid), os.getpid() > 0)
        """,
        tmp_path,
    )
    assert told.stdout.count("sigmoid: passed") == 1 and told.stdout.endswith("True\n")


def in_fork(function, monkeypatch, tmp_path):
    """Return the error of a function whose last check has ended its process."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    survive.find_mark(function).write_text(str(process.pid))
    (result,) = Learner(function, SIGMOID).run([CALL], {})
    return result.error and (result.error.kind, result.error.message)


@POSIX
def test_the_way_in_which_the_other_process_ends_is_told_apart(monkeypatch, tmp_path):
    def crash(z):
        os.kill(os.getpid(), signal.SIGSEGV)

    def end(z):
        os._exit(0)

    def sigmoid(z):
        return seqgrad.sigmoid(z)

    told = [in_fork(function, monkeypatch, tmp_path) for function in (crash, end, sigmoid)]
    assert told == [
        ("Crash", "SIGSEGV ended the process that ran it"),
        ("SystemExit", "it ended the process that ran it"),
        None,
    ]


@POSIX
@exhaustive
def test_a_loop_in_c_ends_in_the_other_process(monkeypatch, tmp_path):
    assert in_fork(lambda z: sum(iter(int, 1)), monkeypatch, tmp_path) == ("OutOfTime", "")


@exhaustive
def test_a_loop_that_has_switched_the_alarm_off_is_ended_all_the_same():
    def sigmoid(z):
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        while True:
            pass

    assert "did not come to an end in time" in str(check(sigmoid))


def test_where_nothing_can_be_forked_a_sentence_says_what_happened(monkeypatch, tmp_path):
    monkeypatch.setattr(survive, "os", SimpleNamespace(**{k: v for k, v in vars(os).items() if k != "fork"}))
    told = in_fork(seqgrad.sigmoid, monkeypatch, tmp_path)
    assert told == ("SystemExit", survive.HERE_AGAIN)
    assert in_fork(seqgrad.sigmoid, monkeypatch, tmp_path) == told
    (result,) = Learner(seqgrad.sigmoid, SIGMOID).run([CALL], {})
    assert result.error is None
