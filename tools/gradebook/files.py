"""Files that are written whole or not at all, so that Ctrl-C leaves nothing half-made."""

import contextlib
import os


def write(path, text):
    """Write a text file in one move; whoever looks finds the old text or the new one.

    A file that holds that text already is left alone, which is many times faster.
    """
    with contextlib.suppress(OSError):
        if path.read_bytes() == text.encode():
            return
    with replacing(path) as file:
        file.write(text)


@contextlib.contextmanager
def replacing(path, **how):
    """Open a draft to write into, which takes the place of `path` at the end, or goes away."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{os.getpid()}{path.suffix}")
    try:
        with open(draft, "w", **{"encoding": "utf-8", "newline": "\n"} | how) as file:
            yield file
        draft.replace(path)
    except OSError as error:  # which does not know its file where a disk is full
        raise OSError(error.errno, error.strerror, error.filename or str(path)) from error
    finally:
        draft.unlink(missing_ok=True)
