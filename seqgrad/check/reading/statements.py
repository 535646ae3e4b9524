"""From the text of a cell to its statements: what each defines, changes and needs; nothing is executed.

    text  ->  Python, without the lines that are for IPython  ->  statements

What Python refuses is cleaned as IPython cleans it, of an indent and of prompts; if it is refused then, it is
taken apart, and what can be parsed of it counts.
"""

import ast
import functools
import re
import textwrap
from dataclasses import dataclass

from seqgrad.check.reading.names import (
    UNPARSABLE,
    find_called,
    find_effects,
    find_needed,
    find_touched,
    parse,
)

EVERYTHING = (("*", "*"),)  # what `from module import *` imports
LENGTH = 200_000  # characters of a cell that is parsed
REMEMBERED = 10_000  # characters of a cell that is remembered: most are the same for the whole class
LINES = 20  # lines for IPython in a cell; one with more of them is no Python
PARTS = 500  # parts that a broken cell is taken apart into
TOGETHER = 6  # parts that may belong together


# A magic line, a line for a shell, either of them behind an assignment, a question about a name.
# No part gives back what it has taken (`*+`): a line of blanks is looked at once, not once for each blank.
FOR_IPYTHON = re.compile(r"\s*+(?:[%!?]|[^=#'\"(]*+=\s*+[%!]|%?[\w.]++\?\??\s*+$)")
TIMED = re.compile(r"(\s*+)%(?:time|prun)\s++(?!-)")  # magics behind which stands Python
RUN = re.compile(r"(\s*)%run\s+(?:-i\s+)?[\"']?(?:\./)?([\w/]+)\.py[\"']?\s*$")  # gives the names of a file
WRITTEN = re.compile(r"%%(?:writefile|file)\s+(-a\s+|--append\s+)?[\"']?([^\s\"']+\.py)[\"']?\s*$")
PROMPT = re.compile(r"\s*(>>> |In ?\[\d*\]: )")
PROMPTS = re.compile(r"\s*(>>>|\.\.\.+:?|In ?\[\d*\]:)( |$)")  # of the first line, and of those below it
ANSWER = re.compile(r"Out ?\[\d*\]: ")
FOR_THE_REST = re.compile(r"%%(time|capture|prun)\b")  # cell magics below which stands Python
GOES_ON = re.compile(r"(else|elif|except|finally|case)\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement at the top level of a cell.

    Attributes
    ----------
    line : int
        Where it begins in the cell.
    text : str
    kind : str
        As `ast` calls it.
    binds, changes : frozenset of str
        Names that it gives a value to, and names of things that it changes inside.
    functions : tuple
        (name, source) of each function that it defines, itself or in a block.
    calls : frozenset of str
        The functions that it calls as it runs.
    effects : frozenset of str
        Names of things that the functions it defines may change.
    imports : tuple
        (name, the name here) for each name of a ``from module import``; ``*`` stands for all of them.
    module : str
        The module of such an import.
    modules : tuple of str
        The modules of an ``import``.
    """

    line: int
    text: str
    kind: str
    binds: frozenset
    changes: frozenset
    functions: tuple
    calls: frozenset = frozenset()
    effects: frozenset = frozenset()
    imports: tuple = ()
    module: str = ""
    modules: tuple = ()

    @property
    def imported(self):
        """The names of the modules that it imports, or from which it does."""
        return (*self.modules, *[self.module] * bool(self.module))

    @property
    def is_import(self):
        """Whether it imports something."""
        return self.kind in ("Import", "ImportFrom")

    @property
    def is_definition(self):
        """Whether it defines a function or a class."""
        return self.kind in ("FunctionDef", "AsyncFunctionDef", "ClassDef")

    @property
    def needs(self):
        """The names that it reads, in functions it defines as well, and does not define there."""
        return recall_needed(self.text)


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cell consists of.

    Attributes
    ----------
    statements : tuple of Statement
    left_out : tuple
        (line number, text) of each line that is for IPython.
    error : tuple
        (line number, what Python says) if it refused the cell, else empty.
    lost : str
        The text that could not be parsed.
    written : tuple
        (name, whether it goes on with a file that is there, text) if the cell writes a Python file.
    """

    statements: tuple = ()
    left_out: tuple = ()
    error: tuple = ()
    lost: str = ""
    written: tuple = ()


def cut(source):
    """Return what a cell consists of."""
    return remembered(source) if len(source) <= REMEMBERED else cut_anew(source)


def cut_anew(source):
    """Return what a cell consists of, by parsing it."""
    if len(source) > LENGTH:
        return Cut(error=(1, f"a cell of more than {LENGTH:,} characters is not read"))
    lines = source.split("\n")
    magic = next((number for number, line in enumerate(lines) if line.strip()), 0)
    left_out = []
    if lines[magic].startswith("%%"):
        left_out.append((magic + 1, lines[magic]))
        if file := WRITTEN.match(lines[magic]):
            return Cut(written=(file[2], bool(file[1]), "\n".join(lines[magic + 1 :])))
        if not FOR_THE_REST.match(lines[magic]):
            return Cut(left_out=tuple(left_out))
        lines[magic] = ""

    before, head = list(lines), list(left_out)
    tree, error = parse_lines(lines, left_out)
    if not tree and (cleaned := clean(before)) != before:
        lines, left_out = cleaned, head
        tree, error = parse_lines(lines, left_out)
    if tree:
        return Cut(tuple(list_statements(tree, lines, 0)), tuple(left_out))
    found, lost = parse_parts(lines, left_out)
    return Cut(tuple(found), tuple(left_out), error, lost)


remembered = functools.lru_cache(1024)(cut_anew)


def clean(lines):
    """Return lines without the indent that all have, and without prompts, as IPython runs them."""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not (lines[first][:1].isspace() or any(map(PROMPT.match, lines))):
        return lines
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    cleaned = [line.removeprefix(indent) for line in lines[first:]]
    if any(map(PROMPT.match, cleaned)):
        cleaned = [PROMPTS.sub("", line) for line in cleaned if not ANSWER.match(line)]
    return [*lines[:first], *cleaned]


def parse_lines(lines, left_out, above=0):
    """Parse lines; those for IPython are emptied, and added to `left_out`.

    Returns
    -------
    ast.Module or None, tuple
        The second is (line number, what Python says) where it refuses the lines.
    """
    length = sum(map(len, lines))
    for _ in range(LINES if length <= REMEMBERED else 2):
        try:
            return parse("\n".join(lines)), ()
        except SyntaxError as error:
            number, reason = min(error.lineno or 1, len(lines)), error.msg
        except UNPARSABLE as error:
            return None, (above + 1, str(error) or "it is nested too deeply")
        if (python := to_python(lines[number - 1])) != lines[number - 1]:
            lines[number - 1] = python
            continue
        if not FOR_IPYTHON.match(lines[number - 1]):
            break
        left_out.append((above + number, lines[number - 1]))
        indent = lines[number - 1][: -len(lines[number - 1].lstrip())]
        while lines[number - 1].endswith("\\") and number < len(lines):  # a line that goes on in the next one
            lines[number - 1], number = "", number + 1
        lines[number - 1] = indent + "pass"
    return None, (above + number, reason)


def to_python(line):
    """Return the Python behind a magic that runs it, or runs a file; other lines as they are."""
    if run := RUN.match(line):
        return f"{run[1]}from {run[2].replace('/', '.')} import *"
    timed = TIMED.match(line)
    return timed[1] + line[timed.end() :] if timed else line


def parse_parts(lines, left_out):
    """Return the statements of a broken cell that can be parsed, and the text of those that cannot.

    A part begins at each line that is not indented; one that cannot be parsed alone may go on, in a
    string or in brackets, so it is tried with the next ones too.
    """
    begins = [number for number in range(len(lines)) if may_begin_part(lines, number)][:PARTS]
    begins = [*begins, len(lines)]
    found, lost, part = [], [], 0
    while part < len(begins) - 1:
        first = begins[part]
        for end in range(part + 1, min(part + TOGETHER + 1, len(begins))):
            some, left = lines[first : begins[end]], []
            if end > part + 1 and sum(map(len, some)) > REMEMBERED:
                continue
            tree, _ = parse_lines(some, left, first)
            if tree:
                found += list_statements(tree, some, first)
                left_out += left
                part = end
                break
        else:
            lost += lines[first : begins[part + 1]]
            part += 1
    return found, "\n".join(lost)


def may_begin_part(lines, number):
    """Say whether a statement may begin with a line, for all that can be told without parsing."""
    line = lines[number]
    return (
        line[:1] not in (*" \t#)]}", "")
        and not GOES_ON.match(line)
        and not (number and lines[number - 1].startswith("@"))
    )


def list_statements(tree, lines, above):
    """Yield the statements of a tree; the lines are its text, and stand below so many others."""
    for node in tree.body:
        begin = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        text = lines[begin - 1 : node.end_lineno]
        text[-1] = text[-1].encode()[: node.end_col_offset].decode()
        text[0] = text[0].encode()[node.col_offset :].decode()
        binds, changes, functions = find_touched(node)
        imports, module, modules = (), "", ()
        if isinstance(node, ast.Import):
            modules = tuple(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            imports = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
            module = "." * node.level + (node.module or "")
        sources = tuple((one.name, read_function(one, lines)) for one in functions)
        kind, names = type(node).__name__, (frozenset(binds), frozenset(changes))
        calls = frozenset(find_called(node))
        effects = frozenset().union(*map(find_effects, functions))
        yield Statement(
            above + begin, "\n".join(text), kind, *names, sources, calls, effects, imports, module, modules
        )


def read_function(function, lines):
    """Return the text of a function that may stand in a block."""
    begin = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    return textwrap.dedent("\n".join(lines[begin - 1 : function.end_lineno]))


@functools.lru_cache(256)
def recall_needed(text):
    """Return the names that a text needs; none if it cannot be parsed."""
    try:
        return find_needed(text)
    except UNPARSABLE:
        return frozenset()
