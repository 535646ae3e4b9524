"""The overview counts what happened, says who to look for, and accuses nobody."""

import functools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.check import Finding
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.naming.known.known import know
from seqgrad.check.reading.stub import stub
from seqgrad.check.verdict import KINDS
from tests import learners, pages
from tests import results as made
from tools.gradebook import alike, causes, charts, overview, results, roll
from tools.students import roster


@functools.cache
def a_class():
    """Return the results of a small class."""
    return [
        made.of("anna", "carried_accumulate"),
        made.of("ben", "carried_accumulate", "y_sigmoid_from_c"),
        made.of("carla"),
        made.of("dan", absent=list(made.POINTS)),
        made.of("eve", "list_transpose", absent=["lstm_cell_forward", "lstm_forward", "lstm_backward"]),
        made.of("finn", "list_transpose"),
    ]


def surveyed(*data):
    """Return the Survey of samples."""
    parsed = (results.parse_result(one["student"], one) for one in data or a_class())
    return overview.survey(map(overview.keep, parsed))


def text_of(html):
    """Return what a person reads, runs of blanks as one."""
    return " ".join(pages.check(html).text.split())


def test_outcomes_scores_and_totals_are_counted():
    survey = surveyed()
    assert (survey.title, survey.points) == ("seqgrad 04, 05", 7500)
    assert overview.count_outcomes(survey, "lstm_backward") == {
        "passed": 2,
        "wrong": 2,
        "raised": 0,
        "not attempted": 2,
    }
    scores = sorted(results.to_hundredths(one["score"]) for one in a_class())
    assert list(survey.totals) == scores
    assert sum(survey.sums.values()) == sum(scores)


def test_mistakes_are_counted_by_student_the_most_frequent_first():
    survey = surveyed()
    ranked = [(count, one.function, one.kind) for one, count in causes.rank(survey.mistakes)]
    assert ranked[:2] == [(2, "lstm_backward", "extra term"), (2, "lstm_cell_backward", "exception")]
    assert (1, "lstm_cell_forward") in [(count, function) for count, function, _ in ranked]
    assert survey.causes["exception"] == 2  # students, and not mistakes


def test_a_mistake_is_the_same_whoever_makes_it_in_whichever_line_with_whichever_numbers():
    measured = "`dx` differs in 105 of 126 entries, most at [1, 0, 0]: yours 0.3558, expected -1.4e-05."
    other = "`dx` differs in 4 of 126 entries, most at [2, 1, 5]: yours nan, expected 0.1."
    assert causes.generalize(Finding("dx", "unknown", measured)) == causes.generalize(
        Finding("dx", "unknown", other)
    )
    assert "dW1" in causes.generalize(Finding("dW1", "shape", "`dW1` has shape (3, 5)."))
    raised = "In line {}, `{}`: `x` is None: it has not been computed."
    assert (
        causes.generalize(Finding("f", "exception", raised.format(8, "a = x[0]"), True))
        == causes.generalize(Finding("f", "exception", raised.format(31, "b = x(1) # `"), True))
        == "`x` is None: it has not been computed."
    )
    exact = "c[:, :, 0] is a view; 1 - a_next**2 is missing."
    assert causes.generalize(Finding("c", "overwritten", exact, True)) == exact


def test_the_page_holds_chart_and_table_and_both_in_words():
    html = overview.to_html(surveyed(), ["roster.csv is odd."])
    said, found = text_of(html), pages.check(html)
    told = [attrs["aria-label"] for attrs in found.all("svg")]
    assert len(told) == 3 + len(made.POINTS)  # and a chart for each exercise
    assert "lstm_backward: 2 passed, 2 wrong, 0 raised, 2 not attempted" in told[0]
    assert "0 to 10%: 2" in told[1]
    assert told[2].startswith("Mistakes by cause, with the number of students. ")
    assert "A term that does not belong there: 2" in told[2]
    assert "lstm_backward233%da_prev and dc_prev are added up over the steps" in said
    headings = [text for text in causes.CAUSES.values() if f"<h3>{text}</h3>" in html]
    assert set(headings) == {causes.describe(kind) for kind in surveyed().causes}
    assert "6 submissions; of 75 points the median is" in said
    assert "What needs a look firstroster.csv is odd." in said


def test_each_mistake_stands_below_the_cause_of_its_kind():
    survey = surveyed()
    _, *sections = causes.to_html(survey.mistakes, survey.causes, 6).split("<h3>")
    for section in sections:
        (kind,) = (kind for kind in survey.causes if section.startswith(f"{causes.describe(kind)}<"))
        of_kind = {one.function for one in survey.mistakes if one.kind == kind}
        assert set(re.findall(r"<code>(\w+)</code></t", section)) == of_kind


def test_every_kind_of_finding_has_a_cause_in_words():
    assert set(causes.CAUSES) == set(KINDS)


def test_the_class_is_listed_by_name_with_points_links_and_what_has_to_be_looked_at():
    data = made.of("carla")
    data["exercises"][0] |= {"outcome": "raised", "score": 7.5}
    data["score"] -= 7.5
    survey = surveyed(made.of("dan", absent=list(made.POINTS)), data, made.of("ben", notes=["One.", "Two."]))
    names = {"dan": "Abe <Dan>", "carla": "Zoe", "ben": "Mo"}
    html = roll.to_html(survey.rows, survey.points, names, "../feed back")
    said = " ".join(re.sub("<[^>]*>", " ", html).split())
    assert "3 of 3 need a look." in said
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', html) == [
        ("../feed%20back/dan.html", "Abe &lt;Dan&gt;"),
        ("../feed%20back/ben.html", "Mo"),
        ("../feed%20back/carla.html", "Zoe"),
    ]
    assert "dan 0 attempted nothing" in said and "ben 75 2 notes on what was handed in" in said
    assert "lstm_cell_forward: passed on their own inputs, raised on the hidden ones" in said
    html = roll.to_html(surveyed(made.of("eve")).rows, 7500)
    assert "Nobody needs a look." in html and "To look at" not in html


def test_a_long_list_of_the_class_is_cut_and_says_where_all_are():
    rows = [roll.Row(f"s{number:04}", f"s{number:04}", 100, ()) for number in range(roll.LISTED + 5)]
    html = roll.to_html(rows, 7500)
    assert html.count("<tr>") == roll.LISTED + 1 and "5 more; gradebook.csv has all of them." in html


def test_who_is_in_the_roster_is_matched_without_regard_to_case():
    students = [roster.Student("Anna", "Meier, Anna"), roster.Student("ben"), roster.Student("gone", "Gina")]
    people = roll.match_people(students, {"anna": 100, "ben": 0, "new": 0})
    assert people == roll.People({"anna": "Meier, Anna"}, ("Gina (gone)",), ("new",))


@pytest.mark.parametrize(("counts", "blocks"), [([2, 0, 1], 3), ([0, 9, 1], 2)])
def test_where_a_class_is_small_each_student_is_a_block_of_the_chart(counts, blocks):
    assert charts.draw_histogram(counts, "words").count("<rect") == blocks


def test_a_bar_is_as_long_as_the_share_of_the_class():
    chart = charts.draw_bars([("One", 1), ("All", 4)], 4, "words")
    assert re.findall(r'width="([\d.]+)%" height="10.0"', chart) == ["100.00", "25.00", "100.00", "100.00"]


def test_who_did_not_run_and_who_is_missing_is_named():
    people = roll.People({}, ("Gone, Gina (gina)",), ("carla",))
    said = text_of(overview.to_html(surveyed(), (), people))
    assert "Attempted nothing: 1dan." in said
    assert "Every attempt ended in an exception: 1eve." in said
    assert "In the roster, without a result: 1Gone, Gina (gina)." in said
    assert "With a result, not in the roster: 1carla." in said
    lines = overview.to_text(surveyed(), ["Odd."], people).splitlines()
    assert "In the roster, without a result: 1" in lines and "Odd." in lines


def test_long_lists_are_cut_and_say_so():
    names = tuple(f"s{i}" for i in range(1000))
    html = overview.fold_names("All", names)
    assert "s299 and 700 more." in html and "s300" not in html


def test_unsafe_is_said_on_page_and_terminal():
    survey = surveyed(made.of("anna", unsafe=True), made.of("ben"))
    assert "Beware. 1 of 2: " + results.UNSAFE in text_of(overview.to_html(survey))
    assert "Beware. 1 of 2: " + results.UNSAFE in overview.to_text(survey)


def renamed(text):
    """Return a function with other names, spaces, comments and annotations, and without its docstring."""
    for number, name in enumerate(("gradients", "concat", "caches", "dot", "parameters", "a_next")):
        text = re.sub(rf"(?<![.\"'\w]){name}(?![\"'\w])(?!=)", f"my_{number}", text)
    text = text.replace(" = ", "  =  ").replace("    return", "    # the end\n\n    return")
    return re.sub(r"^    my_1  = ", "    my_1: object = ", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in learners.TEXTS if name not in ("softmax", "sigmoid")])
def test_renaming_and_formatting_change_nothing(name):
    text = learners.TEXTS[name]
    other = renamed(text.replace(":\n", ':\n    """Words."""\n', 1))
    assert other != text
    assert alike.hash_text(other, name) == alike.hash_text(text, name) != 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" + ", " - "),
        ("axis=0", "axis=1"),
        ("np.tanh", "np.sinh"),
        ('"Wf"', '"Wi"'),
        ("[:, :n_a]", "[:, :n_x]"),
    ],
)
def test_what_changes_the_function_changes_the_digest(before, after):
    text = learners.TEXTS["lstm_cell_backward"]
    assert before in text
    changed = text.replace(before, after, 1)
    assert alike.hash_text(changed, "lstm_cell_backward") != alike.hash_text(text, "lstm_cell_backward")


def test_names_are_numbered_one_to_one():
    """Else a function that mixes two variables up would be the same as one that does not."""
    body = "def f({0}, {1}):\n    {0} = {0} + 1\n    {1} = {1} * 2\n    c = {0}\n    return c, {1}\n"
    one, other = body.format("a", "b"), body.format("b", "a")
    mixed = one.replace("c = a", "c = b")
    assert alike.hash_text(one, "f") == alike.hash_text(other, "f") != alike.hash_text(mixed, "f")


@pytest.mark.parametrize(
    "source",
    ["", "def f(:", "x = 1", "def g(): pass", "def f():\n    return 1\n", "\x00", "(" * 5000, "a" * 9],
)
def test_what_is_no_function_or_a_short_one_is_not_compared(source):
    assert alike.hash_text(source, "f") == 0


@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda exercise: exercise.name)
def test_the_stub_is_not_compared_and_the_courses_own_text_is_known(exercise):
    own, name = alike.read_own_text(exercise), exercise.name
    assert alike.hash_text(stub(own), name) == 0
    for text in (own, *know(exercise).texts):
        assert alike.hash_text(text, name) in alike.hash_known(name) | {0}


@given(st.lists(st.integers(0, 5)))
def test_groups_are_the_places_of_equal_digests(digests):
    expected = {
        digest: [place for place, one in enumerate(digests) if one == digest]
        for digest in set(digests) - {0}
        if digests.count(digest) > 1
    }
    assert dict(alike.group_alike(digests)) == expected


def test_groups_are_shown_as_a_place_to_look_and_the_courses_own_text_is_excused():
    own = alike.read_own_text(find_exercise("lstm_backward"))
    data = [made.of(name) for name in ("anna", "ben", "carla", "dan")]
    for number, one in enumerate(data):
        for part in one["exercises"]:
            part["source"] = ""
        text = own if number < 2 else learners.TEXTS["lstm_backward"]
        one["exercises"][3]["source"] = text if number % 2 else renamed(text)
    survey = surveyed(*data)
    assert [(one.students, one.own) for one in survey.alike] == [
        (("carla", "dan"), False),
        (("anna", "ben"), True),
    ]
    said = text_of(overview.to_html(survey))
    assert "A place to look, not a proof." in said
    assert "lstm_backward2passeda text of the courseanna, ben" in said
    assert "plagiari" not in said and "cheat" not in said
