"""When something was handed in, as Canvas, Gradescope or a person has written it down.

a file, a time zone  ->  (where it stands, ids of a student, time), one for each submission
"""

import re
from datetime import datetime

from tools import Refusal, reading
from tools.grade.owners import list_times
from tools.gradebook.settings import YEARS
from tools.students.roster import IDS
from tools.students.rows import find_column, read_rows, read_text, refuse_long, simplify

SCORES = "submissiontime"  # so Gradescope calls it in its scores
WHEN = (SCORES, "submittedat", "handedin", "submitted", "submissiondate", "time", "timestamp")
# What says whose a row is; beside Canvas' user_id, `id` is the number of the submission.
USER = "userid"
STUDENT = ("student", "login", USER, *IDS, "sisid", "studentsisid")
ACCOUNT = ("login_id", "sis_user_id", "email")  # further ids of a user, as Canvas answers them


def read_times(path, zone, remarks):
    """Return (where, ids, time) for each submission in a file; `zone` is that of times without one.

    Parameters
    ----------
    path : Path
        A table; or Canvas' answer on the submissions of an assignment (.json), or Gradescope's list (.yml).
    zone : tzinfo
    remarks : list
        Takes sentences on what had to be guessed.

    Raises
    ------
    Refusal
        In one sentence, with the place: what cannot be read.
    """
    kind = path.suffix.lower()
    if kind == ".zip":
        raise Refusal(
            f"{path.name} is an archive, and the times of its files are not those of submissions: give "
            "Gradescope's submission_metadata.yml, Canvas' submissions as JSON, or a table."
        )
    if kind == ".json":
        listed = read_canvas(path)
    elif kind in (".yml", ".yaml"):
        listed = read_gradescope(path)
    else:
        columns = {"Submission Time (or submitted_at, handed in)": WHEN}
        rows = read_table(path, "table of times", remarks, columns)
        listed = ((where, ids, cell) for where, ids, (cell,) in rows)
    found = [(where, ids, parse_time(text, zone, where)) for where, ids, text in listed if text]
    if not found:
        raise Refusal(f"{path.name} says of nobody when something was handed in.")
    return found


def read_gradescope(path):
    """Return (where, ids, text of the time) for each submitter in Gradescope's submission_metadata.yml."""
    try:
        with path.open("rb") as file:
            return [(path.name, ids, text) for ids, text in list_times(file)]
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error


def read_canvas(path):
    """Yield (where, ids, text of the time) for each submission that Canvas' REST interface has listed.

    That is the answer to ``/api/v1/courses/:id/assignments/:id/submissions``, a list; its ``submitted_at``
    is in UTC, and null if nothing was handed in.
    """
    text, _ = read_text(path, "list of submissions")
    try:
        items = reading.parse_json(text)
    except reading.Unreadable as error:
        raise Refusal(f"{path.name} {error}.") from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Refusal(f"{path.name} is not a list of submissions, as Canvas answers it.")
    if len(assignments := {item.get("assignment_id") for item in items}) > 1:
        listed = ", ".join(sorted(map(str, assignments))[:3])
        raise Refusal(f"{path.name} is about several assignments ({listed}): give the submissions of one.")
    for number, item in enumerate(items, 1):
        where, user = f"{path.name}, submission {number}", item.get("user")
        ids = [item.get("user_id"), *(user.get(name) for name in ACCOUNT if isinstance(user, dict))]
        ids = [str(id) for id in ids if id]
        if item.get("anonymous_id"):
            ids.append(f"anon_{item['anonymous_id']}")  # as in the names of its files
        if not ids or "submitted_at" not in item:
            raise Refusal(f"{where} has no {'submitted_at' if ids else 'user_id'}.")
        yield where, ids, str(item["submitted_at"] or "")


def read_table(path, what, remarks, columns):
    """Yield (where, ids, cells) for each row: its line, all ids of a student, the cells of some columns.

    `columns` has the titles of each of these by what a sentence calls it.
    """
    text, doubts = read_text(path, what)
    remarks += doubts
    rows = list(read_rows(path, text, STUDENT + sum(columns.values(), ())))
    header = rows[0][1] if rows else []
    known = {title: place for title in STUDENT if (place := find_column(header, (title,))) is not None}
    if USER in known:
        known.pop("id", None)
    ids = list(known.values())
    places = [find_title(path, header, titles) for titles in columns.values()]
    if not ids or all(place is None for place in places):
        wanted = " or ".join(columns)
        raise Refusal(f"{path.name} needs a column student (or id, login, email) and a column {wanted}.")

    def take(cells, place):
        return cells[place].strip() if place is not None and place < len(cells) else ""

    for line, cells in rows[1:]:
        refuse_long(path, line, cells, header)
        where = f"{path.name}, line {line}"
        named, values = [take(cells, place) for place in ids], [take(cells, place) for place in places]
        if any(values) and not any(named):
            raise Refusal(f"{where} does not say whose it is: {' and '.join(known)} is empty.")
        if any(named):
            yield where, list(filter(None, named)), values


def find_title(path, header, titles):
    """Return the place of a column; None if there is none.

    Gradescope's scores of a whole course have one for each assignment, `Lab 4 - Submission Time`.
    """
    if (place := find_column(header, titles)) is not None:
        return place
    ends = [place for place, title in enumerate(header) if simplify(title).endswith(SCORES)]
    several = ends if SCORES in titles else []
    if len(several) > 1:
        listed = ", ".join(header[place] for place in several[:3])
        raise Refusal(f"{path.name} is about several assignments ({listed}): give the export of one.")
    return several[0] if several else None


def parse_time(text, zone, where):
    """Return the time in a text, as ISO 8601, Canvas, Gradescope or Blackboard have it, in a time zone.

    Without an offset from UTC it is a time of that zone; in the hour that a clock shows twice, the first.
    """
    plain = re.sub(r"\s+(UTC|GMT|Z)$", "+00:00", text.strip())
    plain = re.sub(r"\s+([+-]\d\d):?(\d\d)$", r"\1:\2", plain)
    plain = re.sub(r"^(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)$", r"\1T\2:\3:\4", plain)  # Blackboard's
    try:
        time = datetime.fromisoformat(plain)
        if time.year not in YEARS or not re.search(r"\d[T ]\d", plain):
            raise ValueError("a year that nobody means, or no time of day")
    except ValueError:
        lacks = "has no time of day" if re.fullmatch(r"\d{4}-\d\d-\d\d", plain) else "is no time"
        raise Refusal(
            f"{where}: {text} {lacks}; write it as 2026-11-20 23:59, with +01:00 behind it "
            "if it is not in the zone of the deadline."
        ) from None
    return time.astimezone(zone) if time.tzinfo else time.replace(tzinfo=zone)
