"""What the functions that were asked for need: statements, of their own file and of those it imports.

    chosen definitions  ->  statements, in order  ->  pieces (place, text, space)

A name has the value that it had when the function was last checked: what a notebook does with it further
down is left out.
"""

import builtins
import re

from seqgrad.check.course import is_of_a_course
from seqgrad.check.exercises import find_exercise

BUILTINS = frozenset(dir(builtins))


def gather(read, chosen):
    """Return the pieces that the chosen definitions need, and for each function those to leave out.

    Parameters
    ----------
    read : list of File
    chosen : dict
        For each exercise the statement that defines it, and its source.

    Returns
    -------
    tuple of (str, str, str), dict
    """
    search = Search(read, {name: definition for name, (definition, _) in chosen.items()})
    needed = search.run()
    ends, numbered, pieces = search.ends, [], []
    for file in sort_files(search):
        pieces += [(file.name, text, file.space) for text in search.list_links(file)]
        numbered += [None] * (len(pieces) - len(numbered))
        for placed in sorted((one for one in needed if one.file is file), key=lambda one: one.order):
            if text := search.write_statement(placed):
                pieces.append((placed.place, text, file.space))
                numbered.append(placed)
    hidden = {}
    for name, definition in search.chosen.items():
        late = [n for n, one in enumerate(numbered) if one and is_late(one, definition, ends[name], needed)]
        if late:
            hidden[name] = tuple(late)
    return tuple(pieces), hidden


def find_end(name, definition):
    """Return up to which statement of its file a function has what it needs: its last check, or use."""
    asks, last = re.compile(rf"\bcheck\(\s*{name}\b"), None
    below = [one for one in definition.file.placed if one.order > definition.order]
    for placed in below:
        if placed.statement.kind == "Expr" and asks.search(placed.statement.text):
            last = placed.order
    if last is None:
        for placed in below:
            statement = placed.statement
            if name in statement.needs and not statement.is_definition and not statement.is_import:
                last = placed.order - bool(statement.binds)
    return len(definition.file.placed) if last is None else max(last, definition.order)


def is_late(placed, definition, end, needed):
    """Say whether a statement gives a name another value below the last check of a function."""
    if placed.file is not definition.file or placed.order <= end:
        return False
    names = placed.statement.binds | placed.statement.changes
    return any(one.file is placed.file and one.order <= end and one.statement.binds & names for one in needed)


class Search:
    """The search for all that chosen definitions need.

    Attributes
    ----------
    chosen : dict
        The definition of each exercise.
    ends : dict
        Up to which statement of its file each has what it needs.
    linked : dict
        {file: {name: other file}}, the names that a file has from another one without importing them.
    """

    def __init__(self, read, chosen):
        self.read, self.chosen, self.linked = read, chosen, {}
        self.ends = {name: find_end(name, definition) for name, definition in chosen.items()}
        self.last = {}  # {file: the last statement that any function of it can need}
        for name, definition in chosen.items():
            self.last[definition.file] = max(self.last.get(definition.file, 0), self.ends[name])

    def run(self):
        """Return the statements that are needed."""
        found, seen, asked_for = set(), set(), set()
        waiting = list(self.chosen.values())
        for name, definition in self.chosen.items():
            for fed in list_feeding(name):
                if not all(map(is_of_the_course, definition.file.binds.get(fed, ()))):
                    waiting += self.find_suppliers(fed, definition.file)
        while waiting:
            placed = waiting.pop()
            if placed in found:
                continue
            found.add(placed)
            wanted = {(placed.file, name) for name in placed.statement.needs}
            for module, origin in placed.origins.items():
                one_by_one = origin is placed.origin and module == placed.statement.module
                names = {name for name, _ in placed.statement.imports} if one_by_one else set(origin.binds)
                wanted |= {(origin, name) for name in names}
            for file, name in wanted - asked_for:
                waiting += self.find_suppliers(name, file)
            asked_for |= wanted
            if placed.file not in seen:
                seen.add(placed.file)
                waiting += [one for one in placed.file.placed if one.statement.module == "__future__"]
                waiting += placed.file.stars
        return found

    def find_suppliers(self, name, file):
        """Return the statements from which a name in a file has its value."""
        definition = self.chosen.get(name)
        if definition and definition.file is file:
            others = () if definition.statement.functions else file.binds[name]
            return [definition, *others, *file.changes.get(name, ())]
        own = file.binds.get(name, ())
        if own and not (definition and all(map(is_of_the_course, own))):
            return self.find_own(name, file)
        for star in file.stars:
            if star.origin and name in star.origin.binds:
                return self.find_suppliers(name, star.origin)
        if definition:
            return self.link(name, file, definition.file)
        if name in BUILTINS:
            return []
        for other in self.read:
            given = [one.statement for one in other.binds.get(name, ()) if other.is_own and other is not file]
            if any(statement.is_definition or statement.is_import for statement in given):
                return self.link(name, file, other)
        return []

    def link(self, name, file, other):
        """Let a file have a name from another one; return the statements that give it its value there."""
        self.linked.setdefault(file, {})[name] = other
        return self.find_suppliers(name, other)

    def find_own(self, name, file):
        """Return the statements that give a name its value in a file, and those that change that value."""
        own, last = file.binds[name], self.last.get(file, len(file.placed))
        changes = () if all(one.statement.is_import for one in own) else file.changes.get(name, ())
        own = [one for one in own if one.order <= last] or own
        return [*own, *(one for one in changes if one.order <= last or own[0].order > last)]

    def list_links(self, file):
        """Return the texts that give a file its names from others."""
        linked = sorted(self.linked.get(file, {}).items())
        return [f"from {other.space.split()[0]} import {name}" for name, other in linked]

    def write_statement(self, placed):
        """Return the text of a needed statement; no import of the course's replaces the student's own."""
        statement, file = placed.statement, placed.file
        if not statement.imports or (placed.origins and not statement.module.startswith(".")):
            return statement.text
        module = placed.origin.modules[0] if placed.origin else statement.module
        own = {name for name, definition in self.chosen.items() if definition.file is file}
        own |= self.linked.get(file, {}).keys()
        imports = [pair for pair in statement.imports if placed.origin or pair[1] not in own]
        if module == statement.module and len(imports) == len(statement.imports):
            return statement.text
        names = ", ".join(name if here == name else f"{name} as {here}" for name, here in imports)
        return f"from {module} import {names}" if names else ""


def is_of_the_course(placed):
    """Say whether a statement imports from the course's own modules."""
    return is_of_a_course(placed.statement.module)


def list_feeding(name):
    """Return the functions of which a check looks whether the learner has a version: helpers and forward."""
    exercise = find_exercise(name)
    if exercise is None:
        return ()
    feeding = [exercise, exercise.forward] if exercise.forward else [exercise]
    return tuple(dict.fromkeys(other for one in feeding for other in (one.name, *one.all_helpers)))


def sort_files(search):
    """Return the files in an order in which each comes below those that it imports, as far as that can be."""
    found = []

    def visit(file, above=()):
        if file in found or file in above:
            return
        origins = [origin for placed in file.placed for origin in placed.origins.values()]
        for other in [*origins, *search.linked.get(file, {}).values()]:
            visit(other, (*above, file))
        found.append(file)

    for file in search.read:
        visit(file)
    return found
