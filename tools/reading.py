"""Files that anybody may have written: their bytes become text, and a notebook's text a notebook.

    bytes  ->  text, its encoding  ->  a notebook as JSON has it, whole and of the newest format

Editors leave out what a notebook should have; that is filled in. What cannot be read has a reason.
"""

import codecs
import json
import re

from seqgrad.check.reading.text import unify_line_ends

MOST_CELLS = 2_000  # of a notebook; jupytext takes seconds for ten thousand
MOST_OUTPUTS = 10_000  # of a notebook; nbformat takes half a millisecond to look at one that is odd
MOST_BYTES = 64_000_000  # of a file
MOST_CHARACTERS = 300_000  # of a script, which holds no pictures
MOST_VALUES = 2_000_000  # of JSON; ten million take 20 seconds
DEEPEST = 100  # how far lists and dicts lie in each other

MARKS = {  # a longer mark comes before the one that it begins with
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NAMES = {"utf-8-sig": "UTF-8 with a byte order mark", "cp1252": "Windows-1252"}


class Unreadable(Exception):
    """Why something cannot be read: what follows its name in a sentence."""


def decode(data):
    """Return the text of a file, with plain line ends, and the name of its encoding if it is not UTF-8.

    Raises
    ------
    Unreadable
        If it is empty, too large, or no text.
    """
    if not data.strip():
        raise Unreadable("is empty")
    if len(data) > MOST_BYTES:
        raise Unreadable(f"has {len(data) / 1e6:,.0f} MB, and {MOST_BYTES / 1e6:,.0f} MB are read at most")
    encoding = next((MARKS[mark] for mark in MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data:
        encoding = json.detect_encoding(data)  # by where the zeros stand
    for attempt in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            name = "" if attempt == "utf-8" else NAMES.get(attempt, attempt.upper())
            return unify_line_ends(text).lstrip("\ufeff"), name
    raise Unreadable("is not text in a known encoding; save it again as UTF-8")


def parse_notebook(text):
    """Return the notebook in a text: a plain dict with all that nbformat 4.5 asks for.

    Raises
    ------
    Unreadable
        If it is something else, or damaged; the reason says where.
    """
    notebook = parse_json(text)
    if isinstance(notebook, dict) and "worksheets" in notebook and "cells" not in notebook:
        notebook = upgrade(notebook)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("is not a notebook: it has no list of cells")
    refuse_many(len(cells))
    ids = set()
    for number, cell in enumerate(cells, 1):
        complete(cell, number, ids)
    refuse_many(outputs=sum(len(cell.get("outputs", ())) for cell in cells))
    metadata = as_dict(notebook.get("metadata"))
    return {**notebook, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def refuse_many(cells=0, characters=0, values=0, outputs=0):
    """Refuse a notebook, or a script, that would take too long."""
    counts = (
        ("cells", cells, MOST_CELLS),
        ("characters", characters, MOST_CHARACTERS),
        ("values", values, MOST_VALUES),
        ("outputs", outputs, MOST_OUTPUTS),
    )
    for what, count, most in counts:
        if count > most:
            raise Unreadable(f"has {count:,} {what}, and {most:,} are read at most")


def parse_json(text):
    """Return what a text of JSON holds."""
    refuse_many(values=text.count(","))
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise Unreadable(f"is cut off or damaged in line {error.lineno}") from error
    except RecursionError as error:
        raise Unreadable("is nested too deeply") from error
    except ValueError as error:  # half of a character that takes two, or a number of thousands of digits
        raise Unreadable("holds an invalid character, or a number that is too long") from error
    level = [value]
    for _ in range(DEEPEST):
        level = [item for items in map(list_parts, level) for item in items]
    if level:
        raise Unreadable("is nested too deeply")
    return value


def list_parts(value):
    """Return what lies in a list or a dict."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def upgrade(notebook):
    """Return a notebook of a format before 4, which has sheets of cells, in format 4."""
    import nbformat

    try:
        return nbformat.convert(nbformat.from_dict(notebook), 4)
    except Exception as error:  # whatever the converter meets in it
        raise Unreadable("is of an old format, and cannot be converted from it") from error


def complete(cell, number, ids):
    """Fill in what a cell lacks, make its source one text, and keep only valid outputs."""
    source = cell.get("source", "") if isinstance(cell, dict) else None
    if is_lines(source):
        source = "".join(source)
    if not isinstance(source, str) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise Unreadable(f"has something else than a cell at the place of cell {number}")
    cell["source"] = unify_line_ends(source)
    cell["metadata"] = as_dict(cell.get("metadata"))
    id = cell.get("id")
    if not (isinstance(id, str) and re.fullmatch(r"[\w-]{1,64}", id, re.ASCII)) or id in ids:
        cell["id"] = f"cell-{number}"
    ids.add(cell["id"])
    attachments = as_dict(cell.pop("attachments", None))
    if cell["cell_type"] != "code" and attachments and all(map(as_dict, attachments.values())):
        cell["attachments"] = attachments
    if cell["cell_type"] == "code":
        cell["outputs"] = [output for output in list_parts(cell.get("outputs")) if is_output(output)]
        count = cell.get("execution_count")
        cell["execution_count"] = count if type(count) is int else None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def is_output(output):
    """Say whether something is an output of a cell, as nbformat has it."""
    output = as_dict(output)
    kind = output.get("output_type")
    if kind == "stream":
        return isinstance(output.get("name"), str) and is_text(output.get("text"))
    if kind == "error":
        names = (output.get("ename"), output.get("evalue"))
        return all(isinstance(name, str) for name in names) and is_lines(output.get("traceback"))
    return kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict)


def is_text(value):
    """Say whether a value is text, as a whole or in lines."""
    return isinstance(value, str) or is_lines(value)


def is_lines(value):
    """Say whether a value is a text as a list of lines."""
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def as_dict(value):
    """Return a value if it is a dict, or else an empty one."""
    return value if isinstance(value, dict) else {}
