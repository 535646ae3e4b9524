"""A slip that people make is told by its cause, in words that a learner knows, and by no other cause."""

import re

import pytest

from seqgrad.check import check
from tests.learners import slips


@pytest.mark.parametrize("identity", slips.SLIPS)
def test_a_slip_is_told_by_its_cause(identity):
    """As a fact where it reproduces the numbers; a cause that was not written is never told."""
    _, cause, false, *_ = slips.SLIPS[identity]
    verdict = check(slips.load(identity))
    told = " ".join(finding.sentence for finding in verdict.findings)
    assert verdict.outcome in ("wrong", "raised") and verdict.findings[0].exact and not verdict.fault
    assert re.search(cause, told)
    assert not false or not re.search(false, str(verdict))
