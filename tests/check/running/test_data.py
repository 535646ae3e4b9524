"""What goes in and comes out of a run is plain data, and nothing of it is lost without a word."""

import collections
import types

import numpy as np
import pytest

from seqgrad.check.running import data
from seqgrad.check.running.data import (
    Call,
    Error,
    Foreign,
    Result,
    Seed,
    exhaust,
    find_changes,
    find_shared,
    freeze,
    share_memory,
    thaw,
    to_plain,
)
from seqgrad.check.running.run import run


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (len, "a builtin_function_or_method"),
        (object(), "an object"),
        ({1, 2}, "a set"),
        (np.array([None]), "an array of object"),
        (np.array(["text"]), "an array of <U4"),
    ],
)
def test_what_is_no_plain_data_leaves_a_word_of_what_it_was(value, kind):
    assert to_plain(value) == Foreign(kind) and to_plain((1, [value])) == (1, [Foreign(kind)])


def test_what_is_nested_in_itself_ends():
    ring = []
    ring.append(ring)
    for _ in range(6):
        ring = ring[0]
    plain = to_plain(ring)
    while isinstance(plain, list):
        (plain,) = plain
    assert plain == Foreign("a list nested in itself")


def test_plain_data_is_a_copy_without_subclasses():
    record, ones = np.ones(2).view(np.recarray), np.ones(2)
    plain = to_plain({1: ones, "m": record, "f": np.float32(2)})
    ones[0] = 5
    assert plain["1"].tolist() == [1, 1] and type(plain["m"]) is np.ndarray
    assert isinstance(plain["f"], np.ndarray) and plain["f"].dtype == "f4"


def test_iterators_are_run_to_their_end_wherever_they_stand():
    counted = collections.OrderedDict(a=(i for i in range(2)))
    proxy = types.MappingProxyType({"b": iter([1])})
    assert exhaust((counted, [proxy, zip("x", "y", strict=True)])) == (
        {"a": [0, 1]},
        [{"b": [1]}, [("x", "y")]],
    )


def test_arguments_are_copied_scaled_and_frozen():
    value = ({"W": np.ones(2)}, [np.ones(1), 3], Seed(1))
    thawed = thaw(value, 1.5)
    assert thawed[0]["W"].tolist() == [1.5, 1.5] and thawed[1] == [1.5, 3]
    assert thawed[2].random() == np.random.default_rng(1).random()
    with pytest.raises(ValueError, match="read-only"):
        freeze(value)[0]["W"][0] = 2
    value[0]["W"][0] = 2  # the array itself is free


def test_changes_are_told_by_their_paths():
    before = ({"W": np.ones(2), "b": np.zeros(1)}, [np.ones(3)], 5)
    after = thaw(before)
    assert not list(find_changes(before, after))
    after[0]["W"][1], after[1][0][2] = 7, 7
    assert list(find_changes(before, after)) == [(0, "W"), (1, 0)]
    del after[0]["b"]
    after[1].append(1)
    assert list(find_changes(before, after)) == [(0, "W"), (0, "b"), (1,), (1, 0)]


def test_arrays_share_memory_only_if_an_entry_is_in_both():
    both = np.zeros((3, 2))
    assert not share_memory(both[:, 0], both[:, 1]) and share_memory(both[1], both[:, 1])
    v, s = {"dW": both[:, 0], "db": np.zeros(1)}, {"dW": both[:, 1], "db": both[2:, 0]}
    assert list(find_shared((v, s))) == [((1, "db"), (0, "dW"))]
    assert not list(find_shared([v, v])) and list(find_shared(({"a": both}, {"a": both})))


def test_a_run_leaves_what_it_found_and_tells_what_a_second_call_shows():
    home = {"helper": lambda x: 2 * x, "kept": []}
    exec("def f(x):\n    kept.append(x)\n    return helper(x) + len(kept)\n", home)
    before = dict(home)
    (result,) = run(home["f"], [Call((1.0,), twice=True)], {"helper": abs, "more": abs})
    assert home == before and (result.value, result.repeatable) == (2.0, False)
    exec("def f(x, room={}):\n    room[0] = room.get(0, x)\n    room[0][:] = x\n    return room[0]\n", home)
    (result,) = run(home["f"], [Call((np.ones(2),), twice=True)])
    assert result.repeatable and result.overwritten


def test_a_call_may_be_fed_by_the_learners_own_forward_function():
    home = {}
    exec(
        "def forward(x):\n    return x, (x, 2 * x)\n\n\ndef back(d, cache):\n    return d + cache[1]\n", home
    )
    (result,) = run(home["back"], [Call((1.0,), feed=("forward", (3.0,)))])
    assert result.value == 7.0


def test_where_integers_have_32_bits_a_result_is_as_in_a_notebook(monkeypatch):
    narrow = Result(
        {"v": (np.zeros(2, np.int32), 1.0)}, Error("ValueError", "no int32", operands=(("x", "dtype int32"),))
    )
    assert data.widen(narrow) is narrow  # here they have 64
    monkeypatch.setattr(data, "WIDE", False)
    wide = data.widen(narrow)
    assert wide.value["v"][0].dtype == np.int64 and wide.value["v"][1] == 1.0
    assert wide.error == Error("ValueError", "no int64", operands=(("x", "dtype int64"),))
