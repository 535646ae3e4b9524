"""What runs in the interpreter in WebAssembly: NumPy is loaded once, and each run goes on from there.

    prepare  ->  a picture of the memory  ->  serve, once in each instance

The one way out is the door, through which a run sends what it claims; an answer may come back through it.
"""

import gc
import os
import sys
import zipimport
import zlib

import _host

from seqgrad.check.reading.spaces import compile_pieces
from seqgrad.check.running import limit, wire
from tools.grade.perform import FRAME, carry_out, hold_apart


def prepare():
    """Load what a run needs, hold it apart, and forget the packages that a box of the other kind lacks."""
    kept = {*sys.stdlib_module_names, "numpy"}
    for names in zipimport._zip_directory_cache.values():
        for name in list(names):
            if name.partition("/")[0].partition(".")[0] not in kept and not name.startswith("_"):
                del names[name]
    os.chdir("/tmp")
    limit.monitoring = None  # its work is counted outside
    hold_apart()
    gc.collect()
    gc.freeze()


def serve():
    """Load a submission, do what is asked through the door, and end."""
    door = Door()
    pieces = compile_pieces(door.fetch("pieces"))
    seconds, request = door.fetch("seconds"), door.fetch("request")
    carry_out(request, pieces, seconds, door, lambda: None)
    sys.stderr.flush()


class Door:
    """The way to the grader: messages in the safe format."""

    def fetch(self, kind):
        """Return one of the things that are there for this run."""
        self.send(kind, None)
        return self.receive()

    def send(self, kind, value):
        """Send a message, keep the answer to it, and return the message's checksum."""
        message = wire.encode((kind, value), FRAME)
        self.answer = _host.call(message)
        return zlib.crc32(message)

    def receive(self):
        """Return the answer to what was sent last."""
        return wire.decode(self.answer)
