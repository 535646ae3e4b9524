"""The passages of a text: for each function the fields that it printed, beside those that are expected.

lines  ->  passages: consecutive lines of one function  ->  streams of them  ->  mine and expected
"""

import functools
from dataclasses import dataclass

import numpy as np

from seqgrad.check.equality import shows
from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.exercises.testcell import Field, answer_test, list_fields
from seqgrad.check.naming.patterns import SURE, count_digits, join
from seqgrad.check.naming.tables import list_tables

PASSAGES, STREAMS = 20, 6  # that are judged, and runs of one function in each
OTHER_NAMES = {"y": "y_pred", "y_pred": "y"}  # of one thing in different versions
SINGLE, FROM, TO = 3e-7, 6, 9  # the precision of float32, and how many digits its numbers are printed with


@dataclass(frozen=True)
class Passage:
    """What a text has of one function.

    Attributes
    ----------
    exercise : Exercise
    mine : tuple of Field
        What the writer's function printed; only the expected numbers if there are no others.
    wrong : tuple of Field
        Those of them that are wrong.
    others : tuple of Exercise
        That print fields of the same names, if the numbers do not tell which function it is.
    right : dict
        What a right function gives.
    notes : tuple of str
        On the table of expected numbers, and on lines that could not be read.
    """

    exercise: Exercise
    mine: tuple
    wrong: tuple
    others: tuple
    right: dict
    notes: tuple = ()

    def is_right(self, field):
        """Tell whether a field is right."""
        return field not in self.wrong

    def list_vague(self):
        """Return the fields that are not wrong and have too few digits to be right."""
        return [
            one for one in self.mine if not one.of and one not in self.wrong and count_digits([one]) < SURE
        ]

    def list_remarks(self):
        """Yield what there is to say beside right and wrong."""
        yield from self.notes
        if vague := self.list_vague():
            has = "have" if len(vague) > 1 else "has"
            yield f"{join(vague)} {has} too few digits to decide whether it is right."
        if self.others and self.wrong:
            names = " or ".join(f"`{one.name}`" for one in self.others)
            yield f"That these lines are from `{self.exercise.name}` is a guess: they may be from {names}."
        missing = self.find_missing()
        if 0 < len(missing) < sum(not field.of for field in self.mine):
            yield f"There is no line for {join(missing)}, which the test cell prints between the others."
        if not any(not field.of for field in self.mine):
            yield "Only shapes were read, and they do not tell whether the numbers are right."

    def find_missing(self):
        """Return the fields that are missing between others that are there."""
        all_fields = [field for field in list_fields(self.exercise) if not field.of]
        there = [any(one.label == field.label for one in self.mine) for field in all_fields]
        inner = range(there.index(True), len(there) - there[::-1].index(True)) if True in there else ()
        return [all_fields[i] for i in inner if not there[i]]


def find_passages(lines):
    """Return the passages of lines."""
    found = []
    for line in lines:
        field, possible = recognise(line.field, line.problem)
        if not possible:
            continue
        line = line._replace(field=field)
        if found and found[-1][0] & possible:
            before, group = found[-1]
            found[-1] = (before & possible, [*group, line])
        elif len(found) == PASSAGES:
            break
        else:
            found.append((possible, [line]))
    passages = [make_passage(possible, group) for possible, group in found]
    return [passage for passage in passages if passage]


def recognise(field, problem):
    """Return a field by the name that a test cell has for it, and the exercises that may have printed it."""
    for name in filter(None, (field.name, OTHER_NAMES.get(field.name))):
        field = Field(name, field.index, field.of, field.numbers)
        possible = {
            one
            for one in list_tested()
            if is_printed(field, one) or (field.numbers and field.pick(answer_test(one)) is not None)
        }
        if possible or problem:
            return field, possible
    return field, set()


@functools.cache
def list_tested():
    """Return the exercises that have a test cell."""
    return tuple(one for one in list_exercises() if one.test)


def is_printed(field, exercise):
    """Tell whether the test cell of an exercise prints a field."""
    return any(field.label == one.label for one in list_fields(exercise))


def make_passage(possible, lines):
    """Return the passage that lines of one function make; None if none of them could be read."""
    unread = [f"`{line.field.label}` was not read: {line.problem}." for line in lines if line.problem]
    lines = [line for line in lines if not line.problem]
    cut = [line for line in lines if any(is_cut(line.field, answer_test(one)) for one in possible)]
    unread += [f"Only {len(line.field.numbers)} numbers of `{line.field.label}` were read." for line in cut]
    lines = [line for line in lines if line not in cut]
    if not lines:
        return None
    met = count_met(possible, [line.field for line in lines])
    likeliest = [one for one in met if met[one] == max(met.values())]
    exercise, others = likeliest[0], tuple(likeliest[1:])
    streams = split_streams(lines)
    right = answer_test(exercise)
    tables = [table for table in list_tables() if table.exercise is exercise]
    judged = [Stream(stream, right, tables) for stream in streams]
    mine, notes = choose_mine(judged)
    fields = tuple(dict.fromkeys(line.field for line in mine.lines))
    wrong = tuple(field for field in fields if not is_print(field, mine.answer))
    return Passage(exercise, fields, wrong, others, mine.answer, tuple([*notes, *unread]))


def count_met(possible, fields):
    """Return for each exercise how many fields are what a right function prints."""
    tables = list_tables()
    met = {}
    for exercise in sorted(possible, key=lambda one: list_exercises().index(one)):
        answers = [answer_test(exercise), *(table.make() for table in tables if table.exercise is exercise)]
        met[exercise] = sum(any(is_print(field, one) for one in answers) for field in fields if not field.of)
    return met


def split_streams(lines):
    """Return the lines in streams: the first of each label, the second of each, and so on.

    So it makes no difference whether mine and the expected ones stand line by line or block by block.
    """
    streams = []
    for line in lines:
        labels = [stream for stream in streams if all(line.field.label != one.field.label for one in stream)]
        same = [stream for stream in labels if {one.expected for one in stream} == {line.expected}]
        if same or labels:
            (same or labels)[0].append(line)
        elif len(streams) < STREAMS:
            streams.append([line])
    return streams


class Stream:
    """Lines of one run: whether they are right, a known table, or what the text calls expected."""

    def __init__(self, lines, right, tables):
        self.lines, self.answer = lines, right
        fields = [line.field for line in lines]
        self.is_right = all(is_print(field, right) for field in fields)
        self.expected = sum(line.expected is True for line in lines) * 2 > len(lines)
        self.called = sum(line.expected is False for line in lines) * 2 > len(lines)
        self.table = None
        for table in tables if not self.is_right else ():
            if all(is_print(field, table.make()) for field in fields):
                self.table = table
                if table.is_right:
                    self.answer = table.make()


def choose_mine(streams):
    """Return the stream of the writer's own numbers, and notes on the others."""
    notes = [stream.table.sentence for stream in streams if stream.table]
    if len(streams) == 1:
        return streams[0], notes if not streams[0].table or streams[0].table.is_right else []
    right = [stream for stream in streams if stream.is_right]
    tables = [stream for stream in streams if stream.table]
    wrong = [stream for stream in streams if not stream.is_right and not stream.table]
    own = [stream for stream in wrong if not stream.expected]
    if old := next((stream for stream in tables if stream.table.is_right), None):
        for stream in own:  # the test cell that printed them is that version's
            stream.answer = old.answer
    if own:
        return own[0], notes
    if right and wrong and any(not stream.expected for stream in right):
        notes.append("The numbers that are called expected are not those that a right function prints.")
        return right[0], notes
    return (right or tables or wrong)[0], notes


def pick_right(field, outputs):
    """Return what outputs hold at a field, however many numbers were printed for it."""
    return Field(field.name, field.index, field.of).pick(outputs)


def is_cut(field, outputs):
    """Tell whether the numbers of a field are right as far as they go, and the rest was lost on the way."""
    value, count = pick_right(field, outputs), len(field.numbers)
    if field.of or value is None or value.size <= count or value.ndim != 1:
        return False
    return all(map(shows, field.numbers, value[:count]))


def is_print(field, outputs):
    """Tell whether printed numbers are what outputs hold there, to the printed digits or those of float32."""
    if field.is_print_of(outputs):
        return True
    value = field.pick(outputs)
    if value is None or field.of or value.size != len(field.numbers):
        return False
    digits = [
        len(number.lower().partition("e")[0].lstrip("+-0.").replace(".", "")) for number in field.numbers
    ]
    numbers = np.array([float(number) for number in field.numbers])
    near = np.abs(numbers - np.ravel(value)) <= SINGLE * np.maximum(1.0, np.abs(np.ravel(value)))
    return bool(near.all()) and FROM <= max(digits) <= TO
