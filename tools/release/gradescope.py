"""An autograder for Gradescope, which runs tools/gradebook/autograder.py in a container for each submission.

    project, numbers  ->  autograder zip

It holds the answers, and is for Gradescope alone.  The course's secret is not in it: the numbers that were
drawn with it are.
"""

import json
from dataclasses import asdict

from tools.course.folder import list_course_files
from tools.environment import ROOT
from tools.release import bundle
from tools.students import numbers

PACKED = ("LICENSE", "pyproject.toml", "seqgrad", "tools")
OF_THE_COURSE = ("notebooks/source", "notebooks/solutions")

NEEDED = ("numpy", "jupytext", "nbformat", "pyyaml")

SETUP = """\
#!/usr/bin/env bash
# Makes the container ready, once. Python 3.11 and bubblewrap are packages of the images that Gradescope has.
set -euo pipefail
apt-get update
apt-get install -y --no-install-recommends python3.11 python3.11-venv bubblewrap
python3.11 -m venv /autograder/venv
/autograder/venv/bin/python -m pip install --no-cache-dir {pins}
"""

RUN = """\
#!/usr/bin/env bash
# Grades one submission.
set -euo pipefail
export AUTOGRADER="${AUTOGRADER:-/autograder}"
cd "$AUTOGRADER/source"
exec "${PYTHON:-/autograder/venv/bin/python}" -m tools.gradebook.autograder
"""


def write_autograder(root, plan, students, secret, sets, path, unsafe=False):
    """Write the autograder for a release; only with `unsafe` does it run submissions where no box can be."""
    names = [exercise.name for exercise in plan.exercises]
    known = numbers.list_numbers(secret, [student.id for student in students or ()], names, sets)
    ids = {student.id: student.ids for student in students or ()}
    exercises = [asdict(exercise) for exercise in plan.exercises]
    label = {
        "title": plan.title,
        "exercises": exercises,
        "withheld": plan.withheld,
        "numbers": known,
        "sets": sets,
        "ids": ids,
        "unsafe": unsafe,
    }
    found = {"release.json": json.dumps(label).encode()}
    for name in PACKED:
        found |= bundle.read_tree(ROOT / name, name)
    for name in OF_THE_COURSE:
        found |= bundle.read_tree(root / name, name)
    found |= {file.relative_to(root).as_posix(): file.read_bytes() for file in list_course_files(root)}
    found |= {"setup.sh": SETUP.format(pins=" ".join(pin_all(ROOT))).encode(), "run_autograder": RUN.encode()}
    bundle.write_archive(path, "", found)


def pin_all(root):
    """Return what grading needs, in the versions of the lock."""
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.startswith(tuple(f"{name}==" for name in NEEDED))]
