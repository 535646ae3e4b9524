"""The lines of a source chapter at which its cells begin, `# %%`: what is wrong with them.

Jupytext accepts a misspelt one: an exercise would become an ordinary cell, and a text two cells.
"""

import difflib
import itertools
import re
import textwrap

OURS = ("exercise", "points", "install", "only", "answer")
JUPYTER = ("tags", "jupyter", "slideshow", "editable", "deletable", "collapsed", "scrolled", "name")
JUPYTEXT = {"lines_to_next_cell", "cell_marker", "region_name"}  # notes on how the text is laid out

HEAD = re.compile(r"\s*#\s*%%(%*)(\s.*)?$")
NEARLY = re.compile(  # a head without its `%%`, with one `%`, with `##`; `# %name` is a line for IPython
    r"\s*#+\s*%*\s*(\[\w*\]?\s*)?(exercise|points)\s*=|\s*##+\s*%%|\s*#\s*%(\s|\[|$)"
)
MAGIC = re.compile(r"%%[a-zA-Z]\w*(\s.*)?$")  # the first line of a cell that is for IPython
LOOKS = "looks like the head of a cell"


def check_heads(text, cells):
    """Refuse a source chapter in which a cell does not begin as its author meant.

    Parameters
    ----------
    text : str
    cells : list
        What Jupytext makes of it.

    Raises
    ------
    ValueError
        Names the line, or the cell, and what to do.
    """
    lines = text.split("\n")
    for number, (above, line) in enumerate(itertools.pairwise(["", *lines]), 1):
        if problem := find_line_problem(line, above):
            raise ValueError(f"line {number}: `{shorten(line)}` {problem}")
    heads = [number for number, line in enumerate(lines, 1) if HEAD.match(line)]
    for number, cell in enumerate(cells, 1):
        if problem := find_problem(cell):
            place = f"line {heads[number - 1]}" if len(heads) == len(cells) else f"cell {number}"
            raise ValueError(f"{place}: {problem}")


def find_line_problem(line, above):
    """Return what is wrong with a line that is, or nearly is, the head of a cell; "" if nothing is."""
    if HEAD.match(line) and above.strip():
        return (
            "begins a new cell, and has no empty line above it: put one there; or if it is text, let the "
            "line begin with another word"
        )
    if NEARLY.match(line) and not HEAD.match(line):
        return f"{LOOKS}: a head begins with `# %%` and a blank, and a line of text with another word"
    return ""


def find_problem(cell):
    """Return what is wrong with the head of a cell, or with a line that would be one; "" if nothing is."""
    known = {key: value for key, value in cell.metadata.items() if key not in JUPYTEXT}
    for key, value in known.items():
        if key in ("incorrectly_encoded_metadata", "title", "cell_depth"):
            return (
                f"`{shorten(value)}` cannot stand in the head of a cell; write values, as in "
                '`exercise="softmax" points=5`'
            )
        if key not in OURS + JUPYTER:
            near = difflib.get_close_matches(key, OURS + JUPYTER, 1)
            hint = f"perhaps `{near[0]}` is meant" if near else f"there are {', '.join(OURS + JUPYTER)}"
            return f"no cell has `{shorten(key)}` in its head; {hint}"
    name = known.get("exercise", "softmax")
    if not (isinstance(name, str) and name.isidentifier()) or (
        "exercise" in known and cell.cell_type != "code"
    ):
        return 'an exercise is a code cell with one function, as in `# %% exercise="softmax" points=5`'
    if "answer" in known and (known["answer"] is not True or cell.cell_type != "markdown"):
        return "an answer is a text cell, as in `# %% [markdown] answer=true`"
    if "points" in known and "exercise" not in known:
        return "this cell has points and no exercise"
    for place, line in enumerate(cell.source.split("\n")):
        if line.startswith("%%") and not (cell.cell_type == "code" and place == 0 and MAGIC.match(line)):
            return (
                f"its line `{shorten(line)}` {LOOKS}: a head has a blank after `%%`, and a line of text "
                "begins with another word"
            )
    return ""


def shorten(text):
    """Return a text as a sentence can quote it."""
    return textwrap.shorten(str(text), 80, placeholder=" …")
