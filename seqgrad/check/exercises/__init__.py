"""One record for each exercise: everything that there is to know of it.

    family (a module here)  ->  records, with the mathematics  ->  trial: calls, and what is expected of them

Begin with `exercise.py`, which says what a record holds, then `rnn.py`, a family.  `draw.py` and
`recurrent.py` draw calls for several families, `trial.py` prepares what is handed down the rooms,
`testcell.py` knows the cell below an exercise.  A family is found because its file lies here.
"""

import functools
import importlib
import pkgutil

from seqgrad.check.exercises.exercise import Exercise


@functools.cache
def list_exercises():
    """Return the records of all exercises, those first that stand on the fewest others."""
    return tuple(sorted(list_records(__name__, Exercise), key=lambda exercise: len(exercise.stands_on)))


def find_exercise(name):
    """Return the record of the exercise of a name, or None if there is none."""
    return next((exercise for exercise in list_exercises() if exercise.name == name), None)


def list_records(package, kind):
    """Return the records of a kind that the modules of a package hold, in the order of their files."""
    held = [value for module in list_modules(package) for value in vars(module).values()]
    return list(dict.fromkeys(value for value in held if isinstance(value, kind)))


def list_modules(package):
    """Return the modules of a package, in the order of their files."""
    folder = importlib.import_module(package)
    names = [f"{package}.{module.name}" for module in pkgutil.iter_modules(folder.__path__)]
    return [importlib.import_module(name) for name in names]
