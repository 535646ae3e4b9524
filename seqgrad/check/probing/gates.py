"""What a gate audit asks, and what it says: the gates' gradients, one path at a time.

With one example (m = 1) the bias gradients of `lstm_cell_backward` *are* the gradients
at the gates' pre-activations, one number for each hidden unit.  The cache is drawn
freely, sixty units with sixty different values of everything, and the two paths, through
da_next and through dc_next, are had one at a time, by setting the other gradient to zero.

    probes()  ->  results  ->  gradients  ->  what is said of each  ->  findings
"""

import numpy as np

from seqgrad.check.exercises.words import PLACES
from seqgrad.check.running.data import Call
from seqgrad.check.verdict import Finding

N_A, N_X = 60, 2
GATES = {"dzf": "dbf", "dzi": "dbi", "dzc": "dbc", "dzo": "dbo", "dc_prev": "dc_prev"}


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


def gradients(results):
    """Return each gate's gradient along each path, {(name, path): (N_A,)}, or None if they cannot be read."""
    found = {}
    for path, result in zip(("da_next", "dc_next"), results, strict=True):
        for name, output in GATES.items():
            mine = result.value.get(output) if isinstance(result.value, dict) else None
            if not isinstance(mine, np.ndarray) or mine.shape != (N_A, 1):
                return None
            found[name, path] = mine[:, 0]
    return found


def findings(said):
    """Return the findings of what was said, (kind, words) for each gate and path; "" where it is right."""
    said = dict(said)
    found = in_common(said)
    for name in GATES:
        found += in_sentences(name, [said[name, "da_next"], said[name, "dc_next"]])
    return found


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
