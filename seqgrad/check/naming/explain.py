"""Why printed numbers are wrong: the mistakes that give every printed digit, or what is known without them.

passage  ->  patterns  ->  one mistake  ->  two mistakes  ->  what is right, and what to print next
"""

import warnings
from dataclasses import replace

import numpy as np

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.naming.candidates import (
    list_involved,
    list_known,
    list_known_pairs,
    list_pairs,
    list_partial,
    list_single,
    run_candidate,
)
from seqgrad.check.naming.first_step import FirstStep
from seqgrad.check.naming.passages import is_print, pick_right
from seqgrad.check.naming.patterns import (
    CLEAR,
    count_digits,
    find_exchange,
    find_plain_pattern,
    find_ratio,
    join,
)
from seqgrad.check.naming.recipe import Loop, read_reference
from seqgrad.check.naming.slips import make_slips
from seqgrad.check.naming.words import join_words
from seqgrad.check.running.limit import thread_time
from seqgrad.check.verdict import Finding

RIVALS = 0.5  # seconds in which the same numbers are looked for in another function


def explain(passage, right, until):
    """Return the culprit and the findings; functions that are `right` elsewhere in it are no culprits."""
    exercise, wrong = passage.exercise, passage.wrong
    shapes = [field for field in wrong if field.of]
    if shapes and len(shapes) == len(wrong):
        return exercise, (explain_shape(shapes[0], passage),)
    values = [field for field in wrong if not field.of]
    if plain := find_plain_pattern(exercise, values):
        known = find_known(passage, right) if plain.kind == "unknown" else None
        if known and len(known) == 1 and known[0].findings[0].exact and len(values) < len(passage.mine):
            return known[0].culprit, known[0].findings
        return exercise, (plain,)
    if count_digits(values) < CLEAR:
        sentence = f"{join(values)} {'have' if len(values) > 1 else 'has'} too few digits to tell the cause."
        return exercise, (Finding(values[0].name, "unknown", sentence),)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = search(passage, right, until)
    if found:
        return found
    pattern = find_ratio(exercise, values, passage.right) or find_exchange(values, passage.right)
    if pattern:
        return exercise, (pattern,)
    return exercise, (tell_what_is_known(passage, right),)


def explain_shape(field, passage):
    """Return the finding on a shape: an axis that a sum has dropped, or the shape that is expected."""
    mine = ",".join(field.numbers)
    expected = ",".join(str(int(size)) for size in np.ravel(pick_right(field, passage.right)))
    if field.of == "shape" and f"{mine},1" == expected:
        sentence = f"`{field.label}` lacks its last axis: sum over the examples with keepdims=True."
        return Finding(field.name, "shape", sentence)
    return Finding(field.name, "shape", f"`{field.label}` is not what is expected.")


def find_known(passage, right):
    """Return the known mistakes that give every printed digit, without those that hold another one."""
    known = [one for one in list_known(passage.exercise, right) if gives(passage, one) is True]
    known = list({(one.culprit, one.findings): one for one in reversed(known)}.values())[::-1]
    return [
        one
        for one in known
        if not any(other.changes < one.changes for other in known if other.culprit is one.culprit)
    ]


def search(passage, right, until):
    """Return the culprit and the findings of mistakes that give every printed digit; None if there are none.

    If several known mistakes give the same digits all of them are named, none as a fact.
    """
    exercise = passage.exercise
    known = find_known(passage, right)
    if len(known) == 1:
        return known[0].culprit, known[0].findings
    if known:
        told = dict.fromkeys(one.findings[0].sentence for one in known)
        first = known[0].findings[0]
        sentence = "Several mistakes give these digits. " + " Or: ".join(told)
        return known[0].culprit, (Finding(first.subject, first.kind, sentence),)
    values = [field for field in passage.wrong if not field.of]
    plain = find_ratio(exercise, values, passage.right)
    if plain and plain.exact:
        return exercise, (plain,)
    clock = Clock(until, passage)
    early = clock.first.list_wrong()
    cell = clock.first.cell if early else None
    singles = list_single(exercise, [field.name for field in values], right, first=cell, early=early)
    tried = []
    if found := clock.try_all(singles, 0.45, tried):
        return found.culprit, (find_rival(passage, found, right) or found.findings[0],)
    wrong = {field.name for field in values}
    fine = {field.name for field in passage.mine if not field.of} - wrong
    if fine:
        clock.try_all(list_partial(exercise, wrong, fine, right), 0.6, tried)
    pairs = list_pairs(*zip(*tried, strict=True), {one.label for one in values}) if tried else ()
    for several, share in ((pairs, 0.75), (list_known_pairs(exercise, right), 0.95)):
        if found := clock.try_all(several, share, []):
            return found.culprit, name_both(found)
    if found := clock.try_all(singles, 1.0, tried):
        return found.culprit, (find_rival(passage, found, right) or found.findings[0],)
    return None


class Clock:
    """The time that is left for a search, of which each part of it takes up to some share."""

    def __init__(self, until, passage):
        self.begun, self.until, self.passage = thread_time(), until, passage
        self.first = FirstStep(passage)
        self.alone = len(passage.wrong) == sum(not field.of for field in passage.mine)

    def try_all(self, candidates, share, tried):
        """Return the first candidate that gives every printed digit, while its share of the time lasts.

        Those that give some of what is wrong are added to `tried`, with the labels that they give.
        """
        enough = self.begun + share * (self.until - self.begun)
        for candidate in candidates:
            allowed = not self.alone or self.first.allows(candidate)
            got = gives(self.passage, candidate) if allowed else set()
            if got is True:
                return candidate
            if got:
                tried.append((candidate, got))
            if thread_time() > enough:
                break
        return None


def find_rival(passage, candidate, right):
    """Return the finding that also names a mistake in another function with the same digits, if any."""
    until = thread_time() + RIVALS
    names = [field.name for field in passage.wrong]
    near = {passage.exercise, *passage.exercise.helpers}
    if candidate.culprit not in near:
        return None
    others = [one for one in list_involved(passage.exercise) if one not in near]
    for other in list_single(passage.exercise, names, [*right, *others, candidate.culprit], (make_slips,)):
        if gives(passage, other) is True:
            (first,), (second,) = candidate.findings, other.findings
            sentence = (
                f"Two mistakes give these digits, in `{candidate.culprit.name}`: {first.sentence} "
                f"Or in `{other.culprit.name}`: {second.sentence} What its own test cell prints tells which."
            )
            return Finding(first.subject, first.kind, sentence)
        if thread_time() > until:
            break
    return None


def gives(passage, candidate):
    """Return True if a mistake gives every printed digit, else the labels of wrong fields that it gives."""
    try:
        outputs = run_candidate(passage.exercise, candidate)
    except Exception:
        return set()  # it prints nothing
    met = {field.label for field in passage.mine if is_print(field, outputs)}
    wrong = {field.label for field in passage.wrong}
    return True if len(met) == len({field.label for field in passage.mine}) else met & wrong


def name_both(pair):
    """Return the findings of two mistakes, each with its function if they are not in the same one."""
    names = [f" in `{one.name}`" for one in sorted(pair.parts, key=lambda one: len(one.stands_on))]
    places = names if len(names) == 2 else ["", ""]
    first, second = pair.findings
    return (
        replace(first, sentence=f"Two mistakes together give these digits. One{places[0]}: {first.sentence}"),
        replace(second, sentence=f"The other{places[1]}: {second.sentence}"),
    )


def tell_what_is_known(passage, right):
    """Return the finding where no cause is known: what is wrong and right, and what to print next."""
    exercise: Exercise = passage.exercise
    fine = [field for field in passage.mine if not field.of and passage.is_right(field)]
    vague = passage.list_vague()
    sure = [field for field in fine if field not in vague]
    sentence = f"Wrong: {', '.join(f'`{field.label}`' for field in passage.wrong)}."
    if fine:
        sentence += f" Right: {', '.join(f'`{field.label}`' for field in fine)}."
    sentence += " No known mistake gives these numbers."
    whole = {field.name for field in sure if field.name in exercise.names or exercise.forward}
    excluded, following = trace(exercise, whole, {one.name for one in passage.wrong})
    if excluded:
        sentence += f" What is right was computed from {join_words(excluded)}: not at fault."
    cells = [one for one in exercise.helpers if getattr(one, "test", None) and one not in right]
    if cells:
        sentence += f" Next, print the lines of `{cells[0].name}`: they tell whether the fault is in it."
    elif following:
        sentence += f" Next, print {following}, which only what is wrong depends on."
    elif excluded:
        sentence += " So look at the lines that compute what is wrong, and at no others."
    return Finding(passage.wrong[0].name, "unknown", sentence)


def trace(exercise, right, wrong):
    """Return what right outputs depend on, and the first thing that only wrong ones depend on, in words."""
    recipe = read_reference(exercise)
    names = exercise.names
    if any(isinstance(code, Loop) for code in recipe.codes):
        return [], ""  # a loop's steps reach all that it fills
    excluded, following = {}, ""
    for step, reached in zip(recipe.steps, recipe.reach, strict=True):
        outputs = {names[one] if isinstance(one, int) and one < len(names) else one for one in reached}
        target = getattr(getattr(step, "targets", [None])[0], "id", None)
        if target not in exercise.words or target in right | wrong:
            continue
        words = exercise.describe(target)[1].rstrip(",")
        words = words[0].lower() + words[1:] if not words.startswith("`") else words
        if outputs & right:
            excluded[words] = None
        elif outputs & wrong and not following:
            following = words
    return list(excluded), following
