"""What the grader and a run in a box of bubblewrap say to each other.

    bytes from anyone  -->  Talk  -->  messages

A run sends results, and asks for what right helpers give: the reference answers from here, so that what is
expected is never in the box.
"""

import contextlib
import os
import select
import signal
import time

from seqgrad.check.running.data import Error
from seqgrad.check.running.survive import explain_exit
from tools.grade.claims import GARBLED, LOST, OPEN, BoxEnded, read_message, refuse_too_much
from tools.grade.inside import UNSEALED, send
from tools.grade.perform import FRAME
from tools.grade.slot import PATIENCE, receive

DEAD = {"in time": True, "code": 0, "computed": 0.0}


class Talk:
    """What the grader and one run say to each other, within limits.

    Anyone in the box may write to the socket of the run, and anything.  What comes is bounded and read as
    data; the first thing that is none ends the run.
    """

    def __init__(self, control, channel, errors, noise, limits, questions):
        self.control, self.channel, self.errors, self.noise = control, channel, errors, noise
        self.questions, self.limits = questions, limits
        self.until = time.monotonic() + limits.clock * limits.load + 1
        self.unread, self.unsent, self.sent = bytearray(), bytearray(), 0
        self.open, self.sealed, self.finished, self.reply = [channel, errors], False, False, None
        channel.setblocking(False)
        os.set_blocking(errors, False)

    def say(self, data):
        """Send a message, as soon as the run takes it; one that asks without listening is ended."""
        if self.unsent:
            raise BoxEnded(GARBLED)
        self.unsent += len(data).to_bytes(4, "little") + data

    def read_messages(self):
        """Yield the messages (kind, value) of the run; raise `BoxEnded` if it ends before it says so."""
        while self.reply is None:
            self.listen()
            yield from self.list_whole()
        if not self.finished:
            raise BoxEnded(explain_end(self.reply, self.limits.seconds, self.sealed))

    def listen(self):
        """Wait until something comes or goes, or the time is up."""
        left = self.until - time.monotonic()
        if left <= 0:
            self.reply = self.stop()
            return
        writers = [self.channel] if self.unsent and self.channel in self.open else []
        ready, writable, _ = select.select([self.control, *self.open], writers, [], left)
        if self.control in ready:
            self.reply = receive(self.control) or DEAD
            while self.take():
                pass
            self.hear()
        else:
            if self.channel in ready:
                self.take()
            if self.errors in ready:
                self.hear()
        if writable:
            with contextlib.suppress(OSError):
                del self.unsent[: self.channel.send(self.unsent)]

    def take(self):
        """Read from the socket, and return whether something came."""
        try:
            chunk = self.channel.recv(1 << 18)
        except OSError:
            return False
        self.sent += len(chunk)
        if self.sent > self.limits.sent:
            raise refuse_too_much(self.limits.sent)
        self.unread += chunk
        if not chunk and self.channel in self.open:
            self.open.remove(self.channel)
        return bool(chunk)

    def hear(self):
        """Read from the standard error, keep its beginning, and return whether something came."""
        try:
            chunk = os.read(self.errors, 1 << 16)
        except OSError:
            return False
        self.noise += chunk[: self.limits.noise - len(self.noise)]
        if not chunk and self.errors in self.open:
            self.open.remove(self.errors)
        return bool(chunk)

    def list_whole(self):
        """Yield the messages that have come whole."""
        while len(self.unread) >= 4 and not self.finished:
            end = 4 + int.from_bytes(self.unread[:4], "little")
            if end > 4 + FRAME:
                raise BoxEnded(GARBLED)
            if len(self.unread) < end:
                return
            data = bytes(self.unread[4:end])
            del self.unread[:end]
            if answer := self.questions.recall(data):
                self.say(answer)
                continue
            kind, value = read_message(data)
            if kind == "ask":
                self.say(self.questions.answer(data, value))
            elif kind == "end":
                self.finished, self.until = True, min(self.until, time.monotonic() + 0.5)
            elif kind == "sealed":
                self.sealed = True
            else:
                yield kind, value

    def stop(self):
        """Have the run ended; return the session's last word on it, or that the session is dead."""
        try:
            self.control.settimeout(PATIENCE)
            send(self.control, {"stop": True})
            return receive(self.control) or DEAD
        except OSError:
            return DEAD
        finally:
            self.control.settimeout(None)

    def close(self):
        """End the run if it goes on, and return whether the session can be used further."""
        self.reply = self.reply or self.stop()
        self.channel.close()
        os.close(self.errors)
        return self.reply is not DEAD


def explain_end(reply, seconds, sealed):
    """Return the error for a run that ended before it had sent all; `seconds` is how long it may compute.

    Only one that was not sealed yet has not begun, whatever its exit code is.
    """
    killed = not reply["in time"] or reply["code"] in (-signal.SIGKILL, -signal.SIGXCPU)
    if reply is DEAD:
        return LOST
    if killed and reply["computed"] >= seconds:
        return Error("OutOfTime", "")
    if not reply["in time"]:
        return Error("OutOfClock", "")
    if reply["code"] == UNSEALED and not sealed:
        return OPEN
    if reply["code"] == -signal.SIGKILL:
        return Error("MemoryError", "the system ended it")
    return explain_exit(reply["code"])
