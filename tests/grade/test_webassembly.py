"""Python in WebAssembly is there on every system that has pip, or else one sentence says why it is not."""

import re
import tomllib

import pytest

from tests.marks import missing
from tools import Refusal, extras
from tools.environment import ROOT
from tools.grade import grade, webassembly

GRADE = "python3 -m tools grade --sandbox wasm"
LOCK = (ROOT / "tools/grade/webassembly.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_lock_pins_the_versions_of_the_project_by_hashes():
    assert re.findall(r"^[\w-]+==\S+", LOCK, re.MULTILINE) == PROJECT["optional-dependencies"]["wasm"]
    assert len(re.findall("--hash=sha256:[0-9a-f]{64}", LOCK)) == 1 + 8
    assert LOCK.count("--only-binary") == 2 and "://" not in LOCK


def test_it_is_no_part_of_what_a_student_installs():
    others = [name for name in PROJECT["optional-dependencies"] if name != "wasm"]
    needed = sum((PROJECT["optional-dependencies"][name] for name in others), PROJECT["dependencies"])
    assert not [one for one in needed if "wasm" in one or "wasi" in one]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Refusal("It cannot be installed: the index cannot be reached."), "the index cannot be reached"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_where_it_cannot_be_had_one_sentence_has_both_ways_out(monkeypatch, error, why):
    def fail(*_):
        raise error

    monkeypatch.setattr(extras, "list_missing", lambda *_: ["wasmtime"])
    monkeypatch.setattr(extras, "fetch", fail)
    with pytest.raises(Refusal, match=f"be installed: {why}. .*webassembly.lock.* --unsafe.$"):
        webassembly.prepare.__wrapped__()


def test_one_line_says_that_it_is_installed_and_what_is_pinned_is(monkeypatch, capsys):
    run = []
    monkeypatch.setattr(extras, "list_missing", lambda *_: ["wasmtime"])
    monkeypatch.setattr(extras, "run_command", lambda command, *_, **__: run.append(command))
    monkeypatch.setattr(webassembly, "compile_here", lambda: None)
    webassembly.prepare.__wrapped__()
    assert capsys.readouterr().out == f"{webassembly.NEWS}\n"
    pinned = ["--require-hashes", "--requirement", str(ROOT / "tools/grade/webassembly.lock")]
    assert [command[-3:] for command in run] == [pinned, pinned]


def test_it_is_compiled_once_and_one_line_says_so(monkeypatch, capsys):
    machine = pytest.importorskip("tools.grade.wasm.machine", reason=missing("Python in WebAssembly", GRADE))
    done = []
    monkeypatch.setattr(machine, "is_compiled", lambda: bool(done))
    monkeypatch.setattr(machine, "compile_once", lambda: done.append(1))
    for _ in range(2):
        webassembly.compile_here()
    assert done == [1] and capsys.readouterr().out == f"{webassembly.COMPILING}\n"


@pytest.mark.parametrize(("system", "kind"), [("linux", "bubblewrap"), ("darwin", "wasm"), ("win32", "wasm")])
def test_it_is_the_default_where_there_is_no_bubblewrap(system, kind, monkeypatch):
    monkeypatch.setattr(grade.sys, "platform", system)
    assert grade.parse_options(["submissions"]).sandbox == kind
    assert grade.parse_options(["submissions", "--sandbox", "wasm"]).sandbox == "wasm"
