"""The system that an interpreter in WebAssembly calls: files, clocks and one door, all of them made up here.

    calls of `wasi_snapshot_preview1`  ->  System  ->  answers from this object alone

Nothing of the machine is behind it.  Files are a table that is read, and a scratch space within limits; time
is the work that was done; chance is the same each time; what is not in here is refused.
"""

import posixpath
import struct
import zlib
from dataclasses import dataclass, field

OK, BADF, FAULT, INVAL, ISDIR, MFILE = 0, 8, 21, 28, 31, 33
NOENT, NOMEM, NOSPC, NOSYS, NOTDIR, ROFS = 44, 48, 51, 52, 54, 69
DEVICE, FOLDER, FILE = 2, 3, 4  # types of files
CREATE, DIRECTORY, TRUNCATE, WRITING = 1, 2, 8, 1 << 6  # ways to open one
ROOT = 3  # the descriptor of the folder that holds all others
SCRATCH = "/tmp"
MASK = (1 << 32) - 1
LONGEST = (8 << 20) + 1  # bytes of a message that are read
CHANCE, NAME = 1 << 20, 4096  # bytes of both that are asked for at a time


class Refused(Exception):
    """A call that the system does not answer, with the number of the error."""


class Exit(Exception):
    """The program in the instance has ended itself."""


class Asleep(Exception):
    """The program waits for longer than it may."""


@dataclass
class Opened:
    """An open file: its path, if it may be written, and where it is read or written next."""

    path: str
    writes: bool = False
    place: int = 0


@dataclass
class System:
    """What one instance sees.

    Attributes
    ----------
    files : dict
        The contents of files by their absolute path; they can be read, and no more.
    door : callable
        Gives bytes for the bytes that the program sends.
    patience : float
        Seconds for which the program may wait, all in all; it waits for them in no time.
    noise : bytearray
        Takes the beginning of what is written to the standard error.
    loudest, scratch, files_open : int
        Bytes that it takes of noise and of files; how many files may be open, or there.
    """

    files: dict
    door: object = None
    patience: float = 0.0
    noise: bytearray = field(default_factory=bytearray)
    loudest: int = 64 << 10
    scratch: int = 16 << 20
    files_open: int = 64
    own: dict = field(default_factory=lambda: {SCRATCH: None})  # None stands for a folder
    opened: dict = field(default_factory=lambda: {ROOT: Opened("/")})
    slept: float = 0.0
    instance: object = None  # the one whose memory the answers go to

    def write_number(self, place, number, size=4):
        """Write an unsigned number into the memory."""
        self.instance.write(place, number.to_bytes(size, "little"))

    def read_buffers(self, place, count):
        """Return (place, length) for each buffer of a list."""
        parts = list(struct.iter_unpack("<II", self.instance.read(place, 8 * count))) if count < 1024 else []
        if not 0 <= count < 1024 or sum(length for _, length in parts) > MASK:
            raise Refused(INVAL)
        return parts

    # What a program is started with, time, chance and the door.

    def args_sizes_get(self, count, size):
        """Say that there are no arguments."""
        self.write_number(count, 0)
        self.write_number(size, 0)

    environ_sizes_get = args_sizes_get

    def args_get(self, *_):
        """Give none."""

    environ_get = sched_yield = fd_advise = fd_sync = fd_datasync = fd_fdstat_set_flags = args_get
    fd_filestat_set_times = path_filestat_set_times = args_get

    def clock_res_get(self, _, place):
        """Say that a clock counts nanoseconds."""
        self.write_number(place, 1, 8)

    def clock_time_get(self, _clock, _precision, place):
        """Give the time, which is the work that was done and the time that was slept."""
        self.write_number(place, int(1e9 * (1 + self.instance.work() + self.slept)), 8)

    def random_get(self, place, count):
        """Give bytes that are the same each time."""
        if not 0 <= count <= CHANCE:
            raise Refused(INVAL)
        self.instance.write(place, bytes(count))

    def poll_oneoff(self, waits, events, count, happened):
        """Wait for the first clock of some, in no time; nothing else is ever waited for."""
        if not 0 < count <= 64:
            raise Refused(INVAL)
        data = self.instance.read(waits, 48 * count)
        each = [struct.unpack_from("<QB7xI4xQQH", data, 48 * number) for number in range(count)]
        if any(kind != 0 for _, kind, *_ in each):
            raise Refused(NOSYS)
        now = 1e9 * (1 + self.instance.work() + self.slept)
        waited = [max(time - now, 0) if flags & 1 else time for _, _, _, time, _, flags in each]
        self.slept += min(waited) / 1e9
        if self.slept > self.patience:
            raise Asleep
        self.instance.write(events, struct.pack("<QHB21x", each[waited.index(min(waited))][0], OK, 0))
        self.write_number(happened, 1)

    def proc_exit(self, code):
        """End the program."""
        raise Exit(code)

    def call(self, question, length, answer, size):
        """Pass a message through the door, and give the place and the size of the answer."""
        reply = self.door(self.instance.read(question, min(length, LONGEST)))
        self.write_number(answer, self.instance.put(reply))
        self.write_number(size, len(reply))

    # Files.

    def find(self, path):
        """Return the contents of a file, or None for a folder."""
        for table in (self.own, self.files):
            if path in table:
                return table[path]
        below = path.rstrip("/") + "/"
        if any(other.startswith(below) for other in self.files):
            return None
        raise Refused(NOENT)

    def make_absolute(self, folder, place, length):
        """Return the absolute path for a path in the memory, which begins in an open folder."""
        path = self.instance.read(place, min(length, NAME)).decode(errors="replace")
        return posixpath.normpath(posixpath.join("/", self.look_up(folder).path, path))

    def look_up(self, number):
        """Return an open file."""
        if number not in self.opened:
            raise Refused(BADF)
        return self.opened[number]

    def find_open_file(self, number):
        """Return an open file and what it holds."""
        file = self.look_up(number)
        held = self.find(file.path)
        if held is None:
            raise Refused(ISDIR)
        return file, held

    def describe(self, place, path):
        """Write the type and the size of a file."""
        held, number = self.find(path), zlib.crc32(path.encode())
        kind, size = (FOLDER, 0) if held is None else (FILE, len(held))
        self.instance.write(place, struct.pack("<QQB7xQQQQQ", 1, number, kind, 1, size, 0, 0, 0))

    def fd_prestat_get(self, number, place):
        """Say that there is one folder, the root, that paths begin in."""
        if number != ROOT:
            raise Refused(BADF)
        self.instance.write(place, struct.pack("<II", 0, 1))

    def fd_prestat_dir_name(self, number, place, length):
        """Give its name."""
        self.instance.write(place, b"/"[:length])

    def fd_fdstat_get(self, number, place):
        """Say of what type an open file is."""
        kind = DEVICE
        if number > 2:
            kind = FOLDER if self.find(self.look_up(number).path) is None else FILE
        self.instance.write(place, struct.pack("<B7xQQ", kind, MASK, MASK))

    def fd_filestat_get(self, number, place):
        """Say of what type and size an open file is."""
        if number in (0, 1, 2):
            self.instance.write(place, struct.pack("<QQB47x", 0, number, DEVICE))
        else:
            self.describe(place, self.look_up(number).path)

    def path_filestat_get(self, folder, _flags, name, length, place):
        """Say of what type and size a file is."""
        self.describe(place, self.make_absolute(folder, name, length))

    def path_open(self, folder, _links, name, length, ways, rights, _inherited, _flags, place):
        """Open a file; one in the scratch space may be new, and written to."""
        path, writes = (
            self.make_absolute(folder, name, length),
            bool(rights & WRITING) and not ways & DIRECTORY,
        )
        if ways & CREATE and posixpath.dirname(path) == SCRATCH and len(self.own) <= self.files_open:
            self.own.setdefault(path, bytearray())
        held = self.find(path)
        if len(self.opened) >= self.files_open:
            raise Refused(MFILE)
        if held is not None and ways & DIRECTORY:
            raise Refused(NOTDIR)
        if writes and (held is None or path not in self.own):
            raise Refused(ISDIR if held is None else ROFS)
        if writes and ways & TRUNCATE:
            held.clear()
        number = next(number for number in range(ROOT, 9999) if number not in self.opened)
        self.opened[number] = Opened(path, writes)
        self.write_number(place, number)

    def fd_close(self, number):
        """Close a file."""
        self.look_up(number)
        if number != ROOT:
            del self.opened[number]

    def fd_read(self, number, buffers, count, place):
        """Read a file from where it is; there is nothing at the keyboard."""
        done = 0
        if number != 0:
            file, held = self.find_open_file(number)
            for start, length in self.read_buffers(buffers, count):
                part = bytes(held[file.place : file.place + length])
                self.instance.write(start, part)
                file.place += len(part)
                done += len(part)
        self.write_number(place, done)

    def fd_write(self, number, buffers, count, place):
        """Write: to the standard error, of which the beginning is kept, to nowhere, or into a file."""
        parts = self.read_buffers(buffers, count)
        total = sum(length for _, length in parts)
        if number == 2:
            for start, length in parts:
                self.noise += self.instance.read(start, min(length, self.loudest - len(self.noise)))
        elif number != 1:
            file, held = self.find_open_file(number)
            if not file.writes:
                raise Refused(BADF)
            more = max(file.place + total - len(held), 0)
            if sum(len(other) for other in self.own.values() if other) + more > self.scratch:
                raise Refused(NOSPC)
            held += bytes(more)
            for start, length in parts:
                held[file.place : file.place + length] = self.instance.read(start, length)
                file.place += length
        self.write_number(place, total)

    def fd_seek(self, number, offset, whence, place):
        """Go to another place of a file."""
        file, held = self.find_open_file(number)
        start = (0, file.place, len(held))[whence] + offset if 0 <= whence < 3 else -1
        if not 0 <= start < 1 << 40:
            raise Refused(INVAL)
        file.place = start
        self.write_number(place, start, 8)

    def fd_tell(self, number, place):
        """Say at which place of a file one is."""
        self.write_number(place, self.find_open_file(number)[0].place, 8)

    def fd_readdir(self, number, place, room, start, used):
        """List a folder, from an entry on."""
        path = self.look_up(number).path
        if self.find(path) is not None or room < 0 or start < 0:
            raise Refused(INVAL)
        below, names = path.rstrip("/") + "/", {}
        for other in [*self.files, *self.own]:
            if other.startswith(below):
                name, deeper, _ = other[len(below) :].partition("/")
                names[name] = FOLDER if deeper or self.find(other) is None else FILE
        data = b""
        for count, (name, kind) in list(enumerate(sorted(names.items()), 1))[start:]:
            data += struct.pack("<QQIB3x", count, count, len(name.encode()), kind) + name.encode()
        self.instance.write(place, data[:room])
        self.write_number(used, min(len(data), room))
