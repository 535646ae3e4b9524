"""A session of IPython in this process, as a notebook has one."""

import contextlib
import gc
import sys


@contextlib.contextmanager
def open_session():
    """Yield the shell of a session; afterwards the main module is what it was.

    IPython looks for garbage at the end, for which what was there before is left out.
    """
    from IPython.core.interactiveshell import InteractiveShell

    main = sys.modules["__main__"]
    gc.freeze()
    shell = InteractiveShell.instance()
    try:
        yield shell
    finally:
        shell.reset(new_session=False)
        gc.unfreeze()
        InteractiveShell.clear_instance()
        sys.modules["__main__"] = main
