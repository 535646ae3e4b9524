"""What gives the marks is one hand-in's own, and nothing of it can be seen."""

import json

import numpy as np

from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import draw_calls, prepare
from tests.graders import Text
from tests.learners import TEXTS
from tools.course.chapters import Exercise
from tools.grade import mark as module
from tools.grade.collect import Submission, digest_contents
from tools.grade.engine import take_slot
from tools.grade.mark import Grader, mark
from tools.students import numbers

ASKED = (Exercise("sigmoid", "04_lstm_forward", 20, "4.1"),)
GRADER = Grader("seqgrad 04", ASKED, tuple(one.name for one in list_exercises()), bytes(32))

# Right, and it tells what it was given: on its standard error, in an exception, in what it returns.
SPY = """
import sys
seen = []
def sigmoid(z):
    seen.append(1)
    sys.stderr.write(f"<{np.asarray(z).ravel()[0]!r}>")
    %s
    return 1 / (1 + np.exp(-z))
"""


def hand_in(text, shown, name="04.py", student="eve"):
    """Return the result of a file with this function in it."""
    file = f"# %%\nimport numpy as np\n# %%\n{text}"
    return mark(GRADER, Submission(student, ((name, Text(file)),)), take_slot(), shown)


def note_salts(monkeypatch):
    """Return a list that grows by the hidden salts as they are drawn, and the numbers of the hidden calls."""
    drawn, draw = [], numbers.draw_hidden_salt

    def note(*given):
        drawn.append(draw(*given))
        return drawn[-1]

    monkeypatch.setattr(module.numbers, "draw_hidden_salt", note)
    return drawn


def test_hidden_inputs_are_those_of_the_bytes_alone(shown, monkeypatch):
    """Another name, student or folder is the same; a blank more is another hand-in, or another exercise."""
    drawn = note_salts(monkeypatch)
    hand_in(TEXTS["sigmoid"], shown)
    hand_in(TEXTS["sigmoid"], shown, "work/anything.py", "adam")
    hand_in(TEXTS["sigmoid"] + "# \n", shown)
    assert drawn[0] == drawn[1] != drawn[2]
    same = digest_contents({"a": b"1", "b": b"2"})
    assert same == digest_contents({"c": b"2", "d": b"1", "e": "is a link and was not followed"})
    assert same != digest_contents({"a": b"12"}) != digest_contents({"a": b"1"})
    assert numbers.draw_hidden_salt(bytes(32), same, "a") != numbers.draw_hidden_salt(bytes(32), same, "b")


def spell_hidden(drawn):
    """Return the first numbers of the hidden calls, as a function would write them."""
    calls = draw_calls(find_exercise("sigmoid"), drawn[-1])
    return {f"{value!r}" for call in calls for value in np.ravel(call.arguments[0])[:1] if value % 1}


def test_nothing_that_ran_on_hidden_inputs_stands_in_a_result(shown, monkeypatch):
    drawn = note_salts(monkeypatch)
    for way in ("pass", "if len(seen) > 9: raise ValueError(z)", "if len(seen) > 9: z = z * 2"):
        result = json.dumps(hand_in(SPY % way, shown))
        assert "<np.float64(" in result  # what it wrote on the numbers that the student has
        assert spell_hidden(drawn) and not any(text in result for text in spell_hidden(drawn))


def test_a_table_of_what_one_hand_in_was_given_is_worth_nothing_in_the_next(shown, monkeypatch):
    """The attack in three hand-ins, with all the luck: the hidden numbers and their answers are known."""
    drawn = note_salts(monkeypatch)
    hand_in(TEXTS["sigmoid"], shown)
    trial = prepare(find_exercise("sigmoid"), drawn[-1])
    known = zip(trial.calls, trial.expected, strict=True)
    table = {np.asarray(call.arguments[0]).tobytes(): np.asarray(one.value).tolist() for call, one in known}
    cheat = f"table = {table!r}\ndef sigmoid(z):\n    return np.array(table.get(z.tobytes(), 0.0))"
    (entry,) = hand_in(cheat, shown)["exercises"]
    assert entry["score"] == 0
