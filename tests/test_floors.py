"""The floors of tools/: what may import what, and that every folder has its map."""

import ast
import functools
from pathlib import Path

import pytest

from tools.imports import find_file, list_imports

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"

# From the ground up: a folder imports from the floors below it alone.  The modules beside the folders come
# first; `__main__` calls the verbs, and what measures them stands above them all.
FLOORS = (
    ("root",),
    ("course",),
    ("reader", "students"),
    ("release",),
    ("grade",),
    ("gradebook",),
    ("site", "bench"),
    ("__main__",),
)
PATHS = sorted(TOOLS.rglob("*.py"))
FOLDERS = sorted(path.parent for path in TOOLS.glob("*/__init__.py"))

files = pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(TOOLS)))


@functools.cache
def find_imported(path):
    """Return the files of tools that a file imports, at its top or within a function."""
    found = {find_file(ROOT, name) for name in list_imports(path.read_bytes())}
    return {file for file in found if file and TOOLS in file.parents} - {path, TOOLS / "__init__.py"}


def name_folder(path):
    """Return the folder that a file is in; `root` for a module beside the folders."""
    first, *rest = path.relative_to(TOOLS).parts
    return first if rest else "__main__" if first == "__main__.py" else "root"


def find_floor(path):
    """Return the floor of a file's folder."""
    return next(number for number, folders in enumerate(FLOORS) if name_folder(path) in folders)


def test_every_folder_has_its_floor():
    assert sorted(folder for floor in FLOORS for folder in floor) == sorted({*map(name_folder, PATHS)})


@files
def test_no_import_runs_up_or_sideways_into_another_folder(path):
    for imported in find_imported(path):
        if name_folder(imported) != name_folder(path):
            assert find_floor(imported) < find_floor(path), f"{path} imports {imported}"


@files
def test_a_verb_is_imported_by_what_measures_it_alone_and_from_its_own_folder(path):
    """What two verbs need has a place of its own."""
    for imported in find_imported(path):
        is_verb = imported.stem == imported.parent.name
        assert not is_verb or name_folder(path) in (name_folder(imported), "bench"), imported


def test_no_files_import_each_other_in_a_circle():
    left = {path: find_imported(path) for path in PATHS}
    while free := [path for path, imported in left.items() if not imported & left.keys()]:
        for path in free:
            del left[path]
    assert not left


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_has_its_map(folder):
    """What comes in and what goes out."""
    words = ast.get_docstring(ast.parse((folder / "__init__.py").read_bytes()))
    assert "->" in words
    if (folder / f"{folder.name}.py").exists():
        assert f"Begin with `{folder.name}.py`" in words
