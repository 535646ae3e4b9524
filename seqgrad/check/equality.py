"""Whether values are the same: the one notion of equality, with all its tolerances.

They are the same if ...  ::

    identical      nothing differs, types included         arguments before and after a call; a second call
    close          by ROUNDING, 1e-9 of the largest entry  what a supposed cause gives, and the learner
    close_entries  by ROUNDING, 1e-9 of each entry         a gate's gradient, and a product of factors
    mark_off       by FLOAT32, 1e-5 of the largest entry   results and expected ones
    shows          it rounds to the printed digits         a number and its print
    close_lines    by one in the last printed digit        two prints of one test

Everywhere nan equals nan.  An array is measured by its largest finite entry, since the small ones hold the
rounding of the large ones.  FLOAT32 is so wide because a learner may compute in float32, and counts as zero
what saturated units pass on; a cause has to give that, too, unless the learner computes in float32.
"""

import re
from itertools import zip_longest

import numpy as np

ROUNDING = 1e-9
FLOAT32 = 1e-5

# The range of float32 ends here: an array without a larger entry counts as zeros.
TINY = 1e-30

NUMBERS = np.ndarray | np.generic | bool | int | float
ZERO = re.compile(r"[-+]?0?(?:\.0?)?")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf")


def are_identical(one, other):
    """Tell whether two pieces of plain data are the same bit for bit; lists and tuples are of one kind."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        alike = one.shape == other.shape and one.dtype == other.dtype
        return alike and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(are_identical(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(are_identical, one, other))
    return type(one) is type(other) and (one == other or one != one)


def close(expected, got, tolerance):
    """Tell whether a value agrees with an expected one to within a tolerance, part by part.

    More keys in a dict than expected are no difference.  What is neither a number nor an array agrees with
    nothing but None with None, and whole numbers have to be identical.
    """
    if expected is None or got is None:
        return expected is got
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            key in got and close(expected[key], got[key], tolerance) for key in expected
        )
    if isinstance(expected, tuple | list):
        same_length = isinstance(got, tuple | list) and len(expected) == len(got)
        return same_length and all(map(close, expected, got, [tolerance] * len(expected)))
    if not (isinstance(expected, NUMBERS) and isinstance(got, NUMBERS)):
        return False
    expected, got = np.asarray(expected), np.asarray(got)
    if expected.dtype.kind != "f" or got.dtype.kind != "f":
        return expected.dtype.kind in "iub" and are_identical(expected, got)
    if expected.shape != got.shape:
        return False
    if expected.size == 0:
        return True
    most = tolerance * find_largest_entry(expected)
    with np.errstate(invalid="ignore"):
        error = np.abs(expected - got).max()
        if error == error:  # no nan, which is the usual case and has to be fast
            return bool(error <= most)
        return not exceed(expected, got, most).any()


def close_entries(expected, got):
    """Tell whether every entry of an array agrees with the expected one, each measured by itself."""
    return not exceed(expected, got, ROUNDING * np.abs(expected)).any()


def mark_off(expected, got, tolerance):
    """Return which entries of an array differ from the expected ones; zeros are measured in 1."""
    largest = find_largest_entry(expected)
    with np.errstate(invalid="ignore"):
        return exceed(expected, got, tolerance * (largest if largest > TINY else 1.0))


def exceed(expected, got, most):
    """Return which entries of two arrays differ by more than a number; of truth values, which differ."""
    if expected.dtype == got.dtype == bool:
        return expected != got
    near = np.abs(got - expected) <= most
    if near.all():  # the usual case, which has to be fast
        return ~near
    return ~(near | (got == expected) | (np.isnan(got) & np.isnan(expected)))


def find_largest_entry(array):
    """Return the largest absolute value of an array's finite entries."""
    largest = np.abs(array).max(initial=0.0)
    return largest if largest < np.inf else np.abs(array).max(initial=0.0, where=np.isfinite(array))


def shows(printed, number):
    """Tell whether a printed number is that number, to the digits that were printed."""
    if printed == "nan":
        return bool(number != number)
    unit, power = read_last_digit(printed)
    if printed.endswith(".") or ZERO.fullmatch(printed):  # NumPy leaves out zeros, but no other digits
        unit = 1e-8
    return bool(abs(float(printed) - number) <= max(0.51 * unit, ROUNDING * power))


def close_lines(one, other):
    """Tell whether two printed lines say the same: words to the letter, numbers by `close_prints`."""
    words = [re.sub(r"\s+", "", NUMBER.sub("0", line)) for line in (one, other)]
    numbers = zip_longest(NUMBER.findall(one), NUMBER.findall(other), fillvalue="")
    return words[0] == words[1] and all(mine == yours or close_prints(mine, yours) for mine, yours in numbers)


def close_prints(one, other):
    """Tell whether two printed numbers differ by no more than one in the last digit of either."""
    units = [read_last_digit(printed)[0] for printed in (one, other)]
    return "." in one and "." in other and abs(float(one) - float(other)) <= 1.01 * max(units)


def read_last_digit(printed):
    """Return what one unit in the last digit of a printed number is, and the power of ten behind its e."""
    mantissa, _, exponent = printed.lower().partition("e")
    power = 10.0 ** max(-300, min(int(exponent[:9] or 0), 300))
    return power * 10.0 ** -len(mantissa.partition(".")[2]), power
