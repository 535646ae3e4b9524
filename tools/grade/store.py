"""Where results are kept: ``results/<student>.json``, each of them there as a whole or not at all.

Several graders may work on one folder.  Who marks a student holds a byte of a lock file, which the system
takes back when a process ends, however it ends.  A draft that no such process holds was left behind.
"""

import contextlib
import functools
import hashlib
import json
import os
import threading
import time
from pathlib import Path

from tools import Refusal, owned, reading
from tools.reading import Unreadable
from tools.students.files import file_name
from tools.writing import DRAFT, replace_file

try:
    import fcntl
except ImportError:  # on Windows
    import msvcrt

    fcntl = None

LOCK = ".lock"


class Store:
    """The results in a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there; what a process that is gone was still writing in it is removed.

    Raises
    ------
    Refusal
        If the folder cannot be had, or holds what may be somebody else's.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / LOCK).exists():  # which older versions left as their only mark
                owned.check(self.folder, "grade", (path.name for path in self.folder.glob("*.json")))
            owned.mark(self.folder, "grade")
            self.clean()
        except OSError as error:
            raise Refusal(f"Results cannot be kept in {folder}: {error.strerror}.") from error

    def path(self, student):
        """Return where a student's result is, or would be."""
        return self.folder / file_name(student)

    def read(self, student):
        """Return a student's result; None if there is none that can be read."""
        try:
            result = json.loads(self.path(student).read_bytes())
        except (FileNotFoundError, ValueError, RecursionError):
            return None
        return result if isinstance(result, dict) else None

    def list_origins(self):
        """Yield the assignments that results are of, and the secrets behind them, as far as they say."""
        for path in self.folder.glob("*.json"):
            with contextlib.suppress(OSError, Unreadable):
                result = reading.as_dict(reading.parse_json(reading.decode(path.read_bytes())[0]))
                title = reading.as_dict(result.get("assignment")).get("title", "")
                if isinstance(result.get("secret"), str) and isinstance(title, str):
                    yield title, result["secret"]

    def list_left(self, students):
        """Return the names of results that are of none of these students."""
        names = {self.path(student).name for student in students}
        return sorted(path.name for path in self.folder.glob("*.json") if path.name not in names)

    def is_current(self, student, digest, grader):
        """Say whether a result is there that this grader gave to this submission."""
        result = self.read(student) or {}
        return (result.get("digest"), result.get("grader")) == (digest, grader)

    def has(self, student, digest):
        """Say whether a result is there of what a student has handed in, whichever grader gave it."""
        return (self.read(student) or {}).get("digest") == digest

    def write(self, student, result):
        """Keep a result: whoever looks finds the one before or this one, also after a power cut.

        Raises
        ------
        OSError
            If it cannot be written; then the one before is still there.
        """
        path = self.path(student)
        text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
        claimed = self.claim(student, wait=True)  # nobody takes a draft for left behind whose byte is held
        try:
            with replace_file(path, "wb") as file:
                file.write(text.encode("utf-8", "replace"))
        finally:
            if claimed:
                self.release(student)

    def claim(self, student, wait=False):
        """Try to be the one who marks a student, and say whether that went well; False if we are already."""
        return self.claims.take(locate_byte(file_name(student)), wait)

    def release(self, student):
        """Let others mark a student."""
        self.claims.give(locate_byte(file_name(student)))

    @property
    def claims(self):
        """What this process holds of the results."""
        return open_claims((self.folder / LOCK).resolve())

    def clean(self):
        """Remove the drafts of processes that are gone."""
        for draft in self.folder.glob(f".*.json.*{DRAFT}"):
            name = draft.name.removeprefix(".").removesuffix(DRAFT).rpartition(".")[0]
            if self.claims.take(locate_byte(name)):
                draft.unlink(missing_ok=True)
                self.claims.give(locate_byte(name))


def locate_byte(name):
    """Return the place of the byte in the lock file that stands for a file of this name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") & (
        -1 if fcntl else (1 << 31) - 1
    )


class Claims:
    """The bytes of a file that this process holds.

    The system's locks belong to a process: they go when it closes the file, even one of several times,
    and two of its threads do not exclude each other.  So a process opens the file once, for good, and
    remembers what it holds.
    """

    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR | os.O_CREAT)
        self.held, self.one_at_a_time = set(), threading.Lock()

    def take(self, place, wait=False):
        """Try to hold a byte, or wait until it can be had; say whether it was not held and is now."""
        with self.one_at_a_time:
            if place in self.held:
                return False
            try:
                lock(self.file, place, wait)
            except (BlockingIOError, PermissionError):
                return False
            self.held.add(place)
            return True

    def give(self, place):
        """Let go of a byte, if it is held."""
        with self.one_at_a_time:
            if place in self.held:
                self.held.remove(place)
                unlock(self.file, place)


def lock(file, place, wait):
    """Lock a byte of an open file, or wait for it; raise PermissionError if another process has it."""
    if fcntl:
        fcntl.lockf(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB), 1, place)
        return
    while True:
        os.lseek(file, place, os.SEEK_SET)
        try:
            return msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            if not wait:
                raise
            time.sleep(0.1)


def unlock(file, place):
    """Unlock a byte of an open file."""
    if fcntl:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, place)
    else:
        os.lseek(file, place, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)


OPENING = threading.Lock()


def open_claims(path):
    """Return what this process holds of a file; a forked process has nothing of its parent's."""
    with OPENING:
        return recall_claims(path, os.getpid())


@functools.cache
def recall_claims(path, process):
    """Return the claims of a process in a file."""
    return Claims(path)
