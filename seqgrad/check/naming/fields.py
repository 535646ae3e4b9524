"""The fields that a test cell printed, out of a text that somebody pasted.

text  ->  plain text  ->  fields: an array's name, an index, the numbers as they were printed
"""

import itertools
import re
from typing import NamedTuple

from seqgrad.check.equality import NUMBER
from seqgrad.check.exercises.testcell import Field
from seqgrad.check.naming.plain import make_plain

ALIASES = {"yt": "yt_pred"}
EXPECTED = r"expected|should\s+(?:be|have\s+been|read|print|give)|correct|reference|supposed\s+to\s+be"
MINE = r"mine|my|i\s+(?:get|got|have)|got|yours?|actual|received|instead"
CUE = re.compile(rf"(?i)\b(?:({EXPECTED})|({MINE}))\b(?!\s+of\b)")
LABEL = re.compile(
    r"(len\s*+\(\s*+)?+\b([A-Za-z]\w*+)\s*+\)?+((?:\s*+\[?+\s*+\w++(?:\s*+,\s*+\w++)*+\s*+\]){0,9}+)"
    r"\s*+(\.\s*+shape)?+"
    r"\s*+(?:([=:][=:\s]*+|(?:is|was|are|gives|equals)\s++)|(?=\[?\s*+[-+]?\d*+\.\d))"
    rf"(?:(?i:({EXPECTED})|{MINE})\b[\s:=]*+)?+(?=[\[(\-+.\dniN])"  # no letter is read twice
)
TWO = re.compile(r"[\w\]]\[\d+\]\[\d+\]")
OTHER = re.compile(  # a second value behind the first: which of them is expected
    rf"(?i)[\s,;(/]*+(?:but\s+|and\s+|while\s+)?(?:(?:the|it|this)\s+)?"
    rf"(?:({EXPECTED}|instead\s+of|rather\s+than)|{MINE}|vs\.?|versus|!=|≠|not)"
    r"(?:\s+(?:is|was|are|value|output|answer|result|be)){0,3}[\s:=]*+(?=[\[(\-+.\dn])"
)
FIELDS, VALUE = 2_000, 5_000  # that are read, and the characters of a value
ODD = 200_000  # characters of values that cannot be read, after which a text is left alone


class Line(NamedTuple):
    """A field as it was read, or why it was not; whether the text calls it expected, or the writer's."""

    field: Field
    expected: bool | None
    problem: str = ""


def read_fields(text):
    """Return the fields that stand in a text, in order, as far as they can be read."""
    return [line.field for line in read_lines(text) if not line.problem]


def read_lines(text):
    """Return the lines that stand in a text, in order: each a field, or what could not be read of one."""
    text, lines, end, odd, expected = make_plain(text), [], 0, 0, None
    in_brackets = TWO.search(text)  # each index in its own, as test cells print it: others are other lines
    for label in itertools.islice(LABEL.finditer(text), FIELDS):
        length, base, inside, shaped, separator, called = label.groups()
        if label.start() < end or (in_brackets and "," in inside) or not (separator or inside):
            continue
        for cue in CUE.finditer(text, end, label.start()):
            expected = bool(cue[1])
        keys = re.findall(r"\w+", inside)
        names = [key for key in keys if not key.isdecimal()]
        name = re.sub(r"_(?:tmp|test|out)$", "", names[0] if names else base)
        index = tuple(int(key[:9]) for key in keys if key.isdecimal())
        of = "len" if length else "shape" if shaped else ""
        value, end = read_value(text, label.end())
        lines.append(make_line(Field(ALIASES.get(name, name), index, of), value, called and True, expected))
        if lines[-1].problem:
            odd, end = odd + len(value), label.end()
            if odd > ODD:
                break
        if second := OTHER.match(text, end):
            value, end = read_value(text, second.end())
            lines.append(make_line(lines[-1].field, value, bool(second[1]), None))
            if second[1]:
                lines[-2] = lines[-2]._replace(expected=False)
    return lines


def make_line(field, value, called, expected):
    """Return the line of a field and a value as it stands in the text."""
    numbers, problem = split_numbers(value, bool(field.of))
    field = Field(field.name, field.index, field.of, numbers)
    return Line(field, called if called is not None else expected, problem)


def read_value(text, start):
    """Return the value that begins at a place in a text, up to the matching bracket or blank, and its end."""
    if text[start] not in "[(":
        found = re.compile(r"[-+\w.,]*").match(text, start)
        value = found.group().rstrip(".,")
        return value, start + len(value)
    depth, value = 0, text[start : start + VALUE]
    for end, letter in enumerate(value, 1):
        depth += (letter in "[(") - (letter in "])")
        if depth == 0:
            return value[:end], start + end
    value = re.split(r"\n(?=\s*[A-Za-z])", value)[0]
    return value, start + len(value)


def split_numbers(value, whole=False):
    """Return the numbers in a value as they are printed, and what cannot be read of it, or "".

    A comma is a decimal one only where it can be nothing else: no point stands in the value.
    """
    inside = re.sub(r"[\[\]()]", " ", value).strip()
    if inside == "None":
        return (), "it is None, so it was not computed, or not returned"
    words = re.split(r"[\s,;]+", inside.strip(",; "))
    if "." not in inside and not whole and re.search(r"\d,\d", inside):
        pieces = [piece.rstrip(",") for piece in re.split(r"[\s;]+", inside)]
        if all(re.fullmatch(r"[-+]?\d+,\d{2,}(?:[eE][-+]?\d+)?|0", piece) for piece in pieces):
            words = [piece.replace(",", ".") for piece in pieces]
    odd = [word for word in words if not NUMBER.fullmatch(word.lstrip("-+") if word[-3:] == "inf" else word)]
    if odd:
        return (), f"`{odd[0][:20]}` is no number" if odd[0] else "there are no numbers"
    return tuple(words), ""
