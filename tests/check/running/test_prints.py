"""What a function prints is kept, its beginning, and shown with the verdict."""

import json

from seqgrad.check import Verdict, check
from seqgrad.check.running.prints import MOST, Prints
from tests.learners import TEXTS, notebook


def check_printing(line, *change):
    """Return the verdict on a step back that prints, and may have a slip."""
    text = TEXTS["rnn_cell_backward"].replace("    dxt =", f"    {line}\n    dxt =", 1)
    for before, after in change:
        text = text.replace(before, after)
    return check(notebook(rnn_cell_backward=text)["rnn_cell_backward"])


def test_what_is_printed_is_shown_whole_on_the_card_and_in_short_in_the_text():
    """Of the call that the verdict is about, once, though that call is made three times."""
    verdict = check_printing("print(dtanh.shape, '<b>', end='!')", ("1 - a_next**2", "1 - a_prev**2"))
    assert verdict.printed == "(5, 7) <b>!"
    assert str(verdict).endswith("\nIt printed: (5, 7) <b>!")
    assert "What it printed</summary><pre" in verdict._repr_html_()
    assert "(5, 7) &lt;b&gt;!</pre>" in verdict._repr_html_()
    assert Verdict.from_dict(json.loads(json.dumps(verdict.to_dict()))) == verdict


def test_of_a_right_function_the_first_call_is_shown():
    verdict = check_printing("for number in range(5): print(number)")
    assert verdict.outcome == "passed" and str(verdict).endswith("It printed: 0\n1\n2\n…")
    assert verdict.printed == "0\n1\n2\n3\n4\n"
    assert check(notebook()["rnn_cell_backward"]).printed == ""


def test_a_print_before_an_error_is_shown():
    verdict = check_printing("print(dtanh.size); dtanh @ dtanh")
    assert verdict.outcome == "raised" and verdict.printed == "35\n"


def test_a_flood_is_cut_and_no_text_is_too_odd():
    prints = Prints()
    for _ in range(1000):
        prints.write("x" * 1000)
    assert prints.read() == "x" * MOST + "…"
    prints.begin()
    prints.write("\ud800")
    prints.end()
    prints.write("more")
    assert prints.read() == "?"


def test_an_older_verdict_has_printed_nothing():
    data = check(notebook()["rnn_cell_backward"]).to_dict()
    del data["printed"]
    assert Verdict.from_dict(data).printed == ""
