"""Up to three steps from a nudge to the cause, for a finding.

    finding, outputs, what is known beyond what was measured  ->  a nudge, where to look, the cause

Where no cause is known, the last step is how to find it.  An error names its line, and what was left behind
says it all; there the first two steps are enough.
"""

import re

LOOK = {
    "missing factor": "a factor, a division or a function that should be applied is missing.",
    "extra factor": "one of its factors does not belong there.",
    "wrong factor": "one factor in it, or one operation, is not the right one.",
    "missing term": "something that should be added is missing.",
    "extra term": "something is added that does not belong there.",
    "sign": "check every plus and minus.",
    "transposed": "check each transpose; the shapes alone may not show which way round a matrix has to be.",
    "wrong axis": "check along which axis each sum, mean or maximum is taken.",
    "wrong order": "check the order of arguments, parts and steps.",
    "wrong source": "check where each value in it comes from.",
    "missing bias": "check that each sum has all of its terms.",
    "not carried": "follow what one step hands to the next.",
    "wrong step": "check which time step each index means.",
    "overwritten": "does a later line write into an array that is still needed?",
    "aliased": "do two names stand for the same array?",
    "argument changed": "which of your lines write into an array that was given to you?",
    "state kept between calls": "what does a second call find that the first one did not?",
    "shape": "print the shapes after each line that leads to it.",
    "dtype": "print the dtypes after each line that leads to it.",
    "not finite": "which line gives the first nan or inf?",
    "unstable": "which numbers become too large, or so small that others swallow them?",
    "unknown": "which of your lines lead to it?",
}
FIND = {
    "shape": "The docstring gives the shape of each result; follow the shapes from the arguments to there.",
    "dtype": "Integers come from `dtype=int`, or from arrays that are made of whole numbers.",
    "not finite": "Print the largest and the smallest value after each line.",
}
ASK = {
    "KeyError": "which keys are there? Print them.",
    "NameError": "is the name written as where it gets its value?",
    "UnboundLocalError": "which line before it should give the name its value?",
    "MemoryError": "which shapes do you ask for? Print them.",
}
ASK_SHAPES = "print each value in it, with its shape, before the line. Which one surprises you?"
BY_HAND = "Choose arguments so small that you can work out each line on paper, and compare line by line."
SIDE = ("argument changed", "state kept between calls", "aliased")


def make_hints(finding, outputs, causes=None, exercise=None, label="", error=None):
    """Return a nudge, where to look, and the cause, or how to find it.

    `causes` are the sentences beyond what was measured, by default that of the finding; `label` opens a
    sentence about the only calls that fail, `error` is what was raised.
    """
    causes = (finding.sentence,) if causes is None else causes
    if error:
        back = "Go back from there: which line gave that value, and is it what you meant?"
        return nudge_at_line(error), back, *[" ".join(causes)] * bool(causes)
    name = getattr(exercise, "name", "the function")
    nudge = give_nudge(name, outputs, label, finding.kind)
    subject = name_subject(finding.subject, outputs, exercise)
    where = f"Look at {subject}: {LOOK.get(finding.kind, LOOK['unknown'])}"
    if not causes and finding.kind in SIDE:
        return nudge, where
    by_hand = getattr(exercise, "by_hand", "") if not label else ""
    return nudge, where, " ".join(causes) or FIND.get(finding.kind) or by_hand or BY_HAND


def nudge_at_line(error):
    """Return the question about the line at which an error was raised."""
    if error.kind in ("OutOfTime", "OutOfClock", "RecursionError"):
        return "What has to become true for it to end, and when does it become true?"
    if not error.line:
        return "Read the message: which of your values is not what you think?"
    place = f"line {error.line}, `{error.code}`" if error.code else f"line {error.line}"
    return f"Stay at {place}: {ASK.get(error.kind, ASK_SHAPES)}"


def give_nudge(name, outputs, label, kind):
    """Return the question about which results are wrong, and in which calls."""
    wrong = [f"`{output.name}`" for output in outputs if not output.right]
    right = [f"`{output.name}`" for output in outputs if output.right and not output.name.endswith(".shape")]
    if not wrong:
        return "The values are right. What else does the function change, or keep?"
    if label:
        return f"The typical call is right. What is different {label[:1].lower()}{label[1:].rstrip(', ')}?"
    if right:
        alone = f"goes into {wrong[0]} and into nothing else"
        ask = "do only the wrong ones share" if len(wrong) > 1 else alone
        return f"Wrong: {', '.join(wrong)}. Right: {', '.join(right)}. What {ask}?"
    if len(wrong) > 1:
        return f"All results are wrong ({', '.join(wrong)}). What do all of them depend on?"
    return f"Print what each line of `{name}` gives. Which is the first value that surprises you?"


def name_subject(subject, outputs, exercise):
    """Return what is wrong as a part of a sentence: code between backquotes, or words with an article."""
    known = {re.split(r"[\[.]", output.name)[0] for output in outputs}
    for names in ("arguments", "names", "parts"):
        known |= set(getattr(exercise, names, ()))
    parts, phrases = subject.split(", "), dict(getattr(exercise, "words", {}).values())
    if subject not in known and subject in phrases and "`" not in phrases[subject]:
        phrase = phrases[subject].rstrip(",")
        return phrase[:1].lower() + phrase[1:]
    if subject.startswith("the "):
        return subject
    if all(re.split(r"[\[.]", part)[0] in known or re.search(r"[\d_\[]", part) for part in parts):
        return ", ".join(f"`{part}`" for part in parts)
    return f"the {subject}"
