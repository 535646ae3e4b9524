"""A cell is its statements; what is for IPython, and what Python refuses, is taken out and told."""

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.check.reading.statements import cut, recall_needed


def texts(source):
    """Return the texts of the statements of a cell."""
    return [one.text for one in cut(source).statements]


def only(source):
    """Return the only statement of a cell."""
    (statement,) = cut(source).statements
    return statement


def test_each_statement_is_one_piece_at_its_line():
    source = textwrap.dedent('''\
        import numpy as np; x = "ä"; y = 2

        @first
        @second(3)
        def f(a):
            """Return it.

        not indented
            """
            return a  # all of it
        for k in range(3):
            print(k)
        else:
            z = (
        1)
    ''')
    assert [(one.line, one.text.split("\n")[0], one.kind) for one in cut(source).statements] == [
        (1, "import numpy as np", "Import"),
        (1, 'x = "ä"', "Assign"),
        (1, "y = 2", "Assign"),
        (3, "@first", "FunctionDef"),
        (11, "for k in range(3):", "For"),
    ]
    assert texts(source)[3].count("\n") == 7
    assert texts(source)[4].endswith("1)")


@pytest.mark.parametrize(
    ("source", "binds", "changes"),
    [
        ("a = b = 1", "a b", ""),
        ("(a, [b, *c]), d.e, f[0] = g", "a b c", "d f"),
        ("a += 1", "a", ""),
        ("a: int = 1", "a", ""),
        ("a[0] += 1", "", "a"),
        ("a.b.c = 1", "", "a"),
        ("globals()['a'] = 1", "a", ""),
        ("a().b = 1", "", "a"),
        ("a.append(1)", "", "a"),
        ("a[0].b.sort()", "", "a"),
        ("f(a)", "", ""),
        ("import a.b.c", "a", ""),
        ("import a.b as c, d", "c d", ""),
        ("from a import b as c, d", "c d", ""),
        ("from a import *", "", ""),
        ("for a, b in c:\n    d = 1", "a b d", ""),
        ("with a as b, c as d.e:\n    pass", "b", "d"),
        (
            "try:\n    a = 1\nexcept B as c:\n    d = 1\nelse:\n    e = 1\nfinally:\n    f = 1",
            "a c d e f",
            "",
        ),
        (
            "match a:\n    case {'b': b, **c}:\n        d = 1\n    case [e, *f] as g:\n        pass",
            "b c d e f g",
            "",
        ),
        ("class A:\n    b = 1", "A", ""),
        ("def f(a=1):\n    b = a", "f", ""),
        ("[a for a in b]", "", ""),
        ("f = lambda a: a", "f", ""),
        ("if (n := 3) > 2:\n    pass", "n", ""),
        ("a == 1", "", ""),
        ("del a", "", ""),
    ],
)
def test_it_is_known_what_a_statement_defines_and_what_it_changes(source, binds, changes):
    statement = only(source)
    assert (statement.binds, statement.changes) == (set(binds.split()), set(changes.split()))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b", "b"),
        ("a += b", "b"),
        ("def f(x, y=d, *, z: t = e) -> r:\n    k = x\n    return k + g + max(y)", "d e g max r t"),
        ("@w(1)\ndef f():\n    def inner():\n        return deep\n    return inner", "deep w"),
        ("def f():\n    global counted\n    counted = 1", "counted"),
        ("def f():\n    return [i * s for i in x if i]", "s x"),
        ("def f():\n    return f()", "f"),
        ("class A(B):\n    c = d\n    def m(self):\n        return self.c + e", "B d e"),
        ("f = lambda x: x + h", "h"),
        ("try:\n    import a\nexcept ImportError:\n    b = c", "ImportError c"),
        ("def f(:", ""),
    ],
)
def test_it_is_known_what_a_statement_needs(source, names):
    assert recall_needed(source) == set(names.split())


def test_functions_in_blocks_are_found_with_their_sources():
    source = (
        "if True:\n    try:\n        @d\n        def f(x):\n            return x\n    except E:\n        pass"
    )
    assert only(source).functions == (("f", "@d\ndef f(x):\n    return x"),)


def test_imports_are_known_by_both_names():
    statement = only("from .a.b import c as d, e")
    assert (statement.module, statement.imports) == (".a.b", (("c", "d"), ("e", "e")))


PLAIN = ["x = 1", "def f(y):\n    return y"]


@pytest.mark.parametrize(
    "source",
    [
        "    x = 1\n    def f(y):\n        return y",
        "\n\tx = 1\n\tdef f(y):\n\t    return y\n",
        ">>> x = 1\n>>> def f(y):\n...     return y\n...",
        "In [7]: x = 1\n\nIn [8]: def f(y):\n   ...:     return y\n   ...: \nOut[8]: 1",
        "%%time\n    x = 1\n    def f(y):\n        return y",
        "    x = 1\n    %matplotlib inline\n    def f(y):\n        return y",
        "%time x = 1\ndef f(y):\n    return y",
    ],
)
def test_an_indent_and_prompts_are_taken_off_as_ipython_does(source):
    assert [text for text in texts(source) if text != "pass"] == PLAIN
    assert cut(source).error == ()


def test_a_file_that_is_run_is_imported_and_one_that_is_written_is_kept():
    assert texts("%run ./utils/gates.py") == ["from utils.gates import *"]
    assert cut("%%writefile -a a/b.py\nx = 1\n").written == ("a/b.py", True, "x = 1\n")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("setattr(a, 'b', c)", "a"),
        ("vars(a)['b'] = c", "a"),
        ("vars(a).update(b=c)", "a"),
        ("for b in c:\n    a[b] = 1", "a"),
        ("print(a)", ""),
    ],
)
def test_what_is_set_inside_a_thing_changes_it(source, names):
    assert only(source).changes == set(names.split())


def test_what_a_function_changes_is_known_with_what_calls_it():
    assert only("def register(f):\n    global n\n    n += 1\n    table[f] = 1").effects == {"n", "table"}
    assert only("@register\ndef f(): ...").calls == {"register"}
    assert only("for f in fs:\n    register(f)").calls == {"register"}


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("%matplotlib inline", True),
        ("!pip install torch", True),
        ("    !ls", True),
        ("files = !ls", True),
        ("t = %timeit -o f()", True),
        ("np.tanh?", True),
        ("?np.tanh", True),
        ("np.tanh??", True),
        ("x = 7 % 3", False),
        ("x = '!pip install torch'", False),
        ("x = '''\n%matplotlib inline\n!ls\n'''", False),
        ("x = (7\n% 3)", False),
    ],
)
def test_lines_for_ipython_are_left_out_and_nothing_else_is(line, left):
    indented = line.startswith(" ")
    found = cut(f"{'if True:' if indented else 'a = 1'}\n{line}\nb = 2")
    assert found.left_out == (((2, line),) if left else ())
    assert found.error == ()
    assert found.statements[-1].text == "b = 2"
    assert found.statements[-1].line == 3 + line.count("\n")


def test_a_shell_line_that_goes_on_is_left_out_to_its_end():
    found = cut("!pip install \\\n    torch\nb = 2")
    assert found.left_out == ((1, "!pip install \\"),)
    assert [one.text for one in found.statements] == ["pass", "b = 2"]


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%prun -l 3"])
def test_a_magic_that_runs_its_cell_leaves_the_cell(magic):
    found = cut(f"\n{magic}\nb = 2")
    assert found.left_out == ((2, magic),)
    assert [(one.line, one.text) for one in found.statements] == [(3, "b = 2")]


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile a.txt", "%%timeit", "%%javascript"])
def test_a_magic_for_another_language_takes_its_cell_along(magic):
    found = cut(f"{magic}\nb = 2")
    assert (found.statements, found.left_out) == ((), ((1, magic),))


def test_of_a_cell_that_python_refuses_the_statements_that_are_right_stay():
    source = textwrap.dedent('''\
        import numpy as np
        %time x = 1

        def broken(x:
            return 3

        @decorator
        def right(y):
            """A text with a line
        that begins at the left.
            """
            return y

        if x:
            a = 1
        else:
            b = 2
        z = (
            3
        )
        !ls
    ''')
    found = cut(source)
    assert [(one.line, one.text.split("\n")[0]) for one in found.statements if one.text != "pass"] == [
        (1, "import numpy as np"),
        (2, "x = 1"),
        (7, "@decorator"),
        (14, "if x:"),
        (18, "z = ("),
    ]
    assert found.error == (4, "'(' was never closed")
    assert found.left_out == ((21, "!ls"),)
    assert found.lost.strip() == "def broken(x:\n    return 3"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1\n\0", "source code string cannot contain null bytes"),
        ("x = '\ud800'", "surrogates not allowed"),
        ("x = " + "(" * 300, "too many nested parentheses"),
        ("x = " + "-" * 20_000 + "1", ""),
        ("x = " + "a." * 20_000 + "b", ""),
        ("x = " + "lambda: " * 10_000 + "1", ""),
        ("".join(" " * depth + "if a:\n" for depth in range(150)), "too many levels of indentation"),
        ("x = 1" + "0" * 10_000, "limit"),
        ("x = 1\n" * 100_000, "more than 200,000 characters"),
        ("%a\n" * 100, ""),
    ],
    ids=[
        "null",
        "surrogate",
        "brackets",
        "signs",
        "attributes",
        "lambdas",
        "blocks",
        "digits",
        "long",
        "magics",
    ],
)
def test_what_would_break_a_parser_is_refused_in_good_order(source, reason):
    began = time.process_time()
    found = cut(f"{source}\n")
    assert time.process_time() - began < 5  # seconds
    assert reason in found.error[1]


@given(st.text("abx=(){}[]:'\"\\\n \t%!?@#,.1\0é\ud800", max_size=60))
def test_no_text_raises(source):
    found = cut(source)
    for statement in found.statements:
        assert statement.needs is not None
    assert bool(found.lost) <= bool(found.error)


def test_cells_that_the_whole_class_has_are_parsed_once():
    assert cut("import numpy as np") is cut("import numpy as np")
