"""Find whatever in a release is a line of a function that is withheld.

    functions  ->  secrets;    file  ->  texts, unpacked and decoded  ->  the first secret in them

A line is compared without its spaces, wherever it stands.  In Python the expressions are compared as well,
however they are laid out and, where they are long enough to be told, whatever their variables are called.
A line that the function's stub keeps, or that a function of an earlier chapter shows, is no secret.
"""

import ast
import base64
import binascii
import bz2
import functools
import gzip
import hashlib
import html
import io
import json
import lzma
import re
import warnings
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field

from seqgrad.check.reading.stub import stub
from tools import Refusal
from tools.course import chapters
from tools.course.place import list_sources

SHORTEST = 11  # characters of a line without its spaces; `codes = []` says nothing of its function
SMALLEST = 11  # nodes of an expression that is compared as such
RENAMED = 16  # nodes of an expression that is compared whatever its variables are called
STATEMENTS = (ast.mod, ast.stmt, ast.excepthandler, ast.match_case)  # these are compared by their expressions
NAMES = (ast.Name, ast.Tuple, ast.List, ast.expr_context)  # of these alone, any others look the same

LARGEST_PYTHON = 200_000  # characters of a text that is read as Python at once
LONGEST = 500  # characters of a line that is read as Python where the lines around it are none
DEEPEST = 3  # how often what was unpacked is unpacked again
LARGEST = 64 << 20  # bytes that are unpacked from one place

READABLE = re.compile(rb"[\t\n\r -~]{%d,}" % SHORTEST)
ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
PACKED = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress}
PACKED |= {b"\x78" + level: zlib.decompress for level in (b"\x01", b"\x5e", b"\x9c", b"\xda")}
BYTECODES = range(3390, 3800)  # the numbers with which bytecode of Python 3.7 and later begins


@dataclass(frozen=True)
class Secrets:
    """What must not be found, each with the function that it is from and the line that it is."""

    lines: dict = field(default_factory=dict)
    expressions: dict = field(default_factory=dict)
    renamed: dict = field(default_factory=dict)


def refuse_answers(files, hidden, clean=None):
    """Refuse a release that gives an answer away.

    Parameters
    ----------
    files : dict
        The contents of the release by path.
    hidden : Secrets
    clean : set, optional
        Digests of files, and of texts in files, in which nothing was found; grows.

    Raises
    ------
    Refusal
        Names the file, the line and the function.
    """
    clean = set() if clean is None else clean
    for name, data in files.items():
        file = digest_data(name.encode() + b"\0" + data)
        if file in clean:
            continue
        for place, text in list_texts(name, data):
            part = digest_data(text.encode("utf-8", "replace"))
            if part in clean:
                continue
            if found := find_first_secret(text, hidden):
                line, function, secret = found
                raise Refusal(
                    f"{place}, line {line} holds `{secret}`, a line of {function}, which is withheld; "
                    "nothing was released."
                )
            clean.add(part)
        clean.add(file)


def digest_data(data):
    """Return what stands for a text or a file that is known to be clean."""
    return hashlib.sha256(data).digest()


@functools.cache
def list_hidden(root, withheld):
    """Return the Secrets of a course that withholds these functions."""
    return list_secrets(read_sources(root), withheld)


def read_sources(root):
    """Return the source of every exercise's function by name."""
    found = {}
    for path in list_sources(root):
        for cell in chapters.list_exercise_cells(path, root):
            try:
                _, found[cell.metadata["exercise"]] = chapters.find_function(cell, root)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                raise Refusal(f"{path.relative_to(root)}: {error}.") from error
    return found


def list_secrets(functions, withheld):
    """Return what the withheld functions hold that neither a stub nor another function shows."""
    shown, hidden = Secrets(), Secrets()
    for name, source in functions.items():
        text = stub(source) if name in withheld else source
        collect_secrets(text, name, shown)
        for _, kind, key in list_keys(text):
            vars(shown)[kind].setdefault(key, (name, text))
    for name in withheld:
        collect_secrets(functions[name], name, hidden)
    for kind, known in vars(shown).items():
        for key in known:
            vars(hidden)[kind].pop(key, None)
    return hidden


def collect_secrets(source, function, into):
    """Add the lines and the expressions of a function to what is known."""
    for line in source.split("\n"):
        key = squeeze(line)
        if len(key) >= SHORTEST and not key.startswith("#"):
            into.lines.setdefault(key, (function, line.strip()))
    tree = ast.parse(source)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr)]
    values = {node.value: ast.unparse(node) for node in statements}
    for node, kind, key in list_forms(tree):
        if node in values:
            vars(into)[kind].setdefault(key, (function, values[node]))


def find_first_secret(text, hidden):
    """Return the first secret in a text: its line there, its function, the line that it is; or None."""
    whole = squeeze(text)
    for key, (function, secret) in hidden.lines.items():
        if key in whole:
            return find_line(key, text), function, secret
    for line, kind, key in list_keys(text):
        if key in vars(hidden)[kind]:
            return line, *vars(hidden)[kind][key]
    return None


def squeeze(text):
    """Return a text without its spaces, and without the backslashes of a text within a text."""
    return re.sub(r"\\[nrt]|[\s\\]", "", text)


def find_line(key, text):
    """Return the number of the line in which a squeezed text ends."""
    lines = text.split("\n")
    low, high = 1, len(lines)
    while low < high:
        middle = (low + high) // 2
        if key in squeeze("\n".join(lines[:middle])):
            high = middle
        else:
            low = middle + 1
    return low


def list_keys(text):
    """Yield the expressions of a text that is Python, or of its lines that are, as line, kind and form."""
    trees = [(0, try_parse(text) if len(text) < LARGEST_PYTHON else None)]
    if not trees[0][1]:
        lines = enumerate(text.split("\n"))
        trees = [(number, try_parse(line.strip())) for number, line in lines if len(line) < LONGEST]
    for above, tree in trees:
        for node, kind, key in list_forms(tree) if tree else ():
            yield above + node.lineno, kind, key


def list_forms(tree):
    """Yield the expressions of a tree in the forms in which they are compared: node, kind, form."""
    nodes, known = list(ast.walk(tree)), {}
    for node in reversed(nodes):  # what is within a node comes before it
        if not isinstance(node, STATEMENTS):
            size = 1 + sum(known[inner][0] for inner in ast.iter_child_nodes(node))
            fields = ", ".join(write_form(value, known) for _, value in ast.iter_fields(node))
            known[node] = size, f"{type(node).__name__}({fields})"
    for node in nodes:
        size, form = known[node] if isinstance(node, ast.expr) else (0, "")
        if size >= SMALLEST:
            yield node, "expressions", form
        if size >= RENAMED and not all(isinstance(inner, NAMES) for inner in ast.walk(node)):
            yield node, "renamed", rename_all(form)


def write_form(value, known):
    """Return the form of what a field of a node holds, from the forms of the nodes within it."""
    if isinstance(value, ast.AST):
        return known[value][1]
    if isinstance(value, list):
        return f"[{', '.join(write_form(one, known) for one in value)}]"
    return repr(value)


def rename_all(form):
    """Return a form in which every variable is called by when it comes first."""
    names = {}
    return re.sub(r"Name\('(\w+)'", lambda name: f"Name({names.setdefault(name[1], len(names))}", form)


def try_parse(text):
    """Return the syntax tree of a text, or None if it is no Python."""
    with warnings.catch_warnings(), suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        warnings.simplefilter("ignore")
        return ast.parse(text)
    return None


def list_texts(name, data, depth=0):
    """Yield every text in a file, with how a sentence names it: as it stands, unpacked, decoded."""
    number = int.from_bytes(data[:2], "little")
    if name.endswith((".pyc", ".pyo")) or (number in BYTECODES and data[2:4] == b"\r\n"):
        raise Refusal(f"{name} is bytecode, and no release holds any; nothing was released.")
    if name.endswith(".html"):
        yield name, read_words(read_letters(data))
    if depth < DEEPEST and data[:1] in (b"{", b"["):
        with suppress(ValueError, RecursionError):
            yield from list_strings(name, json.loads(data), depth)
    for content in dict.fromkeys([data, data.replace(b"\0", b"")]):  # UTF-16 and 32 have zeros beside letters
        if READABLE.search(content):
            yield name, read_letters(content)
    if depth == DEEPEST:
        return
    for inner, content in unpack_data(data):
        yield from list_texts(f"{name}, {inner}", content, depth + 1)


def read_letters(data):
    """Return a file's text; where it is none, the runs of letters in it, a line each."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return b"\n".join(READABLE.findall(data)).decode("ascii")


def read_words(page):
    """Return what a page shows, without the tags that cut code into pieces; its lines are those of code."""
    parts = re.split(r"(<pre.*?</pre>)", page, flags=re.DOTALL)
    lines = [part if part.startswith("<pre") else " ".join(part.split()) for part in parts]
    return html.unescape(re.sub(r"<[^>]*>", "", "\n".join(lines)))


def list_strings(name, value, depth):
    """Yield the texts in what JSON holds; a notebook's cells go by their numbers."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from list_texts(f"{name}, {key}", key.encode("utf-8", "replace"), DEEPEST)
            yield from list_strings(f"{name}, {key}", held, depth)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield from list_strings(name, "".join(value), depth)
        for number, item in enumerate(value, 1):
            yield from list_strings(f"{name} {number}", item, depth)
    elif isinstance(value, str):
        yield from list_texts(name, value.encode("utf-8", "replace"), depth + 1)


def unpack_data(data):
    """Yield what is packed or encoded in data, one level down, with a word for it."""
    broken = (zipfile.BadZipFile, RuntimeError, OSError, zlib.error, NotImplementedError)
    if b"PK" in data:
        with suppress(*broken), zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield "comment", archive.comment
            for member in archive.infolist():
                beside = (member.filename.encode(), member.extra, member.comment)
                yield member.filename, b"\n".join(beside)
                yield member.filename, archive.open(member).read(LARGEST)
    for start, unpack in PACKED.items():
        if data.startswith(start):
            with suppress(OSError, EOFError, zlib.error, lzma.LZMAError):
                yield "unpacked", unpack(data)[:LARGEST]
    for run in ENCODED.findall(data):
        with suppress(binascii.Error, ValueError):
            yield "decoded", bytes.fromhex(run.decode())
        with suppress(binascii.Error, ValueError):
            yield "decoded", base64.b64decode(run.replace(b"-", b"+").replace(b"_", b"/") + b"==")
