"""One record for each exercise: everything that there is to know of it.

    family (a module here)  ->  records, with the mathematics  ->  trial: calls, and what is expected of them

Begin with `exercise.py`, which says what a record holds, then `rnn.py`, a family.  `draw.py` and
`recurrent.py` draw calls for several families, `trial.py` prepares what is handed down the rooms,
`testcell.py` knows the cell below an exercise.  A family is found because its file lies here; the records of
somebody else's course, because its `seqgrad_records.py` is on Python's path.
"""

import functools
import importlib
import pkgutil

from seqgrad.check.course import RECORDS, find_course
from seqgrad.check.exercises.exercise import Exercise


def list_exercises():
    """Return the records of all exercises, those first that stand on the fewest others."""
    return list_known(find_course())


@functools.cache
def list_known(course):
    """Return the records of seqgrad's own course, and of one in a folder, if there is one."""
    packages = (__name__, *[RECORDS] * (course is not None))
    found = dict.fromkeys(record for package in packages for record in list_records(package, Exercise))
    return tuple(sorted(found, key=lambda exercise: len(exercise.stands_on)))


def find_exercise(name):
    """Return the record of the exercise of a name, or None if there is none."""
    return next((exercise for exercise in list_exercises() if exercise.name == name), None)


def list_records(package, kind):
    """Return the records of a kind that the modules of a package hold, in the order of their files."""
    held = [value for module in list_modules(package) for value in vars(module).values()]
    return list(dict.fromkeys(value for value in held if isinstance(value, kind)))


def list_modules(package):
    """Return the modules of a package, in the order of their files; a module that is none, alone."""
    home = importlib.import_module(package)
    if not hasattr(home, "__path__"):
        return [home]
    names = [f"{package}.{module.name}" for module in pkgutil.iter_modules(home.__path__)]
    return [importlib.import_module(name) for name in names]
