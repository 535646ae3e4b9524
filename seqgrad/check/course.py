"""Which modules are a course's: seqgrad's own, and those of the course whose folder is on Python's path.

`seqgrad_records.py` on the path  ->  the folder of a course  ->  the modules that lie in it

A course of somebody else's is such a folder: its functions in modules of any name, their records in
`seqgrad_records.py`.  Whatever a learner writes is in neither.
"""

import functools
import importlib.util
import sys
from pathlib import Path

RECORDS = "seqgrad_records"
OURS = ("seqgrad", "tools")  # a release has them beside the modules of its course


def find_course():
    """Return the folder of the course that is on the path beside seqgrad's own; None if there is none."""
    return look_for_course(tuple(map(str, sys.path)))


@functools.cache
def look_for_course(path):
    """Return the folder of the course on a path, which is Python's; it is looked for once."""
    try:
        spec = importlib.util.find_spec(RECORDS)
    except ValueError:  # it was put together by hand
        return None
    return Path(spec.origin).resolve().parent if spec and spec.origin else None


def is_of_a_course(name):
    """Tell whether a module of this full name is seqgrad's, or one of the course that is on the path."""
    top = name.partition(".")[0]
    return top == "seqgrad" or top in list_tops()


def list_tops():
    """Return how seqgrad and the modules of the course on the path are called, without what is below."""
    folder = find_course()
    return {"seqgrad", *(list_modules(folder) if folder else ())}


@functools.cache
def list_modules(folder):
    """Return the names of the modules and packages in a course's folder."""
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return ({path.stem for path in folder.glob("*.py")} | packages) - {*OURS}
