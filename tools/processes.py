"""Processes beside this one: Ctrl-C does not reach them as they start, and they end when this one does."""

import contextlib
import multiprocessing
import os
import signal
import threading
from multiprocessing import resource_tracker


@contextlib.contextmanager
def delay_interrupts():
    """Start processes that Ctrl-C does not reach: it is for this one, which ends them. Here it waits."""
    blocks = hasattr(signal, "pthread_sigmask")  # not on Windows
    if blocks:
        resource_tracker.ensure_running()  # now, since its start unblocks the signal
    pressed = []
    handler = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    mask = blocks and signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if blocks:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if pressed:
        raise KeyboardInterrupt


def follow_parent():
    """End this process when its parent ends, for whatever reason; on Windows, ignore Ctrl-C as well."""
    if os.name == "nt":  # where Ctrl-C cannot be kept away from a process as it starts
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent():
    """Wait until the parent has ended, and end this process."""
    multiprocessing.parent_process().join()
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
