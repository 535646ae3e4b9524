"""Check the functions in a notebook or a Python file, or the lines that a test cell printed.

Its contents tell what a file is: a notebook of any origin and format, Python, or printed lines as
they are pasted into a forum.  Functions are found by their names; they alone are run, with what they need.
"""

import argparse
import sys
from pathlib import Path

from seqgrad.check.files import check_content, check_file
from seqgrad.check.report import make_page

EXAMPLE = """\
examples:
  python3 -m seqgrad.check my.ipynb
  python3 -m seqgrad.check my.py --name my_backward=lstm_cell_backward --html cards.html
  python3 -m seqgrad.check - < post.txt

The exit code is 0 if all is right, 1 if something is wrong or could not be read, 2 for a wrong call."""
UNREADABLE = 2


def main(arguments):
    """Print the reports; return 0 if all is right, 1 if something is wrong or unread, 2 for a wrong call."""
    parser = argparse.ArgumentParser(
        prog="python3 -m seqgrad.check",
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="- is standard input")
    own = "function=exercise"
    parser.add_argument("--name", metavar=own, action="append", help="a function that goes by another name")
    parser.add_argument("--html", metavar="FILE", help="write the cards as one page of HTML as well")
    try:
        options = parser.parse_args(arguments)
        names = read_names(options.name)
    except SystemExit as end:
        return end.code
    except ValueError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    return print_reports(options.files, names, options.html)


def read_names(given):
    """Return the exercise of each function that goes by another name.

    Raises
    ------
    ValueError
        If one is not of the form ``function=exercise``.
    """
    pairs = [each.partition("=") for each in given or ()]
    for own, equals, exercise in pairs:
        if not (own.isidentifier() and equals and exercise.isidentifier()):
            text = own + equals + exercise
            raise ValueError(f"--name {text}: give a function and an exercise, as in my_softmax=softmax.")
    return {own: exercise for own, _, exercise in pairs}


def print_reports(files, names, html=None):
    """Print the report on each file, a page of all if asked for; return the exit code."""
    reports, code = [], 0
    for file in files:
        try:
            report = read_and_check(file, names)
        except OSError as error:
            print(f"{file} cannot be read: {error.strerror}.", file=sys.stderr)
            code = UNREADABLE
            continue
        except ValueError as error:
            print(error, file=sys.stderr)
            code = UNREADABLE
            continue
        heading = f"{report.name}\n" if len(files) > 1 else ""
        print(f"\n{heading}{report}" if reports else f"{heading}{report}")
        reports.append(report)
        code = code or (0 if report.passed else 1)
    if html and reports:
        try:
            Path(html).write_text(make_page(reports), encoding="utf-8")
        except OSError as error:
            print(f"{html} cannot be written: {error.strerror}.", file=sys.stderr)
            code = UNREADABLE
    return code


def read_and_check(file, names):
    """Return the report on a file, or on standard input."""
    if file == "-":
        content = getattr(sys.stdin, "buffer", None)
        content = content.read() if content else sys.stdin.read().encode("utf-8", "replace")
        return check_content("standard input", {"standard input": content}, names)
    return check_file(file, names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
