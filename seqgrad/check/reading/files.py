"""The files of a submission: their statements, what each imports from another, what is the project's own.

{name: bytes}  ->  File, with its statements at their places and the files that these import from
"""

import ast
import contextlib
import functools
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import seqgrad
from seqgrad.check.course import find_course, is_of_a_course
from seqgrad.check.exercises import find_exercise
from seqgrad.check.reading import remarks
from seqgrad.check.reading.cells import read_cells
from seqgrad.check.reading.names import UNPARSABLE, parse
from seqgrad.check.reading.origins import find_origins
from seqgrad.check.reading.spaces import UNNAMED
from seqgrad.check.reading.statements import EVERYTHING, Statement, cut
from seqgrad.check.reading.text import shorten, write_sentence

CODE = 1_000_000  # characters of code that are parsed of a submission
ROOT = Path(seqgrad.__file__).parents[1]
PROJECT = ("seqgrad", "tools", "tests")  # folders in which the project has files of its own

# What a file is, the less likely place of an attempt first.
OF_THE_PACKAGE, HALF, OWN = range(3)


@dataclass(eq=False)
class Placed:
    """A statement where it stands.

    Attributes
    ----------
    file : File
    number : int
        Of its cell.
    order : int
        Among the statements of its file.
    statement : Statement
    origins : dict
        The student's own files from which it imports, by the full names of the modules.
    """

    file: object
    number: int
    order: int
    statement: Statement
    origins: dict = field(default_factory=dict)

    @property
    def place(self):
        """How sentences name the place."""
        return self.file.place(self.number, self.statement.line)

    @property
    def origin(self):
        """The student's own file whose names it imports; None if it imports modules as a whole."""
        return self.origins.get(self.statement.module)


@dataclass(eq=False)
class File:
    """A file that can be read, and what it defines.

    Attributes
    ----------
    name : str
    kind : int
    content : bytes
    cells : tuple of Cell
    notes : list of str
    placed : list of Placed
    stars : list of Placed
        The imports of everything in a module.
    binds, changes : dict
        The statements that give a value to a name, and those that change what it stands for.
    lost : list of str
        Code that cannot be parsed.
    modules : list of str
        The names by which other files import it.
    number : int
        Among the files.
    """

    name: str
    kind: int
    content: bytes = b""
    cells: tuple = ()
    notes: list = field(default_factory=list)
    placed: list = field(default_factory=list)
    stars: list = field(default_factory=list)
    binds: dict = field(default_factory=lambda: defaultdict(list))
    changes: dict = field(default_factory=lambda: defaultdict(list))
    lost: list = field(default_factory=list)
    modules: list = field(default_factory=list)
    number: int = 0

    @property
    def is_of_the_package(self):
        """Whether it is one of the course's own."""
        return self.kind == OF_THE_PACKAGE

    @property
    def is_own(self):
        """Whether it is neither the package's nor one half of a notebook whose other half is there."""
        return self.kind == OWN

    @property
    def path(self):
        """The name as a path."""
        return PurePosixPath(self.name)

    @property
    def stem(self):
        """The name without folders and suffix."""
        return self.path.name.partition(".")[0]

    @property
    def space(self):
        """The name of its namespace, which consists of all names by which it is imported."""
        return " ".join(self.modules) or f"{UNNAMED}{self.number}"

    def place(self, number, line=0):
        """Return how sentences name a place in it."""
        return f"{shorten(self.name)}, cell {number}" if number else f"{shorten(self.name)}, line {line}"


def read_files(files, asked):
    """Return the files that hold code, of `files` as `Submission.read` gives them; `asked` are exercises."""
    read, left, homes = [], CODE, {locate_exercise(name) for name in asked}
    waiting = sorted(files.items())
    while waiting:
        name, content = waiting.pop(0)
        kind = find_kind(name, content, files, homes) if isinstance(content, bytes) else None
        if kind is None:
            continue
        file = File(name, kind, content)
        file.cells, file.notes = read_cells(name, content)
        left, written = take_apart(file, left)
        read.append(file)
        waiting += [(new, text) for new, text in written.items() if new not in files]
    read.sort(key=lambda file: (file.kind, file.name))
    for number, file in enumerate(sorted(read, key=lambda file: (-file.kind, file.name))):
        file.number = number
    for file in read:
        for placed in file.placed:
            find_origins(placed, read)
        add_effects(file)
    return read


def locate_exercise(name):
    """Return the end of the path at which the course has an exercise, ("seqgrad", "lstm.py")."""
    function = getattr(find_exercise(name), "function", None)
    *folders, module = getattr(function, "__module__", "").split(".")
    return (*folders, f"{module}.py")


def find_kind(name, content, files, homes):
    """Return whether a file is the package's, the .py half of a notebook or another one; None: no matter."""
    path = PurePosixPath(name)
    if path.suffix.lower() == ".json" and b'"cells"' not in content and b'"worksheets"' not in content:
        return None  # data
    if tail := find_in_project(path, content):
        return OF_THE_PACKAGE if tail in homes else None
    twin = files.get(str(path.with_suffix(".ipynb"))) if path.suffix == ".py" else None
    return HALF if isinstance(twin, bytes) else OWN


def find_in_project(path, content):
    """Return the path in the project of a file that is one of its own, in whatever version; () for others.

    Where it lies says nothing, since students name folders as they like; it begins with the same docstring.
    """
    for number, part in enumerate(path.parts if path.suffix == ".py" else ()):
        top = part.removesuffix(".py")
        if (top in PROJECT or is_of_a_course(top)) and (words := read_docstring(path.parts[number:])):
            if words == find_docstring(content.decode("utf-8", "replace")):
                return path.parts[number:]
    return ()


@functools.lru_cache(1024)
def read_docstring(parts):
    """Return how a file of the project or of a course begins; "" if they have none of this path."""
    for folder in filter(None, (ROOT, find_course())):
        with contextlib.suppress(OSError, ValueError):
            return find_docstring(folder.joinpath(*parts).read_text(encoding="utf-8"))
    return ""


def find_docstring(text):
    """Return the first line of a module's docstring; "" if there is none."""
    try:
        return (ast.get_docstring(parse(text)) or "").partition("\n")[0]
    except UNPARSABLE:
        return ""


def take_apart(file, left):
    """Find the statements of a file, as long as there are characters left.

    Returns
    -------
    int, dict
        How many characters are left, and the Python files that cells write.
    """
    written = {}
    for cell in file.cells:
        if not cell.code:
            continue
        left -= len(cell.source)
        if left < 0:
            file.notes.append(
                write_sentence(file.name, "is not read to its end: there is too much code in all")
            )
            break
        found = cut(cell.source)
        if found.written:
            name, goes_on, text = found.written
            name = str(file.path.parent / name)
            written[name] = (written.get(name, b"") if goes_on else b"") + f"{text}\n".encode()
        file.notes += [remarks.about_line(file, cell, *left_out) for left_out in found.left_out]
        if found.error:
            file.notes.append(remarks.about_error(file, cell, found))
            file.lost.append(found.lost)
        for statement in found.statements:
            add(file, cell, remove_decorator(statement) if file.kind == OF_THE_PACKAGE else statement)
    return left, written


def add(file, cell, statement):
    """Add a statement to its file."""
    placed = Placed(file, cell.number, len(file.placed), statement)
    file.placed.append(placed)
    if statement.imports == EVERYTHING:
        file.stars.append(placed)
    for name in statement.binds:
        file.binds[name].append(placed)
    for name in statement.changes:
        file.changes[name].append(placed)


def remove_decorator(statement):
    """Return a function of the package without what a release puts above it; other statements as they are."""
    if statement.kind != "FunctionDef":
        return statement
    text = f"\n{statement.text}"
    text = text[text.index("\ndef ") + 1 :]
    return replace(statement, text=text, functions=((statement.functions[0][0], text),))


def add_effects(file):
    """Note what statements change by calling functions of the file, such as one that fills a table."""
    effects = defaultdict(set)
    for placed in file.placed:
        for name, _ in placed.statement.functions:
            effects[name] |= placed.statement.effects & file.binds.keys()
    for placed in file.placed:
        for name in placed.statement.calls & effects.keys():
            for changed in effects[name] - placed.statement.changes:
                file.changes[changed].append(placed)
