"""What a learner's code raised, as data: the error, the line, and the arrays that met there."""

import ast
import linecache
import traceback

import numpy as np

from seqgrad.check.running.data import Error


def record(error, home):
    """Return an exception as data; `home` is the namespace of the learner's code."""
    kind, message = type(error).__name__, str(error)
    frames = [
        (frame, line, frame.f_code, position)
        for (frame, line), position in zip(
            traceback.walk_tb(error.__traceback__), positions(error), strict=False
        )
        if frame.f_globals is home
    ]
    if not frames:
        return Error(kind, message)
    frame, line, code, (end_line, start, end) = frames[-1]
    text = linecache.getline(code.co_filename, line, frame.f_globals)
    part = ""
    if text and end_line == line and start is not None:
        part = text.encode()[start:end].decode(errors="replace")
    operands = describe(part or text.strip(), frame.f_locals) if text else empty(frame.f_locals)
    return Error(kind, message, code.co_name, line, text.strip(), part, tuple(operands.items()))


def positions(error):
    """Yield for each frame of an error's traceback where in its line the failing expression stands."""
    step = error.__traceback__
    while step:
        places = list(step.tb_frame.f_code.co_positions())
        _, end_line, start, end = places[step.tb_lasti // 2]
        yield end_line, start, end
        step = step.tb_next


def describe(part, names):
    """Return the largest parts of an expression whose value is known without running code, with shapes."""
    try:
        tree = ast.parse(part.strip().removeprefix("return ").rstrip(":"))
    except SyntaxError:
        return {}
    found = {}

    def visit(node):
        value = lookup(node, names)
        if value is not lookup and (words := appearance(value)):
            found[ast.unparse(node).replace("'", '"')] = words
            return
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return dict(list(found.items())[:4])


def empty(names):
    """Return the variables that are None, where the text of the line is not at hand."""
    return {name: "None" for name, value in names.items() if value is None}


def lookup(node, names):
    """Return the value of a name, an entry or a transpose; `lookup` itself if code would have to run."""
    if isinstance(node, ast.Name):
        return names.get(node.id, lookup)
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = lookup(node.operand, names)
        return -value if isinstance(value, int | float) else lookup
    if isinstance(node, ast.Slice):
        parts = [
            None if part is None else lookup(part, names) for part in (node.lower, node.upper, node.step)
        ]
        return lookup if any(part is lookup for part in parts) else slice(*parts)
    if isinstance(node, ast.Tuple):
        parts = [lookup(part, names) for part in node.elts]
        return lookup if any(part is lookup for part in parts) else tuple(parts)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        value = lookup(node.value, names)
        return value.T if type(value) is np.ndarray else lookup
    if isinstance(node, ast.Subscript):
        value, key = lookup(node.value, names), lookup(node.slice, names)
        if type(value) in (np.ndarray, dict, list, tuple) and key is not lookup:
            try:
                return value[key]
            except (KeyError, IndexError, TypeError, ValueError):
                return lookup
    return lookup


def appearance(value):
    """Return what an operand is, for a sentence; empty for what does not matter."""
    if isinstance(value, np.ndarray):
        return f"shape {value.shape}" + (f" and dtype {value.dtype}" if value.dtype.kind not in "f" else "")
    if value is None:
        return "None"
    return f"a {type(value).__name__} of length {len(value)}" if type(value) in (list, tuple, dict) else ""
