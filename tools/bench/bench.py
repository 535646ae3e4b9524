"""Measure: what a check finds and how fast, `seqgrad.fused`, and how safe and fast `grade` is; `release`."""

import argparse
import random
import statistics
import time

EXAMPLE = "example: python3 -m tools bench check --sample 50"


def main(arguments):
    """Print the figures of the parts that are asked for; return 0 if every goal is met."""
    parser = argparse.ArgumentParser(prog="python3 -m tools bench", description=__doc__, epilog=EXAMPLE)
    listed = ", ".join(PARTS)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"what to measure: {listed}; without it, all"
    )
    parser.add_argument(
        "--sample",
        type=int,
        metavar="N",
        help="at most N edits of each function, submissions of each set, students of a release",
    )
    parser.add_argument("--figure", metavar="FILE", help="where to draw the speed of fused, as .svg or .png")
    parser.add_argument("--rounds", type=int, default=9, help="turns in which fused is timed (%(default)s)")
    parser.add_argument(
        "--soak",
        type=int,
        metavar="N",
        help="grade a class of N, killed twice on the way, and nothing else of grade",
    )
    options = parser.parse_args(arguments)
    if unknown := [part for part in options.parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]!r}; there is {listed}")
    met = all([PARTS[part](options) for part in options.parts or PARTS])
    print("Every goal is met. Next: commit." if met else "A goal is missed. Next: see above which one it is.")
    return 0 if met else 1


def check(options):
    """Print times of checks, how edits and known mistakes of each function are judged, and pasted lines."""
    from tools.bench import known, pastes

    return all([time_checks(), judge_edits(options.sample), known.judge_known(), pastes.judge_pastes()])


def fused(options):
    """Print how fast `seqgrad.fused` is."""
    from tools.bench import fused as bench_fused

    return bench_fused.main(options)


def release(options):
    """Print how fast a class of thousands is given its numbers, and how many bytes that is for each."""
    from tools.bench import release as bench_release

    return bench_release.main(options)


def grade(options):
    """Print what hostile submissions get, how fast `grade` is, and how its sandboxes differ; or a soak."""
    from tools.bench import boxes, soak
    from tools.bench import grade as bench_grade

    if options.soak:
        return soak.main(options.soak)
    return all([bench_grade.main(), boxes.main(options.sample)])


def time_checks():
    """Print how long a passing check of each exercise takes; return whether the slowest is fast enough."""
    from seqgrad.check import check as judge
    from seqgrad.check.exercises import list_exercises

    print(f"{'a check that passes':40} seconds")
    slowest = 0.0
    for exercise in list_exercises():
        judge(exercise.function)
        seconds = min(time_call(judge, exercise.function)[1] for _ in range(3))
        slowest = max(slowest, seconds)
        print(f"  {exercise.name:38} {seconds:.3f}")
    print(f"  {'slowest':38} {slowest:.3f}   goal 0.150\n")
    return slowest <= 0.15


def judge_edits(sample):
    """Print how many wrong edits are found, placed and named, and how fast; return whether it is enough."""
    from seqgrad.check import check as judge
    from tests.learners import edits as make
    from tools.bar import follow

    heading = ("edits", "wrong", "found", "placed", "exact", "raised", "mean s", "max s")
    print(f"{'one-token edits':40}" + "".join(f"{word:>8}" for word in heading))
    total, times = [0] * 6, []
    for name in make.FUNCTIONS:
        chosen = list(make.edits(name))
        if sample and len(chosen) > sample:
            chosen = sorted(random.Random(0).sample(chosen, sample), key=lambda edit: edit.line)
        wrong = [edit for edit in follow(chosen, desc=name, leave=False) if make.changes_result(edit)]
        verdicts, seconds = [], []
        for edit in follow(wrong, desc=name, leave=False):
            verdict, spent = time_call(judge, make.load(edit))
            verdicts.append(verdict)
            seconds.append(spent)
        found = [verdict.outcome in ("wrong", "raised") for verdict in verdicts]
        placed = [
            make.placed(edit, verdict) for edit, verdict, ok in zip(wrong, verdicts, found, strict=True) if ok
        ]
        exact = [
            verdict.findings[0].exact and verdict.outcome == "wrong"
            for verdict in verdicts
            if verdict.findings
        ]
        raised = [verdict.outcome == "raised" for verdict in verdicts]
        row = [len(chosen), len(wrong), sum(found), sum(placed), sum(exact), sum(raised)]
        print_row(name, row, seconds)
        total = [one + other for one, other in zip(total, row, strict=True)]
        times += seconds
    print_row("all", total, times)
    _, wrong, found, placed, exact, raised = total
    numbers = found - raised
    print(
        f"  found {found / wrong:.2%} (goal 100 %), placed {placed / wrong:.2%} (goal 98 %), "
        f"of wrong numbers named exactly {exact / numbers:.2%} (goal 90 %)\n"
    )
    return found == wrong and placed >= 0.98 * wrong and exact >= 0.9 * numbers


def print_row(name, row, seconds):
    """Print a line of the table."""
    times = (statistics.mean(seconds), max(seconds)) if seconds else (0.0, 0.0)
    print(
        f"  {name:38}"
        + "".join(f"{number:8}" for number in row)
        + "".join(f"{spent:8.2f}" for spent in times)
    )


def time_call(function, *arguments):
    """Return what a function returns, and the seconds that it took."""
    start = time.perf_counter()
    value = function(*arguments)
    return value, time.perf_counter() - start


# Each part prints its figures and returns whether its goals are met.
PARTS = {"check": check, "fused": fused, "release": release, "grade": grade}
