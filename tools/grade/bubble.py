"""The walls of a box that bubblewrap makes: a process for each run, in a slot for many submissions.

request  ->  a session in a slot  ->  a run  ->  what it says, through a socket
"""

import functools
import os
import socket
import time
from pathlib import Path

from tools.grade.claims import LOST, BoxEnded, Questions
from tools.grade.inside import send
from tools.grade.slot import Slot
from tools.grade.talk import Talk
from tools.grade.view import make_view


class Bubble:
    """The walls of one submission.

    Parameters
    ----------
    package : Path
        A folder that holds a `seqgrad` package, or a view of one.
    pieces : list of (str, str, str)
    limits : Limits
    slot : int
        A number that nobody else on this machine uses now.
    unsafe : bool
        Whether to do without walls.
    """

    def __init__(self, package, pieces, limits, slot, unsafe=False):
        self.place, self.pieces, self.limits = (Path(package), slot, unsafe), pieces, limits
        self.slot = self.control = None

    def exchange(self, request, noise, helpers=None, calls=()):
        """Begin a run and yield what it sends; raise `BoxEnded` if it stops before it has said all."""
        channel, theirs = socket.socketpair()
        errors, errors_in = os.pipe()
        try:
            with theirs:
                seconds = self.limits.clock * (self.limits.load + self.limits.seconds) + 2
                self.begin(seconds, [theirs.fileno(), errors_in])
        except BaseException:
            channel.close()
            os.close(errors)
            raise
        finally:
            os.close(errors_in)
        talk = Talk(self.control, channel, errors, noise, self.limits, Questions(helpers, calls))
        try:
            talk.say(request)
            for kind, value in talk.read_messages():
                if kind == "loaded":
                    talk.until = time.monotonic() + self.limits.clock * self.limits.seconds + 0.5
                else:
                    yield kind, value
        finally:
            if not talk.close():
                self.close()
                self.slot.close()

    def begin(self, seconds, descriptors):
        """Begin a run in the session; if that has died or was never there, open one."""
        for _ in range(2):
            if not self.control:
                self.open_session()
            try:
                return send(self.control, {"seconds": seconds}, descriptors)
            except OSError:
                self.close()
        raise BoxEnded(LOST)

    def open_session(self):
        """Open a session in the slot, or in a new one if it has died."""
        self.slot, self.control = start_session(*self.place)
        send(self.control, {"limits": self.limits.inside(), "pieces": self.pieces})

    def close(self):
        """End the session, and a slot that is for this submission alone."""
        if self.control:
            self.control.close()
            self.control = None
        if self.slot and self.slot.seal != "namespaces":
            self.slot.close()


@functools.cache
def open_slots(process):
    """Return the slots of a process, which stay open for the next submission."""
    return {}


def start_session(package, number, unsafe):
    """Return a slot and a session in it; a slot that is open already is used again."""
    key = make_view(package, unsafe), number, unsafe
    mine = open_slots(os.getpid())
    for _ in range(2):
        if key not in mine or mine[key].closed:
            mine[key] = Slot(*key)
        try:
            return mine[key], mine[key].open_session()
        except OSError:
            mine[key].close()
    raise BoxEnded(LOST)
