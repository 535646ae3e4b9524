"""Another grader in an environment of its own: for a test of what a release holds, and for `bench grade`.

Its Jupyter may be another one than ours, so it shares nothing with our environment, in whose folder it lies.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tools import environment
from tools.environment import ROOT

LIMIT = 600  # seconds for the download

BESIDE = ("matplotlib", "tqdm", "ipywidgets")  # what the cells of a chapter import, beside NumPy


def nbgrader(fetch=False, root=ROOT):
    """Return the Python of an environment that has nbgrader, or None if there is none.

    Parameters
    ----------
    fetch : bool
        Whether to make the environment if it is not there; says so, and says if it cannot be had in time.
    """
    needed = requirements(root)
    venv = Path(sys.prefix) / "peers" / "nbgrader"
    python, stamp = environment.interpreter(venv), venv / "stamp"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == str(needed):
        return python
    if not fetch:
        return None
    print(f"Fetching {needed[0]} into an environment of its own, for at most {LIMIT} s.", flush=True)
    quiet = {"check": True, "capture_output": True, "timeout": LIMIT}
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], **quiet)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *needed], **quiet)
    except (subprocess.SubprocessError, OSError):
        print(f"{needed[0]} cannot be had here in time; what compares with it is skipped.", flush=True)
        return None
    stamp.write_text(str(needed), encoding="utf-8")
    return python


def requirements(root):
    """Return what the environment of nbgrader holds; nbgrader first."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    course = [one for one in extras["course"] if re.match(r"\w+", one)[0] in BESIDE]
    return [*extras["nbgrader"], *project["dependencies"], *course]
