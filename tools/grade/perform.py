"""A run in a box of any kind: a submission is loaded, and one of its functions run on calls.

    request, compiled pieces, channel  ->  messages through the channel

What comes out is what the student's code claims.  Who shuts it in and carries the messages is elsewhere.
"""

import builtins
import contextlib
import functools
import importlib
import random
import sys
import types
from time import monotonic

import numpy as np
import numpy.random

from seqgrad.check.reading.inert import install
from seqgrad.check.reading.spaces import MAIN, execute, make_spaces
from seqgrad.check.running import data, look, run
from seqgrad.check.running.limit import CLOCK, TIMES, OutOfTime, alarm, thread_time

OURS = ("seqgrad.check", "tools")  # what a student's code may not reach
PARTS = np.ndarray | dict | tuple | list
FRAME = 8 << 20  # bytes of a message of a run


def hold_apart():
    """Keep what is needed here from a student who puts something else into modules or the builtins.

    The modules of the checks stay with the functions here, and who imports them anew gets others; of the
    modules that these use, they keep a copy of the names as they are now.
    """
    ours = [module for name, module in sys.modules.items() if name.startswith(OURS)]
    for module in [sys.modules["__main__"], *ours]:
        for name, used in list(vars(module).items()):
            if isinstance(used, types.ModuleType) and used not in [*ours, builtins]:
                setattr(module, name, types.SimpleNamespace(**vars(used)))
    for name in list(sys.modules):
        if name.partition(".")[0] == "json" or name.startswith(OURS):
            del sys.modules[name]
    for name in ("json", "seqgrad.check"):
        importlib.import_module(name)


def carry_out(request, pieces, seconds, channel, step):
    """Load a submission, do what is asked, and send what comes of it; `step` follows each piece.

    Parameters
    ----------
    request : dict
        What is wanted: what is known of functions, or what one of them gives.
    pieces : list
        As `compile_pieces` returns them.
    seconds : float
        Of computing, for loading the submission.
    channel
        Has `send(kind, value)`, which returns by what its answer is known, and `receive()` for an answer.
    step : callable
    """
    np.random.seed(0)  # noqa: NPY002 - this one is for the generator that a student may use
    random.seed(0)
    numpy.random.bit_generator.randbits = lambda bits: 0  # what a generator without a seed is made from
    if request.get("careful"):
        step = functools.partial(channel.send, "step", None)
    spaces, errors = load(pieces, request["skip"], seconds, step)
    functions = {name: spaces.get(space, {}).get(name) for name, space in request["homes"].items()}
    with contextlib.suppress(BaseException):
        if "about" in request:
            channel.send("about", (errors, about(request["about"], functions, step)))
        else:
            channel.send("loaded", None)
            perform(request, functions, channel)
        channel.send("end", None)


def load(pieces, skip, seconds, step):
    """Execute the pieces in order; return their namespaces and for each its error or None."""
    install()
    sys.modules["__main__"] = types.ModuleType("__main__")
    spaces = make_spaces(pieces)
    if spaces:
        first = next(iter(spaces.values()))
        sys.modules["builtins"] = first.__builtins__
        sys.modules["__main__"] = next((one for one in spaces.values() if one.__name__ == MAIN), first)
    until, late, errors = thread_time() + seconds, monotonic() + CLOCK * seconds, []
    while len(errors) < len(pieces):
        left = max(until - thread_time(), 0.25), max(late - monotonic(), 1.0)
        with contextlib.suppress(OutOfTime), alarm(*left):
            error = None
            while len(errors) < len(pieces) and not (error and error.kind in TIMES):
                *_, space = piece = pieces[len(errors)]
                error = None if len(errors) in skip else execute(piece[0], vars(spaces[space]))
                errors.append(error)
                step()
    return {space: vars(module) for space, module in spaces.items()}, errors


def about(names, functions, step):
    """Return what can be said of the names that stand for functions without calling these."""
    known = {}
    for name in names:
        with contextlib.suppress(OutOfTime), alarm(0.5):
            if callable(function := functions.get(name)):
                home = look.find_namespace(function)
                own, read = look.list_own(function, home, names), look.list_read(function, home)
                works, blank = look.computes(function), look.is_blank(function)
                known[name] = {"own": own, "reads": read, "works": works, "blank": blank}
                known[name]["names"] = look.list_names(function, home)
        step()
    return known


def perform(request, functions, channel):
    """Run a function on calls, and send each result as soon as it is there."""
    helpers = {name: stand_in(name, channel) for name in request["helpers"]}
    told = []

    def report(result):
        try:
            channel.send("result", (len(told), result))
        except Exception as error:  # it is too large, or nested too deeply
            error = data.Error("MemoryError", str(error)[:99])
            channel.send("result", (len(told), data.Result(error=error)))
        told.append(result)

    results = run.run(functions[request["run"]], request["calls"], helpers, request["seconds"], report)
    for result in results[len(told) :]:  # of the calls that were not run any more
        report(result)


def stand_in(name, channel):
    """Return a function that asks the grader for what the right helper gives."""

    def helper(*args, **kwargs):
        return ask(channel, name, args, kwargs)

    helper.__name__ = helper.__qualname__ = name
    return helper


def ask(channel, name, args, kwargs):
    """Return what a right helper gives, which only the grader knows; raise what it raises."""
    given, plain = (args, kwargs), (data.to_plain(args), data.to_plain(kwargs))
    question = channel.send("ask", (name, *plain))
    while (answer := channel.receive())[0] != question:  # of a question that was given up
        pass
    _, value, error = answer
    if error:
        raise getattr(builtins, error.kind, Exception)(error.message)
    return put_parts_back(value, [original for _, original in pair_parts(plain, given)])


# An answer says which of its parts are the arguments themselves, or stand in it twice.  So what a student's
# function holds and what it gave to a right helper is one memory in here, as it is in a notebook.


def pair_parts(plain, given):
    """Yield (part, original) for the arrays, dicts, tuples and lists in a copy of what was given."""
    if isinstance(plain, PARTS):
        yield plain, given
    if isinstance(plain, dict | tuple | list):
        pairs = (plain.values(), given.values()) if isinstance(plain, dict) else (plain, given)
        for pair in zip(*pairs, strict=False):
            yield from pair_parts(*pair)


def point_to_parts(value, places, count):
    """Return an answer in which each part that has a place, by its id, is only named; others get the next."""
    if id(value) in places:
        return data.Foreign(f"part {places[id(value)]}")
    if isinstance(value, PARTS):
        places[id(value)] = next(count)
    if isinstance(value, tuple | list):
        return type(value)(point_to_parts(part, places, count) for part in value)
    if isinstance(value, dict):
        return {key: point_to_parts(part, places, count) for key, part in value.items()}
    return value


def put_parts_back(value, known):
    """Return an answer with the parts themselves where they are only named; `known` holds those so far."""
    if isinstance(value, data.Foreign) and value.kind.startswith("part "):
        return known[int(value.kind.split()[1])]
    if not isinstance(value, PARTS):
        return value
    place = len(known)
    known.append(value)
    if isinstance(value, tuple | list):
        known[place] = type(value)(put_parts_back(part, known) for part in value)
    elif isinstance(value, dict):
        known[place] = {key: put_parts_back(part, known) for key, part in value.items()}
    return known[place]
