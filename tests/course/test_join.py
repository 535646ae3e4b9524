"""The halves of an exercise are joined by what they hold, not by their times, and no work in one is lost."""

import codecs
import os
import subprocess
import sys

import nbformat
import pytest

from tests.marks import sample
from tests.small_project import edit, generated, load, make, run_by_hand, save
from tools.course import build, chapters, contents, join, pairs
from tools.writing import write

BASE = "notebooks/exercises/01_divide"
OLD, NEW = "half = None", "half = x / 2"
OTHER = "half = 0.5 * x"


@pytest.fixture
def root(tmp_path):
    """Return a small project, built."""
    return make(tmp_path)


def texts(root):
    """Return what both halves hold as text."""
    return {suffix: pairs.read((root / BASE).with_suffix(suffix)) for suffix in pairs.SUFFIXES}


def files(root):
    """Return the names of the chapter's files."""
    return sorted(path.name for path in (root / BASE).parent.iterdir() if not path.match("00_start.*"))


def saved(root, old, new):
    """Change the notebook as JupyterLab does when it saves: in both halves, and remembered."""
    notebook = load(root)
    notebook.cells[2].source = notebook.cells[2].source.replace(old, new)
    join.remember(notebook, chapters.digest_cells(notebook))
    save(root, notebook)


def make_newer(root, suffix):
    """Give one half a newer time, as git and backups do."""
    os.utime((root / BASE).with_suffix(suffix), (4e9, 4e9))


@pytest.mark.parametrize("newer", pairs.SUFFIXES)
@pytest.mark.parametrize("edited", pairs.SUFFIXES)
def test_an_edit_of_one_half_reaches_the_other_whichever_is_newer(root, capsys, edited, newer):
    run_by_hand(root, "exercises/01_divide.ipynb")
    edit(root, BASE + edited, OLD, NEW)
    make_newer(root, newer)
    capsys.readouterr()
    join.join_halves(root)
    other = {".ipynb": ".py", ".py": ".ipynb"}[edited]
    assert capsys.readouterr().out == (
        f"{BASE}: the {edited} was edited, so its {other} was brought up to date.\n"
    )
    assert all(NEW in text for text in texts(root).values())
    cells = pairs.list_code_cells(load(root))
    assert [cell.outputs[0].text for cell in cells if cell.source != cells[1].source] == ["1\n", "3\n", "4\n"]
    before = generated(root)
    join.join_halves(root)
    assert (generated(root), capsys.readouterr().out) == (before, "")


@pytest.mark.parametrize("newer", pairs.SUFFIXES)
def test_if_both_halves_were_edited_both_are_kept(root, capsys, newer):
    edit(root, f"{BASE}.ipynb", OLD, NEW)
    edit(root, f"{BASE}.py", OLD, OTHER)
    theirs = texts(root)[".py"]
    make_newer(root, newer)
    capsys.readouterr()
    join.join_halves(root)
    assert capsys.readouterr().out == (
        f"{BASE}: both halves were edited, each in its own way. The .ipynb stays, and what the .py held is "
        "now 01_divide_py_half_1.py: compare them, and keep what you want.\n"
    )
    assert files(root) == ["01_divide.ipynb", "01_divide.py", "01_divide_py_half_1.py"]
    assert all(NEW in text for text in texts(root).values())
    assert pairs.read((root / BASE).with_name("01_divide_py_half_1.py")) == theirs


def test_what_was_saved_in_both_is_known_so_that_a_later_edit_of_one_half_wins(root):
    saved(root, OLD, NEW)
    for edited, old, new in ((".py", NEW, OTHER), (".ipynb", OTHER, "half = x * 0.5"), (".py", "0.5", "1/2")):
        edit(root, BASE + edited, old, new)
        join.join_halves(root)
        assert all(new in text for text in texts(root).values())
    assert files(root) == ["01_divide.ipynb", "01_divide.py"]


@pytest.mark.parametrize("back", pairs.SUFFIXES)
def test_a_half_that_is_again_as_it_was_built_does_not_replace_saved_work(root, back):
    built = texts(root)[back]
    saved(root, OLD, NEW)
    write((root / BASE).with_suffix(back), built)
    make_newer(root, back)
    join.join_halves(root)
    assert all(NEW in text for text in texts(root).values())


def test_an_older_copy_of_the_script_does_not_replace_later_work(root):
    """Both were saved once, so both are kept."""
    saved(root, OLD, OTHER)
    older = texts(root)[".py"]
    saved(root, OTHER, NEW)
    write((root / BASE).with_suffix(".py"), older)
    make_newer(root, ".py")
    join.join_halves(root)
    assert all(NEW in text for text in texts(root).values())
    assert pairs.read((root / BASE).with_name("01_divide_py_half_1.py")) == older


def test_an_older_copy_of_the_notebook_does_not_replace_later_work(root):
    saved(root, OLD, OTHER)
    older = texts(root)[".ipynb"]
    saved(root, OTHER, NEW)
    write((root / BASE).with_suffix(".ipynb"), older)
    make_newer(root, ".ipynb")
    join.join_halves(root)
    assert all(NEW in text for text in texts(root).values())
    assert files(root) == ["01_divide.ipynb", "01_divide.py"]


@pytest.mark.parametrize("share", [0, 0.3, 0.6, 0.99])
def test_a_script_that_breaks_off_is_written_anew_from_its_notebook(root, capsys, share):
    saved(root, OLD, NEW)
    whole = texts(root)
    write((root / BASE).with_suffix(".py"), whole[".py"][: int(share * len(whole[".py"]))])
    capsys.readouterr()
    join.join_halves(root)
    assert texts(root) == whole
    told = "breaks off; it" if share else "is empty; it"
    assert capsys.readouterr().out == f"{BASE}: the .py {told} was written anew from the .ipynb.\n"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b'{"cells": [{"cell_type": "co', "is cut off or damaged in line 1"),
        (b"<<<<<<< yours\n{}\n=======\n{}\n>>>>>>> theirs\n", "is cut off or damaged in line 1"),
        (b"[1, 2]", "is not a notebook: it has no list of cells"),
        (b'{"cells": [{"source": 3}]}', "has something else than a cell at the place of cell 1"),
        (b'{"cells": ' + b"[" * 200_000, "is nested too deeply"),
        (b"\xff\xfe\x00", "is not text in a known encoding; save it again as UTF-8"),
    ],
)  # fmt: skip
def test_a_notebook_that_cannot_be_read_is_kept_and_written_anew_from_its_script(
    root, capsys, broken, reason
):
    saved(root, OLD, NEW)
    path = (root / BASE).with_suffix(".ipynb")
    path.write_bytes(broken)
    capsys.readouterr()
    join.join_halves(root)
    said = capsys.readouterr().out
    assert said.startswith(f"{BASE}: the .ipynb {reason}; it was written anew from the .py")
    assert chapters.digest_cells(load(root)) == chapters.digest_cells(load(root, "exercises/01_divide.py"))
    assert NEW in texts(root)[".ipynb"]
    aside = path.with_name("01_divide_unreadable_1.ipynb")
    assert (aside.read_bytes() == broken) if broken.strip() else not aside.exists()
    assert (aside.name in said) == aside.exists()


def test_after_a_notebook_was_written_anew_a_later_edit_of_one_half_wins(root):
    saved(root, OLD, NEW)
    (root / BASE).with_suffix(".ipynb").write_bytes(b"")
    join.join_halves(root)
    for edited, old, new in ((".py", NEW, OTHER), (".ipynb", OTHER, "half = x * 0.5")):
        edit(root, BASE + edited, old, new)
        join.join_halves(root)
        assert all(new in text for text in texts(root).values())
    assert files(root) == ["01_divide.ipynb", "01_divide.py"]


def test_a_script_that_cannot_be_read_is_kept_as_it_was_whatever_its_encoding(root):
    data = codecs.BOM_UTF8 + b"# ---\n# jupyter:\n#   a: [\n# ---\n\n# %%\nmine = 1\n"
    (root / BASE).with_suffix(".py").write_bytes(data)
    join.join_halves(root)
    assert (root / BASE).with_name("01_divide_unreadable_1.py").read_bytes() == data


def test_a_script_that_cannot_be_read_is_kept_and_written_anew_from_its_notebook(root):
    saved(root, OLD, NEW)
    whole = texts(root)
    (root / BASE).with_suffix(".py").write_bytes(b"\x81\x8d\0\1")
    join.join_halves(root)
    assert texts(root) == whole
    assert (root / BASE).with_name("01_divide_unreadable_1.py").read_bytes() == b"\x81\x8d\0\1"


def test_if_neither_half_can_be_read_both_stay_and_the_others_are_joined(root, capsys):
    write(root / "notebooks/source/02_again.py", pairs.read(root / "notebooks/source/01_divide.py"))
    build.build(root)
    edit(root, "notebooks/exercises/02_again.py", OLD, NEW)
    for suffix in pairs.SUFFIXES:
        (root / BASE).with_suffix(suffix).write_bytes(b"\x81\x8d\0\1")
    capsys.readouterr()
    join.join_halves(root)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{BASE}: the .ipynb is not text in a known encoding; ")
    assert first.endswith("Both halves stay as they are.")
    assert second.endswith("so its .ipynb was brought up to date.")
    assert (root / BASE).with_suffix(".ipynb").read_bytes() == b"\x81\x8d\0\1"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("suffix", sample(pairs.SUFFIXES, 2))
def test_a_half_in_another_encoding_is_converted_and_that_is_told(root, capsys, suffix, encoding, name):
    edit(root, f"{BASE}.ipynb", "By two.", "By two, as Béla does.")
    join.join_halves(root)
    whole = texts(root)
    path = (root / BASE).with_suffix(suffix)
    path.write_bytes(whole[suffix].replace("\n", "\r\n").encode(encoding))
    capsys.readouterr()
    join.join_halves(root)
    assert texts(root) == whole
    kept = "; see that its letters are right, what it was is now 01_divide_windows_1252_1" + suffix
    kept = kept if encoding == "cp1252" else ""
    told = f"{BASE}: the {suffix} was written in {name}, and is UTF-8 now{kept}.\n"
    assert capsys.readouterr().out == told


def test_an_edit_in_another_encoding_reaches_the_other_half(root):
    path = (root / BASE).with_suffix(".py")
    path.write_bytes(texts(root)[".py"].replace(OLD, NEW).encode("utf-16"))
    join.join_halves(root)
    assert all(NEW in text for text in texts(root).values())


def test_pairs_of_a_persons_own_are_left_to_jupytext(root):
    own = nbformat.v4.new_notebook(metadata=chapters.METADATA)
    own.cells = [nbformat.v4.new_code_cell("1")]
    save(root, own, "exercises/own.ipynb")
    edit(root, "notebooks/exercises/own.py", "\n1", "\n2")
    before = generated(root)
    join.join_halves(root)
    assert generated(root) == before


def test_a_copy_of_an_exercise_is_joined_like_the_exercise(root):
    for suffix, text in texts(root).items():
        write((root / BASE).with_name(f"01_divide-Copy1{suffix}"), text)
    edit(root, "notebooks/exercises/01_divide-Copy1.py", OLD, NEW)
    join.join_halves(root)
    assert NEW in pairs.read(root / "notebooks/exercises/01_divide-Copy1.ipynb")
    assert all(OLD in text for text in texts(root).values())


def test_metadata_that_jupytext_cannot_write_leave_both_halves_as_they_are(root, capsys):
    edit(root, f"{BASE}.ipynb", OLD, NEW)
    edit(root, f"{BASE}.ipynb", '"formats": "ipynb,py:percent"', '"formats": [3], "text_representation": 4')
    before = generated(root)
    capsys.readouterr()
    join.join_halves(root)
    assert generated(root) == before
    assert capsys.readouterr().out.endswith("Both halves stay as they are.\n")


def test_states_are_remembered_once_in_their_order_and_not_without_end(root, monkeypatch):
    monkeypatch.setattr(join, "STATES", 3)
    notebook = load(root)
    built = join.read_known_states(notebook)
    join.remember(notebook, built[0])
    assert join.read_known_states(notebook) == built
    for state in "abcabd":
        join.remember(notebook, state)
    assert join.read_known_states(notebook) == [*built, "a", "b", "d"]


def test_the_kernel_says_of_its_language_what_jupyterlab_is_told():
    ask = "from ipykernel.ipkernel import IPythonKernel; print(IPythonKernel().kernel_info['language_info'])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(contents.describe_kernel())
