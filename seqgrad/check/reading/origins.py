"""What imports from where: the learner's own files from which a statement takes names.

statements at their places, files  ->  origins, and the names by which a file is imported
"""

import sys
from pathlib import Path, PurePosixPath

from seqgrad.check.course import is_of_a_course
from seqgrad.check.reading.cells import read_cells
from seqgrad.check.reading.statements import cut
from seqgrad.check.reading.text import write_sentence

ELSEWHERE = sys.stdlib_module_names | {"numpy", "__future__"}  # not by a student, if they can be


def is_elsewhere(module):
    """Say whether a module is hardly a student's own: Python's, NumPy's, or a course's."""
    return module.partition(".")[0] in ELSEWHERE or is_of_a_course(module)


def find_origins(placed, read):
    """Find the student's own files that a statement imports, and note the names by which it does."""
    statement = placed.statement
    for name in statement.modules:
        if not is_elsewhere(name):
            note_origin(placed, name, find_module(name, placed.file, read))
    if not statement.imports:
        return
    module, names = statement.module, {name for name, _ in statement.imports}
    origin = find_module(module, placed.file, read)
    if origin and (not is_elsewhere(module) or names & origin.binds.keys()):
        note_origin(placed, module, origin)
    elif not origin and not is_elsewhere(module.strip(".")):
        for name in names - {"*"}:
            note_origin(placed, f"{module}.{name}", find_module(f"{module}.{name}", placed.file, read))


def find_imported(name, content):
    """Return the names of the files that a file may import, beside it or below."""
    found, folder = [], PurePosixPath(name).parent
    for cell in read_cells(name, content)[0]:
        for statement in cut(cell.source).statements if cell.code else ():
            names = [f"{statement.module}.{own}" for own, _ in statement.imports]
            for module in [*statement.modules, statement.module, *names]:
                if module and not is_elsewhere(module.strip(".")):
                    path = folder / module.strip(".").replace(".", "/")
                    found += [f"{path}.py", f"{path}/__init__.py"]
    return found


def note_origin(placed, module, origin):
    """Note from which file a module comes, if it is one of the student's."""
    if origin and origin is not placed.file:
        placed.origins[module] = origin
        name = module.strip(".")
        if name not in origin.modules:
            origin.modules.append(name)


def find_module(name, importer, read):
    """Return the student's own file that a module is: the nearest to its importer; None if there is none.

    A package's folder may be lost on the way of handing in, so the last part of the name will do.
    """
    parts = tuple(name.strip(".").split("."))
    files = [file for file in read if not file.is_of_the_package and file.path.suffix == ".py"]
    for tail in dict.fromkeys([parts, parts[-1:]]):
        ends = ((*tail[:-1], f"{tail[-1]}.py"), (*tail, "__init__.py"))
        fitting = [file for file in files if any(file.path.parts[-len(end) :] == end for end in ends)]
        if fitting:
            return max(fitting, key=lambda file: (count_shared(file, importer), -len(file.path.parts)))
    return None


def count_shared(file, other):
    """Return how many folders two files share."""
    pairs = zip(file.path.parts[:-1], other.path.parts[:-1], strict=False)
    return next((n for n, (mine, theirs) in enumerate(pairs) if mine != theirs), 99)


def read_beside(path):
    """Return what a grader would be handed, a notebook, its .py half, and the files that it imports."""
    files, waiting = {}, [path, path.with_suffix(".py")]
    while waiting:
        file = waiting.pop(0)
        name = file.relative_to(path.parent).as_posix()
        if name in files:
            continue
        try:
            files[name] = file.read_bytes()
        except OSError as error:
            if file == path:
                files[name] = write_sentence(name, error)
            continue
        for inner in map(Path, find_imported(name, files[name])):
            below = sorted(path.parent.glob(f"*/{inner.name}"))  # a folder may be on `sys.path`
            waiting += [path.parent / inner, *(below if inner.stem != "__init__" else ())]
    return files
