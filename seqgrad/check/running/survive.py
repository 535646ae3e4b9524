"""A function that ended the process when it was checked last is run in another process the next time.

    function, calls  ->  is there a mark of a process that is gone?  no   ->  run here, marked meanwhile
                                                                     yes  ->  run in a fork, within limits

So a notebook whose kernel a function has ended, by a crash, by `os._exit` or by a loop in C that no signal
reaches, hears at the next check what happened, and goes on.  The mark is a file in the temporary folder.
"""

import contextlib
import faulthandler
import hashlib
import os
import select
import signal
import tempfile
import time
import warnings
from pathlib import Path

from seqgrad.check.running import wire
from seqgrad.check.running.data import Error, Result
from seqgrad.check.running.kernel import find_folder
from seqgrad.check.running.limit import CLOCK, PROCESSES, SECONDS, interrupt_later, resource
from seqgrad.check.running.look import name_function
from seqgrad.check.running.run import run

HEAD = 4  # bytes with the length of what follows
GONE = Error("SystemExit", "it ended the process that ran it")
HERE_AGAIN = "at the last check it ended the process that ran it; check it once more to have it run"


def run_and_survive(function, calls, helpers):
    """Return the results of calls, as `run` does; what ended a process once cannot end this one too.

    Where there is one process alone, it and its marks end together.
    """
    if not PROCESSES:
        return run(function, calls, helpers)
    mark = find_mark(function)
    if not is_left(mark):
        with marked(mark), interrupt_later(SECONDS + 1):
            return run(function, calls, helpers)  # whose own alarm the function may have switched off
    if not hasattr(os, "fork"):
        mark.unlink(missing_ok=True)
        return [Result(error=Error("SystemExit", HERE_AGAIN))] * len(calls)
    results = run_in_fork(function, calls, helpers)
    if not results[-1].error:
        mark.unlink(missing_ok=True)
    return results


def find_mark(function):
    """Return the path of the mark of a function, by its name and the working folder."""
    folder = find_folder() or ""
    digest = hashlib.sha256(f"{folder} {name_function(function)}".encode()).hexdigest()
    return Path(tempfile.gettempdir(), f"seqgrad-check-{digest[:16]}")


@contextlib.contextmanager
def marked(mark):
    """Keep the number of this process in a mark; do without where none can be made, or another has one."""
    try:
        descriptor = os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        yield
        return
    owner = os.getpid()
    try:
        with open(descriptor, "w") as file:
            file.write(str(owner))
        yield
    finally:
        if os.getpid() == owner:
            mark.unlink(missing_ok=True)


def is_left(mark):
    """Tell whether a mark is of a process that is there no more."""
    try:
        os.kill(int(mark.read_text()), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False


def run_in_fork(function, calls, helpers):
    """Return the results of calls from another process; its end is the error of those it did not come to."""
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads of this process are not needed
        child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException):
            os.close(receiving)
            faulthandler.disable()  # how it ends is said in the verdict
            if resource:
                resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS) + 2, int(SECONDS) + 3))
            run(function, calls, helpers, report=lambda result: send(sending, result))
            code = 0
        os._exit(code)
    os.close(sending)
    results = []
    with open(receiving, "rb") as pipe:
        ended = listen(pipe, results)
    if not ended:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    late = not ended or code in (-signal.SIGXCPU, -signal.SIGKILL)
    error = Error("OutOfTime", "") if late else explain_exit(code)
    return results + [Result(error=error)] * (len(calls) - len(results))


def send(descriptor, result):
    """Send a result whole."""
    data = wire.encode(result)
    data = memoryview(len(data).to_bytes(HEAD, "little") + data)
    while data:
        data = data[os.write(descriptor, data) :]


def listen(pipe, results):
    """Collect results until there are no more; return False if the clock ends it first."""
    until, unread = time.monotonic() + CLOCK * SECONDS, b""
    while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
        chunk = os.read(pipe.fileno(), 1 << 20)
        if not chunk:
            return True
        unread += chunk
        while len(unread) >= HEAD and len(unread) >= (end := HEAD + int.from_bytes(unread[:HEAD], "little")):
            results.append(wire.decode(unread[HEAD:end]))
            unread = unread[end:]
    return False


def explain_exit(code):
    """Return the error for an exit code of a process that ended by itself, before it had sent all results."""
    if code < 0:
        return Error("Crash", f"{signal.Signals(-code).name} ended the process that ran it")
    return GONE
