"""How strong are the tests of the mathematics?  Make every one-token edit; count those that a test notices.

    python3 -m tests.strength [FUNCTION ...]

Edits that compute the same as before are left out.  For each of the others the tests of
the mathematics run until one of them fails; the checks that students see play no part.
The edits that no test noticed are listed at the end.
"""

import argparse
import inspect
import os
import resource
import sys
from collections import Counter
from pathlib import Path

import pytest
from tqdm import tqdm

import seqgrad
from tests.learners.edits import FUNCTIONS, changes_result, edits, load, witnesses

HERE = Path(__file__).parent
SUBJECTS = ("seed", "activations", "rnn", "lstm", "gru", "networks", "attention", "layer_norm", "layers")
SUBJECTS += ("optimize", "output", "gradcheck", "shapes")
# Where the laws of a module stand that it shares with others.
LAWS = {"rnn": "networks", "lstm": "networks", "gru": "networks"}
LAWS |= {"attention": "layers", "layer_norm": "layers"}
PROCESSES = 2
GOAL = 95  # of 100 edits that change a result
# Seconds of computing until an edit is taken to run for ever: to compare its results, and with its tests.
COMPARING, TESTING = 5, 60

# What became of an edit, as the exit code of the process that tried it.
MISSED, NOTICED, SAME, BROKEN = range(4)  # broken: this file failed, not a test


class Strength:
    """A pytest plugin that runs the collected tests once for each edit, each time in a process of its own."""

    def __init__(self, functions):
        self.functions = functions
        self.outcomes = []

    def pytest_collection(self):
        """Look for a failing example, but not for the smallest one: that any test fails is all we ask."""
        from hypothesis import Phase, settings  # after pytest, whose plugin it is

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("strength", phases=phases, derandomize=True, deadline=None)
        settings.load_profile("strength")

    def pytest_runtestloop(self, session):
        """Try all edits, and keep what became of each."""
        if wait_for(start(session)) != MISSED:
            raise pytest.UsageError("some tests fail without any edit: run pytest first")
        for name in self.functions:
            witnesses(name)  # computed once, here, for all processes
        waiting = [edit for name in self.functions for edit in edits(name)]
        running = {}
        with tqdm(total=len(waiting), unit=" edits") as progress:
            while waiting or running:
                while waiting and len(running) < PROCESSES:
                    edit = waiting.pop(0)
                    running[start(session, edit)] = edit
                process, status = os.wait()
                edit = running.pop(process)
                self.outcomes.append((edit, outcome(status)))
                if self.outcomes[-1][1] == BROKEN:
                    raise RuntimeError(f"{edit.function}, line {edit.line}: could not try {edit.description}")
                progress.update()
        return True


def start(session, edit=None):
    """Start a process in which one function is edited, and return its id."""
    if process := os.fork():
        return process
    code = BROKEN
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = run_tests(session, edit)
    finally:
        os._exit(code)


def run_tests(session, edit):
    """Put the edit in place and run the tests until one fails, the nearest ones first."""
    items = session.items
    session.config.pluginmanager.unregister(name="terminalreporter")
    if edit:
        allow(COMPARING)
        if not changes_result(edit):
            return SAME
        # The function stays the same object, so whoever imported it sees the edit.
        function = inspect.unwrap(getattr(seqgrad, edit.function))
        function.__code__ = inspect.unwrap(load(edit)).__code__
        module = function.__module__.removeprefix("seqgrad.")
        nearest = [f"test_{subject}" for subject in ("seed", module, LAWS.get(module))]
        items = sorted(items, key=lambda item: [item.path.stem != name for name in nearest])
    allow(TESTING)
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return NOTICED
    return MISSED


def allow(seconds):
    """Limit the computing that this process may do since its start."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def wait_for(process):
    """Return the outcome of one process."""
    return outcome(os.waitpid(process, 0)[1])


def outcome(status):
    """Return what became of an edit; a process that had to be stopped has noticed it."""
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else NOTICED


def report(functions, outcomes):
    """Return the table of what was noticed, each edit that was not, and the share that was."""
    count = Counter((edit.function, found) for edit, found in outcomes)
    rows = [[name, *(count[name, found] for found in (NOTICED, MISSED, SAME))] for name in functions]
    rows.append(["all", *(sum(column) for column in list(zip(*rows, strict=True))[1:])])
    width = max(28, *(len(name) + 1 for name in functions))
    lines = [f"{'function':<{width}}{'edits':>7}{'change a result':>17}{'noticed':>9}"]
    for name, noticed, missed, same in rows:
        lines.append(f"{name:<{width}}{noticed + missed + same:>7}{noticed + missed:>17}{noticed:>9}")
    for edit, found in outcomes:
        if found == MISSED:
            file = inspect.unwrap(getattr(seqgrad, edit.function)).__module__.replace(".", "/")
            lines.append(f"not noticed: {file}.py:{edit.line}  {edit.before} -> {edit.after}")
    share = 100 * noticed / (noticed + missed)
    lines.append(f"{share:.1f} of 100 edits that change a result are noticed; the goal is {GOAL}.")
    return "\n".join(lines), share


def main():
    """Try all edits, print the report, and return an exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.strength", description=__doc__.splitlines()[0])
    parser.add_argument(
        "functions", nargs="*", default=FUNCTIONS, metavar="FUNCTION", help="all if none is named"
    )
    functions = parser.parse_args().functions
    if unknown := set(functions) - set(FUNCTIONS):
        parser.error(f"{min(unknown)} is none of {', '.join(FUNCTIONS)}")
    strength = Strength(functions)
    files = [str(HERE / f"test_{subject}.py") for subject in SUBJECTS]
    code = pytest.main(["-q", "--tb=no", "-p", "no:cacheprovider", *files], plugins=[strength])
    if not strength.outcomes:
        return code
    text, share = report(strength.functions, strength.outcomes)
    print(text)
    return int(share < GOAL)


if __name__ == "__main__":
    sys.exit(main())
