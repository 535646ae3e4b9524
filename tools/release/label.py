"""What a release says of itself, in release.json: what was released, to whom, and with which secret.

Nothing of the numbers stands in it, so it may be shown; `grade` reads it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from tools import Refusal, reading
from tools.reading import Unreadable
from tools.students.roster import Student

NAME = "release.json"


@dataclass(frozen=True)
class Label:
    """What `grade` has to know of a release: its chapters, students, title, the fingerprint of the secret.

    And of how many sets of numbers each student has one; 0 where all have the same numbers.
    Without a roster `students` is None, otherwise each `Student` with all ids; a release of an older version
    knows only the first of them, and may have no fingerprint, "".
    """

    chapters: tuple
    students: tuple | None
    secret: str
    title: str = ""
    sets: int = 0


def format_label(plan, students, common, fingerprint, sets=0):
    """Return the text of release.json."""
    ids = None if students is None else [student.id for student in students]
    all_ids = {student.id: list(student.ids) for student in students or () if len(student.ids) > 1}
    said = {
        "title": plan.title,
        "chapters": list(plan.numbers),
        "exercises": [asdict(exercise) for exercise in plan.exercises],
        "points": sum(exercise.points for exercise in plan.exercises),
        "students": ids,
        "ids": all_ids,
        "secret": fingerprint,
        "sets": sets,
        "digest": hashlib.sha256(json.dumps([common, ids, all_ids]).encode()).hexdigest(),
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def read_label(folder):
    """Return the `Label` in a folder; None if there is none.

    Raises
    ------
    Refusal
        If it cannot be read.
    """
    return read_file(folder / NAME)


def read_file(path):
    """Return the `Label` in a file, as `read_label` does."""
    try:
        return parse_label(reading.parse_json(reading.decode(path.read_bytes())[0]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, Unreadable) as error:
        reason = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else error
        raise Refusal(
            f"{path} {reason}; if it is of `python3 -m tools release`, remove it and make it again."
        ) from error


def parse_label(said):
    """Return the `Label` for what stands in release.json."""
    said = reading.as_dict(said)
    chapters, students, secret = said.get("chapters"), said.get("students"), said.get("secret", "")
    title, sets = said.get("title", ""), said.get("sets", 0)
    all_ids = reading.as_dict(said.get("ids", {}))
    if not (
        reading.is_lines(chapters)
        and (students is None or reading.is_lines(students))
        and isinstance(secret, str)
        and isinstance(title, str)
        and type(sets) is int
        and all(map(reading.is_lines, all_ids.values()))
        and "digest" in said
    ):
        raise Unreadable("does not describe a release")
    if students is not None:
        students = tuple(Student(id, ids=tuple(all_ids.get(id, (id,)))) for id in students)
    return Label(tuple(chapters), students, secret, title, sets)
