"""Whether a function is an attempt: more than the stub that was handed out, and more than nothing.

source  ->  shape, a digest of what it does  ->  the stub's? nothing at all? as another one's?
"""

import ast
import functools
import hashlib
import inspect

from seqgrad.check.exercises import find_exercise
from seqgrad.check.reading.names import UNPARSABLE, parse
from seqgrad.check.reading.stub import holds_names_alone, stub
from seqgrad.check.running.look import is_template

HOLLOW = "nothing but names, None and ..."  # the shape of what does nothing


def is_attempted(name, source):
    """Say whether a function is more than the stub that was handed out, a blank template, or nothing."""
    if digest_steps(source) in (digest_steps(read_stub(name)), HOLLOW):
        return False
    try:
        return not is_template(getattr(parse(source).body[0], "body", ()))
    except (*UNPARSABLE, IndexError, TypeError):
        return True


@functools.lru_cache(256)
def digest_steps(source):
    """Return a digest of what a function does; comments, docstring, decorators and layout do not count."""
    try:
        function = parse(source).body[0]
        body = getattr(function, "body", None)
        if isinstance(body, list):
            if ast.get_docstring(function, clean=False) is not None:
                del body[0]
            if all(map(does_nothing, body)):
                return HOLLOW
            function.decorator_list = []
        return hashlib.sha256(ast.dump(function).encode("utf-8", "replace")).hexdigest()
    except (*UNPARSABLE, IndexError):
        return source


def does_nothing(step):
    """Say whether a step of a function does nothing."""
    if isinstance(step, ast.Return):
        return step.value is None or isinstance(step.value, ast.Constant) or holds_names_alone(step.value)
    value = getattr(step, "value", None)
    values = value.elts if isinstance(value, ast.Tuple) else [value]
    nothing = all(isinstance(one, ast.Constant) and one.value in (None, ...) for one in values)
    return isinstance(step, (ast.Pass, ast.Raise)) or (nothing and isinstance(step, (ast.Assign, ast.Expr)))


@functools.cache
def read_stub(name):
    """Return the stub of an exercise, "" if there is none; in a release that is all there is."""
    function = getattr(find_exercise(name), "function", None)
    try:
        source = inspect.getsource(function)
        return source if hasattr(function, "learned") else stub(source)
    except (AttributeError, OSError, TypeError, ValueError):
        return ""
