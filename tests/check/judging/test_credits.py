"""What a function earns: nothing without the whole, a share for each output, and points that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seqgrad
from seqgrad.check import check
from seqgrad.check.diagnose import try_alone
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import prepare
from seqgrad.check.judging.judge import give_credits, judge
from seqgrad.check.learner import Learner
from seqgrad.check.points import average, earn, split_points
from tests.learners import mistakes
from tests.marks import sample

FORMS = {
    "None": lambda right: None,
    "a text": lambda right: "text",
    "a number": lambda right: 7,
    "a function": lambda right: len,
    "an empty tuple": lambda right: (),
    "an empty dict": lambda right: {},
    "a tuple for a dict, a dict for anything else": lambda right: (
        tuple(right.values()) if isinstance(right, dict) else {"a": right}
    ),
    "one value too few": lambda right: right[:-1] if isinstance(right, tuple) else None,
    "one value too many, in front": lambda right: (0.5, *right) if isinstance(right, tuple) else (0.5, right),
    "a tuple in a tuple": lambda right: (right,),
}


@pytest.mark.parametrize("form", sample(FORMS, 8))
@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda exercise: exercise.name)
def test_without_the_whole_no_part_is_right(exercise, form):
    """A result of the wrong form earns nothing, and the verdict says of each output that it is wrong."""

    def write(*given):
        return FORMS[form](exercise.function(*given))

    learner = Learner(write, exercise)
    trial = try_alone(learner, prepare(exercise))
    assert {credit for _, credit in give_credits(trial)} == {0.0}
    verdict = judge(trial, learner.computes, learner.is_blank)
    assert verdict.outcome == "wrong" and verdict.credit == 0.0
    assert verdict.outputs and not any(output.right for output in verdict.outputs)


RETURNED = {"2 values": (1, 2), "None": None, "1 value": (1,), "a float": 7.0}


@pytest.mark.parametrize("words", sample(RETURNED, 4))
def test_the_sentence_says_how_many_values_were_returned_and_which_are_expected(words):
    def give(xt, a_prev, c_prev, parameters):
        return max([RETURNED[words]])

    names = "a_next, c_next, yt_pred, cache"
    said = f"`lstm_cell_forward` returned {words}, but 4 values are expected: {names}."
    assert said in str(check(give, "lstm_cell_forward"))


def test_a_tuple_in_place_of_a_dict_is_told():
    verdict = check(lambda *given: tuple(given), "rnn_cell_backward")
    assert "`rnn_cell_backward` returned a tuple of 2, but a dict is expected." in str(verdict)


@pytest.mark.parametrize("identity", sample(mistakes.MISTAKES, 12))
def test_an_output_has_one_key_whatever_is_wrong_within_it(identity):
    """So the credits of a wrong function are of the same things as those of the right one."""
    exercise = find_exercise(mistakes.MISTAKES[identity][0])
    credits = {}
    for function in (exercise.function, mistakes.load(identity)):
        trial = try_alone(Learner(function, exercise), prepare(exercise))
        credits[function] = [name for name, _ in give_credits(trial) if name != "side effects"]
    right, wrong = credits.values()
    assert right == wrong == list(dict.fromkeys(wrong))


def test_a_credit_is_the_share_of_the_calls_in_which_an_output_is_right():
    """Epsilon under Adam's root shows in three of six calls, in the parameters alone."""
    verdict = check(mistakes.load("epsilon_under_the_root"))
    exercise = find_exercise("update_parameters_with_adam")
    trial = try_alone(Learner(mistakes.load("epsilon_under_the_root"), exercise), prepare(exercise))
    assert dict(give_credits(trial)) == {"parameters": 0.5, "v": 1.0, "s": 1.0}
    assert verdict.points(15).earned == 12.5
    assert [output.name for output in verdict.outputs if not output.right] == ["parameters"]


def test_a_part_of_the_caches_counts_as_the_caches():
    def forward(x, a0, parameters):
        a, y_pred, (steps, _) = seqgrad.rnn_forward(x, a0, parameters)
        return a, y_pred, ([(2 * a_next, *more) for a_next, *more in steps], x)

    exercise = find_exercise("rnn_forward")
    trial = try_alone(Learner(forward, exercise), prepare(exercise))
    assert dict(give_credits(trial)) == {"a": 1.0, "y_pred": 1.0, "caches": 0.0}


@given(
    st.integers(1, 100), st.lists(st.fractions(0, 1, max_denominator=12).map(float), min_size=1, max_size=12)
)
def test_points_that_are_shown_add_up(most, credits):
    """Of what was earned and of what could be; nobody has more than could be had, all of a full credit."""
    score = earn(most, average(credits))
    pairs = split_points(score, 100 * most, credits)
    assert sum(earned for earned, _ in pairs) == score
    assert sum(possible for _, possible in pairs) == 100 * most
    assert all(0 <= earned <= possible for earned, possible in pairs)
    assert all(
        abs(100 * most * credit / len(credits) - earned) < 1
        for (earned, _), credit in zip(pairs, credits, strict=True)
    )
    if set(credits) == {1.0}:
        assert all(earned == possible for earned, possible in pairs)


def test_points_of_an_exercise_with_eleven_outputs_add_up():
    """An output of 2.27 points never has 2.28."""
    pairs = split_points(earn(25, 10.92 / 11), 2500, [1.0] * 10 + [0.92])
    assert sum(earned for earned, _ in pairs) == 2482 and all(
        earned <= possible for earned, possible in pairs
    )
