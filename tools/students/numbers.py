"""The secret of a course, and the numbers that are drawn with it for each student and each hand-in.

    secret, student, purpose  ->  a whole number

Every number in a student's release comes from the course's secret and the student's id by HMAC-SHA256
(RFC 2104).  Whoever has the secret can make the release again, bit for bit; nobody else can tell from any
number of releases what stands in another one.
"""

import contextlib
import hmac
import os
import re
import secrets

from tools import Refusal

SECRET_BYTES = 32


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


def list_numbers(secret, students):
    """Return the numbers of students and of the marks, ``{id: {purpose: number}}``, without the secret."""
    known = {"": {"marks": derive_marks_key(secret).hex(), "fingerprint": int(name_secret(secret), 16)}}
    for id in students:
        known[id] = {"draws": draw_seed(secret, id), "checks": check_salt(secret, id)}
    return known


def draw_seed(secret, student):
    """Return the seed of the test cells in a student's notebooks, as `np.random.seed` takes it."""
    return draw_number(secret, student, "draws", 32)


def check_salt(secret, student):
    """Return what the calls of a student's checks are drawn with."""
    return draw_number(secret, student, "checks", 63)


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
