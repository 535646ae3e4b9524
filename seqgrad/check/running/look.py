"""What can be known of a function without calling it: its name, its namespace, what it reads, if it works."""

import ast
import dis
import functools
import inspect
import linecache
import sys
import textwrap
import tokenize

from seqgrad.check.course import is_of_a_course

# What a blank template calls: to loop, to look at its arguments, to name keys, to keep what is None.
TEMPLATE_CALLS = (
    *("range", "reversed", "zip", "enumerate", "len", "any", "array", "asarray", "str", "append", "list"),
    *("dict", "keys", "values", "items", "copy", "seed", "print"),
)

MOST_NAMES = 500


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
    """Return those of the names that stand for a learner's function, neither this one nor the course's."""
    known = [(name, home.get(name)) for name in names]
    return tuple(
        name
        for name, value in known
        if callable(value) and value is not function and not is_of_the_course(value)
    )


def is_of_the_course(function):
    """Tell whether a function is one of the course's own."""
    module = sys.modules.get(getattr(function, "__module__", None))
    name = getattr(function, "__name__", None)
    is_file = getattr(module, "__spec__", None) is not None  # and no namespace of a learner's own
    return is_file and vars(module).get(name) is function and is_of_a_course(module.__name__)


def list_read(function, home):
    """Return the names of the notebook's things that a function reads."""
    code = getattr(unwrap(function), "__code__", None)
    return tuple(name for name in code.co_names if name in home) if code else ()


def list_names(function, home):
    """Return the names in a function, and in those of its notebook that it uses, as far as they are known."""
    names, waiting = set(), [getattr(unwrap(function), "__code__", None)]
    while waiting and len(names) < MOST_NAMES:
        code = waiting.pop()
        if code is None:
            continue
        new = {*code.co_names, *code.co_varnames, *code.co_cellvars} - names
        names |= new
        waiting += [inner for inner in code.co_consts if inspect.iscode(inner)]
        used = [home[name] for name in sorted(new) if inspect.isfunction(home.get(name))]
        waiting += [one.__code__ for one in used if one.__globals__ is home]
    return tuple(sorted(names)[:MOST_NAMES])


def computes(function):
    """Tell whether a function that gave None computes something.

    Told from its text, or where that is not at hand from its bytecode: it calls or combines
    something, and no return statement has a value.
    """
    body = read_body(function)
    if body is not None:
        return any(map(works_out, body))
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


def is_blank(function):
    """Tell whether a function is a template as it was handed out: None where each step is to be written."""
    return is_template(read_body(function) or ())


def read_body(function):
    """Return the statements of a function from the text of its file or cell; None if it is not at hand."""
    code = getattr(unwrap(function), "__code__", None)
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :] if code else ()
    try:
        (definition,) = ast.parse(textwrap.dedent("".join(inspect.getblock(lines)))).body
    except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError, tokenize.TokenError):
        return None
    return definition.body if isinstance(definition, ast.FunctionDef) else None


def is_template(body):
    """Tell whether statements hold a None to be replaced, and compute nothing."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    fields = [getattr(node, field, None) for node in nodes for field in ("value", "iter", "args")]
    values = [value for field in fields for value in (field if isinstance(field, list) else [field])]
    return any(map(is_none, values)) and not any(map(works_out, body))


def works_out(node):
    """Tell whether a statement or an expression computes something that a template does not."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if name in TEMPLATE_CALLS:
            return any(works_out(part) for part in given if not isinstance(part, ast.BinOp))
        return not given or not all(map(is_none, given))
    if isinstance(node, ast.AugAssign):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Subscript):
        return works_out(node.value)
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.FloorDiv):
        return not isinstance(getattr(node.left, "value", None), str)
    if isinstance(node, ast.Raise):
        return False
    if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise):  # it refuses arguments
        return any(map(works_out, node.orelse))
    return any(map(works_out, ast.iter_child_nodes(node)))


def is_none(node):
    """Tell whether an expression is None."""
    return isinstance(node, ast.Constant) and node.value is None
