"""Mistakes that verdicts name, grouped by their cause: a chart and a table for each.

Exercise -> Mistake, ...;  mistakes and causes counted by student -> HTML
"""

import re
from dataclasses import dataclass
from html import escape

from seqgrad.check.showing.card import mark_up
from tools.gradebook import charts, page

LINE = re.compile(r"^.*?\b[Ii]n line \d+(?:, `.*?`)?(?: of \w+)?: ")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)|\bnan\b|-?\binf\b")
MEASURED = re.compile(r"differs in … of … entries.*", re.DOTALL)
TABLED = 50  # mistakes of one cause that are listed

# The kinds of a finding, as a heading says them.
CAUSES = {
    "missing factor": "A factor is missing",
    "extra factor": "Multiplied once too often",
    "wrong factor": "Another factor than the right one",
    "missing term": "A term is missing",
    "extra term": "A term that does not belong there",
    "sign": "The wrong sign",
    "transposed": "Transposed where it should not be, or not where it should",
    "wrong axis": "Along the wrong axis",
    "wrong order": "In the wrong order",
    "wrong source": "Computed from the wrong array",
    "missing bias": "A bias is missing",
    "not carried": "Not carried from step to step",
    "wrong step": "Taken from the wrong time step",
    "overwritten": "Overwritten before it is used",
    "aliased": "Two results are one array",
    "argument changed": "An argument is changed",
    "state kept between calls": "Something is kept from one call to the next",
    "shape": "A result is missing, or has another shape",
    "dtype": "Another dtype",
    "not finite": "Results that are nan or infinite",
    "unstable": "Right for ordinary numbers, but not for large ones",
    "exception": "An exception",
    "unknown": "No known cause gives these numbers",
}


@dataclass(frozen=True)
class Mistake:
    """A mistake as it is counted: the function to change, what is wrong, of which kind, in a sentence."""

    function: str
    subject: str
    kind: str
    sentence: str


def list_mistakes(exercise):
    """Return the mistakes that a verdict names, without what is particular to one student's numbers."""
    verdict = exercise.verdict
    if verdict.outcome not in ("wrong", "raised"):
        return ()
    function = verdict.culprit or exercise.name
    return tuple(Mistake(function, one.subject, one.kind, generalize(one)) for one in verdict.findings)


def generalize(finding):
    """Return what a finding says, as far as others who made the mistake are told the same."""
    if finding.kind == "exception":
        return LINE.sub("", finding.sentence)
    if finding.exact:
        return finding.sentence
    return MEASURED.sub("differs, and no known cause gives its numbers.", NUMBER.sub("…", finding.sentence))


def rank(mistakes):
    """Return mistakes and how many students made each, the most frequent first."""
    return sorted(mistakes.items(), key=lambda pair: (-pair[1], pair[0].function, pair[0].sentence))


def describe(kind):
    """Return a kind of mistake in words."""
    return CAUSES.get(kind, kind)


def to_html(mistakes, causes, whole):
    """Return the section about mistakes.

    Parameters
    ----------
    mistakes, causes : Counter
        How many students made each Mistake, and how many made one of each kind.
    whole : int
        How many students there are.
    """
    if not mistakes:
        return "<h2>Mistakes</h2><p>None.</p>"
    kinds = sorted(causes, key=lambda kind: (-causes[kind], describe(kind)))
    bars = [(describe(kind), causes[kind]) for kind in kinds]
    words = "; ".join(f"{cause}: {count}" for cause, count in bars)
    chart = charts.draw_bars(bars, whole, f"Mistakes by cause, with the number of students. {words}.")
    lead = f"<p>How many of {whole} made a mistake of each kind, by the verdicts on their own inputs.</p>"
    return f"<h2>Mistakes</h2>{lead}{chart}" + "".join(format_group(kind, mistakes, whole) for kind in kinds)


def format_group(kind, mistakes, whole):
    """Return the table of the mistakes of one kind, below its heading."""
    ranked = [(mistake, count) for mistake, count in rank(mistakes) if mistake.kind == kind]
    rows = [
        (f"<code>{escape(mistake.function)}</code>", count, share(count, whole))
        + (mark_up(mistake.sentence), escape(mistake.subject) * (mistake.subject != mistake.function))
        for mistake, count in ranked[:TABLED]
    ]
    columns = {"Function": "", "Students": "number", "Share": "number", "In a sentence": "prose", "Where": ""}
    rest = f"<p>{len(ranked) - TABLED} more, none of them more frequent.</p>" * (len(ranked) > TABLED)
    return f"<h3>{escape(describe(kind))}</h3>{page.make_table('By function', columns, rows)}{rest}"


def share(count, whole):
    """Return a count as a share in percent; what is little is not called nothing."""
    return "< 1%" if 0 < 100 * count < whole else f"{count / whole:.0%}"
