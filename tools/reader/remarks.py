"""What a student is told about the way in which something was handed in, a sentence for each thing.

Definitions are pairs (statement at its place, source), as `extract` finds them.
"""

import re

from tools.reader.attempt import attempted, shape
from tools.reading import shown

MOST = 20  # sentences about one file
FOR_A_SHELL = ("!", "%%bash", "%%sh")


def about_cells(file):
    """Return the sentences about a file's cells, the first ones if there are many."""
    more = len(file.notes) - MOST
    return file.notes[:MOST] + ([f"{shown(file.name)}: {more} more of this kind."] if more > 0 else [])


def about_line(file, cell, line, text):
    """Return the sentence about a line that is not Python."""
    what = "a shell" if text.lstrip().startswith(FOR_A_SHELL) else "IPython alone"
    return f"{file.place(cell.number, line)}: `{shown(text.strip())}` is for {what} and was left out."


def about_error(file, cell, found):
    """Return the sentence about a cell that Python refuses."""
    line, reason = found.error
    where = f"{file.place(cell.number)}, line {line}" if cell.number else file.place(0, line)
    lost = "what could be read beside it counts" if found.statements else "nothing of it could be read"
    return f"{where}: {shown(reason)}; {lost}."


def about_copies(name, chosen, candidates):
    """Yield what there is to say of other definitions of an exercise."""
    best, source = chosen
    file = best.file
    numbers = [one.number or one.statement.line for one, _ in candidates if one.file is file]
    if len(numbers) > 1:
        places = " and ".join(map(str, dict.fromkeys(numbers)))
        several = "s" * (len(set(numbers)) > 1)
        what = "cell" if best.number else "line"
        which = f"the one in {what} {best.number or best.statement.line}" if several else "the last one"
        yield f"`{name}` is defined in {what}{several} {places} of {shown(file.name)}; {which} was graded."

    elsewhere = [(one, text) for one, text in candidates if one.file is not file and text != source]
    others = [one for one, text in elsewhere if shape(text) != shape(source) and attempted(name, text)]
    for other in dict.fromkeys(others):
        yield f"`{name}` is another one in {other.place}; the one in {best.place} was graded."
    if not file.is_own and any(one.file.is_own for one, _ in candidates):
        yield f"`{name}` is not attempted in the notebook, but in {best.place}; that one was graded."


def about_checks(name, chosen):
    """Yield what there is to say if an exercise is not checked exactly once in its notebook."""
    file = chosen[0].file
    if not chosen[0].number or not file.is_own:
        return
    asks = re.compile(rf"\bcheck\(\s*{name}\b")
    asking = [cell for cell in file.cells if cell.code and "check(" in cell.source]
    checked = [str(cell.number) for cell in asking if asks.search(cell.source)]
    if not checked:
        yield f"{shown(file.name)}: the check of `{name}` is gone; it was graded all the same."
    elif len(checked) > 1:
        yield f"{shown(file.name)}: `{name}` is checked in cells {' and '.join(checked)}; once is enough."


def about_other_files(read, candidates, asked):
    """Yield what there is to say of files with none of the functions, and from which nothing is imported."""
    useful = {one.file for found in candidates.values() for one, _ in found}
    useful |= {one.origin for file in read for one in file.placed}
    chapters = sorted({chapter[:2] for chapter in asked.values() if chapter})
    for file in read:
        number = re.match(r"\d\d(?=[-_])", file.stem)
        if file in useful or not file.placed or number and number[0] == "00":  # the start page
            continue
        if number and chapters and number[0] not in chapters:
            yield f"{shown(file.name)} is of chapter {number[0]}; asked for: {', '.join(chapters)}."
        else:
            yield f"{shown(file.name)} holds none of the functions that were asked for."


def about_missing(read, missing):
    """Yield what there is to say of functions that were not found."""
    for name in missing:
        defines = re.compile(rf"^[# \t]*def {name}\b", re.MULTILINE)
        for file in read:
            if any(map(defines.search, file.lost)):
                yield f"{shown(file.name)}: `{name}` could not be read."
            elif any(defines.search(cell.source) for cell in file.cells if not cell.code):
                yield f"{shown(file.name)}: `{name}` stands in a text cell, which is no code."
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        yield f"Not found in what was handed in: {names}."
