"""The rule by which a mistake counts once: what follows from it costs nothing, and it never gives less."""

from dataclasses import replace

import pytest

from tests import results as made
from tests.learners import mistakes
from tests.marks import sample
from tools.gradebook import credit, feedback, results

SLIPS = [
    slip
    for slip, (function, *_) in mistakes.MISTAKES.items()
    if function in made.POINTS and not function.startswith("rnn")
]


def score_both(*slips):
    """Return the exercises of a student who made mistakes: by outputs, and with mistakes counted once."""
    whole = results.parse_result("anna", made.of("anna", *slips))
    once = credit.apply_rule(whole, "once")
    return {one.name: (one, two) for one, two in zip(whole.exercises, once.exercises, strict=True)}


@pytest.mark.parametrize("slip", sample(SLIPS[::4], 6))
def test_it_never_gives_less_nor_all_of_it_and_says_why(slip):
    for before, after in score_both(slip).values():
        assert before.score <= after.score <= before.points
        assert bool(after.rule) == (after.score > before.score)
        if after.rule:
            assert after.score < after.points and after.by_outputs == before.score
            assert before.outcome == "wrong" and all(one.exact for one in before.verdict.findings)


@pytest.mark.parametrize("slips", sample([["carried_accumulate"], SLIPS], 2), ids=len)
def test_a_mistake_whose_consequences_are_everything_costs_one_output(slips):
    gains = {}
    for slip in slips:
        name = mistakes.MISTAKES[slip][0]
        before, after = score_both(slip)[name]
        gains[slip] = after.score - before.score
        if after.rule and len(after.verdict.findings) == 1:
            outputs = len(after.outputs)
            assert after.score == round(after.points * (1 - 1 / outputs))
            sentence = "One mistake explains all wrong numbers. It costs "
            assert after.rule.startswith(sentence) and "output by output, the score would be" in after.rule
    assert max(gains.values()) > 1000


def test_a_mistake_that_is_only_supposed_is_not_credited():
    before, after = score_both("carried_accumulate")["lstm_backward"]
    assert after.rule
    findings = tuple(replace(one, exact=False) for one in before.verdict.findings)
    for unsure in (findings, ()):
        verdict = replace(before.verdict, findings=unsure)
        exercise = replace(before, verdict=verdict)
        whole = replace(results.parse_result("anna", made.of("anna")), exercises=(exercise,))
        assert credit.apply_rule(whole, "once").exercises == (exercise,)


def test_the_output_wise_rule_is_the_default_and_changes_nothing():
    whole = results.parse_result("anna", made.of("anna", SLIPS[0]))
    assert credit.apply_rule(whole, "outputs") is whole


def test_the_page_says_how_the_points_came_about():
    for slip in SLIPS:
        whole = credit.apply_rule(results.parse_result("anna", made.of("anna", slip)), "once")
        if rules := [one.rule for one in whole.exercises if one.rule]:
            page = feedback.to_html(whole)
            assert all(rule in page for rule in rules)
            return
    pytest.fail("no mistake is counted once")
