"""The list of the class: who, how many points, and what a teacher has to look at.

Result  ->  Row, one for each student;  rows, names, where the pages are  ->  HTML
"""

from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from tools.gradebook import page
from tools.gradebook.results import UNTIMED, to_points
from tools.students.roster import find_students, index_ids

LISTED = 2000  # students on the page; gradebook.csv has all of them


@dataclass(frozen=True)
class People:
    """What a roster knows: names by id, who of it has no result, and who has a result and is not in it."""

    names: dict = field(default_factory=dict)
    missing: tuple = ()
    strangers: tuple = ()


@dataclass(frozen=True)
class Row:
    """A student in the list; `stem` is the name of their files, `score` in hundredths.

    `by_hand` has (exercise, graded, score, comment, remark) for each mark by hand.
    """

    student: str
    stem: str
    score: int
    remarks: tuple
    by_hand: tuple = ()
    penalty: int = 0


def make_row(result):
    """Return the row of a result."""
    by_hand = [(one.name, one.graded, one.score, one.comment, one.remark) for one in result.by_hand]
    return Row(
        result.student, result.stem, result.score, tuple(list_remarks(result)), tuple(by_hand), result.penalty
    )


def list_remarks(result):
    """Yield what a teacher has to look at."""
    tried = {one.outcome for one in result.exercises} - {"not attempted"}
    if not tried:
        yield "attempted nothing"
    elif tried == {"raised"}:
        yield "every attempt ended in an exception"
    for one in result.exercises:
        if one.outcome != one.verdict.outcome:
            yield f"{one.name}: {one.verdict.outcome} on their own inputs, {one.outcome} on the hidden ones"
    if result.late_untimed:
        yield UNTIMED
    if count := len(result.notes):
        yield f"{count} note{'s' * (count > 1)} on what was handed in"


def match_people(students, scores):
    """Return the People of a roster of ids and names, given whose results there are.

    Parameters
    ----------
    students : sequence of Student
    scores : dict
        By the ids of those with a result.
    """
    index = index_ids(students)
    matches = {id: find_students(index, id) for id in scores}
    found = {id: people[0] for id, people in matches.items() if len(people) == 1}
    present = {student.id for student in found.values()}
    missing = tuple(describe(student) for student in students if student.id not in present)
    names = {id: student.name for id, student in found.items() if student.name}
    return People(names, missing, tuple(sorted(set(scores) - set(found))))


def describe(student):
    """Return a student's name and id, as a person reads them."""
    return f"{student.name} ({student.id})" if student.name else student.id


def to_html(rows, points, names=None, pages=""):
    """Return the list, in the order of the names.

    Parameters
    ----------
    rows : sequence of Row
    points : int
        What could be had, in hundredths.
    names : dict, optional
        Names by id.
    pages : str, optional
        Where the students' pages are, seen from this one; "" if there are none.
    """
    names = names or {}
    ordered = sorted(rows, key=lambda row: (names.get(row.student, row.student).casefold(), row.student))
    looked = sum(bool(row.remarks) for row in rows)
    lead = f"{looked} of {len(rows)} need a look." if looked else "Nobody needs a look."
    columns = {"Student": "", f"Points of {to_points(points)}": "number"}
    columns |= {"To look at": "names"} if looked else {}
    cells = [
        (
            link_name(row, names.get(row.student), pages),
            format_points(row),
            *[escape("; ".join(row.remarks))] * bool(looked),
        )
        for row in ordered[:LISTED]
    ]
    left = len(rows) - LISTED
    rest = f"<p>{left} more; gradebook.csv has all of them.</p>" * (left > 0)
    table = page.make_table("By name", columns, cells)
    return f"<h2>The class</h2><p>{lead}</p>{table}{rest}{format_by_hand(ordered, names)}"


def format_points(row):
    """Return what a student has, with what was taken off or marked by hand."""
    late = f", late: \u2212{to_points(row.penalty)} from {to_points(row.score + row.penalty)}"
    return to_points(row.score) + ", by hand" * bool(row.by_hand) + late * bool(row.penalty)


def format_by_hand(rows, names):
    """Return the table of marks by hand, if there are any."""
    columns = {"Student": "", "Exercise": "", "Graded": "number", "By hand": "number"}
    columns |= {"Comment": "names", "Remark": "names"}
    cells = [
        (escape(names.get(row.student, row.student)), f"<code>{escape(exercise)}</code>")
        + (to_points(graded), to_points(score), escape(comment), escape(remark))
        for row in rows
        for exercise, graded, score, comment, remark in row.by_hand
    ]
    return page.make_table("Marked by hand", columns, cells) if cells else ""


def link_name(row, name, pages):
    """Return a student's name and id as HTML, with a link to their page if there is one."""
    shown = escape(name or row.student)
    if pages:
        shown = f'<a href="{escape(quote(f"{pages}/{row.stem}.html"))}">{shown}</a>'
    return f'{shown} <span class="soft">{escape(row.student)}</span>' if name else shown
