"""What answers in the browser: files lie in /tmp, a request comes in, messages go out as JSON."""

import difflib
import json
from dataclasses import replace
from pathlib import Path

import _host

from seqgrad.check import files, read_printout
from seqgrad.check.diagnose import diagnose
from seqgrad.check.exercises import find_exercise
from seqgrad.check.learner import Learner
from seqgrad.check.naming.causes import find_causes
from seqgrad.check.reading.cells import read_cells
from seqgrad.check.reading.pasted import clean_paste
from seqgrad.check.reading.signatures import list_functions
from seqgrad.check.running.data import Error, Result
from seqgrad.check.running.survive import GONE
from seqgrad.check.verdict import Verdict

FOLDER = Path("/tmp")
ENDS = {
    "late": Error("OutOfTime", ""),
    "exit": GONE,
    "crash": Error("Crash", "it ended the interpreter that ran it"),
}


def send(**message):
    """Send a message to the page."""
    _host.call(json.dumps(message).encode())


def check(name, exercise="", ended=None):
    """Check a file in the folder, and send a report on it.

    Parameters
    ----------
    name : str
        The file; what it imports lies beside it.
    exercise : str, optional
        The only one to look at, by whatever name its function goes.
    ended : dict, optional
        The exercises at which an interpreter ended, and how: their functions are not run again.
    """
    path = FOLDER / name
    content = {name: path.read_bytes()} | files.read_beside(path)
    own = find_own(name, content[name], exercise) if exercise else {}
    report = files.check_content(name, content, own, lambda *one: judge(*one, exercise, ended or {}))
    if exercise:
        chosen = tuple(one for one in report.verdicts if one.exercise in (exercise, "printout"))
        report = replace(report, verdicts=chosen, first="")
    send(report=report._repr_html_())


def find_own(name, content, exercise):
    """Return {function: exercise} for the function that is meant; nothing if it goes by that name."""
    functions = list_functions(read_cells(name, clean_paste(content))[0])
    if exercise in functions or not functions:
        return {}
    (meant,) = difflib.get_close_matches(exercise, functions, 1, 0.0)
    return {meant: exercise}


def judge(program, name, chosen, ended):
    """Return the verdict on a function, and what of its file could not be run; say before which one it is."""
    if chosen and name != chosen:
        return Verdict(name, "not attempted", name), []
    if name in ended:
        return diagnose(Ended(ENDS[ended[name]], find_exercise(name)), find_causes), []
    send(judging=name)
    return files.judge_one(program, name)


class Ended(Learner):
    """A function at which an interpreter ended, and which is not run again; the error stands in its place."""

    def run(self, calls, helpers):
        """Return the error for each call."""
        return [Result(error=self.function)] * len(calls)


# The first check of an interpreter is slow, so that one is made before anybody waits for it.
check_first = read_printout('gradients["da_next"][0][0] = 0.5')
