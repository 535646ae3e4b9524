"""How printed lines are judged that come through forums, mails, tables and consoles.

pastes of known mistakes and of right numbers  ->  verdicts  ->  figures
"""

import time

LIMIT = 3.5  # seconds of computing for one paste: three to search, and what comes before and after


def judge_pastes():
    """Print how many pastes are read and explained; return whether it is enough, and nothing of it false."""
    from seqgrad.check import read_printout
    from tests.learners import pastes

    made = pastes.list_pastes()
    wrong, counts, slowest = sum(bool(paste.culprit) for paste in made), {}, 0.0
    for paste in made:
        began = time.process_time()
        outcome = pastes.compare(paste, read_printout(paste.text))
        slowest = max(slowest, time.process_time() - began)
        for word in outcome:
            counts[word] = counts.get(word, 0) + 1
    culprit, exact, several = (counts.get(word, 0) for word in ("culprit", "exact", "several"))
    false, missed = counts.get("false", 0), counts.get("missed", 0)
    print(
        f"{'printed lines':32} {len(made)} pastes in {len(pastes.DRESSINGS)} dressings, {wrong} of them wrong"
    )
    print(f"  right culprit {culprit} of {wrong} (goal 98 %), exact cause {exact}, one of several {several}")
    print(f"  right numbers not called right {missed} (goal 0), false causes {false} (goal 0)")
    print(f"  slowest {slowest:.1f} s (goal {LIMIT})\n")
    return (
        culprit >= 0.98 * wrong
        and exact + several >= 0.95 * wrong
        and not (false or missed)
        and slowest < LIMIT
    )
