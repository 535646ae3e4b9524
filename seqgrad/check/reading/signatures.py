"""The functions of a file by their signatures: which are not what their name says, which look like ours.

cells  ->  functions (name, arguments)  ->  sentences
"""

import difflib
import inspect
import re

from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.reading.extract import can_be_called
from seqgrad.check.reading.names import UNPARSABLE, parse
from seqgrad.check.reading.statements import cut

ALIKE = 0.7  # how alike two names are of which one may stand for the other
BEGIN = re.compile(r"^\s*(def\b|\w+\s*=\s*lambda\b)", re.MULTILINE | re.IGNORECASE)


def list_functions(found):
    """Return {name: names of its arguments} of the functions in cells."""
    sources = [
        one for cell in found if cell.code for each in cut(cell.source).statements for one in each.functions
    ]
    return {name: read_arguments(source) for name, source in sources}


def read_arguments(source):
    """Return the names of a function's arguments that have no default."""
    try:
        arguments = parse(source).body[0].args
    except (*UNPARSABLE, IndexError, AttributeError):
        return ()
    names = [one.arg for one in arguments.posonlyargs + arguments.args]
    return tuple(names[: len(names) - len(arguments.defaults)])


def list_needed_arguments(exercise):
    """Return the names of an exercise's arguments that have no default."""
    parameters = inspect.signature(exercise.function).parameters.values()
    return tuple(one.name for one in parameters if one.default is one.empty)


def is_python(found):
    """Say whether cells hold nothing but Python, and more of it than numbers that were printed."""
    statements, whole = [], True
    for cell in found:
        if cell.code:
            taken = cut(cell.source)
            statements += taken.statements
            whole = whole and not taken.lost and not taken.error
    kinds = {one.kind for one in statements}
    return bool(kinds & {"Import", "ImportFrom", "ClassDef"}) and whole


def begins_function(found):
    """Say whether a line of code begins a function, whether that can be read or not."""
    return any(BEGIN.search(cell.source) for cell in found if cell.code)


def is_broken(found):
    """Say whether Python refuses a cell."""
    return any(cut(cell.source).error for cell in found if cell.code)


def about_others(name, source):
    """Return what there is to say of a function with the name of an exercise and other arguments; "" if none.

    Several notebooks of a course have functions of one name.
    """
    if can_be_called(name, source):
        return ""
    ours = ", ".join(list_needed_arguments(find_exercise(name)))
    theirs = ", ".join(read_arguments(source))
    return f"`{name}({theirs})` takes other arguments than the exercise, `{name}({ours})`: not checked."


def about_lookalikes(functions, held):
    """Yield a hint for each function that takes what an exercise takes and goes by another name."""
    known = {one.name: list_needed_arguments(one) for one in list_exercises()}
    for name, arguments in functions.items():
        if name in known:
            continue
        same = [one for one in known if known[one] == arguments and len(arguments) > 1 and one not in held]
        near = difflib.get_close_matches(name.lower(), same or [], 1, 0.0)
        alike = difflib.get_close_matches(name.lower(), known, 1, ALIKE)
        alike = [one for one in alike if len(known[one]) == len(arguments) and one not in held]
        if found := alike or near:
            call = f"{name}({', '.join(arguments)})"
            yield f"`{call}` looks like {found[0]}; if it is, check it with --name {name}={found[0]}"
