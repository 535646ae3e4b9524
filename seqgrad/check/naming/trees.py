"""Syntax trees: to and from text, their parts with their places, and how a part is changed for a while."""

import ast
from contextlib import ExitStack, contextmanager


def parse(text):
    """Return an expression from its text."""
    return ast.parse(text, mode="eval").body


def write(node):
    """Return an expression as a learner would write it."""
    return ast.unparse(node).replace("'", '"')


def find_key(node, parent):
    """Return the key under which a returned dict holds an expression."""
    pairs = zip(parent.keys, parent.values, strict=True)
    return next(ast.unparse(key) for key, value in pairs if value is node).strip("'")


def is_stored(node):
    """Tell whether a value is put into a node of a tree."""
    return isinstance(getattr(node, "ctx", None), ast.Store)


def list_children(node):
    """Yield (parent, field, slot, child) for every expression below a statement, a slot is what holds it."""
    for field, value in ast.iter_fields(node):
        listed = isinstance(value, list)
        for key, child in enumerate(value) if listed else [(field, value)]:
            if isinstance(child, ast.expr):
                yield node, field, (value if listed else vars(node), key), child
            if isinstance(child, ast.AST):
                yield from list_children(child)


@contextmanager
def put_in(slot, new):
    """Hold a changed tree: one child exchanged."""
    container, key = slot
    old, container[key] = container[key], place_in_text(new)
    try:
        yield
    finally:
        container[key] = old


@contextmanager
def put_in_all(slots, constant):
    """Hold a changed tree: a number in place of several children."""
    with ExitStack() as changes:
        for slot in slots:
            changes.enter_context(put_in(slot, ast.Constant(constant)))
        yield


def place_in_text(node):
    """Return an expression in which every new part has some place in the text, as the compiler wants."""
    if "lineno" in node._attributes and not hasattr(node, "lineno"):
        node.lineno = node.end_lineno = 1
        node.col_offset = node.end_col_offset = 0
        for child in ast.iter_child_nodes(node):
            place_in_text(child)
    return node
