"""A learner's function where it lives, and what a diagnosis asks of it.

In a notebook it lives beside the check; when it is graded it lives in a sandbox, and
something with the same methods stands here for it.
"""

import dis
import sys

from seqgrad.check.exercises.reference import FUNCTIONS
from seqgrad.check.released.stand_in import closed
from seqgrad.check.running.run import namespace, run, unwrapped


class Learner:
    """A learner's function in this process.

    Attributes
    ----------
    exercise : str
        What it is meant to be.
    """

    def __init__(self, function, exercise):
        self.function, self.exercise = function, exercise
        self.home = namespace(function)

    def run(self, calls, helpers):
        """Return the results of calls, with the learner's helpers exchanged for these, by name."""
        with closed(FUNCTIONS[self.exercise]):
            return run(self.function, calls, helpers)

    def own(self, names):
        """Return those of the names under which the learner has a function of their own."""
        return tuple(name for name in names if self.has(name))

    def has(self, name):
        """Return whether a name stands for a function that is neither this one nor seqgrad's."""
        function = self.home.get(name)
        return callable(function) and function is not self.function and not of_seqgrad(function)

    def other(self, name):
        """Return the learner's own function of another name."""
        return Learner(self.home[name], name)

    def reads(self):
        """Return the names of the notebook's things that the function reads."""
        code = getattr(unwrapped(self.function), "__code__", None)
        return tuple(name for name in code.co_names if name in self.home) if code else ()

    def works(self):
        """Return whether a function that gave None computes something that it forgets to return.

        Told from its bytecode, since the source may not be at hand: it calls or combines
        something, and no return statement has a value.
        """
        code = getattr(unwrapped(self.function), "__code__", None)
        if code is None:
            return True
        steps = [step for step in dis.get_instructions(code) if step.opname not in ("CACHE", "NOP")]
        computes = any(step.opname.startswith(("CALL", "BINARY_OP")) for step in steps)
        constant = [step.opname == "LOAD_CONST" for step in steps]
        returns = any(
            step.opname == "RETURN_VALUE" and not const
            for step, const in zip(steps[1:], constant, strict=False)
        )
        return computes and not returns


def of_seqgrad(function):
    """Return whether a function is one of the course's own."""
    module = sys.modules.get(getattr(function, "__module__", None))
    name = getattr(function, "__name__", None)
    return getattr(module, "__package__", None) == "seqgrad" and vars(module).get(name) is function
