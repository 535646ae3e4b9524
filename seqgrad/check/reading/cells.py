"""From the bytes of a file to the cells that a student wrote in it, whatever has happened to the file.

    bytes  ->  text  ->  cells, and a sentence for each thing that is not as it should be

A notebook is JSON; its other half, or what Jupyter exports, is Python with a line such as ``# %%`` above each
cell; a Python file without such lines is one cell.
"""

import itertools
import json
import re
from dataclasses import dataclass

from seqgrad.check.reading.text import decode, unify_line_ends, write_sentence

CELLS = 2_000  # cells of a file that are read
CODE = 2_000_000  # characters of them all
PARTS = 4_000_000  # lists, dicts and strings in JSON; each takes a hundred times its length in memory
TRIES = 20  # places in a broken notebook where a cell begins that cannot be read

HEAD = re.compile(r"# ?%%(?=\s|\[|$)(.*)|# In ?\[[\d ]*\]:\s*$")
TEXT_CELL = re.compile(r"\[(markdown|md|raw)\]")
CELL_BEGINS = re.compile(
    r'\{\s*"(attachments|cell_type|execution_count|id|input|metadata|outputs|source)"\s*:'
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a file.

    Attributes
    ----------
    number : int
        Of a code cell among the code cells, from 1 on; 0 in a file that has no cells, and for a text cell.
    code : bool
    source : str
    """

    number: int
    code: bool
    source: str


def read_cells(name, content):
    """Return the cells of a file, and sentences about what is wrong with it.

    Parameters
    ----------
    name : str
    content : bytes

    Returns
    -------
    tuple of Cell, list of str
    """
    text, reasons = decode(content)
    if "\n>>>>>>> " in text and (one_side := keep_first_sides(text)) != text:
        text = one_side
        reasons.append("holds both sides of a merge; the first one counts")

    is_notebook = name.lower().endswith(".ipynb")
    sources, start = [], text.lstrip()
    if "\0" in text:
        reasons.append("is no text, so it cannot be read")
    elif start.startswith("<"):
        reasons.append("is a web page and no notebook: perhaps what was saved is the page of a log-in")
    elif start.startswith("{") or (is_notebook and CELL_BEGINS.search(text)):
        sources, reason = read_notebook(start)
        reasons += [reason] * bool(reason)
    elif start:
        sources = split_script(text)
        if is_notebook:
            reasons.append("is called a notebook and is none; it was read as a Python file")
    else:
        reasons.append("is empty")

    found = number_cells(sources)
    if len(found) < len(sources):
        reasons.append(f"is very long: its first {len(found)} cells were read")
    return found, [write_sentence(name, reason) for reason in reasons]


def keep_first_sides(text):
    """Return a text without the lines that a merge has marked, and without the second side of each."""
    kept, inside, first = [], False, True
    for line in text.split("\n"):
        if line.startswith("<<<<<<< "):
            inside = first = True
        elif inside and (line == "=======" or line.startswith("||||||| ")):
            first = False
        elif inside and line.startswith(">>>>>>> "):
            inside, first = False, True
        elif first:
            kept.append(line)
    return "\n".join(kept)


def read_notebook(text):
    """Return (whether it is code, source) for each cell of a notebook, and a reason if not all is well."""
    if sum(map(text.count, '[{"')) > PARTS:
        return [], "has more parts than a notebook can have, so it was not read"
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        found = list(itertools.islice(list_whole_cells(text), CELLS))
        where = f"in line {error.lineno}" if hasattr(error, "lineno") else "somewhere"
        kept = f"{len(found) or 'no'} cell{'s'[: len(found) > 1]} of it could be read"
        return list(map(read_cell, found)), f"is damaged {where}; {kept}"

    found = notebook.get("cells") if isinstance(notebook, dict) else None
    if found is None:  # before 2015 a notebook had sheets of cells
        sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None
        sheets = [sheet for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
        lists = [cells for sheet in sheets if isinstance(cells := sheet.get("cells"), list)]
        found = list(itertools.chain(*lists)) or None
    if not isinstance(found, list):
        return [], "is no notebook: it has no list of cells"
    whole = [cell for cell in found if isinstance(cell, dict)]
    reason = "holds things that are no cells; they were passed over" if len(whole) < len(found) else ""
    return list(map(read_cell, whole)), reason


def read_outputs(content):
    """Return what the cells of a notebook have printed, with the text cells; None if it is no notebook."""
    try:
        notebook = json.loads(decode(content)[0])
        found = notebook["cells"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    texts = []
    for cell in found if isinstance(found, list) else ():
        if not isinstance(cell, dict):
            continue
        texts += [read_cell(cell)[1]] * (cell.get("cell_type") != "code")
        for output in cell.get("outputs") or ():
            data = output.get("data") if isinstance(output, dict) else None
            held = output.get("text") or (data.get("text/plain") if isinstance(data, dict) else "")
            texts.append(join_lines(held))
    return "\n".join(texts)


def list_whole_cells(text):
    """Yield those cells of a broken notebook that are whole."""
    decoder, place, failed = json.JSONDecoder(), 0, 0
    while failed < TRIES and (begin := CELL_BEGINS.search(text, place)):
        try:
            found, place = decoder.raw_decode(text, begin.start())
        except (ValueError, RecursionError):
            place, failed = begin.end(), failed + 1
            continue
        if "source" in found or "input" in found:
            yield found


def read_cell(cell):
    """Return whether a notebook's cell is code, and its text."""
    text = join_lines(cell.get("source", cell.get("input", "")))
    return cell.get("cell_type", "code") == "code", text


def join_lines(text):
    """Return a text that JSON holds as one or in lines; what is neither counts as empty."""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    return unify_line_ends(text) if isinstance(text, str) else ""


def split_script(text):
    """Return (whether it is code, source) for each cell of a Python file; one cell if none is marked."""
    found, lines = [], []
    is_code = True
    for line in text.split("\n"):
        if (head := HEAD.match(line)) and len(found) <= CELLS:
            found.append((is_code, lines))
            is_code, lines = not TEXT_CELL.search(head[1] or ""), []
        else:
            lines.append(line)
    found.append((is_code, lines))
    if len(found) == 1:
        return [(None, text)]
    if all(not line or line.startswith("#") for line in found[0][1]):  # what stands above the first cell
        del found[0]
    return [(is_code, "\n".join(lines)) for is_code, lines in found]


def number_cells(sources):
    """Return (whether it is code, source) as cells, as many as are read."""
    found, number, length = [], 0, 0
    for is_code, source in sources[:CELLS]:
        length += len(source)
        if length > CODE:
            break
        number += bool(is_code)
        found.append(Cell(number if is_code else 0, is_code is not False, source))
    return tuple(found)
