"""The measure of the tests, measured: what it counts, and how it tells."""

import pytest

pytest.importorskip("resource", reason="the measure starts a process for each edit, as POSIX systems can")

from tests.learners.edits import Edit  # noqa: E402
from tests.strength import MISSED, NOTICED, SAME, outcome, report  # noqa: E402


def test_the_report_counts_edits_and_lists_those_that_nobody_noticed():
    edit = Edit("rnn_backward", 203, "da[:, :, t]", "da[:, :, t + 1]", "one step later", "")
    other = Edit("softmax", 41, "x", "e", "e for x", "")
    text, share = report(["softmax", "rnn_backward"], [(edit, NOTICED), (other, SAME), (edit, MISSED)])
    assert text.splitlines() == [
        "function                      edits  change a result  noticed",
        "softmax                           1                0        0",
        "rnn_backward                      2                2        1",
        "all                               3                2        1",
        "not noticed: seqgrad/rnn.py:203  da[:, :, t] -> da[:, :, t + 1]",
        "50.0 of 100 edits that change a result are noticed; the goal is 95.",
    ]
    assert share == 50


def test_an_edit_that_runs_for_ever_is_noticed():
    killed = 24  # the status of a process that was stopped for its use of time
    assert outcome(killed) == NOTICED
    assert [outcome(code << 8) for code in (MISSED, NOTICED, SAME)] == [MISSED, NOTICED, SAME]
