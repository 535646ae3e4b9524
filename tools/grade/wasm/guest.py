"""What runs in the interpreter in WebAssembly: NumPy is loaded once, and each run goes on from there.

    prepare  ->  a picture of the memory  ->  serve, once in each instance

The one way out is the door, through which a run sends what it claims; an answer may come back through it.
"""

import gc
import os
import sys
import zipimport
from dataclasses import replace

import _host
import numpy as np

from seqgrad.check.reading.spaces import compile_pieces
from seqgrad.check.running import wire
from seqgrad.check.running.data import Error, Result
from tools.grade.perform import FRAME, carry_out, hold_apart


def prepare():
    """Load what a run needs, hold it apart, and forget the packages that a box of the other kind lacks."""
    kept = {*sys.stdlib_module_names, "numpy"}
    for names in zipimport._zip_directory_cache.values():
        for name in list(names):
            if name.partition("/")[0].partition(".")[0] not in kept and not name.startswith("_"):
                del names[name]
    os.chdir("/tmp")
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
        """Send a message; an answer to it is kept."""
        if kind == "result":
            value = value[0], widen(value[1])
        self.answer = _host.call(wire.encode((kind, value), FRAME))

    def receive(self):
        """Return the answer to what was sent last."""
        return wire.decode(self.answer)


def widen(value):
    """Return a result as it is where an integer has 64 bits, as in the student's notebook; here it has 32."""
    if isinstance(value, Result):
        return replace(value, value=widen(value.value), error=widen(value.error))
    if isinstance(value, Error):
        operands = tuple((name, words.replace("int32", "int64")) for name, words in value.operands)
        return replace(value, message=value.message.replace("int32", "int64"), operands=operands)
    if isinstance(value, dict):
        return {key: widen(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(map(widen, value))
    return value.astype(np.int64) if isinstance(value, np.ndarray) and value.dtype == np.int32 else value
