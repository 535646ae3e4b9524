"""What a verdict is worth: the last line of a check cell in a release.

Jupyter shows the verdict's card with the points below it.  As plain text there is the number alone, because
nbgrader takes the points of a cell from there.
"""

from dataclasses import dataclass

from seqgrad.check.showing.card import card
from seqgrad.check.verdict import Verdict


@dataclass(frozen=True, repr=False)
class Points:
    """A verdict, and what its exercise is worth at most."""

    verdict: Verdict
    most: float

    @property
    def earned(self):
        """The points, in hundredths."""
        return round(self.verdict.credit * self.most, 2)

    def sentence(self):
        """Return the points in words."""
        return f"{self.earned:g} of {self.most:g} points"

    def __str__(self):
        """Return the verdict as text, and the points."""
        return f"{self.verdict}\n{self.sentence()}"

    def __repr__(self):
        """Return the number that nbgrader reads."""
        return f"{self.earned:g}"

    def _repr_html_(self):
        return f'{card(self.verdict)}<p style="margin:.2em 1.2em">{self.sentence()}</p>'
