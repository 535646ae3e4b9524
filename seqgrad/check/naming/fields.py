"""The fields that a test cell printed, out of a text that somebody pasted.

text  ->  fields: an array's name, an index, the numbers as they were printed
"""

import itertools
import re

from seqgrad.check.equality import NUMBER
from seqgrad.check.exercises.testcell import Field

ALIASES = {"yt": "yt_pred"}
LABEL = re.compile(
    r"(len\s*+\(\s*+)?+\b([A-Za-z]\w*+)\s*+\)?+((?:\s*+\[?+\s*+\w++\s*+\]){0,9}+)\s*+(\.\s*+shape)?+\s*+"
    r"[=:][=:\s]*+(?=[\[(\-+.\dni])"  # no letter is read twice, however long a word is
)
TEXT, VALUE = 300_000, 5_000  # characters of a text, and of a value in it, that are read
FIELDS = 2_000  # that are read


def read_fields(text):
    """Return the fields that stand in a text, in order."""
    text = re.sub(r"<[^>]{0,40}>", " ", text[:TEXT].replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[\"'`*“”‘’\\]", "", text).replace("|", "=")
    text = re.sub(r"(?m)^[\s>$#]+", "", text)
    fields = []
    for label in itertools.islice(LABEL.finditer(text), FIELDS):
        length, base, inside, shaped = label.groups()
        keys = re.findall(r"\w+", inside)
        names = [key for key in keys if not key.isdecimal()]
        name = names[0] if names else base
        index = tuple(int(key[:9]) for key in keys if key.isdecimal())
        numbers = tuple(NUMBER.findall(read_value(text, label.end())))
        if numbers:
            of = "len" if length else "shape" if shaped else ""
            fields.append(Field(ALIASES.get(name, name), index, of, numbers))
    return fields


def read_value(text, start):
    """Return the value that begins at a place in a text: up to the matching bracket, or one number."""
    if text[start] not in "[(":
        number = NUMBER.match(text, start)
        return number.group() if number else ""
    depth, value = 0, text[start : start + VALUE]
    for end, letter in enumerate(value, 1):
        depth += (letter in "[(") - (letter in "])")
        if depth == 0:
            return value[:end]
    return value.split("=")[0]
