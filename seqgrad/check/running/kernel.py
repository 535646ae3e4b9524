"""A check leaves the process as it was, in which a learner's function may change what is everybody's.

    before  ->  keep_kernel  ->  a run  ->  as before

That is the state of random generators, print options, the working folder, the environment, the recursion
limit, and what stands in the modules of Python and NumPy that everybody uses.  A process that the function
forked ends where it would come back.
"""

import contextlib
import operator
import os
import random
import signal
import sys
import types

import numpy as np

from seqgrad.check.course import list_tops
from seqgrad.check.running.limit import CLOCK, SECONDS

# Whose names are put back: these modules, those of a course, and those below them that are loaded.
SHARED = ("builtins", "math", "numpy", "os", "random", "sys", "time")
LEFT = {"sys": {"last_exc", "last_type", "last_value", "last_traceback", "modules", "path_importer_cache"}}

checking = False  # whether a learner's function is running in this process


@contextlib.contextmanager
def keep_kernel():
    """Let a run change what it will, and put it back as it was."""
    global checking
    owner, outer = os.getpid(), checking
    put_back = [
        *map(keep_module, list_shared()),
        keep(np.random.get_state, np.random.set_state),  # noqa: NPY002 - the generator that everybody shares
        keep(random.getstate, random.setstate),
        keep(np.get_printoptions, lambda options: np.set_printoptions(**options)),
        keep(sys.getrecursionlimit, sys.setrecursionlimit),
        keep(find_folder, lambda folder: folder and os.chdir(folder)),
        keep(lambda: dict(os.environ), put_environment_back),
    ]
    checking = True
    try:
        yield
    finally:
        checking = outer
        if os.getpid() != owner:
            os._exit(0)
        for step in put_back:
            step()


def keep(read, write):
    """Return what puts back, by `write`, what `read` gives now."""
    value = read()
    return lambda: write(value)


def list_shared():
    """Return the modules whose names are put back."""
    shared = {*SHARED, *list_tops()}
    return [module for name, module in list(sys.modules.items()) if name.partition(".")[0] in shared]


def keep_module(module):
    """Return what gives the names of a module their values of now; a submodule that was loaded stays."""
    names, before = vars(module), dict(vars(module))
    left = LEFT.get(module.__name__, ())

    def put_back():
        if names.keys() == before.keys() and all(map(operator.is_, names.values(), before.values())):
            return
        for name in [name for name in names if name not in before and name not in left]:
            if not isinstance(names[name], types.ModuleType):
                del names[name]
        loaded = {
            name for name, value in names.items() if sys.modules.get(f"{module.__name__}.{name}") is value
        }
        names.update({name: value for name, value in before.items() if name not in loaded.union(left)})

    return put_back


def find_folder():
    """Return the working folder; None where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return None


def put_environment_back(before):
    """Give the environment its variables of before."""
    if os.environ != before:
        for name in [*os.environ]:
            if name not in before:
                del os.environ[name]
        os.environ.update(before)


def limit_fork():
    """Give a process that a learner's function has forked a limit of its own, since it inherits none."""
    if checking:
        signal.setitimer(signal.ITIMER_REAL, CLOCK * SECONDS, 0.1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=limit_fork)
