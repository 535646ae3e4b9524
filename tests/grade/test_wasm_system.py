"""What an interpreter in WebAssembly can ask of its system: a table of files, a scratch space, a door."""

import contextlib
import inspect
import random
import struct

import pytest

from tools.grade.wasm import system as codes
from tools.grade.wasm.system import (
    BADF,
    CREATE,
    FAULT,
    INVAL,
    MFILE,
    NOENT,
    NOSPC,
    ROFS,
    ROOT,
    WRITING,
    Asleep,
    Exit,
    Refused,
    System,
)  # fmt: skip

FILES = {"/site/seqgrad/rnn.py": b"import numpy", "/usr/local/lib/python315.zip": b"PK"}
ANSWER, BUFFER, NAME = 0, 64, 4096  # places in the memory


# Why something was refused, in the order in which WASI counts: the names of POSIX, without the E.
ERRORS = """
SUCCESS 2BIG ACCES ADDRINUSE ADDRNOTAVAIL AFNOSUPPORT AGAIN ALREADY BADF BADMSG BUSY CANCELED CHILD
CONNABORTED CONNREFUSED CONNRESET DEADLK DESTADDRREQ DOM DQUOT EXIST FAULT FBIG HOSTUNREACH IDRM ILSEQ
INPROGRESS INTR INVAL IO ISCONN ISDIR LOOP MFILE MLINK MSGSIZE MULTIHOP NAMETOOLONG NETDOWN NETRESET
NETUNREACH NFILE NOBUFS NODEV NOENT NOEXEC NOLCK NOLINK NOMEM NOMSG NOPROTOOPT NOSPC NOSYS NOTCONN NOTDIR
NOTEMPTY NOTRECOVERABLE NOTSOCK NOTSUP NOTTY NXIO OVERFLOW OWNERDEAD PERM PIPE PROTO PROTONOSUPPORT
PROTOTYPE RANGE ROFS
""".split()


class Memory:
    """A memory as an instance has it, without one."""

    def __init__(self, size=1 << 16):
        self.bytes = bytearray(size)

    def read(self, place, length):
        """Return bytes of it."""
        if not 0 <= place <= place + length <= len(self.bytes):
            raise Refused(FAULT)
        return bytes(self.bytes[place : place + length])

    def write(self, place, data):
        """Put bytes into it."""
        self.read(place, len(data))
        self.bytes[place : place + len(data)] = data

    def put(self, data):
        """Put bytes where there is room for them."""
        self.write(BUFFER, data)
        return BUFFER

    def work(self):
        """Return how long it has worked."""
        return 2.0


def test_what_is_refused_is_told_by_the_number_that_wasi_has_for_it():
    ours = {name: code for name, code in vars(codes).items() if name in ERRORS}
    assert len(ours) == 11
    assert ours == {name: ERRORS.index(name) for name in ours}


@pytest.fixture
def system():
    """Return a system, and have it write to a memory."""
    made = System(FILES, door=lambda data: data[::-1], patience=10.0, scratch=100, files_open=5)
    made.instance = Memory()
    return made


def name(system, text):
    """Put a path into the memory; return its place and its length."""
    system.instance.write(NAME, text.encode())
    return NAME, len(text.encode())


def opened(system, path, ways=0, rights=0):
    """Open a file and return its number."""
    system.path_open(ROOT, 0, *name(system, path), ways, rights, 0, 0, ANSWER)
    return int.from_bytes(system.instance.read(ANSWER, 4), "little")


def write(system, number, data):
    """Write bytes to an open file."""
    system.instance.write(BUFFER, struct.pack("<II", 1024, len(data)))
    system.instance.write(1024, data)
    system.fd_write(number, BUFFER, 1, ANSWER)


def read(system, number, length=50):
    """Return what is read from an open file."""
    system.instance.write(BUFFER, struct.pack("<II", 1024, length))
    system.fd_read(number, BUFFER, 1, ANSWER)
    return system.instance.read(1024, int.from_bytes(system.instance.read(ANSWER, 4), "little"))


def refusal(function, *arguments):
    """Return the number of the error that a call is refused with."""
    with pytest.raises(Refused) as refused:
        function(*arguments)
    return refused.value.args[0]


def test_a_file_of_the_table_is_read_from_where_one_is(system):
    number = opened(system, "site/seqgrad/rnn.py")
    assert [read(system, number, 6), read(system, number)] == [b"import", b" numpy"]
    system.fd_seek(number, -5, 2, ANSWER)
    assert read(system, number) == b"numpy"


@pytest.mark.parametrize(
    "path", ["etc/passwd", "../../etc/passwd", "site/../../etc/passwd", "/proc/self/mem"]
)
def test_there_is_no_file_but_those_of_the_table(system, path):
    assert refusal(opened, system, path) == NOENT


def test_a_path_leads_to_nothing_above_the_root(system):
    assert read(system, opened(system, "../../site/seqgrad/rnn.py")) == FILES["/site/seqgrad/rnn.py"]


def test_the_table_cannot_be_written_to(system):
    assert refusal(opened, system, "site/seqgrad/rnn.py", 0, WRITING) == ROFS
    number = opened(system, "site/seqgrad/rnn.py")
    assert refusal(write, system, number, b"x") == BADF
    assert FILES["/site/seqgrad/rnn.py"] == b"import numpy"


def test_scratch_holds_what_was_written_within_its_limit(system):
    number = opened(system, "tmp/x", CREATE, WRITING)
    write(system, number, b"y" * 60)
    assert read(system, opened(system, "tmp/x")) == b"y" * 50
    assert refusal(write, system, number, b"y" * 60) == NOSPC


def test_files_are_limited_in_number(system):
    for number in range(4):
        opened(system, f"tmp/{number}", CREATE, WRITING)
    assert refusal(opened, system, "tmp/5", CREATE, WRITING) == MFILE
    system.fd_close(4)
    opened(system, "tmp/5", CREATE, WRITING)
    system.fd_close(4)
    assert refusal(opened, system, "tmp/6", CREATE, WRITING) == NOENT


def test_of_standard_error_the_beginning_is_kept_and_output_goes_nowhere(system):
    system.loudest = 5
    for _ in range(3):
        write(system, 2, b"abc")
        write(system, 1, b"xyz")
    assert system.noise == b"abcab"


def test_a_wait_takes_no_time_and_a_long_one_ends_the_run(system):
    def sleep(seconds):
        system.instance.write(512, struct.pack("<QB7xI4xQQH6x", 7, 0, 1, int(seconds * 1e9), 0, 0))
        system.poll_oneoff(512, BUFFER, 1, ANSWER)

    sleep(4)
    system.clock_time_get(1, 0, ANSWER)
    assert int.from_bytes(system.instance.read(ANSWER, 8), "little") == 7_000_000_000  # it worked for two
    sleep(5)
    with pytest.raises(Asleep):
        sleep(2)


def test_chance_is_the_same_each_time(system):
    system.random_get(BUFFER, 8)
    assert system.instance.read(BUFFER, 8) == bytes(8)


def test_what_goes_through_the_door_comes_back_to_where_there_is_room(system):
    system.instance.write(1024, b"abc")
    system.call(1024, 3, ANSWER, ANSWER + 4)
    place, length = struct.unpack("<II", system.instance.read(ANSWER, 8))
    assert system.instance.read(place, length) == b"cba"


def test_the_end_of_the_program_is_told(system):
    with pytest.raises(Exit):
        system.proc_exit(0)


@pytest.mark.parametrize(
    "call",
    [
        lambda system: system.fd_read(9, 0, 1, ANSWER),
        lambda system: system.fd_read(opened(system, "site/seqgrad/rnn.py"), 1 << 20, 1, ANSWER),
        lambda system: system.fd_read(opened(system, "site/seqgrad/rnn.py"), -8, 1, ANSWER),
        lambda system: system.fd_read(opened(system, "site/seqgrad/rnn.py"), 0, -1, ANSWER),
        lambda system: system.fd_readdir(ROOT, 0, -9, 0, ANSWER),
        lambda system: system.fd_readdir(ROOT, 0, 9, -1, ANSWER),
        lambda system: system.fd_seek(opened(system, "site/seqgrad/rnn.py"), -1, 0, ANSWER),
        lambda system: system.fd_seek(opened(system, "site/seqgrad/rnn.py"), 0, 9, ANSWER),
        lambda system: system.path_open(ROOT, 0, NAME, 1 << 30, 0, 0, 0, 0, ANSWER),
        lambda system: system.path_open(ROOT, 0, NAME, -1, 0, 0, 0, 0, ANSWER),
        lambda system: system.random_get(0, 1 << 30),
        lambda system: system.random_get(0, -1),
        lambda system: system.poll_oneoff(0, 0, 1 << 20, ANSWER),
        lambda system: system.call(-1, 5, ANSWER, ANSWER),
        lambda system: system.call(0, -1, ANSWER, ANSWER),
        lambda system: system.fd_readdir(9, 0, 9, 0, ANSWER),
    ],
)
def test_wild_arguments_are_refused(system, call):
    assert refusal(call, system) in (BADF, FAULT, INVAL, NOENT)


def test_no_call_does_more_than_refuse_whatever_it_is_given(system):
    """An exception of another kind would be the grader's, and not the student's."""
    wild, draw = (0, 1, 2, 3, 7, 60, -1, -8, 1 << 16, (1 << 31) - 1, -(1 << 31), 1 << 40), random.Random(0)
    calls = [
        name for name in vars(System) if name.partition("_")[0] in ("fd", "path", "clock", "random", "poll")
    ]
    for number in range(4000):
        system.instance.bytes[:128] = draw.randbytes(128) if number % 2 else bytes(128)
        name = calls[number % len(calls)]
        count = len(inspect.signature(getattr(system, name)).parameters)
        with contextlib.suppress(Refused, Asleep, Exit):
            getattr(system, name)(*draw.choices(wild, k=count))
    assert len(system.opened) <= 5 and len(system.own) <= 6
