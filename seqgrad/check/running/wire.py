"""Calls and results as bytes, and back: for a pipe to a process that nobody trusts, and for a file.

The bytes are a head in JSON, which says how things are nested, and behind it the raw
contents of the arrays.  Nothing in them can be executed: whatever they hold, `decode`
gives plain data or refuses with a sentence.

    length of the head (8 bytes)  |  head: {"array": ["<f8", [3, 2], offset]}, ...  |  arrays
"""

import dataclasses
import io
import json
import math
import re

import numpy as np

from seqgrad.check.running.data import Call, Error, Foreign, Result, Seed

BYTES = 16 << 20
DEPTH = 40
RECORDS = {record.__name__: record for record in (Call, Error, Foreign, Result, Seed)}
DTYPE = re.compile(r"[<>|][biufc](1|2|4|8|16|32)")


def encode(value, most=BYTES):
    """Return plain data as bytes; refuse what becomes too many, is nested too deeply, or is no plain data."""
    contents = bytearray()
    head = json.dumps(pack(value, contents, most)).encode()
    size = 8 + len(head) + len(contents)
    if size > most:
        raise ValueError(f"{size} bytes are too many, {most} are allowed")
    return b"".join([len(head).to_bytes(8, "little"), head, contents])


def pack(value, contents, most, depth=0):
    """Return a value as JSON has it; what its arrays hold is appended to the contents."""
    if depth > DEPTH:
        raise ValueError(f"it is nested more than {DEPTH} levels deep")
    if isinstance(value, np.ndarray) and DTYPE.fullmatch(value.dtype.str):
        offset = len(contents)
        if offset + value.nbytes > most:
            raise ValueError(f"an array of {value.nbytes} bytes is too large, {most} bytes are allowed")
        contents += value.tobytes()
        return {"array": [value.dtype.str, value.shape, offset]}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [pack(item, contents, most, depth + 1) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [pack(item, contents, most, depth + 1) for item in value]}
    if isinstance(value, dict):
        items = [[key, pack(item, contents, most, depth + 1)] for key, item in value.items()]
        return {"dict": items}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if type(value).__name__ in RECORDS:
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {type(value).__name__: pack(fields, contents, most, depth + 1)}
    raise ValueError(f"it holds {type(value).__name__}, which is no plain data")


def decode(data, most=BYTES):
    """Return the plain data that bytes stand for; refuse what `encode` does not make."""
    if len(data) > most:
        raise ValueError(f"{len(data)} bytes are too many, {most} are allowed")
    start = 8 + int.from_bytes(data[:8], "little")
    if not 8 <= start <= len(data):
        raise ValueError("its head is cut short")
    try:
        return unpack(json.loads(data[8:start]), io.BytesIO(data[start:]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"it cannot be read: {error}") from None


def unpack(value, contents, depth=0):
    """Return the value that its JSON stands for."""
    if depth > DEPTH:
        raise ValueError(f"it is nested more than {DEPTH} levels deep")
    if isinstance(value, list):
        return [unpack(item, contents, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    if kind == "tuple":
        return tuple(unpack(item, contents, depth + 1) for item in held)
    if kind == "dict":
        return {key: unpack(item, contents, depth + 1) for key, item in held}
    if kind == "complex":
        return complex(*held)
    if kind == "array":
        return read_array(*held, contents)
    return check_record(RECORDS[kind](**unpack(held, contents, depth + 1)))


def read_array(dtype, shape, offset, contents):
    """Return an array that can be written to; each byte of the contents belongs to one array alone."""
    if not DTYPE.fullmatch(dtype) or not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError(f"there is no array of {dtype} and shape {shape}")
    dtype, size = np.dtype(dtype), math.prod(shape)
    if offset != contents.tell():
        raise ValueError("an array is not where it should be")
    held = contents.read(size * dtype.itemsize)
    if len(held) < size * dtype.itemsize:
        raise ValueError("an array is cut short")
    return np.frombuffer(held, dtype).reshape(shape).copy()


def check_record(record):
    """Return a record whose fields hold what they should; a path is a tuple of names and numbers."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        fits = EXPECTED.get((type(record).__name__, field.name))
        right = fits(value) if fits else type(value) is field.type
        if field.type is not object and not right:
            raise ValueError(f"{field.name} of {type(record).__name__} is {type(value).__name__}")
    return record


def is_path(value):
    """Tell whether a value is a path."""
    return type(value) is tuple and all(type(key) in (str, int) for key in value)


def is_paths(value):
    """Tell whether a value is a tuple of paths."""
    return type(value) is tuple and all(map(is_path, value))


def is_pairs(value, is_right):
    """Tell whether a value is a tuple of pairs of right things."""
    return type(value) is tuple and all(
        type(pair) is tuple and len(pair) == 2 and all(map(is_right, pair)) for pair in value
    )


EXPECTED = {
    ("Result", "error"): lambda value: value is None or isinstance(value, Error),
    ("Result", "changed"): is_paths,
    ("Result", "rebound"): is_paths,
    ("Result", "shared"): lambda value: is_pairs(value, is_path),
    ("Result", "warned"): lambda value: is_path(value) and len(value) < 4,
    ("Error", "operands"): lambda value: is_pairs(value, lambda text: type(text) is str),
}
