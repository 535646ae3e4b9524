"""Zip files that nobody vouches for: what is in one, and what a member holds, within bounds.

    file  ->  its members, one after the other; nothing is unpacked
    file, member  ->  the member's bytes

The standard library keeps the whole directory of an archive in memory and reads it again in each process
that wants one member.  A class of 30,000 is one archive, so here the directory is a stream, and a member is
read with nothing but its record.  PKWARE's APPNOTE (6.3.10), sections 4.3 and 4.4, describes the format.
"""

import stat
import struct
import zlib
from dataclasses import dataclass

from tools.reading import Unreadable

# How each part of an archive begins, and its fixed fields after that.
END, END_64, LOCATOR_64 = b"PK\5\6", b"PK\6\6", b"PK\6\7"
RECORD, LOCAL = b"PK\1\2", b"PK\3\4"
FIELDS = {
    END: struct.Struct("<4s4H2LH"),
    END_64: struct.Struct("<4sQ2H2L4Q"),
    LOCATOR_64: struct.Struct("<4sLQL"),
    RECORD: struct.Struct("<4s6H3L5H2L"),
    LOCAL: struct.Struct("<4s5H3L2H"),
}

ELSEWHERE = 0xFFFFFFFF  # stands for a number of 64 bits, which an extra field holds
UNIX = 3
ENCRYPTED, UTF_8 = 0x1, 0x800
STORED, DEFLATED = 0, 8
CHUNK = 1 << 16


BROKEN = "is no zip file, or breaks off"
DAMAGED = "is damaged inside its zip file"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, as the archive describes it; nothing of that can be trusted.

    Attributes
    ----------
    name : str
    size, packed, offset : int
        Bytes unpacked, bytes packed, and where in the file it begins.
    method, flags, checksum, mode : int
        How it is packed and marked, its CRC-32, and its mode as Unix has it; 0 if that is not known.
    """

    name: str
    size: int
    packed: int
    offset: int
    method: int
    flags: int
    checksum: int
    mode: int

    def problem(self):
        """Return why it is not read, as `Unreadable` says it; "" if nothing is known against it."""
        if stat.S_ISLNK(self.mode):
            return "is a link and was not followed"
        if stat.S_IFMT(self.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            return "is no ordinary file and was not opened"
        if self.flags & ENCRYPTED:
            return "is encrypted and cannot be read"
        if self.method not in (STORED, DEFLATED):
            return f"is packed in a way that is not read here (method {self.method})"
        return ""


def members(file):
    """Yield the members of an archive; the name of a folder ends with a slash.

    Parameters
    ----------
    file : binary file
        One that can be read at any place; somebody else may read it between two members.

    Raises
    ------
    Unreadable
        If it is no archive, or breaks off.
    """
    here, end, shift = directory(file)
    while here < end:
        made, _, flags, method, _, _, checksum, packed, size, *lengths, _, _, attributes, offset = fields(
            file, here, RECORD
        )
        name, extra, _ = (take(file, length) for length in lengths)
        here += FIELDS[RECORD].size + sum(lengths)
        size, packed, offset = in_full(extra, size, packed, offset)
        mode = attributes >> 16 if made >> 8 == UNIX else 0
        yield Member(text(name, flags), size, packed, offset + shift, method, flags, checksum, mode)


def directory(file):
    """Return where the directory of an archive begins and ends, and by how much its offsets are off."""
    length = file.seek(0, 2)
    first = max(0, length - FIELDS[END].size - 0xFFFF)  # a comment may stand behind the end record
    file.seek(first)
    found = take(file, length - first).rfind(END)
    if found < 0:
        raise Unreadable(BROKEN)
    end = first + found
    *_, size, offset, _ = fields(file, end, END)

    locator = end - FIELDS[LOCATOR_64].size
    if locator >= FIELDS[END_64].size and marked(file, locator, LOCATOR_64):
        end = locator - FIELDS[END_64].size
        *_, size, offset = fields(file, end, END_64)
    if size > end:
        raise Unreadable(BROKEN)
    return end - size, end, end - size - offset


def fields(file, place, mark):
    """Return the fixed fields of the part that begins at a place, without its mark."""
    file.seek(place)
    found, *values = FIELDS[mark].unpack(take(file, FIELDS[mark].size))
    if found != mark:
        raise Unreadable(BROKEN)
    return values


def marked(file, place, mark):
    """Say whether a part of this kind begins at a place."""
    file.seek(place)
    return file.read(len(mark)) == mark


def take(file, length):
    """Return the next bytes of a file, not fewer than asked for."""
    found = file.read(length)
    if len(found) < length:
        raise Unreadable(BROKEN)
    return found


def in_full(extra, *numbers):
    """Return size, packed size and offset, with those of 64 bits taken from where they stand."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == 1:
            long = iter(struct.unpack(f"<{len(body) // 8}Q", body[: len(body) // 8 * 8]))
            numbers = [next(long, number) if number == ELSEWHERE else number for number in numbers]
    return numbers


def text(name, flags):
    """Return a name with slashes; many programs write UTF-8 and do not say so."""
    try:
        found = name.decode("utf-8")
    except UnicodeDecodeError:
        found = name.decode("utf-8", "replace") if flags & UTF_8 else name.decode("cp437")
    return found.replace("\\", "/")


def content(file, member, limit):
    """Return what a member holds.

    Parameters
    ----------
    file : binary file
    member : Member
    limit : int
        How many bytes it may have, whatever it says.

    Raises
    ------
    Unreadable
    """
    return b"".join(chunks(file, member, limit))


def chunks(file, member, limit):
    """Yield what a member holds, piece by piece, and say at the end whether all was as it should be."""
    if problem := member.problem():
        raise Unreadable(problem)
    *_, name, extra = fields(file, member.offset, LOCAL)
    here, left = member.offset + FIELDS[LOCAL].size + name + extra, member.packed
    unpack = zlib.decompressobj(-zlib.MAX_WBITS) if member.method == DEFLATED else None
    size = checksum = 0
    while left > 0:
        file.seek(here)
        packed = take(file, min(CHUNK, left))
        here, left = here + len(packed), left - len(packed)
        while packed:
            piece, packed = opened(unpack, packed)
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            if size > limit:
                raise Unreadable(f"unpacks to more than {megabytes(limit)}, which are not read")
            yield piece
    if checksum != member.checksum or size != member.size:
        raise Unreadable(DAMAGED)


def opened(unpack, packed):
    """Return a bounded piece of what packed bytes stand for, and those that are left."""
    if unpack is None:
        return packed, b""
    try:
        return unpack.decompress(packed, CHUNK), unpack.unconsumed_tail
    except zlib.error as error:
        raise Unreadable(DAMAGED) from error


def megabytes(size):
    """Return a size as a sentence says it."""
    return f"{size / 1e6:,.0f} MB"
