"""What all releases of the same code share is made once, and made again if anything is not as it was."""

import shutil

import pytest

from seqgrad.check.exercises import find_exercise
from tests.marks import sample
from tools.environment import ROOT, try_lock
from tools.release import locks

NAME = "clip_by_global_norm"
LSTM = ("lstm_forward", "lstm_backward")


@pytest.fixture
def made(monkeypatch):
    """Return a list that grows with each lock that is made."""
    made, make = [], locks.make_locks
    monkeypatch.setattr(locks, "make_locks", lambda exercise: made.append(exercise.name) or make(exercise))
    return made


@pytest.fixture
def path(tmp_path):
    return tmp_path / locks.KEPT / f"{NAME}.bin"


def count_locks(found):
    """Count the locks of each kind, which are themselves drawn anew each time."""
    return {kind: {part: len(value) for part, value in table.items()} for kind, table in found.items()}


def test_locks_of_the_same_code_are_read_again(made, path):
    first = locks.find_lock(NAME, "code", path)
    assert count_locks(first) == count_locks(locks.make_locks(find_exercise(NAME))) and first["slips"]
    made.clear()
    again = locks.find_lock(NAME, "code", path)
    assert count_locks(again) == count_locks(first) and not made


@pytest.mark.parametrize("content", [None, b"", b"cut o", "halved", "of something else"])
def test_other_code_and_a_damaged_file_have_them_made_again(made, path, content):
    locks.find_lock(NAME, "code", path)
    if content == "halved":
        path.write_bytes(path.read_bytes()[:-40])
    elif content == "of something else":
        path.write_bytes(locks.wire.encode([1, 2], 99))
    elif content is not None:
        path.write_bytes(content)
    locks.find_lock(NAME, "other code" if content is None else "code", path)
    assert made == [NAME] * 2
    locks.find_lock(NAME, "other code" if content is None else "code", path)
    assert made == [NAME] * 2


def test_where_nothing_can_be_kept_they_are_made_each_time(made, tmp_path):
    (tmp_path / "file").write_text("")
    for _ in range(2):
        assert locks.find_lock(NAME, "code", tmp_path / "file" / "a.bin")["slips"]
    assert made == [NAME] * 2


def test_what_another_process_makes_just_now_is_left_to_it(made, path):
    path.parent.mkdir(exist_ok=True)
    with path.with_suffix(".lock").open("a") as held:
        assert try_lock(held)
        assert locks.find_lock(NAME, "code", path) is None and not made
    assert locks.find_lock(NAME, "code", path)["slips"] and made == [NAME]


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    """Return a copy of the project, on whose code locks depend."""
    root = tmp_path_factory.mktemp("code")
    for name in ("seqgrad", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "ROOT", root)
        yield root


def list_changed(root, place):
    """Return which exercises on an LSTM have locks that depend on a file, which is changed and put back."""
    before = [locks.digest_code(name, root) for name in LSTM]
    path = root / place
    old = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{old or ''}\n# changed\n", encoding="utf-8")
    after = [locks.digest_code(name, root) for name in LSTM]
    path.write_text(old, encoding="utf-8") if old is not None else path.unlink()
    return {name for name, a, b in zip(LSTM, before, after, strict=True) if a != b}


@pytest.mark.parametrize(
    "place",
    [
        "seqgrad/lstm.py",
        "seqgrad/check/exercises/lstm.py",
        "seqgrad/check/exercises/recurrent.py",
        "seqgrad/check/naming/known/lstm.py",
        "seqgrad/check/naming/slips.py",
        "tools/release/locks.py",
    ],
)
def test_a_change_to_what_an_exercise_stands_on_has_its_locks_made_again(code, place):
    assert list_changed(code, place) == set(LSTM)


@pytest.mark.parametrize("name", sample(["rms_norm", "gru"], 2))
def test_other_families_leave_the_locks_of_an_exercise_as_they_are(code, name):
    for place in (f"seqgrad/check/exercises/{name}.py", f"seqgrad/check/naming/known/{name}.py"):
        assert not list_changed(code, place)
    assert not list_changed(code, "seqgrad/rms_norm.py")
