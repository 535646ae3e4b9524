"""The slips of a loop over time: what it carries, and the steps that it takes.

statement of a loop  ->  (change, Finding), ...
"""

import ast

from seqgrad.check.naming.flow import list_changed
from seqgrad.check.naming.recipe import BEFORE
from seqgrad.check.naming.trees import is_stored, list_children, parse, put_in, write
from seqgrad.check.verdict import Finding


def list_carried(recipe, index):
    """Return the variables that a loop hands from one round to the next."""
    before = {name for step in recipe.steps[:index] for name in list_changed(step)}
    after = [name for statement in recipe.steps[index].body for name in rebind(statement)]
    return [name for name in dict.fromkeys(after) if name in before]


def rebind(statement):
    """Return the names that an assignment gives another value, not those of which it changes an entry."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    parts = [part for target in targets for part in getattr(target, "elts", [target])]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def change_carried(exercise, statement, carried):
    """Yield the slips of what a loop carries: the first value at every step; a sum where it is replaced."""
    # To keep a state, by an append or in an array, is not to carry it.
    kept = not isinstance(statement, ast.Assign) or isinstance(statement.targets[0], ast.Subscript)
    for _, _, slot, node in () if kept else list_children(statement):
        if isinstance(node, ast.Name) and node.id in carried and not is_stored(node):
            subject, phrase = exercise.describe(node.id)
            sentence = f"{phrase} is not carried from step to step: every step starts from its first value."
            first = parse(f'{BEFORE}["{node.id}"]')
            yield put_in(slot, first), Finding(subject, "not carried", sentence, True)
    for name in rebind(statement):
        if name in carried and len(rebind(statement)) == 1 and statement.value is not None:
            subject, _ = exercise.describe(name)
            sentence = f"`{name}` is added up over the steps; each step has to replace it."
            added = ast.BinOp(parse(name), ast.Add(), statement.value)
            yield put_in((vars(statement), "value"), added), Finding(subject, "extra term", sentence, True)


def change_head(loop):
    """Yield the slips of a loop's head: the other direction, steps left out."""
    head, backward = loop.iter, False
    if isinstance(head, ast.Call) and write(head.func) == "reversed":
        (head,), backward = head.args, True
    if not isinstance(head, ast.Call) or write(head.func) != "range":
        return
    last, inner = write(head.args[-1]), write(head)
    turned = inner if backward else f"reversed({inner})"
    runs = (
        "forward in time; it has to run backward" if backward else "backward in time; it has to run forward"
    )
    for new, kind, sentence in (
        (None, "wrong order", f"The loop runs {runs}."),
        (f"range(1, {last})", "wrong step", "The loop leaves out the first time step, t = 0."),
        (f"range({last} - 1)", "wrong step", "The loop leaves out the last time step."),
        ("range(1)", "wrong step", "The loop makes one step alone."),
    ):
        around = turned if new is None else f"reversed({new})" if backward else new
        yield put_in((vars(loop), "iter"), parse(around)), Finding("time steps", kind, sentence, True)
