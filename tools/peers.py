"""Environments beside our own: one with another grader, one with the oldest versions that we allow.

Each shares nothing with our environment, in whose folder it lies.
"""

import re
import sys
from pathlib import Path

from tools import Refusal, environment, owned, writing
from tools.environment import ROOT

LIMIT = 600  # seconds for a download

BESIDE = ("matplotlib", "tqdm", "ipywidgets")  # what the cells of a chapter import, beside NumPy


def find_nbgrader(fetch=False, root=ROOT):
    """Return the Python of an environment that has nbgrader, or None if there is none.

    Its Jupyter may be another one than ours.

    Parameters
    ----------
    fetch : bool
        Whether to make the environment if it is not there; says so, and says if it cannot be had in time.
    """
    project = environment.read_project(root)
    extras = project["optional-dependencies"]
    course = [needed for needed in extras["course"] if re.match(r"\w+", needed)[0] in BESIDE]
    return find_environment("nbgrader", [*extras["nbgrader"], *project["dependencies"], *course], fetch)


def find_lowest(root=ROOT):
    """Return the Python of an environment with the lower ends of our ranges, or None if there is none.

    It has NumPy and what runs the tests; the older ends have no wheels for new Pythons.
    """
    project = environment.read_project(root)
    ranges = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return find_environment("lowest", ["--only-binary=:all:", *map(pin_lower_end, ranges)], fetch=True)


def pin_lower_end(requirement):
    """Return the requirement of the lower end of a range: ``numpy==2.0.*`` for ``numpy>=2.0,<3``."""
    name, end = re.match(r"([\w-]+)>=([\d.]+)", requirement).groups()
    return f"{name}=={end}.*"


def find_environment(name, needed, fetch):
    """Return the Python of an environment that holds what is needed; make it first if that is asked for."""
    venv = Path(sys.prefix) / "peers" / name
    python, stamp = environment.locate_python(venv), venv / "stamp"
    found = stamp.read_text(encoding="utf-8", errors="replace") if stamp.is_file() else ""
    if found == str(needed):
        return python
    if not fetch:
        return None
    print(f"Making an environment of its own for {name}, in at most {LIMIT} s.", flush=True)
    if not found.startswith("["):  # a list of requirements is the mark that older versions left
        owned.check(venv, "test")
    try:
        owned.mark(venv, "test")
        owned.clear(venv, "test")
        environment.run_command([sys.executable, "-m", "venv", str(venv)], ROOT, limit=LIMIT)
        environment.run_command([python, "-m", "pip", "install", "--quiet", *needed], ROOT, limit=LIMIT)
    except (Refusal, OSError) as error:
        print(f"{' '.join(needed)} cannot be had: {error}. What needs it is skipped.", flush=True)
        return None
    writing.write(stamp, str(needed))
    return python
