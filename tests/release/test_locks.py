"""What all releases of the same code share is made once, and made again if anything is not as it was."""

import pytest

from seqgrad.check.exercises import find_exercise
from tools.release import locks

NAME = "clip_by_global_norm"


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
