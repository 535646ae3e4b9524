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
KEPT = 1000  # entries of an array whose lines are kept


def fingerprint(value, scales=None):
    """Return 32 bytes that name plain data.

    Each array is measured by the largest entry of the one in its place in `scales`; without
    one by its own, which counts as well.
    """
    return hashlib.sha256("\n".join(write_tokens(value, scales)).encode()).digest()


def write_tokens(value, scales=None):
    """Yield the lines that are digested."""
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield f"key {key}"
            yield from write_tokens(value[key], find_scale(scales, key))
    elif isinstance(value, tuple | list):
        yield f"sequence {len(value)}"
        for i, item in enumerate(value):
            yield from write_tokens(item, find_scale(scales, i))
    elif isinstance(value, np.ndarray | float):
        yield from write_array(np.asarray(value), scales)
    else:
        yield repr(value)


def find_scale(scales, key):
    """Return what stands in this place, if anything does."""
    try:
        return scales[key]
    except (TypeError, KeyError, IndexError):
        return None


def write_array(array, scale):
    """Return the lines for an array: its shape, where it is not finite, its size and its weighted sums.

    The imaginary part is an array of its own: a complex step is 1e-30 of the numbers beside it.
    """
    if array.dtype.kind == "c":
        return ["complex", *write_array(array.real, None), *write_array(array.imag, None)]
    largest = float(np.abs(scale).max(initial=0.0)) if isinstance(scale, np.ndarray | float) else None
    write = write_kept if array.size <= KEPT else write_kept.__wrapped__
    return write(array.tobytes(), array.dtype.str, array.shape, largest)


@functools.lru_cache(4096)  # most parts of a cache are the same whatever a slip changes
def write_kept(content, kind, shape, largest):
    """Return the lines for an array of real numbers, measured by `largest` or, without that, by its own."""
    values = np.frombuffer(content, kind).astype(float)
    lines = [f"shape {shape}"]
    odd = ~np.isfinite(values)
    if odd.any():
        lines.append(f"not finite {np.flatnonzero(odd).tolist()}")
        values[odd] = 0.0
    if largest is None:
        largest = np.abs(values).max(initial=0.0)
        if largest == 0:
            return [*lines, "zero"]
        lines.append(f"scale {round(np.log(largest) * PLACES)}")
    elif not largest > NOTHING:
        largest = 1.0
    sums = make_weights(values.size) @ (values / largest)
    return [*lines, *(f"sum {round_sum(total)}" for total in sums)]


def round_sum(number):
    """Return a number to seven places; one that is far larger than it should be to seven digits."""
    return round(float(number) * PLACES) if abs(number) < 1e3 else f"{number:.6e}"


@functools.lru_cache(256)
def make_weights(size):
    """Return two rows of weights, between -1 and 1, that have nothing to do with each other."""
    steps = np.arange(size)
    return np.cos(np.outer((1.618, 2.414), steps) + 0.5) / np.sqrt(max(size, 1))
