"""The sets of numbers of a release for a class: under lock, and in a student's token the keys of their own.

exercises, test cells, secret  ->  inputs of a set, recorded answers  ->  sets under lock
student, secret  ->  which sets  ->  keys  ->  token

The right answers to a student's own inputs are a hundred kilobytes, and no release can compute them.
So a class has an archive with many sets of them in common; a token opens one for each check and each test
cell, and nothing else opens it.
"""

import itertools

import numpy as np

from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.released import own
from seqgrad.check.released.own import lock_set, write_token
from tools import Refusal
from tools.bar import follow
from tools.course.cells import python
from tools.release import record
from tools.release.package import silence_cells
from tools.students import numbers

MOST = own.MOST_SETS


def list_kinds(exercises, tests):
    """Return (kind, exercise) for everything that a student has a set of."""
    both = [(kind, exercise.name) for exercise in exercises for kind in numbers.BITS]
    return [(kind, name) for kind, name in both if kind == "checks" or name in tests]


def find_tests(notebooks):
    """Return the code of the test cells on a student's own numbers, by exercise."""
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells]
    return {cell.id.removesuffix("-beside"): cell.source for cell in cells if cell.id.endswith("-beside")}


def find_imports(notebooks):
    """Return the code of the cells that import what test cells need."""
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells if cell.cell_type == "code"]
    return [
        cell.source
        for cell in cells
        if cell.source.startswith(("import ", "from ")) and not cell.id.endswith("-beside")
    ]


def lock_sets(plan, notebooks, secret, count, look=lambda held: None):
    """Return the sets of a release under lock, ``{"tags": (n, 8) array, "bodies": list of arrays}``.

    Parameters
    ----------
    plan : Plan
    notebooks : dict
        The released notebooks by name.
    secret : bytes
    count : int
        How many sets there are of each exercise, and of each test cell.
    look : callable, optional
        Is shown the first set of each before it is locked.
    """
    tests = find_tests(notebooks)
    wanted = list(itertools.product(list_kinds(plan.exercises, tests), range(count)))
    tags, bodies = [], []
    with record.record_calls(plan.withheld) as tape:
        home = {"__name__": "__main__"}
        with silence_cells():
            for code in find_imports(notebooks):
                exec(compile(python(code), "<imports>", "exec"), home)
        home |= {one.name: one.function for one in list_exercises()}
        for (kind, name), number in follow(wanted, unit=" sets of numbers", leave=False):
            drawn, tape.answers = numbers.draw_set(secret, kind, name, number), {}
            with silence_cells():
                record_set(kind, name, drawn, tests, home)
            held = {"exercise": name, "kind": kind, "drawn": drawn, "answers": tape.answers}
            if not number:
                look(held)
            tag, body = lock_set(held, numbers.derive_key(secret, kind, name, number))
            tags.append(np.frombuffer(tag, np.uint8))
            bodies.append(np.frombuffer(body, np.uint8))
    return {"tags": np.array(tags).reshape(len(tags), -1), "bodies": bodies}


def record_set(kind, name, drawn, tests, home):
    """Let the right functions be asked what a check, or a test cell, on these numbers asks of them."""
    if kind == "checks":
        record.prepare_check(find_exercise(name), drawn)
        return
    code = tests[name].replace(f'own_seed("{name}")', str(drawn))
    try:
        exec(compile(python(code), "<test>", "exec"), home)
    except Exception as error:
        raise Refusal(
            f"The test cell of {name} ends with {type(error).__name__}: {error}, on other numbers than those "
            "of the chapter; nothing was released."
        ) from error


def make_token(secret, student, kinds, count):
    """Return the text of a student's token: the keys of their sets."""
    chosen = [(kind, name, numbers.choose_set(secret, student, kind, name, count)) for kind, name in kinds]
    return write_token(numbers.derive_key(secret, *one) for one in chosen)
