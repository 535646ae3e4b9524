"""Who handed in when, and what lateness costs: the deadline of the course, or a student's own.

    times (a table, or Gradescope's list), extensions  ->  Lateness by student
    Result, Lateness  ->  Result

The points of the exercises stay as they are; what lateness costs is taken off their sum, and both are kept.
"""

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tools import Refusal
from tools.grade.owners import GRADESCOPE, list_times
from tools.gradebook.settings import say_duration
from tools.students.files import file_name
from tools.students.roster import IDS, fold, index_ids
from tools.students.rows import find_column, read_rows, read_text

WHEN = ("handedin", "submissiontime", "submittedat", "submitted", "submissiondate", "time", "timestamp")
DUE, DAYS = ("due", "until", "newdue", "dueat"), ("days", "extradays", "extension")
STUDENT = ("student", *IDS)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lateness:
    """When a student handed in, and had to; what that costs in percent of the score, and why."""

    handed_in: datetime
    due: datetime
    percent: float
    sentence: str


def read_lateness(deadline, stems, people=()):
    """Return the Lateness of everybody whose time is known, by the stems of their results; and remarks.

    Parameters
    ----------
    deadline : Deadline
    stems : set of str
        Of all results.
    people : sequence of Student, optional
        Of the roster, under whose other ids a table may know a student.
    """
    remarks = []
    times = read_times(deadline, remarks)
    later = read_extensions(deadline, remarks)
    find = make_finder(stems, people)
    dues = {stem: due for ids, due in later if (stem := find(ids))}
    found = {stem: time for ids, time in times if (stem := find(ids))}
    if strangers := [ids[0] for ids, _ in later if not find(ids)]:
        listed = ", ".join(strangers[:3])
        remarks.append(f"{deadline.extensions.name} has extensions for nobody in the results: {listed}.")
    if left := [stem.partition("~")[0] for stem in sorted(stems - set(found))]:
        listed = ", ".join(left[:3]) + f" and {len(left) - 3} more" * (len(left) > 3)
        remarks.append(f"When {listed} handed in is not known, so nothing was taken off for lateness.")
    return {
        stem: judge_time(time, dues.get(stem, deadline.due), deadline) for stem, time in found.items()
    }, remarks


def judge_time(time, due, deadline):
    """Return the Lateness of a submission."""
    late = time - due
    if late <= timedelta(minutes=deadline.grace):
        return Lateness(time, due, 0.0, "")
    days = math.ceil(late / DAY)
    percent = min(days * deadline.percent, deadline.most)
    begun = f"day{'s' * (days != 1)} begun"
    why = f"{deadline.percent:g} % of the score for each of {days} {begun}"
    if percent < days * deadline.percent:
        why += f", and no more than {deadline.most:g} %"
    if deadline.closed and late > deadline.closed * DAY:
        percent, why = 100.0, f"after {deadline.closed:g} days nothing counts"
    sentence = f"Handed in {say_duration(late)} after the deadline of {due:%Y-%m-%d %H:%M}: {why}."
    return Lateness(time, due, percent, sentence)


def apply_lateness(result, lateness):
    """Return a result with what lateness costs."""
    if lateness is None:
        return result
    exact = Decimal(result.before_lateness) * Decimal(str(lateness.percent)) / 100
    return replace(result, lateness=lateness, penalty=int(exact.to_integral_value(ROUND_HALF_UP)))


def make_finder(stems, people):
    """Return a function from ids to the stem of the result that is under one of them; None if none is."""
    folded, index = {fold(stem): stem for stem in stems}, index_ids(people)

    def find(ids):
        known = {id: student for id in ids for student in index.get(fold(id), ())}
        every = [*ids, *(id for student in known.values() for id in student.ids or (student.id,))]
        names = [name for id in every for name in (file_name(id, ""), file_name(fold(id), ""))]
        return next((stem for name in names if (stem := folded.get(fold(name)))), None)

    return find


def read_times(deadline, remarks):
    """Return pairs (ids, time) of who handed in when."""
    if deadline.times is None:
        return []
    if deadline.times.name == GRADESCOPE:
        try:
            with deadline.times.open("rb") as file:
                listed = list_times(file)
        except OSError as error:
            raise Refusal(f"{deadline.times} cannot be read: {error.strerror}.") from error
        return [(ids, parse_time(text, deadline.due, GRADESCOPE)) for ids, text in listed]
    rows = read_table(deadline.times, "table of times", remarks, WHEN)
    return [(ids, parse_time(cell, deadline.due, where)) for where, ids, (cell,) in rows if cell]


def read_extensions(deadline, remarks):
    """Return pairs (ids, when it is due for them)."""
    if deadline.extensions is None:
        return []
    found = []
    for where, ids, (due, days) in read_table(deadline.extensions, "table of extensions", remarks, DUE, DAYS):
        if bool(due) == bool(days):
            raise Refusal(f"{where}: give either due, a time, or days.")
        if due:
            found.append((ids, parse_time(due, deadline.due, where)))
        elif re.fullmatch(r"\d{1,4}([.,]\d+)?", days):
            found.append((ids, deadline.due + float(days.replace(",", ".")) * DAY))
        else:
            raise Refusal(f"{where}: {days} is no number of days.")
    return found


def read_table(path, what, remarks, *columns):
    """Yield (where, ids, cells) for each row: its line, all ids of a student, the cells of some columns."""
    text, doubts = read_text(path, what)
    remarks += doubts
    rows = list(read_rows(path, text, STUDENT + sum(columns, ())))
    header = rows[0][1] if rows else []
    ids = [place for title in STUDENT if (place := find_column(header, (title,))) is not None]
    places = [find_column(header, titles) for titles in columns]
    if not ids or all(place is None for place in places):
        wanted = " or ".join(titles[0] for titles in columns)
        raise Refusal(f"{path.name} needs a column student (or id, login, email) and a column {wanted}.")

    def take(cells, place):
        return cells[place].strip() if place is not None and place < len(cells) else ""

    for line, cells in rows[1:]:
        named = [id for place in ids if (id := take(cells, place))]
        if named:
            yield f"{path.name}, line {line}", named, [take(cells, place) for place in places]


def parse_time(text, due, where):
    """Return the time in a text, as ISO 8601, Canvas, Gradescope or Blackboard have it.

    Without an offset from UTC it has that of `due`.
    """
    plain = re.sub(r"\s+(UTC|GMT|Z)$", "+00:00", text.strip())
    plain = re.sub(r"\s+([+-]\d\d):?(\d\d)$", r"\1:\2", plain)
    plain = re.sub(r"^(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)$", r"\1T\2:\3:\4", plain)  # Blackboard's
    try:
        time = datetime.fromisoformat(plain)
    except ValueError:
        raise Refusal(
            f"{where}: {text} is no time; write it as 2026-11-20 23:59, with +01:00 behind it "
            "if it is not in the zone of the deadline."
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=due.tzinfo)
