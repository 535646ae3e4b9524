"""A gate audit: what stands in each gate's gradient, read off the numbers, without a list of mistakes.

With one example (m = 1) the bias gradients of `lstm_cell_backward` *are* the gradients
at the gates' pre-activations, one number for each hidden unit.  Each should be a product
of what the cache holds, for instance

    dzf = dc_next * c_prev * ft * (1 - ft)            on the path through dc_next,
    dzf = da_next * ot * (1 - tanh²(c_next)) * c_prev * ft * (1 - ft)   through da_next,

and the two paths can be had one at a time, by setting the other gradient to zero.  The
logarithm of a product is the sum of the logarithms of its factors, each times its
exponent.  The cache is drawn freely, sixty units with sixty different values of
everything, so a least-squares fit of log|yours| on the logarithms of all that could be
in it gives the exponents; if they come out whole, with nothing left over, they are what
the learner wrote: c_next to the power 1 where c_prev should be, 1 - ft to the power 0.

    probes()  ->  results  ->  findings
"""

import numpy as np

from seqgrad.check.run import Call
from seqgrad.check.verdict import Finding
from seqgrad.check.words import PLACES

N_A, N_X = 60, 2
GATES = {"dzf": "dbf", "dzi": "dbi", "dzc": "dbc", "dzo": "dbo", "dc_prev": "dc_prev"}
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


def free_cache():
    """Return a cache whose entries have nothing to do with each other, and the two upstream gradients."""
    rng = np.random.default_rng(5)

    def values(low, high, signed):
        drawn = rng.uniform(low, high, (N_A, 1))
        return drawn * rng.choice([-1.0, 1.0], (N_A, 1)) if signed else drawn

    states = {name: values(0.2, 1.8, True) for name in ("c_next", "c_prev")}
    states |= {name: values(0.1, 0.95, True) for name in ("a_next", "a_prev", "cct")}
    states |= {name: values(0.05, 0.95, False) for name in ("ft", "it", "ot")}
    parameters = {"W" + gate: 0.3 * rng.standard_normal((N_A, N_A + N_X)) for gate in "fico"}
    parameters |= {"b" + gate: rng.standard_normal((N_A, 1)) for gate in "fico"}
    parameters |= {"Wy": rng.standard_normal((3, N_A)), "by": rng.standard_normal((3, 1))}
    xt = rng.standard_normal((N_X, 1))
    upstream = {name: values(0.2, 1.5, True) for name in ("da_next", "dc_next")}
    return states, xt, parameters, upstream


def probes():
    """Return two calls of `lstm_cell_backward`: the path through da_next alone, and that through dc_next."""
    states, xt, parameters, upstream = free_cache()
    order = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot")
    cache = (*(states[name] for name in order), xt, parameters)
    nothing = np.zeros((N_A, 1))
    return [Call((upstream["da_next"], nothing, cache)), Call((nothing, upstream["dc_next"], cache))]


def audit(results):
    """Return the findings of the probes, the gates first; empty if they cannot be read or all is right."""
    states, xt, parameters, upstream = free_cache()
    if any(not isinstance(result.value, dict) for result in results):
        return ()
    values, said = factors(states), {}
    for path, result in zip(("da_next", "dc_next"), results, strict=True):
        for name, output in GATES.items():
            mine = result.value.get(output)
            if not isinstance(mine, np.ndarray) or mine.shape != (N_A, 1):
                return ()
            said[name, path] = compared(name, path, mine[:, 0], values, upstream[path][:, 0])
    findings = in_common(said)
    for name in GATES:
        findings += in_sentences(name, [said[name, "da_next"], said[name, "dc_next"]])
    findings += inconsistent(states, xt, parameters, results)
    sure = "?" not in [kind for kind, _ in said.values()] and all(finding.exact for finding in findings)
    return tuple(Finding(one.subject, one.kind, one.sentence, sure) for one in findings)


def in_common(said):
    """Return the finding on the cell state's gradient, which feeds four others, and take it out of `said`."""
    fed = [name for name in GATES if name != "dzo"]
    kinds = {said[name, "da_next"] for name in fed}
    if len(kinds) > 1 or not all(words for _, words in kinds):
        return []
    ((kind, words),) = kinds
    for name in fed:
        said[name, "da_next"] = ("", "")
    subject, phrase = PLACES["dc"]
    return [
        Finding(
            subject, kind, f"On the path through `da_next`, {phrase[0].lower()}{phrase[1:]} {words}.", True
        )
    ]


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


def in_sentences(name, said):
    """Return the findings on one gate from what was said of its two paths: one if both say the same."""
    subject, phrase = PLACES.get(name, (name, f"`{name}`"))
    (kind, words), (other_kind, other_words) = said
    if (kind, words) == (other_kind, other_words) and words:
        return [Finding(subject, kind, f"{phrase} {words}.", True)]
    found = []
    for path, (kind, words) in zip(("da_next", "dc_next"), said, strict=True):
        if kind == "?":
            sentence = f"{phrase} is wrong on the path through `{path}`."
            found.append(Finding(subject, "unknown", sentence))
        elif "through" in words or (words and name == "dzo"):
            found.append(Finding(subject, kind, f"{phrase} {words}.", True))
        elif words:
            sentence = f"On the path through `{path}`, {phrase[0].lower()}{phrase[1:]} {words}."
            found.append(Finding(subject, kind, sentence, True))
    return found


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
