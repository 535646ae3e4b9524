"""Whatever a file holds that somebody else has written, whoever reads it says a sentence or has a result.

Never a traceback, never longer than ten seconds, never more memory than such a file needs, and what a person
may have written in it is still there.
"""

import functools
import io
import json
import shutil
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import seqgrad.check.__main__ as check_printout
from seqgrad.check.naming import printout, search
from seqgrad.check.reading.extract import extract
from seqgrad.check.reading.origins import read_beside
from tests import results as result_files
from tests.marks import exhaustive
from tests.mutations import NESTED, large, mutated
from tests.small_project import make
from tools import Refusal, environment, owned
from tools.course import build, chapters, join
from tools.course.halves import Half
from tools.grade.collect import collect
from tools.grade.owners import list_submitters
from tools.grade.store import Store
from tools.gradebook import autograder, canvas, publish, results
from tools.release import bundle, label, verify
from tools.students import numbers, roster

LIMIT = 10  # seconds
MEMORY = (
    500  # megabytes that a reader may take: the largest file here has two, and Python needs 50 times that
)
EXAMPLES, MANY = 4, 48
TEXT = """\
gradients["dx"][1][2] = [-0.00424213 0.28205375 -0.48292508 -0.43281115]
gradients["da0"][2][3] = 0.36036164521813085
gradients["dWf"][3][1] = -0.185172422655972
gradients["dbf"][4] = [-0.17049796]
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 4 (123)
    Points Possible,,,,,75
"Ash, Anna",101,S1,anna,A,12
"Bo, Ben",102,S2,ben,A,
"""
GRADESCOPE = """\
submission_1:
  :submitters:
  - :name: Anna
    :sid: '101'
    :email: "anna@uni.edu"
submission_2:
  :submitters:
  - :name: Ben
"""


@functools.cache
def project():
    """Return the files of a small project, by their paths."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = make(Path(folder))
        return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def renew(folder, files):
    """Make a folder hold these files and no other."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def in_project(name, *readers):
    """Return a reader of a project in which one file is another one; no work in it is lost."""

    def read(folder, data):
        root = renew(folder / "project", project() | {Path(name): data})
        for reader in readers:
            try:
                reader(root)
            except Refusal as refusal:
                is_sentence(refusal)
        if Path(name).parent.name in ("exercises", "solutions"):
            assert survives(root / name, data), "it is in no file any more"

    return read


def survives(path, data):
    """Say whether what may be a person's work in a file of a pair is still there, in this file or another."""
    half = Half(path, data)
    known = {Half(path, project()[key]).digest for key in project() if key.parts[1:2] == path.parts[-2:-1]}
    if half.is_empty or half.digest in known:
        return True
    whole = next(text for name, text in project().items() if name.parts[1:] == path.parts[-2:])
    if path.suffix == ".py" and whole.decode().startswith(half.text.rstrip()):  # it breaks off
        return path.read_bytes() == whole
    folder = [Half(other, other.read_bytes()) for other in path.parent.iterdir() if other.is_file()]
    return any(other.data == data or (half.digest and other.digest == half.digest) for other in folder)


def is_sentence(said):
    """Assert that a refusal is a sentence that somebody can read."""
    text = str(said)
    assert text and "Traceback" not in text and len(text) < 1000, text[:2000]


def only_refuses(read, *errors):
    """Return a reader that may refuse, or raise what its documentation says."""

    def careful(folder, data):
        path = folder / "file"
        path.write_bytes(data)
        try:
            read(path)
        except (Refusal, *errors) as said:
            is_sentence(said)

    return careful


def read_notebook(path):
    """Read a notebook as `tools check` does, and find what it would run."""
    extract(read_beside(path), ("softmax", "lstm_forward"))


def grade_file(name):
    """Return a reader of a file as a submission."""

    def read(folder, data):
        students = renew(folder / "class", {Path("anna") / name: data})
        for submission in collect(students):
            files = submission.read()
            assert extract(files, ("halve", "softmax")).notes is not None

    return read


def read_canvas(path):
    """Read a roster that Canvas exported, and make what it imports."""
    canvas.prepare_import(canvas.read_exported(path), {"anna": 1200, "ben": 0}, "Homework 4", 7500)


def read_result(folder, data):
    """Read results as `gradebook` and as `grade` do."""
    students = {"anna.json": data, "ben.json": RESULT, ".seqgrad-grade": b""}
    book = renew(folder / "results", students)
    store = Store(book)
    store.is_current("anna", "", "")
    list(store.list_origins())
    try:
        results.read_result(book / "anna.json")
    except ValueError as error:
        is_sentence(error)
    try:
        publish.publish(book, folder / "book", folder / "pages", None, None)
    except Refusal as refusal:
        is_sentence(refusal)


def read_mark(folder, data):
    """Fill a folder whose mark is another one."""
    (folder / "made").mkdir(exist_ok=True)
    (folder / "made/index.html").write_bytes(b"new")
    out = renew(folder / "out", {".seqgrad-site": data})
    owned.replace(out, folder / "made", "site")
    assert (out / "index.html").exists()


def read_stamp(folder, data):
    """Look at an environment with another stamp."""
    root = renew(
        folder / "project", {"pyproject.toml": b"[project]\n[build-system]\n", "requirements.lock": b""}
    )
    renew(root / ".venv", {"stamp.json": data})
    assert environment.find_condition(root / ".venv", root) in ("foreign", "unfinished", "broken", "outdated")


def read_submitters(path):
    """Read whom Gradescope lists."""
    with path.open("rb") as lines:
        list_submitters(lines)


STUDENTS = [roster.Student("anna"), roster.Student("101")]


def read_metadata(path):
    """Read what Gradescope says of a submission."""
    assert autograder.find_student(autograder.read_metadata(path.read_bytes()), STUDENTS)


def zipped(**files):
    """Return a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "/", 1), data)
    return buffer.getvalue()


EXERCISE = project()[Path("notebooks/exercises/01_divide.ipynb")]
RESULT = json.dumps(result_files.of("ben", "carried_accumulate")).encode()
RELEASE = json.dumps({"chapters": ["01"], "students": ["anna"], "digest": "5e", "secret": "5e"}).encode()
METADATA = json.dumps({"users": [{"sid": "101", "email": "anna@uni.edu", "name": "Anna"}]}).encode()
STAMP = json.dumps({"python": "3 11", "root": "there", "pinned": "5e"}).encode()
ALL = (build.build, join.join_halves, build.list_stale)

READERS = {
    "an exercise": ("notebooks/exercises/01_divide.ipynb", *ALL),
    "its script": ("notebooks/exercises/01_divide.py", *ALL),
    "a solution": ("notebooks/solutions/01_divide.ipynb", build.build, build.list_stale),
    "its script ": ("notebooks/solutions/01_divide.py", build.build),
    "a source chapter": (
        "notebooks/source/01_divide.py",
        build.build,
        chapters.exercises,
        verify.read_sources,
    ),
    "a module": ("seqgrad/small.py", build.build, verify.read_sources),
    "a notebook to check": (EXERCISE, only_refuses(read_notebook)),
    "a notebook to grade": (EXERCISE, grade_file("01_divide.ipynb")),
    "a script to grade": (project()[Path("notebooks/exercises/01_divide.py")], grade_file("01_divide.py")),
    "a zip to grade": (zipped(a_01_divide=EXERCISE), grade_file("work.zip")),
    "a class in a zip": (zipped(**{"anna_01.ipynb": EXERCISE}), only_refuses(collect)),
    "a roster": (b"id,name\nanna,Anna\nben,Ben\n", only_refuses(roster.read_roster)),
    "a roster of Canvas": (CANVAS.encode(), only_refuses(read_canvas)),
    "a roster of Canvas for release": (CANVAS.encode(), only_refuses(roster.read_roster)),
    "submitters of Gradescope": (GRADESCOPE.encode(), only_refuses(read_submitters)),
    "metadata of Gradescope": (METADATA, only_refuses(read_metadata)),
    "a result": (RESULT, read_result),
    "a release": (RELEASE, only_refuses(lambda path: label.read_file(path))),
    "a secret": (b"5e" * 32 + b"\n", only_refuses(numbers.read_secret)),
    "an archive": (zipped(a_b=b"c"), only_refuses(bundle.read_comment)),
    "a printout": (TEXT.encode(), only_refuses(lambda path: check_printout.main([str(path)]))),
    "a mark": (b"Made by us.\nindex.html\na/b.css\n", read_mark),
    "a stamp": (STAMP, read_stamp),
}
READERS = {
    name: (project()[Path(reader[0])], in_project(*reader)) if isinstance(reader[0], str) else reader
    for name, reader in READERS.items()
}


def read(name, folder, data):
    """Let a reader read a file, and see that it takes neither too long nor too much memory."""
    began, before = time.process_time(), peak()
    READERS[name][1](folder, data)
    assert time.process_time() - began < LIMIT
    assert peak() - before < MEMORY


def peak():
    """Return how many megabytes this process has taken at most; 0 where the system does not count them so."""
    if not sys.platform.startswith("linux"):
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture(scope="module", autouse=True)
def hurried():
    """Let no cause be looked for in what is read: that has a limit of its own, and takes all of it here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SECONDS", 0.0)
        patch.setattr(printout, "SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.mark.parametrize("name", READERS)
def test_a_reader_gets_by_with_what_has_become_of_a_file(name, folder):
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(mutated(READERS[name][0]))
    def look(data):
        read(name, folder, data)

    look()


@exhaustive
@pytest.mark.parametrize("name", READERS)
def test_a_reader_gets_by_with_much_more_of_that(name, folder):
    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(mutated(READERS[name][0]))
    def look(data):
        read(name, folder, data)

    look()


EXTREMES = {
    "nothing": b"",
    "ten thousand cells": large(10_000),
    "nested lists": NESTED[2].encode(),
    "a long line": b"x = " + b"1 + " * 70_000 + b"1",
    "half of ten thousand cells": large(10_000)[:-500_000],
    "ten thousand cells of a script": b"# %%\nx = 1\n\n" * 10_000,
    "two thousand cells": large(2_000),
    "many lines": b"x = 1\n" * 49_000,
    "two million characters": b"x = 1\n" * 400_000,
    "zeros": bytes(1_000_000),
    **{f"nested {nested[:6]}": nested.encode() for nested in NESTED},
}
EXTREMES["a zip bomb"] = zipped(**{"anna_01.ipynb": bytes(100_000_000)})
FEW = list(EXTREMES)[:2]


@pytest.mark.parametrize(
    "extreme",
    [pytest.param(name, marks=[] if name in FEW else exhaustive) for name in EXTREMES],
)
@pytest.mark.parametrize("name", READERS)
def test_a_reader_gets_by_with_the_extremes(name, extreme, folder):
    read(name, folder, EXTREMES[extreme])


def test_the_tests_see_what_is_lost_and_what_is_no_sentence(folder):
    with pytest.raises(AssertionError, match="it is in no file any more"):
        in_project("notebooks/exercises/01_divide.py", lambda root: renew(root, project()))(
            folder, b"# %%\nmine\n"
        )
    with pytest.raises(AssertionError):
        only_refuses(lambda path: (_ for _ in ()).throw(Refusal("Traceback (most recent call last)")))(
            folder, b""
        )
