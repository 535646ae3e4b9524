"""Bytes become text and a notebook whatever program has written them, or there is a reason why not."""

import codecs
import json

import nbformat
import pytest

from tools import reading

TEXT = "# %%\nx = 'Béla'\n"
CELLS = [
    {"cell_type": "code", "source": ["x = 1\n", "y"], "metadata": {}, "outputs": [], "execution_count": 3},
    {"cell_type": "markdown", "source": "Text", "metadata": {}},
]


def notebook(**changes):
    """Return the text of a notebook with something changed."""
    return json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | changes)


def reason(read, *arguments):
    with pytest.raises(reading.Unreadable) as unreadable:
        read(*arguments)
    return str(unreadable.value)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
        ("utf-32", "UTF-32"),
        ("utf-32-le", "UTF-32-LE"),
        ("utf-32-be", "UTF-32-BE"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_encoding_that_editors_write(encoding, name, line_end):
    assert reading.decode(TEXT.replace("\n", line_end).encode(encoding)) == (TEXT, name)


def test_byte_order_marks_are_no_text_however_many_there_are():
    assert reading.decode(3 * codecs.BOM_UTF8 + TEXT.encode())[0] == TEXT


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\x81\x8d", "is not text in a known encoding; save it again as UTF-8"),
        (b"\x7fELF\0\0\1", "is not text in a known encoding; save it again as UTF-8"),
        (codecs.BOM_UTF8 + b"\xff", "is not text in a known encoding; save it again as UTF-8"),
        (
            codecs.BOM_UTF16_LE + b"\x00\xd8x",
            "is not text in a known encoding; save it again as UTF-8",
        ),
    ],
)
def test_what_is_no_text_has_a_reason(data, expected):
    assert reason(reading.decode, data) == expected


def test_a_file_that_is_too_large_has_a_reason(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    assert reason(reading.decode, b"x" * 11) == "has 0 MB, and 0 MB are read at most"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (notebook()[:50], "is cut off or damaged in line 1"),
        ("{\n\n'cells'}", "is cut off or damaged in line 3"),
        ("[" * 100_000, "is nested too deeply"),
        (notebook(metadata=json.loads("[" * 150 + "]" * 150)), "is nested too deeply"),
        ('{"cells": [' + "9" * 5000 + "]}", "holds an invalid character, or a number that is too long"),
        (notebook(metadata={"a": "\ud800"}), "holds an invalid character, or a number that is too long"),
        ("3", "is not a notebook: it has no list of cells"),
        ("null", "is not a notebook: it has no list of cells"),
        (notebook(cells=None), "is not a notebook: it has no list of cells"),
        (notebook(cells={"a": 1}), "is not a notebook: it has no list of cells"),
        (notebook(cells=[*CELLS, None]), "has something else than a cell at the place of cell 3"),
        (notebook(cells=[CELLS[0] | {"source": 1}]), "has something else than a cell at the place of cell 1"),
        (notebook(cells=[{"source": "x"}]), "has something else than a cell at the place of cell 1"),
        (notebook(cells=2_001 * [CELLS[1]]), "has 2,001 cells, and 2,000 are read at most"),
        (
            notebook(cells=[CELLS[0] | {"outputs": 10_001 * [{"output_type": "display_data", "data": {}}]}]),
            "has 10,001 outputs, and 10,000 are read at most",
        ),
        ('{"worksheets": [3], "nbformat": 3}', "is of an old format, and cannot be converted from it"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_has_a_reason(text, expected):
    assert reason(reading.parse_notebook, text) == expected


BAD = [None, 3, "x", [], [3], {"a": 3}, {}]


@pytest.mark.parametrize("bad", BAD, ids=map(str, BAD))
@pytest.mark.parametrize(
    "key",
    ["id", "metadata", "outputs", "execution_count", "attachments", "nbformat", "nbformat_minor", "source"],
)
def test_whatever_stands_at_a_place_a_notebook_that_is_read_is_one(key, bad):
    in_cells = key not in ("nbformat", "nbformat_minor")
    text = notebook(cells=[cell | {key: bad} for cell in CELLS]) if in_cells else notebook(**{key: bad})
    try:
        read = reading.parse_notebook(text)
    except reading.Unreadable:
        assert key == "source" and not isinstance(bad, str) and bad != []
        return
    nbformat.validate(nbformat.v4.to_notebook(read))
    if in_cells and key != "source":
        assert [cell["source"] for cell in read["cells"]] == ["x = 1\ny", "Text"]


@pytest.mark.parametrize(
    ("output", "kept"),
    [
        ({"output_type": "stream", "name": "stdout", "text": "1\n"}, True),
        ({"output_type": "stream", "name": "stdout", "text": ["1\n", "2\n"]}, True),
        ({"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {}}, True),
        ({"output_type": "error", "ename": "E", "evalue": "e", "traceback": []}, True),
        ({"output_type": "stream", "name": "stdout"}, False),
        ({"output_type": "stream", "text": "1\n"}, False),
        ({"output_type": "error"}, False),
        ({"output_type": "error", "ename": "E", "evalue": "e", "traceback": [1]}, False),
        ({"output_type": "stream", "name": "stdout", "text": [1]}, False),
        ({"output_type": "display_data", "data": "1"}, False),
        ({"output_type": 3}, False),
        ({}, False),
        (3, False),
    ],
)
def test_what_is_no_output_is_left_out(output, kept):
    read = reading.parse_notebook(notebook(cells=[CELLS[0] | {"outputs": [output]}]))
    assert read["cells"][0]["outputs"] == [output] * kept
    nbformat.v4.writes(nbformat.v4.to_notebook(read))


def test_cells_have_ids_of_their_own():
    cells = [CELLS[1] | {"id": id} for id in ("a", "a", "", "ä", "b" * 65)] + [CELLS[1]]
    ids = [cell["id"] for cell in reading.parse_notebook(notebook(cells=cells))["cells"]]
    assert ids == ["a", "cell-2", "cell-3", "cell-4", "cell-5", "cell-6"]


def test_a_notebook_of_an_old_format_is_read():
    old = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("x = 1")])]
    )
    read = reading.parse_notebook(nbformat.v3.writes_json(old))
    assert [(cell["cell_type"], cell["source"]) for cell in read["cells"]] == [("code", "x = 1")]


def test_json_with_very_many_values_has_a_reason():
    text = '{"cells": [' + 2_000_001 * "1," + "1]}"
    assert reason(reading.parse_notebook, text) == "has 2,000,001 values, and 2,000,000 are read at most"
