"""A learner's function where it lives, and what a diagnosis asks of it.

In a notebook it lives beside the check; when it is graded it lives in a sandbox, and
something with the same methods stands here for it.
"""

import contextlib

from seqgrad.check.running.kernel import keep_kernel
from seqgrad.check.running.look import computes, find_namespace, is_blank, list_names, list_own, list_read
from seqgrad.check.running.survive import run_and_survive


class Learner:
    """A learner's function in this process.

    Attributes
    ----------
    exercise : Exercise
        What it is meant to be.
    """

    def __init__(self, function, exercise):
        self.function, self.exercise = function, exercise
        self.home = find_namespace(function)

    def run(self, calls, helpers):
        """Return the results of calls, with the learner's helpers exchanged for these, by name.

        A reference that answers from records is shut meanwhile, or it would answer for the learner.
        """
        with getattr(self.exercise.function, "shut", contextlib.nullcontext)(), keep_kernel():
            return run_and_survive(self.function, calls, helpers)

    def list_own(self, names):
        """Return those of the names under which the learner has a function of their own."""
        return list_own(self.function, self.home, names)

    def find(self, exercise):
        """Return the learner's own function for another exercise."""
        return Learner(self.home[exercise.name], exercise)

    def recast(self, exercise):
        """Return the same function as a version of another exercise."""
        return Learner(self.function, exercise)

    def is_known_right(self):
        """Tell whether it has been found right already; of a function in a notebook nothing is kept."""
        return False

    def list_read(self):
        """Return the names of the notebook's things that the function reads."""
        return list_read(self.function, self.home)

    def list_names(self):
        """Return the names that the text of the function has, and those of the learner's functions in it."""
        return list_names(self.function, self.home)

    def computes(self):
        """Tell whether the function computes anything."""
        return computes(self.function)

    def is_blank(self):
        """Tell whether the function is a template as it was handed out, None where each step belongs."""
        return is_blank(self.function)
