"""The measure of the tests, measured: what it counts, and how it tells."""

import shutil
import subprocess

import pytest

pytest.importorskip("resource", reason="the measure starts a process for each edit, as POSIX systems can")

from tests import changes, strength  # noqa: E402
from tests.changes import draw_sample, find_tests, list_changes, try_change  # noqa: E402
from tests.learners.edits import Edit  # noqa: E402
from tests.marks import exhaustive  # noqa: E402
from tests.strength import BROKEN, MISSED, NOTICED, OF_MACHINERY, SAME, outcome, report  # noqa: E402

MODULE = '''\
"""A module."""


def grade(points: int | None, most=3) -> "int | str":
    """Say "passed" or the points."""
    if points is None or points < 0:
        raise ValueError("no points")
    total = points - 1
    total += 1
    return "passed" if total >= most else f"{total + 0}"


def count(lists):
    return [len(part) for part in lists if part]
'''

TESTS = """\
from tools.grade.points import grade


def test_three_points_are_enough():
    assert grade(3) == grade(4) == "passed"
    assert grade(2) == "2"


def test_a_wrong_test():
    assert grade(2, 1) != "passed"
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with one module that its tests hold in part, and two that no test holds."""
    if not shutil.which("git"):
        pytest.skip("git is not installed, which lists the files of a project")
    files = {"tools/grade/points.py": MODULE, "tools/grade/a.py": "A = 1\n", "tools/b.py": "B = 2\n"}
    files |= {"tests/grade/test_points.py": TESTS.partition("\n\n\ndef test_a_wrong")[0]}
    files |= dict.fromkeys(("tests/grade/test_a.py", "tools/__init__.py", "tools/grade/__init__.py"), "")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for module in (changes, strength):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(strength, "RESULTS", tmp_path / ".strength")
    return tmp_path


def change_to(after):
    """Return the change of the module that writes a text."""
    found = list_changes("tools/grade/points.py", MODULE)
    return next(change for change in found if change.after == after)


def test_the_report_counts_edits_and_lists_those_that_nobody_noticed():
    edit = Edit("rnn_backward", 203, "da[:, :, t]", "da[:, :, t + 1]", "one step later", "")
    other = Edit("softmax", 41, "x", "e", "e for x", "")
    text, share = report(["softmax", "rnn_backward"], [(edit, NOTICED), (other, SAME), (edit, MISSED)])
    assert text.splitlines() == [
        "function                      edits  change a result  noticed",
        "softmax                           1                0        0",
        "rnn_backward                      2                2        1",
        "all                               3                2        1",
        "not noticed: seqgrad/rnn.py:203  da[:, :, t] -> da[:, :, t + 1]",
        "50.0 of 100 edits that change a result are noticed; the goal is 95.",
    ]
    assert share == 50


def test_an_edit_that_runs_for_ever_is_noticed():
    killed = 24  # the status of a process that was stopped for its use of time
    assert outcome(killed) == NOTICED
    assert [outcome(code << 8) for code in (MISSED, NOTICED, SAME)] == [MISSED, NOTICED, SAME]


def test_every_kind_of_change_is_made_and_none_in_a_docstring_a_hint_or_within_an_f_string():
    made = {
        (change.line, change.kind, change.before, change.after) for change in list_changes("x.py", MODULE)
    }
    assert made == {
        (4, "number plus one", "3", "4"),
        (6, "condition negated", "points is None or points < 0", "(not (points is None or points < 0))"),
        (6, "and, or", "points is None or points < 0", "(points is None and points < 0)"),
        (6, "comparison turned", "points is None", "(points is not None)"),
        (6, "comparison turned", "points < 0", "(points > 0)"),
        (6, "number plus one", "0", "1"),
        (7, "statement removed", 'raise ValueError("no points")', "pass"),
        (7, "string emptied", '"no points"', '("")'),
        (8, "operator exchanged", "points - 1", "(points + 1)"),
        (8, "number plus one", "1", "2"),
        (9, "statement removed", "total += 1", "pass"),
        (9, "number plus one", "1", "2"),
        (10, "return of None", 'return "passed" if total >= most else f"{total + 0}"', "return None"),
        (10, "condition negated", "total >= most", "(not (total >= most))"),
        (10, "comparison turned", "total >= most", "(total <= most)"),
        (10, "string emptied", '"passed"', '("")'),
        (10, "string emptied", 'f"{total + 0}"', '("")'),
        (14, "return of None", "return [len(part) for part in lists if part]", "return None"),
        (14, "condition negated", "part", "(not (part))"),
    }
    for change in list_changes("x.py", MODULE):
        compile(change.source, "x.py", "exec")


def test_a_seed_draws_the_same_changes_even_where_lines_have_moved(project):
    (project / "tools/grade/a.py").write_text(MODULE.replace("grade", "value"))
    drawn = draw_sample(["tools"], 12, 1)
    assert drawn == draw_sample(["tools"], 12, 1) != draw_sample(["tools"], 12, 2)
    file = project / "tools/grade/points.py"
    file.write_text("# A line more.\n" + file.read_text())
    assert [str(change).split("  ")[1] for change in draw_sample(["tools"], 12, 1)] == [
        str(change).split("  ")[1] for change in drawn
    ]


def test_a_sample_takes_from_each_folder_its_share_and_from_each_kind_alike(project):
    few, many = list(list_changes("", MODULE)), MODULE + "NUMBERS = [" + "7, " * 19 + "]\n"
    (project / "tools/b.py").write_text(many)
    assert (len(few), len(list(list_changes("", many)))) == (19, 38)
    drawn = draw_sample(["tools"], 12, 1)  # and one change in a.py
    assert [change.group for change in drawn] == 8 * ["tools"] + 4 * ["tools/grade"]
    assert {change.kind for change in drawn if change.group == "tools"} == {change.kind for change in few}


def test_the_nearest_tests_of_a_file_come_first():
    found = find_tests("seqgrad/check/running/limit.py")
    assert found[0] == "tests/check/running/test_limit.py"
    assert {path.rsplit("/", 1)[0] for path in found[:4]} == {"tests/check/running"}
    assert "tests/check/naming/test_printout.py" in found
    assert find_tests("seqgrad/check/reading/cells.py")[0] == "tests/check/reading/test_cells.py"
    assert find_tests("tools/owned.py")[0] == "tests/test_owned.py"
    assert "tests/students/test_roster.py" in find_tests("tools/students/roster.py")
    assert not [path for path in find_tests("tools/course/lab.py") if "browser" in path]


@exhaustive
def test_a_change_is_noticed_if_a_test_fails_with_it_and_passes_without_it(project):
    assert try_change(change_to("return None"))
    assert not try_change(change_to("(points is None and points < 0)"))
    (project / "tests/grade/test_points.py").write_text(TESTS)
    with pytest.raises(RuntimeError, match="a test of tools/grade/points.py fails without any change, too"):
        try_change(change_to("(points is None and points < 0)"))


def test_a_measure_that_was_stopped_goes_on_where_it_was(project, monkeypatch):
    tried = project / "tried"
    tried.touch()

    def fake(change):
        with tried.open("a") as file:
            print(change.file, file=file)
        if change.file.endswith("a.py"):
            raise RuntimeError("cannot be tried")
        return change.file.endswith("points.py")

    monkeypatch.setattr(strength, "try_change", fake)
    first = strength.measure_machinery(["tools/grade"], 18, 1)
    assert sorted(found for _, found in first) == 17 * [NOTICED] + [BROKEN]
    assert strength.measure_machinery(["tools/grade"], 18, 1) == first
    assert len(tried.read_text().split()) == 18 + 1  # what could not be tried is tried again


def test_what_survived_is_tried_again_when_its_tests_are_other_ones(project, monkeypatch):
    tests = project / "tests/grade/test_a.py"
    monkeypatch.setattr(strength, "try_change", lambda change: "A" in tests.read_text())
    for text, found in (("", MISSED), ("A == 1", NOTICED), ("", NOTICED)):
        tests.write_text(text)
        assert [entry[1] for entry in strength.measure_machinery(["tools/grade/a.py"], 1, 1)] == [found]


def test_the_report_of_a_sample_counts_by_folder():
    found = [(change_to("return None"), NOTICED), (change_to("(points > 0)"), MISSED)]
    text, share = report(["tools/grade"], [*found, (change_to("4"), BROKEN)], OF_MACHINERY)
    assert text.splitlines() == [
        "folder                      changes            tried  noticed",
        "tools/grade                       3                2        1",
        "all                               3                2        1",
        "not noticed: tools/grade/points.py:6  points < 0 -> (points > 0)",
        "not tried, since the same test fails without it: tools/grade/points.py:4  3 -> 4",
        "50.0 of 100 changes are noticed; the goal is 85.",
    ]
    assert share == 50


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["softplus"], "softplus is none of softmax, sigmoid"),
        (["--sample", "5", "nowhere"], "There is no nowhere."),
    ],
)
def test_what_is_not_there_is_named(arguments, words, capsys):
    with pytest.raises(SystemExit):
        strength.main(arguments)
    assert words in capsys.readouterr().err
