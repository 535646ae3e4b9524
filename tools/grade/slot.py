"""A slot: bubblewrap with a Python in it that has loaded NumPy and waits for submissions.

    view, number  -->  Slot  -->  a session for each submission

Bubblewrap shuts the whole slot in.  Inside, each run of a function is shut in once more, in namespaces of
its own (see inside.py); where the kernel does not allow that, a slot is used for one submission alone.
"""

import atexit
import contextlib
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import Refusal
from tools.grade.inside import send
from tools.grade.view import PREFIX, find_python, make_environment

FIRST_USER = 60000  # from here on a grader who is root looks for a user for each slot that is nobody's
PATIENCE = 60  # seconds that a slot may take to be ready
SEALS = ["namespaces", "box"]  # what a run is shut into, the first that the kernel allows
MEMORY = 2 << 30  # bytes that a slot takes in all, where control groups can be made
SCRATCH = 16 << 20  # bytes of the scratch space that runs share where they have none of their own

# What bubblewrap says, and what to do.
HINTS = {
    "namespace|uid map|mount proc": "the system refuses user namespaces; allow them, as root with `sysctl "
    "kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu and `sysctl user.max_user_namespaces=10000` "
    "elsewhere, choose the other sandbox with --sandbox wasm, or run submissions without any protection with "
    "--unsafe",
    "execvp": "set TMPDIR to a folder that all users can read and from which programs may run",
    r"Errno (1|22)\]": "this root may not start programs as other users; grade as an ordinary user",
}

# Joins a control group, becomes an ordinary user, and then another program, which has no environment.
ENTER = """
import os, sys
group, user, *command = sys.argv[1:]
open(group, "w").write("0")
os.setgroups([])
os.setresgid(*[int(user)] * 3)
os.setresuid(*[int(user)] * 3)
os.execve(command[0], command, {})
"""


class Slot:
    """A running box, or with `unsafe` a mere process, that opens one session after the other.

    Attributes
    ----------
    seal : str
        What a run is shut into: "namespaces" of its own, the "box" that it shares with the other runs of
        its submission, where the kernel allows no more, or "nothing".
    """

    def __init__(self, view, number=0, unsafe=False):
        self.view, self.number, self.group, self.owner = view, number, None, os.getpid()
        for self.seal in ["nothing"] if unsafe else list(SEALS):
            self.closed = False
            atexit.register(self.close)
            if self.open():
                return
            self.close()
            SEALS.remove(self.seal)

    def open(self):
        """Open the box, and return whether its runs can be shut in as they should."""
        self.control, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as complaints:
            self.process = self.start(theirs.fileno(), complaints)
            theirs.close()
            self.control.settimeout(PATIENCE)
            try:
                message = receive(self.control)
            except TimeoutError:
                message = None
            if not message:
                self.close()
                complaints.seek(0)
                last = complaints.read().decode(errors="replace").strip().splitlines() or ["it ended"]
                hints = [hint for pattern, hint in HINTS.items() if re.search(pattern, last[-1])]
                raise Refusal(f"No box can be opened: {'; '.join([last[-1], *hints])}.")
        self.control.settimeout(None)
        return message["sealed"]

    def start(self, control, complaints):
        """Start the process of a slot: in a control group and as an ordinary user, if root may choose."""
        where = {"env": {}, "cwd": "/"}
        if self.seal == "nothing":
            command = [sys.executable, "-P", "-B", self.view / "site" / "inside.py"]
            where = {"env": make_environment(), "cwd": self.view / "scratch"}
        else:
            command = self.make_command()
            user = choose_user(self.number) if os.getuid() == 0 else 0
            if user and (group := make_control_group(self.number)):
                self.group = group
                command = [sys.executable, "-I", "-S", "-c", ENTER, group / "cgroup.procs", user, *command]
            elif user:
                where |= {"user": user, "group": user, "extra_groups": []}
        try:
            return subprocess.Popen(
                [*map(str, command), str(control), self.seal],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                pass_fds=[control],
                start_new_session=True,
                **where,
            )
        except OSError as error:
            raise Refusal(f"No box can be opened: {error.strerror}.") from error

    def make_command(self):
        """Return the command that opens the box and starts Python in it."""
        options = "--unshare-all --unshare-user --die-with-parent --new-session --as-pid-1 --cap-drop ALL"
        options += " --clearenv --hostname box"
        if self.seal == "box":
            options += " --disable-userns"  # otherwise each run does so for itself
        for name, value in make_environment().items():
            options += f" --setenv {name} {value}"
        size = SCRATCH
        python, site = self.view / "python", self.view / "site"
        return [
            self.view / "bwrap", *options.split(), "--ro-bind", python, "/python", "--ro-bind", site, "/site",
            *f"--proc /proc --dev /dev --size {size} --tmpfs /tmp --size {size} --tmpfs /dev/shm".split(),
            *"--remount-ro /dev --remount-ro / --chdir /tmp --".split(),
            *find_python(python, Path("/python")), "-B", "/site/inside.py",
        ]  # fmt: skip

    def open_session(self):
        """Open a session, and return the socket to it."""
        mine, theirs = socket.socketpair()
        with theirs:
            try:
                send(self.control, {}, [theirs.fileno()])
            except OSError:
                mine.close()
                raise
        return mine

    def close(self):
        """End the box and everything in it; in a fork of the process that opened it, do nothing."""
        atexit.unregister(self.close)
        if self.closed or os.getpid() != self.owner:
            return
        self.closed = True
        self.control.close()  # at which the Python in the box ends, and bubblewrap after it
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for _ in range(100):
            if not self.group or remove_control_group(self.group):
                break
            time.sleep(0.01)  # until the last process has left it


def choose_user(number):
    """Return the id of a user for a slot: the first ones that belong to no account and no group, in order."""
    free = (id for id in itertools.count(FIRST_USER) if not is_taken(id))
    return next(itertools.islice(free, number, None))


def is_taken(id):
    """Say whether an id is that of an account, which could end what runs under it, or of a group."""
    import grp
    import pwd

    for find in (pwd.getpwuid, grp.getgrgid):
        with contextlib.suppress(KeyError):
            find(id)
            return True
    return False


def make_control_group(number):
    """Return the folder of a new control group that bounds the memory of a slot, or None."""
    top, name = Path("/sys/fs/cgroup"), f"{PREFIX}{os.getpid()}-{number}"
    mine = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    for parent, limit in [
        (top, "memory.max"),
        *((top / "memory" / path[1:], "memory.limit_in_bytes") for _, kind, path in mine if kind == "memory"),
    ]:
        for left in parent.glob(f"{PREFIX}*"):  # of killed graders
            if not Path("/proc", left.name.removeprefix(PREFIX).partition("-")[0]).exists():
                remove_control_group(left)
        folder = parent / name
        try:
            folder.mkdir()
            with (folder / limit).open("r+") as file:  # which is there only in a control group
                file.write(str(MEMORY))
            return folder
        except OSError:
            remove_control_group(folder)
    return None


def remove_control_group(group):
    """Remove a control group; return whether that went well."""
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def receive(channel):
    """Return a message of a zygote or a session; None at the end."""
    data = b""
    while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "little"):
        try:
            chunk = channel.recv(4096)
        except ConnectionResetError:
            chunk = b""
        if not chunk:
            return None
        data += chunk
    return json.loads(data[4:])
