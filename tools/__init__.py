"""The arrows between the project's folders, one verb a file: ``python3 -m tools VERB``."""

import argparse
import sys

# An optional part of jsonschema, a grammar for addresses, takes more than a second to load, and reading
# a notebook never needs it. Every process of ours that reads notebooks passes through here first.
sys.modules.setdefault("rfc3987_syntax", None)


class Refusal(Exception):
    """One sentence that ends a verb with exit code 1: where, what was found, what to do."""


def verb_parser(verb, description, example):
    """Return the parser of a verb's arguments; its help ends with an example."""
    return argparse.ArgumentParser(
        f"python3 -m tools {verb}",
        description=description,
        epilog=example,
        formatter_class=argparse.RawTextHelpFormatter,
    )
