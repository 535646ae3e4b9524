"""What was pasted into a file from elsewhere: code in a post, without its imports, under other names.

bytes  ->  code at the left margin  ->  Program, with NumPy and what else it lacks
"""

import re
import textwrap
from dataclasses import replace

from seqgrad.check.exercises import find_exercise
from seqgrad.check.reading.inert import list_given
from seqgrad.check.reading.names import UNPARSABLE, find_bound
from seqgrad.check.reading.statements import recall_needed
from seqgrad.check.reading.text import decode, shorten

FENCE = re.compile(r"^[ \t>]*(?:```|~~~)[^\n]*\n(.*?)^[ \t>]*(?:```|~~~)[ \t]*$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"^(?:> ?)+(?!>)", re.MULTILINE)
DEFINES = re.compile(r"^([ \t]*)def \w+\(", re.MULTILINE)
NUMPY = {"np": "import numpy as np", "numpy": "import numpy"}


def clean_paste(content):
    """Return the bytes of a file; of a post with code in it, the code at the left margin.

    Quotes of a mail go, fences of Markdown, and an indent that all of the code has.
    """
    text, _ = decode(content)
    if text.lstrip().startswith(("{", "<")) or not DEFINES.search(QUOTED.sub("", text)):
        return content
    if QUOTED.search(text) and not DEFINES.search(text):
        text = QUOTED.sub("", text)
    fenced = [textwrap.dedent(block) for block in FENCE.findall(text)]
    if any(map(DEFINES.search, fenced)):
        text = "\n\n".join(f"# %%\n{block}" for block in fenced)
    indents = [indent for indent in DEFINES.findall(text)]
    if all(indents):
        text = re.sub(rf"^{min(indents, key=len)}", "", text, flags=re.MULTILINE)
    return content if text == decode(content)[0] else text.encode("utf-8", "replace")


def rename(content, own, exercise, name):
    """Return the content of a file with a function by the name of the exercise that it is.

    Raises
    ------
    ValueError
        If the file `name` has no such function.
    """
    text, _ = decode(content)
    # In JSON a line may begin behind the two characters \\n.
    word = r"(?:(?<!\w)|(?<=\\n)|(?<=\\t)){}\b"
    mine, others = word.format(re.escape(own)), word.format(exercise)

    def is_defined(word):
        return re.search(rf"def\s+{word}|{word}\s*=(?!=)", text)

    if not is_defined(mine):
        raise ValueError(f"{shorten(name)} defines no function {own}.")
    if own != exercise and is_defined(others):
        text = re.sub(others, f"{exercise}_of_another_name", text)
    return re.sub(mine, exercise, text).encode("utf-8", "replace")


def supply_numpy(program):
    """Return a program with NumPy's import above what uses it and does not import it."""
    more = []
    for space, (needed, bound) in read_spaces(program).items():
        more += [(space, NUMPY[name], space) for name in NUMPY if name in needed - bound]
    hidden = {
        name: tuple(number + len(more) for number in numbers) for name, numbers in program.hidden.items()
    }
    return replace(program, pieces=(*more, *program.pieces), hidden=hidden)


def about_supplied(name, program):
    """Yield what there is to say of what a file lacks and was given: NumPy, helpers of the exercises."""
    if any(text in NUMPY.values() and place == space for place, text, space in program.pieces):
        yield f"{shorten(name)} does not import NumPy; `np` stands for it all the same."
    spaces, lacking = read_spaces(program), {}
    for function, (_, source) in program.functions.items():
        helpers, (_, bound) = find_exercise(function).all_helpers, spaces[program.homes[function]]
        lacking |= dict.fromkeys(sorted((recall_needed(source) & helpers.keys()) - bound))
    if lacking:
        names = " and ".join(f"`{one}`" for one in lacking)
        own = "functions are" if len(lacking) > 1 else "function is"
        yield f"{shorten(name)} does not define {names}; seqgrad's own {own} used."


def read_spaces(program):
    """Return for each namespace of a program the names that are needed in it, and those that are bound."""
    spaces = {}
    for _, text, space in program.pieces:
        needed, bound = spaces.setdefault(space, (set(), set()))
        needed |= recall_needed(text)
        bound |= set(list_given(text))
        try:
            bound |= find_bound(text)
        except UNPARSABLE:
            continue
    return spaces
