"""A fingerprint tells values apart by all that they are: keys, order, structure, the imaginary part."""

import itertools

import numpy as np

from seqgrad.check.released.fingerprint import fingerprint

ONES = np.ones((2, 3))


def test_values_of_other_structure_have_other_names():
    values = [
        {"a": ONES, "b": 1},
        {"a": ONES, "c": 1},
        {"a": ONES},
        {"a": 1, "b": ONES},
        [ONES, 1],
        [1, ONES],
        [ONES],
        ONES,
        ONES.T,
        ONES[0],
        2 * ONES,
        -ONES,
        np.zeros((2, 3)),
        "text",
        None,
        1,
        1.0,
    ]
    names = [fingerprint(value) for value in values]
    assert all(one != other for one, other in itertools.combinations(names, 2))


def test_the_order_of_keys_and_the_kind_of_a_sequence_do_not_count():
    assert fingerprint({"a": 1, "b": ONES}) == fingerprint({"b": ONES, "a": 1})
    assert fingerprint([1, 2]) == fingerprint((1, 2))


def test_a_complex_step_counts_beside_numbers_that_are_thirty_powers_larger():
    moved = [ONES.astype(complex) for _ in range(7)]
    for place, array in enumerate(moved[1:]):
        array.flat[place] += 1e-30j
    assert len({fingerprint(array) for array in moved}) == 7
    assert fingerprint(ONES + 0j) != fingerprint(ONES)


def test_arrays_are_measured_by_what_stands_in_their_place():
    scale = {"a": 1e6 * ONES}
    assert fingerprint({"a": ONES + 1e-3}, scale) == fingerprint({"a": ONES + 2e-3}, scale)
    assert fingerprint({"a": ONES + 1e-3}) != fingerprint({"a": ONES + 2e-3})
