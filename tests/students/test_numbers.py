"""Every number of a student comes from the course's secret, which its owner alone may read."""

import hashlib
import hmac
import os
from collections import Counter

import numpy as np
import pytest

from tools import Refusal
from tools.students import numbers

SECRET = bytes(range(32))


def test_a_secret_is_drawn_at_first_use_for_its_owner_alone_and_stays(tmp_path, capsys):
    path, another = tmp_path / "course-secret", tmp_path / "another"
    numbers.draw_secret(path)
    first = numbers.read_secret(path)
    assert "Drew a secret for the course" in capsys.readouterr().out
    assert len(first) == 32 and path.read_text() == first.hex() + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    numbers.draw_secret(path)
    assert numbers.read_secret(path) == first
    assert capsys.readouterr().out == ""
    numbers.draw_secret(another)
    assert numbers.read_secret(another) != first


def test_reading_a_secret_draws_none(tmp_path):
    with pytest.raises(Refusal, match="cannot be read: No such file or directory"):
        numbers.read_secret(tmp_path / "typo")
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_recognised_by_eight_digits_and_not_known_by_them():
    digest = hmac.new(SECRET, b"fingerprint\n", hashlib.sha256).hexdigest()
    assert numbers.name_secret(SECRET) == digest[:8] != numbers.name_secret(bytes(32))
    assert numbers.name_secret(numbers.list_numbers(SECRET, ["anna"], ["softmax"], 3)) == digest[:8]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_secret_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "course-secret"
    numbers.draw_secret(path)
    path.chmod(0o644)
    with pytest.raises(
        Refusal, match="Others on this machine may read course-secret: chmod 600 course-secret"
    ):
        numbers.read_secret(path)


@pytest.mark.parametrize("text", ["", "secret\n", "0" * 63, "g" * 64])
def test_a_file_that_holds_no_secret_is_refused(tmp_path, text):
    path = tmp_path / "course-secret"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Refusal, match="course-secret holds no secret: 64 hexadecimal digits are needed"):
        numbers.read_secret(path)


def test_numbers_are_those_of_hmac_with_sha256():
    digest = hmac.new(SECRET, b"draws softmax 7\n", hashlib.sha256).digest()
    assert numbers.draw_set(SECRET, "draws", "softmax", 7) == int.from_bytes(digest[:4], "big")
    digest = hmac.new(SECRET, "checks softmax\nJosé".encode(), hashlib.sha256).digest()
    chosen = (int.from_bytes(digest[:8], "big") >> 1) % 32
    assert numbers.choose_set(SECRET, "José", "checks", "softmax", 32) == chosen
    digest = hmac.new(SECRET, b"key checks softmax 7", hashlib.sha256).digest()
    assert numbers.derive_key(SECRET, "checks", "softmax", 7) == digest[:16]


def test_numbers_and_keys_differ_between_sets_exercises_purposes_and_secrets_and_fit_where_they_go():
    each = [
        (secret, kind, exercise, number)
        for secret in (SECRET, bytes(32))
        for kind in numbers.BITS
        for exercise in ("softmax", "sigmoid")
        for number in range(9)
    ]
    drawn = {numbers.draw_set(*one) for one in each} | {numbers.derive_key(*one) for one in each}
    drawn |= {
        numbers.draw_hidden_salt(secret, handed_in, exercise)
        for secret in (SECRET, bytes(32))
        for handed_in in ("5e", "5f")
        for exercise in ("softmax", "sigmoid")
    }
    assert len(drawn) == 2 * len(each) + 8
    for i in range(200):
        np.random.seed(numbers.draw_set(SECRET, "draws", "softmax", i))  # noqa: NPY002 - as the test cells do
        assert 0 <= numbers.draw_set(SECRET, "checks", "softmax", i) < 2**63


def test_students_have_all_sets_about_as_often_and_each_exercise_is_drawn_by_itself():
    names = ("lstm_cell_forward", "lstm_forward")
    chosen = [
        tuple(numbers.choose_set(SECRET, f"s{i}", kind, name, 16) for kind in numbers.BITS for name in names)
        for i in range(4000)
    ]
    for place in range(4):
        counts = Counter(one[place] for one in chosen)
        assert set(counts) == set(range(16)) and max(counts.values()) < 2 * min(counts.values())
    assert len(set(chosen)) > 3800  # of 65,536 combinations


def test_known_numbers_stand_for_the_secret_and_do_not_hold_it():
    names = ["softmax", "sigmoid"]
    known = numbers.list_numbers(SECRET, ["anna", "ben"], names, 5)
    for student in ("anna", "ben"):
        for name in names:
            assert numbers.draw_own(known, student, name, 5) == numbers.draw_own(SECRET, student, name, 5)
    mine, theirs = (numbers.draw_hidden_salt(one, "5e", "softmax") for one in (SECRET, known))
    assert mine == theirs
    assert SECRET.hex() not in repr(known)
    keys = [numbers.derive_key(SECRET, "checks", name, i).hex() for name in names for i in range(5)]
    assert not [key for key in keys if key in repr(known)]
