"""A card shows what was measured; a nudge, the place and the cause unfold in that order, nothing twice."""

import re

import pytest

from seqgrad.check import Exercise, check
from seqgrad.check.exercises import list_exercises
from seqgrad.check.showing.hints import BY_HAND, make_hints
from seqgrad.check.verdict import KINDS, Finding, Output
from tests.learners import TEXTS, mistakes, notebook, slips


def read_card(verdict):
    """Return what stands on a card, and what unfolds, by title."""
    card = re.sub(r"<svg.*?</svg>", "", verdict._repr_html_())
    shown, *folds = card.split("<details")
    parts = [re.search(r"<summary[^>]*>(.*?)</summary>(.*?)</details>", fold, re.DOTALL) for fold in folds]
    plain = {part[1]: re.sub(r"<[^>]*>", "", part[2]) for part in parts}
    return re.sub(r"<[^>]*>", " ", shown), plain


def test_the_cause_is_the_last_thing_to_unfold():
    """It can be had at once, too; as text there is everything."""
    verdict = check(slips.load("lstm_no_tanh_c"))
    shown, folds = read_card(verdict)
    assert list(folds) == ["A nudge", "Where to look", "The cause"]
    assert "differs in 21 of 21 entries" in shown and "np.tanh" not in shown
    assert folds["The cause"] == verdict.cause.replace("`", "") and verdict.cause in str(verdict)
    assert "np.tanh" not in folds["A nudge"] + folds["Where to look"]


def test_without_a_cause_the_last_hint_says_how_to_find_it():
    verdict = check(mistakes.load("y_sigmoid_from_c"))
    _, folds = read_card(verdict)
    assert folds["How to find it"].startswith("Take n_a = n_x = m = 1") and verdict.cause == ""


def test_the_nudge_of_an_error_stays_at_its_line():
    verdict = check(mistakes.load("axis1_nokeepdims"))
    shown, folds = read_card(verdict)
    assert "line 4" in shown and folds["A nudge"].startswith("Stay at line 4, return")
    assert "The cause" not in folds


def test_a_cause_in_another_function_is_folded_too():
    """What was measured there is not known of this one; that it is another one stands on the card."""
    text = TEXTS["lstm_forward"].replace("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    verdict = check(notebook(lstm_forward=text)["lstm_backward"])
    shown, folds = read_card(verdict)
    assert "lstm_forward, not lstm_backward" in shown and "a view of the array" not in shown
    assert "a view of the array" in folds["The cause"] and "a view of the array" in str(verdict)


def test_the_calls_that_fail_are_named_first():
    """Also where the cause is exact: who sees right numbers has to know why it is wrong all the same."""
    verdict = check(mistakes.load("exp_ratio"))
    assert verdict.outputs[0].sentence.startswith("Far from zero, the result is nan") and verdict.cause
    assert verdict.hints[0] == "The typical call is right. What is different far from zero?"


def test_every_exercise_says_what_can_be_worked_out_by_hand():
    """Sizes are named only where it has them."""
    for exercise in list_exercises():
        assert not {"{", "}"} & set(exercise.by_hand)
        names = {"n_a", "n_x"} & set(re.findall(r"\w+", exercise.by_hand))
        assert not names or exercise.name.endswith(("cell_forward", "cell_backward")), exercise.name
    own = Exercise("half", function=lambda x: x / 2, calls=[(2.0,)])
    assert check(lambda x: x**3 + 1, own).hints[-1] == BY_HAND


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_hints(kind):
    finding = Finding("dx", kind, "The cause.", True)
    hints = make_hints(finding, [Output("dx", False, "value", "`dx` differs."), Output("da0", True)])
    assert hints[0].startswith("Wrong: `dx`. Right: `da0`.") and hints[1].startswith("Look at `dx`: ")
    assert hints[2] == "The cause."


@pytest.mark.parametrize("network", ["rnn", "lstm", "gru"])
def test_who_writes_a_forward_pass_is_not_sent_to_a_gradient(network):
    """The input gate is the gate itself there, and its gradient in the way back."""
    for exercise in list_exercises():
        if exercise.name in (f"{network}_cell_forward", f"{network}_forward"):
            for subject, _ in exercise.words.values():
                _, where, *_ = make_hints(Finding(subject, "wrong source", "So."), (), exercise=exercise)
                assert "gradient" not in where
        elif exercise.name == f"{network}_cell_backward" and network != "rnn":
            _, where, *_ = make_hints(Finding("candidate", "sign", "So."), (), exercise=exercise)
            assert where.startswith("Look at the candidate's gradient: ")


def test_one_wrong_result_is_not_asked_what_it_shares():
    outputs = [Output(name, name == "a", "value", "It differs.") for name in ("c", "a", "y")]
    finding = Finding("c", "wrong source", "The cause.", True)
    assert make_hints(finding, outputs[:2])[0] == (
        "Wrong: `c`. Right: `a`. What goes into `c` and into nothing else?"
    )
    assert make_hints(finding, outputs)[0].endswith("Right: `a`. What do only the wrong ones share?")


def test_an_array_is_named_as_code_where_only_its_printed_entries_are_known():
    finding = Finding("dx", "unknown", "", False)
    outputs = [Output("dx[1][2]", False, "value", "It differs."), Output("dWi[1][2]", True)]
    assert make_hints(finding, outputs)[1] == "Look at `dx`: which of your lines lead to it?"


def test_what_is_wrong_is_written_as_code_where_it_is_an_argument_or_is_returned():
    """Or a part of the cache, whatever was compared."""
    exercise = next(one for one in list_exercises() if one.name == "lstm_cell_forward")
    for subject in ("xt", "yt_pred", "cct", "c_prev, c_next"):
        _, where, *_ = make_hints(Finding(subject, "sign", "So."), (), exercise=exercise)
        assert where.startswith("Look at " + ", ".join(f"`{part}`" for part in subject.split(", ")) + ":")
