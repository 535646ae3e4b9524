"""What a run in a box claims, and what of it is believed.

bytes from anyone  ->  a message, or the end of the run;    a claimed result  ->  one that can be judged
"""

from dataclasses import replace

from seqgrad.check.running import wire
from seqgrad.check.running.data import Call, Error, Foreign, Result, Seed
from seqgrad.shapes import name_type
from tools.grade.oracle import TEXT, Allowance, Refused, get_oracle, shorten, shorten_texts

WARNED = ("divide by zero", "invalid value", "overflow")
GARBLED = Error("ValueError", "what it sent to the grader cannot be read")
LOST = Error("OSError", "it ended the box that it ran in")
OPEN = Error("OSError", "its box could not be shut, and it was not begun")


class BoxEnded(Exception):
    """A run that gives no more, with the `Error` that says why."""

    def __init__(self, error):
        super().__init__(error.message)
        self.error = error


def refuse_too_much(most):
    """Return the end of a run that sends more bytes than it may."""
    return BoxEnded(Error("MemoryError", f"more than {most} bytes came out"))


def read_message(data):
    """Return the kind and the value of a message."""
    try:
        kind, value = wire.decode(data)
        if not isinstance(kind, str):
            raise ValueError
        return kind, value
    except (ValueError, TypeError):
        raise BoxEnded(GARBLED) from None


class Questions:
    """What one run asks the right helpers, which work out here what a right solution may ask."""

    def __init__(self, helpers, calls):
        self.oracle, self.allowance = get_oracle(helpers or {}), Allowance.of(calls)
        self.asked = 0

    def recall(self, data):
        """Return the encoded answer to a message, unread, that asks what has been asked before; else None."""
        answer = self.oracle.recall(data, self.asked + 1, self.allowance)
        self.asked += answer is not None
        return answer

    def answer(self, data, value):
        """Return the encoded answer to a question, which is given encoded and decoded."""
        self.asked += 1
        try:
            return self.oracle.answer(data, value, self.asked, self.allowance)
        except Refused as refused:
            raise BoxEnded(refused.error) from None


def read_result(value, count):
    """Return the number of a call and the result that a run claims for it."""
    match value:
        case (int(number), Result() as result) if 0 <= number < count:
            return int(number), result
    raise BoxEnded(GARBLED)


def read_look(value, pieces, names):
    """Return the errors of the pieces and what is known of the names, from what a run says of itself."""
    try:
        errors, known = value
        if len(errors) != pieces or not all(error is None or isinstance(error, Error) for error in errors):
            raise ValueError
        known = {name: known[name] for name in names if name in known}
        return errors, {
            name: {
                "own": tuple(other for other in names if other in said["own"]),
                "reads": tuple(str(other)[:TEXT] for other in said["reads"]),
                "works": bool(said["works"]),
                "blank": bool(said["blank"]),
                "names": tuple(str(other)[:TEXT] for other in said["names"]),
            }
            for name, said in known.items()
        }
    except (TypeError, ValueError, KeyError):
        raise BoxEnded(GARBLED) from None


def tame(result, call):
    """Return the result of a call that a student's process claims, as `run` itself could have given it."""
    value = remove_records(result.value)
    return replace(
        result,
        value=value,
        error=shorten_texts(result.error),
        changed=tuple(path for path in result.changed if leads_somewhere(path, call.arguments)),
        rebound=tuple(path for path in result.rebound if leads_somewhere(path, call.arguments)),
        shared=tuple(pair for pair in result.shared if all(leads_somewhere(path, value) for path in pair)),
        warned=tuple(kind for kind in result.warned if kind in WARNED),
        extra=0,
    )


def leads_somewhere(path, value):
    """Return whether a path leads somewhere in a value."""
    try:
        for step in path:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return False
    return bool(path)


def remove_records(value):
    """Return a value in which no record stands that a value cannot hold."""
    if isinstance(value, tuple | list):
        return type(value)(map(remove_records, value))
    if isinstance(value, dict):
        return {shorten(str(key)): remove_records(part) for key, part in value.items()}
    return Foreign(name_type(value)) if isinstance(value, Call | Seed | Result | Error) else value
