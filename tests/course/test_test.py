"""What `test --lowest` runs, without running it."""

import subprocess
from types import SimpleNamespace

import pytest

from tools import environment, peers
from tools.course import test
from tools.environment import ROOT


@pytest.mark.parametrize("code", [0, 3])
def test_the_oldest_versions_run_the_mathematics_and_the_checks_and_nothing_that_needs_more(
    monkeypatch, code
):
    called = []
    monkeypatch.setattr(peers, "find_lowest", lambda root: "old/python")
    monkeypatch.setattr(environment, "prepare_kernels", lambda: None)
    monkeypatch.setattr(
        subprocess, "run", lambda command, **how: called.append(command) or SimpleNamespace(returncode=code)
    )
    assert test.run_lowest(ROOT) == code
    ((python, *arguments),) = called
    files = {path.relative_to(ROOT).as_posix() for path in arguments if not isinstance(path, str)}
    assert python == "old/python"
    assert {"tests/test_rnn.py", "tests/test_networks.py", "tests/test_seed.py", "tests/check"} <= files
    assert not files & {"tests/test_figures.py", "tests/test_widgets.py", "tests/test_verbs.py"}
    assert f"--ignore={ROOT / 'tests/check/reading'}" in arguments


def test_where_the_oldest_versions_cannot_be_had_nothing_fails(monkeypatch):
    monkeypatch.setattr(peers, "find_lowest", lambda root: None)
    assert test.run_lowest(ROOT) == 0
