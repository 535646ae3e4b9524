"""The rooms of a check: what may import what, what stands once, and that every room has its map."""

import ast
import functools
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import seqgrad
from seqgrad.check.exercises import list_exercises

ROOT = Path(seqgrad.__file__).parents[1]
CHECK = ROOT / "seqgrad" / "check"
NAMES = {exercise.name for exercise in list_exercises()}

# From the ground up: a room imports from the floors below it alone.
FLOORS = (
    ("course", "equality", "points"),
    ("running", "showing"),
    ("exercises", "verdict", "learner"),
    ("report",),
    ("judging", "reading"),
    ("probing",),
    ("naming", "released"),
    ("diagnose",),
    ("front",),
    ("files",),
    ("__init__",),
    ("__main__",),
)

files = pytest.mark.parametrize(
    "path", sorted(CHECK.rglob("*.py")), ids=lambda path: str(path.relative_to(CHECK))
)
folders = pytest.mark.parametrize(
    "folder",
    sorted(path.parent for path in CHECK.rglob("__init__.py")),
    ids=lambda folder: str(folder.relative_to(CHECK.parent)),
)


@functools.cache
def tree(path):
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def to_file(module):
    """Return the file of a module of seqgrad; None if there is none of that name."""
    path = ROOT.joinpath(*module.split("."))
    if path.is_dir():
        return path / "__init__.py"
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else None


@functools.cache
def imports(path):
    """Return the files of seqgrad that a file imports, at its top or within a function."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {to_file(alias.name) for alias in node.names if alias.name.startswith("seqgrad")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("seqgrad"):
            inside = [to_file(f"{node.module}.{alias.name}") for alias in node.names]
            found |= {file or to_file(node.module) for file in inside}
    return found - {None, path}


def name_room(path):
    """Return the room that a file of the check is in: its folder, or the file itself."""
    first, *rest = path.relative_to(CHECK).parts
    return first if rest else Path(first).stem


def find_floor(path):
    """Return the floor of a file's room."""
    return next(number for number, rooms in enumerate(FLOORS) if name_room(path) in rooms)


@files
def test_no_import_runs_up_or_sideways_into_another_room(path):
    for imported in imports(path):
        if CHECK in imported.parents and name_room(imported) != name_room(path):
            # The front door alone leads up, when a person asks: from `check` to what answers.
            lazily = name_room(path) == "__init__" and name_room(imported) in ("front", "showing")
            assert find_floor(imported) < find_floor(path) or lazily, f"{path} imports {imported}"


def test_no_files_import_each_other_in_a_circle():
    within = {path: imports(path) for path in CHECK.rglob("*.py")}
    while free := [path for path, imported in within.items() if not imported & within.keys()]:
        for path in free:
            del within[path]
    assert not within


def test_the_mathematics_imports_nothing_of_the_check():
    for path in (ROOT / "seqgrad").glob("*.py"):
        assert not [one for one in imports(path) if CHECK in one.parents]


def test_the_room_that_a_release_lacks_is_entered_by_the_front_door_alone():
    entered = {
        name_room(path)
        for path in CHECK.rglob("*.py")
        for imported in imports(path)
        if CHECK in imported.parents and name_room(imported) == "naming"
    }
    assert entered == {"naming", "front"}


@files
def test_an_exercise_is_named_in_its_record_and_nowhere_else(path):
    """So there is no table by names, no comparison with one, and none is taken apart.

    `expressions.py` names functions as they stand in a text, which people take for each other, and what a
    known mistake is about may be called like one.
    """
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    told = [call for call in calls if ast.unparse(call.func) in ("Exercise", "make_mistake")]
    records = [argument for call in told for argument in call.args[:2]]
    named = [node for node in ast.walk(tree(path)) if getattr(node, "value", None) in NAMES]
    if path.name != "expressions.py":
        assert [node for node in named if isinstance(node, ast.Constant) and node not in records] == []
    taken_apart = re.compile(r"_?(rnn|lstm|cell|forward|backward|softmax|adam)_?", re.I)
    for call in calls:
        method = getattr(call.func, "attr", "")
        if method in ("startswith", "endswith", "replace", "removeprefix", "removesuffix", "partition"):
            texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
            assert not [text for text in texts if taken_apart.fullmatch(str(text))]
    assert "globals" not in [getattr(call.func, "id", "") for call in calls]


@folders
def test_every_room_has_its_map(folder):
    """What comes in and what goes out, and where to begin."""
    words = ast.get_docstring(tree(folder / "__init__.py"))
    (first,) = re.findall(r"Begin with `([\w.]+)`", words)
    assert (folder / first).is_file()
    assert "->" in words


@files
def test_a_module_is_one_sitting_and_a_function_one_screen(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert not body or body[-1].end_lineno - body[0].lineno < 45, node.name


def test_a_record_is_found_because_its_file_is_there():
    package = importlib.import_module("seqgrad.check.exercises")
    held = set()
    for module in pkgutil.iter_modules(package.__path__):
        names = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
        held |= {value for value in names.values() if isinstance(value, package.Exercise)}
    assert held == set(list_exercises()) and len(NAMES) == len(held)


def test_exercises_come_after_all_that_they_stand_on():
    order = list_exercises()
    for place, exercise in enumerate(order):
        assert exercise.stands_on <= set(order[:place])
