"""Two functions that are the same after renaming stand side by side, without what was given."""

from tests import learners, pages
from tools.gradebook import alike
from tools.gradebook.compare import compare, read_given

NAME = "lstm_cell_forward"
TEXT = learners.TEXTS[NAME]
RENAMED = TEXT.replace("concat", "both")


def test_what_was_renamed_is_marked_and_nothing_else():
    assert RENAMED != TEXT and alike.hash_text(TEXT, NAME) == alike.hash_text(RENAMED, NAME)
    html = compare(NAME, ("ada", "finn"), [TEXT, RENAMED])
    pages.Page(html)
    marked = {part.partition("</mark>")[0] for part in html.split("<mark>")[1:]}
    assert marked <= {"concat", "both", "concatenate"} and {"concat", "both"} <= marked


def test_comments_docstrings_and_annotations_make_no_difference():
    other = RENAMED.replace(":\n", ':\n    """Mine."""\n    # a comment\n', 1)
    assert compare(NAME, ("ada", "finn"), [TEXT, other]) == compare(NAME, ("ada", "finn"), [TEXT, RENAMED])


def test_the_lines_that_everybody_was_given_are_taken_out():
    given = read_given(NAME)
    assert "return (a_next, c_next, yt_pred, cache)" in given
    html = compare(NAME, ("ada", "finn"), [TEXT, RENAMED])
    assert "def lstm_cell_forward" not in html and "return" not in html


def test_what_is_no_pair_is_not_shown():
    assert compare(NAME, ("ada", "finn"), [TEXT, TEXT.replace("    return", "    x = 1\n    return")]) == ""


def test_what_is_nested_too_deeply_to_be_written_out_is_not_shown():
    """The groups list it; the digest that makes them goes through a text step by step, at any depth."""
    text = TEXT.replace("    return", f"    x = 1{' + 0' * 1200}\n    return")
    assert alike.hash_text(text, NAME)
    assert compare(NAME, ("ada", "finn"), [text, text]) == ""
