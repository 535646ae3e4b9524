"""The walls of a box in WebAssembly: a fresh instance for each run, which ends with it.

    request  ->  an instance from the picture of the released package  ->  what the run says

Work is counted in instructions, so that what a run may do does not depend on who else is busy; the clock ends
one that counts too slowly.
"""

import functools
import os
from pathlib import Path

import wasmtime

from seqgrad.check.running import wire
from seqgrad.check.running.data import Error
from seqgrad.check.running.survive import GONE
from tools.environment import ROOT
from tools.grade.claims import GARBLED, BoxEnded, Questions, read_message, refuse_too_much
from tools.grade.perform import FRAME
from tools.grade.wasm.machine import LIBRARY, Instance, Machine, Picture, map_library
from tools.grade.wasm.system import Asleep, Exit, System
from tools.imports import list_files, list_needed

BEGIN = "import sys; sys.path.insert(0, '/site'); from tools.grade.wasm import guest; guest.prepare()"
GO = "guest.serve()"
BEFORE = 0.1  # seconds of work for all that is done before the first cell of a submission runs
CRASHED = "it ended the interpreter that ran it"
ENDS = {
    wasmtime.TrapCode.OUT_OF_FUEL: Error("OutOfTime", ""),
    wasmtime.TrapCode.INTERRUPT: Error("OutOfClock", ""),
    wasmtime.TrapCode.STACK_OVERFLOW: Error("RecursionError", "its calls are nested too deeply"),
}


class Cell:
    """The walls of one submission.

    Parameters
    ----------
    package : Path
        A folder that holds a `seqgrad` package.
    pieces : list of (str, str, str)
    limits : Limits
    """

    def __init__(self, package, pieces, limits):
        self.package, self.pieces, self.limits = Path(package), wire.encode(pieces), limits

    def exchange(self, request, noise, helpers=None, calls=()):
        """Have a run done and yield what it sent; raise `BoxEnded` if it stopped before it had said all."""
        held = {"pieces": self.pieces, "seconds": wire.encode(self.limits.load), "request": request}
        run = Run(self.limits, held, Questions(helpers, calls))
        limits, (machine, files, picture) = self.limits, get_picture(self.package, os.getpid())
        bounds = limits.noise, limits.scratch, limits.files
        system = System(files, run.hear, limits.clock * limits.seconds, noise, *bounds)
        run.instance = Instance(machine, system, limits.memory, picture)
        run.instance.allow(limits.load + BEFORE)
        try:
            ended = explain_end(run.instance, limits)
        finally:
            run.instance.close()
        yield from run.said
        if not run.finished:
            raise BoxEnded(run.error or ended)

    def close(self):
        """Keep nothing: an instance ends with its run."""


class Run:
    """What one run has said so far."""

    def __init__(self, limits, held, questions):
        self.limits, self.held, self.questions = limits, held, questions
        self.said, self.size, self.loaded, self.finished, self.error = [], 0, False, False, None

    def hear(self, data):
        """Take a message, and return the answer to it."""
        self.size += len(data)
        try:
            if self.size > self.limits.sent:
                raise refuse_too_much(self.limits.sent)
            if not self.finished and (answer := self.questions.recall(data)):
                return answer
            kind, value = read_message(data)
            if len(data) > FRAME or self.finished or kind == "loaded" and self.loaded:
                raise BoxEnded(GARBLED)
            if kind == "ask":
                return self.questions.answer(data, value)
        except BoxEnded as ended:
            self.error = ended.error
            raise
        if kind == "end":
            self.finished = True
        elif kind == "loaded":
            self.loaded = True
            self.instance.allow(self.limits.seconds)
        elif kind in self.held:
            return self.held.pop(kind)
        else:
            self.said.append((kind, value))
        return b""


def explain_end(instance, limits):
    """Run what is in an instance, and return the error for a run that has not said all when it ends."""
    try:
        instance.run(GO, limits.clock * (limits.load + limits.seconds) + 2)
    except (Exit, BoxEnded):
        return GONE
    except Asleep:
        return Error("OutOfClock", "")
    except wasmtime.Trap as trap:
        return ENDS.get(trap.trap_code) or Error("Crash", CRASHED)
    return GONE


@functools.cache
def get_picture(package, process):
    """Return the machine, the files of a package's box, and the picture with which its runs begin."""
    machine, files = get_machine(process), list_contents(package)
    first, fresh = (Instance(machine, System(files), 1 << 30) for _ in range(2))
    if first.run(BEGIN, 60):
        raise RuntimeError(first.system.noise.decode())
    picture = Picture.of(first, fresh)
    first.close()
    fresh.close()
    return machine, files, picture


@functools.cache
def get_machine(process):
    """Return the machine of this process."""
    return Machine()


def list_contents(package):
    """Return the files that a box shows, by their paths: the package, what runs in there, and the library."""
    ours = [path for path in list_needed(ROOT, "tools.grade.wasm.guest") if ROOT / "tools" in path.parents]
    shown = {LIBRARY: map_library()}
    for root, paths in ((package, list_files(package)), (ROOT, ours)):
        shown |= {f"/site/{path.relative_to(root).as_posix()}": path.read_bytes() for path in paths}
    return shown
