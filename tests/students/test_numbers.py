"""Every number of a student comes from the course's secret, which its owner alone may read."""

import hashlib
import hmac
import os

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
    assert numbers.name_secret(numbers.list_numbers(SECRET, ["anna"])) == digest[:8]


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
    digest = hmac.new(SECRET, b"draws\nanna", hashlib.sha256).digest()
    assert numbers.draw_seed(SECRET, "anna") == int.from_bytes(digest[:4], "big")
    digest = hmac.new(SECRET, "checks\nJosé".encode(), hashlib.sha256).digest()
    assert numbers.check_salt(SECRET, "José") == int.from_bytes(digest[:8], "big") >> 1


def test_numbers_differ_between_students_purposes_and_secrets_and_fit_where_they_go():
    drawn = {
        draw(secret, student)
        for draw in (numbers.draw_seed, numbers.check_salt)
        for secret in (SECRET, bytes(32))
        for student in ("anna", "ben", "")
    }
    drawn |= {
        numbers.draw_hidden_salt(secret, handed_in, exercise)
        for secret in (SECRET, bytes(32))
        for handed_in in ("5e", "5f")
        for exercise in ("softmax", "sigmoid")
    }
    assert len(drawn) == 12 + 8
    for i in range(200):
        np.random.seed(numbers.draw_seed(SECRET, str(i)))  # noqa: NPY002 - as the test cells do
        assert 0 <= numbers.check_salt(SECRET, str(i)) < 2**63


def test_known_numbers_stand_for_the_secret_and_do_not_hold_it():
    known = numbers.list_numbers(SECRET, ["anna", "ben"])
    for student in ("anna", "ben"):
        assert numbers.draw_seed(known, student) == numbers.draw_seed(SECRET, student)
        assert numbers.check_salt(known, student) == numbers.check_salt(SECRET, student)
    mine, theirs = (numbers.draw_hidden_salt(one, "5e", "softmax") for one in (SECRET, known))
    assert mine == theirs
    assert SECRET.hex() not in repr(known)
