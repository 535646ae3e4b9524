"""The two files of a notebook, an .ipynb and a .py with the same cells, as they are on the disk.

a path without its suffix  ->  halves  ->  what is in them, or why it cannot be read
"""

import contextlib
import itertools
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools import reading
from tools.course import chapters
from tools.reading import Unreadable

SUFFIXES = (".ipynb", ".py")


@dataclass(frozen=True)
class Half:
    """One file of a pair, as it is on the disk."""

    path: Path
    data: bytes
    failure: str = ""  # why the system does not let it be read

    @cached_property
    def content(self):
        """The text, the notebook in it, the name of an encoding other than UTF-8, and why there is none."""
        text, encoding = "", ""
        if self.failure:
            return text, None, encoding, f"cannot be read: {self.failure}"
        try:
            text, encoding = reading.decode(self.data)
            return text, chapters.read_notebook(text, self.path.suffix), encoding, ""
        except Unreadable as error:
            return text, None, encoding, str(error)

    @property
    def text(self):
        """Its text; "" if it is none."""
        return self.content[0]

    @property
    def notebook(self):
        """The notebook; None if it cannot be read."""
        return self.content[1]

    @property
    def encoding(self):
        """The name of its encoding; "" if it is UTF-8."""
        return self.content[2]

    @property
    def problem(self):
        """Why it cannot be read; "" if it can."""
        return self.content[3]

    @cached_property
    def digest(self):
        """The digest of its cells; "" if it cannot be read."""
        return chapters.digest_cells(self.notebook) if self.notebook else ""

    @property
    def mark(self):
        """What the build has left in an .ipynb: the digest ``built``, and its ``name``."""
        return reading.as_dict(self.notebook.metadata.get("seqgrad")) if self.notebook else {}

    @property
    def is_empty(self):
        """Whether nothing is lost with it."""
        return not self.failure and not self.data.strip()

    def holds(self, text):
        """Say whether a text stands in it, whatever its line ends are."""
        return self.data.replace(b"\r\n", b"\n") == text.encode()


def rename(some, base):
    """Give halves the name of another pair, which is free; return it."""
    for one in some:
        one.path.rename(locate_half(base, one.path.suffix))
    return base


def choose_free_name(base, word):
    """Return a name beside that of a pair that no file has: ``04_lstm_forward_mine_1``."""
    for number in itertools.count(1):
        name = base.with_name(f"{base.name}_{word}_{number}")
        if not any(os.path.lexists(locate_half(name, suffix)) for suffix in SUFFIXES):
            return name


def find_halves(base):
    """Return the halves that are there, by suffix."""
    found = {}
    for suffix in SUFFIXES:
        with contextlib.suppress(FileNotFoundError):
            found[suffix] = read_half(locate_half(base, suffix))
    return found


def read_half(path):
    """Return the half that is in a file."""
    try:
        return Half(path, path.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        return Half(path, b"", error.strerror)


def locate_half(base, suffix):
    """Return the path of one half."""
    return base.with_name(base.name + suffix)
