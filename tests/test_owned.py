"""What we did not make we do not empty: whatever a person has at a place where we write stays as it is."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.marks import sample
from tools import Refusal, environment, owned, peers
from tools.__main__ import VERBS

ROOT = Path(__file__).parent.parent
SITE = {"index.html": "new", "chapters/01.html": "new", "_static/a/b.css": "new"}


def fill(folder, files):
    """Write files, {name: text}; return the folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def contents(folder):
    """Return all files of a folder but our mark, {name: text}; of a file its text."""
    if not folder.is_dir():
        return folder.read_text() if folder.exists() else None
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".seqgrad-"))
    return {path.relative_to(folder).as_posix(): path.read_text("latin-1") for path in paths}


@pytest.fixture
def made(tmp_path):
    """Return a folder with what is to be written."""
    return fill(tmp_path / "made", SITE)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


# A folder in which some files are to be written.


def test_a_folder_may_be_missing_or_empty_or_hold_other_files(out):
    owned.check(out, "gradebook", ["gradebook.csv"])
    out.mkdir()
    owned.check(out, "gradebook")
    fill(out, {"thesis.txt": "mine"})
    owned.check(out, "gradebook", ["gradebook.csv", "gradescope/anna/results.json"])


@pytest.mark.parametrize("name", ["gradebook.csv", "gradescope"])
def test_a_file_that_is_in_the_way_is_refused_unless_the_folder_is_ours(out, name):
    fill(out, {f"{name}/x" if name == "gradescope" else name: "mine"})
    names = ["gradebook.csv", "gradescope/anna/results.json"]
    with pytest.raises(Refusal) as refused:
        owned.check(out, "gradebook", names)
    assert str(refused.value) == (
        f"{out} holds {name}, and not the mark of a folder that `python3 -m tools gradebook` has filled: "
        "name another folder, or move that away."
    )
    owned.mark(out, "site")
    with pytest.raises(Refusal):
        owned.check(out, "gradebook", names)
    owned.mark(out, "gradebook")
    owned.check(out, "gradebook", names)


def test_a_file_where_a_folder_should_be_is_refused(out):
    out.write_text("mine")
    with pytest.raises(
        Refusal, match="out cannot be written: it is not a folder. Name another one, or move it"
    ):
        owned.check(out, "site")


# A folder that is filled anew.


def test_a_second_filling_replaces_and_removes_what_the_first_has_written_and_nothing_else(out, made):
    owned.replace(out, made, "site")
    fill(out, {"CNAME": "mine", "chapters/own.html": "mine", ".git/config": "mine"})
    shutil.rmtree(made / "_static")
    fill(made, {"chapters/01.html": "newer", "chapters/02.html": "newer"})
    owned.replace(out, made, "site")
    assert contents(out) == {
        "index.html": "new",
        "chapters/01.html": "newer",
        "chapters/02.html": "newer",
        "CNAME": "mine",
        "chapters/own.html": "mine",
        ".git/config": "mine",
    }
    assert not (out / "_static").exists()


def test_a_file_that_somebody_has_put_where_a_new_one_goes_is_refused(out, made):
    owned.replace(out, made, "site")
    fill(out, {"about.html": "mine"})
    fill(made, {"about.html": "new", "index.html": "newer"})
    with pytest.raises(Refusal, match="about.html was not made by `python3 -m tools site`: move it away"):
        owned.replace(out, made, "site")
    assert contents(out) == SITE | {"about.html": "mine"}


@pytest.mark.parametrize("files", [{"thesis.txt": "mine"}, {"searchindex.js": "of another site"}])
def test_a_folder_with_anything_in_it_and_without_our_mark_is_refused(out, made, files):
    fill(out, files)
    with pytest.raises(Refusal):
        owned.replace(out, made, "site")
    assert contents(out) == files


def test_a_link_is_never_followed_in_order_to_remove(out, made, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    owned.replace(elsewhere, made, "site")
    out.symlink_to(elsewhere)
    with pytest.raises(Refusal, match="out is a link: name the folder that it leads to"):
        owned.replace(out, made, "site")
    out.unlink()
    owned.replace(out, made, "site")
    shutil.rmtree(out / "_static")
    (out / "_static").symlink_to(elsewhere / "_static")
    shutil.rmtree(made / "_static")
    owned.replace(out, made, "site")
    assert contents(elsewhere) == SITE


@pytest.mark.parametrize("name", ["../thesis.txt", "/{}/thesis.txt", "chapters/../../thesis.txt"])
def test_a_mark_that_names_files_elsewhere_removes_none_of_them(out, made, tmp_path, name):
    fill(tmp_path, {"thesis.txt": "mine"})
    owned.mark(out, "site", [name.format(tmp_path)])
    owned.replace(out, made, "site")
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert contents(out) == SITE


def test_a_filling_that_breaks_off_is_ended_by_the_next_one(out, made, monkeypatch):
    owned.replace(out, made, "site")
    fill(made, {"index.html": "newer", "more.html": "newer"})
    (made / "chapters/01.html").unlink()
    copied = iter(range(1))

    def full(source, target):
        if next(copied, None) is None:
            raise OSError(28, "No space left on device")
        target.write(source.read())

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(shutil, "copyfileobj", full)
        owned.replace(out, made, "site")
    assert not [name for name in contents(out) if name.startswith(".")]
    owned.replace(out, made, "site")
    assert contents(out) == contents(made)


def test_a_folder_of_ours_is_cleared_and_links_in_it_are_not_followed(out, tmp_path):
    fill(tmp_path / "elsewhere", {"thesis.txt": "mine"})
    owned.mark(out, "environment")
    fill(out, {"lib/a": "ours", "b": "ours"})
    (out / "link").symlink_to(tmp_path / "elsewhere")
    (out / "lib/link").symlink_to(tmp_path / "elsewhere/thesis.txt")
    owned.clear(out, "environment")
    assert [path.name for path in out.iterdir()] == [".seqgrad-environment"]
    assert contents(tmp_path / "elsewhere") == {"thesis.txt": "mine"}


def test_a_folder_without_our_mark_and_a_link_to_one_with_it_are_not_cleared(out, tmp_path):
    fill(out, {"thesis.txt": "mine"})
    owned.mark(out, "site")
    ours = tmp_path / "ours"
    owned.mark(fill(ours, {"a": "ours"}), "environment")
    (tmp_path / "link").symlink_to(ours)
    for folder in (out, tmp_path / "link"):
        before = contents(folder)
        with pytest.raises(Refusal, match="was not made here, so it is not cleared"):
            owned.clear(folder, "environment")
        assert contents(folder) == before


# The environment.


@pytest.fixture
def project(tmp_path):
    """Return a copy of what is needed to begin, and a Python that has no packages."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, root)
    venv.create(tmp_path / "bare")
    return root, environment.locate_python(tmp_path / "bare")


def call(project, verb, **more):
    """Call a verb in a project as a person without the packages does; return what it complains of."""
    root, python = project
    alone = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SEQGRAD_VENV")}
    done = subprocess.run(
        [python, "-m", "tools", verb], cwd=root, env=alone | more, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    return done.stderr


def foreign(folder, kind):
    """Put something of a person's at the place of `.venv`; return the folder in which their files are."""
    theirs = folder.parent / "theirs" if "link" in kind else folder
    if kind == "a file":
        folder.write_text("mine")
    elif kind != "a link to nothing":
        venv.create(theirs, symlinks=True)
        fill(theirs, {"lib/site-packages/own.py": "mine"})
    if "made by us" in kind:
        fill(theirs, {"stamp.json": '{"python": "3 11", "root": "elsewhere", "pinned": "5e"}'})
        owned.mark(theirs, "environment")
    if "link" in kind:
        folder.symlink_to(theirs)
    return theirs


KINDS = ["a person's own", "a link to another one", "a link to one made by us", "a link to nothing", "a file"]


@pytest.mark.parametrize("kind", sample(KINDS, 5))
def test_an_environment_that_we_did_not_make_survives_every_verb(project, kind):
    place = project[0] / ".venv"
    theirs = foreign(place, kind)
    before = contents(theirs)
    what = "is a link" if "link" in kind else "was not made by python3 -m tools"
    for verb in VERBS:
        assert call(project, verb) == (
            f"{place} {what}, so it stays as it is: activate it and install what is needed with "
            '`pip install -e ".[course,test]"`, or name another folder in SEQGRAD_VENV, or move it away, and '
            "call again.\n"
        )
    assert contents(theirs) == before
    assert os.path.islink(place) == ("link" in kind)


def test_another_place_may_be_named_and_is_asked_the_same(project, tmp_path):
    foreign(project[0] / ".venv", "a person's own")
    other = fill(tmp_path / "home", {"thesis.txt": "mine"})
    assert call(project, "build", SEQGRAD_VENV=str(other)).startswith(
        f"{other} was not made by python3 -m tools"
    )
    assert contents(other) == {"thesis.txt": "mine"}


@pytest.mark.parametrize("kind", ["missing", "empty", "begun"])
def test_an_environment_is_made_where_nothing_is_and_where_we_began_one(project, tmp_path, kind, monkeypatch):
    place = tmp_path / "named"
    monkeypatch.setenv("SEQGRAD_VENV", str(place))
    assert environment.locate_environment(project[0]) == place
    if kind == "empty":
        place.mkdir()
    if kind == "begun":
        owned.mark(fill(place, {"lib/half": "ours"}), "environment")
    expected = {"missing": "missing", "empty": "missing", "begun": "unfinished"}[kind]
    assert environment.find_condition(place, project[0]) == expected
    environment.make(place, project[0], pip=[sys.executable, "-c", "pass"])
    assert environment.find_condition(place, project[0]) == "ready"
    assert not (place / "lib/half").exists()


@pytest.mark.parametrize(
    ("files", "ours"),
    [
        ({"thesis.txt": "mine"}, False),
        ({"bin/python": "mine", "stamp": "mine"}, False),
        ({"bin/python": "old", "stamp": "['numpy==1.*']"}, True),
        ({".seqgrad-test": "", "bin/python": "half made"}, True),
    ],
)
def test_an_environment_beside_ours_is_made_anew_only_if_we_made_it(tmp_path, monkeypatch, files, ours):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    place = fill(tmp_path / "peers/lowest", files)

    def fail(command, **how):
        raise OSError("no network")

    monkeypatch.setattr(subprocess, "run", fail)
    if ours:
        assert peers.find_environment("lowest", ["numpy==2.0.*"], fetch=True) is None
        assert contents(place) == {}
    else:
        with pytest.raises(Refusal, match="not the mark of a folder that `python3 -m tools test` has"):
            peers.find_environment("lowest", ["numpy==2.0.*"], fetch=True)
        assert contents(place) == files


def test_a_lock_of_somebody_elses_is_not_emptied(project):
    theirs = project[0].parent / "thesis.txt"
    theirs.write_text("mine")
    (project[0] / ".venv.lock").symlink_to(theirs)
    with environment.hold_lock(project[0] / ".venv.lock"):
        assert theirs.read_text() == "mine"


@pytest.mark.parametrize("stamp", ["[]", "{}", "null", '{"python": 1}', "[" * 100_000, "\x00"])
def test_a_stamp_that_is_none_of_ours_makes_nothing_ours(project, stamp):
    place = fill(project[0] / ".venv", {"stamp.json": stamp, "thesis.txt": "mine"})
    assert environment.find_condition(place, project[0]) == "foreign"
