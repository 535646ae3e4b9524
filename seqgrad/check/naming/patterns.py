"""What can be seen of printed numbers without a search: zeros, nan, another sign, k times as large.

fields, the right outputs  ->  Finding, or None
"""

import numpy as np

from seqgrad.check.naming.words import join_words
from seqgrad.check.verdict import Finding

SURE = 3  # digits by which a number is told from others
CLEAR = 5  # digits, of all that is wrong, by which a cause is told from others
RATIO = 1e-4  # by which factors may differ, as the printed digits round


def count_digits(fields):
    """Return how many digits of fields tell something: zeros that NumPy prints in short tell all."""
    total = 0
    for number in (number for field in fields if not field.of for number in field.numbers):
        digits = number.lower().partition("e")[0].lstrip("+-0.").replace(".", "")
        total += len(digits) if digits and digits.isdigit() else 8
    return total


def read_numbers(field):
    """Return the numbers of a field."""
    return np.array([float(number) for number in field.numbers])


def find_plain_pattern(exercise, wrong):
    """Return the finding where all that is wrong is zero, or nan."""
    numbers = np.concatenate([read_numbers(field) for field in wrong])
    names = join(wrong)
    several = len(wrong) > 1
    if not numbers.any():
        words = (
            f"{names} {'are' if several else 'is'} zero: what was made with zeros is returned as it was made."
        )
        made = "Look for the line that should add to it or fill it, and for what it is multiplied by."
        return Finding(wrong[0].name, "unknown", f"{words} {made}")
    if np.isnan(numbers).all():
        words = (
            f"{names} {'are' if several else 'is'} nan. Print what each line gives, and find the first nan:"
        )
        return Finding(
            wrong[0].name, "not finite", f"{words} a division by zero, or an overflow in an exponential."
        )
    return None


def find_ratio(exercise, wrong, right):
    """Return the finding where all that is wrong is the same multiple of what is right."""
    if any(field.pick(right) is None for field in wrong):
        return None
    mine = np.concatenate([read_numbers(field) for field in wrong])
    expected = np.concatenate([np.ravel(field.pick(right)) for field in wrong])
    if mine.shape != expected.shape or not expected.all() or not np.isfinite(mine).all():
        return None
    ratios = mine / expected
    if not ratios[0] or np.abs(ratios / ratios[0] - 1).max() > RATIO:
        return None
    ratio, names = ratios[0], join(wrong)
    has, number = ("have", "their") if len(wrong) > 1 else ("has", "its")
    if abs(ratio + 1) < RATIO:
        return Finding(wrong[0].name, "sign", f"{names} {has} the opposite sign.", True)
    sizes = list_sizes(exercise)
    for size, words in sizes.items():
        if abs(ratio * size - 1) < RATIO:
            sentence = f"{names} {has} one {write_ordinal(size)} of {number} size: divided by {words}."
            return Finding(wrong[0].name, "extra factor", sentence, True)
    if len(mine) == 1:
        return None
    return Finding(wrong[0].name, "wrong factor", f"{names} {has} {ratio:.4g} times {number} right size.")


def list_sizes(exercise):
    """Return what the sizes are by which a test cell's numbers may be divided."""
    draws = exercise.test.draws
    shapes = [shape for name, shape in draws.items() if name[0] in "xa" and len(shape) > 1]
    sizes = {shapes[0][1]: "the number of examples, m"}
    if len(shapes[0]) > 2:
        steps = draws.get("da", shapes[0])[2]
        sizes |= {
            steps: "the number of time steps",
            steps * shapes[0][1]: "the numbers of examples and of steps",
        }
    return sizes


def write_ordinal(size):
    """Return the name of one part of so many."""
    return f"{size}{'th' if size % 10 not in (1, 2, 3) else {1: 'st', 2: 'nd', 3: 'rd'}[size % 10]}"


def find_exchange(wrong, right):
    """Return the finding where what is printed is what another output should hold at that place."""
    for field in wrong:
        others = [name for name in right if name != field.name]
        for name in others if count_digits([field]) >= CLEAR else ():
            other = type(field)(name, field.index, field.of, field.numbers)
            if other.is_print_of(right) and not field.of:
                sentence = (
                    f"`{field.label}` is what `{other.label}` should be: the wrong array has this name."
                )
                return Finding(field.name, "wrong source", sentence, len(wrong) == 1)
    return None


def join(fields):
    """Return the labels of fields for a sentence."""
    return join_words([f"`{field.label}`" for field in fields])
