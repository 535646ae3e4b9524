"""In a release: from wrong numbers to their cause, by the sentences that lie under lock.

    a learner's function, its results of the calls without salt  ->  findings

Each slip was made beforehand, and what it does to each output is a key.  A slip is
stated if its keys open for all outputs that are wrong, and it changes no other; two or
three together, if each output opens to one of them.
"""

import functools
import itertools
from pathlib import Path

from seqgrad.check.equality import FLOAT32, ROUNDING, close
from seqgrad.check.exercises import cases
from seqgrad.check.judging.judge import agree
from seqgrad.check.judging.values import merged, misnamed, most_telling, parts, precise
from seqgrad.check.probing import gates
from seqgrad.check.probing.probes import probed
from seqgrad.check.released.fingerprint import fingerprint
from seqgrad.check.released.locks import opened
from seqgrad.check.released.stand_in import MOST
from seqgrad.check.running import wire
from seqgrad.check.verdict import Finding

LOCKS = Path(__file__).parents[2] / "data" / "locks.bin"


@functools.cache
def tables():
    """Return the locks of each exercise."""
    return wire.decode(LOCKS.read_bytes(), MOST) if LOCKS.exists() else {}


def causes(learner, results):
    """Return the findings that explain wrong numbers; empty if none can be stated."""
    exercise = learner.exercise
    calls, expected = cases.calls(exercise), cases.answers(exercise)
    if exercise not in tables() or agree(exercise, calls, results, expected):
        return ()
    pairs = list(zip(results, expected, strict=True))
    slack = ROUNDING if precise(pairs) else FLOAT32
    stage = most_telling(calls, pairs, slack)
    if stage is None:
        return ()
    if finding := misnamed(parts(results[stage].value), parts(expected[stage].value), slack):
        return (finding,)
    wrong = {str(name): key for name, key in keys(calls, results, expected, slack).items()}
    fitting = opening(exercise, wrong)
    likely = [entry for entry in fitting if entry["tier"] < 2]
    if found := single(likely, set(wrong)):
        return found
    place = probed(learner, results, audit)
    if place and all(finding.exact for finding in place):
        return place
    return (
        together(likely, set(wrong)) or single(fitting, set(wrong)) or together(fitting, set(wrong)) or place
    )


def opening(exercise, wrong):
    """Return the slips all of whose outputs are wrong and open to them, the likeliest first."""
    opens = {}
    for name, key in wrong.items():
        for entry in opened(tables()[exercise], key):
            opens.setdefault(str(entry), (entry, set()))[1].add(name)
    fitting = [entry for entry, names in opens.values() if names == set(entry["changes"])]
    return sorted(fitting, key=lambda entry: entry["rank"])


def single(fitting, wrong):
    """Return the finding of the likeliest slip that alone changes what is wrong."""
    return next((stated([entry]) for entry in fitting if set(entry["changes"]) == wrong), ())


def together(fitting, wrong):
    """Return the findings of slips that change each wrong output once, one of them each."""
    greedy, seen = [], set()
    for entry in sorted(fitting, key=lambda entry: -len(entry["changes"])):
        if not seen & set(entry["changes"]):
            greedy.append(entry)
            seen |= set(entry["changes"])
    few = fitting[:24]
    for chosen in [greedy, *itertools.combinations(few, 2), *itertools.combinations(few, 3)]:
        changes = [name for entry in chosen for name in entry["changes"]]
        if len(changes) == len(set(changes)) and set(changes) == wrong:
            return stated(sorted(chosen, key=lambda entry: entry["place"]))
    return ()


def stated(entries):
    """Return the findings of slips, those made one that say the same."""
    return merged([Finding(*entry["finding"]) for entry in entries])


def keys(calls, results, expected, slack=ROUNDING):
    """Return for each output that is wrong in some call the key that its values in all calls are."""
    values, wrong = {}, []
    for call, result, answer in zip(calls, results, expected, strict=True):
        if call.finite:
            continue
        right = parts(answer.value)
        mine = {} if result.error else parts(result.value)
        for name, value in right.items():
            values.setdefault(name, ([], []))
            values[name][0].append("error" if result.error else mine.get(name))
            values[name][1].append(value)
            if not result.error and not close(value, mine.get(name), slack) and name not in wrong:
                wrong.append(name)
    return {name: fingerprint([str(name), values[name][0]], [None, values[name][1]]) for name in wrong}


def audit(results):
    """Return the findings of the gate audit's probes, each product by the key that its numbers are."""
    if (mine := gates.gradients(results)) is None:
        return ()
    said = {}
    for (name, path), gradient in mine.items():
        found = opened(tables()["gates"], fingerprint([name, path, gradient]))
        said[name, path] = tuple(found[0]) if found else ("?", "")
    sure = "?" not in [kind for kind, _ in said.values()]
    return tuple(Finding(one.subject, one.kind, one.sentence, sure) for one in gates.findings(said))
