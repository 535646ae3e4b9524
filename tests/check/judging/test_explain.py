"""The sentence for an exception: the line, what met there, and what to look at."""

import pytest

from seqgrad.check.judging.explain import explain
from seqgrad.check.running.data import Error

HERE = {"function": "f", "line": 3, "code": "return A @ B"}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Error("ValueError", ""), "ValueError was raised."),
        (Error("ZeroDivisionError", "division by zero."), "ZeroDivisionError: division by zero."),
        (Error("KeyError", "'dWx'"), "The key 'dWx' is not there."),
        (
            Error("NameError", "name 'xs' is not defined"),
            "`xs` is not defined; is it misspelt, or is the cell",
        ),
        (Error("UnboundLocalError", "no name at all"), "`a name` is used before it has a value."),
        (Error("RecursionError", "maximum depth"), "The function calls itself again and again;"),
        (Error("TypeError", "x", operands=(("dft", "None"),)), "`dft` is None: it has not been computed."),
        (Error("KeyError", "3", operands=(("dft", "None"),)), "The key 3 is not there."),
        (
            Error("ValueError", "matmul: Input operand 1 has a mismatch", **HERE),
            "In line 3, `return A @ B`: the columns of the first must be as many as the rows of the second.",
        ),
        (
            Error(
                "ValueError",
                "shapes not aligned",
                operands=(("A", "shape (2, 3)"), ("b", "a list of length 2")),
            ),
            "`A` has shape (2, 3) and `b` is a list of length 2: the columns of the first must be",
        ),
        (Error("OSError", "gone", function="f", line=7), "In line 7: OSError: gone."),
        (
            Error("OSError", "gone", **HERE | {"function": "g"}),
            "In line 3, `return A @ B` of g: OSError: gone.",
        ),
    ],
)
def test_an_error_is_told_with_its_line_and_what_met_there(error, sentence):
    assert explain(error, "f").startswith(sentence)
