"""What tests of the checks share."""

import pytest

from seqgrad.check.naming import search


@pytest.fixture
def patient(monkeypatch):
    """Let the search for a cause take what it takes on a machine that is five times slower."""
    monkeypatch.setattr(search, "SECONDS", 5 * search.SECONDS)
    monkeypatch.setattr(search, "MORE_SECONDS", 5 * search.MORE_SECONDS)
