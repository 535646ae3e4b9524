"""The secret of a course, and the numbers that are drawn with it for each student and each hand-in.

    secret, student, purpose  ->  a whole number

A release with a roster holds, for each exercise, so many sets of inputs for its check and so many seeds of
its test cell, each under lock.  All of them, their keys, and which of them are a student's come from the
course's secret by HMAC-SHA256 (RFC 2104).  Whoever has the secret can make all of it again, bit for bit;
nobody else can tell from any number of tokens what another one opens.
"""

import contextlib
import hmac
import os
import re
import secrets

from tools import Refusal

SECRET_BYTES = 32
KEY_BYTES = 16
BITS = {"draws": 32, "checks": 63}  # of a seed as `np.random.seed` takes it; of what a check is drawn with


def draw_secret(path):
    """Draw the secret of a course, which its owner alone may read, if there is none in this file yet."""
    try:
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(SECRET_BYTES) + "\n")
            print(f"Drew a secret for the course in {path.name}; keep it, and show it to nobody.")
    except OSError as error:
        raise Refusal(f"The secret {path} cannot be written: {error.strerror}.") from error


def read_secret(path):
    """Return the course's secret from its file."""
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
        open_to_others = os.name != "nt" and path.stat().st_mode & 0o077
    except OSError as error:
        raise Refusal(f"The secret {path} cannot be read: {error.strerror}.") from error
    if open_to_others:
        raise Refusal(f"Others on this machine may read {path.name}: chmod 600 {path.name}, and call again.")
    if not re.fullmatch(rf"[0-9a-f]{{{2 * SECRET_BYTES}}}", text):
        raise Refusal(
            f"{path.name} holds no secret: {2 * SECRET_BYTES} hexadecimal digits are needed; if no release "
            "was made with it, remove it, and a new one is drawn."
        )
    return bytes.fromhex(text)


def draw_number(secret, student, purpose, bits):
    """Return the whole number below 2**bits that a secret gives a student for a purpose.

    Where the secret itself must not be, a dict from `list_numbers` stands for it.
    """
    if isinstance(secret, dict):
        return secret[student][purpose]
    digest = hmac.digest(secret, f"{purpose}\n{student}".encode(), "sha256")
    return int.from_bytes(digest, "big") >> (256 - bits)


def name_secret(secret):
    """Return eight digits by which a secret is recognised, and nothing else of it is known."""
    return f"{draw_number(secret, '', 'fingerprint', 32):08x}"


def list_numbers(secret, students, exercises, sets):
    """Return the numbers of the sets, of students and of the marks, ``{id: {purpose: number}}``."""
    known = {"": {"marks": derive_marks_key(secret).hex(), "fingerprint": int(name_secret(secret), 16)}}
    kinds = [(kind, exercise) for kind in BITS for exercise in exercises]
    for kind, exercise in kinds:
        drawn = {f"{kind} {exercise} {i}": draw_set(secret, kind, exercise, i) for i in range(sets)}
        known[""] |= drawn
    for id in students if sets else ():
        known[id] = {
            f"{kind} {exercise}": choose_set(secret, id, kind, exercise, sets) for kind, exercise in kinds
        }
    return known


def choose_set(secret, student, kind, exercise, sets):
    """Return which of so many sets of an exercise is a student's; `kind` is one of `BITS`."""
    return draw_number(secret, student, f"{kind} {exercise}", 63) % sets


def draw_set(secret, kind, exercise, number):
    """Return what a set is drawn with: the seed of a test cell, or the salt of a check."""
    return draw_number(secret, "", f"{kind} {exercise} {number}", BITS[kind])


def draw_own(secret, student, exercise, sets):
    """Return the seed of a student's test cell of an exercise, and what their check is drawn with."""
    chosen = ((kind, choose_set(secret, student, kind, exercise, sets)) for kind in BITS)
    return tuple(draw_set(secret, kind, exercise, number) for kind, number in chosen)


def derive_key(secret, kind, exercise, number):
    """Return the key of a set, which is in the tokens of the students who have it, and nowhere else."""
    return hmac.digest(secret, f"key {kind} {exercise} {number}".encode(), "sha256")[:KEY_BYTES]


def derive_marks_key(secret):
    """Return the key of the calls that give the marks, from the secret or from `list_numbers`."""
    if isinstance(secret, dict):
        return bytes.fromhex(secret[""]["marks"])
    return hmac.digest(secret, b"marks", "sha256")


def draw_hidden_salt(secret, handed_in, exercise):
    """Return what the calls that give the marks of an exercise are drawn with.

    `handed_in` is the digest of the contents of what was handed in: what is learnt of the calls from one
    hand-in is worth nothing for the next one, and the same contents have the same calls anywhere.
    """
    return draw_number(derive_marks_key(secret), f"{handed_in}\n{exercise}", "hidden", 63)
