"""One-token edits of seqgrad's functions: what a slip of the hand, or of thought, makes of them.

``edits("softmax")`` lists them, ``load(edit)`` gives the edited function, and
``changes_result(edit)`` tells the edits that matter from those that compute the same.
"""

import ast
import functools
import inspect
import linecache
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import seqgrad
from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.trial import draw_calls
from seqgrad.check.running.data import Call
from seqgrad.check.running.run import run

FUNCTIONS = (
    "softmax", "sigmoid", "initialize_adam", "update_parameters_with_adam",
    "rnn_cell_forward", "rnn_forward", "rnn_cell_backward", "rnn_backward",
    "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward",
    "gru_cell_forward", "gru_forward", "gru_cell_backward", "gru_backward",
    "causal_mask", "scaled_dot_product_attention", "scaled_dot_product_attention_backward",
    "multi_head_attention_forward", "multi_head_attention_backward",
    "layer_norm_forward", "layer_norm_backward",
)  # fmt: skip
OPERATORS = {
    ast.Add: ("-",),
    ast.Sub: ("+",),
    ast.Mult: ("/", "+"),
    ast.Div: ("*",),
    ast.Pow: ("*",),
    ast.MatMult: ("*",),
}
COMPARISONS = {
    ast.Lt: (">",),
    ast.LtE: ("<", ">="),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
}
SYMBOLS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@"}
CALLS = {
    "np.tanh": ("sigmoid", "np.sin", "np.exp"),
    "np.exp": ("np.tanh", "np.log"),
    "np.sqrt": ("np.square", "np.abs"),
    "np.zeros_like": ("np.ones_like", "np.empty_like"),
    "np.stack": ("np.concatenate",),
    "sigmoid": ("np.tanh", "softmax"),
    "softmax": ("sigmoid", "np.exp"),
    "reversed": ("list",),
    ".max": (".min", ".mean"),
    ".sum": (".mean", ".max"),
    ".mean": (".sum", ".max"),
    ".any": (".all",),
    ".all": (".any",),
}
NOT_VALUES = {"np", "range", "reversed", "zip", "len", "sigmoid", "softmax", "t"}


@dataclass(frozen=True)
class Edit:
    """One edited function: its name, the line in its file, the text before and after, the module's text."""

    function: str
    line: int
    before: str
    after: str
    description: str
    source: str

    @property
    def group(self):
        """Return the row of a report that counts it: its function."""
        return self.function

    def __str__(self):
        """Return it as one line of a report."""
        file = inspect.unwrap(getattr(seqgrad, self.function)).__module__.replace(".", "/")
        return f"{file}.py:{self.line}  {self.before} -> {self.after}"


@functools.cache
def edits(name):
    """Return the one-token edits of a function, in the order of its lines."""
    function = inspect.unwrap(getattr(seqgrad, name))
    text = Path(inspect.getsourcefile(function)).read_text(encoding="utf-8")
    return edits_of(text, name)


def edits_of(text, name):
    """Return the one-token edits of the function of that name in a module's text."""
    definition = body_of(text, name)
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    data, head, tail = text.encode(), starts[definition.lineno - 1], starts[definition.end_lineno]
    found, seen = [], {data[head:tail]}
    for (line, column, end_line, end), after, description in changes(definition):
        begin, stop = starts[line - 1] + column, starts[end_line - 1] + end
        function = data[head:begin] + after.encode() + data[stop:tail]
        if function not in seen and parses(function):
            seen.add(function)
            source = (data[:head] + function + data[tail:]).decode()
            found.append(Edit(name, line, data[begin:stop].decode(), after, description, source))
    return sorted(found, key=lambda edit: edit.line)


def body_of(text, name):
    """Return the definition of a function in a module's text, without its docstring."""
    definition = next(node for node in ast.parse(text).body if getattr(node, "name", "") == name)
    if isinstance(definition.body[0], ast.Expr) and isinstance(definition.body[0].value, ast.Constant):
        definition.body = definition.body[1:]
    return definition


def parses(source):
    """Return whether a text is Python."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def changes(definition):
    """Yield (place, new text, description) for each edit of a function's body."""
    names = {argument.arg: 0 for argument in definition.args.args}
    keys = {}
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.setdefault(node.id, node.lineno)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            keys[node.value] = None
    refusals = {
        part for node in ast.walk(definition) if isinstance(node, ast.Raise) for part in ast.walk(node)
    }
    for statement in definition.body:
        for node in ast.walk(statement):
            if node not in refusals:
                yield from changes_of(node, names, keys)


def changes_of(node, names, keys):
    """Yield the edits of one node of the syntax tree."""
    place = (
        (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        if hasattr(node, "lineno")
        else None
    )
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        for other, line in names.items():
            if other != node.id and line <= node.lineno and other not in NOT_VALUES:
                yield place, other, f"{other} for {node.id}"
    elif isinstance(node, ast.BinOp):
        for symbol in OPERATORS.get(type(node.op), ()):
            yield (
                place,
                f"{part(node.left)} {symbol} {part(node.right)}",
                f"{symbol} for {SYMBOLS[type(node.op)]}",
            )
        yield place, part(node.left), f"{ast.unparse(node.right)} dropped"
        yield place, part(node.right), f"{ast.unparse(node.left)} dropped"
    elif isinstance(node, ast.Constant):
        yield from changes_of_constant(node, place, keys)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield place, part(node.value), "transpose dropped"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield place, part(node.operand), "minus dropped"
    elif isinstance(node, ast.Slice) and (node.lower is None) != (node.upper is None):
        edge = ast.unparse(node.lower or node.upper)
        yield place, f":{edge}" if node.lower else f"{edge}:", "slice flipped"
    elif isinstance(node, ast.Subscript):
        yield from changes_of_index(node.slice)
    elif isinstance(node, ast.Call):
        yield from changes_of_call(node, place)
    elif isinstance(node, ast.AugAssign):
        target, value = ast.unparse(node.target), ast.unparse(node.value)
        yield place, f"{target} = {value}", "overwritten, not added"
        yield place, f"{target} -= {value}", "-= for +="
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for i in range(len(node.elts) - 1):
            parts = [ast.unparse(item) for item in node.elts]
            parts[i], parts[i + 1] = parts[i + 1], parts[i]
            yield place, f"({', '.join(parts)})", f"{parts[i + 1]} and {parts[i]} exchanged"
    elif isinstance(node, ast.Compare):
        for symbol in COMPARISONS.get(type(node.ops[0]), ()):
            compared = f"{part(node.left)} {symbol} {part(node.comparators[0])}"
            yield place, compared, f"{compared} for {ast.unparse(node)}"
    elif isinstance(node, ast.BoolOp):
        symbol = "or" if isinstance(node.op, ast.And) else "and"
        yield (
            place,
            f" {symbol} ".join(f"({ast.unparse(value)})" for value in node.values),
            f"{symbol} instead",
        )


def changes_of_constant(node, place, keys):
    """Yield the edits of a number, a truth value or a key."""
    value = node.value
    if isinstance(value, bool):
        yield place, str(not value), f"{not value} for {value}"
    elif isinstance(value, int):
        yield place, str(value + 1), f"{value + 1} for {value}"
        yield place, str(value - 1), f"{value - 1} for {value}"
    elif isinstance(value, float):
        yield place, str(2 * value), f"{2 * value} for {value}"
    elif isinstance(value, str) and "->" in value:
        for i in range(len(value) - 1):
            first, second = value[i : i + 2]
            if first.isalpha() and second.isalpha():
                swapped = value[:i] + second + first + value[i + 2 :]
                yield place, f'"{swapped}"', f"{second} and {first} exchanged in the subscripts"
    elif value in keys:
        for key in keys:
            if key != value:
                yield place, f'"{key}"', f"key {key} for {value}"


def changes_of_index(index):
    """Yield the edits of what stands in square brackets: one step off."""
    for item in index.elts if isinstance(index, ast.Tuple) else [index]:
        if isinstance(item, ast.Name):
            place = (item.lineno, item.col_offset, item.end_lineno, item.end_col_offset)
            yield place, f"{item.id} - 1", "one step earlier"
            yield place, f"{item.id} + 1", "one step later"


def changes_of_call(node, place):
    """Yield the edits of a call: another function, arguments exchanged, an argument left out."""
    called = ast.unparse(node.func)
    where = (node.func.lineno, node.func.col_offset, node.func.end_lineno, node.func.end_col_offset)
    for other in CALLS.get(called, ()):
        yield where, other, f"{other} for {called}"
    if isinstance(node.func, ast.Attribute) and "." + node.func.attr in CALLS:
        for other in CALLS["." + node.func.attr]:
            yield where, ast.unparse(node.func.value) + other, f"{other} for .{node.func.attr}"
    parts = [ast.unparse(item) for item in node.args]
    named = [ast.unparse(item) for item in node.keywords]
    for i in range(len(parts) - 1):
        swapped = parts[:i] + [parts[i + 1], parts[i]] + parts[i + 2 :]
        yield place, f"{called}({', '.join(swapped + named)})", f"{parts[i]} and {parts[i + 1]} exchanged"
    if len(parts) == 1 and not named and called.startswith(("np.", "sigmoid", "softmax", "reversed")):
        yield place, f"({parts[0]})", f"{called} dropped"


def part(node):
    """Return an operand as text, in parentheses if it needs them."""
    text = ast.unparse(node)
    return f"({text})" if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare) else text


def load(edit):
    """Return the edited function, compiled in a fresh copy of its module's namespace."""
    module = inspect.getmodule(inspect.unwrap(getattr(seqgrad, edit.function)))
    return compiled(edit.source, edit.function, dict(vars(module)))


def compiled(source, name, namespace):
    """Return the function of that name from a text, its lines known to tracebacks."""
    filename = f"<edit {hash(source)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    definition = next(node for node in ast.parse(source).body if getattr(node, "name", "") == name)
    exec(compile(ast.Module([definition], []), filename, "exec"), namespace)
    return namespace[name]


def changes_result(edit):
    """Return whether an edited function gives anything else than the reference, on any of the witnesses."""
    function = load(edit)
    for call, right in zip(*witnesses(edit.function), strict=True):
        (yours,) = run(function, [call])
        side_effect = yours.changed or not yours.repeatable or yours.overwritten or yours.shared
        if yours.error or side_effect or not close(right.value, yours.value):
            return True
    return False


@functools.cache
def witnesses(name):
    """Return calls on which an edit must show, more than a check makes, with the reference's results."""
    exercise = find_exercise(name)
    calls = list(draw_calls(exercise))
    few = calls[:2] if exercise.judge is None else []
    for scale in (1e-3, 30.0, 1e3):
        calls += [Call(scaled(call.arguments, scale)) for call in few]
    return calls, run(getattr(seqgrad, name), calls)


def scaled(value, factor):
    """Return arguments with every array multiplied by a factor, but not the counters."""
    if isinstance(value, np.ndarray):
        return value if value.dtype == bool else value * factor
    if isinstance(value, dict):
        return {key: scaled(item, factor) for key, item in value.items()}
    return type(value)(scaled(item, factor) for item in value) if isinstance(value, tuple | list) else value


def close(one, other):
    """Return whether two returned values agree to rounding, in structure, shape and dtype too."""
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(close(one[k], other[k]) for k in one)
        )
    if isinstance(one, tuple | list):
        return isinstance(other, tuple | list) and len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, np.ndarray):
        same = isinstance(other, np.ndarray) and one.shape == other.shape and one.dtype == other.dtype
        scale = np.abs(one[np.isfinite(one)]).max(initial=0) or 1.0
        return same and np.allclose(one, other, rtol=0, atol=1e-9 * scale, equal_nan=True)
    return type(one) is type(other) and one == other


GATES = {"f": "forget gate", "i": "input gate", "c": "candidate", "o": "output gate"}
GATES |= {"u": "update gate", "r": "relevance gate"}
GATE_OF = {"ft": "f", "it": "i", "cct": "c", "ot": "o", "dzf": "f", "dzi": "i", "dzc": "c", "dzo": "o"}
GATE_OF |= {"ut": "u", "rt": "r", "dzu": "u", "dzr": "r"}


def places(edit):
    """Return the words by which a verdict may place an edit, from the data flow of the original text.

    For a gate's variable: the gate, and the arrays that are that gate's alone.  For any
    other: the variables that the edited statement assigns and all that depends on them
    (a mistake may be told where it enters or where it comes out, but not beside that).
    In a returned dict or tuple: the edited entries and their keys.
    """
    function = inspect.unwrap(getattr(seqgrad, edit.function))
    text = Path(inspect.getsourcefile(function)).read_text(encoding="utf-8")
    definition = body_of(text, edit.function)
    statement = innermost(definition, edit.line)
    targets = set(assigned(statement)) or words_in(edit.before + " " + edit.after)
    gates = {GATE_OF[name] for name in targets if name in GATE_OF}
    if gates and len(targets) == 1:
        (gate,) = gates
        return targets | {GATES[gate], f"dW{gate}", f"db{gate}"}
    reached = downstream(definition, targets)
    alone = {"the result"} if edit.function in ("softmax", "sigmoid") else set()
    words = {find_exercise(edit.function).describe(name)[0] for name in reached}
    return reached | words | alone | {GATES[GATE_OF[name]] for name in reached if name in GATE_OF}


def innermost(definition, line):
    """Return the smallest statement that holds a line; a loop only for its head."""
    found = [node for node in ast.walk(definition) if isinstance(node, ast.stmt) and node.lineno <= line]
    found = [node for node in found if line <= node.end_lineno and node is not definition]
    return min(found, key=lambda node: node.end_lineno - node.lineno)


def assigned(statement):
    """Return the variables that a statement changes; of a loop its variable, of `x.append(y)` x."""
    if isinstance(statement, ast.For):
        return [name for inner in statement.body for name in assigned(inner)]
    if isinstance(statement, ast.Expr):
        return [node.id for node in ast.walk(statement.value.func) if isinstance(node, ast.Name)]
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    nodes = [node for target in targets if target is not None for node in ast.walk(target)]
    return [node.id for node in nodes if isinstance(node, ast.Name) and node.id not in ("t", "d", "name")]


def words_in(text):
    """Return the names in a text."""
    return {node for node in "".join(c if c.isalnum() or c == "_" else " " for c in text).split()}


def downstream(definition, names):
    """Return variables and returned keys that depend on some variables, those included."""
    reached, size = set(names), 0
    flows = [
        node
        for node in ast.walk(definition)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return)
    ]
    while len(reached) > size:
        size = len(reached)
        for node in flows:
            read = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            if not isinstance(node, ast.Return) and read & reached:
                reached |= set(assigned(node))
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
                for key, value in zip(node.value.keys, node.value.values, strict=True):
                    if {part.id for part in ast.walk(value) if isinstance(part, ast.Name)} & reached:
                        reached.add(ast.unparse(key).strip("'"))
    return reached


def placed(edit, verdict):
    """Return whether a verdict places an edit: an exception's line at or below it, or one of its `places`."""
    if verdict.culprit != edit.function:
        return False
    if verdict.outcome == "raised":
        line = re.search(r"line (\d+)", verdict.findings[0].sentence)
        return bool(line) and int(line[1]) >= first_line(edit)
    allowed = places(edit)
    subjects = {word.strip() for word in verdict.findings[0].subject.split(",")}
    names = {subject.split("[")[0] for subject in subjects} | subjects | words_in(verdict.findings[0].subject)
    return bool(names & allowed) or bool(words_in(verdict.findings[0].sentence) & targets_of(edit))


def targets_of(edit):
    """Return the variables that the edited statement assigns; of a return, those in the edited part."""
    return set(assigned(innermost_of(edit))) or words_in(edit.before)


def first_line(edit):
    """Return the first line at which an edit can raise: its statement's, or in a loop the loop's head."""
    function = inspect.unwrap(getattr(seqgrad, edit.function))
    definition = body_of(Path(inspect.getsourcefile(function)).read_text(encoding="utf-8"), edit.function)
    loops = [node for node in ast.walk(definition) if isinstance(node, ast.For)]
    inside = [loop.lineno for loop in loops if loop.lineno <= edit.line <= loop.end_lineno]
    return min([innermost_of(edit).lineno, *inside])


def innermost_of(edit):
    """Return the statement that is edited, as it was."""
    function = inspect.unwrap(getattr(seqgrad, edit.function))
    text = Path(inspect.getsourcefile(function)).read_text(encoding="utf-8")
    return innermost(body_of(text, edit.function), edit.line)
