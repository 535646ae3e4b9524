"""Who is in the class: the one reader of rosters, whichever program has written them.

    roster.csv  ->  text, separator, rows  ->  Roster;    students  ->  index;    index, an id  ->  students

A student may have several ids: a login, numbers, an address.  The first of them is the one to go by, and a
submission is theirs under each; ids are compared without case, blanks around them, or a choice of form.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from tools import Refusal
from tools.students.rows import find_column, read_rows, read_text, refuse_long

# Titles of columns, by their letters and digits without case: ids, the one to go by first, and names.
IDS = ("sisloginid", "id", "sid", "username", "loginid", "studentid", "idnumber", "sisuserid")
IDS += ("email", "emailaddress")
NAMES, FAMILY, GIVEN = ("student", "name", "fullname"), ("lastname", "surname"), ("firstname", "givenname")

POINTS = "Points Possible"  # what Canvas writes among the students, and below it how grades are posted
NO_STUDENT = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
TEST_STUDENT = "Student, Test"  # made by Canvas, and nobody

FLOAT = re.compile(r"[+-]?\d+([.,]\d+)?E\+\d+", re.IGNORECASE)  # how a spreadsheet writes a long number
LONGEST = 200  # characters of a header that are shown


@dataclass(frozen=True)
class Student:
    """A student: the id to go by, the name, and all ids that the roster has."""

    id: str
    name: str = ""
    ids: tuple = field(default=(), compare=False)


@dataclass(frozen=True)
class Roster:
    """A roster as it was read.

    Attributes
    ----------
    path : str
    header : tuple of str
    entries : tuple of (Student, tuple of str)
        Each student with the cells of the row, also the one that Canvas makes for tests.
    possible : tuple of str
        The row with what assignments are worth, as Canvas has it; empty if there is none.
    remarks : tuple of str
        Sentences on what had to be guessed.
    """

    path: str
    header: tuple
    entries: tuple
    possible: tuple = ()
    remarks: tuple = ()

    @property
    def students(self):
        """The students, in the order of the roster."""
        return tuple(student for student, _ in self.entries if student.name != TEST_STUDENT)


def read_roster(path):
    """Return the Roster in a CSV file.

    Parameters
    ----------
    path : Path
        With a column of ids (`id`, or as Canvas, Moodle and Gradescope call theirs), and perhaps of names.

    Raises
    ------
    Refusal
        In one sentence, with the line: what cannot be read, is missing, or stands there twice.
    """
    text, remarks = read_text(path, "roster")
    rows = list(read_rows(path, text, IDS + NAMES + FAMILY + GIVEN))
    header = tuple(title.strip() for title in rows[0][1]) if rows else ()
    columns = [place for title in IDS if (place := find_column(header, (title,))) is not None]
    if not columns:
        raise Refusal(say_no_ids(path, header))
    entries, possible, lines = [], (), {}
    for line, row in rows[1:]:
        cells = tuple(cell.strip() for cell in row)
        refuse_long(path, line, cells, header)
        if POINTS in cells:
            possible = possible or tuple(row)
        elif not all(map(NO_STUDENT.fullmatch, cells)):
            student = make_student(path, line, header, columns, cells)
            refuse_second(path, student, line, lines)
            entries.append((student, tuple(row)))
    return Roster(str(path), header, tuple(entries), possible, remarks)


def make_student(path, line, header, columns, cells):
    """Return the student of a row."""
    ids = []
    for column in columns:
        cell = cells[column] if column < len(cells) else ""
        where = f"{path.name}, line {line}: the column `{header[column]}`"
        if not cell.isprintable():
            raise Refusal(f"{where} holds characters that cannot be printed; give it an id.")
        if FLOAT.fullmatch(cell):
            raise Refusal(
                f"{where} holds {cell}: a spreadsheet has shortened a long number, and its digits are lost; "
                "export the roster again, and do not save it from the spreadsheet."
            )
        ids += [cell] * (cell != "" and cell not in ids)
    if not ids:
        titles = " and ".join(f"`{header[column]}`" for column in columns)
        what = "columns {} are" if len(columns) > 1 else "column {} is"
        raise Refusal(f"{path.name}, line {line}: the {what.format(titles)} empty; give it an id.")
    places = [find_column(header, titles) for titles in (NAMES, FAMILY, GIVEN)]
    name, family, given = (cells[place] if place in range(len(cells)) else "" for place in places)
    return Student(ids[0], name or ", ".join(filter(None, (family, given))), tuple(ids))


def refuse_second(path, student, line, lines):
    """Refuse an id that another student goes by; `lines` has (id, line) of each, and grows."""
    first, above = lines.setdefault(fold(student.id), (student.id, line))
    if above != line:
        again = "again" if first == student.id else f"as {student.id}"
        raise Refusal(f"{path.name}: the id {first} stands in line {above} and {again} in line {line}.")


def say_no_ids(path, header):
    """Return the sentence for a roster whose header names no column of ids."""
    if not any(header):
        return f"{path.name} is empty: a header `id,name` is needed, and below it a line for each student."
    found = ", ".join(header)
    found = found if len(found) < LONGEST else f"{found[:LONGEST]}…"
    return f"{path.name}: no column is called `id` (nor, as Canvas has it, `SIS Login ID`): {found}."


def fold(id):
    """Return an id as it is compared: case-folded, in NFC, without blanks around it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", id.strip()).casefold())


def index_ids(students):
    """Return the students by each of their folded ids, and by each as Canvas names a download with it."""
    index = {}
    for student in students:
        letters = "".join(filter(str.isalnum, unicodedata.normalize("NFC", student.name)))
        names = {fold(name) for id in student.ids or (student.id,) for name in (id, f"{letters}_{id}")}
        for name in names:
            index.setdefault(name, []).append(student)
    return index


def find_students(index, *ids):
    """Return the students who have the first of these ids that anybody has."""
    return next((index[folded] for folded in map(fold, ids) if folded in index), [])
