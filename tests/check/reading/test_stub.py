"""The stub keeps what tells a learner what to do, and nothing that does it."""

import ast
import inspect
import re
import textwrap
from pathlib import Path

import pytest

import seqgrad
from seqgrad.check.reading.stub import cut_function, shorten_docstring, stub

LIBRARY = Path(__file__).parents[3] / "seqgrad"


def dedent(text):
    return textwrap.dedent(text).strip("\n")


def call(source, *args):
    """Define the function that a source text holds, and call it."""
    scope = {}
    exec(source, scope)
    return scope[ast.parse(source).body[0].name](*args)


def test_steps_go_and_everything_that_explains_them_stays():
    source = dedent('''
        def mean_and_total(x, axis=0):
            """Add up.

            # This line belongs to the docstring.
            """
            n = len(x)
            if n == 0:
                raise ValueError("x is empty")

            # Add everything up.
            total = sum(x)  # not an instruction

            # Share it out, by n
            # and nothing else.
            mean = total / n

            return {"mean": mean, "total": total}
    ''')
    assert stub(source) == dedent('''
        def mean_and_total(x, axis=0):
            """Add up.

            # This line belongs to the docstring.
            """
            n = len(x)
            if n == 0:
                raise ValueError("x is empty")

            # Add everything up.
            total = None

            # Share it out, by n
            # and nothing else.
            mean = None

            return {"mean": mean, "total": total}
    ''')


def test_heads_of_nested_loops_stay_with_the_comments_inside_them():
    source = dedent("""
        def pairs(x, y):
            found = []
            for a in x:
                # Every a meets every b.
                for b in y:
                    # Those that fit.
                    if a is not b:
                        found.append((a, b))
                    else:
                        found[0] = a
                        count = len(found)

                # How many so far.
                count = len(found)

            return found
    """)
    assert stub(source) == dedent("""
        def pairs(x, y):
            found = []
            for a in x:
                # Every a meets every b.
                for b in y:
                    # Those that fit.
                    if a is not b:
                        ...
                    else:
                        count = None

                # How many so far.
                count = None

            return found
    """)


@pytest.mark.parametrize(
    ("step", "left"),
    [
        ("a = 1", "a = None"),
        ("a, b = f(x)", "a, b = None, None"),
        ("(a, b), *c = f(x)", "a, b, c = None, None, None"),
        ("a = b = f(x)", "a, b = None, None"),
        ("a += x", "a = None"),
        ("a: float = x", "a = None"),
        ("a, x[0] = f(x)", "a = None"),
        ("a = f(\n        x,\n    )", "a = None"),
        ("x[0] = 1", "..."),
        ("x.a = 1", "..."),
        ("x.sort()", "..."),
        ("x.sort()\n    x.sort()", "..."),
        ("x.sort()\n    a = x", "a = None"),
        ("x.sort()\n\n    a = x", "...\n\n    a = None"),
        ("with x:\n        a = 1", "with x:\n        a = None"),
        (
            "if x == 1:\n        a = 1\n    elif x:\n        x.b()",
            "if x == 1:\n        a = None\n    elif x:\n        ...",
        ),
    ],
)
def test_each_kind_of_step_leaves_its_names_or_a_place_to_write(step, left):
    assert (
        stub(f"def g(x):\n    # Do it.\n    {step}\n    return x")
        == f"def g(x):\n    # Do it.\n    {left}\n    return x"
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("a = x\n    return a", "no step stands below a comment"),
        ("# Do it.\n    return x", "no step stands below a comment"),
        ("# Do it.\n    a = x\n    return a + 1", "`return a + 1` computes"),
        ("# Do it.\n    a = x\n    return {'a': a.T}", "`return {'a': a.T}` computes"),
        ("# Do it.\n    a = x\n    print(a)", "it ends with `print(a)`"),
        ("# Do it.\n    a = x\n    return", "it ends with `return`"),
        (
            "# Do it.\n    a = [\n        # first\n        1\n    ]\n    return a",
            "`# first` is inside a step",
        ),
        ("# Do it.\n    while x:\n        x = 0\n    return x", "`while x:` cannot hold steps"),
        ("# Do it.\n    a = x; b = x\n    return b", "`a = x; b = x` holds two statements"),
        (
            "# Do it.\n    n = x\n    for t in range(n):\n        a = t\n    return a",
            "`for t in range(n):` needs n",
        ),
        ("# Do it.\n    n = x\n    if n > 1:\n        n = 1\n    return n", "`if n > 1:` needs n"),
    ],
)
def test_what_cannot_be_an_exercise_is_refused_with_the_line(body, sentence):
    with pytest.raises(ValueError) as refusal:
        stub(f"def g(x):\n    {body}")
    assert sentence in str(refusal.value)


def test_decorators_stay_in_the_library():
    module = "@takes(x='n m')\n@other\ndef g(\n    x,\n):\n    return x\n\n\ndef h():\n    pass\n"
    assert cut_function(module, "g") == "def g(\n    x,\n):\n    return x"


def test_an_unknown_function_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match="^there is no function f, only g, h$"):
        cut_function("def g():\n    pass\n\n\ndef h():\n    pass\n", "f")


def test_a_stub_that_is_called_runs_to_its_return():
    source = dedent("""
        def backward(da, steps):
            T = len(da)

            # Nothing comes back from beyond the last step.
            da_prev = 0.0
            total = 0.0

            for t in reversed(range(T)):
                # What reaches this step.
                da_next = da[t] + da_prev
                total += da_next * steps[t]

            # What is left.
            da0 = da_prev

            return {"da0": da0, "total": total}
    """)
    assert call(stub(source), [1.0, 2.0], [3.0, 4.0]) == {"da0": None, "total": None}


@pytest.mark.parametrize("module", ["activations", "rnn", "lstm", "gru", "attention", "layer_norm"])
def test_the_functions_of_the_library_that_have_comments_are_exercises(module):
    text = (LIBRARY / f"{module}.py").read_text(encoding="utf-8")
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert names
    for name in names:
        left = stub(cut_function(text, name))
        assert "= None" in left
        assert ast.parse(left).body[0].name == name


LONG = dedent('''
    def mean(x, weights, axis=0):
        """Average an array,
        weighted.

        The weights need not sum to 1.

        Parameters
        ----------
        x : (n, m)
            Numbers.

        weights : dict
            ``w`` (n, m), and ``b``
            (n, 1).

            No weight is negative.
        axis : (n, m), optional
            Which axis.

        Returns
        -------
        (m, 1)
            The means.

        Raises
        ------
        ValueError
            If there are none.

        Notes
        -----
        Anybody's, section 1.
        """
        # Add up.
        total = x.sum()

        return total
''')


def test_a_short_docstring_says_what_the_shapes_and_the_result():
    assert shorten_docstring(LONG) == dedent('''
        def mean(x, weights, axis=0):
            """Average an array,
            weighted.

            Parameters
            ----------
            x : (n, m)
            weights : dict
                ``w`` (n, m), and ``b``
                (n, 1).

                No weight is negative.
            axis : (n, m), optional
                Which axis.

            Returns
            -------
            (m, 1)
            """
            # Add up.
            total = x.sum()

            return total
    ''')


@pytest.mark.parametrize("first", ['"""Halve."""', "'Halve.'", 'r"""Halve \\x."""', "x = 2", "..."])
def test_a_docstring_of_one_line_or_none_stays(first):
    source = f"def halve(x):\n    {first}\n    # Half.\n    y = x\n    return y"
    assert shorten_docstring(source) == source


@pytest.mark.parametrize("name", seqgrad.__all__)
def test_an_exercise_shows_every_parameter_and_every_returned_name_in_a_short_docstring(name):
    function = inspect.unwrap(getattr(seqgrad, name))
    source = cut_function(inspect.getsource(inspect.getmodule(function)), name)
    short = shorten_docstring(source)
    assert shorten_docstring(short) == short

    head, *body = ast.parse(short).body[0].body
    assert [ast.dump(step) for step in body] == [
        ast.dump(step) for step in ast.parse(source).body[0].body[1:]
    ]
    text = inspect.cleandoc(head.value.value)
    assert all(
        re.search(rf"^.*\b{name}\b.* : ", text, re.M) for name in inspect.signature(function).parameters
    )
    result = ast.parse(source).body[0].body[-1].value
    keys = [key.value for key in getattr(result, "keys", []) if isinstance(key, ast.Constant)]
    assert [key for key in keys if f"``{key}``" not in text] == []
    assert "Raises" not in text and "Notes" not in text and len(text.splitlines()) <= 26
