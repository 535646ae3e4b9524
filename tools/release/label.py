"""What a release says of itself, in release.json: what was released, to whom, and with which secret.

Nothing of the numbers stands in it, so it may be shown; `grade` reads it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from tools import Refusal, reading
from tools.reading import Unreadable

NAME = "release.json"


@dataclass(frozen=True)
class Label:
    """What `grade` has to know of a release: its chapters, the roster's ids, the fingerprint of the secret.

    Without a roster `students` is None; a release of an older version has no fingerprint, "".
    """

    chapters: tuple
    students: tuple | None
    secret: str


def write(plan, students, common, fingerprint):
    """Return the text of release.json."""
    ids = None if students is None else [student.id for student in students]
    said = {
        "title": plan.title,
        "chapters": list(plan.numbers),
        "exercises": [asdict(exercise) for exercise in plan.exercises],
        "points": sum(exercise.points for exercise in plan.exercises),
        "students": ids,
        "secret": fingerprint,
        "digest": hashlib.sha256(json.dumps([common, ids]).encode()).hexdigest(),
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def read(folder):
    """Return the `Label` in a folder; None if there is none.

    Raises
    ------
    Refusal
        If it cannot be read.
    """
    return read_file(folder / NAME)


def read_file(path):
    """Return the `Label` in a file, as `read` does."""
    try:
        return label(reading.parse_json(reading.decode(path.read_bytes())[0]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, Unreadable) as error:
        reason = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else error
        raise Refusal(
            f"{path} {reason}; if it is of `python3 -m tools release`, remove it and make it again."
        ) from error


def label(said):
    """Return the `Label` for what stands in release.json."""
    said = reading.as_dict(said)
    chapters, students, secret = said.get("chapters"), said.get("students"), said.get("secret", "")
    if not (
        reading.is_lines(chapters)
        and (students is None or reading.is_lines(students))
        and isinstance(secret, str)
        and "digest" in said
    ):
        raise Unreadable("does not describe a release")
    return Label(tuple(chapters), None if students is None else tuple(students), secret)
