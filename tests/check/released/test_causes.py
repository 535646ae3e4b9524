"""A release names the mistakes that the course names, by locks that only their numbers open."""

from pathlib import Path

import pytest

from seqgrad.check.diagnose import diagnose
from seqgrad.check.exercises import find_exercise
from seqgrad.check.learner import Learner
from seqgrad.check.naming.causes import find_causes
from seqgrad.check.released import causes
from seqgrad.check.running import wire
from tests.learners import mistakes
from tests.marks import sample
from tools.release.locks import find_locks

ROOT = Path(__file__).parents[3]
EXERCISES = ("softmax", "rnn_cell_backward", "gru_cell_backward")
CHOSEN = [identity for identity, entry in mistakes.MISTAKES.items() if entry[0] in EXERCISES]


@pytest.fixture(scope="module")
def locks():
    """Return the locks of a release, as they come out of its file."""
    return wire.decode(wire.encode(find_locks(EXERCISES, ROOT), causes.MOST), causes.MOST)


@pytest.fixture(autouse=True)
def release(monkeypatch, locks):
    """Have these locks as those of the release."""
    monkeypatch.setattr(causes, "read_locks", lambda: locks)


def judge_both(function, name):
    """Return the verdicts of the release and of the course."""
    learner = Learner(function, find_exercise(name))
    return diagnose(learner, causes.find_causes).to_dict(), diagnose(learner, find_causes).to_dict()


@pytest.mark.parametrize("identity", sample(CHOSEN, 6))
def test_a_known_mistake_has_the_verdict_of_the_course(identity):
    released, course = judge_both(mistakes.load(identity), mistakes.MISTAKES[identity][0])
    assert released == course
