"""Tell a learner what is wrong with their function.

    function, exercise  ->  running  ->  judging  ->  probing  ->  naming  ->  Verdict  ->  showing

`check` does it for a function, or for those in a file, which `reading/` finds; `read_printout` for the
printed lines of a test cell.  Each room is a folder with a map of its own; `exercises/` says what there is to
check, and in a release `released/` takes the place of `naming/`.  Begin with `front.py` and `diagnose.py`;
`files.py` is the door for files.
"""

from pathlib import PurePath

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.report import Report
from seqgrad.check.running.data import Call
from seqgrad.check.verdict import Finding, Output, Verdict

__all__ = [
    "Call",
    "Exercise",
    "Finding",
    "Output",
    "Report",
    "Verdict",
    "beside",
    "check",
    "example",
    "own_seed",
    "read_printout",
]


def check(function, name=None, **intermediates):
    """Compare a function with what it should do, and name the mistake if there is one.

    Parameters
    ----------
    function : callable, str or Path
        Your version of one of the exercises; its name is enough for intermediate results. Or a
        file, such as ``"my.ipynb"``, of which every exercise is checked that it defines, or the
        numbers that are printed in it.
    name : str, Exercise or dict, optional
        Which exercise it is, if it goes by another name; or an exercise of your own,
        ``Exercise("layer_norm", function=layer_norm, calls=[(x, gamma, beta)])``; for a file,
        ``{"my_function": "lstm_cell_backward"}``.
    **intermediates : array
        Intermediate results that you computed from the arguments that `example` returned, by name:
        ``check(rnn_cell_backward, dz=dz)``. Then these alone are compared, in the order in which they are
        derived. A function may also return a dict of them behind its results.

    Returns
    -------
    Verdict or Report
        Passed, not attempted, raised or wrong; for a file, a verdict on each function.
        Shows itself as the last line of a cell.
    """
    if isinstance(function, str | PurePath) and not intermediates:
        from seqgrad.check.files import check_named

        return check_named(function, name)
    from seqgrad.check.front import check_function

    return check_function(function, name, intermediates)


def example(function):
    """Return the arguments of an exercise's typical call, to work out its steps one by one.

    Parameters
    ----------
    function : callable or str
        One of the exercises, or its name: ``da_next, cache = example("rnn_cell_backward")``.

    Returns
    -------
    tuple
        One argument or more, which are yours to change.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    from seqgrad.check import front

    return front.make_example(function)


def beside(test, expected, yours):
    """Return what a test prints for two versions of a function, line beside line.

    Parameters
    ----------
    test : callable
        Draws its inputs, calls the function that it is given, and prints.
    expected, yours : callable
        The function whose numbers are expected, and your own.
    """
    from seqgrad.check.showing import side_by_side

    return side_by_side.beside(test, expected, yours)


def own_seed(name):
    """Return the seed that your token has for the test cell of an exercise, in a release of a course.

    Parameters
    ----------
    name : str
        Of the exercise.

    Raises
    ------
    WrongToken
        In one sentence: if your token is not there, or is not one of this release.
    """
    from seqgrad.check.released import own

    return own.draw_own_seed(name)


def read_printout(text):
    """Say what is wrong from the printed lines of a test cell, as they are pasted into a forum post.

    Parameters
    ----------
    text : str

    Returns
    -------
    Verdict
        The cause is stated only if it gives every printed digit.
    """
    from seqgrad.check import front

    return front.read_printout(text)
