"""How known mistakes are judged, and right functions that are written otherwise, exercise by exercise.

mistakes, variants  ->  verdicts  ->  a row for each exercise
"""

from collections import Counter, defaultdict

HEADING = ("mistakes", "found", "placed", "exact", "variants", "accused")


def judge_known():
    """Print a row for each exercise; return whether all mistakes are placed, and nobody accused wrongly."""
    rows = defaultdict(Counter)
    count_mistakes(rows)
    count_variants(rows)
    print(f"{'known mistakes, right variants':46}" + "".join(f"{word:>9}" for word in HEADING))
    for name, row in rows.items():
        print_row(name, row)
    total = sum(rows.values(), Counter())
    print_row("all", total)
    met = total["mistakes"] == total["placed"] and not total["accused"]
    print("  goals: every mistake is found and placed, and no right function is accused\n")
    return met


def count_mistakes(rows):
    """Count in the row of each exercise the known mistakes in it, and what a check says of them."""
    from seqgrad.check import check as judge
    from tests.learners import mistakes
    from tools.bar import follow

    for identity, (name, *_) in follow(mistakes.MISTAKES.items(), desc="mistakes", leave=False):
        verdict = judge(mistakes.load(identity))
        found = verdict.outcome in ("wrong", "raised")
        exact = bool(verdict.findings) and verdict.outcome == "wrong" and verdict.findings[0].exact
        placed = found and mistakes.is_placed(identity, verdict)
        rows[name] += Counter(mistakes=1, found=found, placed=placed, exact=exact)


def count_variants(rows):
    """Count in the row of each exercise the right functions, and those that are accused of something."""
    from seqgrad.check import check as judge
    from tests.learners import variants
    from tools.bar import follow

    for identity in follow(variants.list_variants(), desc="variants", leave=False):
        function, name = variants.load(identity)
        verdict = judge(function, name)
        accused = (verdict.outcome, verdict.culprit, verdict.findings) != ("passed", "", ())
        rows[name] += Counter(variants=1, accused=accused)


def print_row(name, row):
    """Print a line of the table."""
    print(f"  {name:44}" + "".join(f"{row[word]:9}" for word in HEADING))
