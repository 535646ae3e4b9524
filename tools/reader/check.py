"""Check every exercise that is saved in the notebooks, without Jupyter."""

import os

from tools import verb_parser
from tools.environment import ROOT

DESCRIPTION = """\
Print the verdict on every exercise in notebooks/exercises, as it was saved last. A notebook is read as
`grade` reads it: functions are found by their names, wherever they stand, and only what they need is run:
imports, helpers and values. The verdicts are those of the checks in the notebook."""

EXAMPLE = """\
example:
  python3 -m tools check
  python3 -m tools check 04               the chapters whose files begin so
  python3 -m tools check path/to/my.ipynb"""


def main(arguments):
    """Check the exercises; return 0 if all of them pass."""
    parser = verb_parser("check", DESCRIPTION, EXAMPLE)
    parser.add_argument("notebooks", metavar="NOTEBOOK", nargs="*", help="by default all of them")
    options = parser.parse_args(arguments)
    os.environ |= {"MPLBACKEND": "agg", "TQDM_DISABLE": "1"}  # what draws and counts is for a notebook
    from tools.reader.judge import find, judge, read_list

    known = read_list(ROOT)
    asked = [path for name in options.notebooks for path in find(name, ROOT, known)]

    earned, total, whole = 0, 0, True
    for number, path in enumerate(asked or find("", ROOT, known)):
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
