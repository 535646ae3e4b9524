"""What a check hands back: a Verdict, made of the outputs it looked at and the findings it states.

All three are frozen and hold text and numbers alone, so that the notebook shows and the
gradebook stores the same thing.
"""

from dataclasses import asdict, dataclass

from seqgrad.check.points import earn
from seqgrad.check.showing.card import make_card

OUTCOMES = ("passed", "not attempted", "raised", "wrong")

# What a finding can be of. "shape" includes what is missing or no array at all.
KINDS = (
    "missing factor", "extra factor", "wrong factor", "missing term", "extra term", "sign", "transposed",
    "wrong axis", "wrong order", "wrong source", "missing bias", "not carried", "wrong step", "overwritten",
    "aliased", "argument changed", "state kept between calls", "shape", "dtype", "not finite", "unstable",
    "exception", "unknown",
)  # fmt: skip

# The kinds that are seen rather than explained.
MEASURED = ("exception", "argument changed", "state kept between calls", "aliased")

LINES, WIDTH = 3, 100  # of what was printed, in a text


@dataclass(frozen=True)
class Finding:
    """One mistake: what is wrong (`subject`), of which kind (one of KINDS), in a sentence.

    `exact` is True when the mistake as stated reproduces the learner's numbers to
    rounding; otherwise the sentence says what was measured.
    """

    subject: str
    kind: str
    sentence: str
    exact: bool = False


@dataclass(frozen=True)
class Output:
    """One returned thing: right, or what is wrong about it, in a word and a sentence, and at which steps.

    It always goes by the same name, "parameters", even if only `parameters["W1"]` is wrong.
    """

    name: str
    right: bool
    problem: str = ""
    sentence: str = ""
    steps: tuple = ()


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found; shows itself as text, and as a card in a notebook.

    Attributes
    ----------
    exercise : str
        The function that was asked for.
    outcome : str
        One of OUTCOMES.
    culprit : str
        The function that has to change: the exercise, or if that has passed, another of
        the learner's functions, which feeds it; empty if there is none.
    outputs : tuple of Output
    findings : tuple of Finding
        The most fundamental first; what follows from a mistake is not listed.
    hints : tuple of str
        From a nudge to the cause, or to how it can be found; never the solution's line.
    picture : tuple
        For a sequence whose mistake shows there, two (T, T) tuples of numbers, the
        learner's and the expected one: how strongly step j (column) reaches step i (row).
    credit : float
        The share of the outputs that are right, over all calls.
    fault : str
        Why no cause could be looked for: a fault of the check, not of the function.
    remarks : tuple of str
        What is worth a sentence about a function that has passed, and costs nothing.
    printed : str
        What the function printed in the call that the verdict is about, its beginning.
    """

    exercise: str
    outcome: str
    culprit: str = ""
    outputs: tuple = ()
    findings: tuple = ()
    hints: tuple = ()
    picture: tuple = ()
    credit: float = 0.0
    fault: str = ""
    remarks: tuple = ()
    printed: str = ""

    def __str__(self):
        """Return the outcome, what there is to say of it, a line each, and the beginning of the prints."""
        prints = [f"It printed: {shorten(self.printed)}"] if self.printed else []
        return "\n".join([f"{self.exercise}: {self.outcome}", *self.sentences(), *prints])

    __repr__ = __str__

    def sentences(self):
        """Return what there is to say below the outcome: where to look, what was measured, what caused it."""
        elsewhere = self.culprit not in ("", self.exercise)
        lines = [f"What has to change is {self.culprit}, not {self.exercise}."] if elsewhere else []
        lines += [*self.list_measured(), *self.list_causes(), *[self.fault] * bool(self.fault)]
        return [*lines, *(f"Remark: {remark}" for remark in self.remarks)]

    @property
    def cause(self):
        """The cause in words, for those who want it at once; empty if none is known."""
        exact = {finding.sentence for finding in self.findings if finding.exact}
        return "\n".join(sentence for sentence in self.list_causes() if sentence in exact)

    def list_measured(self):
        """Return the sentences on what was measured: what differs, or else what was raised or left behind."""
        differs = [output.sentence for output in self.outputs if not output.right][:1]
        if differs:
            return differs
        seen = [one.sentence for one in self.findings if not one.exact or one.kind in MEASURED]
        elsewhere = self.culprit not in ("", self.exercise)
        return seen if seen or elsewhere else [one.sentence for one in self.findings]

    def list_causes(self):
        """Return the sentences of the findings beyond what was measured, each once."""
        measured, sentences = self.list_measured(), [finding.sentence for finding in self.findings]
        return [sentence for sentence in dict.fromkeys(sentences) if sentence not in measured]

    def points(self, most):
        """Return what the verdict is worth, out of so many points; it shows itself with the verdict."""
        return Points(self, most)

    def to_dict(self):
        """Return the verdict as dicts, tuples, text and numbers, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data):
        """Return the verdict that `to_dict` gave, also by way of JSON, where tuples become lists."""
        outputs = (Output(**one | {"steps": tuple(one["steps"])}) for one in data["outputs"])
        parts = {
            "outputs": tuple(outputs),
            "findings": tuple(Finding(**one) for one in data["findings"]),
            "hints": tuple(data["hints"]),
            "remarks": tuple(data.get("remarks", ())),
            "picture": tuple(tuple(map(tuple, matrix)) for matrix in data["picture"]),
        }
        return cls(**data | parts)

    def _repr_html_(self):
        return make_card(self)


def refuse(name, sentence):
    """Return the verdict where there is nothing to check: why, in a sentence."""
    return Verdict(name, "not attempted", "", (), (Finding(name, "unknown", sentence),))


def shorten(printed):
    """Return the first lines of what was printed, cut to a width; dots stand for the rest."""
    lines = printed.rstrip().splitlines()
    cut = [line if len(line) <= WIDTH else line[: WIDTH - 1] + "…" for line in lines[:LINES]]
    return "\n".join([*cut, *["…"] * (len(lines) > LINES)])


@dataclass(frozen=True, repr=False)
class Points:
    """What a verdict is worth: the last line of a check cell in a release.

    Jupyter shows the verdict's card with the points below it.  As plain text there is the
    number alone, because nbgrader takes the points of a cell from there.
    """

    verdict: Verdict
    most: float

    @property
    def earned(self):
        """The points, in hundredths."""
        return earn(self.most, self.verdict.credit) / 100

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
        return f'{make_card(self.verdict)}<p style="margin:.2em 1.2em">{self.sentence()}</p>'
