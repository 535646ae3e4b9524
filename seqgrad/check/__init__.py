"""Tell a learner what is wrong with their function.

    function  -> run on calls ->  results  -> judge ->  Verdict

`check` does it for a function, `read_printout` for the printed lines of a test cell.
"""

from seqgrad.check.verdict import Finding, Output, Verdict

__all__ = ["Finding", "Output", "Verdict", "check", "read_printout"]


def check(function, name=None):
    """Compare a function with what it should do, and name the mistake if there is one.

    Parameters
    ----------
    function : callable
        Your version of one of the exercises.
    name : str, optional
        Which exercise it is, if it goes by another name.

    Returns
    -------
    Verdict
        Passed, not attempted, raised or wrong; shows itself as the last line of a cell.
    """
    from seqgrad.check.diagnose import diagnose_function

    return diagnose_function(function, name)


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
    from seqgrad.check import printout

    return printout.read_printout(text)
