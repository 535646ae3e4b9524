"""What a check hands back of a file: a Report, the verdicts on what was found in it, culprits first.

verdicts, where their functions stand  ->  Report  ->  text, cards, a page of HTML
"""

from dataclasses import asdict, dataclass, field
from html import escape

from seqgrad.check.showing.card import mark_up
from seqgrad.check.verdict import Verdict

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Checks of {title}</title></head>
<body style="font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em">
{body}
</body>
</html>
"""


@dataclass(frozen=True, repr=False)
class Report:
    """What a check found in a file; shows itself as text, and as cards in a notebook.

    Attributes
    ----------
    name : str
        Of the file.
    verdicts : tuple of Verdict
        On each function that was found, or on the printed lines; those first that have to change.
    places : dict
        Where each function stands, and under which name.
    notes : tuple of str
        What there is to say of the file: what was left out, what was replaced, what looks like an exercise.
    first : str
        What to look at first, and why; what is to do next.
    """

    name: str
    verdicts: tuple = ()
    places: dict = field(default_factory=dict)
    notes: tuple = ()
    first: str = ""

    @property
    def passed(self):
        """Whether something was found, and all of it is right."""
        return bool(self.verdicts) and all(one.outcome == "passed" for one in self.verdicts)

    @property
    def outcome(self):
        """The outcome of the first verdict, which is that of the first culprit; of none, "not attempted"."""
        return self.verdicts[0].outcome if self.verdicts else "not attempted"

    def __str__(self):
        """Return the notes, and a line with the outcome of each function above its verdict."""
        blocks = ["\n".join(self.notes)] * bool(self.notes)
        blocks += ["\n".join([self.head(one), *self.list_sentences(one)]) for one in self.verdicts]
        return "\n\n".join([*blocks, *[self.first] * bool(self.first)])

    __repr__ = __str__

    def head(self, verdict):
        """Return the line with the outcome of a function."""
        place = self.places.get(verdict.exercise, "")
        return f"{verdict.exercise}: {verdict.outcome}{f' ({place})' * bool(place)}"

    def list_sentences(self, verdict):
        """Return the sentences below an outcome; what is said of the culprit elsewhere is not said again."""
        told = {one.exercise for one in self.verdicts if one is not verdict}
        return verdict.sentences()[: 1 if verdict.culprit in told - {verdict.exercise} else None]

    def to_dict(self):
        """Return the report as dicts, lists, text and numbers, ready for JSON."""
        return asdict(self)

    def _repr_html_(self):
        notes = "".join(f"<li>{mark_up(note)}</li>" for note in self.notes)
        parts = [f"<h3>{escape(self.name)}</h3>", f"<ul>{notes}</ul>" * bool(notes)]
        for verdict in self.verdicts:
            place = self.places.get(verdict.exercise, "")
            parts.append(f'<p style="margin:1em 0 0">{mark_up(place)}</p>' * bool(place))
            parts.append(verdict._repr_html_())
        return "\n".join([*filter(None, parts), f"<p>{mark_up(self.first)}</p>" * bool(self.first)])


def make_page(reports):
    """Return reports as one page of HTML, which needs nothing else."""
    title = escape(", ".join(report.name for report in reports))
    return PAGE.format(title=title, body="\n".join(report._repr_html_() for report in reports))


def sort_verdicts(verdicts, order):
    """Return verdicts with the culprits first, then those that they feed, what is right, what is not begun.

    `order` has the names of the exercises along the flow of data.
    """
    return tuple(sorted(verdicts, key=lambda one: (rank(one), order.index(one.exercise))))


def rank(verdict):
    """Return how soon a verdict is to be read: 0 for what has to change itself."""
    if verdict.outcome in ("wrong", "raised"):
        return 0 if verdict.culprit in ("", verdict.exercise) else 1
    if verdict.outcome == "passed":
        return 2 if verdict.culprit in ("", verdict.exercise) else 1
    return 3


def choose_first(verdicts: tuple[Verdict, ...], places, stands_on):
    """Return what to look at first: of the functions that have to change, one on which others stand.

    `stands_on` has for each exercise the names of those that it uses.
    """
    culprits = [one.exercise for one in verdicts if rank(one) == 0]
    if not culprits:
        blank = [one.exercise for one in verdicts if rank(one) == 3]
        right = sum(one.outcome == "passed" for one in verdicts)
        words = f"All {right} functions are right." if right == len(verdicts) > 1 else ""
        return f"{words} Not attempted: {', '.join(blank)}.".strip() if blank else words
    fed = {name: [one for one in stands_on if name in stands_on[one]] for name in culprits}
    first = max(culprits, key=lambda name: len(fed[name]))
    others = ", ".join(f"`{name}`" for name in fed[first])
    place = f" ({places[first]})" if places.get(first) else ""
    reason = f": {others} {'build' if len(fed[first]) > 1 else 'builds'} on it" if others else ""
    return f"Look first at `{first}`{place}{reason}." if len(verdicts) > 1 else ""
