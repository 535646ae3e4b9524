"""What stands in a text is read as it was meant, or not at all."""

import pytest

from seqgrad.check.naming.fields import read_fields, read_lines, read_value
from seqgrad.check.naming.plain import make_plain

MINUS, NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


def numbers(text):
    """Return the numbers of each field, by its label."""
    return {field.label: field.numbers for field in read_fields(text)}


@pytest.mark.parametrize(
    "text",
    [
        'gradients["dx"][1][2] = [-0.5  0.25]',
        f"gradients[“dx”][1][2]{NO_BREAK}={NO_BREAK}[{MINUS}0.5 0.25]",
        "gradients['dx'][1][2]: [\N{EN DASH}0.5, 0.25]",
        "gradients[&quot;dx&quot;][1][2] = [&minus;0.5&nbsp;&nbsp;0.25]",
        "dx[1][2] = array([-0.5 ,  0.25])",
        "dx[1][2] = tensor([-0.5, 0.25], dtype=torch.float64, grad_fn=<SelectBackward0>)",
        "dx[1][2] = [np.float64(-0.5), np.float64(0.25)]",
        "dx[1, 2] = [-0.5 0.25]",
        "dx[1][2] = [- 0.5 0.25]",
        "dx[1][2] = [-0.5\n 0.25]",
        "dx[1][2] = [-0.\n5 0.25]",
        "dx[1][2] = [-0.5 0.2\n5]",
        "dx[1][2] is [-0.5 0.25]",
        "| dx[1][2] | [-0.5 0.25] |",
        "<tr><td> dx[1][2] = </td>\n<td> [-0.5 0.25] </td></tr>",
        "> > dx[1][2] = [-0.5 0.25]",
        "dx\u200b[1][2] = [-0.5\ufeff 0.25]",
        "ｄｘ［１］［２］＝［－０．５ ０．２５］",
        "\x1b[1mdx[1][2]\x1b[0m = [-0.5 0.25]",
        r'"gradients[\"dx\"][1][2] = [-0.5  0.25]\n",',
        "1: x\n2: dx[1][2] = [-0.5\n3: 0.25]",
        "dx_tmp[1][2] = [-0.5 0.25]",
    ],
)
def test_the_same_numbers_are_read_through_every_dressing(text):
    assert numbers(text) == {"dx[1][2]": ("-0.5", "0.25")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[0,59584544 0,18141802]", ("0.59584544", "0.18141802")),
        ("[0,59584544; -0,18141802]", ("0.59584544", "-0.18141802")),
        ("-0,46", ("-0.46",)),
        ("[0.5,0.25]", ("0.5", "0.25")),
        ("[1, 2]", ("1", "2")),
    ],
)
def test_a_comma_is_a_decimal_one_only_where_it_can_be_nothing_else(value, expected):
    assert numbers(f"dx[1][2] = {value}") == {"dx[1][2]": expected}


def test_a_shape_is_never_read_with_decimal_commas():
    assert numbers("dx.shape = (3,10)") == {"dx.shape": ("3", "10")}


@pytest.mark.parametrize("value", ["[0.1 ... 0.4]", "[0.1 x 0.4]", "0.4.6", "None"])
def test_what_is_no_number_is_not_read_in_part(value):
    (line,) = read_lines(f"dx[1][2] = {value}")
    assert line.problem and line.field.numbers == ()


@pytest.mark.parametrize(
    "text",
    [
        "mine: dx[1] = 0.125 expected: dx[1] = 0.25",
        "dx[1] = 0.125 (expected 0.25)",
        "dx[1]: expected 0.25, got 0.125",
        "dx[1] = 0.125, but should be 0.25",
        "| | Expected | Mine |\n|-|-|-|\n| dx[1] | 0.25 | 0.125 |",
        "Expected output:\ndx[1] = 0.25\nMy output:\ndx[1] = 0.125",
    ],
)
def test_mine_and_expected_are_told_from_each_other_in_any_order(text):
    assert {line.expected: line.field.numbers for line in read_lines(text)} == {
        True: ("0.25",),
        False: ("0.125",),
    }


def test_a_dash_between_words_is_no_sign_and_a_number_of_a_line_no_value():
    assert make_plain("RNN \N{EN DASH} my numbers") == "RNN - my numbers"
    assert make_plain("  7  a\n  8  b\n  9  c") == "a\nb\nc"


@pytest.mark.parametrize(
    ("text", "value", "left"),
    [
        ("= [1 [2]]) and", "[1 [2]]", ") and"),
        ("= (3, 4)\nx", "(3, 4)", "\nx"),
        ("= -1.5e3, y", "-1.5e3", ", y"),
        ("= 7.", "7", "."),
    ],
)
def test_a_value_ends_at_its_bracket_or_before_the_punctuation(text, value, left):
    found, end = read_value(text, 2)
    assert (found, text[end:]) == (value, left)
