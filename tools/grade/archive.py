"""Zip files that nobody vouches for, read by `zipfile` within bounds; nothing is unpacked onto the disk.

file  ->  Zip  ->  its members, by number  ->  the bytes of one
"""

import functools
import io
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass

from tools.reading import Unreadable

BEGIN, RECORD = b"PK\3\4", b"PK\1\2"  # how an archive begins, and what it has for each member
RECORDS = 100_000  # members of a student's archive; each takes half a kilobyte of memory
UNIX = 3
ENCRYPTED, UTF_8 = 0x1, 0x800
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # another may take any amount of memory

BROKEN = "is no zip file, or breaks off"
DAMAGED = "is damaged inside its zip file"

# What `zipfile` raises where an archive is not as it should be.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, as the archive describes it.

    Attributes
    ----------
    number : int
        Its place in the archive.
    name : str
        With slashes; that of a folder ends with one.
    size : int
        How many bytes it says that it unpacks to.
    problem : str
        Why it is not read, as `Unreadable` says it; "" if nothing is known against it.
    """

    number: int
    name: str
    size: int
    problem: str


class Zip:
    """An archive that is open: that at a path, or in a file that can be read at any place.

    Raises
    ------
    Unreadable
        If it is no archive, or breaks off.
    """

    def __init__(self, file):
        try:
            self.archive = zipfile.ZipFile(file)
        except (*FAULTS, OSError) as error:
            if isinstance(error, OSError) and error.filename:
                raise
            raise Unreadable(BROKEN) from error

    def list_members(self):
        """Return the members, in the order of the archive."""
        infos = enumerate(self.archive.infolist())
        return [Member(number, name_of(info), info.file_size, find_problem(info)) for number, info in infos]

    def read_content(self, number, limit):
        """Return what a member holds, `limit` bytes at most, whatever it says; or raise `Unreadable`."""
        try:
            with self.open(number) as file:
                content = file.read(limit + 1)
        except FAULTS as error:
            raise Unreadable(DAMAGED) from error
        if len(content) > limit:
            raise Unreadable(f"unpacks to more than {format_megabytes(limit)}, which are not read")
        return content

    def open(self, number):
        """Return a member as an open file; raise `Unreadable` if it is none that is read."""
        info = self.archive.infolist()[number]
        if problem := find_problem(info):
            raise Unreadable(problem)
        try:
            return self.archive.open(info)
        except FAULTS as error:
            raise Unreadable(DAMAGED) from error


def open_bytes(content):
    """Return the archive in bytes, which somebody may have made to fill the memory."""
    if content.count(RECORD) > RECORDS:
        raise Unreadable(f"holds more than {RECORDS:,} files and was not opened")
    return Zip(io.BytesIO(content))


def open_path(path):
    """Return the archive at a path; it stays open for the next member, so its directory is read once."""
    about = path.stat()
    return recall(path, about.st_mtime_ns, about.st_size)


@functools.lru_cache(1)
def recall(path, changed, size):
    """Return the archive at a path, as it was when it was last changed."""
    return Zip(path)


def find_problem(info):
    """Return why a member is not read; "" if nothing is known against it."""
    mode = info.external_attr >> 16 if info.create_system == UNIX else 0
    if stat.S_ISLNK(mode):
        return "is a link and was not followed"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is no ordinary file and was not opened"
    if info.flag_bits & ENCRYPTED:
        return "is encrypted and cannot be read"
    if info.compress_type not in METHODS:
        return f"is packed in a way that is not read here (method {info.compress_type})"
    return ""


def name_of(info):
    """Return a member's name with slashes; many programs write UTF-8 and do not say so."""
    name = info.filename
    if not info.flag_bits & UTF_8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return name.replace("\\", "/")


def format_megabytes(size):
    """Return a size as a sentence says it."""
    return f"{size / 1e6:,.0f} MB"
