"""Files that are written as a whole or not at all: whoever looks finds the old file or the new one.

path, what belongs there  ->  a draft beside it  ->  the file
"""

import contextlib
import os
import threading

from tools import Refusal

DRAFT = ".draft"  # how the names of drafts end


def write(path, content, durable=True):
    """Write a file from its text, or its bytes; one that holds the same already is left alone.

    Parameters
    ----------
    path : Path
    content : str or bytes
        Text is written in UTF-8, with its own line ends.
    durable : bool, optional
        Whether it has to survive a power cut, which takes time; no file that can be made again has to.

    Returns
    -------
    bool
        Whether it was new or changed.

    Raises
    ------
    Refusal
        Says why it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    with contextlib.suppress(OSError):
        if path.read_bytes() == data:
            return False
    try:
        with replace_file(path, "wb", durable) as file:
            file.write(data)
    except OSError as error:
        raise Refusal(f"{error.filename} cannot be written: {error.strerror}.") from error
    return True


@contextlib.contextmanager
def replace_file(path, mode="w", durable=True, **how):
    """Open a draft to write into, which takes the place of a file at the end, or goes away.

    Raises
    ------
    OSError
        Names the file also where the disk is full, which the system does not.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}{DRAFT}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(draft, mode, **how) as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        draft.replace(path)
        if durable:
            synchronise(path.parent)
    except OSError as error:
        at_draft = error.filename in (None, str(draft))
        raise OSError(error.errno, error.strerror, str(path) if at_draft else error.filename) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def synchronise(folder):
    """Flush the entries of a folder to the disk."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
