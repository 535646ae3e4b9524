"""The namespaces of a program: each notebook and each module of the learner's has one of its own.

    pieces (place, text, space)  ->  compiled, which executes nothing  ->  executed in their spaces

A space goes by the names under which it is imported, as in ``utils.gates``; a notebook's is nobody's module.
"""

import __future__

import builtins
import contextlib
import io
import linecache
import sys
import types
import warnings
from collections import Counter

from seqgrad.check.reading.inert import Inert, install, uninstall
from seqgrad.check.running import data, trace
from seqgrad.check.running.limit import SECONDS, TIMES, OutOfTime, limit_run

MAIN = "__main__"
UNNAMED = "_file_"  # how the space begins of a file that cannot be imported, as a notebook
FUTURES = __future__.annotations.compiler_flag  # what `from __future__ import` leaves for the cells below


def compile_pieces(pieces):
    """Return (code or the error that compiling gave, space) for each piece."""
    compiled, flags, count = [], Counter(), Counter(place for place, *_ in pieces)
    for number, (place, text, space) in enumerate(pieces):
        name = place if count[place] == 1 else f"{place}, part {number + 1}"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = compile(text, name, "exec", flags[space], dont_inherit=True)
            if text.startswith("from __future__"):
                flags[space] |= code.co_flags & FUTURES
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            code = data.Error(type(error).__name__, str(error))
        compiled.append((code, space))
    return compiled


def make_spaces(pieces, own_builtins=builtins):
    """Return the empty module for each space; each is in `sys.modules`, by its names and below its packages.

    Notebooks find `display` and `get_ipython` among the builtins, where there is nobody to look.
    """
    known = types.ModuleType("builtins")
    vars(known).update(vars(own_builtins))
    vars(known).update(display=Inert(), get_ipython=Inert())
    spaces = {}
    packages_first = sorted({space for *_, space in pieces}, key=lambda space: (space.count("."), space))
    for space in packages_first:
        first, *others = names = space.split()
        module = types.ModuleType(MAIN if first.startswith(UNNAMED) else first)
        module.__package__ = first.rpartition(".")[0]
        module.__builtins__ = known
        for name in names:
            place(name, module)
        spaces[space] = module
    return spaces


def place(name, module):
    """Let a module be imported by a name; packages above it that are not there are empty ones."""
    package, _, last = name.rpartition(".")
    if package:
        if package not in sys.modules:
            place(package, types.ModuleType(package))
        vars(sys.modules[package]).setdefault("__path__", ())
        setattr(sys.modules[package], last, module)
    sys.modules[name] = module


@contextlib.contextmanager
def open_function(program, name, seconds=SECONDS):
    """Run in this process what a function of a program needs.

    Yields
    ------
    callable or None, list of (str, Error)
        The function, and the places of what could not be run.  Modules are as they were when it ends.
    """
    before, left_out, errors = dict(sys.modules), program.hidden.get(name, ()), []
    install()
    try:
        spaces, late = make_spaces(program.pieces), None
        for number, (code, space) in enumerate(compile_pieces(program.pieces)):
            if number in left_out:
                continue
            error = late or run_limited(code, vars(spaces[space]), seconds)
            late = error if error and error.kind in TIMES else None
            if error:
                errors.append((program.pieces[number][0], error))
        home = spaces.get(program.homes.get(name))
        function = vars(home).get(name) if name in program.functions and home else None
        yield function if callable(function) else None, errors
    finally:
        uninstall()
        for other in sys.modules.keys() - before.keys():
            if sys.modules[other].__spec__ is None:  # it was made here
                del sys.modules[other]
        sys.modules.update(before)


def run_limited(code, home, seconds):
    """Execute a piece within limits of time and memory, without a word; return its error, or None."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), limit_run(seconds):
            return execute(code, home)
    except OutOfTime as error:
        return trace.record(error, home)


def execute(code, home):
    """Execute a piece in a namespace, and return the error that it raised, or None."""
    if isinstance(code, data.Error):
        return code
    try:
        exec(code, home)
    except BaseException as error:
        try:
            return trace.record(error, home)
        except OutOfTime as late:  # it was due while the code was deaf to it
            return trace.record(late, home)
        except BaseException:  # an error that raises another as it is asked for its text
            return data.Error("Exception", "")
    return None
