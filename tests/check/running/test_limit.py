"""A learner's code ends in time on every interpreter that can end it, and runs on those that cannot."""

import cProfile
import signal
import threading
import time

import pytest

from seqgrad.activations import sigmoid
from seqgrad.check import check
from seqgrad.check.running import limit
from seqgrad.check.running.data import Call
from seqgrad.check.running.run import run
from tests.marks import exhaustive


def in_a_thread(function, *arguments):
    """Return what a function gives in a thread that is not the main one."""
    given = []
    thread = threading.Thread(target=lambda: given.append(function(*arguments)))
    thread.start()
    thread.join()
    return given[0]


def cannot_start(thread):
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("lacks", ["ctypes", "resource", "threads", "signals"])
def test_an_interpreter_that_lacks_something_runs_all_the_same(monkeypatch, lacks):
    """As one in a browser does; whoever started it has to end it there."""
    if lacks == "threads":
        given = in_a_thread(
            lambda: (monkeypatch.setattr(threading.Thread, "start", cannot_start), run(abs, [Call((-1.5,))]))[
                1
            ]
        )
    elif lacks == "signals":
        monkeypatch.delattr(limit.signal, "setitimer")
        given = run(abs, [Call((-1.5,))])
    else:
        monkeypatch.setattr(limit, lacks, None)
        given = in_a_thread(run, abs, [Call((-1.5,))])
    assert [result.value for result in given] == [1.5]


def test_the_clock_of_a_search_is_there_on_every_interpreter():
    before = limit.thread_time()
    sum(range(10**6))
    assert limit.thread_time() > before


def compute():
    while True:
        pass


@pytest.mark.parametrize("where", ["in the main thread", "in another"])
def test_what_waits_is_not_ended_by_the_time_that_it_may_compute(where, monkeypatch):
    """Only the clock ends it, far later; what computes is ended by its own time."""

    def run_here(function):
        (result,) = run(function, [Call(())], seconds=0.2)
        return result.error and result.error.kind

    run_there = (
        run_here if where == "in the main thread" else lambda function: in_a_thread(run_here, function)
    )
    assert run_there(lambda: time.sleep(0.6)) is None
    assert run_there(compute) == "OutOfTime"
    monkeypatch.setattr(limit, "CLOCK", 2)
    assert run_there(lambda: [time.sleep(0.01) for _ in range(1000)]) == "OutOfClock"


def test_the_sentence_says_that_the_clock_ended_it(monkeypatch):
    monkeypatch.setattr(limit, "CLOCK", 0.1)
    verdict = check(lambda x: [time.sleep(0.01) for _ in range(1000)], "sigmoid")
    assert verdict.outcome == "raised" and "If the machine was busy, run it again." in str(verdict)
    assert not signal.getitimer(signal.ITIMER_PROF)[0] and not signal.getitimer(signal.ITIMER_REAL)[0]


@exhaustive
@pytest.mark.parametrize("function", [sigmoid, lambda x: compute()])
def test_a_check_ends_under_a_profiler_too(function):
    """As under a debugger and where coverage is measured: all of them look at every step of Python's loop."""
    verdict = cProfile.Profile().runcall(check, function, "sigmoid")
    assert verdict.outcome == ("passed" if function is sigmoid else "raised")
    assert cProfile.Profile().runcall(check, sigmoid).outcome == "passed"


def test_without_signals_and_threads_loops_look_at_the_clock(monkeypatch):
    """As in a browser; a Python that cannot watch its loops runs on, and has to be ended from outside."""
    monkeypatch.delattr(limit.signal, "setitimer")
    monkeypatch.setattr(limit, "ctypes", None)
    monkeypatch.setattr(limit, "monitoring", watch := Monitoring())
    with pytest.raises(limit.OutOfTime), limit.limit_run(0.2):
        while True:
            watch.jump()
    assert watch.events_of == {} and watch.get_tool(limit.TOOL) is None


class Monitoring:
    """As much of `sys.monitoring`, new in Python 3.12, as is used; a loop says by itself that it jumps."""

    class events:  # noqa: N801 - as it is called there
        """The one that is asked for."""

        JUMP = 8

    def __init__(self):
        self.tools, self.events_of, self.callbacks = {}, {}, {}
        self.get_tool, self.use_tool_id = self.tools.get, self.tools.__setitem__

    def set_events(self, tool, events):
        """Begin or end."""
        self.events_of = {tool: events} if events else {}

    def register_callback(self, tool, event, callback):
        """Take what is to be called."""
        self.callbacks[tool, event] = callback

    def free_tool_id(self, tool):
        """Forget a tool."""
        del self.tools[tool]

    def jump(self):
        """Do what happens at a jump."""
        for tool, events in self.events_of.items():
            self.callbacks[tool, events](None, 0, 0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such timers")
def test_after_a_run_the_timers_are_off_and_their_signals_have_the_handlers_of_before():
    numbers = (signal.SIGPROF, signal.SIGALRM)
    mine = [signal.signal(number, handler) for number, handler in zip(numbers, (print, len), strict=True)]
    try:
        run(sigmoid, [Call((1.0,))])
        assert [signal.getsignal(number) for number in numbers] == [print, len]
        assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    finally:
        for number, handler in zip(numbers, mine, strict=True):
            signal.signal(number, handler)
