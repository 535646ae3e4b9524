"""The right helpers, which a run in a box asks for what only the grader knows.

    question (bytes)  ->  allowed?  ->  a process with limits of its own  ->  answer (bytes)

A right solution asks for real numbers, in arrays that are no larger than those of the exercise, about as
often as there are time steps.  What asks for more is ended, with a sentence.
"""

import atexit
import contextlib
import functools
import inspect
import itertools
import os
import pickle
import signal
import subprocess
import sys
import threading
import warnings
import zlib
from dataclasses import dataclass, replace

import numpy as np

from seqgrad.check.exercises.trial import answer
from seqgrad.check.running import data, wire
from seqgrad.check.running.data import Error, thaw
from seqgrad.check.running.run import OTHER
from tools.environment import ROOT
from tools.grade.perform import FRAME, pair_parts, point_to_parts, stand_in

try:
    import resource
except ImportError:  # on Windows
    resource = None

SLACK, TIMES = 64, 8  # questions of a call, and more of them for each entry of its longest axis
LARGER, SPARE = 4, 8 << 10  # a question has so many times the bytes of the largest call, and some more
TEXT = 2000  # characters of a message or a line
MEMORY = 8 << 20  # bytes of questions with their answers that are remembered, for one set of helpers
SPACE = 1 << 30  # bytes that the process of the helpers takes, code included
SECONDS, CLOCK = 2, 60  # of an answer: computing, and in all
MOST = f"{SECONDS} s or {SPACE >> 20} MiB"


class Refused(Exception):
    """A question that is not answered, with the `Error` that says why."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.error = Error(kind, message)


@dataclass(frozen=True)
class Allowance:
    """What a run may ask for: so many questions, each of so many bytes."""

    count: int
    size: int

    @classmethod
    def of(cls, calls):
        """Return what is allowed to a run of these calls; one that is tried twice is run three times."""
        count = sum((3 if call.twice else 1) * (SLACK + TIMES * find_longest(call)) for call in calls)
        size = max((sum(array.nbytes for array in list_all(call)) for call in calls), default=0)
        return cls(count, LARGER * size + SPARE)

    def check(self, name, value, length, asked):
        """Raise `Refused` for what no right solution asks for."""
        arrays = [array for _, array in data.list_arrays(value)]
        size = max(sum(array.nbytes for array in arrays), (length - SPARE) // 2)
        if asked > self.count:
            raise Refused("RuntimeError", f"the right {name} was asked more than {self.count} times")
        if size > self.size:
            raise Refused("ValueError", f"the right {name} was asked with {size} bytes, more than it needs")
        if any(array.dtype.kind == "c" for array in arrays) or holds_complex(value):
            raise Refused("TypeError", f"the right {name} was asked with complex numbers; it takes real ones")


def list_all(call):
    """Return the arrays that a call brings."""
    return [array for _, array in data.list_arrays((call.arguments, call.feed))]


def find_longest(call):
    """Return the length of the longest axis that a call brings."""
    return max((length for array in list_all(call) for length in array.shape), default=1)


def holds_complex(value):
    """Tell whether a complex number stands in a value."""
    if isinstance(value, dict | tuple | list):
        return any(map(holds_complex, value.values() if isinstance(value, dict) else value))
    return isinstance(value, complex)


class Oracle:
    """Right helpers, by name; a question that has been asked before is answered from memory."""

    def __init__(self, helpers):
        self.helpers, self.names = helpers, {name for name, _ in helpers}
        self.known, self.size = {}, 0

    def answer(self, question, value, asked, allowance):
        """Return the encoded answer to a question (name, arguments, keywords).

        It is given encoded and decoded, with how many there were and what is allowed.  Raises `Refused`.
        """
        try:
            name, args, kwargs = value
            if not (name in self.names and type(args) is tuple and type(kwargs) is dict):
                raise ValueError
        except (TypeError, ValueError):
            raise Refused("ValueError", "what it asked the right helpers cannot be read") from None
        allowance.check(name, (args, kwargs), len(question), asked)
        if question not in self.known:
            answer = open_office(os.getpid()).answer(self.helpers, question)
            if answer is None:
                raise Refused("ValueError", f"the right {name} was asked for what takes more than {MOST}")
            self.remember(question, answer)
        return self.known[question]

    def recall(self, question, asked, allowance):
        """Return the answer to an encoded question that has been asked before and is allowed without a look.

        None for any other: what was asked before may be more than this run needs.
        """
        allowed = asked <= allowance.count and len(question) <= allowance.size
        return self.known.get(question) if allowed else None

    def remember(self, question, answer):
        """Keep an answer; drop all earlier ones first if they take too many bytes."""
        if self.size > MEMORY:
            self.known, self.size = {}, 0
        self.known[question] = answer
        self.size += len(question) + len(answer)

    def rehearse(self, exercise, calls):
        """Return what the right function gives for calls, and remember the answers to all that it asks.

        Most right solutions ask the same, and then need not wait for the process of the helpers.
        """
        asked = self.names & set(inspect.unwrap(exercise.function).__code__.co_names)
        others = [replace(call, arguments=thaw(call.arguments, OTHER)) for call in calls if call.twice]
        helpers = {name: stand_in(name, Rehearsal(self)) for name in asked}
        return answer(exercise, [*calls, *others], helpers)[: len(calls)]


def get_oracle(helpers):
    """Return the oracle of right helpers, a dict by name: for the same helpers the same one."""
    return keep_oracle(tuple(helpers.items()))


keep_oracle = functools.lru_cache(64)(Oracle)


class Rehearsal:
    """The channel of a right function: what it asks is worked out at once, and remembered."""

    def __init__(self, oracle):
        self.oracle = oracle

    def send(self, kind, value):
        """Take a question, and return by what its answer is known."""
        self.question = wire.encode((kind, value), FRAME)
        return zlib.crc32(self.question)

    def receive(self):
        """Return the answer."""
        question, known = self.question, self.oracle.known
        if question not in known:
            self.oracle.remember(question, work_out(dict(self.oracle.helpers), question))
        return wire.decode(self.oracle.known[question])


class Office:
    """The process in which right helpers work; one that has died is replaced."""

    def __init__(self):
        self.process = None

    def answer(self, helpers, question):
        """Return the encoded answer to an encoded question; None where working it out ended the process."""
        if self.process is None:
            self.open()
        answer, timer = None, threading.Timer(CLOCK, self.process.kill)
        timer.start()
        try:
            pickle.dump((helpers, question), self.process.stdin)
            self.process.stdin.flush()
            answer = pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            pass
        finally:
            timer.cancel()
            if answer is None:  # also after Ctrl-C, lest the next question has the answer to this one
                self.close()
        return answer

    def open(self):
        """Start the process; it ends with its standard input, and so with this one."""
        command = [sys.executable, "-B", "-m", "tools.grade.oracle"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        atexit.register(self.close)

    def close(self):
        """End the process."""
        atexit.unregister(self.close)
        self.process.kill()
        self.process.communicate()
        self.process = None


@functools.cache
def open_office(process):
    """Return the office of this process; a forked process has none of its parent's."""
    return Office()


def work():
    """Be the process of the helpers: answer what comes in until that ends.

    Where the system has no such limits, the size of a question and the clock of the other side are left.
    """
    if resource:
        with contextlib.suppress(ValueError):  # macOS allows no limit below what a process has reserved
            resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    limit = getattr(signal, "setitimer", None)
    with contextlib.suppress(EOFError, BrokenPipeError, MemoryError):
        while True:
            helpers, question = pickle.load(sys.stdin.buffer)
            if limit:
                limit(signal.ITIMER_PROF, SECONDS)  # which ends this process
            answer = work_out(dict(helpers), question)
            if limit:
                limit(signal.ITIMER_PROF, 0)
            pickle.dump(answer, sys.stdout.buffer)
            sys.stdout.flush()


def work_out(helpers, question):
    """Return the encoded (checksum of the question, value, error)."""
    known_by, (name, args, kwargs) = zlib.crc32(question), narrow(wire.decode(question)[1])
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            given = [part for part, _ in pair_parts((args, kwargs), (args, kwargs))]
            places = {id(part): place for place, part in enumerate(given)}
            value = point_to_parts(helpers[name](*args, **kwargs), places, itertools.count(len(given)))
            return wire.encode((known_by, value, None), FRAME)
    except MemoryError:
        raise
    except Exception as error:
        return wire.encode((known_by, None, shorten_texts(Error(type(error).__name__, str(error)))))


def shorten_texts(error):
    """Return an error whose texts are short and can be written in any encoding."""
    if error is None:
        return None
    operands = tuple((shorten(name), shorten(words)) for name, words in error.operands[:4])
    texts = {name: shorten(getattr(error, name)) for name in ("kind", "message", "function", "code", "part")}
    return replace(error, operands=operands, **texts)


def shorten(text):
    """Return the beginning of a text, in characters that can be written."""
    return text[:TEXT].encode(errors="replace").decode()


def narrow(value):
    """Return a value whose arrays have double precision at most: no solution needs more."""
    if isinstance(value, dict):
        return {key: narrow(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(map(narrow, value))
    return value.astype(np.float64) if isinstance(value, np.ndarray) and value.itemsize > 8 else value


if __name__ == "__main__":
    work()
