"""The points so far, as the start page shows them: from the saved notebooks, by the code of `check`.

saved notebooks  ->  Row, one for each chapter with points  ->  a table, and what to open next
"""

from dataclasses import dataclass
from pathlib import Path

from tools.environment import ROOT
from tools.reader import judge


@dataclass(frozen=True)
class Row:
    """One chapter: where it is, its title, its points; a sentence if its notebook cannot be read."""

    name: str
    title: str
    earned: float
    most: float
    problem: str

    @property
    def link(self):
        """The title, as a link beside the start page."""
        return f"[{self.title}]({self.name})"


@dataclass(frozen=True)
class Progress:
    """The points of all chapters; in a notebook it is shown as a table, elsewhere as text."""

    rows: tuple

    def _repr_markdown_(self):
        """Return the sentence and the table."""
        lines = ["| chapter | points | |", "| --- | ---: | --- |"]
        lines += [f"| {row.link} | {format_points(row)} | {state(row)} |" for row in self.rows]
        return "\n".join([self.sentence(), "", *lines])

    def __repr__(self):
        """Return the same as text."""
        lines = [f"{row.title}: {row.problem or format_points(row)}" for row in self.rows]
        return "\n".join([*lines, self.sentence(linked=False)])

    def sentence(self, linked=True):
        """Return the sum, and what to open next."""
        if not self.rows:
            return "There is no notebook with exercises beside this page: call `python3 -m tools lab`."
        earned, most = (sum(getattr(row, each) for row in self.rows) for each in ("earned", "most"))
        left = [row for row in self.rows if row.problem or row.earned < row.most]
        if not left:
            return f"You have all {most:g} points."
        title = left[0].link if linked else left[0].title
        if not earned:
            return f"Nothing is solved yet: 0 of {most:g} points. Begin with {title}."
        return f"You have {earned:g} of {most:g} points. Next: {title}."


def show_progress(root=ROOT):
    """Return the points of the notebooks in a course's notebooks/exercises, as they were saved last."""
    return Progress(tuple(read_rows(Path(root).resolve())))


def read_rows(root):
    """Yield a Row for each chapter with exercises; copies of a notebook do not count."""
    known = judge.read_list(root)
    for path in judge.find("", root, known):
        _, worth = judge.judge(path, known)
        text, problem = read_title(path)
        earned, most = sum(each.earned for each in worth), sum(each.most for each in worth)
        yield Row(path.name, text, earned, most, problem)


def read_title(path):
    """Return the heading of a notebook, or else the name of its file, and why it cannot be read, or ""."""
    found, reasons = judge.read_half(path)
    lines = (line for cell in found if not cell.code for line in cell.source.split("\n"))
    title = next((line for line in lines if line.startswith("# ")), path.stem)
    return title.removeprefix("# ").strip(), "" if found else " ".join([*reasons, judge.MENDED])


def format_points(row):
    """Return the points of a chapter in words."""
    return f"{row.earned:g} of {row.most:g}"


def state(row):
    """Return how far a chapter is."""
    if row.problem:
        return row.problem
    return "done" if row.earned == row.most else "begun" if row.earned else ""
