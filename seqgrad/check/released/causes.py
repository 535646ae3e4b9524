"""In a release: from wrong numbers to their cause, by the sentences that lie under lock.

    trial, probes  ->  findings

Each slip was made beforehand, and what it does to each output is a key.  A slip is
stated if its keys open for all outputs that are wrong, and it changes no other; two or
three together, if each output opens to one of them.
"""

import functools
import itertools
from dataclasses import replace
from pathlib import Path

from seqgrad.check.equality import ROUNDING, close
from seqgrad.check.judging.judge import is_right
from seqgrad.check.judging.parts import (
    choose_call,
    choose_tolerance,
    find_constant,
    find_misnamed,
    merge_findings,
    name_parts,
)
from seqgrad.check.probing.gates import find_in_gates, read_gradients
from seqgrad.check.released.fingerprint import fingerprint
from seqgrad.check.released.locks import open_locks
from seqgrad.check.released.stand_in import MOST
from seqgrad.check.running import wire
from seqgrad.check.verdict import Finding

LOCKS = Path(__file__).parents[2] / "data" / "locks.bin"
LIKELY = 2  # the tiers below: known mistakes, and changes of the reference's own steps
COMBINED = 24  # slips that are tried together


@functools.cache
def read_locks():
    """Return the locks of the release, {"slips": {exercise: table}, "gates": {exercise: table}}."""
    return wire.decode(LOCKS.read_bytes(), MOST) if LOCKS.exists() else {"slips": {}, "gates": {}}


def find_causes(trial, probes):
    """Return the findings that explain wrong numbers; empty if none can be stated."""
    table = read_locks()["slips"].get(trial.exercise.name)
    if table is None or is_right(trial):
        return ()
    tolerance = choose_tolerance(trial)
    number = choose_call(trial, tolerance)
    if number is None:
        return ()
    mine, right = trial.results[number].value, trial.expected[number].value
    if finding := find_misnamed(name_parts(mine), name_parts(right), tolerance):
        return (finding,)
    keys = {str(name): key for name, key in make_keys(trial, tolerance).items()}
    wrong, fitting = set(keys), list_fitting(table, keys)
    likely = [entry for entry in fitting if entry["tier"] < LIKELY]
    if findings := find_single(likely, wrong):
        return findings
    place = probes.find_place(audit_gates)
    if place and all(finding.exact for finding in place):
        return place
    return (
        find_together(likely, wrong)
        or find_single(fitting, wrong)
        or find_together(fitting, wrong)
        or find_constant(trial, tolerance)
        or place
    )


def list_fitting(table, keys):
    """Return the slips all of whose outputs are wrong and open to them, the likeliest first."""
    opens = {}
    for name, key in keys.items():
        for entry in open_locks(table, key):
            opens.setdefault(str(entry), (entry, set()))[1].add(name)
    fitting = [entry for entry, names in opens.values() if names == set(entry["changes"])]
    return sorted(fitting, key=lambda entry: entry["rank"])


def find_single(fitting, wrong):
    """Return the finding of the likeliest slip that alone changes what is wrong."""
    return next((state_findings([entry]) for entry in fitting if set(entry["changes"]) == wrong), ())


def find_together(fitting, wrong):
    """Return the findings of slips that change each wrong output once, one of them each."""
    greedy, seen = [], set()
    for entry in sorted(fitting, key=lambda entry: -len(entry["changes"])):
        if not seen & set(entry["changes"]):
            greedy.append(entry)
            seen |= set(entry["changes"])
    few = fitting[:COMBINED]
    for chosen in [greedy, *itertools.combinations(few, 2), *itertools.combinations(few, 3)]:
        changes = [name for entry in chosen for name in entry["changes"]]
        if len(changes) == len(set(changes)) and set(changes) == wrong:
            return state_findings(sorted(chosen, key=lambda entry: entry["place"]))
    return ()


def state_findings(entries):
    """Return the findings of slips, those made one that say the same."""
    return merge_findings([Finding(*entry["finding"]) for entry in entries])


def make_keys(trial, tolerance=ROUNDING):
    """Return for each output that is wrong in some call the key that its values in all calls are."""
    values, wrong = {}, []
    for call, expected, result in trial.rows():
        if call.finite:
            continue
        mine = {} if result.error else name_parts(result.value)
        for name, right in name_parts(expected.value).items():
            values.setdefault(name, ([], []))
            values[name][0].append("error" if result.error else mine.get(name))
            values[name][1].append(right)
            if name not in wrong and not result.error and not close(right, mine.get(name), tolerance):
                wrong.append(name)
    return {name: fingerprint([str(name), values[name][0]], [None, values[name][1]]) for name in wrong}


def audit_gates(exercise, results):
    """Return the findings of the gate audit's probes, each product by the key that its numbers are."""
    gradients = read_gradients(exercise, results)
    if gradients is None:
        return ()
    table, said = read_locks()["gates"][exercise.name], {}
    for (name, path), gradient in gradients.items():
        found = open_locks(table, fingerprint([name, path, gradient]))
        said[name, path] = tuple(found[0]) if found else ("?", "")
    sure = "?" not in [kind for kind, _ in said.values()]
    return tuple(replace(finding, exact=sure) for finding in find_in_gates(exercise, said))
