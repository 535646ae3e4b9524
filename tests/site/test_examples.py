"""What a visitor can try is a function of the course, but for the one line that somebody wrote."""

import ast
import inspect

import pytest

import seqgrad
from tools.site.tab import examples


def read_steps(text):
    """Return the steps of the function in a text, without its docstring."""
    (function,) = (part for part in ast.parse(text).body if isinstance(part, ast.FunctionDef))
    steps = function.body[ast.get_docstring(function) is not None :]
    return [ast.unparse(step) for step in steps]


@pytest.mark.parametrize("slip", examples.SLIPS, ids=lambda slip: slip[1])
def test_a_function_to_try_has_its_own_steps_but_one_and_no_docstring(slip):
    _, name, right, written = slip
    text = examples.make_text(name, right, written)
    whole = inspect.getsource(inspect.unwrap(getattr(seqgrad, name)))
    changed = [step.replace(ast.unparse(ast.parse(right)), written) for step in read_steps(whole)]
    assert read_steps(text) == [ast.unparse(ast.parse(step)) for step in changed] != read_steps(whole)
    assert '"""' not in text


def test_a_line_that_the_function_does_not_have_is_refused():
    with pytest.raises(ValueError, match="softmax has no line 'e = 1' any more"):
        examples.make_text("softmax", "e = 1", "e = 2")
