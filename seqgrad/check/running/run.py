"""Run a learner's function on calls, one after the other, within limits.

    function, calls  ->  results

Nothing is judged here.  What the judge needs to know of a run is in its result: what was raised and where,
which arguments were changed, and whether a second call gave the same.
"""

import contextlib
import copy
import warnings
from dataclasses import replace

import numpy as np

from seqgrad.check.equality import are_identical
from seqgrad.check.running import data, trace
from seqgrad.check.running.data import Result, exhaust, thaw, to_plain
from seqgrad.check.running.limit import SECONDS, OutOfTime, limit_run
from seqgrad.check.running.look import find_namespace, name_function
from seqgrad.check.running.prints import Prints

OTHER = 1.5  # times the arguments: others, for what a function may keep from one call to the next
WARNINGS = ("over", "divide", "invalid")  # what NumPy warns of if nobody asks it not to


def run(function, calls, helpers=None, seconds=SECONDS, report=None):
    """Return the result of each call of a learner's function, its helpers exchanged for these, by name.

    The seconds are for all calls together: after a call that ran out of time the rest is not
    run, and shares its error.  `report` is given each result as soon as its call has ended.
    """
    home, results = find_namespace(function), []
    touched = {*(helpers or {}), *(name for call in calls for name in call.stand_ins)}
    before = {name: home[name] for name in touched if name in home}
    prints = Prints()
    with contextlib.redirect_stdout(prints), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            with limit_run(seconds):
                for call in calls:
                    prints.begin()
                    result = run_call(function, call, home, helpers or {}, prints)
                    results.append(replace(data.widen(result), printed=prints.read()))
                    if report:
                        report(results[-1])
        except OutOfTime as error:
            restore(home, touched, before)
            late = Result(error=trace.record(error, home), printed=prints.read())
            results += [late] * (len(calls) - len(results))
    return results


def run_call(function, call, home, helpers, prints):
    """Run one call; the learner's globals are back as they were when it ends, however it ends."""
    exchanged = {name: helper for name, helper in helpers.items() if name not in call.own} | call.stand_ins
    exchanged.pop(name_function(function), None)
    before = {name: home[name] for name in exchanged if name in home}
    home.update(exchanged)
    try:
        given = thaw(call.arguments)
        if call.feed:
            forward, arguments = call.feed
            given += (home[forward](*thaw(arguments))[-1],)
            pristine = copy.deepcopy(given)
        else:
            pristine = call.arguments
        held, warned = dict(data.list_arrays(given)), set()
        with np.errstate(**dict.fromkeys(WARNINGS, "call"), call=lambda kind, _: warned.add(kind)):
            returned = exhaust(function(*given))
        prints.end()
        value = to_plain(returned)
        changed, was = tuple(data.find_changes(pristine, given)), dict(data.list_arrays(pristine))
        rebound = tuple(path for path in changed if path in held and are_identical(held[path], was[path]))
        shared = tuple(data.find_shared(returned))
        result = Result(value, None, changed, rebound, shared=shared, warned=tuple(sorted(warned)))
        return run_again(function, call, returned, result) if call.twice else result
    except (Exception, SystemExit) as error:
        return Result(error=trace.record(error, home))
    finally:
        restore(home, exchanged, before)


def run_again(function, call, returned, result):
    """Return the result of a call with what two more calls show of it."""
    second = to_plain(exhaust(function(*thaw(call.arguments))))
    with contextlib.suppress(Exception):  # whatever it makes of these, the first result has to stay
        exhaust(function(*thaw(call.arguments, OTHER)))
    stayed = are_identical(result.value, to_plain(returned))
    return replace(result, repeatable=are_identical(result.value, second), overwritten=not stayed)


def restore(home, names, before):
    """Give names in a namespace the values that they had before, or none if they had none."""
    for name in names:
        if name not in before:
            home.pop(name, None)
    home.update(before)
