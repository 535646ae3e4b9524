"""Functions that are the same after renaming variables and formatting: a place to look, not a proof.

source  ->  its tree without docstring, comments and annotations, own names numbered  ->  digest

What students are bound to share does not count: the stub, and functions of a few statements.
"""

import ast
import builtins
import functools
import hashlib
import inspect
import warnings

from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.naming.known.known import know
from seqgrad.check.reading.stub import cut_function, stub

FEWEST = 4  # statements of a function that is compared

# Names that say what is computed; every other name is its author's choice.
KEPT = {name: name for name in (*dir(builtins), *(one.name for one in list_exercises()), "np", "numpy")}

# What a node holds: statements, names beside ast.Name, names that another chose, what changes nothing.
BLOCKS = {"body", "orelse", "finalbody"}
NAMES = {"arg", "asname", "rest", "name"}
FOREIGN = {(ast.keyword, "arg"), (ast.alias, "name")}
SILENT = {"annotation", "returns", "type_comment", "type_params", "ctx", "kind", "simple"}


def hash_text(source, name):
    """Return a number of 64 bits that functions have in common if they are the same; 0: not compared."""
    try:
        with warnings.catch_warnings(action="ignore"):
            function = next(node for node in ast.parse(source).body if getattr(node, "name", "") == name)
    except (SyntaxError, ValueError, RecursionError, MemoryError, StopIteration):
        return 0
    words, statements = spell(function)
    number = hash_words(words) if statements >= FEWEST else 0
    return 0 if number == hash_stub(name) else number


def spell(function):
    """Return a function in words, names of its author's choice as numbers, and how many statements it has."""
    names, words, left, statements = dict(KEPT), [], [function], 0
    while left:
        part = left.pop()
        if type(part) is ast.Name:  # every second part is one
            words.append(names.setdefault(part.id, f"#{len(names)}"))
        elif type(part) is list:
            words.append(str(len(part)))
            left += part
        elif not isinstance(part, ast.AST):
            words.append(str(part))
        else:
            if type(part) is ast.AnnAssign:
                part = ast.Assign([part.target], part.value)
            kind = type(part)
            words.append(kind.__name__)
            for field in read_fields(kind):
                value = getattr(part, field, None)
                if field in BLOCKS and type(value) is list:
                    value = [one for one in value if not is_pointless(one)]
                    statements += len(value)
                elif field in NAMES and type(value) is str and (kind, field) not in FOREIGN:
                    value = names.setdefault(value, f"#{len(names)}")
                elif field == "names" and kind in (ast.Global, ast.Nonlocal):
                    value = [names.setdefault(name, f"#{len(names)}") for name in value]
                left.append(repr(value) if kind is ast.Constant else value)
    return words, statements


@functools.cache
def read_fields(kind):
    """Return what a node of some kind holds that matters, names first."""
    return tuple(field for field in kind._fields if field not in SILENT)


def is_pointless(part):
    """Return whether a statement does nothing: a docstring or another lone constant, pass."""
    return isinstance(part, ast.Pass) or isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def hash_words(words):
    """Return the number for words."""
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest())


@functools.cache
def hash_stub(name):
    """Return the digest of an exercise's stub; 0 if there is none."""
    text = read_stub(name)
    return hash_words(spell(ast.parse(text).body[0])[0]) if text else 0


@functools.cache
def hash_known(name):
    """Return the digests of the right texts of an exercise that come with the course."""
    exercise = find_exercise(name)
    if exercise is None:
        return frozenset()
    return frozenset(hash_text(text, name) for text in (read_own_text(exercise), *know(exercise).texts)) - {0}


def read_stub(name):
    """Return the text of an exercise before anything is written in it; "" if there is no such exercise."""
    exercise = find_exercise(name)
    return stub(read_own_text(exercise)) if exercise else ""


def read_own_text(exercise):
    """Return the course's own source of an exercise."""
    return cut_function(inspect.getsource(inspect.getmodule(exercise.function)), exercise.name)


def group_alike(digests):
    """Yield (digest, places) for every digest that stands at several places, the places in order."""
    order = sorted((one, place) for place, one in enumerate(digests) if one)
    begin = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or order[end][0] != order[begin][0]:
            if end - begin > 1:
                yield order[begin][0], [place for _, place in order[begin:end]]
            begin = end
