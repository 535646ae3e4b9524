"""What is right in Jupyter is right everywhere, however it is written, pasted, imported and saved."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seqgrad import check as checks
from seqgrad.check.exercises import list_exercises
from seqgrad.check.reading.cells import read_cells
from tests.graders import Text
from tests.learners.odd import ASKED, ODD
from tests.marks import exhaustive, sample
from tests.session import open_session
from tools.course.chapters import Exercise
from tools.grade.collect import Submission
from tools.grade.engine import take_slot
from tools.grade.mark import Grader, mark
from tools.reader import judge
from tools.release import bundle, notebooks, package

ROOT = Path(__file__).parents[3]
EXERCISES = tuple(Exercise(name, "04_lstm_forward", 15, "4.1") for name in ASKED)
IN_JUPYTER = [what for what in ODD if what not in ("a name used again, without checks", "numba")]


def lay_out(folder, files):
    """Write files in a folder; return where the notebook is."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / next(name for name in files if "04_lstm_forward" in name)


@pytest.mark.parametrize("what", sample(ODD, 12))
def test_tools_check_gives_it_all_points(what, tmp_path):
    path = lay_out(tmp_path, ODD[what])
    notes, worths = judge.judge(path, EXERCISES)
    assert [(worth.verdict.outcome, worth.earned) for worth in worths] == [("passed", 15)] * 2, notes


@pytest.mark.parametrize("what", sample(IN_JUPYTER, 23))
def test_it_is_right_in_jupyter(what, tmp_path, monkeypatch):
    path, verdicts = lay_out(tmp_path, ODD[what]), {}

    def keep(function, name=None):
        verdicts[name or function.__name__] = checks.check(function, name)

    monkeypatch.chdir(path.parent)
    monkeypatch.syspath_prepend(str(path.parent))
    before = set(sys.modules)
    with open_session() as shell:
        shell.user_ns["check"] = keep
        for cell in read_cells(path.name, path.read_bytes())[0]:
            shell.run_cell(cell.source, store_history=True)
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    assert {name: verdict.outcome for name, verdict in verdicts.items()} == dict.fromkeys(ASKED, "passed")


@pytest.mark.parametrize("what", sample(ODD, 99))
def test_grade_gives_it_all_points(what, shown):
    withheld = tuple(one.name for one in list_exercises())
    files = tuple((name, Text(content)) for name, content in ODD[what].items())
    grader = Grader("seqgrad 04", EXERCISES, withheld, bytes(32))
    result = mark(grader, Submission("anna", files), take_slot(), shown)
    assert result["score"] == result["points"], result["notes"]


JUDGE = """
import json, sys
from pathlib import Path
from tools.reader import judge
known = judge.read_list(Path(sys.argv[1]))
for what, name in json.load(sys.stdin).items():
    _, worths = judge.judge(Path(name), known)
    print(json.dumps([what, [[one.verdict.exercise, one.verdict.outcome, one.earned] for one in worths]]))
"""


@exhaustive
def test_a_release_says_the_same(tmp_path):
    """Of odd notebooks all points, of known mistakes what the course's own check says."""
    from tests.grade.test_mark import KNOWN, change, run_notebook

    plan = notebooks.plan_release(ROOT, ["04"])
    package.write_package(tmp_path / "package", plan.withheld, plan.exercises)
    files = bundle.collect_files(ROOT, plan, notebooks.make_notebooks(ROOT, plan), tmp_path / "package")
    for name, content in files.items():
        (tmp_path / "release" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "release" / name).write_bytes(content)

    paths = {what: str(lay_out(tmp_path / f"odd-{n}", ODD[what])) for n, what in enumerate(ODD)}
    expected = {what: [[name, "passed", 15] for name in ASKED] for what in ODD}
    for identity, (function, *changes) in KNOWN.items():
        if function in ASKED:
            texts = change(function, *changes)
            path = tmp_path / identity / "04_lstm_forward.py"
            path.parent.mkdir()
            path.write_text("".join(f"# %%\n{text}\n" for text in ["import numpy as np", *texts.values()]))
            names = run_notebook(texts)
            paths[identity] = str(path)
            points = [checks.check(names[name]).points(15) for name in ASKED]
            expected[identity] = [[one.verdict.exercise, one.verdict.outcome, one.earned] for one in points]
    place = tmp_path / "release"
    command = [sys.executable, "-P", "-c", JUDGE, place]
    done = subprocess.run(
        command, input=json.dumps(paths), env={"PYTHONPATH": str(place)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert dict(map(json.loads, done.stdout.splitlines())) == expected
