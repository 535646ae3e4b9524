"""A learner's code runs within limits, of time and of memory, that leave the process usable."""

import contextlib
import ctypes
import signal
import threading

SECONDS = 3.0
BYTES = 4 << 30


class OutOfTime(BaseException):
    """Raised in the learner's code when its time is up; no Exception, so `except Exception` lets it pass."""


@contextlib.contextmanager
def limits(seconds=SECONDS, spare=BYTES):
    """Raise OutOfTime in this thread when the time is up, MemoryError when `spare` more bytes are taken."""
    main = threading.current_thread() is threading.main_thread()
    timed = alarm if main and hasattr(signal, "setitimer") else interruption
    with memory(spare), timed(seconds):
        yield


@contextlib.contextmanager
def alarm(seconds):
    """Limit the time of the main thread by a signal, which also ends a sleep and comes again if swallowed."""

    def out_of_time(*_):
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def interruption(seconds):
    """Limit the time of any thread: another one raises the exception in it, again and again until it ends."""
    thread = ctypes.c_ulong(threading.get_ident())
    done, lock = threading.Event(), threading.Lock()

    def watch():
        wait = seconds
        while not done.wait(wait):
            with lock:
                if not done.is_set():
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(OutOfTime))
            wait = 0.1

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        with lock:
            done.set()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)


@contextlib.contextmanager
def memory(spare):
    """Let the process take at most `spare` bytes more, where the system can say so (Linux)."""
    try:
        import resource

        with open("/proc/self/statm") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        ceiling = used + spare if soft == resource.RLIM_INFINITY else min(soft, used + spare)
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
