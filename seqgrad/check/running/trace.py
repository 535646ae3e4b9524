"""What a learner's code raised, as data: the error, the line, and the arrays that met there."""

import ast
import linecache
import traceback

import numpy as np

from seqgrad.check.running.data import Error

MOST = 4  # operands that are told


def record(error, home):
    """Return an exception as data; `home` is the namespace of the learner's code."""
    kind, message = type(error).__name__, str(error)
    walked = zip(traceback.walk_tb(error.__traceback__), locate_steps(error), strict=True)
    inside = [(*step, place) for step, place in walked if step[0].f_globals is home]
    if not inside:
        return Error(kind, message)
    frame, line, (end_line, start, end) = inside[-1]
    text = linecache.getline(frame.f_code.co_filename, line, frame.f_globals)
    part = ""
    if text and end_line == line and start is not None:
        part = text.encode()[start:end].decode(errors="replace")
    operands = list_operands(part or text.strip(), frame.f_locals) if text else list_empty(frame.f_locals)
    return Error(kind, message, frame.f_code.co_name, line, text.strip(), part, tuple(operands.items()))


def locate_steps(error):
    """Yield for each frame of an error's traceback where in its line the failing expression stands."""
    step = error.__traceback__
    while step:
        places = list(step.tb_frame.f_code.co_positions())
        _, end_line, start, end = places[step.tb_lasti // 2]
        yield end_line, start, end
        step = step.tb_next


def list_operands(part, names):
    """Return the largest parts of an expression whose value is known without running code, with shapes."""
    try:
        waiting = [ast.parse(part.strip().removeprefix("return ").rstrip(":"))]
    except SyntaxError:
        return {}
    operands = {}
    while waiting and len(operands) < MOST:
        node = waiting.pop(0)
        words = "" if isinstance(node, ast.Tuple) else describe_known(node, names)
        if words:
            operands[ast.unparse(node).replace("'", '"')] = words
        else:
            waiting = [*ast.iter_child_nodes(node), *waiting]
    return operands


def list_empty(names):
    """Return the variables that are None, where the text of the line is not at hand."""
    return {name: "None" for name, value in names.items() if value is None}


def describe_known(node, names):
    """Return what an operand is, for a sentence; empty for what is not known or does not matter."""
    try:
        value = look_up(node, names)
    except (LookupError, TypeError, ValueError):
        return ""
    if isinstance(value, np.ndarray):
        return f"shape {value.shape}" + (f" and dtype {value.dtype}" if value.dtype.kind not in "f" else "")
    if value is None:
        return "None"
    return f"a {type(value).__name__} of length {len(value)}" if type(value) in (list, tuple, dict) else ""


def look_up(node, names):
    """Return the value of a name, an entry or a transpose.

    Raises
    ------
    LookupError, TypeError, ValueError
        If there is no such value, or code would have to run.
    """
    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=inner) if isinstance(look_up(inner, names), int | float):
            return -look_up(inner, names)
        case ast.Slice(lower=lower, upper=upper, step=step):
            return slice(*(part and look_up(part, names) for part in (lower, upper, step)))
        case ast.Tuple(elts=parts):
            return tuple(look_up(part, names) for part in parts)
        case ast.Attribute(value=inner, attr="T") if type(value := look_up(inner, names)) is np.ndarray:
            return value.T
        case ast.Subscript(value=inner, slice=key):
            value = look_up(inner, names)
            if type(value) in (np.ndarray, dict, list, tuple):
                return value[look_up(key, names)]
    raise LookupError(node)
