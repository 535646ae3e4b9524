"""A session of IPython in this process, as a notebook has one."""

import contextlib
import sys


@contextlib.contextmanager
def open_session():
    """Yield the shell of a session; afterwards the main module is what it was."""
    from IPython.core.interactiveshell import InteractiveShell

    main = sys.modules["__main__"]
    shell = InteractiveShell.instance()
    try:
        yield shell
    finally:
        shell.reset(new_session=False)
        InteractiveShell.clear_instance()
        sys.modules["__main__"] = main
