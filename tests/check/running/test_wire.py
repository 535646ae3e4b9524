"""Calls and results as bytes: what goes in comes out, and what nobody encoded is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqgrad.check.equality import are_identical
from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.trial import prepare
from seqgrad.check.running import wire
from seqgrad.check.running.data import Call, Error, Foreign, Result, Seed

NUMBERS = hnp.arrays(
    st.sampled_from(["f8", "f4", "f2", "i8", "u1", "c16", "?", ">f8"]),
    hnp.array_shapes(min_dims=0, min_side=0),
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | NUMBERS,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_plain_data_comes_back_bit_for_bit(value):
    """Arrays of every kind and order, nan and infinity among them."""
    assert are_identical(wire.decode(wire.encode(value)), value)


@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda exercise: exercise.name)
def test_every_call_and_answer_comes_back(exercise):
    """With records and all."""
    trial = prepare(exercise)
    for sent in (trial.calls, trial.expected):
        for mine, yours in zip(wire.decode(wire.encode(sent)), sent, strict=True):
            fields = [(getattr(one, name), getattr(yours, name)) for one in [mine] for name in vars(one)]
            assert type(mine) is type(yours) and all(are_identical(*pair) for pair in fields)


def test_records_of_a_failure_come_back():
    error = Error("ValueError", "no", "f", 3, "a @ b", "a @ b", (("a", "shape (5, 3)"),))
    for sent in (Result(error=error), Result(Foreign("a function"), changed=((0, "Wax"),)), Seed(5)):
        assert wire.decode(wire.encode(sent)) == sent


@pytest.mark.parametrize("value", [object(), {1, 2}, np.array([None]), b"bytes", np.float32, len])
def test_what_is_no_plain_data_is_refused(value):
    with pytest.raises(ValueError, match="no plain data"):
        wire.encode(value)


def test_too_much_is_refused_before_it_is_copied():
    endless = np.broadcast_to(0.0, (10**9,))
    with pytest.raises(ValueError, match="too large"):
        wire.encode(endless)
    with pytest.raises(ValueError, match="too many"):
        wire.decode(bytes(11), most=10)
    nested = []
    for _ in range(1000):
        nested = [nested]
    with pytest.raises(ValueError, match="levels"):
        wire.encode(nested)
    for _ in range(50):
        nested = Result(value=nested if isinstance(nested, Result) else None)
    with pytest.raises(ValueError, match="levels"):
        wire.encode(nested)


def head(text):
    """Return bytes with this head and 16 bytes behind it."""
    return len(text).to_bytes(8, "little") + text.encode() + bytes(16)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(7),
        (10**6).to_bytes(8, "little"),
        (2**64 - 1).to_bytes(8, "little"),
        head("{"),
        head("[" * 100_000),
        head('{"array": ["<f8", [3], 0]}'),
        head('{"array": ["<f8", [2], 8]}'),
        head('{"array": ["<f8", [-1], 0]}'),
        head('{"array": ["<f8", [1.5], 0]}'),
        head('{"array": ["|O", [1], 0]}'),
        head('{"array": ["<f8,<f8", [1], 0]}'),
        head('{"array": ["<f8", [0, 1000000000000, 1000000000000], 0]}'),
        head('{"array": [["<f8"], [1], 0]}'),
        head('{"eval": "1"}'),
        head('{"tuple": 3}'),
        head('{"dict": [1, 2]}'),
        head('{"dict": [[[1], 2]]}'),
        head('{"one": 1, "two": 2}'),
        head('{"Result": {"dict": [["value", 1], ["more", 2]]}}'),
        head('{"Result": {"dict": [["error", "no record"]]}}'),
        head('{"Result": {"dict": [["changed", 5]]}}'),
        head('{"Error": {"dict": [["kind", 1], ["message", ""]]}}'),
        head('{"Error": {"tuple": ["kind", "message"]}}'),
        head("1" * 5000),
    ],
)
def test_bytes_that_nobody_encoded_are_refused_in_a_sentence(data):
    """Whatever is wrong with them."""
    with pytest.raises(ValueError, match="^it|^[0-9]+ bytes"):
        wire.decode(data)


@given(st.binary(max_size=200))
def test_noise_is_refused_or_read_as_plain_data(noise):
    """Never anything else."""
    try:
        wire.decode(noise)
    except ValueError:
        pass


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_read_as_plain_data(place, byte):
    data = bytearray(wire.encode((Call((np.ones((2, 3)), {"a": 1}), feed=("f", (1,))), Result((1.5, None)))))
    data[place % len(data)] = byte
    try:
        wire.encode(wire.decode(bytes(data)))
    except ValueError:
        pass
