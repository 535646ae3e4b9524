"""What a gate audit asks, and what it says: the gates' gradients, one path at a time.

With one example (m = 1) the bias gradients of a step back *are* the gradients at the
gates' pre-activations, one number for each hidden unit.  The cache is drawn freely, many
units with different values of everything, and the paths, one through each gradient that
arrives, are had one at a time, by setting the others to zero.

    exercise  ->  calls  ->  results  ->  gradients  ->  what is said of each  ->  findings
"""

import numpy as np

from seqgrad.check.running.data import Call
from seqgrad.check.verdict import Finding


def make_probes(exercise):
    """Return a call for each path: the gradients that arrive by the others are zero."""
    paths, drawn = exercise.gates.paths, exercise.gates.draw()
    cache = tuple(drawn[name] for name in exercise.parts)
    nothing = {path: np.zeros_like(drawn[path]) for path in paths}
    return [Call((*(nothing | {path: drawn[path]}).values(), cache)) for path in paths]


def read_gradients(exercise, results):
    """Return each gate's gradient along each path, {(name, path): (n_a,)}, or None if they cannot be read."""
    gradients = {}
    for call, path, result in zip(make_probes(exercise), exercise.gates.paths, results, strict=True):
        for name, output in exercise.gates.gradients.items():
            mine = result.value.get(output) if isinstance(result.value, dict) else None
            if not isinstance(mine, np.ndarray) or mine.shape != call.arguments[0].shape:
                return None
            gradients[name, path] = mine[:, 0]
    return gradients


def find_in_gates(exercise, said):
    """Return the findings of what was said, (kind, words) for each gate and path; "" where it is right."""
    findings, said = find_in_common(exercise, dict(said))
    for name in exercise.gates.gradients:
        findings += find_in_gate(exercise, name, [said[name, path] for path in exercise.gates.paths])
    return findings


def find_in_common(exercise, said):
    """Return the finding on the gradient that feeds several others, and what is left to say of each."""
    gates, (path, *_) = exercise.gates, exercise.gates.paths
    kinds = {said[name, path] for name in gates.fed}
    if len(kinds) > 1 or not all(words for _, words in kinds):
        return [], said
    ((kind, words),) = kinds
    subject, phrase = exercise.describe(gates.shared)
    sentence = f"On the path through `{path}`, {phrase[0].lower()}{phrase[1:]} {words}."
    return [Finding(subject, kind, sentence, True)], said | {(name, path): ("", "") for name in gates.fed}


def find_in_gate(exercise, name, said):
    """Return the findings on one gate from what was said of its paths: one if all say the same."""
    subject, phrase = exercise.describe(name)
    (kind, words), *others = said
    if words and all(other == (kind, words) for other in others):
        return [Finding(subject, kind, f"{phrase} {words}.", True)]
    findings = []
    for path, (kind, words) in zip(exercise.gates.paths, said, strict=True):
        if kind == "?":
            sentence = f"{phrase} is wrong on the path through `{path}`."
            findings.append(Finding(subject, "unknown", sentence))
        elif "through" in words or (words and name not in exercise.gates.fed):
            findings.append(Finding(subject, kind, f"{phrase} {words}.", True))
        elif words:
            sentence = f"On the path through `{path}`, {phrase[0].lower()}{phrase[1:]} {words}."
            findings.append(Finding(subject, kind, sentence, True))
    return findings
