"""Who is in the class, and the numbers that are drawn for each of them.

    roster.csv  ->  students;    secret, student, purpose  ->  a whole number

Every number in a student's release comes from the course's secret and the student's id by HMAC-SHA256
(RFC 2104).  Whoever has the secret can make the release again, bit for bit; nobody else can tell from any
number of releases what stands in another one.
"""

import contextlib
import csv
import hmac
import io
import os
import re
import secrets
from dataclasses import dataclass

from tools import Refusal

COLUMNS = ("id", "SIS Login ID", "ID")  # ours first, then those of a gradebook exported from Canvas
NAMES = ("name", "Student")
NO_STUDENTS = ("Points Possible", "Student, Test")  # what Canvas writes among the students

SECRET_BYTES = 32
LONGEST = 200  # characters of a header that are shown


@dataclass(frozen=True)
class Student:
    """One row of the roster."""

    id: str
    name: str = ""


def read_roster(path):
    """Return the students of a roster, in its order.

    Parameters
    ----------
    path : Path
        A CSV file with a column ``id`` and perhaps ``name``, or a gradebook exported from Canvas.

    Raises
    ------
    Refusal
        In one sentence, with the line: what cannot be read, is missing, or stands there twice.
    """
    try:
        rows = list(csv.reader(io.StringIO(text_of(path), newline="")))
    except csv.Error as error:
        raise Refusal(f"{path.name} cannot be read as CSV: {error}.") from error
    header = [title.strip() for title in rows[0]] if rows else []
    column = next((header.index(title) for title in COLUMNS if title in header), None)
    if column is None:
        raise Refusal(without_id(path, header))
    named = next((header.index(title) for title in NAMES if title in header), None)

    students, lines = [], {}
    for line, row in enumerate(rows[1:], 2):
        cells = dict(enumerate(cell.strip() for cell in row))
        id, name = cells.get(column, ""), cells.get(named, "")
        if not any(cells.values()) or name in NO_STUDENTS:
            continue
        if not id or not id.isprintable():
            what = "holds characters that cannot be printed" if id else "is empty"
            raise Refusal(f"{path.name}, line {line}: the column `{header[column]}` {what}; give it an id.")
        if id in lines:
            raise Refusal(f"{path.name}: the id {id} stands in line {lines[id]} and again in line {line}.")
        lines[id] = line
        students.append(Student(id, name))
    if not students:
        raise Refusal(f"{path.name} names no student: below its header it has no line with an id.")
    return tuple(students)


def text_of(path):
    """Return the text of a CSV file in UTF-8, with or without a byte order mark."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(f"The roster {path} cannot be read: {error.strerror}.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refusal(
            f"{path.name}, line {line}: this is not UTF-8; save it again as `CSV UTF-8`."
        ) from error
    if "\0" in text:
        raise Refusal(f"{path.name} is no text: save it again as `CSV UTF-8`.")
    return text


def without_id(path, header):
    """Return the sentence for a roster whose header names no column of ids."""
    if not any(header):
        return f"{path.name} is empty: a header `id,name` is needed, and below it a line for each student."
    for sign, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and sign in header[0]:
            return f"{path.name}: its columns are parted by {word}; save it again with commas."
    found = ", ".join(header)
    found = found if len(found) < LONGEST else f"{found[:LONGEST]}…"
    return f"{path.name}: no column is called `id` (nor, as Canvas has it, `SIS Login ID`): {found}."


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


def number(secret, student, purpose, bits):
    """Return the whole number below 2**bits that a secret gives a student for a purpose.

    Where the secret itself must not be, a dict of `known_numbers` stands for it.
    """
    if isinstance(secret, dict):
        return secret[student][purpose]
    digest = hmac.digest(secret, f"{purpose}\n{student}".encode(), "sha256")
    return int.from_bytes(digest, "big") >> (256 - bits)


def fingerprint(secret):
    """Return eight digits by which a secret is recognised, and nothing else of it is known."""
    return f"{number(secret, '', 'fingerprint', 32):08x}"


def known_numbers(secret, students):
    """Return the numbers of students and of the marks, ``{id: {purpose: number}}``, without the secret."""
    known = {"": {"marks": hidden_salt(secret, ""), "fingerprint": int(fingerprint(secret), 16)}}
    for id in students:
        known[id] = {"draws": draw_seed(secret, id), "checks": check_salt(secret, id)}
    return known


def draw_seed(secret, student):
    """Return the seed of the test cells in a student's notebooks, as `np.random.seed` takes it."""
    return number(secret, student, "draws", 32)


def check_salt(secret, student):
    """Return what the calls of a student's checks are drawn with."""
    return number(secret, student, "checks", 63)


def hidden_salt(secret, student):
    """Return what the calls that give the marks are drawn with; no release holds anything of them."""
    return number(secret, student, "marks", 63)
