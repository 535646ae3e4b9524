"""Mark many submissions at once, on the cores of this machine.

    submissions  -->  local  -->  (submission, result), as soon as each is finished

`work(submission, slot)` marks one.  A slot is the number of a process among those that mark on this
machine: a box needs it for a user id of its own.  A submission that cannot be marked has a `Failure` for
its result, and the rest goes on; a `Refusal` is about the machine, and ends the run.
"""

import atexit
import contextlib
import errno
import functools
import itertools
import multiprocessing
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass
from multiprocessing import connection

from tools import Refusal
from tools.processes import delay_interrupts, follow_parent

TRIES = 3  # how often a submission may end the process that marks it
PATIENCE = 600  # seconds until such a process is taken to hang, beside what its box allows
FAREWELL = 10  # seconds for a process with nothing to do to put its things away


@dataclass(frozen=True)
class Failure:
    """Why a submission could not be marked: what follows a colon in a sentence."""

    reason: str


DIED = Failure("the process that grades it dies or hangs each time")


def attempt(work, submission):
    """Return the result of a submission, or a `Failure`; a `Refusal` is raised."""
    try:
        return work(submission, take_slot())
    except Refusal:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EMFILE):
            raise Refusal(f"Nothing can be marked here: {error.strerror}.") from error
        return Failure(f"the grader itself failed, {type(error).__name__}: {error}")


@functools.cache
def take_slot():
    """Return the first number that no other process of this machine has; it is this one's until it ends.

    It is the name of a socket that has no file, which Linux gives to one process at a time.
    """
    if not sys.platform.startswith("linux"):  # where there are no boxes, and so no user ids to choose
        return 0
    holder = socket.socket(socket.AF_UNIX)
    atexit.register(holder.close)
    for number in itertools.count():
        try:
            holder.bind(f"\0seqgrad grade {number}")
            return number
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise


class Worker:
    """A process that marks one submission at a time."""

    def __init__(self, work):
        spawn = multiprocessing.get_context("spawn")
        self.channel, theirs = spawn.Pipe()
        self.process = spawn.Process(target=serve, args=(work, theirs), daemon=True)
        self.started = False
        with theirs, delay_interrupts():
            self.process.start()

    def give(self, submission):
        """Give it a submission to mark; that it has died meanwhile shows when its answer is read."""
        self.submission, self.began = submission, time.monotonic()
        with contextlib.suppress(OSError):
            self.channel.send(submission)

    def answer(self):
        """Return a result, a `Failure` or a `Refusal`; "started"; or None if the process has died."""
        try:
            return self.channel.recv()
        except (EOFError, OSError):
            return None

    def end(self, busy=True):
        """End the process, and with it the box that it has open."""
        self.channel.close()
        self.process.join(0 if busy else FAREWELL)
        self.process.kill()
        self.process.join()


def serve(work, channel):
    """Mark what comes through a channel, until it is closed or the grader is gone."""
    follow_parent()
    channel.send("started")
    with contextlib.suppress(EOFError):
        while True:
            submission = channel.recv()
            try:
                channel.send(attempt(work, submission))
            except Refusal as refusal:
                channel.send(refusal)


def mark_locally(work, submissions, jobs, patience=PATIENCE):
    """Yield each submission with its result, from as many processes as there are jobs.

    Parameters
    ----------
    work : callable
        `work(submission, slot)` returns a result; it has to be one that can be pickled.
    submissions : iterable
        Taken one by one, as processes become free: memory does not grow with their number.
    jobs : int
    patience : float, optional
        Seconds that a submission may take.

    Raises
    ------
    Refusal
        If nothing can be marked on this machine.
    """
    waiting, again, deaths, team = iter(submissions), deque(), Counter(), []

    def take_next():
        return again.popleft() if again else next(waiting, None)

    try:
        while True:
            while len(team) < jobs and (submission := take_next()) is not None:
                team.append(Worker(work))
                team[-1].give(submission)
            if not team:
                return
            for worker in await_answers(team, patience):
                submission, result = worker.submission, worker.answer()
                if isinstance(result, str):
                    worker.started = True
                    continue
                if isinstance(result, Refusal):
                    raise result
                if result is None:
                    team.remove(worker)
                    worker.end()
                    deaths[submission.student if worker.started else None] += 1
                    if deaths[None] == TRIES:
                        raise Refusal("Nothing can be marked here: the processes for it die as they start.")
                    if deaths[submission.student] < TRIES:
                        again.append(submission)
                        continue
                    result = DIED
                elif (ahead := take_next()) is not None:
                    worker.give(ahead)
                else:
                    team.remove(worker)
                    worker.end(busy=False)
                yield submission, result
    finally:
        for worker in team:
            worker.end()


def await_answers(team, patience):
    """Wait for workers that have answered, and return them; one that takes too long is killed."""
    while True:
        limit = min(worker.began for worker in team) + patience
        ready = connection.wait([worker.channel for worker in team], max(0, limit - time.monotonic()))
        if ready:
            return [worker for worker in team if worker.channel in ready]
        for worker in team:
            if time.monotonic() >= worker.began + patience:
                worker.process.kill()
