"""What a learner's function answers beyond its calls: each question is asked once, when it is needed."""

import functools

from seqgrad.check.probing import gates, impulses


class Probes:
    """The questions that can be put to a learner's function.

    `typical` says whether it is right on the typical case.
    """

    def __init__(self, learner, typical):
        self.learner, self.exercise, self.typical = learner, learner.exercise, typical

    @functools.cached_property
    def influence(self):
        """Two matrices, the learner's and the reference's, of which step reaches which."""
        return impulses.measure_influence(self.learner)

    @functools.cached_property
    def gates(self):
        """The results of the gate audit's calls."""
        calls = gates.make_probes(self.exercise)
        return self.learner.run(calls, self.exercise.right_helpers)

    def draw_picture(self):
        """Return the picture of a wrong function over a sequence, if the mistake shows in it."""
        return impulses.draw_picture(*self.influence) if self.exercise.impulse else ()

    def find_place(self, read_gates):
        """Return what the probes tell of the place of a mistake; empty if they show nothing.

        The gate audit invents caches that no forward pass gives; a function that is right
        on the typical case may compute, say, tanh(c_next) as a_next / ot, and is not asked.
        `read_gates` makes findings of what the gates gave.
        """
        if self.typical:
            return ()
        if self.exercise.gates:
            return read_gates(self.exercise, self.gates)
        if self.exercise.impulse:
            finding = impulses.find_in_time(self.exercise, *self.influence)
            return (finding,) if finding else ()
        return ()
