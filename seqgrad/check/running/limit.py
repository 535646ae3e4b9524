"""A learner's code runs within limits, of time and of memory, that leave the process usable.

What an interpreter may lack is asked for here alone: ctypes, signals, threads, limits of the system, a clock
for each thread, processes. In a browser, which has none of it, loops look at the clock, and whatever does not
is ended by whoever started the interpreter.
"""

import contextlib
import functools
import itertools
import os
import signal
import sys
import threading
import time

try:
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc  # noqa: B018 - an interpreter in WebAssembly does not show it
except (ImportError, AttributeError, OSError):
    ctypes = None
try:
    import resource
except ImportError:
    resource = None

monitoring = getattr(sys, "monitoring", None)  # since Python 3.12

PROCESSES = hasattr(os, "kill")  # whether there are any others
SECONDS = 3.0  # of computing
CLOCK = 10  # times as long on the clock, as the last resort
BYTES = 4 << 30
SHARE = 3  # of how many such threads one may be
TOOL, JUMPS = 4, 64  # who looks at the clock, and once in how many jumps


def guess_thread_time():
    """Return the seconds that this thread has computed on a busy machine: a share of what went by."""
    return time.process_time() / SHARE


# The seconds that this thread has computed. Where nobody counts them, a search has time as on a busy machine.
thread_time = getattr(time, "thread_time", guess_thread_time)


class OutOfTime(BaseException):
    """Raised in the learner's code when its time is up; no Exception, so `except Exception` lets it pass."""


class OutOfClock(OutOfTime):
    """Raised, as the last resort, in code that waits, or gets no time to compute from a busy machine."""


TIMES = (OutOfTime.__name__, OutOfClock.__name__)


@contextlib.contextmanager
def limit_run(seconds=SECONDS, spare=BYTES):
    """Raise OutOfTime in this thread when the time is up, MemoryError when `spare` more bytes are taken."""
    main = threading.current_thread() is threading.main_thread()
    limit_time = alarm if main and hasattr(signal, "setitimer") else interrupt_later
    if limit_time is interrupt_later and ctypes is None:
        limit_time = look_at_clock
    with limit_memory(spare), limit_time(seconds):
        yield


@contextlib.contextmanager
def alarm(seconds, clock=None):
    """Limit the time that the main thread computes, and that on the clock, by signals.

    They come again if the exception is swallowed; that of the clock ends a sleep as well.  Where there are
    no such signals, whoever started the interpreter has to end it.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    began = thread_time()

    def look_at_time(*_):
        if thread_time() - began >= seconds:  # what other threads have computed counts for the timer alone
            raise OutOfTime

    def end(*_):
        raise OutOfClock

    before = signal.signal(signal.SIGPROF, look_at_time), signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.1)
    signal.setitimer(signal.ITIMER_REAL, clock or CLOCK * seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGPROF, before[0])
        signal.signal(signal.SIGALRM, before[1])


@contextlib.contextmanager
def interrupt_later(seconds):
    """Limit the time of any thread: another one raises the exception in it, again and again until it ends."""
    if ctypes is None:
        yield
        return
    thread, computed = threading.get_ident(), read_clock_of_thread()
    done, sent, lock = threading.Event(), threading.Event(), threading.Lock()
    until = time.monotonic() + CLOCK * seconds

    def watch():
        left = seconds
        while not done.wait(max(left, 0.1)):
            try:
                spent = computed()
            except OSError:  # the thread has ended, and its clock with it
                return
            left = min(seconds - spent, until - time.monotonic())
            with lock:
                if left <= 0 and not done.is_set():
                    sent.set()
                    interrupt(thread, OutOfTime if spent >= seconds else OutOfClock)

    try:
        threading.Thread(target=watch, daemon=True).start()
    except RuntimeError:  # this interpreter cannot start threads
        done.set()
    try:
        yield
    finally:
        with lock:
            done.set()
        if sent.is_set():
            with contextlib.suppress(OutOfTime):
                interrupt(thread, OutOfTime)  # in place of one under way; this one arrives here


def interrupt(thread, error):
    """Raise an exception in a thread, as soon as that runs Python's code.

    There has to be one. Python up to 3.12 takes None, which should only withdraw what is on its way, for an
    exception that never comes: its loop then looks for one at every step, and under a profiler, a debugger or
    a measure of coverage it does nothing else any more.
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))


@contextlib.contextmanager
def look_at_clock(seconds):
    """Limit the time where nothing can interrupt the code: it looks at the clock at some of its jumps.

    What does not jump, as a loop in C, has to be ended from outside.
    """
    if monitoring is None or monitoring.get_tool(TOOL):
        yield
        return
    until, count, events = time.monotonic() + seconds, itertools.count(1), monitoring.events

    def look(*_):
        if next(count) % JUMPS == 0 and time.monotonic() >= until:
            raise OutOfTime

    monitoring.use_tool_id(TOOL, "seqgrad")
    monitoring.register_callback(TOOL, events.JUMP, look)
    monitoring.set_events(TOOL, events.JUMP)
    try:
        yield
    finally:
        monitoring.set_events(TOOL, 0)
        monitoring.free_tool_id(TOOL)


def read_clock_of_thread():
    """Return a function that says for how long this thread has computed since now, for any thread to ask."""
    read = time.process_time
    if hasattr(time, "pthread_getcpuclockid"):
        number = time.pthread_getcpuclockid(threading.get_ident())
        read = functools.partial(time.clock_gettime, number)
    began = read()
    return lambda: read() - began


@contextlib.contextmanager
def limit_memory(spare):
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
