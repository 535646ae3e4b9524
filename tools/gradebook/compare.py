"""Two functions that are the same after renaming, side by side: what was renamed is marked.

two texts, the stub  ->  statements, a line each  ->  what everybody was given taken out  ->  HTML
"""

import ast
import re
from html import escape

from tools.gradebook import alike, page

WORD = re.compile(r"[^\W\d]\w*")
LONGEST = 200  # lines that are shown
TAKEN_OUT = "Lines that stand in the exercise itself are taken out; names that differ are marked."


def compare(name, people, texts):
    """Return two people's versions of an exercise side by side, as HTML; "" if their lines do not match.

    Nor is there anything to show if an expression is nested so deeply that it cannot be written as a line.
    """
    try:
        first, second = (write_lines(text, name) for text in texts)
    except RecursionError:
        return ""
    if len(first) != len(second):
        return ""
    given = read_given(name)
    rows = [
        (str(number), *mark_renamed(one, two))
        for number, (one, two) in enumerate(zip(first, second, strict=True), 1)
        if one.strip() not in given or two.strip() not in given
    ]
    columns = {"Line": "number", people[0]: "names", people[1]: "names"}
    return page.make_table(f"{name}: {people[0]} and {people[1]}. {TAKEN_OUT}", columns, rows[:LONGEST])


def write_lines(text, name):
    """Return a function without its docstring, comments and annotations, as lines in one layout."""
    function = next(node for node in ast.parse(text).body if getattr(node, "name", "") == name)
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
        for block in alike.BLOCKS:
            if isinstance(getattr(node, block, None), list):
                kept = [one for one in getattr(node, block) if not alike.is_pointless(one)]
                setattr(node, block, kept or [ast.Pass()] * (block == "body"))
    function.returns = None
    return ast.unparse(function).splitlines()


def read_given(name):
    """Return the lines that everybody was given: those of the exercise before anything is written in it."""
    text = alike.read_stub(name)
    return {line.strip() for line in write_lines(text, name)} if text else set()


def mark_renamed(one, two):
    """Return two lines as HTML, in which the names that differ are marked."""
    names = [WORD.findall(line) for line in (one, two)]
    if len(names[0]) != len(names[1]):
        return tuple(f"<mark>{show_line(line)}</mark>" for line in (one, two))
    differ = [first != second for first, second in zip(*names, strict=True)]

    def mark(line):
        places = iter(differ)
        parts, end = [], 0
        for word in WORD.finditer(line):
            shown = escape(word[0])
            parts += [show_line(line[end : word.start()]), f"<mark>{shown}</mark>" if next(places) else shown]
            end = word.end()
        return f"<code>{''.join(parts)}{show_line(line[end:])}</code>"

    return mark(one), mark(two)


def show_line(text):
    """Return a text of a program as HTML, blanks kept."""
    return escape(text).replace("  ", "\u00a0\u00a0")
