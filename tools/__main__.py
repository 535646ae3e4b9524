"""Run a verb: ``python3 -m tools VERB``.  A Python that is too old can read this file, and is told so."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is for the Python that pyproject.toml does not allow
    sys.exit(
        f"seqgrad needs Python 3.11 or later, and this is {sys.version_info[0]}.{sys.version_info[1]}: "
        "call a newer one by its name, as in `python3.12 -m tools lab`."
    )

import difflib  # noqa: E402
import importlib  # noqa: E402
from pathlib import Path  # noqa: E402

from tools import Refusal, environment  # noqa: E402

VERBS = {"lab": "course", "check": "reader"}  # the folder of each verb
VERBS |= dict.fromkeys(("build", "validate", "test"), "course")
VERBS |= {verb: verb for verb in ("bench", "release", "grade", "gradebook", "site")}
HERE = Path(__file__).parent
VERBS = {verb: folder for verb, folder in VERBS.items() if (HERE / folder / f"{verb}.py").exists()}


def main(arguments):
    """Run the verb that comes first, in an environment that has what it needs; return its exit code."""
    verb, *rest = arguments or ["--help"]
    if verb == "help" and rest:  # of a verb
        verb, rest = rest[0], ["--help"]
    if verb in ("-h", "--help", "help"):
        print(list_verbs())
        return 0
    if verb not in VERBS:
        near = difflib.get_close_matches(verb, VERBS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(VERBS)}."
        print(f"There is no verb {verb!r}; {hint}", file=sys.stderr)
        return 2

    if not {"-h", "--help"} & set(rest):
        environment.enter(arguments)
    return find_module(verb).main(rest)


def find_module(verb):
    """Return the module that a verb is in."""
    return importlib.import_module(f"tools.{VERBS[verb]}.{verb}")


def list_verbs():
    """Return what `python3 -m tools` alone prints: each verb with the first line of its file."""
    lines = ["python3 -m tools VERB [--help]", ""]
    for verb in VERBS:
        lines.append(f"  {verb:9} {find_module(verb).__doc__.splitlines()[0]}")
    return "\n".join([*lines, "", "The first call makes the environment; begin with: python3 -m tools lab"])


def call(arguments):
    """Run a verb; what stops it becomes a sentence and an exit code."""
    try:
        return main(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; call again when you like, nothing half-made is trusted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(call(sys.argv[1:]))
