"""A student's page: what is on it, what must never be, and that it can be read by everybody."""

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.points import split_points
from seqgrad.check.reading.stub import stub
from tests import pages
from tests import results as made
from tests.learners import mistakes
from tests.marks import exhaustive, sample
from tools.gradebook import alike, feedback, page, results

EVIL = (
    '<script>alert("x")</script>\'"><img src=x onerror=alert(1)>&lt;\u202egnp.exe\x1b[31mred\x1b[0m\x00`<b>`'
)


def written(*slips, **changes):
    """Return the page of a sample."""
    return feedback.to_html(results.parse_result("anna", made.of("anna", *slips, **changes)))


def text_of(page_html):
    """Return what a person reads, runs of blanks as one."""
    return " ".join(pages.check(page_html).text.split())


def test_a_page_has_everything_in_one_file_and_asks_for_nothing():
    one = written(
        "carried_accumulate", "y_sigmoid_from_c", absent=["lstm_forward"], unsafe=True, notes=["Note."]
    )
    found = pages.check(one)
    policy = next(attrs for attrs in found.all("meta") if "http-equiv" in attrs)
    assert policy["content"].startswith("default-src 'none'")
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in found.all("meta")
    assert len(one) < 100_000


def test_a_page_says_what_it_came_to_by_exercise_and_by_output():
    said = text_of(written("y_sigmoid_from_c", absent=["lstm_backward"]))
    assert "51.25 of 75 points" in said
    assert "lstm_cell_forward 11.25 of 15 points" in said
    assert "a_next100%3.75 of 3.75" in said.replace(" a_next", "a_next")
    assert "yt_pred0%0 of 3.75" in said
    assert "No function lstm_backward was found in what you handed in." in said


@pytest.mark.parametrize("slip", ["v3_equations", "both_views", "wrong_name", "no_da_prevt", "coupled_gate"])
def test_a_page_shows_the_verdict_as_the_notebook_does(slip):
    verdict = made.exercise(mistakes.MISTAKES[slip][0], slip, absent=False)["verdict"]
    one = written(slip)
    for sentence in results.parse_verdict(verdict).sentences():
        assert " ".join(sentence.replace("`", "").split()) in text_of(one)
    assert results.parse_verdict(verdict)._repr_html_() in one
    assert one.count("<details") == len(verdict["hints"]) + 3  # the hints, and the numbers of what is right
    assert bool(verdict["picture"]) == ("Which step reaches which." in one)


def test_printed_numbers_stand_beside_the_expected_with_differing_digits_marked():
    assert feedback.mark_differing("0.23055911", "0.23055911") == "0.23055911"
    assert feedback.mark_differing("0.23999", "0.23055") == "0.23<mark>999</mark>"
    assert feedback.mark_differing("-0.2", "0.2") == "<mark>-0.2</mark>"
    assert feedback.mark_differing("12", "123") == "<mark>12</mark>"
    assert feedback.mark_differing("[1.5 <b>]", "[1.4 2.5]") == "[1.<mark>5</mark> <mark>&lt;b&gt;</mark>]"
    assert feedback.mark_differing("(3, 5)", "(5, 3)") == "(<mark>3</mark>, <mark>5</mark>)"
    assert feedback.mark_differing("1 2 3", "1 2") == "<mark>1 2 3</mark>"
    assert feedback.mark_differing("0.23055912", "0.23055911") == "0.23055912"  # a rounding of the last digit
    assert "nothing" in feedback.mark_differing("", "1.0") and "nothing" in feedback.mark_differing(
        "–", "1.0"
    )
    one = written("no_dc_prevt")
    assert "gradients[&quot;dx&quot;][1][0][0]" in one and "<mark>" in one
    assert "differs" in text_of(one)
    assert "<summary>Your printed numbers, all as expected</summary>" in one


def test_marks_by_output_add_up_to_the_score():
    """Each row is rounded so that the column adds up, whatever the number of outputs."""
    for credits in ([1, 0, 1], [1] * 6 + [0], [0.5, 1, 0.25, 1, 1, 1, 1], [1, 1, 0.3]):
        score = round(2500 * sum(credits) / len(credits))
        outputs = tuple((f"o{i}", float(credit)) for i, credit in enumerate(credits))
        exercise = results.Exercise("f", "04", 2500, score, "wrong", "", outputs, None, (), "", "")
        cells = re.findall(r"([\d.]+) of ([\d.]+)", feedback.format_credits(exercise))
        assert all(results.to_hundredths(mine) <= results.to_hundredths(most) for mine, most in cells)
        assert sum(results.to_hundredths(cell) for cell, _ in cells) == score
        assert sum(results.to_hundredths(cell) for _, cell in cells) == 2500


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 2 / 3, 1.0]), min_size=1, max_size=13), st.integers(1, 40))
def test_nobody_has_more_for_an_output_than_it_is_worth(credits, points):
    """With 25 points for 11 outputs, what is right once had 2.28 of 2.27."""
    score = results.to_hundredths(round(points * sum(credits) / len(credits), 2))
    parts = split_points(score, 100 * points, credits)
    if parts:  # where a hundredth can find no place, the column is left out
        assert [sum(column) for column in zip(*parts, strict=True)] == [score, 100 * points]
    else:
        assert 0 < sum(0 < credit < 1 for credit in credits) or score == 0
    for (earned, possible), credit in zip(parts, credits, strict=False):
        assert 0 <= earned <= possible
        assert credit < 1 or earned == possible
        assert credit > 0 or earned == 0


def test_where_rows_cannot_add_up_to_the_score_no_points_stand_beside_them():
    assert split_points(750, 1500, [1, 1, 1]) == []
    exercise = results.Exercise("f", "04", 1500, 750, "wrong", "", (("a", 1.0), ("b", 1.0)), None, (), "", "")
    assert " of " not in feedback.format_credits(exercise) and "100%" in feedback.format_credits(exercise)


def test_who_attempted_nothing_has_a_short_page():
    html = written(absent=list(made.POINTS), notes=["04_lstm_forward.ipynb, cell 3: left out."], unsafe=True)
    said = text_of(html)
    assert "0 of 75 points" in said and "None of the functions was attempted" in said
    assert "cell 3: left out." in said and "Graded: 04_lstm_forward.ipynb" in said and "Beware" in said
    assert len(said.split()) < 140 and "<table" not in html


def test_marks_and_verdict_may_part_ways_and_the_page_says_so():
    data = made.of("anna")
    data["exercises"][0] |= {"outcome": "raised", "score": 7.5}
    data["score"] -= 7.5
    said = text_of(feedback.to_html(results.parse_result("anna", data)))
    assert "✓ lstm_cell_forward: passed" in said
    assert "On the hidden inputs, for which marks are given: raised." in said
    assert said.count("On the hidden inputs, for which") == 1


@pytest.mark.parametrize(
    "where", ["student", "notes", "files", "title", "where", "stderr", "printed", "verdict"]
)
def test_nothing_that_comes_from_a_student_can_act(where):
    data = made.of("anna", "y_sigmoid_from_c")
    first = data["exercises"][0]
    if where in ("notes", "files"):
        data[where] = [EVIL]
    elif where == "title":
        data["assignment"] = data["assignment"] | {"title": EVIL}
    elif where == "printed":
        first["printed"] = [{"what": EVIL, "yours": EVIL, "expected": "1"}]
    elif where == "verdict":
        finding = {"subject": EVIL, "kind": "unknown", "sentence": EVIL, "exact": False}
        first["verdict"]["findings"] = [finding]
        first["verdict"] |= {"hints": [EVIL] * 3, "culprit": EVIL}
    else:
        (data if where == "student" else first)[where] = EVIL
    one = feedback.to_html(results.parse_result("anna", data))
    pages.check(one)
    assert "<script" not in one and "<img" not in one and "<b>" not in one
    assert not {"\u202e", "\x1b", "\x00"} & set(one)
    assert html.escape("<script>") in one and "&lt;U+202E&gt;gnp.exered&lt;U+0000&gt;" in one


@exhaustive
def test_endless_text_is_cut_short():
    million = "x" * 1_000_000
    data = made.of("anna", "y_sigmoid_from_c", notes=[million] * 200, files=[million])
    data["exercises"][0] |= {"stderr": million, "where": million}
    one = feedback.to_html(results.parse_result("anna", data))
    assert len(one) < 600_000
    assert "… (996,000 more characters)" in one and "There are 100 more remarks." in one


@pytest.mark.parametrize("name", sample(made.POINTS, 4))
def test_no_page_holds_a_line_of_a_solution(name):
    """Of what the stub leaves out; where it raises, a student's own line is quoted, so that is not asked."""
    text = alike.read_own_text(find_exercise(name))
    given = {line.strip() for line in stub(text).split("\n")}
    secret = {line.strip() for line in text.split("\n")} - given
    slips = [slip for slip, (function, *_) in mistakes.MISTAKES.items() if function == name]
    for slip in slips:
        one = made.exercise(name, slip, absent=False)
        if one["outcome"] != "raised":
            page_text = html.unescape(re.sub("<[^>]*>", "", written(slip)))
            assert not [line for line in secret if len(line) > 8 and line in page_text]


def test_a_page_holds_nothing_of_the_source_and_of_the_hidden_inputs_shares_alone():
    data = made.of("anna", "y_sigmoid_from_c")
    for part in data["exercises"]:
        part["source"] = f"def {part['name']}():\n    return 'source of mine'\n"
    one = feedback.to_html(results.parse_result("anna", data))
    assert "source of mine" not in one
    assert {exercise.name for exercise in list_exercises()} >= {part["name"] for part in data["exercises"]}


def test_unsafe_is_said_first_of_all():
    said = text_of(written(unsafe=True))
    assert said.index("Beware. " + results.UNSAFE) < said.index("Your exercises")
    assert "Beware" not in text_of(written())


def luminance(colour):
    """Return the relative luminance of a colour such as #1c1e21, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_text_has_the_contrast_that_wcag_asks_for(theme):
    """At least 4.5 for text; the themes are the first two blocks of colours."""
    colour = dict(re.findall(r"--(\w+): (#\w{6})", page.STYLE.split("@media")[theme]))
    for ground in ("ground", "panel"):
        for kind in ("text", "soft", "link", "alarm"):
            assert contrast(colour[kind], colour[ground]) >= 4.5, (kind, ground)
    assert contrast(colour["text"], colour["mark"]) >= 4.5


def test_headings_go_down_one_by_one_and_each_exercise_has_one():
    found = pages.check(written("carried_accumulate"))
    headings = [name for name, _ in found.tags if name in ("h1", "h2", "h3")]
    assert headings == ["h1"] + ["h2"] * 5
    assert all(int(b[1]) - int(a[1]) <= 1 for a, b in pairwise(headings))
