"""What a student is told about the way in which something was handed in, a sentence for each thing.

Definitions are pairs (statement at its place, source), as `extract` finds them.
"""

import json
import re
import sys

from seqgrad.check.reading.attempt import digest_steps, is_attempted
from seqgrad.check.reading.inert import HELPERS, is_beside, list_given
from seqgrad.check.reading.statements import recall_needed
from seqgrad.check.reading.text import shorten
from seqgrad.check.running.limit import TIMES

MOST = 20  # sentences about one file
FOR_A_SHELL = ("!", "%%bash", "%%sh")


def about_cells(file):
    """Return the sentences about a file's cells, the first ones if there are many."""
    more = len(file.notes) - MOST
    return file.notes[:MOST] + ([f"{shorten(file.name)}: {more} more of this kind."] if more > 0 else [])


def about_line(file, cell, line, text):
    """Return the sentence about a line that is not Python."""
    what = "a shell" if text.lstrip().startswith(FOR_A_SHELL) else "IPython alone"
    return f"{file.place(cell.number, line)}: `{shorten(text.strip())}` is for {what} and was left out."


def about_error(file, cell, found):
    """Return the sentence about a cell that Python refuses."""
    line, reason = found.error
    where = f"{file.place(cell.number)}, line {line}" if cell.number else file.place(0, line)
    lost = "what could be read beside it counts" if found.statements else "nothing of it could be read"
    return f"{where}: {shorten(reason)}; {lost}{describe_version(file)}."


def describe_version(file):
    """Return what there is to say of a notebook that is written in a newer Python; "" for others."""
    try:
        version = json.loads(file.content)["metadata"]["language_info"]["version"]
        major, minor, *_ = map(int, re.findall(r"\d+", version))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    if (major, minor) <= sys.version_info[:2]:
        return ""
    ours = "{}.{}".format(*sys.version_info)
    return f". The notebook is written in Python {major}.{minor}, and read here as Python {ours}"


def about_problem(place, error):
    """Return the sentence about a statement that could not be run."""
    if error.kind in TIMES:
        return f"{place} computes for longer than it may, and was left out."
    if error.kind == "ModuleNotFoundError":
        return f"{place}: {error.message}; functions are run with NumPy alone, so do without it."
    return f"{place}: {error.kind}: {error.message}."


def about_copies(name, chosen, candidates, counted="was graded"):
    """Yield what there is to say of other definitions of an exercise, and which of them counted."""
    best, source = chosen
    file = best.file
    numbers = [one.number or one.statement.line for one, _ in candidates if one.file is file]
    if len(numbers) > 1:
        places = " and ".join(map(str, dict.fromkeys(numbers)))
        several = "s" * (len(set(numbers)) > 1)
        what = "cell" if best.number else "line"
        which = f"the one in {what} {best.number or best.statement.line}" if several else "the last one"
        yield f"`{name}` is defined in {what}{several} {places} of {shorten(file.name)}; {which} {counted}."

    elsewhere = [(one, text) for one, text in candidates if one.file is not file and text != source]
    others = [
        one
        for one, text in elsewhere
        if digest_steps(text) != digest_steps(source) and is_attempted(name, text)
    ]
    for other in dict.fromkeys(others):
        yield f"`{name}` is another one in {other.place}; the one in {best.place} {counted}."
    if not file.is_own and any(one.file.is_own for one, _ in candidates):
        yield f"`{name}` is not attempted in the notebook, but in {best.place}; that one {counted}."


def about_replaced(read, pieces):
    """Yield what there is to say of an assignment's modules that are not there, and what is used instead."""
    texts = {text for _, text, _ in pieces}
    needed = frozenset().union(*map(recall_needed, texts))
    for file in read:
        for placed in file.placed:
            statement = placed.statement
            gone = [name for name in statement.imported if is_beside(name) and name not in placed.origins]
            if not gone or statement.text not in texts:
                continue
            given = {here for name, here in statement.imports if name in HELPERS}
            given |= set(list_given(statement.text)) - file.binds.keys()
            used = " and ".join(f"`{name}`" for name in sorted(given & needed))
            instead = f"its place is taken by seqgrad's own {used}" if used else "nothing of it is needed"
            yield f"`{gone[0]}` is not beside {shorten(file.name)}; {instead}."


def about_checks(chosen):
    """Yield what there is to say if exercises are not checked exactly once in their notebooks."""
    by_file = {}
    for name, (definition, _) in chosen.items():
        if definition.number and definition.file.is_own:
            by_file.setdefault(definition.file, []).append(name)
    for file, names in by_file.items():
        asking = [cell for cell in file.cells if cell.code and "check(" in cell.source]
        cells = {name: find_checks(name, asking) for name in names}
        gone = [f"`{name}`" for name in names if not cells[name]]
        for name in names:
            if len(cells[name]) > 1:
                places = " and ".join(cells[name])
                yield f"{shorten(file.name)}: `{name}` is checked in cells {places}; once is enough."
        if len(gone) == len(names) > 1:
            yield f"{shorten(file.name)} has none of the checks; its functions were graded all the same."
        elif gone:
            what = f"check of {gone[0]} is" if len(gone) == 1 else f"checks of {', '.join(gone)} are"
            was = "it was" if len(gone) == 1 else "they were"
            yield f"{shorten(file.name)}: the {what} gone; {was} graded all the same."


def find_checks(name, cells):
    """Return the numbers of the cells that check a function."""
    asks = re.compile(rf"\bcheck\(\s*{name}\b")
    return [str(cell.number) for cell in cells if asks.search(cell.source)]


def about_other_files(read, candidates, asked):
    """Yield what there is to say of files with none of the functions, and from which nothing is imported."""
    useful = {one.file for found in candidates.values() for one, _ in found}
    useful |= {origin for file in read for one in file.placed for origin in one.origins.values()}
    chapters = sorted({chapter[:2] for chapter in asked.values() if chapter})
    for file in read:
        number = re.match(r"\d\d(?=[-_])", file.stem)
        if file in useful or not file.placed or (number and number[0] == "00"):  # the start page
            continue
        if number and chapters and number[0] not in chapters:
            yield f"{shorten(file.name)} is of chapter {number[0]}; asked for: {', '.join(chapters)}."
        else:
            yield f"{shorten(file.name)} holds none of the functions that were asked for."


def about_missing(read, missing):
    """Yield what there is to say of functions that were not found."""
    for name in missing:
        defines = re.compile(rf"^[# \t]*def {name}\b", re.MULTILINE)
        for file in read:
            if any(map(defines.search, file.lost)):
                yield f"{shorten(file.name)}: `{name}` could not be read."
            elif any(defines.search(cell.source) for cell in file.cells if not cell.code):
                yield f"{shorten(file.name)}: `{name}` stands in a text cell, which is no code."
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        yield f"Not found in what was handed in: {names}."
