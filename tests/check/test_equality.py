"""One notion of equality: each tolerance where it ends, and nan, inf, zeros, types and structure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqgrad.check.equality import FLOAT32, ROUNDING, are_identical, close, close_entries, mark_off, shows

FLOATS = hnp.arrays("f8", hnp.array_shapes(min_dims=0, max_dims=3), elements=st.floats(-1e6, 1e6))
tolerances = pytest.mark.parametrize("tolerance", [ROUNDING, FLOAT32])


@tolerances
@given(FLOATS, st.floats(0.0, 1.0))
def test_arrays_agree_to_the_tolerance_of_their_largest_entry(tolerance, array, share):
    largest = np.abs(array).max(initial=0.0)
    assert close(array, array + share * 0.99 * tolerance * largest, tolerance)
    assert close(array, array + (1 + share) * 1.01 * tolerance * largest, tolerance) == (largest == 0)


@tolerances
def test_one_entry_is_enough_to_differ(tolerance):
    one, other = np.ones((3, 4)), np.ones((3, 4))
    other[2, 1] += 2 * tolerance
    assert not close(one, other, tolerance)
    assert np.argwhere(mark_off(one, other, tolerance)).tolist() == [[2, 1]]


@pytest.mark.parametrize("place", range(3))
def test_an_entry_may_be_measured_by_itself(place):
    """Where all are measured by the largest one, a small one may be anything."""
    array = np.array([1e-9, 1.0, -1e9])
    for share, same in ((0.99, True), (1.01, False)):
        other = array.copy()
        other[place] *= 1 + share * ROUNDING
        assert close_entries(array, other) == same
        assert close(array, other, ROUNDING) == (same or place < 2)
    other[place] = np.nan
    assert not close_entries(array, other)


@tolerances
def test_what_is_not_finite_has_to_be_the_same_at_each_place(tolerance):
    one = np.array([1.0, np.nan, np.inf, -np.inf])
    assert close(one, one.copy(), tolerance) and not mark_off(one, one.copy(), tolerance).any()
    for place in range(4):
        other = one.copy()
        other[place] = 7.0
        assert not close(one, other, tolerance) and not close(other, one, tolerance)
    assert not close(one, -one, tolerance)


def test_an_array_with_an_infinite_entry_is_measured_by_its_largest_finite_one():
    expected = np.array([-2.0, np.inf, np.nan, 1.0])
    assert mark_off(expected, expected + [1e-5, 0, 0, 3e-5], FLOAT32).tolist() == [False, False, False, True]


def test_a_cause_has_to_give_zeros_where_a_result_may_be_a_little_beside():
    """What saturated units pass on is no difference, but nothing else is the cause of exactly zero."""
    zeros, little = np.zeros(3), np.full(3, 1e-8)
    assert not mark_off(zeros, little, FLOAT32).any()
    assert not mark_off(np.full(3, 1e-40), zeros, FLOAT32).any()
    assert not close(zeros, little, FLOAT32) and not close(np.full(3, 1e-40), zeros, FLOAT32)


def test_parts_are_compared_one_by_one_and_more_keys_than_expected_are_no_difference():
    expected = {"a": np.ones(2), "b": (np.zeros(3), [1, 2.5])}
    assert close(expected, expected | {"c": None}, ROUNDING)
    for other in (
        {"a": np.ones(2)},
        expected | {"a": np.ones(3)},
        expected | {"b": (np.zeros(3),)},
        expected | {"b": (np.zeros(3), [1, 2.6])},
        expected | {"b": (np.zeros(3), [2, 2.5])},
        [expected],
    ):
        assert not close(expected, other, ROUNDING)


@pytest.mark.parametrize("value", ["text", object(), np.array(["text"]), 1j])
def test_what_is_no_number_agrees_with_nothing(value):
    assert not close(value, value, FLOAT32)


@given(FLOATS)
def test_identical_is_bit_for_bit_and_of_one_type(array):
    assert are_identical(array, array.copy())
    assert not are_identical(array, array.astype("f4")) and not are_identical(array, array.tolist() or [0])
    assert not are_identical(array, np.append(array, 1.0))


def test_identical_goes_into_what_holds_arrays():
    value = {"a": (np.ones(2), [None, "text", float("nan")]), 1: 2.0}
    assert are_identical(value, {"a": (np.ones(2), [None, "text", float("nan")]), 1: 2.0})
    for other in ({"a": value["a"]}, value | {1: 2}, value | {"a": value["a"][:1]}, value | {"a": ()}):
        assert not are_identical(value, other)


@pytest.mark.parametrize(
    ("printed", "number", "same"),
    [
        ("0.12", 0.1249, True),
        ("0.12", 0.1252, False),
        ("-1.3", -1.26, True),
        ("1.5e-05", 1.54e-5, True),
        ("1.5e-05", 1.56e-5, False),
        ("0.123456789012345", 0.123456789012999, True),
        ("0.123456789012345", 0.123456792, False),
        ("4", 4.0, True),
        ("4", 5.0, False),
        ("nan", np.nan, True),
        ("nan", 1.0, False),
        ("1.0", np.nan, False),
    ],
)
def test_a_print_shows_a_number_to_its_last_digit(printed, number, same):
    assert shows(printed, number) is same


def test_none_agrees_with_none_and_with_nothing_else():
    assert close(None, None, ROUNDING) and close({"y": None}, {"y": None}, ROUNDING)
    assert not close(None, np.zeros(3), ROUNDING) and not close(np.zeros(3), None, ROUNDING)


def test_truth_values_are_compared_as_such():
    one = np.array([True, False, True])
    assert close(one, one.copy(), FLOAT32) and not close(one, one.astype(float), FLOAT32)
    assert mark_off(one, np.array([True, True, True]), FLOAT32).tolist() == [False, True, False]
