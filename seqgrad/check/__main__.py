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
        text = sys.stdin.read() if arguments[0] == "-" else decode(Path(arguments[0]).read_bytes())
    except OSError as error:
        print(f"{arguments[0]} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    verdict = read_printout(text)
    print(verdict)
    return 0 if verdict.outcome == "passed" else 1


def decode(data):
    """Return the text of a file; PowerShell's `>` writes UTF-16, and says so with a mark."""
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if utf_16 else "utf-8-sig", errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
