"""What a module stands on is told from its imports, and a change in any of it is noticed."""

import functools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.marks import sample
from tools.grade import version
from tools.imports import list_needed
from tools.release import bundle

ROOT = Path(__file__).parent.parent


@functools.cache
def list_marks():
    """Return the files on which marks depend, in the order of their names."""
    needed = list_needed(ROOT, "tools.grade.mark", "tools.grade.wasm.guest")
    return sorted(["tools/grade/webassembly.lock", *(path.relative_to(ROOT).as_posix() for path in needed)])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the project's code, which is the same version of the grader."""
    root = tmp_path_factory.mktemp("copy")
    for folder in ("seqgrad", "tools"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert version.digest_grader(root) == version.find_version()
    return root


@pytest.mark.parametrize("first", sample(range(20), 20))
def test_a_line_of_whatever_marks_depend_on_makes_another_version_of_the_grader(copy, first):
    for name in [*list_marks()[first::20], "seqgrad/data/names.txt", "seqgrad/check/exercises/lstm.py"]:
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(content + b"\n# one line more\n")
        assert version.digest_grader(copy) != version.find_version(), name
        (copy / name).write_bytes(content)


def test_marks_depend_on_what_draws_their_inputs_and_on_what_makes_the_package():
    assert {
        "tools/__init__.py",
        "tools/course/chapters.py",
        "seqgrad/check/reading/stub.py",
        "tools/grade/inside.py",
        "tools/grade/wasm/guest.py",
        "tools/release/package.py",
        "tools/students/roster.py",
    } <= set(list_marks())


def test_what_only_reports_or_hands_out_marks_is_no_part_of_the_version(copy):
    for name in ("tools/gradebook/overview.py", "tools/site/pages.py", "tools/grade/batch.py"):
        assert name not in list_marks()
        (copy / name).write_text("")
    assert version.digest_grader(copy) == version.find_version()


@pytest.mark.parametrize("roots", [("tools.grade.mark",), bundle.MODULES])
def test_all_that_is_imported_is_known(roots):
    """Beside the modules that Python loads, those that a function imports later are among them."""
    names = [name for name in roots if not name.endswith("__main__")]
    script = (
        f"import importlib, sys; [importlib.import_module(name) for name in {names}];"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'tools'), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    needed = set(map(str, list_needed(ROOT, *roots, left_out=bundle.LEFT_OUT)))
    assert set(done.stdout.split("\n")) - {""} <= needed


def test_imports_in_a_circle_and_of_other_projects_end(tmp_path):
    (tmp_path / "one.py").write_text("import numpy, two.inner\n")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "__init__.py").write_text("")
    (tmp_path / "two" / "inner.py").write_text("def f():\n    from one import g\n")
    names = ["one.py", "two/__init__.py", "two/inner.py"]
    assert list_needed(tmp_path, "one") == [tmp_path / name for name in names]
    assert list_needed(tmp_path, "one", left_out=("two.inner",)) == [tmp_path / "one.py"]
