"""A cause in words that a learner knows: no name in it that only the reference has."""

import re
from dataclasses import replace

OURS = {"steps": "caches", "hidden_states": "a", "states": "a", "cell_states": "c"}
OURS |= {"v_new": "v", "s_new": "s", "parameters_new": "parameters"}  # where a learner keeps the same


def put_plainly(finding, exercise):
    """Return a finding in whose sentence the reference's own names have become a learner's, or words."""
    known = {*OURS, *exercise.arguments, *exercise.names, *exercise.parts}

    def rewrite(match):
        code = match[1]
        subject, phrase = exercise.words.get(code, (code, ""))
        if code not in known and subject != code and phrase and "`" not in phrase:
            return phrase[:1].lower() + phrase[1:].rstrip(",")
        return f"`{re.sub('[A-Za-z_]+', lambda name: OURS.get(name[0], name[0]), code)}`"

    return replace(finding, sentence=re.sub("`([^`]+)`", rewrite, finding.sentence))
