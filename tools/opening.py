"""Files that others may have put there, opened without being led astray.

folder, parts of a path below it  ->  no link followed, no pipe waited for  ->  an ordinary file, open
"""

import errno
import os
import stat


class NotOrdinary(OSError):
    """What was found is a pipe, a device or a socket."""


def open_below(folder, parts):
    """Return a file below a folder, open for reading; no link on the way is followed, whenever it was made.

    Parameters
    ----------
    folder : Path
        May be, or lie behind, a link.
    parts : sequence of str
        The names of the folders below it, and of the file.

    Raises
    ------
    NotOrdinary
        If it is a pipe, a device or a socket.
    OSError
        If it cannot be opened, or a part of its path is a link.
    """
    file = open(open_descriptor(folder, parts), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotOrdinary(errno.EINVAL, "not an ordinary file", str(folder.joinpath(*parts)))
    return file


def open_descriptor(folder, parts):
    """Return the descriptor of what is below a folder, one step at a time."""
    flags = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    if os.open not in os.supports_dir_fd:  # Windows
        path = folder.joinpath(*parts)
        if path.resolve() != folder.resolve().joinpath(*parts):
            raise OSError(errno.ELOOP, "a link leads there", str(path))
        return os.open(path, flags)
    inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            above, inside = inside, os.open(part, flags | os.O_DIRECTORY, dir_fd=inside)
            os.close(above)
        return os.open(parts[-1], flags, dir_fd=inside)
    finally:
        os.close(inside)
