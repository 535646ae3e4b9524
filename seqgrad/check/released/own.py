"""In a release for a class: the numbers that are one student's, which their token opens.

    token  ->  keys  ->  sets under lock  ->  what an exercise is drawn with, and recorded answers

The release is the same for all.  It holds many sets of numbers for each exercise; a token is the keys of
those that are its student's, and opens no other.  Without a token the numbers are those that all have.
"""

import base64
import binascii
import functools
import zlib
from pathlib import Path

from seqgrad.check.released.locks import make_tag, scramble
from seqgrad.check.running import wire

SETS = Path(__file__).parents[2] / "data" / "sets.bin"
FOLDER = Path(__file__).parents[3]  # the one that an archive unpacks to
MOST = 64 << 20  # bytes of a set
MOST_SETS = 1 << 30  # bytes of all sets
KEY = 16
CHECK = 4  # bytes behind the keys, by which a token is known to be whole
COLUMNS = 76
MISSING = (
    "This cell draws numbers that are yours alone: put the file that you were given, whose name ends in "
    ".token, into the folder {folder}, and run the cell again."
)
SEVERAL = "There are several tokens in the folder {folder} ({names}): leave your own there, and no other."
UNREADABLE = "{name} is no token, or not all of it is there: put the file there again as you were given it."
STRANGE = "{name} is the token of another release: put the one there that you were given with this one."


class WrongToken(Exception):
    """Raised where a student's own numbers cannot be had; shows itself as one sentence in a notebook."""

    def _render_traceback_(self):
        return [str(self)]


def find_own(exercise, kind):
    """Return what a student has: the seed of a test cell ("draws"), or the salt of a check ("checks").

    It is None without a token, and for exercises that are the same for all.

    Raises
    ------
    WrongToken
        If there is a token, but not one of this release.
    """
    return read_own()[0].get((exercise, kind))


def find_answer(key):
    """Return the recorded answer to a call on a student's own numbers; None if there is none."""
    return read_own()[1].get(key)


def draw_own_seed(exercise):
    """Return the seed of a student's own test cell; say what is missing without a token."""
    if (seed := find_own(exercise, "draws")) is None:
        raise WrongToken(MISSING.format(folder=FOLDER.name))
    return seed


def describe_token():
    """Return a sentence on whose numbers a release has here; "" where all have the same."""
    if not SETS.exists():
        return ""
    if (path := find_token()) is None:
        return f"There is no token in {FOLDER.name}, so all numbers are those that everybody has."
    read_own()
    return f"The numbers are those of {path.name}."


def read_own():
    """Return ``{(exercise, kind): what is drawn}`` and the answers of a student, ``{key: answer}``."""
    if not SETS.exists():
        return {}, {}
    path = find_token()
    return open_sets(path, path.stat().st_mtime_ns) if path else ({}, {})


def find_token():
    """Return the file of the token that lies in the release; None if there is none."""
    paths = sorted(FOLDER.glob("*.token"))
    if len(paths) > 1:
        names = ", ".join(path.name for path in paths[:3])
        raise WrongToken(SEVERAL.format(folder=FOLDER.name, names=names))
    return paths[0] if paths else None


@functools.lru_cache(1)
def open_sets(path, changed):
    """Return what `read_own` does for the token in a file, as it was written at some time."""
    table, drawn, answers = read_table(), {}, {}
    places = {tag.tobytes(): place for place, tag in enumerate(table["tags"])}
    for key in read_keys(path):
        if (place := places.get(make_tag(key))) is None:
            raise WrongToken(STRANGE.format(name=path.name))
        held = wire.decode(zlib.decompress(scramble(table["bodies"][place].tobytes(), key)), MOST)
        drawn[held["exercise"], held["kind"]] = held["drawn"]
        answers |= held["answers"]
    return drawn, answers


@functools.cache
def read_table():
    """Return the sets of a release, each under lock: ``{"tags": ..., "bodies": ...}``."""
    return wire.decode(SETS.read_bytes(), MOST_SETS)


def read_keys(path):
    """Return the keys in the file of a token."""
    try:
        data = base64.b64decode(b"".join(path.read_bytes()[: 1 << 20].split()), b"-_", validate=True)
        keys, check = data[:-CHECK], data[-CHECK:]
    except (binascii.Error, OSError):
        keys, check = b"", b"?"
    if not keys or len(keys) % KEY or check != make_check(keys):
        raise WrongToken(UNREADABLE.format(name=path.name))
    return [keys[place : place + KEY] for place in range(0, len(keys), KEY)]


def write_token(keys):
    """Return the text of a token: its keys, and what shows that it is whole."""
    keys = b"".join(keys)
    text = base64.b64encode(keys + make_check(keys), b"-_").decode()
    return "".join(f"{text[place : place + COLUMNS]}\n" for place in range(0, len(text), COLUMNS))


def make_check(keys):
    """Return the bytes that follow keys in a token."""
    return zlib.crc32(keys).to_bytes(CHECK, "big")


def lock_set(held, key):
    """Return the tag and the body under which a set is locked.

    Parameters
    ----------
    held : dict
        ``exercise`` and ``kind``, what is ``drawn``, and the recorded ``answers``.
    key : bytes
    """
    return make_tag(key), scramble(zlib.compress(wire.encode(held, MOST), 9), key)
