"""Who handed in when, and what lateness costs: the deadline of the course, or a student's own.

    times (see `times`), extensions  ->  Lateness by student
    Result, Lateness  ->  Result

The points of the exercises stay as they are; what lateness costs is taken off their sum, and both are kept.
"""

import itertools
import math
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tools import Refusal
from tools.gradebook.settings import say_duration
from tools.gradebook.times import parse_time, read_table, read_times
from tools.students.files import file_name
from tools.students.roster import fold, index_ids

COLUMNS = {"due": ("due", "until", "newdue", "dueat"), "days": ("days", "extradays", "extension")}
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Canvas and Moodle put a number behind a name: doejane_777, Jane Doe_4711.
NUMBERED = re.compile(r".+_(\d+)(~.*)?")

SAID = {
    "unknown": "When {0} handed in is not known, so nothing was taken off for lateness.",
    "strangers": "In {1} are times of nobody in the results: {0}.",
    "several": "In {1} are several times of {0}; the latest counts.",
    "early": "By {1}, {0} handed in before the exercises were released.",
}


@dataclass(frozen=True)
class Lateness:
    """When a student handed in, and had to; what that costs in percent of the score, and why."""

    handed_in: datetime
    due: datetime
    percent: float
    sentence: str


def read_lateness(settings, stems, people=()):
    """Return the Lateness of everybody whose time is known, by the stems of their results; and remarks.

    Parameters
    ----------
    settings : Settings
        With a deadline.
    stems : set of str
        Of all results.
    people : sequence of Student, optional
        Of the roster, under whose other ids a table may know a student.
    """
    deadline, released, remarks = settings.deadline, settings.released, []
    find, zone = make_finder(stems, people), deadline.due.tzinfo
    dues = read_extensions(deadline, find, remarks)
    times, strangers = {}, []
    for path in deadline.times:
        for _, ids, time in read_times(path, zone, remarks):
            if stem := find(ids):
                times.setdefault(stem, set()).add(time)
            else:
                strangers.append(ids[0])
    latest = {stem: max(found, key=datetime.timestamp) for stem, found in times.items()}
    named = {
        "unknown": sorted(stems - set(latest)),
        "strangers": strangers,
        "several": [stem for stem in sorted(times) if len(times[stem]) > 1],
        "early": [stem for stem in sorted(latest) if released and latest[stem] < released],
    }
    files = list_names([path.name for path in deadline.times])
    remarks += [SAID[key].format(list_names(names), files) for key, names in named.items() if names]
    found = {stem: judge_time(time, dues.get(stem, deadline.due), deadline) for stem, time in latest.items()}
    return found, remarks


def list_names(names):
    """Return the first of some stems or ids, and how many more there are."""
    listed = ", ".join(name.partition("~")[0] for name in names[:3])
    return listed + f" and {len(names) - 3} more" * (len(names) > 3)


def judge_time(time, due, deadline):
    """Return the Lateness of a submission.

    The grace is measured in minutes that pass; a day ends when the clock shows the time of the deadline
    again, so a day on which clocks change is one day, too.
    """
    time = time.astimezone(due.tzinfo)
    if time.astimezone(UTC) - due.astimezone(UTC) <= deadline.grace * MINUTE:
        extended = f"Handed in within the extension until {due:%Y-%m-%d %H:%M}."
        return Lateness(time, due, 0.0, extended if due != deadline.due else "")
    late = max(time - due, MINUTE)
    days = math.ceil(late / DAY)
    percent = min(days * deadline.percent, deadline.most)
    why = f"{deadline.percent:g} % of the score for each day that has begun, here {days}"
    if percent < days * deadline.percent:
        why += f", and no more than {deadline.most:g} %"
    if deadline.closed and late > deadline.closed * DAY:
        percent, why = 100.0, f"after {deadline.closed:g} days nothing counts"
    which = "deadline" if due == deadline.due else "extended deadline"
    sentence = f"Handed in {say_duration(late)} after the {which} of {due:%Y-%m-%d %H:%M}: {why}."
    return Lateness(time, due, percent, sentence)


def apply_lateness(result, lateness):
    """Return a result with what lateness costs."""
    if lateness is None:
        return result
    exact = Decimal(result.before_lateness) * Decimal(str(lateness.percent)) / 100
    return replace(result, lateness=lateness, penalty=int(exact.to_integral_value(ROUND_HALF_UP)))


def make_finder(stems, people):
    """Return a function from ids to the stem of the result that is under one of them; None if none is.

    Where no id is a result's own, the number behind the name will do, if one result alone has it.
    """
    folded, index = {fold(stem): stem for stem in stems}, index_ids(people)
    numbers = {}
    for stem in stems:
        if match := NUMBERED.fullmatch(stem):
            numbers.setdefault(match[1], []).append(stem)

    def find(ids):
        students = [student for id in ids for student in index.get(fold(id), ())]
        every = [*ids, *(id for student in students for id in student.ids or (student.id,))]
        names = [name for id in every for name in (file_name(id, ""), file_name(fold(id), ""))]
        known = [folded[fold(name)] for name in names if fold(name) in folded]
        known += [numbers[id][0] for id in every if len(numbers.get(id, ())) == 1]
        return known[0] if known else None

    return find


def read_extensions(deadline, find, remarks):
    """Return when it is due for those who have longer, by the stems of their results."""
    dues, lines, strangers = {}, {}, []
    tables = [read_table(path, "table of extensions", remarks, COLUMNS) for path in deadline.extensions]
    for where, ids, (due, days) in itertools.chain(*tables):
        if bool(due) == bool(days):
            raise Refusal(f"{where}: give either due, a time, or days.")
        if due:
            until = parse_time(due, deadline.due.tzinfo, where)
        elif re.fullmatch(r"\d{1,4}([.,]\d+)?", days):
            until = deadline.due + float(days.replace(",", ".")) * DAY
        else:
            raise Refusal(f"{where}: {days} is no number of days.")
        if until < deadline.due:
            raise Refusal(f"{where}: {due} is before the deadline of {deadline.due:%Y-%m-%d %H:%M}.")
        if not (stem := find(ids)):
            strangers.append(ids[0])
        elif stem in dues:
            raise Refusal(f"{where}: {ids[0]} has an extension already, in {lines[stem]}.")
        else:
            dues[stem], lines[stem] = until, where
    if strangers:
        files = list_names([path.name for path in deadline.extensions])
        remarks.append(f"In {files} are extensions for nobody in the results: {list_names(strangers)}.")
    return dues
