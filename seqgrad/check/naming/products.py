"""A gate audit: what stands in each gate's gradient, read off the numbers, without a list of mistakes.

Each gate's gradient should be a product of what the cache holds, for instance

    dzf = dc_next * c_prev * ft * (1 - ft)            on the path through dc_next, and
    dzf = da_next * ot * (1 - tanh²(c_next)) * c_prev * ft * (1 - ft)   through da_next.

The logarithm of a product is the sum of the logarithms of its factors, each times its
exponent.  So a least-squares fit of log|yours| on the logarithms of all that could be in
it gives the exponents; if they come out whole, with nothing left over, they are what the
learner wrote: c_next to the power 1 where c_prev should be, 1 - ft to the power 0.
"""

from dataclasses import replace

import numpy as np

from seqgrad.check.equality import ROUNDING, close, close_entries
from seqgrad.check.naming.known.known import know
from seqgrad.check.probing.gates import find_in_gates, read_gradients
from seqgrad.check.verdict import Finding

NOTHING = 1e-12


def audit_gates(exercise, results):
    """Return the findings of the probes, the gates first; empty if they cannot be read or all is right."""
    products, drawn = know(exercise).products, exercise.gates.draw()
    gradients = read_gradients(exercise, results)
    if products is None or gradients is None:
        return ()
    values = products.list_factors(drawn)
    said = {
        (name, path): say(products.right[name, path], path, gradient, values, drawn[path][:, 0])
        for (name, path), gradient in gradients.items()
    }
    found = find_in_gates(exercise, said) + find_inconsistent(products, drawn, results[0].value)
    sure = "?" not in [kind for kind, _ in said.values()] and all(finding.exact for finding in found)
    return tuple(replace(finding, exact=sure) for finding in found)


def say(right, path, mine, values, arriving):
    """Return (kind, words) on a gate's gradient along one path: "" if right, "?" if it is no such product.

    `right` holds the names of the factors that it should have, or None if nothing should arrive.
    """
    empty = np.abs(mine).max() < NOTHING
    if right is None:
        return ("", "") if empty else ("extra term", f"has a term through `{path}` too many")
    if empty:
        return "missing term", f"has nothing on the path through `{path}`"
    expected = arriving * np.prod([values[factor] for factor in right], axis=0)
    for sign, words in ((1, ("", "")), (-1, ("sign", "has the opposite sign"))):
        if close_entries(sign * expected, mine):
            return words
    exponents = fit_exponents(mine, values, arriving)
    if exponents is None:
        return "?", ""
    excess = {factor: have - right.count(factor) for factor, have in exponents.items()}
    more = " and ".join(write_power(factor, extra) for factor, extra in excess.items() if extra > 0)
    less = " and ".join(write_power(factor, -extra) for factor, extra in excess.items() if extra < 0)
    if more and less:
        return "wrong factor", f"has {more} where it should have {less}"
    if less:
        return "missing factor", f"lacks the factor {less}"
    return "extra factor", f"is multiplied by {more} once too often"


def fit_exponents(mine, values, arriving):
    """Return the exponent of every factor in a gradient; None if they are not whole, or do not give it."""
    if not (np.abs(mine) > 0).all() or not np.isfinite(mine).all():
        return None
    factors = np.stack([*values.values(), arriving], axis=1)
    exponents, *_ = np.linalg.lstsq(np.log(np.abs(factors)), np.log(np.abs(mine)), rcond=None)
    whole = np.round(exponents)
    again = np.prod(factors**whole, axis=1)
    if whole[-1] != 1 or not close_entries(np.abs(again), np.abs(mine)):
        return None
    if not (np.sign(mine) == np.sign(again)).all():
        return None
    return {name: int(exponent) for name, exponent in zip(values, whole, strict=False)}


def write_power(factor, exponent):
    """Return a factor with its exponent, as code."""
    if exponent == 1:
        return f"`{factor}`"
    return f"`({factor})**{exponent}`" if " " in factor else f"`{factor}**{exponent}`"


def find_inconsistent(products, drawn, returned):
    """Return findings on the outputs that do not follow from the learner's own gate gradients."""
    findings = []
    for name, right in products.follow_gates(drawn, returned).items():
        mine = returned.get(name)
        if not isinstance(mine, np.ndarray) or mine.shape != right.shape:
            sentence = f"`{name}` does not have the shape that follows from the gates."
            findings.append(Finding(name, "shape", sentence))
        elif not close(right, mine, ROUNDING):
            sentence = f"`{name}` does not follow from the gates' gradients, which it is made of."
            findings.append(Finding(name, "unknown", sentence))
    return findings
