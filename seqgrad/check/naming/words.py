"""A cause in words that a learner knows: no name in it that only the reference has."""

import re
from dataclasses import replace

OURS = {"steps": "caches", "hidden_states": "a", "states": "a", "cell_states": "c"}
OURS |= {"v_new": "v", "s_new": "s", "parameters_new": "parameters"}  # where a learner keeps the same
OTHERS = re.compile(r"^(`\w+`) (?:has|holds) (`\w+`) where (?:it should have )?\1(?: belongs)?\.$")
BEFORE = re.compile(r", before `([^`]+)`\.$")


def put_plainly(finding, exercise):
    """Return a finding in whose sentence the reference's own names have become a learner's, or words."""

    def rewrite(match):
        code = match[1]
        if phrase := find_phrase(code, exercise):
            return phrase
        times = re.fullmatch(r"(.+) @ (\w+)", code)
        if times and (phrase := find_phrase(times[2], exercise)):
            return f"`{times[1]}` @ {phrase}"
        return f"`{re.sub('[A-Za-z_]+', lambda name: OURS.get(name[0], name[0]), code)}`"

    sentence, last = finding.sentence, BEFORE.search(finding.sentence)
    if last and any(find_phrase(name, exercise) for name in re.findall(r"\w+", last[1])):
        sentence = BEFORE.sub(".", sentence)
    sentence = re.sub("`([^`]+)`", rewrite, sentence)
    return replace(finding, sentence=OTHERS.sub(r"\1 holds what belongs in \2.", sentence))


def join_words(words):
    """Return words as a part of a sentence: one, one and two, one, two and three."""
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


def find_phrase(name, exercise):
    """Return words for a name that only the reference has; empty for one that a learner knows."""
    subject, phrase = exercise.words.get(name, (name, ""))
    if (
        name in (*OURS, *exercise.arguments, *exercise.names, *exercise.parts)
        or subject == name
        or "`" in phrase
    ):
        return ""
    return phrase[:1].lower() + phrase[1:].rstrip(",")
