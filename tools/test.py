"""Compare everything: the built files, the tests, and every number that the solutions print."""

import contextlib
import importlib.util
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools import environment, verb_parser
from tools.environment import ROOT

DESCRIPTION = """\
Check that the notebooks are what the sources make, run the tests, and run the solutions again with nbval,
which compares what they print with what is stored in them. One summary comes at the end."""

EXAMPLE = """\
example:
  python3 -m tools test
  python3 -m tools test --peers                          with another autograd, a Dask cluster, a browser
  python3 -m tools test tests/test_rnn.py -k backward    these tests alone
  python3 -m tools test notebooks/solutions/01_activations.ipynb"""

# The plugins that we need, and none of those that happen to be installed.
PLUGINS = ["--disable-plugin-autoload", "-p", "nbval", "-p", "hypothesispytest"]

NOTHING_RAN = 5  # an exit code of pytest

PEERS = ("peers", "cluster", "browser")  # extras that the tests can do without
PEERS_LIMIT = 300  # seconds for the download of the peers


def main(arguments):
    """Test; return the exit code."""
    parser = verb_parser("test", DESCRIPTION, EXAMPLE)
    parser.add_argument("paths", metavar="PATH", nargs="*", help="by default tests and notebooks/solutions")
    parser.add_argument("-k", metavar="EXPRESSION", help="only what matches it, as for pytest")
    parser.add_argument("--peers", action="store_true", help="first install what only tests need")
    options = parser.parse_args(arguments)

    from tools import build, peers

    if options.peers:
        install_peers(ROOT)
        peers.nbgrader(fetch=True)
    late = build.out_of_date(ROOT)
    silent = never_run(ROOT)
    whole = not (options.paths or options.k)
    last = ROOT / ".pytest_cache" / "seconds"
    if whole:
        told = f"{last.read_text(encoding='utf-8')} s, as last time" if last.exists() else "some minutes"
        print(f"The whole of it takes about {told}.", flush=True)
    began = time.perf_counter()
    paths = options.paths or [path for path in ("tests", "notebooks/solutions") if (ROOT / path).exists()]
    code, tally = run_together(
        [path for path in paths if not path.startswith("notebooks")],
        [path for path in paths if path.startswith("notebooks")],
        options.k,
    )
    if whole and last.parent.exists():
        last.write_text(f"{time.perf_counter() - began:.0f}", encoding="utf-8")

    remedies = {
        "python3 -m tools build": late,
        "python3 -m tools validate": silent,
        "mend what is named above": tally.problems,
    }
    problems = sum(remedies.values(), [])
    print("", *problems, sep="\n")
    print(f"build      {len(late)} files out of date")
    print(f"tests      {tally.line('tests')}")
    print(f"notebooks  {tally.line('cells')}; {not_compared(ROOT)} cells are run without being compared")
    if code or problems:
        steps = [remedy for remedy, needed in remedies.items() if needed] or ["see what pytest says above"]
        print(f"FAILED, problems: {len(problems)}. Next: {', then '.join(steps)}.")
        return 1
    print("Nothing failed. Next: commit; or python3 -m tools lab opens the exercises.")
    return 0


def run_together(tests, notebooks, expression):
    """Run tests and notebooks side by side; return the exit code and the tally of both."""
    if not (tests and notebooks):
        return run_pytest(tests or notebooks, expression)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as beside,
    ):
        log = Path(folder) / "notebooks.log"
        cells = beside.submit(run_pytest, notebooks, expression, log)
        codes, tallies = zip(run_pytest(tests, expression), cells.result(), strict=True)
        print(log.read_text(encoding="utf-8"))
    ran = [code for code in codes if code != NOTHING_RAN] or [NOTHING_RAN]
    return max(ran), tallies[0].plus(tallies[1])


def run_pytest(paths, expression, log=None):
    """Run pytest, its words in a file if there is one; return its exit code and its tally."""
    import pytest

    environment.prepare_kernels()
    os.chdir(ROOT)
    tally = Tally(ROOT)
    arguments = [*PLUGINS, *paths, "--nbval", "--nbval-current-env"]
    if expression:
        arguments += ["-k", expression]
    if log or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        arguments += ["--color=no"]  # nbval would paint all the same
    if log:
        arguments += ["-p", "no:cacheprovider"]  # the tests beside it keep theirs
    with log.open("w", encoding="utf-8") if log else contextlib.nullcontext(sys.stdout) as words:
        with contextlib.redirect_stdout(words):
            code = int(pytest.main(arguments, plugins=[tally]))
    if tally.interrupted:
        raise KeyboardInterrupt
    return code, tally


def install_peers(root):
    """Install what the extras of PEERS ask for in pyproject.toml, if it can be had in time; or say so."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    peers = sum((project["optional-dependencies"][extra] for extra in PEERS), [])
    if all(map(environment.meets, peers)):
        return
    own = importlib.util.find_spec("pip")
    pip = [sys.executable, "-m", "pip"] if own else environment.installer(Path(sys.prefix))
    print(f"Fetching {', '.join(peers)}, for at most {PEERS_LIMIT} s.", flush=True)
    with tempfile.TemporaryDirectory() as folder:  # an install that is cut short would leave half a package
        try:
            subprocess.run([*pip, "download", "--dest", folder, *peers], check=True, timeout=PEERS_LIMIT)
            subprocess.run([*pip, "install", "--no-index", "--find-links", folder, *peers], check=True)
        except (subprocess.SubprocessError, OSError):
            print(
                f"{', '.join(peers)} cannot be had here in time; what compares with it is skipped.",
                flush=True,
            )


def stored_cells(root):
    """Yield the path of each solution, relative to the project, and its code cells."""
    from tools import chapters, pairs

    for path in sorted((root / "notebooks" / "solutions").glob("*.ipynb")):
        yield path.relative_to(root), pairs.code_cells(chapters.from_text(pairs.read(path), ".ipynb"))


def never_run(root):
    """Return a sentence for each solution with cells that were never run: nbval passes over them."""
    from tools import pairs

    problems = []
    for path, cells in stored_cells(root):
        missing = [number for number, cell in enumerate(cells, 1) if cell.execution_count != number]
        if missing:
            first = pairs.place(missing[0], cells[missing[0] - 1])
            problems.append(f"{path}, {first}: {len(missing)} cells from here on were never run")
    return problems


def not_compared(root):
    """Return how many cells are tagged so that nbval runs them and does not look at what they print."""
    tags = [tag for _, cells in stored_cells(root) for cell in cells for tag in cell.metadata.get("tags", [])]
    return tags.count("nbval-ignore-output")


class Tally:
    """A pytest plugin that counts what happens to tests and to cells, and keeps a sentence for what fails."""

    def __init__(self, root):
        self.root = root
        self.outcomes = {"tests": Counter(), "cells": Counter()}
        self.seconds = Counter()
        self.problems = []
        self.interrupted = False

    def pytest_runtest_logreport(self, report):
        """Count a test or a cell."""
        path, _, name = report.nodeid.partition("::")
        kind = "cells" if path.endswith(".ipynb") else "tests"
        self.seconds[kind] += report.duration
        if report.when == "call" or not report.passed:
            self.outcomes[kind][report.outcome] += 1
        if report.failed:
            self.problems.append(self.cell(path, report) if kind == "cells" else f"{report.nodeid} fails")

    def pytest_collectreport(self, report):
        """Keep what cannot even be read."""
        if report.failed:
            self.problems.append(f"{report.nodeid} cannot be collected")

    def pytest_keyboard_interrupt(self, excinfo):
        """Remember that a person ended the run; pytest itself interrupts with a class of its own."""
        self.interrupted = excinfo.type is KeyboardInterrupt

    def cell(self, path, report):
        """Return a sentence about a cell that fails; nbval counts cells from 0."""
        from tools import chapters, pairs

        index = int(report.nodeid.rpartition("Cell ")[2])
        cell = pairs.code_cells(chapters.from_text(pairs.read(self.root / path), ".ipynb"))[index]
        why = re.search(r"Cell \d+: (.*)", report.longreprtext)
        if why and why[1] == "Cell outputs differ":
            what = "it prints something else than what is stored"
        else:
            what = why[1] if why else "it cannot be run"
        return f"{path}, {pairs.place(index + 1, cell)}: {what}"

    def plus(self, other):
        """Return the tally of two runs."""
        both = Tally(self.root)
        both.outcomes = {kind: self.outcomes[kind] + other.outcomes[kind] for kind in self.outcomes}
        both.seconds = self.seconds + other.seconds
        both.problems = self.problems + other.problems
        return both

    def line(self, kind):
        """Return the summary of one kind."""
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes[kind].items()))
        return f"{counts or 'none ran'}, {self.seconds[kind]:.0f} s"
