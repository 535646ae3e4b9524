"""What became of tests and cells: counts, a sentence for what fails, a line for what is skipped."""

import linecache
import re
from collections import Counter


class Tally:
    """A pytest plugin that counts, also what is run in other processes, and keeps a sentence for what fails.

    Attributes
    ----------
    outcomes : dict of Counter
        How many "tests" and "cells" have passed, failed or were skipped.
    problems : list of str
        A sentence for each that failed.
    reasons : Counter
        How many were skipped, by what they lack.
    interrupted : bool
        Whether a person ended the run.
    """

    def __init__(self, root):
        self.root = root
        self.outcomes = {"tests": Counter(), "cells": Counter()}
        self.problems, self.reasons = [], Counter()
        self.interrupted = False

    def pytest_runtest_logreport(self, report):
        """Count a test or a cell."""
        path = report.nodeid.partition("::")[0]
        kind = "cells" if path.endswith(".ipynb") else "tests"
        if report.when == "call" or not report.passed:
            self.outcomes[kind][report.outcome] += 1
        if report.failed:
            self.problems.append(self.tell_cell(path, report) if kind == "cells" else tell_test(report))
        self.note_skip(report)

    def pytest_collectreport(self, report):
        """Keep what cannot even be read."""
        if report.failed:
            self.problems.append(f"{report.nodeid} cannot be collected")
        self.note_skip(report)

    def pytest_keyboard_interrupt(self, excinfo):
        """Remember that a person ended the run; pytest itself interrupts with a class of its own."""
        self.interrupted = excinfo.type is KeyboardInterrupt

    def note_skip(self, report):
        """Keep the reason of a skip."""
        if report.skipped and isinstance(report.longrepr, tuple):
            self.reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1

    def tell_cell(self, path, report):
        """Return a sentence about a cell that fails; nbval counts cells from 0."""
        from tools.course import chapters, pairs

        index = int(report.nodeid.rpartition("Cell ")[2])
        cell = pairs.list_code_cells(chapters.read_notebook(pairs.read(self.root / path), ".ipynb"))[index]
        why = re.search(r"Cell \d+: (.*)", report.longreprtext)
        if why and why[1] == "Cell outputs differ":
            what = "it prints something else than what is stored"
        else:
            what = why[1] if why else "it cannot be run"
        return f"{path}, {pairs.name_cell(index + 1, cell)}: {what}"

    def count(self, kind):
        """Return the outcomes of one kind, in words."""
        counts = sorted(self.outcomes[kind].items())
        return ", ".join(f"{count} {outcome}" for outcome, count in counts) or "none ran"

    def list_skips(self):
        """Return a line for each reason of skips, with how many there are."""
        return [
            f"skipped    {count} {'test' if count == 1 else 'tests'}: {reason}"
            for reason, count in sorted(self.reasons.items())
        ]


def tell_test(report):
    """Return a sentence about a test that fails; where it was stopped, with the line in which it waited."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if not (crash and "Timeout (>" in crash.message):
        return f"{report.nodeid} fails"
    places = [entry.reprfileloc for entry in report.longrepr.reprtraceback.reprentries]
    place = [place for place in places if place.path.startswith("tests")][-1]
    line = linecache.getline(place.path, place.lineno).strip()
    return f"{report.nodeid} was stopped; it waited in {place.path}, line {place.lineno}: `{line}`"
