"""What can be known of a function without calling it: its name, its namespace, what it reads, if it works."""

import dis
import functools
import inspect
import sys


def unwrap(function):
    """Return the function that a learner wrote, below decorators, partial, a method or a callable object."""
    while True:
        if isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif inspect.ismethod(function):
            function = function.__func__
        elif not inspect.isfunction(function) and inspect.isfunction(vars(type(function)).get("__call__")):
            function = type(function).__call__
        else:
            return function


def find_namespace(function):
    """Return the globals in which a learner's function finds its helpers."""
    return getattr(unwrap(function), "__globals__", {})


def name_function(function):
    """Return the name of a function, or of the type of something else that can be called."""
    return getattr(unwrap(function), "__name__", type(function).__name__)


def list_own(function, home, names):
    """Return those of the names that stand for a learner's function, neither this one nor seqgrad's."""
    known = [(name, home.get(name)) for name in names]
    return tuple(
        name
        for name, value in known
        if callable(value) and value is not function and not is_of_seqgrad(value)
    )


def is_of_seqgrad(function):
    """Tell whether a function is one of the course's own."""
    module = sys.modules.get(getattr(function, "__module__", None))
    name = getattr(function, "__name__", None)
    return getattr(module, "__package__", None) == "seqgrad" and vars(module).get(name) is function


def list_read(function, home):
    """Return the names of the notebook's things that a function reads."""
    code = getattr(unwrap(function), "__code__", None)
    return tuple(name for name in code.co_names if name in home) if code else ()


def computes(function):
    """Tell whether a function that gave None computes something that it forgets to return.

    Told from its bytecode, since the source may not be at hand: it calls or combines
    something, and no return statement has a value.
    """
    code = getattr(unwrap(function), "__code__", None)
    if code is None:
        return True
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("CACHE", "NOP")]
    works = any(step.opname.startswith(("CALL", "BINARY_OP")) for step in steps)
    constant = [step.opname == "LOAD_CONST" for step in steps]
    returns = any(
        step.opname == "RETURN_VALUE" and not const for step, const in zip(steps[1:], constant, strict=False)
    )
    return works and not returns
