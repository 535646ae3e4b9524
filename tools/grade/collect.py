"""What was handed in, by student: from a folder or a zip file to a list of `Submission`.

    path  ->  what lies there  ->  whose it is  ->  submissions

Ways of handing in are told apart by names alone.  Contents are read when they are asked for, so a class of
any size costs no memory; nothing is unpacked onto the disk, and no link is followed.
"""

import hashlib
import itertools
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tools import Refusal
from tools.grade import archive
from tools.grade.archive import megabytes
from tools.reading import Unreadable, sentence, shown

FILE_LIMIT = 32_000_000  # bytes of a file that is read
TOTAL_LIMIT = 64_000_000  # bytes of all files of a submission
FILES = 200  # files of a submission that are looked at
ENTRIES = 20_000  # files of any kind that are looked at in a student's folder or zip file
DEPTH = 12  # folders inside each other that are looked into
NOTES = 40  # sentences of a submission
LISTED = 1_000  # lines about who has submitted something together

GRADED = re.compile(r".*\.(ipynb|py|zip)|.*\.(ipynb|py)\.(txt|json)", re.IGNORECASE | re.DOTALL)
NOT_THEIRS = re.compile(
    r"__MACOSX|\._.*|\.DS_Store|\.ipynb_checkpoints|__pycache__|\.git|\.?venv|site-packages|node_modules",
    re.DOTALL,
)

# Canvas: doejane_12345_678901_NAME, doejane_LATE_12345_678901_NAME, LATE_anon_aB3dE_678901_NAME.
CANVAS = re.compile(r"(?:(\w+?)_)??(LATE_)?(anon_[^\W_]+|\d+)_\d{3,}_(.+)", re.DOTALL)
# An id in front of the name of a chapter: anna_04_lstm_forward.ipynb.
CHAPTER = re.compile(r"\d\d[_-][^\W\d].*", re.DOTALL)
WITH_ID = re.compile(rf"(.+?)[-_. ]+({CHAPTER.pattern})", re.DOTALL)
GRADESCOPE = "submission_metadata.yml"
NBGRADER = "submitted"


@dataclass(frozen=True, slots=True)
class Plain:
    """Where a file is that lies in a folder."""

    path: Path

    def read(self, limit):
        """Return its bytes; never through a link, and never from a pipe or a device."""
        with self.open() as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise Unreadable(too_large(size))
            return file.read(size)

    def open(self):
        """Return the open file."""
        flags = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
        file = open(os.open(self.path, os.O_RDONLY | flags), "rb")
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise Unreadable("is no ordinary file and was not opened")
        return file


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a file is that lies in a zip file."""

    path: Path
    number: int

    def read(self, limit):
        """Return its bytes."""
        return archive.open_path(self.path).content(self.number, limit)

    def open(self):
        """Return the open file."""
        return archive.open_path(self.path).open(self.number)


@dataclass(frozen=True)
class Submission:
    """What one student has handed in.

    Attributes
    ----------
    student : str
        The id by which results are kept.
    files : tuple
        (name, place) for each file that may be graded: its name as the student gave it, inside of
        the student's folder, and a `Plain` or a `Packed`.
    notes : tuple of str
        Sentences for the student about what else was found.
    ids : tuple of str
        Other ids by which a roster may know the student.
    """

    student: str
    files: tuple
    notes: tuple = ()
    ids: tuple = ()

    def read(self):
        """Return ``{name: bytes}``; a file that cannot be read has the sentence that says so instead.

        What a zip file holds is there under its own names, ``work.zip/04_lstm_forward.ipynb``.
        """
        files, left = {}, TOTAL_LIMIT
        for name, place in self.files:
            for inner, content in expanded(name, place, left):
                files[inner] = content
                left -= len(content)
        return files

    def digest(self):
        """Return the SHA-256 of the names and contents of all files, and of the notes."""
        return digest(self.read(), self.notes)


def digest(files, notes=()):
    """Return the SHA-256 of files, as `Submission.read` returns them, and of notes."""
    total = hashlib.sha256()
    for part in itertools.chain(*sorted(files.items()), notes):
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        total.update(f"{type(part).__name__} {len(data)} ".encode() + data)
    return total.hexdigest()


def expanded(name, place, left):
    """Yield (name, content) for a file or, if it is a zip file, for each file in it that may be graded."""
    try:
        content = within(left, place.read(FILE_LIMIT))
    except (Unreadable, OSError) as error:
        yield name, sentence(name, error)
        return
    if content.startswith(archive.BEGIN) or name.lower().endswith(".zip"):
        yield from unpacked(name, content, left)
    else:
        yield name, content


def unpacked(name, content, left):
    """Yield (name, content) for each file in a zip file that may be graded."""
    graded = 0
    try:
        opened = archive.open_bytes(content)
        for member in opened.members()[:ENTRIES]:
            parts = parts_of(member.name)
            if "" in parts or not_theirs(parts) or not GRADED.fullmatch(parts[-1]):
                continue
            graded += 1
            if graded > FILES:
                raise Unreadable(f"holds more than {FILES} files; those that came first were read")
            inner = "/".join((name, *parts))
            try:
                if inner.lower().endswith(".zip"):
                    raise Unreadable("is a zip file inside a zip file and was not opened")
                content = within(left, opened.content(member.number, FILE_LIMIT))
                left -= len(content)
                yield inner, content
            except Unreadable as error:
                yield inner, sentence(inner, error)
        if not graded:
            raise Unreadable("holds no notebook")
    except Unreadable as error:
        yield name, sentence(name, error)


def within(left, content):
    """Return a content if it is not more than what is left to be read."""
    if len(content) > left:
        raise Unreadable(f"was not read: all files together are more than {megabytes(TOTAL_LIMIT)}")
    return content


# Sentences.


def too_large(size):
    """Return what is said of a large file."""
    return f"has {megabytes(size)}; only files of up to {megabytes(FILE_LIMIT)} are read"


# What lies in a folder or a zip file.


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found: the parts of its path, the last of which is empty for a folder."""

    parts: tuple
    place: object = None
    size: int = 0
    problem: str = ""


def in_folder(root, shallow=False):
    """Yield what lies in a folder; of what lies in each folder in it, at most ENTRIES things."""
    for entry in sorted(os.scandir(root), key=lambda entry: entry.name):
        yield from itertools.islice(walk(entry, (), 1 if shallow else DEPTH), ENTRIES)


def walk(entry, above, depth):
    """Yield what an entry of a folder is and, if it is a folder itself, what lies in it."""
    here = (*above, entry.name)
    if entry.is_symlink():
        yield Found(here, problem="is a link and was not followed")
    elif entry.is_dir(follow_symlinks=False):
        yield Found((*here, ""))
        if len(here) > depth or NOT_THEIRS.fullmatch(entry.name):
            return
        try:
            entries = sorted(itertools.islice(os.scandir(entry), ENTRIES), key=lambda entry: entry.name)
        except OSError as error:
            yield Found((*here, ""), problem=f"cannot be opened: {error.strerror}")
            return
        for inner in entries:
            yield from walk(inner, here, depth)
    elif entry.is_file(follow_symlinks=False):
        yield Found(here, Plain(Path(entry.path)), entry.stat(follow_symlinks=False).st_size)
    else:
        yield Found(here, problem="is no ordinary file and was not opened")


def in_archive(path, shallow=False):
    """Yield what lies in a zip file."""
    for member in archive.open_path(path).members():
        if parts := parts_of(member.name):
            yield Found(parts, Packed(path, member.number), member.size, member.problem)


def parts_of(name):
    """Return the parts of a name in a zip file, without those that lead out of it; "" ends a folder's."""
    parts = tuple(part for part in name.split("/") if part not in ("", ".", ".."))
    return (*parts, "") if name.endswith("/") and parts else parts


def not_theirs(parts):
    """Say whether a path belongs to a system or a program rather than to the student."""
    return any(NOT_THEIRS.fullmatch(part) for part in parts)


# Whose it is.


@dataclass
class Pile:
    """What has been found of one student so far."""

    ids: tuple = ()
    files: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    others: list = field(default_factory=list)

    def add(self, name, found):
        """Take a file, or note why not."""
        if found.problem:
            self.note(sentence(name, found.problem))
        elif not found.parts[-1]:
            return  # a folder
        elif not GRADED.fullmatch(name):
            self.others.append(name)
        elif not found.size:
            self.note(sentence(name, "is empty"))
        elif found.size > FILE_LIMIT:
            self.note(sentence(name, too_large(found.size)))
        elif len(self.files) == FILES and name not in self.files:
            self.note(f"Of more than {FILES} files, those that came first were read.")
        else:
            if name in self.files:
                self.note(sentence(name, "is there twice; the later one counts"))
            self.files[name] = found.place

    def note(self, text):
        """Keep a sentence, once."""
        if text not in self.notes and len(self.notes) < NOTES:
            self.notes.append(text)

    def submission(self, student, ids=()):
        """Return it as a submission."""
        notes = list(self.notes)
        if not self.files and self.others:
            names = ", ".join(f"`{shown(name)}`" for name in sorted(self.others)[:3])
            more = f" and {len(self.others) - 3} more" if len(self.others) > 3 else ""
            notes.append(
                f"Nothing that can be graded was handed in: no .ipynb, .py or .zip, only {names}{more}."
            )
        elif not self.files and not notes:
            notes.append("Nothing was handed in.")
        return Submission(student, tuple(sorted(self.files.items())), tuple(notes), (*ids, *self.ids))


def collect(path):
    """Return what was handed in, sorted by student.

    Parameters
    ----------
    path : Path
        A folder, or a zip file with the same in it: a folder for each student; or files with ids in
        their names, as in ``anna_04_lstm_forward.ipynb`` or as Canvas writes them; or what Gradescope
        or nbgrader keeps.

    Raises
    ------
    Refusal
        If nothing can be found there.
    """
    path = Path(path)
    try:
        if path.is_dir():
            submissions = sorted_out(path, in_folder)
        elif path.is_file():
            submissions = sorted_out(path, in_archive)
        else:
            raise Refusal(f"{path} is not there.")
    except Unreadable as error:
        raise Refusal(f"{path} is no folder, and it {error}.") from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    if not submissions:
        raise Refusal(
            f"{path} holds no submission: a folder for each student, or files with ids in their names, "
            "such as anna_04_lstm_forward.ipynb, are looked for."
        )
    return submissions


def sorted_out(path, entries):
    """Return the submissions among the entries of a folder or of a zip file."""
    above = beginning(path, [found.parts for found in entries(path, shallow=True)])
    piles, listing = {}, None
    for found in entries(path):
        parts = found.parts[len(above) :]
        if found.parts[: len(above)] != above or not_theirs(parts) or parts in ((), ("",)):
            continue
        if parts == (GRADESCOPE,):
            listing = found.place
        elif len(parts) > 1:
            pile = piles.setdefault(parts[0], Pile())
            pile.add("/".join(filter(None, parts[1:])) or parts[0], found)
        elif whose := owner(parts[0], path.stem, found.problem):
            student, ids, name, late = whose
            pile = piles.setdefault(student, Pile(ids))
            pile.add(name, found)
            if late:
                pile.note("Canvas marks it as late.")

    people = {}
    if listing:
        with listing.open() as file:
            people = submitters(file)
    submissions = {}
    for key, pile in piles.items():
        for student, *ids in people.get(key) or [(key,)]:
            student = unique(shown(student, 300), submissions)
            submissions[student] = pile.submission(student, ids)
    return [submissions[student] for student in sorted(submissions)]


def unique(name, taken):
    """Return a name that is not taken yet: the name itself, or with a number behind it."""
    names = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
    return next(one for one in names if one not in taken)


def beginning(path, paths):
    """Return the folders at whose end the students begin, as parts of a path."""
    tops = {}
    for parts in paths:
        if parts and not not_theirs(parts):
            below = tops.setdefault(parts[0], {})
            if len(parts) > 1 and parts[1]:
                below[parts[1]] = below.get(parts[1], False) or len(parts) > 2
    if GRADESCOPE in tops:
        return ()
    if tops.get(NBGRADER):
        return (NBGRADER,)
    if len(tops) == 1:
        ((top, below),) = tops.items()
        if GRADESCOPE in below:
            return (top,)
        if below.get(NBGRADER):
            return (top, NBGRADER)
        # A folder that was packed as a whole: it holds several folders, or nothing but files with ids.
        folders = [name for name, is_folder in below.items() if is_folder]
        with_ids = below and all(CANVAS.fullmatch(name) or WITH_ID.fullmatch(name) for name in below)
        if path.is_file() and (len(folders) > 1 or with_ids or (folders and top == path.stem)):
            return (top,)
    return ()


def owner(name, stem, problem):
    """Return (student, other ids, the own name, late) of a file beside others; None if it is nobody's."""
    if canvas := CANVAS.fullmatch(name):
        who, late, number, own = canvas.groups()
        return (f"{who}_{number}" if who else number), (number,) if who else (), own, bool(late)
    if with_id := not CHAPTER.fullmatch(name) and WITH_ID.fullmatch(name):
        return with_id[1], (), with_id[2], False
    if GRADED.fullmatch(name):
        own = re.sub(r"(\.(ipynb|py|zip|txt|json))+$", "", name, flags=re.IGNORECASE)
        return (stem if CHAPTER.fullmatch(name) else own), (), name, False
    return (name, (), name, False) if problem else None


def submitters(listing):
    """Return (id, other ids) of each submitter by the folder of the submission, as Gradescope lists them.

    The list is YAML whose layout does not change.  It can be very large, since it holds what the programs of
    students have printed, further indented; so lines are enough to find the few that are parsed.
    """
    blocks, block, folder = {}, None, ""
    for line in listing:
        text = line.decode("utf-8", "replace").rstrip()
        if text and text[0] not in " -#":
            folder, block = text, None
        elif text == "  :submitters:":
            block = blocks.setdefault(folder, [folder, text])
        elif text.startswith("  :"):
            block = None
        elif block is not None and len(block) < LISTED:
            block.append(text)
    people = {}
    for block in blocks.values():
        for folder, about in parse_block(block).items():
            people[folder] = [ids for person in about[":submitters"] if (ids := known(person))]
    return people


def parse_block(block):
    """Return what lines of YAML hold, every value of it as text."""
    try:
        found = yaml.load("\n".join(block), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        if all(isinstance(one, dict) for about in found.values() for one in about[":submitters"]):
            return found
    except (yaml.YAMLError, AttributeError, TypeError, KeyError, RecursionError):
        pass
    raise Refusal(f"{GRADESCOPE} is damaged at `{shown(block[0])}`: export the submissions again.")


def known(person):
    """Return the ids of a submitter, the first of them the one to go by."""
    values = (person.get(f":{key}") for key in ("sid", "email", "name"))
    return tuple(value for value in values if isinstance(value, str) and value not in ("", "null", "~"))
