"""What was handed in, by student: from a folder or a zip file to a list of `Submission`.

    path  ->  what lies there  ->  whose it is  ->  submissions

Ways of handing in are told apart by names alone.  Contents are read when they are asked for, so a class of
any size costs no memory; nothing is unpacked onto the disk, and no link is followed.
"""

import hashlib
import itertools
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from seqgrad.check.reading.text import shorten, write_sentence
from tools import Refusal
from tools.grade import archive
from tools.grade.archive import format_megabytes
from tools.grade.owners import CLASS, GRADED, GRADESCOPE, MARKED_LATE, WAYS, find_owner, list_submitters
from tools.opening import NotOrdinary, open_below
from tools.reading import Unreadable

FILE_LIMIT = 32_000_000  # bytes of a file that is read
TOTAL_LIMIT = 64_000_000  # bytes of all files of a submission
FILES = 200  # files of a submission that are looked at
ENTRIES = 20_000  # files of any kind that are looked at in a student's folder or zip file
NESTED = 3  # zip files inside each other that are opened
DEPTH = 12  # folders inside each other that are looked into
NOTES = 40  # sentences of a submission

CHECKPOINTS = ".ipynb_checkpoints"
NOT_THEIRS = re.compile(
    r"__MACOSX|\._.*|\.DS_Store|\.ipynb_checkpoints|__pycache__|\.git|\.?venv|site-packages|node_modules",
    re.DOTALL,
)

NBGRADER = "submitted"


@dataclass(frozen=True, slots=True)
class Plain:
    """Where a file is that lies in a folder: its path, of which so many last parts may be no links."""

    path: Path
    depth: int = 1

    def read(self, limit):
        """Return its bytes; never from a pipe or a device."""
        with self.open() as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise Unreadable(say_too_large(size))
            return file.read(size)

    def open(self):
        """Return the open file."""
        try:
            return open_below(self.path.parents[self.depth - 1], self.path.parts[-self.depth :])
        except NotOrdinary as error:
            raise Unreadable("is no ordinary file and was not opened") from error


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a file is that lies in a zip file."""

    path: Path
    number: int

    def read(self, limit):
        """Return its bytes."""
        return archive.open_path(self.path).read_content(self.number, limit)

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
        files, room = {}, Room()
        for name, place in self.files:
            files.update(expand(name, place, room))
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


def digest_contents(files):
    """Return the SHA-256 of the contents of files, whatever their names are and wherever they lay."""
    found = {hashlib.sha256(data).digest() for data in files.values() if isinstance(data, bytes)}
    return hashlib.sha256(b"".join(sorted(found))).hexdigest()


class Room:
    """What may still be read of a submission: so many bytes as they are unpacked, and files in zip files.

    What turns out to be damaged has cost its bytes too, so that no file is worth more time than its size.
    """

    def __init__(self):
        self.bytes, self.files = TOTAL_LIMIT, FILES

    def take(self, size):
        """Take the room that a file needs, before it is read; raise `Unreadable` if there is none left."""
        if size > FILE_LIMIT:
            raise Unreadable(f"unpacks to more than {format_megabytes(FILE_LIMIT)}, which are not read")
        if size > self.bytes:
            raise Unreadable(
                f"was not read: all files together are more than {format_megabytes(TOTAL_LIMIT)}"
            )
        self.bytes -= size


def expand(name, place, room):
    """Yield (name, content) for a file or, if it is a zip file, for each file in it that may be graded."""
    try:
        content = place.read(FILE_LIMIT)
        is_zip = content.startswith(archive.BEGIN) or name.lower().endswith(".zip")
        if is_zip:
            yield from unpack(name, content, room)
        else:
            room.take(len(content))
            yield name, content
    except (Unreadable, OSError) as error:
        yield name, write_sentence(name, error)


def unpack(name, content, room, depth=1):
    """Yield (name, content) for each file in a zip file, and in those inside it, that may be graded."""
    if depth > NESTED:
        raise Unreadable(f"is a zip file inside {NESTED} others and was not opened")
    opened = archive.open_bytes(content)
    members = [(split_name(one.name), one) for one in opened.list_members()[:ENTRIES]]
    members = [(parts, one) for parts, one in members if parts and GRADED.fullmatch(parts[-1])]
    chosen = [one for one in members if not is_not_theirs(one[0])] or [
        one for one in members if is_checkpoint(one[0])
    ]
    if not chosen:
        raise Unreadable("holds no notebook")
    for parts, member in chosen:
        inner = "/".join((name, *parts))
        if not room.files:
            raise Unreadable(f"holds more than {FILES} files; those that came first were read")
        try:
            room.take(member.size)
            content = opened.read_content(member.number, FILE_LIMIT)
            if inner.lower().endswith(".zip"):
                yield from unpack(inner, content, room, depth + 1)
                continue
        except Unreadable as error:
            content = write_sentence(inner, error)
        room.files -= 1
        yield inner, content


# Sentences.


def say_too_large(size):
    """Return what is said of a large file."""
    return f"has {format_megabytes(size)}; only files of up to {format_megabytes(FILE_LIMIT)} are read"


# What lies in a folder or a zip file.


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found: the parts of its path, the last of which is empty for a folder."""

    parts: tuple
    place: object = None
    size: int = 0
    problem: str = ""


def walk_folder(root, shallow=False):
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
        if len(here) > depth or (NOT_THEIRS.fullmatch(entry.name) and entry.name != CHECKPOINTS):
            return
        try:
            entries = sorted(itertools.islice(os.scandir(entry), ENTRIES), key=lambda entry: entry.name)
        except OSError as error:
            yield Found((*here, ""), problem=f"cannot be opened: {error.strerror}")
            return
        for inner in entries:
            yield from walk(inner, here, depth)
    elif entry.is_file(follow_symlinks=False):
        yield Found(here, Plain(Path(entry.path), len(here)), entry.stat(follow_symlinks=False).st_size)
    else:
        yield Found(here, problem="is no ordinary file and was not opened")


def walk_archive(path, shallow=False):
    """Yield what lies in a zip file."""
    for member in archive.open_path(path).list_members():
        if parts := split_name(member.name):
            yield Found(parts, Packed(path, member.number), member.size, member.problem)


def split_name(name):
    """Return the parts of a name in a zip file, without those that lead out of it; "" ends a folder's."""
    parts = tuple(part for part in name.split("/") if part not in ("", ".", ".."))
    return (*parts, "") if name.endswith("/") and parts else parts


def is_not_theirs(parts):
    """Say whether a path belongs to a system or a program rather than to the student."""
    return any(NOT_THEIRS.fullmatch(part) for part in parts)


def is_checkpoint(parts):
    """Say whether a path is that of a copy that Jupyter keeps of a notebook, and nothing else is amiss."""
    return CHECKPOINTS in parts and not is_not_theirs([part for part in parts if part != CHECKPOINTS])


# Whose it is.


@dataclass
class Pile:
    """What has been found of one student so far."""

    ids: tuple = ()
    files: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    others: list = field(default_factory=list)
    checkpoints: dict = field(default_factory=dict)
    attempt: str = ""

    def begin(self, attempt):
        """Say whether an attempt counts: the latest; what came before it is set aside."""
        if self.attempt and attempt != self.attempt:
            later = max(attempt, self.attempt)
            self.notes = [f"There are several attempts; the last one, of {later}, was graded."]
        if attempt > self.attempt:
            self.attempt, self.files, self.others = attempt, {}, []
        return attempt == self.attempt

    def add(self, name, found):
        """Take a file, or note why not."""
        if found.problem:
            self.note(write_sentence(name, found.problem))
        elif not found.parts[-1]:
            return  # a folder
        elif not GRADED.fullmatch(name):
            self.others.append(name)
        elif not found.size:
            self.note(write_sentence(name, "is empty"))
        elif found.size > FILE_LIMIT:
            self.note(write_sentence(name, say_too_large(found.size)))
        elif is_checkpoint(found.parts):
            self.checkpoints[name] = found.place
        elif len(self.files) == FILES and name not in self.files:
            self.note(f"Of more than {FILES} files, those that came first were read.")
        else:
            if name in self.files:
                self.note(write_sentence(name, "is there twice; the later one counts"))
            self.files[name] = found.place

    def note(self, text):
        """Keep a sentence, once."""
        if text not in self.notes and len(self.notes) < NOTES:
            self.notes.append(text)

    def make_submission(self, student, ids=()):
        """Return it as a submission."""
        notes, files = list(self.notes), self.files or self.checkpoints
        if not self.files and self.checkpoints:
            notes.append("Only checkpoints were handed in, the copies that Jupyter keeps; these were graded.")
        elif not self.files and self.others:
            names = ", ".join(f"`{shorten(name)}`" for name in sorted(self.others)[:3])
            more = f" and {len(self.others) - 3} more" if len(self.others) > 3 else ""
            notes.append(
                f"Nothing that can be graded was handed in: no .ipynb, .py or .zip, only {names}{more}."
            )
        elif not self.files and not notes:
            notes.append("Nothing was handed in.")
        return Submission(student, tuple(sorted(files.items())), tuple(notes), (*ids, *self.ids))


def collect(path):
    """Return what was handed in, sorted by student.

    Parameters
    ----------
    path : Path
        A folder, or a zip file with the same in it: a folder for each student; or files with ids in
        their names, as in ``anna_04_lstm_forward.ipynb`` or as Canvas, Moodle and Blackboard write them;
        or what Gradescope or nbgrader keeps.

    Raises
    ------
    Refusal
        If nothing can be found there.
    """
    path = Path(path)
    try:
        if path.is_dir():
            submissions = read_class(path) or sort_entries(path, walk_folder)
        elif path.is_file():
            submissions = sort_entries(path, walk_archive)
        else:
            raise Refusal(f"{path} is not there.")
    except Unreadable as error:
        raise Refusal(f"{path} is not a folder, and it {error}.") from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    if not submissions:
        raise Refusal(
            f"{path} holds no submission: a folder for each student, or files with ids in their names, "
            "such as anna_04_lstm_forward.ipynb, are looked for."
        )
    return submissions


def read_class(folder):
    """Return the submissions in the only file of a folder, if that is the archive of a class; else nothing.

    So it is if it is called like one, several students have a file of the same name in it, and none lies
    there without an id.
    """
    inside = [entry for entry in folder.iterdir() if not is_not_theirs((entry.name,))]
    if len(inside) != 1 or inside[0].suffix.lower() != ".zip" or not CLASS.search(inside[0].stem):
        return []
    try:
        submissions = sort_entries(inside[0], walk_archive)
    except (Unreadable, OSError):  # what is wrong with it is said where it is read as one student's
        return []
    names = [{Path(name).name for name, _ in each.files} for each in submissions]
    shared = any(one & other for one, other in itertools.combinations(names[:9], 2))
    loose = any(each.student == Path(name).stem for each in submissions for name, _ in each.files)
    return submissions if shared and not loose else []


def sort_entries(path, entries):
    """Return the submissions among the entries of a folder or of a zip file."""
    above = find_beginning(path, entries)
    piles, listing = {}, None
    for found in entries(path):
        parts = found.parts[len(above) :]
        foreign = is_not_theirs(parts) and not is_checkpoint(parts)
        if found.parts[: len(above)] != above or foreign or parts in ((), ("",)):
            continue
        if parts == (GRADESCOPE,):
            listing = found.place
        elif whose := find_owner(parts, path.stem, found.problem):
            pile = piles.setdefault(whose.student, Pile(whose.ids))
            if whose.attempt and not pile.begin(whose.attempt):
                continue
            pile.add(whose.name, found)
            if whose.late:
                pile.note(MARKED_LATE)

    people = {}
    if listing:
        with listing.open() as file:
            people = list_submitters(file)
    submissions = {}
    for key, pile in piles.items():
        for student, *ids in people.get(key) or [(key,)]:
            student = make_unique(shorten(student, 300), submissions)
            submissions[student] = pile.make_submission(student, ids)
    return [submissions[student] for student in sorted(submissions)]


def make_unique(name, taken):
    """Return a name that is not taken yet: the name itself, or with a number behind it."""
    names = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
    return next(one for one in names if one not in taken)


def find_beginning(path, entries):
    """Return the folders at whose end the students begin, as parts of a path."""
    tops = {}
    for parts in (found.parts for found in entries(path, shallow=True)):
        if parts and not is_not_theirs(parts):
            below = tops.setdefault(parts[0], {})
            if len(parts) > 1 and parts[1]:
                below[parts[1]] = below.get(parts[1], False) or len(parts) > 2
    if GRADESCOPE in tops:
        return ()
    if tops.get(NBGRADER):
        return (NBGRADER,)
    if len(tops) == 1:
        ((top, below),) = tops.items()
        # What lies in it cannot say that it is no student's: a student could have put it there.
        if not (top == path.stem or CLASS.search(top)):
            return ()
        if GRADESCOPE in below:
            return (top,)
        if below.get(NBGRADER):
            return (top, NBGRADER)
        # A folder around the class: it holds several folders, or nothing but files with ids.
        folders = [name for name, is_folder in below.items() if is_folder]
        with_ids = below and all(any(way.fullmatch(name) for way in WAYS) for name in below)
        several = len(folders) > 1 and (path.is_file() or are_alike(path, entries))
        if several or with_ids or (path.is_file() and folders and top == path.stem):
            return (top,)
    return ()


def are_alike(path, entries):
    """Say whether two folders in the only folder hold a file of the same name, as those of students do."""
    seen = {}
    for found in entries(path):
        if len(found.parts) > 2 and GRADED.fullmatch(found.parts[-1]) and not is_not_theirs(found.parts):
            if seen.setdefault(found.parts[-1], found.parts[1]) != found.parts[1]:
                return True
    return False
