"""Nothing that a person made is replaced or removed by a build; a file that cannot be read stops no other."""

import contextlib
import json
import os

import pytest

from tests.marks import sample
from tests.small_project import edit, generated, make, run_by_hand, work_in
from tools import Refusal
from tools.course import build, join, kernels, lab, option, pairs, validate
from tools.course import test as verb
from tools.writing import write

SOLUTION = "notebooks/solutions/01_divide"


@pytest.fixture
def root(tmp_path):
    """Return a small project, built."""
    return make(tmp_path)


def copy_of(root, name):
    """Copy the exercise as JupyterLab's Duplicate does; return the path of the copy's notebook."""
    for suffix in pairs.SUFFIXES:
        text = pairs.read(root / f"notebooks/exercises/01_divide{suffix}")
        write(root / f"notebooks/exercises/{name}{suffix}", text)
    return root / f"notebooks/exercises/{name}.ipynb"


@pytest.mark.parametrize("name", ["01_divide-Copy1", "my own", "01_divide_mine_1"])
@pytest.mark.parametrize("executed", [False, True])
def test_a_copy_of_an_exercise_stays_whatever_it_is_called_and_whether_it_was_run(root, name, executed):
    if executed:
        run_by_hand(root, "exercises/01_divide.ipynb")
    copy = copy_of(root, name)
    before = copy.read_bytes(), copy.with_suffix(".py").read_bytes()
    for tidy in (False, True):
        build.build(root, tidy)
    (root / "notebooks/source/01_divide.py").unlink()
    build.build(root)
    assert (copy.read_bytes(), copy.with_suffix(".py").read_bytes()) == before


def test_an_exercise_that_was_run_stays_when_its_chapter_is_gone(root):
    run_by_hand(root, "exercises/01_divide.ipynb")
    before = generated(root)
    (root / "notebooks/source/01_divide.py").unlink()
    build.build(root)
    assert generated(root) == {path: text for path, text in before.items() if path.startswith("exercises/01")}


def test_a_link_to_an_exercise_is_removed_and_what_it_leads_to_is_not(root, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "01_divide.ipynb"
    path = root / "notebooks/exercises/01_divide.ipynb"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    (root / "notebooks/source/01_divide.py").unlink()
    build.build(root)
    assert not os.path.lexists(path) and elsewhere.read_bytes() == before


@pytest.mark.parametrize("half", [".ipynb", ".py"])
def test_a_solution_that_was_changed_by_hand_is_kept_beside_the_new_one(root, capsys, half):
    run_by_hand(root, "solutions/01_divide.ipynb")
    whole = generated(root)
    edit(root, f"notebooks/solutions/01_divide{half}", "/ 2", "/ 3")
    mine = generated(root)[f"solutions/01_divide{half}"]
    capsys.readouterr()
    build.build(root)
    assert generated(root)[f"solutions/01_divide_mine_1{half}"] == mine
    assert generated(root)[f"solutions/01_divide{half}"].count(b"/ 2") == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        f"{SOLUTION} was changed by hand; that is now {SOLUTION}_mine_1.",
        f"wrote {SOLUTION}.ipynb and .py",
    ]
    if half == ".py":  # what the notebook printed is still true
        assert {**generated(root)} == {**whole, "solutions/01_divide_mine_1.py": mine}


def test_a_solution_that_cannot_be_read_is_out_of_date_and_stops_no_test(root):
    (root / f"{SOLUTION}.ipynb").write_text('{"cells": [')
    assert build.list_stale(root)[0].startswith(f"{SOLUTION}.ipynb: changed by hand; `build` writes it anew")
    assert verb.list_never_run(root) == []
    build.build(root)
    assert (root / f"{SOLUTION}_mine_1.ipynb").read_text() == '{"cells": ['
    assert len(verb.list_never_run(root)) == 1


class Stopped(Exception):
    """Raised in place of what a verb does after it has built."""


def stop(*arguments, **options):
    raise Stopped


VERBS = {
    "build": (build, []),
    "build --fresh": (build, ["--fresh", "01"]),
    "validate": (validate, []),
    "lab": (lab, ["--no-browser"]),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("half", sample([".ipynb", ".py", "both"], 3))
def test_work_in_an_exercise_survives_every_verb_that_builds(root, monkeypatch, verb, half):
    module, arguments = VERBS[verb]
    monkeypatch.setattr(option, "ROOT", root)
    monkeypatch.setattr(kernels, "run_all", lambda paths, timeout, root: [])
    monkeypatch.setattr("jupyterlab.labapp.LabApp.initialize_server", stop)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    for suffix in pairs.SUFFIXES:
        path = f"notebooks/exercises/01_divide{suffix}"
        if half in ("both", suffix):
            edit(root, path, "half = None", "half = x / 2")
        else:  # with its old bytes, and a newer time, as git and backups leave it
            os.utime(root / path, (4e9, 4e9))
    edit(root, "notebooks/source/01_divide.py", "By two.", "By 2.")
    for _ in range(2):
        with contextlib.suppress(Stopped):
            assert module.main(arguments) == 0
    kept = [path for path, text in generated(root).items() if b"half = x / 2" in text]
    assert [path for path in kept if path.startswith("exercises")]
    assert b"By 2." in generated(root)["solutions/01_divide.py"]


# Notebooks as other programs write them, and as accidents leave them.


def as_json(root):
    """Return the exercise as JSON."""
    return json.loads(pairs.read(root / "notebooks/exercises/01_divide.ipynb"))


def without(notebook, *keys):
    """Return a notebook whose cells lack some keys."""
    cells = [{key: value for key, value in cell.items() if key not in keys} for cell in notebook["cells"]]
    return notebook | {"cells": cells}


def keyless(notebook, *keys):
    return {key: value for key, value in notebook.items() if key not in keys}


OTHERS = {
    "without nbformat_minor": lambda notebook: keyless(notebook, "nbformat_minor"),
    "without nbformat": lambda notebook: keyless(notebook, "nbformat", "nbformat_minor"),
    "without outputs": lambda notebook: without(notebook, "outputs", "execution_count"),
    "without ids": lambda notebook: without(notebook, "id") | {"nbformat_minor": 4},
    "without metadata of cells": lambda notebook: without(notebook, "metadata"),
    "all of it at once": lambda notebook: keyless(
        without(notebook, "outputs", "execution_count", "id", "metadata"), "nbformat", "nbformat_minor"
    ),
    "sources as texts": lambda notebook: (
        notebook | {"cells": [cell | {"source": "".join(cell["source"])} for cell in notebook["cells"]]}
    ),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("variant", sample(["exercises", "solutions"], 2))
def test_notebooks_as_other_programs_write_them_are_read(root, variant, other):
    path = root / f"notebooks/{variant}/01_divide.ipynb"
    whole, script = path.read_bytes(), path.with_suffix(".py").read_bytes()
    path.write_text(json.dumps(OTHERS[other](json.loads(whole))), encoding="utf-8")
    join.join_halves(root)
    build.build(root)
    assert (path.read_bytes(), path.with_suffix(".py").read_bytes()) == (whole, script)


BROKEN = {
    "cut off": (lambda data: data[: len(data) // 2], "is cut off or damaged in line"),
    "binary": (lambda data: b"\x81\x8d\0\1", "is not text in a known encoding; save it again as "),
    "of ten thousand cells": (
        lambda data: json.dumps({"cells": 10_000 * [{"cell_type": "code", "source": ""}]}).encode(),
        "has 10,000 cells, and 2,000 are read at most",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_notebook_that_cannot_be_read_stays_and_is_told_and_the_others_are_built(root, capsys, how):
    change, reason = BROKEN[how]
    path = root / "notebooks/exercises/01_divide.ipynb"
    path.write_bytes(change(path.read_bytes()))
    before = path.read_bytes()
    edit(root, "seqgrad/small.py", "/ 2", "* 0.5")
    capsys.readouterr()
    build.build(root)
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"notebooks/exercises/01_divide.ipynb {reason}")
    assert first.endswith(
        "and stays as it is: `python3 -m tools lab` mends it from its other half if that can be read, and "
        "`python3 -m tools build --fresh 01_divide` puts the new one in its place and keeps yours beside it."
    )
    assert second == "wrote notebooks/solutions/01_divide.ipynb and .py"
    assert path.read_bytes() == before
    assert build.list_stale(root)[0] == "notebooks/exercises/01_divide.ipynb: cannot be read"


@pytest.mark.parametrize("half", [".ipynb", ".py"])
def test_an_empty_half_is_written_anew_unless_the_other_one_holds_work(root, capsys, half):
    whole = generated(root)
    path = root / f"notebooks/exercises/01_divide{half}"
    path.write_bytes(b"\n")
    build.build(root)
    assert generated(root) == whole
    work_in(root)
    path.write_bytes(b"")
    before = generated(root)
    capsys.readouterr()
    build.build(root)
    assert generated(root) == before
    assert capsys.readouterr().out.startswith(
        f"notebooks/exercises/01_divide{half} is empty, and stays as it is: "
    )


def test_what_is_no_file_stays_and_is_told(root, capsys):
    path = root / "notebooks/exercises/01_divide.ipynb"
    path.unlink()
    path.mkdir()
    (path / "thesis.txt").touch()
    capsys.readouterr()
    for tidy in (False, True):
        build.build(root, tidy)
        told = capsys.readouterr().out
        assert told.startswith(
            "notebooks/exercises/01_divide.ipynb cannot be read: Is a directory, and stays "
        )
    assert (path / "thesis.txt").exists()


def test_a_half_that_is_missing_is_written_and_what_the_other_one_printed_stays(root):
    run_by_hand(root, "exercises/01_divide.ipynb")
    before = generated(root)
    (root / "notebooks/exercises/01_divide.py").unlink()
    build.build(root, tidy=False)
    assert generated(root) == before


def test_a_disk_that_is_full_is_told_in_a_sentence(root, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    edit(root, "seqgrad/small.py", "/ 2", "* 0.5")
    before = generated(root)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal, match=r"01_divide.ipynb cannot be written: No space left on device.$"):
        build.build(root)
    assert generated(root) == before
