"""Check every exercise that is saved in the notebooks, or files from elsewhere, without Jupyter."""

import os

from tools import Refusal, verb_parser
from tools.course.option import add_course

DESCRIPTION = """\
Print the verdict on every exercise in notebooks/exercises, as it was saved last, and the points. A notebook
is read as `grade` reads it: functions are found by their names, wherever they stand, and only what they need
is run: imports, helpers and values. Another file is checked as `python3 -m seqgrad.check` does it: a notebook
from anywhere, a Python file, or the lines that a test cell printed; - is standard input."""

EXAMPLE = """\
example:
  python3 -m tools check
  python3 -m tools check 04               the chapters whose files begin so
  python3 -m tools check path/to/my.ipynb --html cards.html"""


def main(arguments):
    """Check the exercises; return 0 if all of them pass."""
    parser = verb_parser("check", DESCRIPTION, EXAMPLE)
    parser.add_argument("notebooks", metavar="FILE", nargs="*", help="by default all exercises")
    own = "function=exercise"
    parser.add_argument("--name", metavar=own, action="append", help="a function that goes by another name")
    parser.add_argument("--html", metavar="FILE", help="write the cards of other files as one page of HTML")
    add_course(parser)
    options = parser.parse_args(arguments)
    root = options.course
    os.environ |= {"MPLBACKEND": "agg", "TQDM_DISABLE": "1"}  # what draws and counts is for a notebook
    from seqgrad.check.__main__ import print_reports, read_names
    from tools.reader.judge import find, is_exercise, read_list

    known = read_list(root)
    found = [path for name in options.notebooks for path in find(name, root, known)] or find("", root, known)
    own = [path for path in found if is_exercise(path, known)]
    others = [path for path in found if path not in own]
    try:
        names = read_names(options.name)
    except ValueError as error:
        raise Refusal(str(error)) from error
    codes = [print_points(own, known)] if own or not others else []
    print("\n" * bool(own and others), end="")
    codes += [print_reports([str(path) for path in others], names, options.html)] if others else []
    return 1 if any(codes) else 0


def print_points(paths, known):
    """Print the verdicts on the exercises of the course, and their points; return 0 if all of them pass."""
    from tools.reader.judge import judge

    earned, total, whole = 0, 0, True
    for number, path in enumerate(paths):
        print(f"\n{path.name}" if number else path.name)
        notes, worths = judge(path, known)
        print("".join(f"{note}\n" for note in notes), end="")
        whole &= bool(worths)
        for worth in worths:
            print(f"{worth}\n")
            earned, total = earned + worth.earned, total + worth.most
    complete = whole and earned == total
    print(f"{earned:g} of {total:g} points. Next: {'hand it in.' if complete else 'python3 -m tools lab'}")
    return 0 if complete else 1
