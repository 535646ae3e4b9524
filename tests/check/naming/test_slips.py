"""For a slip that people make, the check names its cause, in words that a learner knows, and no other."""

import re

import pytest

from seqgrad.check import check
from tests.learners import slips


@pytest.mark.parametrize("identity", slips.SLIPS)
def test_the_cause_of_a_slip_is_named(identity):
    """As a fact where it reproduces the numbers; the check never names a cause that is not in the code."""
    _, cause, false, *_ = slips.SLIPS[identity]
    verdict = check(slips.load(identity))
    sentences = " ".join(finding.sentence for finding in verdict.findings)
    assert verdict.outcome in ("wrong", "raised") and verdict.findings[0].exact and not verdict.fault
    assert re.search(cause, sentences)
    assert not false or not re.search(false, str(verdict))
