"""What runs in a box: a submission is loaded and one of its functions run, in a process for each run.

    zygote  --fork-->  session  --fork-->  run
    NumPy is loaded    one submission,     loads the submission and runs one function on calls,
                       compiled            in new namespaces that end with it

Only a run executes what a student wrote.  It has no more than its calls, and one socket, through which
it sends what comes out; all of it is what the student claims.  The other two never read from there.
"""

import contextlib
import ctypes
import gc
import json
import math
import os
import select
import signal
import socket
import sys
import zlib
from time import monotonic

if __name__ == "__main__":  # where Python looks nowhere by itself
    sys.path.insert(0, os.path.dirname(__file__))

import resource  # noqa: E402

from seqgrad.check.reading.spaces import compile_pieces  # noqa: E402
from seqgrad.check.running import wire  # noqa: E402
from tools.grade import syscalls  # noqa: E402
from tools.grade.perform import FRAME, carry_out, hold_apart  # noqa: E402

NAMESPACES = 0x10000000 | 0x00020000 | 0x20000000 | 0x08000000  # of users, mounts, processes, shared memory
CALLS = {"x86_64": (56, 250), "aarch64": (220, 219), "riscv64": (220, 219)}  # numbers of clone and keyctl
MACHINE = os.uname().machine
CLONE, KEYCTL = CALLS.get(MACHINE, (0, 0))
USER, GROUP = os.getuid(), os.getgid()
READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
PRIVATE, RECURSIVE = 1 << 18, 1 << 14
DROP_BOUNDING, DUMPABLE, SUBREAPER, CAPABILITIES, NEW_KEYRING = 24, 4, 36, 0x20080522, 1
LOOK = 0.5  # seconds from one look at what a run has computed to the next
UNSEALED = 97  # the exit code of a run that could not be shut in, and so has not begun


def main():
    """Be the zygote: for each socket that arrives, fork a session that is served through it."""
    control, seal = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    hold_apart()
    forget_keys()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    open_nothing()
    gc.collect()
    gc.freeze()  # what is here stays; no collection of a run has to copy it
    send(control, {"sealed": seal != "namespaces" or can_seal()})
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a session that has ended leaves nothing behind
    while received := receive(control):
        _, (theirs,) = received
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                serve_session(socket.socket(fileno=theirs), seal)
            os._exit(0)
        os.close(theirs)
    os._exit(0)


def open_nothing():
    """Let standard input and output lead nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)


def send(channel, message, descriptors=()):
    """Send a message between grader, zygote and session: its length, and JSON, with descriptors."""
    text = json.dumps(message).encode()
    data = len(text).to_bytes(4, "little") + text
    sent = socket.send_fds(channel, [data], descriptors)
    channel.sendall(data[sent:])


def receive(channel):
    """Return a message and the descriptors that came with it; None at the end."""
    head, descriptors, *_ = socket.recv_fds(channel, 4, 4)
    while 0 < len(head) < 4:
        head += channel.recv(4 - len(head))
    length, text = int.from_bytes(head, "little"), bytearray()
    while len(text) < length:
        text += channel.recv(min(length - len(text), 1 << 20)) or os._exit(1)
    return (json.loads(text), descriptors) if head else None


# The session: it compiles a submission, which executes nothing, and forks a run for each request.


def serve_session(control, seal):
    """Serve the requests about one submission."""
    load_libc().prctl(SUBREAPER, 1, 0, 0, 0)
    (opening, _) = receive(control)
    limits, pieces = opening["limits"], compile_pieces(opening["pieces"])
    while received := receive(control):
        if "stop" in received[0]:  # of a run that had ended by itself
            continue
        seconds, (data, errors) = received[0]["seconds"], received[1]
        process = fork(NAMESPACES if seal == "namespaces" else 0)
        if process == 0:
            code = UNSEALED
            with contextlib.suppress(BaseException):
                control.close()
                shut_in(seal, limits)
                code = 1
                serve(pieces, limits, data, errors)
            os._exit(code)
        os.close(data)
        os.close(errors)
        most = math.inf if seal == "nothing" else limits["resources"]["CPU"]
        ended, counted = wait(process, control, seconds, most)
        if not ended:
            os.kill(process, signal.SIGKILL)
        _, status, used = os.wait4(process, 0)
        clear(seal)
        code, computed = os.waitstatus_to_exitcode(status), max(counted, used.ru_utime + used.ru_stime)
        send(control, {"in time": ended, "code": code, "computed": computed})


def wait(process, control, seconds, most):
    """Wait until a run has ended, its time is up or the grader has something to say.

    Return if it ended, and how many seconds all its processes have computed as they were looked at last; with
    more than `most` their time is up.  A run that ends soon is not looked at.
    """
    handle, until, counted = os.pidfd_open(process), monotonic() + seconds, {}
    try:
        while (left := until - monotonic()) > 0 and sum(counted.values()) <= most:
            ready, *_ = select.select([handle, control], [], [], min(left, LOOK))
            if ready:
                return handle in ready, sum(counted.values())
            if most < math.inf:
                counted |= count_computed()
        return False, sum(counted.values())
    finally:
        os.close(handle)


def count_computed():
    """Return the seconds that each process of a run has computed, which all but two in the box are."""
    counted, tick = {}, os.sysconf("SC_CLK_TCK")
    for name in filter(str.isdigit, os.listdir("/proc")):
        if int(name) not in (1, os.getpid()):
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
                counted[name] = sum(map(int, fields[11:15])) / tick  # with its children that are gone
    return counted


def clear(seal):
    """End all that a run has left behind; with namespaces of its own nothing is.

    What has lost its parent is this process's child, so that in the end all of it is.
    """
    for _ in range(1000):
        if seal == "box":
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)  # all but this process and the first one of the box
        elif seal == "nothing":
            with open(f"/proc/self/task/{os.getpid()}/children") as file:
                for child in file.read().split():
                    os.kill(int(child), signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


# The walls of a run.


def load_libc():
    """Return the C library, for the calls that Python has no names for."""
    return ctypes.CDLL(None, use_errno=True)


def check_result(result):
    """Raise what a call of the C library complains of."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def fork(flags):
    """Fork this process, like `os.fork`, into new namespaces."""
    if not flags:
        return os.fork()
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    process = ctypes.PyDLL(None, use_errno=True).syscall(CLONE, flags | signal.SIGCHLD, 0, 0, 0, 0)
    if process == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    check_result(process)
    return process


def can_seal():
    """Return whether a run can be shut into namespaces of its own here: try it."""
    if not CLONE:
        return False
    try:
        process = fork(NAMESPACES)
    except OSError:
        return False
    if process == 0:
        with contextlib.suppress(BaseException):
            seal_off({"scratch": 1 << 20})
            os._exit(0)
        os._exit(UNSEALED)
    return os.waitpid(process, 0)[1] == 0


def seal_off(limits):
    """Stay the same user; mount an empty scratch space and a /proc of one's own; give up all powers.

    The keys that the kernel keeps for a session go too, and a crash leaves no dump on the machine.
    """
    c, flags = load_libc(), NO_SETUID | NO_DEVICES | NO_PROGRAMS
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{USER} {USER} 1"),
        ("gid_map", f"{GROUP} {GROUP} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    check_result(c.mount(b"none", b"/", None, PRIVATE | RECURSIVE, None))
    sizes = f"size={limits['scratch']},nr_inodes=1000,mode=700".encode()
    for place in (b"/tmp", b"/dev/shm"):
        check_result(c.mount(b"tmpfs", place, b"tmpfs", flags, sizes))
    check_result(c.mount(b"tmpfs", b"/dev/pts", b"tmpfs", flags | READ_ONLY, b"mode=555"))  # no terminals
    with open("/proc/sys/user/max_user_namespaces", "w") as file:
        file.write("0")
    check_result(c.mount(b"proc", b"/proc", b"proc", flags, b"subset=pid"))
    for capability in range(64):
        c.prctl(DROP_BOUNDING, capability, 0, 0, 0)
    check_result(c.capset((ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)()))
    forget_keys()
    c.prctl(DUMPABLE, 0, 0, 0, 0)


def forget_keys():
    """Leave the keyring of the session, which processes inherit, for an empty one."""
    if KEYCTL:
        load_libc().syscall(KEYCTL, NEW_KEYRING, None)


def shut_in(seal, limits):
    """Shut this process in: namespaces, limits, nothing left of the descriptors and signals of others."""
    if seal == "namespaces":
        seal_off(limits)
    os.setsid()
    open_nothing()  # whoever opens something may mark it, and others see that who share the opening
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name, most in limits["resources"].items():
        if seal != "nothing" or name != "NPROC":  # which counts all processes of the user
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most + (name == "CPU")))
    if seal != "nothing":
        os.chdir("/tmp")
        syscalls.install(MACHINE)


# The run.


def serve(pieces, limits, data, errors):
    """Load a submission, do what is asked through the socket, and end."""
    os.dup2(errors, 2)
    os.dup2(data, 3)
    os.closerange(4, 256)
    channel = Channel(3)
    channel.send("sealed", None)
    request = channel.receive()
    carry_out(request, pieces, limits["load"], channel, channel.stay_alone)
    with contextlib.suppress(BaseException):
        sys.stderr.flush()
    os._exit(0)


class Channel:
    """The socket to the grader: messages in the safe format, each behind its length."""

    def __init__(self, descriptor):
        self.descriptor, self.unread, self.owner = descriptor, bytearray(), os.getpid()

    def stay_alone(self):
        """End this process if it is a fork that a student's code has made, and come back from."""
        if os.getpid() != self.owner:
            os._exit(0)

    def send(self, kind, value):
        """Send a message whole, even if the time is up while it is under way; return its checksum."""
        self.stay_alone()
        message = wire.encode((kind, value), FRAME)
        data = memoryview(len(message).to_bytes(4, "little") + message)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGPROF})
        try:
            while data:
                data = data[os.write(self.descriptor, data) :]
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return zlib.crc32(message)

    def receive(self):
        """Return the next message; none comes any more if the grader is gone."""
        while len(self.unread) < 4 or len(self.unread) < 4 + int.from_bytes(self.unread[:4], "little"):
            self.unread += os.read(self.descriptor, 1 << 20) or os._exit(0)
        length = int.from_bytes(self.unread[:4], "little")
        data = bytes(self.unread[4 : 4 + length])
        del self.unread[: 4 + length]
        return wire.decode(data)


if __name__ == "__main__":
    main()
