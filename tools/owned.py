"""Folders that we fill: nothing in one is replaced or removed but what we have written there.

A folder that a verb has filled holds its mark, `.seqgrad-VERB`.  In a folder without the mark no file is
replaced, and nothing is removed.  A mark may name the files that were written; all others stay.  No link is
followed in order to remove something.
"""

import os
import shutil
from pathlib import Path, PurePosixPath

from tools import Refusal
from tools.writing import replace_file, write


def mark_of(folder, verb):
    """Return the path of the mark that a verb leaves in a folder."""
    return folder / f".seqgrad-{verb}"


def is_ours(folder, verb):
    """Say whether a folder carries the mark of a verb."""
    return mark_of(folder, verb).is_file()


def check(folder, verb, names=None):
    """Refuse a folder in which something would be replaced that we did not write.

    Parameters
    ----------
    folder : Path
    verb : str
        Who is to write there.
    names : iterable of str, optional
        The files to write; by default a folder without our mark has to be empty.

    Raises
    ------
    Refusal
        Says what is in the way.
    """
    if not os.path.lexists(folder) or is_ours(folder, verb):
        return
    if not folder.is_dir():
        raise Refusal(f"{folder} cannot be written: it is not a folder. Name another one, or move it away.")
    found = {path.name for path in folder.iterdir()}
    if in_the_way := found if names is None else found & {take_first_part(name) for name in names}:
        raise Refusal(
            f"{folder} holds {min(in_the_way)}, and not the mark of a folder that `python3 -m tools {verb}` "
            "has filled: name another folder, or move that away."
        )


def mark(folder, verb, files=()):
    """Put the mark of a verb into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"Made by `python3 -m tools {verb}`, which replaces and removes what it wrote here.", *files]
    write(mark_of(folder, verb), "".join(f"{line}\n" for line in lines), durable=False)


def clear(folder, verb):
    """Remove all that is in a folder that a verb has filled, but not its mark."""
    if folder.is_symlink() or not is_ours(folder, verb):
        raise Refusal(f"{folder} was not made here, so it is not cleared.")
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != mark_of(folder, verb):
            path.unlink()


def replace(folder, made, verb):
    """Let the files of a folder `made` take the place of those that were written into a folder before.

    Whatever else is there stays.  If this breaks off, a second call goes on: what is to be written and what
    was written before are both in the mark until the end.
    """
    if folder.is_symlink():
        raise Refusal(f"{folder} is a link: name the folder that it leads to.")
    check(folder, verb)
    old = set(list_written(folder, verb))
    new = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    for name in sorted(new):
        if (name not in old and os.path.lexists(folder / name)) or leads_away(folder, name):
            raise Refusal(f"{folder / name} was not made by `python3 -m tools {verb}`: move it away.")
    mark(folder, verb, sorted(old | new))
    for name in sorted(new):
        copy(made / name, folder / name)
    for name in sorted(old - new, reverse=True):
        remove(folder, name)
    mark(folder, verb, sorted(new))


def list_written(folder, verb):
    """Return the names of the files that the mark of a verb lists."""
    if not is_ours(folder, verb):
        return []
    names = mark_of(folder, verb).read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    return [name for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts]


def leads_away(folder, name):
    """Say whether a folder on the way to a file is a link, which may lead to somebody else's."""
    return any(os.path.islink(folder / above) for above in PurePosixPath(name).parents)


def copy(source, target):
    """Copy a file in one move."""
    with source.open("rb") as whole, replace_file(target, "wb", durable=False) as file:
        shutil.copyfileobj(whole, file)


def remove(folder, name):
    """Remove a file that was written into a folder, and the folders that are empty then."""
    if leads_away(folder, name) or not os.path.isfile(folder / name):
        return
    (folder / name).unlink()
    for above in (folder / name).relative_to(folder).parents:
        if above != Path() and not any((folder / above).iterdir()):
            (folder / above).rmdir()


def take_first_part(name):
    """Return the first part of a path in a folder."""
    return PurePosixPath(name).parts[0]
