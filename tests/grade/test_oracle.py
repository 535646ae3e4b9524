"""A right helper answers what a right solution asks, and neither more nor anything else."""

import time

import numpy as np
import pytest

from seqgrad import lstm_cell_forward, softmax
from seqgrad.check.equality import ROUNDING, close
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import Trial, draw_calls, prepare
from seqgrad.check.judging.judge import is_right
from seqgrad.check.running import wire
from seqgrad.check.running.data import Call
from seqgrad.check.running.run import run
from tests import graders
from tests.learners import TEXTS
from tests.marks import sample
from tools.grade import oracle
from tools.grade.box import Box
from tools.grade.engine import take_slot

STUB = "def softmax(x):\n    return x"
CALL = Call((np.ones((3, 5)),))


def ask(shown, body, helper=softmax, call=CALL):
    """Return the result of a function that asks for the right softmax, or for what stands in for it."""
    pieces = [("cell 1", "import numpy as np"), ("cell 2", f"def sigmoid(z):\n    {body}"), ("cell 3", STUB)]
    with Box(shown, pieces, ("sigmoid", "softmax"), slot=take_slot()) as box:
        (result,) = box.run("sigmoid", [call], {"softmax": helper})
    return result


STRANGE = {
    "a complex step": ("return softmax(z + 1e-20j).imag", "TypeError", "complex numbers"),
    "a complex number in a list": ("return softmax([1, 2j])", "TypeError", "complex numbers"),
    "single complex": ("return softmax(np.ones(3, np.complex64))", "TypeError", "complex numbers"),
    "a large array": ("return softmax(np.ones((90, 90)))", "ValueError", "more than it needs"),
    "large in sum": (
        "return softmax({'a': np.ones((60, 30)), 'b': np.ones((60, 30))})",
        "ValueError",
        "bytes",
    ),
    "a long list": ("return softmax(list(range(20000)))", "ValueError", "more than it needs"),
    "a long text": ("return softmax('x' * 10**5)", "ValueError", "more than it needs"),
    "again and again": (
        "return [softmax(z) for _ in range(10**4)][0]",
        "RuntimeError",
        "more than 104 times",
    ),
    "each time another": ("return [softmax(z + i) for i in range(9999)]", "RuntimeError", "104 times"),
}


@pytest.mark.parametrize("what", sample(STRANGE, 3))
def test_what_no_right_solution_asks_for_ends_the_run_with_a_sentence(what, shown):
    body, kind, words = STRANGE[what]
    error = ask(shown, body).error
    assert (error.kind, error.message.startswith("the right softmax was asked")) == (kind, True)
    assert words in error.message


def test_single_and_double_precision_are_answered_as_in_a_notebook(shown):
    for dtype in (np.float64, np.float32):
        call = Call((np.arange(15, dtype=dtype).reshape(3, 5),))
        value = ask(shown, "return softmax(z)", call=call).value
        assert value.dtype == dtype and np.array_equal(value, softmax(*call.arguments))


def test_more_digits_than_double_precision_are_not_to_be_had(shown):
    assert ask(shown, "return softmax(z.astype(np.longdouble))", graders.tell_type).value == "float64"


@pytest.mark.parametrize("helper", [graders.take_memory, graders.take_time])
def test_what_takes_more_than_an_answer_may_ends_that_run_alone(helper, shown):
    """The helpers are in a process of their own, with limits of its own; the next answer is a right one."""
    began = time.process_time()
    assert "takes more than" in ask(shown, "return softmax(z)", helper).error.message
    assert time.process_time() - began < 2  # the grader itself has done nothing
    assert np.array_equal(ask(shown, "return softmax(z)").value, softmax(*CALL.arguments))


def test_after_an_interruption_no_question_has_the_answer_to_another_one(monkeypatch):
    office, helpers = oracle.Office(), (("softmax", softmax),)

    def interrupt(_):
        raise KeyboardInterrupt

    first, second = (wire.encode(("ask", ("softmax", (np.ones(n),), {}))) for n in (2, 3))
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(oracle.pickle, "load", interrupt)
        office.answer(helpers, first)
    assert wire.decode(office.answer(helpers, second))[1].shape == (3,)
    office.close()


def test_a_right_sequence_asks_far_less_than_is_allowed():
    """Each right solution, whatever it computes again, has at least twice the questions that it needs."""
    for exercise in list_exercises():
        trial, asked = prepare(exercise), []

        def count(function, asked=asked):
            def helper(*args, **kwargs):
                asked.append(function)
                return function(*args, **kwargs)

            return helper

        helpers = {name: count(function) for name, function in exercise.right_helpers.items()}
        names = {"np": np}
        exec(TEXTS.get(exercise.name, ""), names)
        if exercise.name in names:
            run(names[exercise.name], trial.calls, helpers)
            assert 2 * len(asked) < oracle.Allowance.of(trial.calls).count, exercise.name


def test_a_question_that_has_been_asked_is_answered_from_memory(shown):
    known = oracle.get_oracle({"softmax": softmax}).known
    ask(shown, "return [softmax(z + 7), softmax(z + 7)]")
    before = len(known)
    ask(shown, "return [softmax(z + 7), softmax(z + 7)]")
    assert len(known) == before > 0
    assert find_exercise("lstm_forward").right_helpers["lstm_cell_forward"] is lstm_cell_forward


def test_what_the_right_function_has_asked_is_known_before_a_right_solution_asks(shown, monkeypatch):
    """So most submissions need no process of helpers; what is known is no more than each of them may ask."""
    exercise, calls = find_exercise("lstm_forward"), draw_calls(find_exercise("lstm_forward"), 11)
    expected = oracle.get_oracle(exercise.right_helpers).rehearse(exercise, calls)
    for mine, usual in zip(expected, prepare(exercise, 11).expected, strict=True):
        assert close(usual.value, mine.value, ROUNDING) and not mine.error
    monkeypatch.setattr(oracle, "open_office", None)
    pieces = [("cell 1", "import numpy as np"), ("cell 2", TEXTS["lstm_forward"])]
    with Box(shown, pieces, ("lstm_forward",), slot=take_slot()) as box:
        results = box.run("lstm_forward", calls, exercise.right_helpers)
    assert is_right(Trial(exercise, calls, expected).with_results(results))


def test_what_another_run_may_ask_is_not_answered_to_one_that_may_ask_less():
    known = oracle.get_oracle({"softmax": softmax})
    question = wire.encode(("ask", ("softmax", CALL.arguments, {})))
    known.remember(question, b"an answer")
    assert known.recall(question, 1, oracle.Allowance(1, len(question))) == b"an answer"
    assert known.recall(question, 2, oracle.Allowance(1, len(question))) is None
    assert known.recall(question, 1, oracle.Allowance(1, len(question) - 1)) is None
