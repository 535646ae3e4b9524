"""A learner's function that lives in a box, for a diagnosis that cannot tell the difference."""

from dataclasses import dataclass, field

from seqgrad.check.exercises.exercise import Exercise
from tools.grade.box import Box


@dataclass(frozen=True)
class Remote:
    """What `seqgrad.check.learner.Learner` is for a function in this process, for one in a box.

    Attributes
    ----------
    box : Box
    exercise : Exercise
        What the function is meant to be.
    right : set of str, optional
        The exercises whose functions in this box have been found right so far.
    """

    box: Box
    exercise: Exercise
    right: set = field(default=frozenset(), compare=False)

    @property
    def known(self):
        """What the box says of the function; nothing if there is none."""
        return self.box.about.get(self.exercise.name, {})

    def run(self, calls, helpers):
        """Return the results of calls, with the learner's helpers exchanged for these, by name."""
        return self.box.run(self.exercise.name, calls, helpers)

    def list_own(self, names):
        """Return those of the names under which the learner has a function of their own."""
        return tuple(name for name in names if name in self.known.get("own", ()))

    def find(self, exercise):
        """Return the learner's own function for another exercise."""
        return Remote(self.box, exercise, self.right)

    def recast(self, exercise):
        """Return the same function as a version of another exercise, which has its name."""
        return Remote(self.box, exercise, self.right)

    def is_known_right(self):
        """Tell whether it has been found right already."""
        return self.exercise.name in self.right

    def list_read(self):
        """Return the names of the notebook's things that the function reads."""
        return self.known.get("reads", ())

    def list_names(self):
        """Return the names that the text of the function has."""
        return self.known.get("names", ())

    def computes(self):
        """Return whether the function computes anything."""
        return self.known.get("works", False)

    def is_blank(self):
        """Return whether the function is a template as it was handed out."""
        return self.known.get("blank", False)
