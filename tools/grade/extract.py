"""From what a student handed in to the program that is graded; nothing of it is executed here.

    files  ->  cells  ->  statements  ->  the functions asked for, and what they need  ->  Program

A function is looked for by its name, wherever it stands.  With it come the imports, helpers, classes and
values that it needs, what these need, and so on, in the order of the notebook.  Plots, demonstrations and
training are left out.
"""

import builtins
import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import seqgrad
from tools.grade import remarks
from tools.grade.attempt import attempted
from tools.grade.cells import cells
from tools.grade.collect import sentence, shown
from tools.grade.statements import Statement, cut

CODE = 2_000_000  # characters of code that are parsed of a submission
NOTES = 100  # sentences about one
BUILTINS = frozenset(dir(builtins))
EVERYTHING = (("*", "*"),)  # what `from module import *` imports
PROJECT = {"seqgrad", "tools", "tests"}  # folders of the project, where students seldom write

# What a file is, the less likely place of an attempt first.
OF_THE_PACKAGE, HALF, OWN = range(3)


@dataclass(frozen=True)
class Program:
    """What is graded of a submission.

    Attributes
    ----------
    pieces : tuple of (str, str)
        Place ("04_lstm_forward.ipynb, cell 3") and text of each statement that is needed, in order.
    functions : dict
        For each exercise that was found, the place and the source of the function.
    notes : tuple of str
        What there is to say to the student.
    """

    pieces: tuple
    functions: dict
    notes: tuple


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
    origin : File or None
        The student's own file from which it imports.
    """

    file: object
    number: int
    order: int
    statement: Statement
    origin: object = None

    @property
    def place(self):
        """How sentences name the place."""
        return self.file.place(self.number, self.statement.line)


@dataclass(eq=False)
class File:
    """A file that can be read, and what it defines.

    Attributes
    ----------
    name : str
    kind : int
    cells : tuple of Cell
    notes : list of str
    placed : list of Placed
    stars : list of Placed
        The imports of everything in a module.
    binds, changes : dict
        The statements that give a value to a name, and those that change what it stands for.
    lost : list of str
        Code that cannot be parsed.
    """

    name: str
    kind: int
    cells: tuple = ()
    notes: list = field(default_factory=list)
    placed: list = field(default_factory=list)
    stars: list = field(default_factory=list)
    binds: dict = field(default_factory=lambda: defaultdict(list))
    changes: dict = field(default_factory=lambda: defaultdict(list))
    lost: list = field(default_factory=list)

    @property
    def is_own(self):
        """Whether it is neither the package's nor one half of a notebook whose other half is there."""
        return self.kind == OWN

    @property
    def stem(self):
        """The name without folders and suffix."""
        return PurePosixPath(self.name).name.partition(".")[0]

    def place(self, number, line=0):
        """Return how sentences name a place in it."""
        return f"{shown(self.name)}, cell {number}" if number else f"{shown(self.name)}, line {line}"


def extract(files, exercises):
    """Return the program in what a student has handed in.

    Parameters
    ----------
    files : dict
        As `Submission.read` returns them.
    exercises : iterable of tools.course.chapters.Exercise
        What was asked for; names alone will do.

    Returns
    -------
    Program
    """
    asked = {getattr(one, "name", one): getattr(one, "chapter", "") for one in exercises}
    notes = [content for _, content in sorted(files.items()) if isinstance(content, str)]
    read = files_read(files, asked)

    candidates = {name: definitions(read, name) for name in asked}
    chosen = {name: choose(candidates[name], name, asked[name]) for name in asked if candidates[name]}
    used = {definition.file for definition, _ in chosen.values()}
    for file in read:
        notes += remarks.about_cells(file) if file.is_own or file in used else []
    for name in chosen:
        notes += remarks.about_copies(name, chosen[name], candidates[name])
        notes += remarks.about_checks(name, chosen[name])
    notes += remarks.about_other_files([file for file in read if file.is_own], candidates, asked)
    notes += remarks.about_missing(read, [name for name in asked if name not in chosen]) if files else []

    pieces = ((one.place, text) for one in needed(read, chosen) if (text := text_of(one, chosen)))
    functions = {name: (definition.place, source) for name, (definition, source) in chosen.items()}
    return Program(tuple(pieces), functions, tuple(dict.fromkeys(notes))[:NOTES])


# What stands where.


def files_read(files, asked):
    """Return the files that hold code, those that others import before them."""
    read, left = [], CODE
    homes = {home(name) for name in asked}
    for name, content in sorted(files.items()):
        kind = kind_of(name, files, homes)
        if isinstance(content, bytes) and kind is not None:
            file = File(name, kind)
            file.cells, file.notes = cells(name, content)
            left = take_apart(file, left)
            read.append(file)

    modules = {file.stem: file for file in read if file.name.endswith(".py") and file.kind != OF_THE_PACKAGE}
    for one in itertools.chain(*(file.placed for file in read)):
        one.origin = modules.get(one.statement.module)
    origins = {one.origin for file in read for one in file.placed}
    return sorted(read, key=lambda file: (file.kind, file not in origins))


def home(name):
    """Return the end of the path at which the package has an exercise, ("seqgrad", "lstm.py")."""
    *folders, module = getattr(getattr(seqgrad, name, None), "__module__", "").split(".")
    return (*folders, f"{module}.py")


def kind_of(name, files, homes):
    """Return whether a file is the package's, the .py half of a notebook or another one; None: no matter."""
    path = PurePosixPath(name)
    if PROJECT.intersection(path.parts[:-1]):
        return OF_THE_PACKAGE if path.parts[-2:] in homes else None
    twin = files.get(str(path.with_suffix(".ipynb"))) if path.suffix == ".py" else None
    return HALF if isinstance(twin, bytes) else OWN


def take_apart(file, left):
    """Find the statements of a file, as long as there are characters left; return how many are."""
    for cell in file.cells:
        if not cell.code:
            continue
        left -= len(cell.source)
        if left < 0:
            file.notes.append(sentence(file.name, "is not read to its end: there is too much code in all"))
            break
        found = cut(cell.source)
        file.notes += [remarks.about_line(file, cell, *left_out) for left_out in found.left_out]
        if found.error:
            file.notes.append(remarks.about_error(file, cell, found))
            file.lost.append(found.lost)
        for statement in found.statements:
            if file.kind == OF_THE_PACKAGE:
                statement = undecorated(statement)
            placed = Placed(file, cell.number, len(file.placed), statement)
            file.placed.append(placed)
            if statement.imports == EVERYTHING:
                file.stars.append(placed)
            for name in statement.binds:
                file.binds[name].append(placed)
            for name in statement.changes:
                file.changes[name].append(placed)
    return left


def undecorated(statement):
    """Return a function of the package without what a release puts above it; other statements as they are."""
    if statement.kind != "FunctionDef":
        return statement
    text = f"\n{statement.text}"
    text = text[text.index("\ndef ") + 1 :]
    return replace(statement, text=text, functions=((statement.functions[0][0], text),))


def definitions(read, name):
    """Return (statement, source) for each definition of an exercise; assignments count if there is no def."""
    placed = [one for file in read for one in file.binds.get(name, ())]
    found = [(one, source) for one in placed for own, source in one.statement.functions if own == name]
    return found or [(one, one.statement.text) for one in placed if not one.statement.is_import]


def choose(candidates, name, chapter):
    """Return the definition that counts: an attempt, not a stub; in the likeliest file; the last one."""
    differ = len({source for _, source in candidates}) > 1

    def likely(candidate):
        file = candidate[0].file
        is_the_notebook = re.sub(r"[ -]\(?\d+\)?$", "", file.stem) == chapter
        return (
            differ and attempted(name, candidate[1]),
            file.kind != OF_THE_PACKAGE,
            is_the_notebook,
            file.kind,
        )

    return max(reversed(candidates), key=likely)  # of equals, max takes the first


# What is needed.


def needed(read, chosen):
    """Return the statements that the chosen definitions need, and themselves, in order."""
    found, files, asked_for = set(), set(), set()
    waiting = [definition for definition, _ in chosen.values()]
    while waiting:
        placed = waiting.pop()
        if placed in found:
            continue
        found.add(placed)
        wanted = {(placed.file, name) for name in placed.statement.needs}
        if placed.origin:
            wanted |= {(placed.origin, name) for name, _ in placed.statement.imports}
        for file, name in wanted - asked_for:
            waiting += suppliers(name, file, read, chosen)
        asked_for |= wanted
        if placed.file not in files:
            files.add(placed.file)
            waiting += placed.file.stars

    place = {file: number for number, file in enumerate(read)}
    return sorted(found, key=lambda placed: (place[placed.file], placed.order))


def suppliers(name, file, read, chosen):
    """Return the statements from which a name in a file has its value."""
    if name in chosen:
        definition, _ = chosen[name]
        others = () if definition.statement.functions else definition.file.binds[name]
        return [definition, *others, *definition.file.changes.get(name, ())]
    if name in file.binds:
        return suppliers_of(name, file)
    for star in file.stars:
        if star.origin and name in star.origin.binds:
            return suppliers_of(name, star.origin)
    if name in BUILTINS:
        return []
    others = (one for other in read if other.is_own for one in other.binds.get(name, ()))
    return [one for one in others if one.statement.is_definition or one.statement.is_import]


def suppliers_of(name, file):
    """Return the statements that give a name its value in a file, and those that change that value."""
    own = file.binds[name]
    made_here = not all(one.statement.is_import for one in own)
    return [*own, *(file.changes.get(name, ()) if made_here else ())]


def text_of(placed, chosen):
    """Return the text of a needed statement; no import takes the place of the student's own function."""
    statement = placed.statement
    imports = [pair for pair in statement.imports if pair[1] not in chosen]
    if placed.origin:  # all is in one place, so only new names are left to be given
        return "\n".join(f"{here} = {name}" for name, here in imports if here != name)
    if len(imports) == len(statement.imports):
        return statement.text
    names = ", ".join(name if here == name else f"{name} as {here}" for name, here in imports)
    return f"from {statement.module} import {names}" if names else ""
