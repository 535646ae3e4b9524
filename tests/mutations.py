"""What becomes of files: cut, in another encoding, damaged, and of JSON with other parts than it should have.

``mutated(data)`` is a strategy for the bytes that a file may hold after that.
"""

import json

from hypothesis import strategies as st

ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7", "cp037")
OTHERS = [
    None,
    True,
    -1,
    1e308,
    float("nan"),
    "",
    "x",
    "é\ud800",
    "\0",
    [],
    [[]],
    {},
    {"a": 1},
    10**30,
    "9" * 5000,
]
LARGEST = 200_000  # bytes that a repeated line adds, so that what is drawn stays below a few megabytes
NESTED = ("[" * 300 + "]" * 300, '{"a":' * 90 + "1" + "}" * 90, "[" * 100_000, '{"cells":' * 5000, "(" * 5000)


@st.composite
def mutated(draw, data):
    """Draw the bytes of a file with one to three things done to it."""
    for _ in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from([cut, damaged, encoded, with_other_parts, torn, repeated]))(draw, data)
    return data


def cut(draw, data):
    """Return the beginning or the end of a file."""
    place = draw(st.integers(0, len(data)))
    return data[:place] if draw(st.booleans()) else data[place:]


def damaged(draw, data):
    """Return a file in which some bytes are others."""
    place = draw(st.integers(0, len(data)))
    return data[:place] + draw(st.binary(max_size=40)) + data[place + draw(st.integers(0, 40)) :]


def encoded(draw, data):
    """Return a file in another encoding, perhaps with the line ends of another system."""
    text = data.decode("utf-8", "replace").replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return text.encode(draw(st.sampled_from(ENCODINGS)), "replace")


def torn(draw, data):
    """Return a file with a piece of it at another place, or in the middle what is nested deeply."""
    begin, end, place = sorted(draw(st.integers(0, len(data))) for _ in range(3))
    piece = draw(st.sampled_from([data[begin:end], *(nested.encode() for nested in NESTED)]))
    return data[:place] + piece + data[place:]


def repeated(draw, data):
    """Return a file in which one line stands very often."""
    lines = data.splitlines(keepends=True) or [b""]
    place = draw(st.integers(0, len(lines) - 1))
    times = draw(st.integers(0, min(3000, LARGEST // (len(lines[place]) + 1))))
    return b"".join([*lines[:place], *[lines[place]] * times, *lines[place + 1 :]])


def with_other_parts(draw, data):
    """Return a file of JSON in which keys are gone and values are of other types; any other file as it is."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return data
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(places(value)) or [(None, None)]))
        if holder is None:
            return json.dumps(draw(st.sampled_from(OTHERS))).encode()
        if isinstance(holder, dict) and draw(st.booleans()):
            holder.pop(key, None)
        else:
            holder[key] = draw(st.sampled_from(OTHERS))
    return json.dumps(value).encode()


def places(value):
    """Yield (holder, key) for everything in JSON."""
    for key in (
        list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from places(value[key])


def large(cells):
    """Return a notebook of very many cells."""
    cell = {"cell_type": "code", "source": "x = 1\n", "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell] * cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
