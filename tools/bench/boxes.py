"""Measure both sandboxes beside each other: what each holds, what it says of submissions, how fast it is.

    hostile programs, known mistakes, right and odd notebooks, a class  ->  each sandbox  ->  a table

What is right and what is wrong has to come out of both alike; last digits may differ, and verdicts may not.
"""

import functools
import json
import os
import tempfile
import time
from pathlib import Path

from tools.bench import grade
from tools.environment import ROOT
from tools.grade import webassembly

NAMES = {"bubblewrap": "bubblewrap", "wasm": "WebAssembly"}
SHARE = 1 / 3  # of the other's rate, with which one sandbox may take the place of both
MODULES = {
    "bubblewrap": ("bubble", "inside", "slot", "talk", "view"),
    "wasm": ("wasm/__init__", "wasm/cell", "wasm/guest", "wasm/machine", "wasm/system"),
}


def main(sample):
    """Print the table of both sandboxes, of at most so many of each set; return if both hold everything."""
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder), sample)


def compare(folder, sample=None):
    """Print the table of both sandboxes; return whether they hold everything and say the same.

    Parameters
    ----------
    folder : Path
        Empty, for submissions and results.
    sample : int, optional
        At most so many submissions of each set.
    """
    columns = {}
    for kind in NAMES:
        began = time.perf_counter()
        set_up(kind)
        columns[kind] = {"set-up, s": time.perf_counter() - began}
        columns[kind]["lines of code"] = count_lines(kind)
    said = {}
    for kind, column in columns.items():
        column["hostile, contained"] = count(grade.grade_hostile(folder / kind, kind, sample))
        said[kind] = grade_sets(kind, sample)
        for name, results in said[kind].items():
            column[f"{name}, marks right"] = count(has_right_marks(name, one) for one in results.values())
        column |= grade_class(folder / f"class-{kind}", kind, sample or grade.CLASS)
    marks, remarks = list_differences(*said.values())
    total = sum(map(len, said["wasm"].values()))
    for column in columns.values():
        column["verdicts alike"] = total - len(marks), total
        column["remarks alike"] = total - len(remarks), total
    print_table(columns)
    for kind, names in {"verdicts": marks, "remarks": remarks}.items():
        if names:
            print(f"  {kind} that are not alike: {'; '.join(names[:9])}")
    first, second = (column["a second, all cores"] for column in columns.values())
    print(f"  WebAssembly has {second / first:.0%} of the other's rate; {SHARE:.0%} would do to replace it\n")
    return all(is_whole(name, value) for column in columns.values() for name, value in column.items())


def is_whole(name, value):
    """Say whether a figure is as it should be: all of a set, but for remarks, which cost nothing."""
    return type(value) is not tuple or value[0] == value[1] or name == "remarks alike"


def list_differences(mine, other):
    """Return which submissions differ in a mark or a verdict, and which in remarks alone."""
    marks, remarks = [], []
    for name in mine:
        for what, one in mine[name].items():
            two = other[name][what]
            if one != two:
                (marks if without_remarks(one) != without_remarks(two) else remarks).append(f"{name}, {what}")
    return marks, remarks


def without_remarks(result):
    """Return what is said of a submission, but for remarks on what is right."""
    if not isinstance(result, dict):
        return result
    return {
        name: (outcome, verdict | {"remarks": ()}, score)
        for name, (outcome, verdict, score) in result.items()
    }


def set_up(kind):
    """Have all that a sandbox needs on this machine, and use it once."""
    if kind == "wasm":
        webassembly.prepare()
    grade_texts({"sigmoid": "def sigmoid(z):\n    return z"}, ("sigmoid",), kind, 0)


def count_lines(kind):
    """Return how many lines a sandbox has that the other one does without."""
    paths = [ROOT / "tools" / "grade" / f"{name}.py" for name in MODULES[kind]]
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def count(right):
    """Return how many are right, of how many."""
    right = list(right)
    return sum(right), len(right)


def grade_texts(files, names, kind, slot):
    """Return (outcome, verdict, score) of exercises, for texts of functions or the files of a notebook."""
    from seqgrad.check.exercises import list_exercises
    from tests.grade.test_mark import write
    from tests.graders import Text
    from tools.course.chapters import Exercise
    from tools.grade.collect import Submission
    from tools.grade.mark import Grader, mark

    exercises = tuple(Exercise(name, "04_lstm_forward", 20, "4.1") for name in names)
    withheld = tuple(one.name for one in list_exercises())
    grader = Grader("seqgrad 04", exercises, withheld, bytes(32), sandbox=kind)
    if not any(name.endswith((".py", ".ipynb", ".json")) for name in files):
        files = {"04_lstm.py": write(files)}
    submission = Submission("anna", tuple((name, Text(text)) for name, text in files.items()))
    rows = mark(grader, submission, slot)["exercises"]
    return {row["name"]: (row["outcome"], row["verdict"], row["score"]) for row in rows}


def grade_task(kind, task, slot):
    """Return what is said of a task (name, files, names), for a process of the engine."""
    return grade_texts(task.files, task.names, kind, slot)


class Task:
    """What a process of the engine marks: texts, the exercises in them, and whose they are."""

    def __init__(self, student, files, names):
        self.student, self.files, self.names = student, files, names


def make_sets(sample):
    """Return the sets of submissions: for each, by name, the tasks."""
    from tests.grade.test_mark import KNOWN, ROUNDS, change
    from tests.learners import TEXTS, odd

    mistakes = [Task(name, change(one[0], *one[1:]), (one[0],)) for name, one in KNOWN.items()]
    right = [Task(f"round {number}", TEXTS | one, tuple(one)) for number, one in enumerate(ROUNDS)]
    strange = [Task(name, files, odd.ASKED) for name, files in odd.ODD.items()]
    sets = {"known mistakes": mistakes, "correct variants": right, "odd notebooks": strange}
    every = {name: max(1, len(tasks) // sample) if sample else 1 for name, tasks in sets.items()}
    return {name: tasks[:: every[name]] for name, tasks in sets.items()}


def grade_sets(kind, sample):
    """Return for each set, by the name of a submission, what is said of it."""
    from tools.grade.engine import mark_locally

    found = {}
    for name, tasks in make_sets(sample).items():
        marked = mark_locally(functools.partial(grade_task, kind), tasks, os.cpu_count())
        found[name] = {task.student: result for task, result in marked}
    return found


def has_right_marks(name, result):
    """Say whether a submission of a set has the marks that it deserves."""
    if not isinstance(result, dict):
        return False
    outcomes = {outcome for outcome, *_ in result.values()}
    return outcomes <= {"wrong", "raised"} if name == "known mistakes" else outcomes == {"passed"}


# How fast.


def grade_class(folder, kind, size):
    """Return the figures of a class of correct submissions, no two of them the same."""
    folder.mkdir()
    submissions, column = grade.hand_in(folder / "submissions", size), {}
    for jobs, heading in {1: "one core", os.cpu_count(): "all cores"}.items():
        out = folder / f"results-{jobs}"
        run = grade.measure_grade(submissions, out, "--jobs", str(jobs), "--sandbox", kind)
        column[f"a second, {heading}"] = size / run.seconds
        column[f"peak MB, {heading}"] = run.bytes / 1e6
    column["CPU s each"] = run.cpu / size
    column["class, marks right"] = count(
        json.loads(one.read_text())["score"] > 0 for one in out.glob("*.json")
    )
    return column


def print_table(columns):
    """Print a column for each sandbox."""
    print(f"{'sandboxes':32}" + "".join(f"{NAMES[kind]:>14}" for kind in columns))
    for name in next(iter(columns.values())):
        cells = [column[name] for column in columns.values()]
        words = [f"{cell[0]} of {cell[1]}" if type(cell) is tuple else f"{cell:.2f}" for cell in cells]
        print(f"  {name:30}" + "".join(f"{word:>14}" for word in words), flush=True)
