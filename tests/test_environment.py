"""The environment is made once, mended when something is wrong with it, and never trusted half-made."""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tools import Refusal, __main__, environment

ROOT = Path(__file__).parent.parent
FILES = ("pyproject.toml", "requirements.lock")
DOES_NOTHING = [sys.executable, "-c", "pass"]


def complains(text):
    """Return a command that stands for a pip which gives up with these words."""
    return [sys.executable, "-c", f"import sys; sys.exit({text!r})"]


@pytest.fixture
def root(tmp_path):
    """Return a folder that has what an environment is made from."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(root, pip=DOES_NOTHING, **more):
    """Make the environment with a command that stands for pip; return its state."""
    environment.make(root / ".venv", root, pip=pip, **more)
    return environment.find_condition(root / ".venv", root)


def test_an_environment_is_made_and_the_stamp_says_what_of(root, capsys):
    assert environment.find_condition(root / ".venv", root) == "missing"
    assert make(root) == "ready"
    news, *_ = capsys.readouterr().out.splitlines()
    assert news == "Making the environment in .venv, once: about a minute and half a gigabyte."
    stamp = json.loads((root / ".venv/stamp.json").read_text())
    assert stamp["python"] == f"{sys.version_info[0]} {sys.version_info[1]}"
    assert stamp["root"] == str(root)


def test_an_environment_that_is_ready_is_left_alone(root, capsys):
    make(root)
    capsys.readouterr()
    assert make(root, pip=complains("this must not run")) == "ready"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        (
            "ERROR: Could not install packages: [Errno 28] No space left on device",
            "the disk is full; make room and call again.",
        ),
        (
            "WARNING: Retrying after NewConnectionError('Failed to establish a new connection')\n"
            "ERROR: Could not find a version that satisfies the requirement anyio==4 (from versions: none)",
            "the package index cannot be reached; connect to the network and call again.",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "a download is not what requirements.lock names; call again, and if it stays so, ask who serves "
            "you packages.",
        ),
        (
            "ERROR: Ignored the following versions that need another python: 2.4 Requires-Python >=3.12",
            "a pinned package does not exist for this Python; call another one by its name, as in "
            "`python3.12 -m tools lab`.",
        ),
        ("something\nERROR: the last word", "ERROR: the last word"),
        ("", "exit code 1"),
    ],
)
def test_what_pip_complains_of_is_one_sentence_and_the_next_call_begins_anew(
    root, capsys, complaint, sentence
):
    with pytest.raises(Refusal) as refusal:
        make(root, pip=complains(complaint or 1))
    assert str(refusal.value) == f"The environment cannot be made: {sentence}"
    assert environment.find_condition(root / ".venv", root) == "unfinished"
    assert make(root) == "ready"
    assert "Making .venv anew: its set-up was interrupted." in capsys.readouterr().out


def test_an_interrupted_set_up_is_not_trusted(root, monkeypatch):
    def interrupted(command, root):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(environment, "run_command", interrupted)
        make(root)
    assert environment.find_condition(root / ".venv", root) in ("missing", "unfinished")
    assert make(root) == "ready"


def test_a_changed_lock_or_project_table_updates_and_a_changed_style_does_not(root, capsys):
    make(root)
    kept = root / ".venv/kept"
    kept.touch()
    for name, old, new in (
        ("requirements.lock", "numpy==", "numpy==9"),
        ("pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"'),
    ):
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))
        assert environment.find_condition(root / ".venv", root) == "outdated"
        assert make(root) == "ready"
    assert (
        capsys.readouterr().out.count("Updating .venv: pyproject.toml or requirements.lock has changed.") == 2
    )
    assert kept.exists()

    text = (root / "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text(text.replace("line-length = 110", "line-length = 100"))
    assert environment.find_condition(root / ".venv", root) == "ready"


def test_an_update_that_is_interrupted_is_made_anew(root):
    make(root)
    (root / "requirements.lock").write_text("")
    with pytest.raises(Refusal):
        make(root, pip=complains("no"))
    assert environment.find_condition(root / ".venv", root) == "unfinished"


def test_an_environment_whose_python_is_gone_is_made_anew(root, capsys):
    make(root)
    python = environment.locate_python(root / ".venv")
    python.unlink()
    python.symlink_to(root / "gone")
    assert environment.find_condition(root / ".venv", root) == "broken"
    assert make(root) == "ready"
    assert "Making .venv anew: its Python is gone, or the project has moved." in capsys.readouterr().out


def test_an_environment_that_was_moved_is_made_anew(root, tmp_path_factory):
    make(root)
    moved = shutil.copytree(root, tmp_path_factory.mktemp("moved") / "project", symlinks=True)
    assert environment.find_condition(moved / ".venv", moved) == "broken"


def test_a_full_disk_is_told_before_anything_is_made(root):
    with pytest.raises(Refusal, match="^The environment takes half a gigabyte, .*; 12 MB are free.$"):
        make(root, free=12_345_678)
    assert not (root / ".venv").exists()


def test_a_folder_that_cannot_be_written_to_is_told(root):
    with pytest.raises(Refusal, match="cannot be made in .*: Not a directory.$"):
        environment.make(root / "pyproject.toml" / ".venv", root / "pyproject.toml")


def test_of_two_calls_at_once_the_second_waits_and_finds_it_ready(root, capsys):
    second = threading.Thread(target=make, args=(root,), kwargs={"pip": complains("it is there already")})
    with environment.hold_lock(root / ".venv.lock"):
        second.start()
        second.join(0.3)
        assert capsys.readouterr().out == "Another call is making the environment; waiting for it.\n"
        run_while_locked(root)
    second.join(30)
    assert capsys.readouterr().out == ""
    assert environment.find_condition(root / ".venv", root) == "ready"


def run_while_locked(root):
    """Make the environment as the call that holds the lock does."""
    venv = root / ".venv"
    environment.run_command([sys.executable, "-m", "venv", "--without-pip", str(venv)], root)
    (venv / "stamp.json").write_text(json.dumps(environment.stamp(venv, root)))


def test_without_a_pip_of_its_own_the_environment_is_filled_by_that_of_its_maker(root):
    make(root)  # with a stand-in for pip, so that .venv has none
    python = str(environment.locate_python(root / ".venv"))
    maker = str(root / "python-with-pip")
    Path(maker).write_text("#!/bin/sh\n")
    Path(maker).chmod(0o755)
    assert environment.find_installer(root / ".venv", maker) == [maker, "-I", "-m", "pip", "--python", python]
    with pytest.raises(
        Refusal, match="^This Python can neither .* `apt install python3-venv`, and call again.$"
    ):
        environment.find_installer(root / ".venv", python)


def test_here_everything_is_there_so_nothing_is_made(root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    environment.enter(["build"], root)
    assert not (root / ".venv").exists()
    assert os.environ["PYTHONPATH"] == f"{root}{os.pathsep}elsewhere"


def test_an_environment_of_ones_own_making_is_used_as_it_is(root, monkeypatch, capsys):
    (root / ".venv").mkdir()
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr(sys, "prefix", str(root / ".venv"))
    environment.enter(["build"], root)
    assert capsys.readouterr().out == ""


def test_what_is_missing_is_named():
    def version(name):
        if name == "jupytext":
            raise importlib.metadata.PackageNotFoundError
        return {"numpy": "1.26.4", "jupyterlab": "5.0.1"}.get(name) or importlib.metadata.version(name)

    assert [re.match(r"\w+", needed)[0] for needed in environment.list_missing(ROOT, version=version)] == [
        "numpy",
        "jupyterlab",
        "jupytext",
    ]


@pytest.mark.parametrize(
    ("requirement", "version", "met"),
    [
        ("numpy>=2.0,<3", "2.0", True),
        ("numpy>=2.0,<3", "2.10.1", True),
        ("numpy>=2.0,<3", "1.99", False),
        ("numpy>=2.0,<3", "3.0", False),
        ("numpy>=2.9", "2.10", True),
        ("torch==2.13.0", "2.13.0+cpu", True),
        ("torch==2.13.0", "2.13.1", False),
        ("numpy", "1", True),
    ],
)
def test_versions_are_compared_as_numbers(requirement, version, met):
    assert environment.is_met(requirement, lambda name: version) == met


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_what_it_meets_first(name):
    ast.parse((ROOT / "tools" / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_python_that_is_too_old_is_told_in_one_sentence():
    code = "import runpy, sys; sys.version_info = (3, 8, 18); runpy.run_module('tools', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "seqgrad needs Python 3.11 or later, and this is 3.8: "
        "call a newer one by its name, as in `python3.12 -m tools lab`.\n"
    )


@pytest.mark.parametrize(
    ("stop", "code", "said"),
    [
        (Refusal("It is so."), 1, "It is so.\n"),
        (
            KeyboardInterrupt(),
            130,
            "\nInterrupted; call again when you like, nothing half-made is trusted.\n",
        ),
    ],
)
def test_what_stops_a_verb_becomes_a_sentence_and_an_exit_code(monkeypatch, capsys, stop, code, said):
    def enter(arguments):
        raise stop

    monkeypatch.setattr(environment, "enter", enter)
    assert __main__.call(["build"]) == code
    assert capsys.readouterr().err == said
