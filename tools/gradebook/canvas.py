"""From a roster that Canvas exported to a file that Canvas imports: canvas.csv.

The columns that tell Canvas who a row is stay as they are, cell for cell, and one assignment's column
follows; other columns are left out, for their grades may have changed since.  A student without a result
keeps what the roster has, since an empty cell would take a grade away; so does one who is excused (EX).
"""

import difflib
import re
from dataclasses import dataclass, field

from tools import Refusal
from tools.gradebook import roll
from tools.gradebook.results import clean_text, to_decimals, to_points
from tools.students.roster import TEST_STUDENT, find_students, index_ids, read_roster

TITLE_AND_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
EXCUSED = "EX"


@dataclass(frozen=True)
class Import:
    """The rows for Canvas, names by id, and what does not fit: sentences, and whom they are about."""

    rows: tuple
    remarks: tuple
    missing: tuple
    strangers: tuple
    names: dict = field(default_factory=dict)


def read_exported(path):
    """Return the `Roster` of a gradebook that Canvas exported."""
    roster = read_roster(path)
    names = () if {"LastName", "FirstName"} <= {*roster.header} else ("Student",)
    if lacking := [column for column in (*names, "ID", "Section") if column not in roster.header]:
        raise Refusal(
            f"{path} has no column {lacking[0]!r}: give the file that Canvas exports "
            "(Grades, Export, Export Entire Gradebook) as it is."
        )
    return roster


def prepare_import(roster, scores, title, points, column=None):
    """Return the Import.

    Parameters
    ----------
    roster : Roster
    scores : dict
        Hundredths of points, by student.
    title, points : str, int
        The assignment, and the hundredths of points that it is worth.
    column : str, optional
        The assignment's title in Canvas, or its id, if it is not `title`.
    """
    place = find_assignment(roster, column or title, required=column is not None)
    named = title if place is None else roster.header[place]
    width = roster.header.index("Section") + 1
    possible = read_cell(roster.possible, place)
    owners, doubts = match_results(roster, scores)

    rows = [[*pad(roster.header, width), named]]
    rows.append(["    Points Possible", *pad(roster.possible, width)[1:], possible or to_decimals(points)])
    missing, excused = [], []
    for student, row in roster.entries:
        stands, owner = read_cell(row, place), owners.get(student.id)
        if owner is None:
            missing += [describe(student)] * (student.name != TEST_STUDENT)
        elif stands.upper() == EXCUSED:
            excused.append(describe(student))
        else:
            stands = to_decimals(scores[owner])
        rows.append([*pad(row, width), stands])

    remarks = [*roster.remarks, *doubts, *fit(roster.path, place, named, possible, points)]
    if excused:
        remarks.append(f"Excused in Canvas (EX), and left so: {'; '.join(excused)}.")
    strangers = sorted(set(scores) - set(owners.values()))
    names = {student.id: clean_text(student.name, 200) for student in roster.students}
    names = {owner: names[id] for id, owner in owners.items() if id in names}
    return Import(tuple(rows), tuple(remarks), tuple(missing), tuple(strangers), names)


def fit(path, place, named, possible, points):
    """Yield a sentence if the roster's assignment is not the one that was graded."""
    if place is None:
        yield (
            f"{path} has no assignment {named!r}, so Canvas will offer to make it; if it has another name "
            "there, say --assignment NAME."
        )
    elif possible and not has_points(possible, points):
        here = to_points(points)
        yield (
            f"Canvas has {possible} points for {named}, and here it has {here}: the scores are out of "
            f"{here}; make it as many there."
        )


def pad(row, width):
    """Return the first cells of a row, with empty ones if it is short."""
    return [*row, *[""] * width][:width]


def read_cell(row, place):
    """Return a cell of a row without blanks around it, "" if there is none."""
    return row[place].strip() if place is not None and place < len(row) else ""


def find_assignment(roster, wanted, required):
    """Return the place of the assignment's column; None if there is none and none is required."""
    places = range(roster.header.index("Section") + 1, len(roster.header))
    found = [place for place in places if simplify_title(wanted) in list_titles(roster.header[place])]
    if len(found) > 1:
        listed = ", ".join(roster.header[place] for place in found)
        raise Refusal(
            f"{roster.path} has several assignments {wanted!r} ({listed}): say --assignment with an id."
        )
    if not found and required:
        near = difflib.get_close_matches(wanted, roster.header[places.start :], 1, 0.3)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise Refusal(f"{roster.path} has no assignment {wanted!r}{hint}")
    return found[0] if found else None


def list_titles(title):
    """Return what an assignment may be called: its title, its id, or both as they stand."""
    parts = TITLE_AND_ID.fullmatch(title)
    return {simplify_title(title), *map(simplify_title, parts.groups() if parts else ())}


def match_results(roster, scores):
    """Return whose result belongs to whom, {id in the roster: id of the result}, and sentences on doubts."""
    index = index_ids(student for student, _ in roster.entries)
    owners, doubts = {}, []
    for owner in sorted(scores):
        students = find_students(index, owner)
        people = [describe(student) for student in students]
        if len(students) > 1:
            doubts.append(f"{owner} may be {' or '.join(people)}: none of them was given the score.")
        elif students and owners.setdefault(students[0].id, owner) != owner:
            other = owners[students[0].id]
            doubts.append(f"{other} and {owner} are both {people[0]}, who was given the score of {other}.")
    return owners, doubts


def describe(student):
    """Return a student's name and id, safe to show."""
    return clean_text(roll.describe(student), 200)


def simplify_title(title):
    """Return a title without what people do not look at: case and runs of blanks."""
    return " ".join(title.split()).casefold()


def has_points(stood, points):
    """Return whether a cell of the roster holds so many points; 1.234,5 is read as Canvas reads it."""
    *whole, last = re.split("[.,]", stood)
    digits = f"{''.join(whole)}.{last}" if whole else last
    try:
        return round(float(digits) * 100) == points
    except ValueError:
        return False
