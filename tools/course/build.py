"""Write the exercises and the solutions from notebooks/source."""

from tools import verb_parser
from tools.course.option import add_course, say_course

DESCRIPTION = """\
Write notebooks/exercises and notebooks/solutions from notebooks/source and seqgrad, each chapter as a
pair of an .ipynb and a .py file. Only what is out of date is written. An exercise that somebody has
worked in is never overwritten; a solution keeps its stored outputs as long as its code stays the same."""

EXAMPLE = """\
example:
  python3 -m tools build
  python3 -m tools build --check       write nothing; fail with the names of files that are out of date
  python3 -m tools build --fresh 03    begin the exercises of chapter 03 anew, and keep yours beside them"""


def main(arguments):
    """Build, or check what was built; return the exit code."""
    parser = verb_parser("build", DESCRIPTION, EXAMPLE)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is out of date")
    parser.add_argument("--fresh", metavar="CHAPTER", action="append", default=[], help="begin it anew")
    add_course(parser)
    options = parser.parse_args(arguments)
    from tools.course.folder import list_remarks

    root = options.course
    for remark in list_remarks(root):
        print(remark)
    if options.check:
        late = list_stale(root)
        again = f"Next: python3 -m tools build{say_course(root)}"
        last = again if late else "Every notebook is what the sources make."
        print(*late, last, sep="\n")
        return 1 if late else 0

    from tools.course import pairs

    for chapter in options.fresh:
        if aside := pairs.set_aside(chapter, root):
            print(f"yours is now {aside.relative_to(root)}.ipynb")
    build(root)
    course = say_course(root)
    print(f"Next: python3 -m tools validate{course} runs the notebooks; lab{course} opens the exercises.")
    return 0


def list_stale(root):
    """Return a line for each file that is not what the sources make."""
    from tools.course import pairs

    return [
        f"{path.relative_to(root)}: {pairs.STATES[pair.state]}"
        for pair in pairs.plan_pairs(root)
        for path in pair.differences()
    ]


def build(root, tidy=True):
    """Write what is out of date and say so; unless `tidy`, an exercise that was merely run is left alone."""
    from tools.course import pairs
    from tools.course.halves import choose_free_name, rename

    planned = pairs.plan_pairs(root)
    for pair in planned:
        name = pair.base.relative_to(root)
        if pair.state in ("unreadable", "own, behind"):
            print(explain_kept(pair, root))
        elif pair.state in ("missing", "outdated", "edited", "stale") or (pair.state == "executed" and tidy):
            if pair.state == "edited":
                kept = rename(pair.own, choose_free_name(pair.base, "mine"))
                print(f"{name} was changed by hand; that is now {kept.relative_to(root)}.")
            pair.write()
            print(f"{'removed' if pair.state == 'stale' else 'wrote'} {name}.ipynb and .py")
    current = sum(pair.state == "current" for pair in planned)
    print(f"{current} of {len(planned)} notebooks were up to date.")


def explain_kept(pair, root):
    """Return what there is to say of an exercise that holds a person's work and is not written anew."""
    name = pair.base.relative_to(root)
    fresh = f"`python3 -m tools build --fresh {name.name}`"
    fresh += " puts the new one in its place and keeps yours beside it"
    if not pair.broken:
        return f"{name} holds your work and stays as it is, but its chapter has changed: {fresh}."
    problems = " and ".join(f"{half.path.relative_to(root)} {half.problem}" for half in pair.broken)
    return (
        f"{problems}, and stays as it is: `python3 -m tools lab` mends it from its other half if that can be "
        f"read, and {fresh}."
    )
