"""Which tests are run when.

`python3 -m tools test` leaves out what carries the mark `exhaustive`, and runs it with --all.  Of a set that
is exhaustive, `sample` keeps some members without the mark.

A test that needs what not every machine has is skipped there.  The reason says what is missing and what
brings it, and the summary counts the tests of each reason.
"""

import importlib.util

import pytest

exhaustive = pytest.mark.exhaustive
PEERS = "python3 -m tools test --peers"


def sample(values, every):
    """Return parameters of a test; but for the first and each `every`-th after it they are exhaustive."""
    return [
        value if number % every == 0 else pytest.param(value, marks=exhaustive)
        for number, value in enumerate(values)
    ]


def needs(module, name, remedy=PEERS):
    """Return the mark of tests that need a module, which people know by a name."""
    return pytest.mark.skipif(importlib.util.find_spec(module) is None, reason=missing(name, remedy))


def missing(name, remedy=PEERS):
    """Return the reason for which a test is skipped."""
    return f"{name} is not installed; {remedy} installs it"
