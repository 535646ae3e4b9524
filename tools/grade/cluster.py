"""Mark many submissions at once, on the workers of a Dask scheduler that somebody has started.

    submissions  -->  cluster  -->  (submission, result), as soon as each is finished

A task is a pure function of the bytes of a submission, so what a worker has when it dies is marked by
another.  Nothing is written here: what the workers make comes back to the one who grades.
"""

import asyncio
import concurrent.futures
import contextlib
import itertools
import logging
import math
import pickle
import platform
import re
import threading
import time
import warnings
from dataclasses import dataclass

from tools import Refusal
from tools.grade.collect import Submission
from tools.grade.engine import DIED, attempt
from tools.grade.keys import import_security, read_keys
from tools.grade.version import find_version

ANSWER = 10  # seconds that a scheduler has to answer in
WORKERS = 60  # seconds for the first worker to come, or another if all have gone
ONE_AT_A_TIME = threading.Lock()  # in a process: its threads share a slot, and np.random.seed


@dataclass(frozen=True)
class Held(Submission):
    """A submission that holds what was in its files, for a machine that does not see them."""

    contents: dict = None

    def read(self):
        """Return what `Submission.read` has returned where the files are."""
        return self.contents


def mark_on_cluster(work, submissions, address, keys=None):
    """Yield each submission with its result, from the workers of a Dask scheduler.

    Twice as many tasks are under way as the workers have threads.

    Parameters
    ----------
    work, submissions
        As for `tools.grade.engine.mark_locally`.
    address : str
        Of the scheduler, as in ``tls://127.0.0.1:8786``.
    keys : Path, optional
        The folder with the keys of the cluster; without it what is said can be read, and answered, by
        whoever reaches the address.

    Raises
    ------
    Refusal
        If the scheduler does not answer, if it or all workers go away, or if a worker lacks what it needs.
    """
    if keys and address.startswith("tcp://"):
        raise Refusal(
            f"--scheduler {address}: whoever reaches it can be a worker of it and read the course's secret; "
            "start it with keys, as `python3 -m tools grade --make-keys cluster-keys` says, or say "
            "--unencrypted."
        )
    kind = "tls" if keys else "tcp"
    if not re.fullmatch(rf"{kind}://[^\s/]+:\d+", address):
        raise Refusal(f"--scheduler {address}: an address is needed, as in {kind}://127.0.0.1:8786.")
    if (first := next(waiting := iter(submissions), None)) is None:
        return
    with silence_dask():
        import_security()
        import distributed

        try:
            client = distributed.Client(address, timeout=ANSWER, security=read_keys(keys) if keys else None)
        except (OSError, ValueError):
            raise Refusal(f"No Dask scheduler answers at {address} within {ANSWER} s.") from None
        with contextlib.closing(client):
            suspects = []
            for submission, result in gather(client, work, itertools.chain([first], waiting), address):
                if result == DIED:  # or only waited on the worker that another one killed
                    suspects.append(submission)
                else:
                    yield submission, result
            for submission in suspects:
                yield from gather(client, work, [submission], address)


def gather(client, work, submissions, address):
    """Yield what comes back from a cluster."""
    from distributed import wait

    waiting, pending, counted = iter(submissions), {}, -math.inf
    with explain_unreachable(address):
        client.wait_for_workers(1, WORKERS)
        carried = client.submit(pickle.loads, pickle.dumps(work), pure=False)
    while True:
        if time.monotonic() - counted > ANSWER:  # workers come and go
            with explain_unreachable(address):
                room, counted = 2 * sum(client.nthreads().values()), time.monotonic()
        while len(pending) < room and (submission := next(waiting, None)) is not None:
            held = Held(**vars(submission), contents=submission.read())
            with explain_unreachable(address):
                pending[client.submit(mark_as_task, carried, find_version(), held, pure=False)] = submission
        if not pending:
            return
        with explain_unreachable(address):
            try:
                done = wait(list(pending), ANSWER, "FIRST_COMPLETED").done
            except TimeoutError:
                client.wait_for_workers(1, WORKERS)
                continue
        for future in done:
            with explain_unreachable(address):
                result = fetch_result(future)
            yield pending.pop(future), result


@contextlib.contextmanager
def explain_unreachable(address):
    """Turn what Dask raises where a scheduler or its workers are not to be reached into a sentence."""
    try:
        yield
    except TimeoutError:
        what = "has no workers"
    except (concurrent.futures.CancelledError, asyncio.CancelledError, OSError, RuntimeError):
        what = "has gone away"
    else:
        return
    raise Refusal(f"The Dask scheduler at {address} {what}.")


def mark_as_task(work, expected, submission):
    """Mark a submission in a process of the cluster, which has to be like the grader's own."""
    if find_version() != expected:
        raise Refusal(
            f"The Dask worker on {platform.node()} has another version of seqgrad, of the course, Python or "
            "NumPy than the grader: start it from the same folder, or a copy of it, in the same environment."
        )
    with ONE_AT_A_TIME:
        return attempt(work, submission)


def fetch_result(future):
    """Return the result that a task has come to."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return DIED
    except ImportError as error:
        raise Refusal(
            f"A Dask worker cannot import the grader ({error}): start it in the project's folder, with "
            "`PYTHONPATH=. dask worker`, the keys and the address."
        ) from None


@contextlib.contextmanager
def silence_dask():
    """Keep the log and the warnings of Dask from the terminal: what matters becomes a sentence."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
