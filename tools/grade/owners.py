"""Whose a file is: by the names that systems give to what they export, and by Gradescope's list.

a path below the class  ->  Owner;    submission_metadata.yml  ->  the ids of submitters, by folder
"""

import re
from dataclasses import dataclass

import yaml

from seqgrad.check.reading.text import shorten
from tools import Refusal

NESTING = 20  # lists and dicts inside each other in that list
LISTED = 1_000  # lines about who has submitted something together

GRADED = re.compile(r".*\.(ipynb|py|zip|json)|.*\.(ipynb|py)\.txt", re.IGNORECASE | re.DOTALL)

# Canvas: doejane_12345_678901_NAME, doejane_LATE_12345_678901_NAME, LATE_anon_aB3dE_678901_NAME; what was
# typed into it, or a link: doejane_12345_text.html, doejane_12345_link.html.
CANVAS = re.compile(
    r"(?:(\w+?)_)??(LATE_)?(anon_[^\W_]+|\d+)_(?:\d{3,}_|(?=(?:text|link)\.html$))(.+)", re.DOTALL
)
# Moodle: Jane Doe_4711_assignsubmission_file_, a folder, or with the name of a file behind it.
MOODLE = re.compile(r"((.+)_(\d+))_assignsubmission_[a-z]+_?(.*)", re.DOTALL)
# Blackboard: Lab 4_jdoe_attempt_2026-11-20-10-15-30_NAME, and without a name what it says of the attempt.
BLACKBOARD = re.compile(r".+_([^_]+)_attempt_(\d{4}(?:-\d\d){5})(?:_(.+)|\.txt)", re.DOTALL)
# An id in front of the name of a chapter: anna_04_lstm_forward.ipynb.
CHAPTER = re.compile(r"\d\d[_-][^\W\d].*", re.DOTALL)
WITH_ID = re.compile(rf"(.+?)[-_. ]+({CHAPTER.pattern})", re.DOTALL)
GRADESCOPE = "submission_metadata.yml"
MARKED_LATE = "Canvas marks it as late."  # LATE_ in a name; the archive has no time of a submission
# How a folder around a class is called, or one word of its name.
CLASS = re.compile(
    r"(?i)(?<![^\W_])(class(es)?|course|cohort|students|submi(tted|ssions?)|hand(ed)?[ -]?ins?"
    r"|assignments?|exports?|downloads?|abgaben?|kurs)(?![^\W\d_])"
)
WAYS = (CANVAS, MOODLE, BLACKBOARD, WITH_ID)  # of putting an id into the name of a file


@dataclass(frozen=True)
class Owner:
    """Whose a file is: the student, its own name, other ids, whether it is late, the time of the attempt."""

    student: str
    name: str
    ids: tuple = ()
    late: bool = False
    attempt: str = ""


def find_owner(parts, stem, problem):
    """Return the `Owner` of what lies at a path below the class; None if it is nobody's."""
    first, *below = parts
    if below:
        name = "/".join(filter(None, below)) or first
        moodle = MOODLE.fullmatch(first)
        return Owner(moodle[1], name, (moodle[3], moodle[2])) if moodle else Owner(first, name)
    if moodle := MOODLE.fullmatch(first):
        return Owner(moodle[1], moodle[4] or first, (moodle[3], moodle[2]))
    if blackboard := BLACKBOARD.fullmatch(first):
        return Owner(blackboard[1], blackboard[3] or first, attempt=blackboard[2])
    if canvas := CANVAS.fullmatch(first):
        who, late, number, own = canvas.groups()
        return Owner(f"{who}_{number}" if who else number, own, (number,) if who else (), bool(late))
    if with_id := not CHAPTER.fullmatch(first) and WITH_ID.fullmatch(first):
        return Owner(with_id[1], with_id[2])
    is_data = re.fullmatch(r"(?!\d\d[_-])[^.]*\.json", first, re.IGNORECASE)
    if GRADED.fullmatch(first) and not is_data:
        own = re.sub(r"(\.(ipynb|py|zip|txt|json))+$", "", first, flags=re.IGNORECASE)
        return Owner(stem if CHAPTER.fullmatch(first) else own, first)
    return Owner(first, first) if problem else None


def list_submitters(listing):
    """Return (id, other ids) of each submitter by the folder of the submission, as Gradescope lists them.

    The list is YAML whose layout does not change.  It can be very large, since it holds what the programs of
    students have printed, further indented; so lines are enough to find the few that are parsed.
    """
    blocks, block, folder = {}, None, ""
    for line in listing:
        text = line.decode("utf-8", "replace").rstrip()
        if text and text[0] not in " -#":
            folder, block = text, None
        elif text == "  :submitters:":
            block = blocks.setdefault(folder, [folder, text])
        elif text.startswith("  :"):
            block = None
        elif block is not None and len(block) < LISTED:
            block.append(text)
    people = {}
    for block in blocks.values():
        for folder, about in parse_block(block).items():
            people[folder] = [ids for person in about[":submitters"] if (ids := list_ids(person))]
    return people


def list_times(listing):
    """Return pairs (ids, when it was handed in) of all submitters that Gradescope lists."""
    times, folder, lines = {}, "", []
    for line in listing:
        lines.append(line)
        text = line.decode("utf-8", "replace").rstrip()
        if text and text[0] not in " -#":
            folder = text.rstrip(":").strip("'\"")
        elif text.startswith("  :created_at:"):
            times[folder] = text.partition(":created_at:")[2].strip(" '\"")
    people = list_submitters(lines)
    return [(ids, times[folder]) for folder, found in people.items() if folder in times for ids in found]


def parse_block(block):
    """Return what lines of YAML hold, every value of it as text."""
    text, loader = "\n".join(block), getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        refuse_nesting(yaml.parse(text, Loader=loader))
        found = yaml.load(text, Loader=loader)
        if all(isinstance(one, dict) for about in found.values() for one in about[":submitters"]):
            return found
    except (yaml.YAMLError, AttributeError, TypeError, KeyError, RecursionError):
        pass
    raise Refusal(f"{GRADESCOPE} is damaged at `{shorten(block[0])}`: export the submissions again.")


def refuse_nesting(events):
    """Raise RecursionError for YAML that is nested so deeply that loading it would end this process."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > NESTING:
            raise RecursionError


def list_ids(person):
    """Return the ids of a submitter, the first of them the one to go by."""
    values = (person.get(f":{key}") for key in ("sid", "email", "name"))
    return tuple(value for value in values if isinstance(value, str) and value not in ("", "null", "~"))
