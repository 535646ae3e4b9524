"""Tell a learner what is wrong with their function.

    function, exercise  ->  running  ->  judging  ->  probing  ->  naming  ->  Verdict  ->  showing

`check` does it for a function, `read_printout` for the printed lines of a test cell.  Each room is a folder
with a map of its own; `exercises/` says what there is to check, and in a release `released/` takes the place
of `naming/`.  Begin with `front.py` and `diagnose.py`.
"""

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call
from seqgrad.check.verdict import Finding, Output, Verdict

__all__ = ["Call", "Exercise", "Finding", "Output", "Verdict", "beside", "check", "read_printout"]


def check(function, name=None):
    """Compare a function with what it should do, and name the mistake if there is one.

    Parameters
    ----------
    function : callable
        Your version of one of the exercises.
    name : str or Exercise, optional
        Which exercise it is, if it goes by another name; or an exercise of your own,
        ``Exercise("layer_norm", function=layer_norm, calls=[(x, gamma, beta)])``.

    Returns
    -------
    Verdict
        Passed, not attempted, raised or wrong; shows itself as the last line of a cell.
    """
    from seqgrad.check.front import check_function

    return check_function(function, name)


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
