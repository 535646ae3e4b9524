"""What Gradescope runs in a container for each submission; `release --gradescope` packs it.

submission/, release.json  ->  mark  ->  results/results.json
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tools import Refusal, reading
from tools.course import chapters
from tools.grade.box import BUBBLEWRAP, NOTHING
from tools.grade.collect import collect
from tools.grade.mark import Grader, mark
from tools.gradebook import gradescope, results
from tools.students.roster import Student, find_students, index_ids

NO_BOX = """\
This submission has not been graded: no sandbox can be made in this container, and nothing runs without one. \
Instructors: choose an image with bubblewrap that allows user namespaces, or make the autograder again with \
`release --gradescope --unsafe`, for a class that you trust with the answers and everybody's numbers."""


def main():
    """Grade the one submission of this container."""
    place = Path(os.environ["AUTOGRADER"])
    label = json.loads(Path("release.json").read_text(encoding="utf-8"))
    metadata = read_metadata((place / "submission_metadata.json").read_bytes())
    text = grade_folder(place / "submission", find_student(metadata, list_students(label)), label)
    (place / "results").mkdir(exist_ok=True)
    (place / "results" / "results.json").write_text(text, encoding="utf-8")
    return 0


def read_metadata(data):
    """Return what Gradescope says of a submission; nothing if it cannot be read."""
    try:
        return reading.as_dict(reading.parse_json(reading.decode(data)[0]))
    except reading.Unreadable:
        return {}


def list_students(label):
    """Return the students of a release."""
    return [Student(id, ids=tuple(ids)) for id, ids in label["ids"].items()]


def find_student(metadata, students):
    """Return the roster's id of who has submitted, or else their address: the first of a group's members."""
    user = reading.as_dict(next(iter(reading.list_parts(metadata.get("users"))), None))
    email = str(user.get("email") or "")
    ids = [str(user.get("sid") or ""), email, email.partition("@")[0], str(user.get("name") or "")]
    found = find_students(index_ids(students), *filter(None, ids))
    return found[0].id if len(found) == 1 else email or "student"


def grade_folder(submission, student, label):
    """Return the text of results.json for a folder with one student's files."""
    exercises = tuple(chapters.Exercise(**exercise) for exercise in label["exercises"])
    known = {id: label["numbers"][id] for id in ("", student) if id in label["numbers"]}
    numbers = {"secret": known, "students": (Student(student),) if student in known else None}
    numbers["sets"] = label["sets"]
    if not (label["unsafe"] or can_box()):
        return json.dumps({"output": NO_BOX})
    withheld, sandbox = tuple(label["withheld"]), NOTHING if label["unsafe"] else BUBBLEWRAP
    grader = Grader(label["title"], exercises, withheld, **numbers, sandbox=sandbox)
    with tempfile.TemporaryDirectory() as folder:  # where `collect` finds a folder for each student
        shutil.copytree(submission, Path(folder) / "student", symlinks=True)
        try:
            (found,) = collect(Path(folder))
        except Refusal:
            return json.dumps({"score": 0, "output": "No notebook was handed in: .ipynb files are graded."})
        return gradescope.write_result(
            results.parse_result("student", mark(grader, replace(found, student=student)))
        )


def can_box():
    """Say whether a sandbox can be made in this container."""
    trial = ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", sys.executable, "-c", ""]
    return shutil.which("bwrap") is not None and not subprocess.run(trial, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())
