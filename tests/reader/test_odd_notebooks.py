"""What is right in Jupyter passes, however it is written, pasted, imported and saved."""

import pytest

from seqgrad.check import check
from tests.learners.odd import ASKED, ODD
from tools.reader.extract import extract
from tools.reader.spaces import running


@pytest.mark.parametrize("what", ODD)
def test_what_is_right_in_jupyter_passes(what):
    program = extract(ODD[what], ASKED)
    for name in ASKED:
        with running(program, name) as (function, errors):
            assert function and check(function, name).outcome == "passed", (program.notes, errors)
