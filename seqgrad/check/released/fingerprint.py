"""A short name for values, the same for values that agree to rounding.

Every array is summed up in a few numbers, weighted sums of its entries, which are
rounded to seven places: rounding in the last digits of the entries, which differs from
machine to machine, does not reach them.  That a sum lies within rounding of a boundary
between two roundings happens once in millions of arrays.
"""

import functools
import hashlib

import numpy as np

PLACES = 1e7
NOTHING = 1e-30


def fingerprint(value, scales=None):
    """Return 32 bytes that stand for plain data.

    Parameters
    ----------
    value : plain data
    scales : plain data, optional
        Of the same structure; each array is measured by the largest entry of the one
        that stands in its place here.  By default by its own, which counts as well.
    """
    return hashlib.sha256("\n".join(tokens(value, scales)).encode()).digest()


def tokens(value, scales=None):
    """Yield the lines that are digested."""
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield f"key {key}"
            yield from tokens(value[key], part(scales, key))
    elif isinstance(value, tuple | list):
        yield f"sequence {len(value)}"
        for i, item in enumerate(value):
            yield from tokens(item, part(scales, i))
    elif isinstance(value, np.ndarray | float):
        yield from numbers(np.asarray(value), scales)
    else:
        yield repr(value)


def part(scales, key):
    """Return what stands in this place, if anything does."""
    try:
        return scales[key]
    except (TypeError, KeyError, IndexError):
        return None


def numbers(array, like):
    """Yield the lines for an array: its shape, where it is not finite, its size and its weighted sums."""
    yield f"shape {array.shape}"
    values = array.astype(complex if array.dtype.kind == "c" else float).ravel()
    odd = ~np.isfinite(values)
    if odd.any():
        yield f"not finite {np.flatnonzero(odd).tolist()}"
        values[odd] = 0.0
    if not isinstance(like, np.ndarray | float):
        scale = np.abs(values).max(initial=0.0)
        if scale < NOTHING:
            yield "zero"
            return
        yield f"scale {round(np.log(scale) * PLACES)}"
    else:
        scale = np.abs(like).max(initial=0.0)
        scale = scale if scale > NOTHING else 1.0
    for sum_ in weights(values.size) @ (values / scale):
        yield f"sum {rounded(sum_.real)} {rounded(sum_.imag)}"


def rounded(number):
    """Return a number to seven places; one that is far larger than it should be to seven digits."""
    return round(float(number) * PLACES) if abs(number) < 1e3 else f"{number:.6e}"


@functools.lru_cache(256)
def weights(size):
    """Return two rows of weights, between -1 and 1, that have nothing to do with each other."""
    steps = np.arange(size)
    return np.cos(np.outer((1.618, 2.414), steps) + 0.5) / np.sqrt(max(size, 1))
