"""Judge what a test cell printed: ``python -m seqgrad.check FILE``, or - for standard input."""

import sys
from pathlib import Path

from seqgrad.check import read_printout

USAGE = "python -m seqgrad.check FILE    (the printed lines of a test cell; - for standard input)"


def main(arguments):
    """Print the verdict; return 0 if all is right, 1 if something is wrong or unread, 2 for a wrong call."""
    if arguments in (["-h"], ["--help"]):
        print(f"{__doc__}\n\nExample: {USAGE}")
        return 0
    if len(arguments) != 1:
        print(f"One file is needed: {USAGE}", file=sys.stderr)
        return 2
    try:
        text = (
            sys.stdin.read()
            if arguments[0] == "-"
            else Path(arguments[0]).read_text("utf-8", errors="replace")
        )
    except OSError as error:
        print(f"{arguments[0]} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    verdict = read_printout(text)
    print(verdict)
    return 0 if verdict.outcome == "passed" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
