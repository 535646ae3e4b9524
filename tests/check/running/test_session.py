"""What the last run of a cell has left in a session is known to a check."""

import pytest

from seqgrad.check import check
from tests.learners import TEXTS
from tests.marks import needs
from tests.session import open_session

pytestmark = needs("IPython", "IPython", "python3 -m tools build")

SIGMOID = TEXTS["sigmoid"].strip()
BROKEN = SIGMOID.replace("(-x))", "(-x)")


@pytest.fixture
def run():
    """Return a function that runs cells in a session, and returns the verdict on the function `sigmoid`."""
    with open_session() as shell:

        def run_cells(*cells):
            for cell in ("import numpy as np", *cells):
                shell.run_cell(cell, store_history=True)
            return check(shell.user_ns["sigmoid"])

        yield run_cells


def test_after_a_mistake_of_syntax_the_older_function_is_not_judged(run, capsys):
    verdict = run(SIGMOID, BROKEN)
    assert (verdict.outcome, verdict.credit) == ("not attempted", 0.0)
    assert verdict.findings[0].sentence == (
        "The cell that defines `sigmoid` did not run the last time (line 2: '(' was never closed), so what "
        "is here is an older version. Correct the cell, run it, then check again."
    )
    assert "SyntaxError" in capsys.readouterr().out


@pytest.mark.parametrize(
    "cells",
    [
        (BROKEN, SIGMOID),
        (SIGMOID, "x = ("),
        (SIGMOID, "def sigmoid_2(x: return x"),
        (BROKEN, f"%%time\n{SIGMOID}"),
        (f"    {SIGMOID}".replace("\n", "\n    "),),
        (SIGMOID, "text = 'def sigmoid(:'"),
    ],
)
def test_a_function_whose_cell_ran_is_judged(run, cells):
    assert run(*cells).outcome == "passed"
