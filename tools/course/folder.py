"""A course is a folder: chapters in notebooks/source, the modules of their functions, the records of these.

a folder  ->  read_course, which refuses what is none  ->  its root, handed down  ->  name, modules, files

The project is such a folder itself; its records lie in seqgrad/check/exercises.  In the folder of somebody
else's course they lie in `seqgrad_records.py`; where the folder is on Python's path, every check knows them.
"""

import functools
import importlib
import importlib.machinery
import os
import sys
from pathlib import Path

from seqgrad.check.course import OURS, RECORDS, find_course
from tools import Refusal
from tools.course import chapters
from tools.course.place import list_sources
from tools.environment import ROOT
from tools.imports import list_files, list_needed

FIXED = (
    "its calls are the same for everybody, so marks would come from inputs that students have; let `calls` "
    "be a function of `seeded` that draws them"
)


def read_course(folder):
    """Return the root of a course; from here on its modules can be imported, also in processes begun here.

    Raises
    ------
    Refusal
        If there is no such course, or what is wrong with it.
    """
    root = Path(folder).resolve()
    if not root.is_dir():
        raise Refusal(f"--course {folder}: there is no such folder.")
    if not list_sources(root):
        raise Refusal(f"{folder} has no chapter: write one, as {folder}/notebooks/source/01_name.py.")
    for path in list_sources(root):
        chapters.make_variants(path, root)
    check_names(root)
    paths = [str(root), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    sys.path.insert(0, str(root))
    check_records(root)
    return root


@functools.cache
def list_modules(root):
    """Return the full names of the modules from which the exercises of a course come."""
    return tuple(dict.fromkeys(list_homes(root)))


def list_homes(root):
    """Return for each exercise, in order, the module from which its chapter imports it."""
    cells = (cell for path in list_sources(root) for cell in chapters.list_exercise_cells(path, root))
    return [chapters.name_module(cell) for cell in cells]


def list_course_files(root):
    """Return the files of a course's own that its functions and records need."""
    try:
        return list_needed(root, *list_modules(root), RECORDS)
    except (SyntaxError, ValueError) as error:
        place = f"line {getattr(error, 'lineno', None)}: " * hasattr(error, "lineno")
        raise Refusal(f"A module of {root.name} is no Python: {place}{error}.") from error


# What is wrong with a folder that somebody has made.


def check_names(root):
    """Refuse names that others have: for the course and its modules, those of Python and of packages."""
    if root.name in OURS:
        raise Refusal(f"{root} is called like the project's own {root.name}; give the folder another name.")
    elsewhere = [path for path in sys.path if Path(path or ".").resolve() != root]
    for top in dict.fromkeys(path.relative_to(root).parts[0] for path in list_course_files(root)):
        name = top.removesuffix(".py")
        taken = name in OURS or name in sys.stdlib_module_names
        if taken or importlib.machinery.PathFinder.find_spec(name, elsewhere):
            raise Refusal(f"{root.name}/{top}: a module {name} is there already; give it another name.")


def check_records(root):
    """Refuse records that cannot be imported, or used, and exercises of the chapters that have none."""
    from seqgrad.check.exercises import list_known
    from seqgrad.check.exercises.faults import find_fault
    from seqgrad.check.exercises.trial import prepare

    file, taken = f"{root.name}/{RECORDS}.py", {one.name for one in list_known(None)}
    try:
        known = {one.name: one for one in list_own_records(root)}
    except Exception as error:  # whatever it does as it is imported
        raise Refusal(f"{file} cannot be imported: {type(error).__name__}: {error}.") from error
    for name, exercise in known.items():
        if name in taken:
            raise Refusal(f"{file}: seqgrad itself has an exercise called {name}; give yours another name.")
        try:
            fault = find_fault(prepare(exercise))
        except Exception as error:  # whatever draws its calls may do
            fault = f"its calls cannot be drawn: {type(error).__name__}: {error}"
        if fault:
            raise Refusal(f"{file}, {name}: {fault}.")
    for exercise, home in zip(chapters.exercises(root), list_homes(root), strict=True):
        name, chapter = exercise.name, f"{exercise.chapter}.py"
        if name not in known:
            raise Refusal(f"{chapter}: the exercise {name} has no record; make one in {file}.")
        function = known[name].function
        if getattr(function, "__module__", "") != home or getattr(function, "__name__", "") != name:
            raise Refusal(f"{file}, {name}: its function is not {home}.{name}, which {chapter} imports.")


def list_remarks(root):
    """Return a sentence for each record of a course whose calls would let a mistake pass."""
    from seqgrad.check.exercises.faults import find_coincidence
    from seqgrad.check.exercises.trial import prepare

    told = ((one.name, find_coincidence(prepare(one))) for one in list_own_records(root))
    return [f"{root.name}/{RECORDS}.py, {name}: {remark}" for name, remark in told if remark]


def refuse_fixed_calls(root, names):
    """Refuse to release or to grade exercises whose calls are the same for everybody."""
    for exercise in list_own_records(root):
        if exercise.name in names and not callable(exercise.calls):
            raise Refusal(f"{root.name}/{RECORDS}.py, {exercise.name}: {FIXED}.")


def list_own_records(root):
    """Return the records that the folder of a course has itself."""
    from seqgrad.check.exercises import list_exercises, list_known

    return [one for one in list_exercises() if one not in list_known(None)] if find_course() == root else []


def list_all_files(root):
    """Return the files of seqgrad, and those of a course's own."""
    return sorted({*list_files(ROOT / "seqgrad"), *list_course_files(root)})
