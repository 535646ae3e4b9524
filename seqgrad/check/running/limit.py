"""A learner's code runs within limits, of time and of memory, that leave the process usable.

What an interpreter may lack is asked for here alone: ctypes, signals, threads, limits of the system, a clock
for each thread. In a browser, which has none of it, whoever started the interpreter has to end it.
"""

import contextlib
import signal
import threading
import time

try:
    import ctypes
except ImportError:
    ctypes = None
try:
    import resource
except ImportError:
    resource = None

SECONDS = 3.0
BYTES = 4 << 30

# The seconds that this thread has computed, or where that is not counted, this process.
thread_time = getattr(time, "thread_time", time.process_time)


class OutOfTime(BaseException):
    """Raised in the learner's code when its time is up; no Exception, so `except Exception` lets it pass."""


@contextlib.contextmanager
def limits(seconds=SECONDS, spare=BYTES):
    """Raise OutOfTime in this thread when the time is up, MemoryError when `spare` more bytes are taken."""
    main = threading.current_thread() is threading.main_thread()
    if main and hasattr(signal, "setitimer"):
        timed = alarm(seconds)
    else:
        timed = interruption(seconds) if ctypes else contextlib.nullcontext()
    with memory(spare), timed:
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

    try:
        threading.Thread(target=watch, daemon=True).start()
    except RuntimeError:  # this interpreter cannot start threads
        done.set()
    try:
        yield
    finally:
        with lock:
            done.set()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)


@contextlib.contextmanager
def memory(spare):
    """Let the process take at most `spare` bytes more, where the system can say so (Linux)."""
    if resource is None:
        yield
        return
    try:
        with open("/proc/self/statm") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        ceiling = used + spare if soft == resource.RLIM_INFINITY else min(soft, used + spare)
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    except (OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
