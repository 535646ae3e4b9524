"""Every small change of a recipe's steps, each with the sentence that names it.

    Recipe, the variables' values  ->  (step, code, Finding), ...

A change is a slip that people make: a name for another one of the same shape, a factor
or a term left out or put in, a sign, a transpose, an axis, an index one step off, a sum
overwritten, two things exchanged.  None of them is listed by hand: they come from the
steps' own syntax trees, one for each place where such a slip fits.
"""

import ast
from contextlib import contextmanager

from seqgrad.check.exercises.words import place
from seqgrad.check.naming.expressions import key_of, of_node, parsed, shape, text
from seqgrad.check.naming.recipe import RESULT, bases, compiled, compiled_head
from seqgrad.check.verdict import Finding

NOTHING = ast.fix_missing_locations(ast.Pass(lineno=1, col_offset=0))


def slips(recipe, values, index):
    """Yield (place, code, Finding) for every change of one step; the place is as `recipe.follow` takes it.

    Parameters
    ----------
    recipe : Recipe
    values : dict
        Every variable with a value of the kind it has, to tell what fits where.
    index : int
        Which step.
    """
    step = recipe.steps[index]
    if isinstance(step, ast.For):
        for change, finding in of_loop(recipe.exercise, step):
            with change:
                code = compiled_head(step)
            yield (index, None), code, finding
    inside = enumerate(step.body) if isinstance(step, ast.For) else [(None, step)]
    for k, statement in inside:
        if k is not None:
            yield (index, k), compiled(NOTHING), left_out(recipe.exercise, statement)
        for change, finding in of_statement(recipe.exercise, statement, values):
            with change:
                try:
                    code = compiled(statement)
                except (SyntaxError, ValueError, TypeError):
                    continue
            yield index if k is None else (index, k), code, finding


def of_statement(exercise, statement, values):
    """Yield (change, Finding) for one statement; the change is a context in which the tree is changed."""
    subject, phrase, target = about(exercise, statement)
    if isinstance(statement, ast.AugAssign):
        yield from of_sum(statement, subject)
    if (
        isinstance(statement, ast.Assign)
        and not isinstance(statement.targets[0], ast.Tuple)
        and target != RESULT
    ):
        yield from of_extras(statement, subject, phrase, target, values)
    split = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple) and isinstance(
        statement.targets[0], ast.Tuple)  # fmt: skip
    for parent, name, position, node in children(statement):
        if split and parent is statement.value and isinstance(statement.targets[0].elts[position], ast.Name):
            target = statement.targets[0].elts[position].id
            subject, phrase = place(exercise, target)
        if isinstance(getattr(node, "ctx", None), ast.Store) and not isinstance(node, ast.Subscript):
            continue
        if (
            isinstance(getattr(parent, "ctx", None), ast.Store)
            and isinstance(node, ast.Name)
            and name == "value"
        ):
            continue
        for new, kind, sentence in of_node(node, parent, name, exercise, phrase, target, values):
            yield (
                replaced(parent, name, position, new),
                Finding(subject_of(node, parent, subject, target), kind, sentence, True),
            )


def about(exercise, statement):
    """Return what a statement is about: the subject, how a sentence begins, the variable."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        target = bases(getattr(statement.value.func, "value", ast.Name("", ast.Load()))) or [""]
    elif isinstance(statement, ast.Assign | ast.AugAssign):
        target = bases(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)
    else:
        target = [""]
    subject, phrase = place(exercise, target[0])
    if target[0] == RESULT:
        subject, phrase = exercise, "What is returned"
    return subject, phrase, target[0]


def subject_of(node, parent, subject, target):
    """Return the subject of a change: in what is returned, the entry itself."""
    if isinstance(parent, ast.Dict) and node in parent.values:
        return key_of(node, parent)
    if target == RESULT and isinstance(node, ast.Name):
        return node.id if isinstance(parent, ast.Tuple) else "the result"
    return subject


def children(node):
    """Yield (parent, field, position, child) for every expression below a statement."""
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            yield node, name, None, value
            yield from children(value)
        elif isinstance(value, list):
            for position, item in enumerate(value):
                if isinstance(item, ast.expr):
                    yield node, name, position, item
                if isinstance(item, ast.AST):
                    yield from children(item)


@contextmanager
def replaced(parent, name, position, new):
    """Hold a changed tree: one child exchanged."""
    old = getattr(parent, name) if position is None else getattr(parent, name)[position]
    put(parent, name, position, located(new))
    try:
        yield
    finally:
        put(parent, name, position, old)


def located(node):
    """Return an expression in which every new part has some place in the text, as the compiler wants."""
    if isinstance(node, ast.expr | ast.keyword) and not hasattr(node, "lineno"):
        node.lineno = node.end_lineno = 1
        node.col_offset = node.end_col_offset = 0
        for child in ast.iter_child_nodes(node):
            located(child)
    elif isinstance(node, ast.Slice):
        for child in ast.iter_child_nodes(node):
            located(child)
    return node


def put(parent, name, position, node):
    """Set a child of a tree's node."""
    if position is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[position] = node


def of_extras(statement, subject, phrase, target, values):
    """Yield the slips that put something in: a factor or a term more, a mean for a sum, a sign."""
    mine = shape(target, values)
    if mine is None:
        return
    value, whole = statement.value, text(statement.value)

    def with_value(new, kind, sentence):
        return replaced(statement, "value", None, parsed(new)), Finding(subject, kind, sentence, True)

    yield with_value(f"-({whole})", "sign", f"{phrase} has the opposite sign.")
    if len(mine) == 2:
        yield with_value(f"({whole}).T", "transposed", f"{phrase} is transposed.")
        yield with_value(
            f"({whole}) / M", "extra factor", f"{phrase} is divided by the number of examples, m."
        )
    for other in values:
        if shape(other, values) == mine and other != target:
            for new, told in (
                (other, other),
                (f"(1 - {other})", f"1 - {other}"),
                (f"np.tanh({other})", f"np.tanh({other})"),
            ):
                yield with_value(
                    f"({whole}) * {new}", "extra factor", f"{phrase} has the factor `{told}` too many."
                )
            yield with_value(
                f"({whole}) + {other}", "extra term", f"{phrase} has the term `{other}` too many."
            )
            if not isinstance(value, ast.Name):
                yield with_value(other, "wrong source", f"{phrase} is `{other}` as it is, unchanged.")
    if len(mine) == 2:
        yield with_value(f"np.zeros_like({whole})", "missing term", f"{phrase} stays zero.")


def of_sum(statement, subject):
    """Yield the slips of a running sum: overwritten, subtracted."""
    target = text(statement.target)
    load = parsed(target)
    sentence = (
        f"`{target}` is overwritten at every step, so it keeps one step alone; the steps have to be added up."
    )
    yield operator_changed(statement, None), Finding(subject, "overwritten", sentence, True)
    sentence = f"`{target}` is subtracted at every step where it should be added."
    yield operator_changed(statement, ast.Sub()), Finding(subject, "sign", sentence, True)
    sentence = f"`{target}` is added to itself, so it stays zero; the step's own gradient has to be added."
    yield replaced(statement, "value", None, load), Finding(subject, "wrong source", sentence, True)


@contextmanager
def operator_changed(statement, operator):
    """Hold a running sum with another operator; without one, a plain assignment in its place."""
    before = statement.op, statement.value
    if operator is None:
        # x += y - x, which is x = y
        statement.value = located(
            ast.BinOp(statement.value, ast.Sub(), parsed(ast.unparse(statement.target)))
        )
    else:
        statement.op = operator
    try:
        yield
    finally:
        statement.op, statement.value = before


def left_out(exercise, statement):
    """Return the finding for a step of a loop that is not there."""
    subject, _, target = about(exercise, statement)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        sentence = f"`{target}` is not carried from step to step: it keeps its first value."
        return Finding(subject, "not carried", sentence, True)
    sentence = f"The loop does not fill `{target}`: it stays as it was made."
    return Finding(subject, "missing term", sentence, True)


def of_loop(exercise, loop):
    """Yield the slips of a loop's head: the other direction, steps left out."""
    head = text(loop.iter)
    if "range" not in head:
        return
    inner = head.removeprefix("reversed(").removesuffix(")") + ")" if head.startswith("reversed") else head
    inner = inner.replace("))", ")")
    last = inner.removeprefix("range(").removesuffix(")")
    backward = head.startswith("reversed")
    around = (lambda new: f"reversed({new})") if backward else (lambda new: new)
    turned = inner if backward else f"reversed({inner})"
    runs = (
        "forward in time; it has to run backward" if backward else "backward in time; it has to run forward"
    )
    for new, kind, sentence in (
        (turned, "wrong order", f"The loop runs {runs}."),
        (around(f"range(1, {last})"), "wrong step", "The loop leaves out the first time step, t = 0."),
        (around(f"range({last} - 1)"), "wrong step", "The loop leaves out the last time step."),
        (around("range(1)"), "wrong step", "The loop makes one step alone."),
    ):
        yield replaced(loop, "iter", None, parsed(new)), Finding("time steps", kind, sentence, True)
