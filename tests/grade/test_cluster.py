"""A Dask cluster on this machine: two workers, one of which dies; and all that can be missing or wrong."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.graders import handed_in, work
from tests.marks import exhaustive, needs
from tests.waiting import wait_until
from tools import Refusal
from tools.bench import grade as bench_grade
from tools.grade import cluster, engine, grade, keys, mark
from tools.students import numbers

pytestmark = [needs("distributed", "Dask"), exhaustive]

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"


@pytest.fixture
def start(tmp_path):
    """Return what starts a part of Dask, which ends with the test."""
    started = []

    def begin(part, *arguments, root=ROOT):
        command = [sys.executable, "-m", "dask", part, *arguments, "--host", HOST]
        environment = os.environ | {"PYTHONPATH": str(root)}
        with (tmp_path / f"{len(started)} {part}.log").open("w") as log:
            started.append(
                subprocess.Popen(
                    command, cwd=tmp_path, env=environment, stdout=log, stderr=log, process_group=0
                )
            )
        return started[-1]

    yield begin
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def scheduler(start):
    """Return the address of a scheduler without keys, and its process."""
    return begin_scheduler(start, f"tcp://{HOST}:{free_port()}")


def begin_scheduler(start, address, options=()):
    """Start a scheduler, wait until it listens, and return its address and its process."""
    port = address.rpartition(":")[2]
    process = start("scheduler", *options, "--port", port, "--dashboard-address", f"{HOST}:0")
    number = f"{int(port):04X}"
    wait_until(lambda: number in [port for _, port in listened(process.pid)], "the scheduler to listen")
    return address, process


def worker(start, address, *options, **how):
    """Start a worker of one thread, in a process of its own."""
    options = (*options, "--nthreads", "1", "--no-nanny", "--dashboard-address", f"{HOST}:0")
    return start("worker", address, *options, **how)


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def listened(pid):
    """Return the addresses at which a process listens, as (host, port) in hexadecimal digits."""
    own = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            own.add(os.readlink(link))
    found = []
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, *rest = line.split()
        if state == "0A" and f"socket:[{rest[5]}]" in own:
            found.append(tuple(local.split(":")))
    return found


def test_every_submission_comes_back_once_though_a_worker_is_killed(start, scheduler):
    address, process = scheduler
    workers = [worker(start, address), worker(start, address)]
    submissions = [handed_in(f"s{number}", "sleep 0.1") for number in range(40)]
    found = []
    for submission, result in cluster.mark_on_cluster(work, submissions, address):
        found.append((submission.student, result["text"]))
        if len(found) == 10:
            listening = [{host for host, _ in listened(each.pid)} for each in (process, *workers)]
            workers[0].kill()
    assert sorted(found) == sorted((submission.student, "SLEEP 0.1") for submission in submissions)
    # To this machine alone: 127.0.0.1, written backwards.
    assert listening == [{"0100007F"}] * 3


def test_what_fails_on_a_worker_is_a_failure_and_the_rest_goes_on(start, scheduler):
    address, _ = scheduler
    worker(start, address)
    submissions = [handed_in("a", "x"), handed_in("b", "fail so"), handed_in("c", "y")]
    results = {s.student: result for s, result in cluster.mark_on_cluster(work, submissions, address)}
    assert results["b"] == engine.Failure("the grader itself failed, ValueError: so")
    assert [results["a"]["text"], results["c"]["text"]] == ["X", "Y"]


def test_a_submission_that_kills_every_worker_is_given_up_and_the_others_are_marked(start, scheduler):
    address, _ = scheduler
    start(
        "worker", address, "--nthreads", "1", "--dashboard-address", f"{HOST}:0"
    )  # whose nanny starts it again
    submissions = [handed_in("a", "die"), handed_in("b", "x")]
    results = {s.student: result for s, result in cluster.mark_on_cluster(work, submissions, address)}
    assert results["a"] == engine.DIED
    assert results["b"]["text"] == "X"


def test_in_boxes_a_cluster_with_keys_gives_the_bytes_that_this_machine_gives(
    start, shown, monkeypatch, tmp_path
):
    monkeypatch.setattr(mark, "make_package", lambda *_: shown)
    told = keys.make_keys(tmp_path / "keys")
    assert {path.stat().st_mode & 0o77 for path in (tmp_path / "keys", *(tmp_path / "keys").iterdir())} == {0}
    options = re.search('KEYS="(.*)"', told)[1].split()
    address, _ = begin_scheduler(start, f"tls://{HOST}:{free_port()}", [*options, "--protocol", "tls"])
    worker(start, address, *options)
    submissions = bench_grade.hand_in(tmp_path / "submissions", 3, ["01"])
    numbers.draw_secret(tmp_path / "secret")
    for out, how in (("here", []), ("there", ["--scheduler", address, "--keys", tmp_path / "keys"])):
        options = ["--chapters", "1", "--secret", tmp_path / "secret", "--out", tmp_path / out, *how]
        assert grade.main([str(submissions), *map(str, options)]) == 0
    here, there = (
        {path.name: path.read_bytes() for path in (tmp_path / out).glob("*.json")}
        for out in ("here", "there")
    )
    assert here == there and len(here) == 3


def refusal(address, *texts, keys=None):
    """Return the sentence with which a run ends."""
    submissions = [handed_in(f"s{number}", text) for number, text in enumerate(texts)]
    with pytest.raises(Refusal) as refused:
        list(cluster.mark_on_cluster(work, submissions, address, keys))
    return str(refused.value)


def test_who_has_other_keys_is_no_worker_and_no_grader(monkeypatch, start, tmp_path, capfd):
    """Otherwise an account on the same machine could have the course's secret sent to it."""
    monkeypatch.setattr(cluster, "WORKERS", 4)
    monkeypatch.setattr(cluster, "ANSWER", 4)
    mine, theirs = (
        re.search('KEYS="(.*)"', keys.make_keys(tmp_path / name))[1].split() for name in ("mine", "theirs")
    )
    address, _ = begin_scheduler(start, f"tls://{HOST}:{free_port()}", [*mine, "--protocol", "tls"])
    worker(start, address, *theirs)
    assert refusal(address, "x", keys=tmp_path / "mine") == f"The Dask scheduler at {address} has no workers."
    said = f"No Dask scheduler answers at {address} within 4 s."
    assert refusal(address, "x", keys=tmp_path / "theirs") == said


def test_a_cluster_without_keys_has_to_be_asked_for_by_name(tmp_path):
    said = refusal("tcp://127.0.0.1:8786", "x", keys=tmp_path)
    assert said.startswith("--scheduler tcp://127.0.0.1:8786: whoever reaches it")
    assert said.endswith("or say --unencrypted.")


def test_keys_that_are_there_are_not_replaced_and_missing_ones_are_named(tmp_path):
    with pytest.raises(Refusal, match="is there already: use the keys in it"):
        keys.make_keys(tmp_path)
    with pytest.raises(Refusal, match=r"There is no .*cert\.pem: .*--make-keys .* makes the keys"):
        keys.read_keys(tmp_path)


@pytest.mark.parametrize("address", ["", "localhost", "tcp://localhost", "http://127.0.0.1:80", "tcp://:1 2"])
def test_an_address_that_is_none_is_refused(address):
    assert refusal(address) == f"--scheduler {address}: an address is needed, as in tcp://127.0.0.1:8786."


def test_a_scheduler_that_is_not_there_is_named_in_time(monkeypatch, capfd):
    monkeypatch.setattr(cluster, "ANSWER", 1)
    address = f"tcp://{HOST}:{free_port()}"
    began = time.monotonic()
    assert refusal(address, "x") == f"No Dask scheduler answers at {address} within 1 s."
    assert time.monotonic() - began < 10
    assert capfd.readouterr() == ("", "")


def test_a_scheduler_without_workers_is_named(monkeypatch, scheduler, capfd):
    monkeypatch.setattr(cluster, "WORKERS", 1)
    assert f"The Dask scheduler at {scheduler[0]} has no workers." in refusal(scheduler[0], "x")
    assert capfd.readouterr() == ("", "")


def test_a_scheduler_that_goes_away_ends_the_run_with_a_sentence(monkeypatch, start, scheduler, capfd):
    address, process = scheduler
    worker(start, address)
    submissions = [handed_in(f"s{number}", "sleep 0.1") for number in range(50)]
    found = []
    with pytest.raises(Refusal, match=re.escape(f"The Dask scheduler at {address} has gone away.")):
        for submission, _ in cluster.mark_on_cluster(work, submissions, address):
            found.append(submission.student)
            if len(found) == 5:
                process.kill()
    assert len(found) == len(set(found)) < 50
    assert capfd.readouterr() == ("", "")


def test_a_worker_that_cannot_import_the_grader_is_told_how_to_be_started(start, scheduler, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "tests.py").touch()  # it comes before the project's own, installed or not
    worker(start, scheduler[0], root=other)
    said = refusal(scheduler[0], "x")
    assert "cannot import the grader (No module named 'tests" in said
    assert "start it in the project's folder" in said


def test_a_worker_of_another_version_is_refused(monkeypatch, start, scheduler):
    worker(start, scheduler[0])
    monkeypatch.setattr(cluster, "find_version", lambda: "another")
    assert "has another version of seqgrad, of the course, Python or NumPy" in refusal(scheduler[0], "x")
