"""The box: what runs in it touches nothing, and what is honest in it gets what it deserves."""

import ast
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from seqgrad import softmax
from seqgrad.check.diagnose import diagnose_alone
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import draw_calls, prepare
from seqgrad.check.judging.judge import is_right
from seqgrad.check.learner import Learner
from seqgrad.check.naming.causes import find_causes
from seqgrad.check.running import wire
from seqgrad.check.running.data import Call
from seqgrad.check.running.limit import TIMES
from seqgrad.check.running.run import run
from seqgrad.check.running.survive import explain_exit
from tests import hostile, learners
from tests.learners import mistakes
from tests.marks import exhaustive, sample
from tests.waiting import started
from tools.environment import ROOT
from tools.grade import slot as slots
from tools.grade.box import LIMITS, Box, Limits
from tools.grade.claims import OPEN
from tools.grade.inside import UNSEALED
from tools.grade.oracle import Oracle
from tools.grade.remote import Remote
from tools.grade.slot import FIRST_USER, choose_user
from tools.grade.talk import Talk, explain_end
from tools.grade.view import HELD, PREFIX, remove_leftovers

FUNCTIONS = [exercise.name for exercise in list_exercises()]
NAMES = (*FUNCTIONS, "cell_step")
LSTM_FORWARD = find_exercise("lstm_forward")
QUICK = Limits(load=1.0, seconds=0.5, clock=5)
NUMBER, INSPECTED = 40, 45  # of slots: nobody else's


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """Yield a file of the grader and two sockets that it listens on; nobody has touched them in the end."""
    path = tmp_path_factory.mktemp("submissions") / "another.py"
    path.write_text("SECRET = 1")
    with socket.create_server(("127.0.0.1", 0)) as near, socket.socket(socket.AF_UNIX) as named:
        named.bind(f"\0seqgrad test {os.getpid()}")
        named.listen()
        yield {"SECRET_FILE": str(path), "PORT": near.getsockname()[1], "ABSTRACT": named.getsockname()}
        for listener in (near, named):
            listener.setblocking(False)
            with pytest.raises(BlockingIOError):
                listener.accept()
    assert path.read_text() == "SECRET = 1" and list(path.parent.iterdir()) == [path]


def opened(shown, *texts, limits=LIMITS, **options):
    """Return a box with these cells in it."""
    pieces = [
        (f"a.ipynb, cell {number}", text) for number, text in enumerate(("import numpy as np", *texts), 1)
    ]
    return Box(shown, pieces, NAMES, limits, **{"slot": NUMBER} | options)


def got(box, name="sigmoid", count=1):
    """Return what a function gives, as a value or the kind of its error."""
    (result, *_) = box.run(name, [Call((np.ones((2, 2)),))] * count)
    return result.error.kind if result.error else result.value


def outcome(box, name):
    """Return in a word what came of a function."""
    trial = prepare(find_exercise(name))
    results = box.run(name, trial.calls)
    if errors := [result.error.kind for result in results if result.error]:
        return (
            "OutOfTime" if errors[0] in TIMES else errors[0]
        )  # of a busy machine the clock may end it first
    if isinstance(results[0].value, list) and not results[0].value:
        return "empty"
    return "right" if is_right(trial.with_results(results)) else "wrong"


def below(process):
    """Return the process ids of all descendants of a process."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found, new = set(), {process}
    while new:
        found |= new
        new = {one for one, parent in parents.items() if parent in found} - found
    return found - {process}


def processes():
    """Yield the command line of every process."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield path.read_bytes()


def soon(true, seconds=5.0):
    """Wait until something is true; return whether it came true."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def gone(processes):
    """Return whether all of these processes end soon."""
    return soon(lambda: not any(Path(f"/proc/{one}").exists() for one in processes))


# What means harm.


@pytest.mark.parametrize("row", sample(hostile.HOSTILE, 24), ids=lambda row: row.name)
def test_harm_is_contained_and_the_honest_function_is_right(row, shown, outside, monkeypatch):
    """It gets what the table says, the rest its marks; in seconds, with no process left behind."""
    began = time.monotonic()
    with Box(shown, hostile.pieces(row, **outside), ("softmax", "sigmoid"), QUICK, NUMBER) as box:
        assert outcome(box, "softmax") == "right"
        assert "any" in row.gives or outcome(box, "sigmoid") in row.gives
        assert max(map(len, box.noise.values())) <= QUICK.noise
    assert time.monotonic() - began < 30
    assert soon(lambda: len(below(box.walls.slot.process.pid)) == 1)  # the Python that waits for the next


def test_the_set_is_large_enough():
    assert len({row.name for row in hostile.HOSTILE}) == len(hostile.HOSTILE) >= 40


@pytest.mark.parametrize(
    "row", [row for row in hostile.HOSTILE if "seqgrad" in row.above + row.body], ids=lambda row: row.name
)
def test_what_a_program_takes_from_seqgrad_is_there(row):
    """Otherwise it would break nothing, and its test would show nothing."""
    tree, names = ast.parse(f"{row.above}\ndef sigmoid(z):\n{textwrap.indent(row.body, '    ')}"), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("seqgrad"):
            exec(ast.unparse(node), names)
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    for node in used:
        if isinstance(node.value, ast.Name) and node.value.id in names:
            assert hasattr(names[node.value.id], node.attr), ast.unparse(node)


def test_what_was_done_before_the_end_counts(shown):
    text = (
        "import os\nn = 0\ndef sigmoid(z):\n    global n\n    n += 1\n    return n if n < 3 else os._exit(0)"
    )
    with opened(shown, text) as box:
        results = box.run("sigmoid", [Call((1.0,))] * 4)
    assert [result.value for result in results] == [1, 2, None, None]
    assert [result.error and result.error.kind for result in results[2:]] == ["SystemExit", "SystemExit"]


@exhaustive
def test_a_limit_counts_what_is_computed_and_the_clock_ends_what_waits(shown):
    """So a busy machine, on which everything takes longer, costs nobody a mark."""
    stopped = "import os, signal, time\ndef sigmoid(z):\n    time.sleep(1.2)\n    return z"
    endless = "def softmax(x):\n    while True:\n        pass"
    waits = "def clip(g):\n    time.sleep(10**6)"
    with opened(shown, stopped, endless, waits, limits=Limits(load=1.0, seconds=0.5, clock=10)) as box:
        assert got(box).shape == (2, 2) and got(box, "softmax") == "OutOfTime"
        assert got(box, "clip") == "OutOfClock"
        began = time.monotonic()
        assert got(box, "clip", 2) == "OutOfClock" and time.monotonic() - began < 1  # it is not run again


def test_nothing_of_one_run_is_there_in_the_next(shown):
    """No file, no shared memory, no key, no mark of a descriptor or terminal, no global, no patch.

    Nor is there anything of one submission in another.
    """
    text = """
import ctypes, fcntl, os
def sigmoid(z):
    c, (keys, keyctl) = ctypes.CDLL(None), {"x86_64": (248, 250)}.get(os.uname().machine, (217, 219))
    kept = c.syscall(keyctl, 10, -3, b"user", b"mark", 0) > 0
    c.syscall(keys, b"user", b"mark", b"x", 1, -3)
    shared = c.shmget(7, 4096, 0o1600) >= 0
    flags, owner = fcntl.fcntl(0, fcntl.F_GETFL) & os.O_APPEND, fcntl.fcntl(0, fcntl.F_GETOWN)
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    marks = [bool(flags), bool(owner), kept, shared]
    found = [name for place in ("/tmp", "/dev/shm", "/dev/pts") for name in os.listdir(place)]
    found += [*vars(np).keys() & {"mark"}, *marks]
    open("/tmp/mark", "w").close()
    open("/dev/shm/mark", "w").close()
    np.mark = globals()["np"].mark = 1
    return found
"""
    for _ in range(2):
        with opened(shown, text) as box:
            for count in (1, 2):
                assert got(box, count=count) == [False] * 4


# The traps, each with what holds it off.


INSIDE = """
import os, resource
def sigmoid(z):
    return {
        "user": list(os.getresuid() + os.getresgid()) + os.getgroups(),
        "powers": [line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")],
        "no new": [line.split()[1] for line in open("/proc/self/status") if line.startswith("NoNewPrivs")],
        "spaces": {name: os.readlink(f"/proc/self/ns/{name}") for name in
                   ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")},
        "limits": {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in
                   ("CPU", "AS", "FSIZE", "NOFILE", "NPROC", "CORE")},
        "root": sorted(os.listdir("/")),
        "writable": [place for place, _, _ in os.walk("/") if os.access(place, os.W_OK)
                     and not place.startswith("/proc")],
        "size": [os.statvfs(place).f_blocks * os.statvfs(place).f_frsize for place in ("/tmp", "/dev/shm")],
        "environment": dict(os.environ),
        "processes": [name for name in os.listdir("/proc") if name.isdigit()],
        "open": sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1],
        "network": [line.split(":")[0].strip() for line in open("/proc/self/net/dev") if ":" in line],
        "session": os.getsid(0) == os.getpid(),
    }
"""


@pytest.fixture(scope="module")
def inside(shown):
    """Return what a run says of its place, in a box that was opened with a secret in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET", "of the course")
        with opened(shown, INSIDE, slot=INSPECTED) as box:
            return inspected(box)


def inspected(box):
    """Return what a run says of its place, and what is seen of the box from outside."""
    found, process = got(box), box.walls.slot.process.pid
    found["outer"] = os.readlink(f"/proc/{process}/ns/user")
    found["bwrap's"] = [Path(f"/proc/{one}/environ").read_bytes() for one in (process, min(below(process)))]
    return found


def test_the_environment_is_empty_for_bubblewrap_itself(inside):
    assert inside["bwrap's"][0] == b""
    assert not any(b"SECRET" in environ for environ in inside["bwrap's"])
    assert set(inside["environment"]) <= {
        "LANG", "HOME", "PWD", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE",
    }  # fmt: skip


def test_nobody_is_root_or_has_powers(inside):
    assert 0 not in inside["user"]
    assert len(set(inside["user"])) == 1
    assert set(inside["powers"]) == {"0" * 16} and inside["no new"] == ["1"]
    if os.getuid() == 0:
        assert inside["user"][0] == choose_user(INSPECTED)


def test_each_run_has_namespaces_of_its_own(inside):
    mine = {name: os.readlink(f"/proc/self/ns/{name}") for name in inside["spaces"]}
    assert not [name for name, space in inside["spaces"].items() if space == mine[name]]
    assert inside["spaces"]["user"] != inside["outer"]
    assert inside["network"] == ["lo"]
    assert inside["processes"] == ["1"] and inside["session"]


def test_the_root_and_devices_are_read_only_and_scratch_is_bounded(inside):
    assert inside["root"] == ["dev", "proc", "python", "site", "tmp"]
    assert set(inside["writable"]) <= {"/tmp", "/dev/shm", "/dev/pts"}  # where terminals are, and no files
    assert inside["size"] == [LIMITS.scratch] * 2


def test_limits_hold_for_each_process(inside):
    """They cannot be raised, and of open files there are three and the socket."""
    expected = {
        "AS": LIMITS.memory,
        "FSIZE": LIMITS.file,
        "NOFILE": LIMITS.files,
        "NPROC": LIMITS.processes,
        "CORE": 0,
    }
    assert {name: tuple(inside["limits"][name]) for name in expected} == {
        k: (v, v) for k, v in expected.items()
    }
    assert inside["open"] == [0, 1, 2, 3]


def test_python_is_seen_by_a_user_who_cannot_enter_its_home(shown):
    """What is shown are copies that all can read, the shared libraries among them."""
    for path in shown.rglob("*"):
        if path.name not in ("held", "scratch"):
            assert path.stat().st_mode & 0o4 == 0o4 or path.is_symlink(), path
    assert not (shown / "site" / "seqgrad" / "data" / "answers.bin").exists()


def test_each_slot_is_another_user(shown):
    if os.getuid():
        pytest.skip("only root can start boxes as other users")
    with opened(shown, INSIDE) as one, opened(shown, INSIDE, slot=NUMBER + 1) as other:
        assert got(one)["user"][0] + 1 == got(other)["user"][0]


def test_no_slot_has_the_user_of_an_account_or_a_group(monkeypatch):
    """Whose processes an account owns, it can end; and with them what they mark."""

    def find(id, taken):
        if id not in taken:
            raise KeyError(id)

    monkeypatch.setattr("pwd.getpwuid", lambda id: find(id, {FIRST_USER, FIRST_USER + 2}))
    monkeypatch.setattr("grp.getgrgid", lambda id: find(id, {FIRST_USER + 3}))
    assert [choose_user(number) - FIRST_USER for number in range(3)] == [1, 4, 5]


def test_the_box_ends_with_its_grader(shown, tmp_path):
    """However that ends: here it is killed while an endless loop runs."""
    script = f"""
import os, sys
from pathlib import Path
from seqgrad.check.running.data import Call
from tools.grade.box import Box
text = "def sigmoid(z):\\n    import os\\n    os.fork()\\n    while True:\\n        pass"
with Box(Path({str(shown)!r}), [("a", text)], ["sigmoid"], slot={NUMBER + 2}) as box:
    print(box.walls.slot.process.pid, flush=True)
    box.run("sigmoid", [Call((1,))])
"""
    with started([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as grader:
        box = int(grader.stdout.readline())
        assert soon(lambda: len(below(box)) >= 4)
        inside = below(box)
        grader.kill()
    assert gone(inside | {box})


def test_an_interruption_ends_the_run_and_the_box_is_used_again(shown, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Oracle, "answer", interrupt)
    with opened(shown, "def sigmoid(z):\n    return softmax(z)", "def softmax(x):\n    return x") as box:
        with pytest.raises(KeyboardInterrupt):
            box.run("sigmoid", [Call((1.0,))], {"softmax": softmax})
        assert soon(lambda: len(below(box.walls.slot.process.pid)) <= 2)
        assert got(box, "softmax").shape == (2, 2)


def test_a_box_that_dies_is_replaced(shown):
    with opened(shown, "def sigmoid(z):\n    return z") as box:
        box.walls.slot.process.kill()
        assert soon(lambda: not below(box.walls.slot.process.pid))
        box.run("sigmoid", [Call((1.0,))])
        assert got(box).shape == (2, 2)


def test_all_processes_of_a_box_together_have_a_bounded_memory(shown):
    """Where control groups can be made; elsewhere only each process is bounded, and their number."""
    text = "def sigmoid(z):\n    for _ in range(6):\n        os.fork() or leave()\n    time.sleep(9)"
    more = "import os, time\ndef leave():\n    held = np.ones(100 << 20)\n    time.sleep(9)\n    os._exit(0)"
    with opened(shown, text, more, limits=Limits(seconds=2, clock=1), slot=NUMBER + 4) as box:
        if not box.walls.slot.group:
            pytest.skip("this user cannot make control groups")
        assert got(box) in ("OutOfClock", "OutOfTime")  # all of them together may have computed enough
        group, peak = box.walls.slot.group, next(box.walls.slot.group.glob("memory.*peak*"), None)
        peak = peak or group / "memory.max_usage_in_bytes"
        assert int(peak.read_text()) <= slots.MEMORY
        box.walls.slot.close()
    assert not group.exists()


def test_where_runs_cannot_be_shut_in_again_the_box_is_for_one_submission(shown, monkeypatch):
    """As where the kernel allows one level of user namespaces alone."""
    text = "import os, time\ndef sigmoid(z):\n    os.fork()\n    return z\ndef softmax(x):\n    return x"
    monkeypatch.setattr(slots, "SEALS", ["box"])
    with opened(shown, text, INSIDE.replace("sigmoid", "clip"), slot=NUMBER + 3) as box:
        assert box.walls.slot.seal == "box"
        assert got(box).shape == (2, 2) and got(box, "softmax").shape == (2, 2)
        assert set(got(box, "clip")["powers"]) == {"0" * 16}
        assert len(got(box, "clip", 2)["processes"]) == 3  # all that the forks above have left is gone
        process = box.walls.slot.process.pid
        left = below(process)
    assert gone(left | {process})


# The learner in the box.


def learner_text(identity=None):
    """Return the cells of a notebook with right functions, one of them with a mistake."""
    changed = {mistakes.MISTAKES[identity][0]: mistakes.text(identity)} if identity else {}
    return [text for text in (learners.TEXTS | changed).values()]


@pytest.mark.parametrize("name", sample(learners.TEXTS, 6))
def test_a_right_function_passes_in_the_box(name, shown):
    with opened(shown, *learner_text()) as box:
        assert diagnose_alone(Remote(box, find_exercise(name)), find_causes).outcome == "passed"


@pytest.mark.parametrize("identity", sample(sorted(mistakes.MISTAKES)[::12], 6))
def test_a_verdict_is_the_same_as_in_the_notebook(identity, shown):
    exercise = find_exercise(mistakes.MISTAKES[identity][0])
    with opened(shown, *learner_text(identity)) as box:
        there = diagnose_alone(Remote(box, exercise), find_causes, salt=5)
    assert there == diagnose_alone(Learner(mistakes.load(identity), exercise), find_causes, salt=5)


@pytest.mark.parametrize(
    "cell", sample([None, "return None", "import sys; sys.stderr.write('x')", "return 1 / 0"], 2)
)
def test_runs_that_are_made_ahead_change_no_result(cell, shown):
    """Right functions, wrong ones, those that say something, and those that fail."""
    texts = learner_text() + [f"def lstm_forward(x, a0, parameters):\n    {cell}"] * bool(cell)
    calls = draw_calls(LSTM_FORWARD)
    batches = [calls, draw_calls(LSTM_FORWARD, 7), calls[:1]]
    with opened(shown, *texts) as box, opened(shown, *texts) as other:
        box.run_ahead("lstm_forward", batches, LSTM_FORWARD.right_helpers)
        for calls in batches:
            mine, yours = (
                one.run("lstm_forward", list(calls), LSTM_FORWARD.right_helpers) for one in (box, other)
            )
            assert wire.encode(mine) == wire.encode(yours)
        assert box.noise.get("lstm_forward", "") == other.noise["lstm_forward"]


def test_helpers_are_asked_outside_and_their_errors_come_back(shown):
    text = "def lstm_forward(x, a0, parameters):\n    return lstm_cell_forward(x, a0, a0, parameters)"
    with opened(shown, text) as box:
        calls = draw_calls(LSTM_FORWARD)
        (result, *_) = box.run("lstm_forward", calls, LSTM_FORWARD.right_helpers)
    names = {"lstm_cell_forward": None}
    exec(text, names)
    (expected, *_) = run(names["lstm_forward"], calls, LSTM_FORWARD.right_helpers)
    assert (result.error.kind, result.error.message) == (expected.error.kind, expected.error.message)
    assert result.error.line == 2 and result.error.code.startswith("return lstm_cell_forward")


def test_what_can_be_said_of_a_function_is_known_without_running_it(shown):
    text = "W = 1\ndef sigmoid(z):\n    softmax(W)\ndef softmax(x):\n    return W"
    with opened(shown, "from seqgrad import rnn_forward", text, "clip = 7") as box:
        mine = Remote(box, find_exercise("sigmoid"))
        assert mine.list_own(["softmax", "rnn_forward", "sigmoid", "clip"]) == ("softmax",)
        assert mine.list_read() == ("softmax", "W") and mine.computes()
        other = mine.find(find_exercise("softmax"))
        assert not other.computes() and other.exercise.name == "softmax"
        assert "clip" not in box.about


def test_a_piece_that_fails_is_reported_with_its_place(shown):
    with opened(shown, "1 / 0", "import torch", "def f(:", "x = 1\0", "x = \\ud800") as box:
        found = [(place[-1], error.kind) for place, error in box.problems]
    assert found[:3] == [("2", "ZeroDivisionError"), ("3", "ModuleNotFoundError"), ("4", "SyntaxError")]
    assert [place for place, _ in found[3:]] == ["5", "6"]


def test_no_text_breaks_the_compiler(shown):
    """Each is refused in a sentence or fine, and a function beside it can be used."""
    nests = ["(" * 9000 + ")" * 9000, "-" * 10**5 + "1", "x" + ".x" * 10**5, "1" + " if 1 else 1" * 20000]
    chains = ["a" + "+a" * 10**5, "f" + "()" * 10**5, "lambda:" * 10**5 + "1", "1," * 10**5, "f'{" * 200]
    with opened(shown, "def sigmoid(z):\n    return z", *nests, *chains) as box:
        assert {error.kind for _, error in box.problems} <= {"SyntaxError", "RecursionError", "MemoryError"}
        assert got(box).shape == (2, 2)


def test_where_nothing_can_be_loaded_that_is_said(shown):
    with opened(shown, *["import os; os._exit(0)"] * 9) as box:
        places = [place for place, _ in box.problems]
    assert places[0] == "The submission as a whole" and len(places) == 6


def test_the_same_submission_gives_the_same_in_every_box(shown):
    """What is random without a seed is not: generators, hashes."""
    text = """
import random
def sigmoid(z):
    numbers = [np.random.randn(), np.random.default_rng().normal(), random.random()]
    return numbers + [hash("a"), list({"a", "b", "c", "d"})]
"""
    with opened(shown, text) as one, opened(shown, text, slot=NUMBER + 1) as other:
        assert got(one) == got(other) == got(one, count=2)


# Without a box.


@pytest.mark.parametrize(
    "harm", sample(["endless loop", "exit at once", "segmentation fault", "a child left behind"], 4)
)
def test_unsafe_there_are_limits_and_nothing_else(harm, shown):
    (row,) = [row for row in hostile.HOSTILE if row.name == harm]
    with Box(shown, hostile.pieces(row), ("softmax", "sigmoid"), QUICK, NUMBER, kind="nothing") as box:
        assert box.walls.slot.seal == "nothing"
        assert outcome(box, "sigmoid") in row.gives and outcome(box, "softmax") == "right"
        process = box.walls.slot.process.pid
        assert len(below(process)) == 1  # the session
    assert gone({process})
    program = f"{box.walls.slot.view}/site/inside.py".encode()
    assert soon(lambda: not [one for one in processes() if program in one])


def test_what_killed_graders_have_left_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("left", "used", "theirs"):
        (tmp_path / (PREFIX + name)).mkdir()
        (tmp_path / (PREFIX + name) / "held").write_text("mine" if name == "theirs" else HELD)
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / f"{PREFIX}left").rename(elsewhere)
    (tmp_path / f"{PREFIX}left").symlink_to(elsewhere)
    shutil.copytree(elsewhere, tmp_path / f"{PREFIX}left too")
    (tmp_path / f"{PREFIX}pipe").mkdir()
    os.mkfifo(tmp_path / f"{PREFIX}pipe" / "held")  # whoever opens it waits for a writer
    script = (
        "import fcntl, sys; file = open(sys.argv[1]); fcntl.flock(file, 2); print(1, flush=True); input()"
    )
    command = [sys.executable, "-c", script, tmp_path / f"{PREFIX}used" / "held"]
    with started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        remove_leftovers()
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {"elsewhere", *(PREFIX + name for name in ("left", "used", "theirs", "pipe"))}
        assert (elsewhere / "held").exists()


def test_of_what_a_function_says_the_beginning_is_kept_however_it_is_cut_up():
    (ours, its), (channel, other) = os.pipe(), socket.socketpair()
    with channel, other:
        talk = Talk(None, channel, ours, bytearray(), Limits(noise=5), None)
    for said in (b"abc", b"defg", b"hi"):
        os.write(its, said)
        assert talk.hear()
    os.close(its)
    assert not talk.hear() and ours not in talk.open
    os.close(ours)
    assert talk.noise == b"abcde"


def test_a_run_that_was_shut_in_has_begun_whatever_its_exit_code_says():
    ended = {"in time": True, "code": UNSEALED, "computed": 0.0}
    assert explain_end(ended, 10, sealed=False) is OPEN
    assert explain_end(ended, 10, sealed=True) == explain_exit(UNSEALED) != OPEN


def test_a_control_group_is_removed_and_one_that_is_in_use_is_told_of(tmp_path):
    group = tmp_path / "group"
    assert slots.remove_control_group(group)  # another grader was quicker
    (group / "inner").mkdir(parents=True)
    assert not slots.remove_control_group(group)
    (group / "inner").rmdir()
    assert slots.remove_control_group(group) and not group.exists()
