"""What is to be seen in a box: a folder of copies that any user of this machine can read.

    this Python, its NumPy, a released package, bubblewrap  -->  view  -->  python/, site/, bwrap

Copies, since the real files may lie in a closed home folder, where a box has no business and its user
cannot read; and nothing else of the machine, since a copy holds only what was copied.
"""

import atexit
import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import numpy as np

from tools import Refusal, bubblewrap
from tools.environment import ROOT
from tools.imports import list_needed
from tools.opening import open_below

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None

PREFIX = "seqgrad-box-"
HELD = "Made by python3 -m tools grade, which removes it.\n"  # in the file that is locked

LEFT_OUT = (
    "site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3",
    "ensurepip", "pydoc_data", "distutils", "venv", "config-*", "f2py", "*.opt-?.pyc", "*.pyi", "*.a", "*.h",
)  # fmt: skip

# What a box may need of the machine's libraries is what these load.
NEEDED = """
import sys; sys.path.append(sys.argv[1])
import numpy as np, numpy.fft, numpy.random
import bz2, ctypes, datetime, decimal, lzma, pickle, select, socket, zlib
np.ones((9, 9)) @ np.ones((9, 9)); np.linalg.inv(np.eye(3))
print(open("/proc/self/maps").read())
"""


@functools.cache
def make_view(package, unsafe):
    """Make the folder that boxes show, once in a process; it goes when the process ends.

    Parameters
    ----------
    package : Path
        A folder that holds `seqgrad` and a course's modules without answers; or what this function gave
        elsewhere.
    unsafe : bool
        Whether only the package is wanted, for this process's own Python.
    """
    if (package / "site" / "inside.py").exists():
        return package
    remove_leftovers()
    try:
        folder = hold_folder()
        folder.chmod(0o755)
        left_out = shutil.ignore_patterns(*LEFT_OUT)
        shutil.copytree(package, folder / "site", ignore=left_out)
        copy_tools(folder / "site")
        if not unsafe:
            bubblewrap.show(folder)
            copy_python(folder, left_out)
        let_all_read(folder)
        (folder / "scratch").mkdir()
    except (OSError, shutil.Error) as error:
        raise Refusal(f"No box can be made in {tempfile.gettempdir()}: {error}.") from error
    return folder


def copy_tools(site):
    """Copy what runs in a box: `inside.py`, and of the other tools what it needs."""
    shutil.copy2(Path(__file__).parent / "inside.py", site)
    for path in list_needed(ROOT, "tools.grade.perform", "tools.grade.syscalls"):
        if path.is_relative_to(ROOT / "tools"):
            (site / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, site / path.relative_to(ROOT))


def copy_python(folder, left_out):
    """Copy the interpreter, its library, NumPy and the shared libraries that these load."""
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    library, python = Path(sysconfig.get_path("stdlib")).resolve(), folder / "python"
    numpy = Path(np.__file__).resolve().parent
    copied = {library: python / "lib" / library.name, numpy: folder / "site" / "numpy"}
    if (wheel := numpy.with_name("numpy.libs")).exists():
        copied[wheel] = folder / "site" / wheel.name
    for source, target in copied.items():
        shutil.copytree(source, target, ignore=left_out, ignore_dangling_symlinks=True)
    (python / "bin").mkdir()
    shutil.copy2(base, python / "bin" / "python3")

    probe = [base, "-I", "-S", "-c", NEEDED, numpy.parent]
    mapped = subprocess.run(probe, capture_output=True, text=True).stdout
    for path in map(Path, sorted(set(re.findall(r"(/\S+\.so[.\d]*)$", mapped, re.MULTILINE)))):
        if not any(path.is_relative_to(source) for source in copied):
            shutil.copy2(path, python / "lib" / path.name)
            for other, target in list_links(path.parent):
                if target == path and other.name != path.name:
                    (python / "lib" / other.name).symlink_to(path.name)

    # One start outside of a box writes the bytecode that is not there yet.
    command = [*find_python(python, python), "-c", "import sys; sys.path[:0] = sys.argv[1:]; import inside"]
    subprocess.run([*command, folder / "site"], env=make_environment(), capture_output=True)


@functools.cache
def list_links(folder):
    """Return the links in a folder, each with what it leads to in the end."""
    return [(path, path.resolve()) for path in folder.iterdir() if path.is_symlink()]


def let_all_read(folder):
    """Let every user read the copies, whose originals may be for their owner alone."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def find_python(copy, seen):
    """Return the command that starts a copied Python, as seen at some place, with its own libraries."""
    loader = next(copy.glob("lib/ld*.so*")).name
    return [seen / "lib" / loader, "--library-path", seen / "lib", seen / "bin" / "python3", "-s", "-S", "-P"]


def make_environment():
    """Return the environment of a Python in a box: the same everywhere, so that results are the same."""
    chosen = {"LANG": "C.UTF-8", "HOME": "/tmp", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    return chosen | {name: os.environ[name] for name in ("OPENBLAS_CORETYPE",) if name in os.environ}


def hold_folder():
    """Make a folder that goes when this process ends; if that is killed, another grader removes it."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(remove, folder, os.getpid())
    hold(folder)
    return folder


def hold(folder):
    """Lock a folder until this process ends, whatever ends it."""
    file = (folder / "held.new").open("w")
    file.write(HELD)
    file.flush()
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX)
        (folder / "held.new").rename(folder / "held")
    atexit.register(file.close)


def remove(folder, owner):
    """Remove a folder of ours, in the process that made it and in no fork of it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers():
    """Remove what killed processes have left: their locks are free."""
    top = Path(tempfile.gettempdir())
    for folder in top.glob(f"{PREFIX}*") if fcntl else ():  # which anybody may have made
        with contextlib.suppress(OSError), open_below(top, (folder.name, "held")) as file:
            mine = os.fstat(file.fileno()).st_uid == os.getuid()
            if mine and file.read(2 * len(HELD)) == HELD.encode():
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
