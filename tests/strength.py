"""How strong are the tests?  Change the code; count the changes that a test notices, and list the others.

    python3 -m tests.strength [FUNCTION ...]
    python3 -m tests.strength --sample 100 [--seed 1] [PATH ...]

The first measures the tests of the mathematics, with every one-token edit.  Edits that compute the same as
before are left out.  For each of the others the tests of the mathematics run until one of them fails; the
checks that students see play no part.

The second measures the tests of the machinery, with a sample of random changes in seqgrad/check and tools,
or in the paths that are named (`tests.changes` says which changes).  Each is tried with the tests that mirror
its file; it is noticed if a test fails with it and passes without it.  Ctrl-C stops the measure, and the same
command goes on from there: what was noticed is kept in .strength as long as the file stays as it is, and
what was not is tried again as soon as the tests differ.
"""

import argparse
import inspect
import json
import os
import resource
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from tqdm import tqdm

import seqgrad
from tests.changes import ROOT, digest, draw_sample, find_tests, try_change
from tests.learners.edits import FUNCTIONS, changes_result, edits, load, witnesses
from tools.environment import count_cores

HERE = Path(__file__).parent
SUBJECTS = ("seed", "activations", "rnn", "lstm", "gru", "networks", "attention", "layer_norm", "layers")
SUBJECTS += ("optimize", "output", "gradcheck", "shapes")
# Where the laws of a module stand that it shares with others.
LAWS = {"rnn": "networks", "lstm": "networks", "gru": "networks"}
LAWS |= {"attention": "layers", "layer_norm": "layers"}
MACHINERY = ("seqgrad/check", "tools")
RESULTS = ROOT / ".strength"
# Seconds of computing until an edit is taken to run for ever: to compare its results, and with its tests.
COMPARING, TESTING = 5, 60

# What became of an edit, as the exit code of the process that tried it.
MISSED, NOTICED, SAME, BROKEN = range(4)  # broken: it could not be tried


class Measure(NamedTuple):
    """What the report of a measure calls its parts, and the goal: how many of 100 are noticed."""

    columns: tuple
    counted: str
    goal: int


OF_MATHEMATICS = Measure(("function", "edits", "change a result"), "edits that change a result", 95)
OF_MACHINERY = Measure(("folder", "changes", "tried"), "changes", 85)


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
        if outcome(os.waitpid(start(run_tests, session), 0)[1]) != MISSED:
            raise pytest.UsageError("some tests fail without any edit: run pytest first")
        for name in self.functions:
            witnesses(name)  # computed once, here, for all processes
        waiting = [edit for name in self.functions for edit in edits(name)]
        for edit, found in try_all(waiting, lambda edit: start(run_tests, session, edit)):
            if found == BROKEN:
                raise RuntimeError(f"{edit.function}, line {edit.line}: could not try {edit.description}")
            self.outcomes.append((edit, found))
        return True


def try_all(waiting, begin):
    """Yield (edit, outcome) for all edits; `begin` starts the process that tries one, on each core one."""
    waiting, running = list(waiting), {}
    try:
        with tqdm(total=len(waiting), unit=" edits") as progress:
            while waiting or running:
                while waiting and len(running) < count_cores():
                    edit = waiting.pop(0)
                    running[begin(edit)] = edit
                process, status = os.wait()
                yield running.pop(process), outcome(status)
                progress.update()
    finally:
        for process in running:
            os.kill(process, signal.SIGINT)


def start(work, *arguments):
    """Start a process that does some work, silently, and ends with its outcome; return its id."""
    if process := os.fork():
        return process
    code = BROKEN
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = work(*arguments)
    finally:
        os._exit(code)


def run_tests(session, edit=None):
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


def outcome(status):
    """Return what became of an edit; a process that had to be stopped has noticed it."""
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else NOTICED


def measure_mathematics(functions):
    """Try all one-token edits of some functions; return (edit, outcome) for each, and pytest's exit code."""
    strength = Strength(functions)
    files = [str(HERE / f"test_{subject}.py") for subject in SUBJECTS]
    code = pytest.main(["-q", "--tb=no", "-p", "no:cacheprovider", *files], plugins=[strength])
    return strength.outcomes, int(code)


def measure_machinery(paths, size, seed):
    """Try a sample of changes, as far as that is not done; return (change, outcome) for each."""
    sample = draw_sample(paths, size, seed)
    records = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    known = {tuple(record[:-1]): record[-1] for record in map(json.loads, records)}
    keys = {change: (digest(change.file, change.source), digest_tests(change.file)) for change in sample}
    noticed = {key for (key, _), found in known.items() if found == NOTICED}
    outcomes = {change: NOTICED if key[0] in noticed else known.get(key) for change, key in keys.items()}
    waiting = [change for change, found in outcomes.items() if found is None]
    with RESULTS.open("a", encoding="utf-8") as file:
        for change, found in try_all(waiting, lambda change: start(attempt, change)):
            outcomes[change] = found
            if found != BROKEN:
                print(json.dumps([*keys[change], found]), file=file, flush=True)
    return list(outcomes.items())


def digest_tests(file):
    """Return a digest of the tests that mirror a file."""
    return digest(*((ROOT / path).read_bytes() for path in find_tests(file)))


def attempt(change):
    """Try one change of the machinery, and return what became of it."""
    return NOTICED if try_change(change) else MISSED


def report(names, outcomes, measure=OF_MATHEMATICS):
    """Return the table of what was noticed, each edit that was not, and the share that was."""
    count = Counter((edit.group, found) for edit, found in outcomes)
    rows = [[name, *(count[name, found] for found in range(4))] for name in names]
    rows.append(["all", *(sum(column) for column in list(zip(*rows, strict=True))[1:])])
    width = max(28, *(len(name) + 1 for name in names))
    lines = [f"{measure.columns[0]:<{width}}{{:>7}}{{:>17}}{{:>9}}".format(*measure.columns[1:], "noticed")]
    for name, missed, noticed, same, broken in rows:
        tried = noticed + missed
        lines.append(f"{name:<{width}}{tried + same + broken:>7}{tried:>17}{noticed:>9}")
    words = {MISSED: "not noticed", BROKEN: "not tried, since the same test fails without it"}
    lines += [f"{words[found]}: {edit}" for edit, found in outcomes if found in words]
    share = 100 * noticed / tried if tried else 0
    lines.append(f"{share:.1f} of 100 {measure.counted} are noticed; the goal is {measure.goal}.")
    return "\n".join(lines), share


def parse(arguments):
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.strength", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="FUNCTION or PATH", help="all twelve functions if none")
    parser.add_argument("--sample", type=int, metavar="SIZE", help="how many changes of the machinery to try")
    parser.add_argument(
        "--seed", type=int, default=1, help="another number draws other changes; by default 1"
    )
    options = parser.parse_args(arguments)
    if options.sample is None and (unknown := set(options.names) - set(FUNCTIONS)):
        parser.error(f"{min(unknown)} is none of {', '.join(FUNCTIONS)}")
    if options.sample and (missing := [name for name in options.names if not (ROOT / name).exists()]):
        parser.error(f"There is no {missing[0]}.")
    return options


def main(arguments=None):
    """Try all edits, print the report, and return an exit code."""
    options = parse(arguments)
    if options.sample is None:
        names, measure = options.names or FUNCTIONS, OF_MATHEMATICS
        outcomes, code = measure_mathematics(names)
        if not outcomes:
            return code
    else:
        try:
            outcomes = measure_machinery(options.names or MACHINERY, options.sample, options.seed)
        except KeyboardInterrupt:
            print("\nStopped; the same command goes on from here.")
            return 130
        names, measure = sorted({change.group for change, _ in outcomes}), OF_MACHINERY
    text, share = report(names, outcomes, measure)
    print(text)
    return int(share < measure.goal)


if __name__ == "__main__":
    sys.exit(main())
