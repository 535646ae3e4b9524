"""An autograder for Gradescope: packed here, run there, in a container for each submission.

    project, numbers  ->  autograder zip;    submission/  ->  mark  ->  results/results.json

It holds the answers, and is for Gradescope alone.  The course's secret is not in it: the numbers that were
drawn with it are.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from tools import Refusal, chapters, reading
from tools.releasing import bundle, roster

PACKED = ("LICENSE", "pyproject.toml", "notebooks/source", "notebooks/solutions", "seqgrad", "tools")

NEEDED = ("numpy", "jupytext", "nbformat")

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
exec "${PYTHON:-/autograder/venv/bin/python}" -m tools.releasing.gradescope
"""


def write(root, plan, students, secret, path):
    """Write the autograder for a release."""
    known = roster.known_numbers(secret, [student.id for student in students or ()])
    exercises = [asdict(exercise) for exercise in plan.exercises]
    label = {"title": plan.title, "exercises": exercises, "withheld": plan.withheld, "numbers": known}
    found = {"release.json": json.dumps(label).encode()}
    for name in PACKED:
        found |= bundle.tree(root / name, name)
    found |= {"setup.sh": SETUP.format(pins=" ".join(pins(root))).encode(), "run_autograder": RUN.encode()}
    bundle.archive(path, "", found)


def pins(root):
    """Return what grading needs, in the versions of the lock."""
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.startswith(tuple(f"{name}==" for name in NEEDED))]


def main():
    """Grade the one submission of this container."""
    place = Path(os.environ["AUTOGRADER"])
    label = json.loads(Path("release.json").read_text(encoding="utf-8"))
    metadata = read_metadata((place / "submission_metadata.json").read_bytes())
    text = graded(place / "submission", whose(metadata, label["numbers"]), label)
    (place / "results").mkdir(exist_ok=True)
    (place / "results" / "results.json").write_text(text, encoding="utf-8")
    return 0


def read_metadata(data):
    """Return what Gradescope says of a submission; nothing if it cannot be read."""
    try:
        return reading.as_dict(reading.parse_json(reading.decode(data)[0]))
    except reading.Unreadable:
        return {}


def whose(metadata, known):
    """Return the roster's id of who has submitted, or else their address: the first of a group's members."""
    user = reading.as_dict(next(iter(reading.parts(metadata.get("users"))), None))
    email = str(user.get("email") or "")
    ids = [str(user.get("sid") or ""), email, email.partition("@")[0], str(user.get("name") or "")]
    return next((id for id in ids if id and id in known), email or "student")


def graded(submission, student, label):
    """Return the text of results.json for a folder with one student's files."""
    from tools.grading.collect import collect
    from tools.grading.mark import Grader, mark
    from tools.reporting import gradescope, results

    exercises = tuple(chapters.Exercise(**exercise) for exercise in label["exercises"])
    known = {id: label["numbers"][id] for id in ("", student) if id in label["numbers"]}
    numbers = {"secret": known, "students": (student,) if student in known else None}
    grader = Grader(label["title"], exercises, tuple(label["withheld"]), **numbers, unsafe=not boxed())
    with tempfile.TemporaryDirectory() as folder:  # where `collect` finds a folder for each student
        shutil.copytree(submission, Path(folder) / "student", symlinks=True)
        try:
            (found,) = collect(Path(folder))
        except Refusal:
            return json.dumps({"score": 0, "output": "No notebook was handed in: .ipynb files are graded."})
        return gradescope.text(results.result("student", mark(grader, replace(found, student=student))))


def boxed():
    """Say whether a sandbox can be made in this container."""
    trial = ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"]
    return shutil.which("bwrap") is not None and not subprocess.run(trial, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())
