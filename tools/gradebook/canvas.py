"""From a roster that Canvas exported to a file that Canvas imports: canvas.csv.

The columns that tell Canvas who a row is stay as they are, cell for cell, and one assignment's column
follows; other columns are left out, for their grades may have changed since.  A student without a result
keeps what the roster has, since an empty cell would take a grade away; so does one who is excused (EX).
"""

import csv
import difflib
import io
import re
from dataclasses import dataclass, field

from tools import Refusal
from tools.gradebook.results import decimals, legible_text, plain

KEYS = ("SIS Login ID", "SIS User ID", "ID")
TITLE_AND_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
EXCUSED = "EX"
TEST_STUDENT = "Student, Test"  # made by Canvas, and nobody
WITHOUT_STUDENT = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Roster:
    """A gradebook as Canvas exported it: header, row of points, students; sentences on what was odd."""

    path: str
    header: tuple
    possible: tuple
    rows: tuple
    remarks: tuple

    def of(self, row, column):
        """Return the cell of a row in a column, "" if there is none."""
        return cell(row, self.header.index(column) if column in self.header else None)

    def name(self, row):
        """Return a student's name, family name first."""
        return self.of(row, "Student") or f"{self.of(row, 'LastName')}, {self.of(row, 'FirstName')}"

    def who(self, row):
        """Return a student's name and id, as a person reads them."""
        known = next(filter(None, (self.of(row, key) for key in KEYS)), "no id")
        return legible_text(f"{self.name(row)} ({known})", 200)


@dataclass(frozen=True)
class Import:
    """The rows for Canvas, names by id, and what does not fit: sentences, and whom they are about."""

    rows: tuple
    remarks: tuple
    missing: tuple
    strangers: tuple
    names: dict = field(default_factory=dict)


def read_roster(path):
    """Return the Roster that stands in a file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}); give the roster's file.") from error
    text, remarks = decoded(path, data)
    try:
        lines = [row for row in csv.reader(io.StringIO(text), delimiter=separator(text)) if any(row)]
    except csv.Error as error:
        raise Refusal(f"{path} is no table of comma-separated values ({error}); export it again.") from error

    header = tuple(title.strip() for title in lines[0]) if lines else ()
    names = () if {"LastName", "FirstName"} <= {*header} else ("Student",)
    if lacking := [column for column in (*names, "ID", "Section") if column not in header]:
        raise Refusal(
            f"{path} has no column {lacking[0]!r}: give the file that Canvas exports "
            "(Grades, Export, Export Entire Gradebook) as it is."
        )
    possible = [row for row in lines[1:] if "Points Possible" in row[0]]
    students = [row for row in lines[1:] if "Points Possible" not in row[0] and not empty(row)]
    return Roster(str(path), header, tuple(possible[0] if possible else ()), tuple(students), remarks)


def decoded(path, data):
    """Return a file's text, and a remark if its encoding had to be guessed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        remark = f"{path} is not in UTF-8; it was read as Windows-1252: see that its names are right."
        return data.decode("cp1252", errors="replace"), (remark,)


def separator(text):
    """Return what stands between the columns: a comma, a semicolon, or a tab."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=header.count)


def empty(row):
    """Return whether a row is about the assignments, not about a student."""
    return all(map(WITHOUT_STUDENT.fullmatch, row))


def prepare(roster, scores, title, points, column=None):
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
    place = assignment(roster, column or title, required=column is not None)
    named = title if place is None else roster.header[place]
    width = roster.header.index("Section") + 1
    possible = cell(roster.possible, place)
    owners, doubts = matched(roster, scores)

    rows = [[*first(roster.header, width), named]]
    rows.append(["    Points Possible", *first(roster.possible, width)[1:], possible or decimals(points)])
    missing, excused = [], []
    for number, row in enumerate(roster.rows):
        stands, student = cell(row, place), owners.get(number)
        if student is None:
            missing += [roster.who(row)] * (roster.name(row) != TEST_STUDENT)
        elif stands.upper() == EXCUSED:
            excused.append(roster.who(row))
        else:
            stands = decimals(scores[student])
        rows.append([*first(row, width), stands])

    remarks = [*roster.remarks, *doubts, *fit(roster.path, place, named, possible, points)]
    if excused:
        remarks.append(f"Excused in Canvas (EX), and left so: {'; '.join(excused)}.")
    strangers = sorted(set(scores) - set(owners.values()))
    names = {
        student: legible_text(roster.name(roster.rows[number]), 200) for number, student in owners.items()
    }
    return Import(tuple(rows), tuple(remarks), tuple(missing), tuple(strangers), names)


def fit(path, place, named, possible, points):
    """Yield a sentence if the roster's assignment is not the one that was graded."""
    if place is None:
        yield (
            f"{path} has no assignment {named!r}, so Canvas will offer to make it; if it has another name "
            "there, say --assignment NAME."
        )
    elif possible and not same_points(possible, points):
        yield (
            f"Canvas has {possible} points for {named}, and here it has {plain(points)}: the scores are out "
            f"of {plain(points)}; make it as many there."
        )


def first(row, width):
    """Return the first cells of a row, with empty ones if it is short."""
    return [*row, *[""] * width][:width]


def cell(row, place):
    """Return a cell of a row without blanks around it, "" if there is none."""
    return row[place].strip() if place is not None and place < len(row) else ""


def assignment(roster, wanted, required):
    """Return the place of the assignment's column; None if there is none and none is required."""
    places = range(roster.header.index("Section") + 1, len(roster.header))
    found = [place for place in places if simple(wanted) in names_of(roster.header[place])]
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


def names_of(title):
    """Return what an assignment may be called: its title, its id, or both as they stand."""
    parts = TITLE_AND_ID.fullmatch(title)
    return {simple(title), *map(simple, parts.groups() if parts else ())}


def matched(roster, scores):
    """Return whose result belongs to which row, {row: student}, and sentences on doubts."""
    known = {}
    for number, row in enumerate(roster.rows):
        for name in ids_of(roster, row):
            known.setdefault(name, []).append(number)

    owners, doubts = {}, []
    for student in sorted(scores):
        numbers = known.get(student.casefold(), [])
        people = [roster.who(roster.rows[number]) for number in numbers]
        if len(numbers) > 1:
            doubts.append(f"{student} may be {' or '.join(people)}: none of them was given the score.")
        elif numbers and owners.setdefault(numbers[0], student) != student:
            other = owners[numbers[0]]
            doubts.append(f"{other} and {student} are both {people[0]}, who was given the score of {other}.")
    return owners, doubts


def ids_of(roster, row):
    """Return the names under which a student's submission may go: ids, and how Canvas names a download."""
    ids = {roster.of(row, key).casefold() for key in KEYS} - {""}
    letters = "".join(filter(str.isalnum, roster.name(row))).casefold()
    return ids | {f"{letters}_{roster.of(row, 'ID')}"}


def simple(title):
    """Return a title without what people do not look at: case and runs of blanks."""
    return " ".join(title.split()).casefold()


def same_points(stood, points):
    """Return whether a cell of the roster holds so many points; 1.234,5 is read as Canvas reads it."""
    *whole, last = re.split("[.,]", stood)
    digits = f"{''.join(whole)}.{last}" if whole else last
    try:
        return round(float(digits) * 100) == points
    except ValueError:
        return False
