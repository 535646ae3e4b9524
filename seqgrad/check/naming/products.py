"""A gate audit: what stands in each gate's gradient, read off the numbers, without a list of mistakes.

Each gate's gradient should be a product of what the cache holds, for instance

    dzf = dc_next * c_prev * ft * (1 - ft)            on the path through dc_next,
    dzf = da_next * ot * (1 - tanh²(c_next)) * c_prev * ft * (1 - ft)   through da_next.

The logarithm of a product is the sum of the logarithms of its factors, each times its
exponent.  So a least-squares fit of log|yours| on the logarithms of all that could be in
it gives the exponents; if they come out whole, with nothing left over, they are what the
learner wrote: c_next to the power 1 where c_prev should be, 1 - ft to the power 0.
"""

import numpy as np

from seqgrad.check.probing.gates import N_A, findings, free_cache, gradients
from seqgrad.check.verdict import Finding

SQUASH = "1 - np.tanh(c_next)**2"
PRODUCTS = {
    "dzf": ("c_prev", "ft", "1 - ft"),
    "dzi": ("cct", "it", "1 - it"),
    "dzc": ("it", "1 - cct**2"),
    "dc_prev": ("ft",),
}
RIGHT = {(name, "dc_next"): factors for name, factors in PRODUCTS.items()}
RIGHT |= {(name, "da_next"): ("ot", SQUASH, *factors) for name, factors in PRODUCTS.items()}
RIGHT |= {("dzo", "dc_next"): None, ("dzo", "da_next"): ("np.tanh(c_next)", "ot", "1 - ot")}


def audit(results):
    """Return the findings of the probes, the gates first; empty if they cannot be read or all is right."""
    states, xt, parameters, upstream = free_cache()
    if (mine := gradients(results)) is None:
        return ()
    values = factors(states)
    said = {
        (name, path): compared(name, path, gradient, values, upstream[path][:, 0])
        for (name, path), gradient in mine.items()
    }
    found = findings(said) + inconsistent(states, xt, parameters, results)
    sure = "?" not in [kind for kind, _ in said.values()] and all(finding.exact for finding in found)
    return tuple(Finding(one.subject, one.kind, one.sentence, sure) for one in found)


def factors(states):
    """Return everything that could be a factor, by the name that a learner writes."""
    one = {name: value[:, 0] for name, value in states.items()}
    found = dict(one)
    found |= {f"1 - {name}": 1 - one[name] for name in ("ft", "it", "ot")}
    found |= {"1 - cct**2": 1 - one["cct"] ** 2, "np.tanh(c_next)": np.tanh(one["c_next"])}
    found |= {SQUASH: 1 - np.tanh(one["c_next"]) ** 2, "np.tanh(c_prev)": np.tanh(one["c_prev"])}
    found |= {
        "1 - np.tanh(c_prev)**2": 1 - np.tanh(one["c_prev"]) ** 2,
        "1 - c_next**2": 1 - one["c_next"] ** 2,
    }
    found |= {"1 - np.tanh(c_next)": 1 - np.tanh(one["c_next"]), "1 - cct": 1 - one["cct"]}
    return found


def compared(name, path, mine, values, upstream):
    """Return (kind, words) on a gate's gradient along one path: "" if right, "?" if no such product."""
    right = RIGHT[name, path]
    if right is None:
        return (
            ("", "")
            if np.abs(mine).max() < 1e-12
            else ("extra term", f"has a term through `{path}` too many")
        )
    if np.abs(mine).max() < 1e-12:
        return "missing term", f"has nothing on the path through `{path}`"
    expected = upstream * np.prod([values[factor] for factor in right], axis=0)
    if np.allclose(mine, expected, rtol=1e-9, atol=0):
        return "", ""
    if np.allclose(mine, -expected, rtol=1e-9, atol=0):
        return "sign", "has the opposite sign"
    names, exponents = fitted(mine, values, upstream)
    if exponents is None:
        return "?", ""
    wanted = [right.count(factor) for factor in names]
    more = [
        power(factor, have - want)
        for factor, have, want in zip(names, exponents, wanted, strict=True)
        if have > want
    ]
    less = [
        power(factor, want - have)
        for factor, have, want in zip(names, exponents, wanted, strict=True)
        if have < want
    ]
    if more and less:
        return "wrong factor", f"has {' and '.join(more)} where it should have {' and '.join(less)}"
    if less:
        return "missing factor", f"lacks the factor {' and '.join(less)}"
    return "extra factor", f"has the factor {' and '.join(more)} too many"


def fitted(mine, values, upstream):
    """Return the names of all factors and their exponents in a gradient; None if they are not whole."""
    names = [*values, "the upstream gradient"]
    columns = np.log(np.abs(np.stack([*values.values(), upstream], axis=1)))
    if not (np.abs(mine) > 0).all() or not np.isfinite(mine).all():
        return names[:-1], None
    exponents, *_ = np.linalg.lstsq(columns, np.log(np.abs(mine)), rcond=None)
    whole = np.round(exponents)
    again = np.prod(np.stack([*values.values(), upstream], axis=1) ** whole, axis=1)
    if whole[-1] != 1 or not np.allclose(np.abs(mine), np.abs(again), rtol=1e-9, atol=0):
        return names[:-1], None
    if not (np.sign(mine) == np.sign(again)).all():
        return names[:-1], None
    return names[:-1], [int(exponent) for exponent in whole[:-1]]


def power(factor, exponent):
    """Return a factor with its exponent, as code."""
    if exponent == 1:
        return f"`{factor}`"
    return f"`({factor})**{exponent}`" if " " in factor else f"`{factor}**{exponent}`"


def inconsistent(states, xt, parameters, results):
    """Return findings on the outputs that do not follow from the learner's own gate gradients."""
    value = results[0].value
    dz = {gate: value["db" + gate] for gate in "fico"}
    concat = np.concatenate([states["a_prev"], xt], axis=0)
    back = sum(parameters["W" + gate].T @ dz[gate] for gate in "fico")
    follows = {"dW" + gate: dz[gate] @ concat.T for gate in "fico"} | {
        "da_prev": back[:N_A],
        "dxt": back[N_A:],
    }
    found = []
    for name, right in follows.items():
        mine = value.get(name)
        if not isinstance(mine, np.ndarray) or mine.shape != right.shape:
            found.append(
                Finding(name, "shape", f"`{name}` does not have the shape that follows from the gates.")
            )
        elif not np.allclose(mine, right, rtol=1e-8, atol=1e-9 * np.abs(right).max()):
            found.append(
                Finding(
                    name,
                    "unknown",
                    f"`{name}` does not follow from the gates' gradients, which it is made of.",
                )
            )
    return found
