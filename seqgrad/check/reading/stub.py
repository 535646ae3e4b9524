"""From the source of a function to the stub that a student completes.

Signature, docstring, the lines before the first comment, the heads of loops, the comments and the
return stay; the steps go.  So the comments of a function are the instructions of its exercise.  A notebook
shows a short docstring: what the function does, the shapes, what it returns.
"""

import ast
import inspect
import io
import re
import textwrap
import tokenize

# What may hold steps, and where its head computes.
BLOCKS = {ast.For: "iter", ast.If: "test", ast.With: "items"}

# What a head may do with a name that is None: compare it and combine such comparisons.
HARMLESS = (ast.expr_context, ast.Name, ast.Constant, ast.Compare, ast.Eq, ast.NotEq, ast.Is, ast.IsNot)
HARMLESS += (ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Not)


def cut_function(module, name):
    """Return the source of a function, from its ``def`` on, out of the text of its module.

    Raises
    ------
    ValueError
        If the module has no such function; the message names those that it has.
    """
    functions = {node.name: node for node in ast.parse(module).body if isinstance(node, ast.FunctionDef)}
    if name not in functions:
        raise ValueError(f"there is no function {name}, only {', '.join(functions) or 'other things'}")
    node = functions[name]
    return "\n".join(module.split("\n")[node.lineno - 1 : node.end_lineno])


def shorten_docstring(source):
    """Keep of a function's docstring the first paragraph, the parameters with their shapes, and the returns.

    An array needs no description beside its shape: the chapter has said what it is.  The full docstring
    stays in the library, where ``help`` finds it.
    """
    docstring = ast.parse(source).body[0].body[0]
    written = ast.get_source_segment(source, docstring)
    if not re.fullmatch(r'r?""".*\n.*"""', written, re.DOTALL):  # none, or one line
        return source
    opening = written[: written.index('"""') + 3]
    summary, *rest = re.split(r"^(\w+)\n-+\n", inspect.cleandoc(written[len(opening) : -3]), flags=re.M)
    kept = [summary.split("\n\n")[0]]
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        if name in ("Parameters", "Returns"):
            kept.append(f"{name}\n{'-' * len(name)}\n{leave_out_arrays(text)}")
    body = "\n\n".join(part.strip() for part in kept) + ("\n" if len(kept) > 1 else "")
    indent = " " * docstring.col_offset
    short = textwrap.indent(f'{opening}{body}"""', indent, lambda line: line.strip())
    lines = source.split("\n")
    lines[docstring.lineno - 1 : docstring.end_lineno] = short.split("\n")
    return "\n".join(lines)


def leave_out_arrays(section):
    """Return a section of a docstring with the heads alone of entries whose type is a shape like (n_a, m)."""
    kept, described = [], True
    for line in section.rstrip().split("\n"):
        if line[:1].strip():
            described = not re.fullmatch(r"([\w, ]+ : )?\([^()]*\)", line)
        if line[:1].strip() or described:
            kept.append(line)
    return "\n".join(kept)


def stub(source):
    """Empty the steps of a function.

    An assignment keeps its names and sets them to None; other steps go, and ``...`` marks where
    nothing is left.

    Parameters
    ----------
    source : str
        One function, from its ``def`` on.

    Returns
    -------
    str
        A function that runs to its return, however much of it is still to be written.

    Raises
    ------
    ValueError
        If that cannot be had, or a step would be given away; the message quotes the line.
    """
    function = ast.parse(source).body[0]
    lines = source.split("\n")
    comments = find_comments(source)
    runs = list(group_steps(function.body[:-1], comments[0])) if comments else []
    if not runs:
        raise ValueError(
            "no step stands below a comment, so nothing is left to write: say in comments what to do"
        )
    check_steps(runs, comments, lines)
    check_frame(function, runs, comments, lines)

    for run in reversed(runs):
        indent = " " * run[0].col_offset
        empty = [set_to_none(step) for step in run if list_targets(step)] or ["..."]
        lines[run[0].lineno - 1 : run[-1].end_lineno] = [indent + line for line in empty]
    return "\n".join(lines)


def find_comments(source):
    """Return the numbers of the lines that are nothing but a comment."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [t.start[0] for t in tokens if t.type == tokenize.COMMENT and t.line.lstrip().startswith("#")]


def group_steps(block, first):
    """Yield the steps below line `first`, in order, as lists of steps that follow each other line by line."""
    run = []
    for statement in block:
        holds_steps = type(statement) in BLOCKS
        if run and (holds_steps or statement.lineno > run[-1].end_lineno + 1):
            yield run
            run = []
        if holds_steps:
            for inner in (statement.body, getattr(statement, "orelse", [])):
                yield from group_steps(inner, first)
        elif statement.end_lineno > first:
            run.append(statement)
    if run:
        yield run


def list_targets(step):
    """Return the names that a step gives a value to; an entry of an array or of a dict is not a name."""
    targets = getattr(step, "targets", [getattr(step, "target", None)])
    nodes = (node for target in targets if target for node in ast.walk(target))
    return [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def set_to_none(step):
    """Return the line that stands for an assignment."""
    names = list_targets(step)
    return f"{', '.join(names)} = {', '.join(['None'] * len(names))}"


def check_steps(runs, comments, lines):
    """Refuse steps that cannot be emptied line by line."""
    for step in (step for run in runs for step in run):
        line = lines[step.lineno - 1]
        if hasattr(step, "body") or isinstance(step, ast.Match):
            raise ValueError(f"`{line.strip()}` cannot hold steps, only for, if and with can")
        if line[: step.col_offset].strip():
            raise ValueError(f"`{line.strip()}` holds two statements: give each its line")
        if inside := [number for number in comments if step.lineno < number <= step.end_lineno]:
            raise ValueError(f"the comment `{lines[inside[0] - 1].strip()}` is inside a step: put it above")


def check_frame(function, runs, comments, lines):
    """Refuse what stays, heads and return, if it needs a value that is emptied or gives a step away."""
    emptied = {name for run in runs for step in run for name in list_targets(step)}
    for block in ast.walk(function):
        if type(block) in BLOCKS and block.end_lineno > comments[0]:
            head = getattr(block, BLOCKS[type(block)])
            nodes = [node for part in (head if isinstance(head, list) else [head]) for node in ast.walk(part)]
            used = [node.id for node in nodes if isinstance(node, ast.Name) and node.id in emptied]
            if used and not (isinstance(block, ast.If) and all(isinstance(node, HARMLESS) for node in nodes)):
                line = lines[block.lineno - 1].strip()
                raise ValueError(f"`{line}` needs {used[0]}, which is None in the exercise: set it higher up")

    end = function.body[-1]
    if not isinstance(end, ast.Return) or not end.value:
        raise ValueError(f"it ends with `{lines[end.lineno - 1].strip()}`, not with a return of its results")
    if not holds_names_alone(end.value):
        raise ValueError(f"`{lines[end.lineno - 1].strip()}` computes, so it gives a step away: return names")


def holds_names_alone(result):
    """Say whether a result is a name, or a tuple, list or dict of names."""
    if isinstance(result, (ast.Tuple, ast.List)):
        return all(map(holds_names_alone, result.elts))
    if isinstance(result, ast.Dict):
        return all(map(holds_names_alone, result.values))
    return isinstance(result, ast.Name)
