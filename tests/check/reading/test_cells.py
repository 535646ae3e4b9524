"""What can be read of a file is read, and one sentence says what cannot."""

import codecs
import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.check.reading.cells import read_cells

CODE = "x = 'Zoë'\ny = 2"
NAME = "04_lstm_forward.ipynb"


def notebook(*sources, **more):
    """Return a notebook with a text cell, and a code cell for each source."""
    code = [{"cell_type": "code", "source": source, "outputs": [], "metadata": {}} for source in sources]
    found = [{"cell_type": "markdown", "source": "# Gates", "metadata": {}}, *code]
    return {"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more


def text_of(*sources, **more):
    """Return the notebook as it is saved."""
    return json.dumps(notebook(*sources, **more), indent=1, ensure_ascii=False) + "\n"


def code(name, content):
    """Return (number, source) of the code cells, and the sentences."""
    found, notes = read_cells(name, content if isinstance(content, bytes) else content.encode())
    return [(cell.number, cell.source) for cell in found if cell.code], notes


def test_a_notebook_is_its_code_cells_counted_as_jupyter_counts_them():
    found, notes = read_cells(NAME, text_of(CODE, "z = 3").encode())
    assert [(cell.number, cell.code, cell.source) for cell in found] == [
        (0, False, "# Gates"),
        (1, True, CODE),
        (2, True, "z = 3"),
    ]
    assert notes == []


@pytest.mark.parametrize("source", [CODE, CODE.splitlines(keepends=True), CODE.replace("\n", "\r\n")])
def test_a_source_is_a_text_or_a_list_of_lines(source):
    assert code(NAME, text_of(source)) == ([(1, CODE)], [])


ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16": b"",
    "utf-16-le": b"",
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32": b"",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_ends_of_lines_make_no_difference(encoding, end):
    content = ENCODINGS[encoding] + text_of(CODE).replace("\n", end).encode(encoding)
    assert code(NAME, content) == ([(1, CODE)], [])


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "Windows-1252"), ("latin-1", "Latin-1")])
def test_an_encoding_of_8_bits_is_read_and_said(encoding, name):
    note = f"`{NAME}` is not written in UTF-8; it was read as {name}."
    source = CODE + "  # \x81" * (encoding == "latin-1")  # a byte that Windows-1252 has no character for
    assert code(NAME, text_of(source).encode(encoding)) == ([(1, source)], [note])


def test_a_notebook_of_version_3_is_read():
    sheets = [{"cells": [{"cell_type": "code", "input": CODE}, {"cell_type": "heading", "source": "x"}]}]
    content = json.dumps({"worksheets": sheets, "nbformat": 3, "metadata": {}})
    assert code(NAME, content) == ([(1, CODE)], [])


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ({"source": CODE}, CODE),
        ({"cell_type": "code"}, ""),
        ({"cell_type": "code", "source": None}, ""),
        ({"cell_type": "code", "source": [CODE, 3, None]}, CODE),
        ({"cell_type": "code", "source": {"a": 1}}, ""),
    ],
)
def test_fields_that_are_missing_or_wrong_count_as_empty(cell, source):
    assert code(NAME, json.dumps({"cells": [cell]})) == ([(1, source)], [])


@pytest.mark.parametrize(
    "content",
    ["{}", '{"cells": 3}', '{"cells": {"a": 1}}', '{"worksheets": 3}', '{"worksheets": [3, {"cells": 1}]}'],
)
def test_what_has_no_list_of_cells_is_no_notebook(content):
    assert code(NAME, content) == ([], [f"`{NAME}` is no notebook: it has no list of cells."])


def test_what_is_no_cell_is_passed_over():
    content = json.dumps({"cells": [1, {"cell_type": "code", "source": CODE}, None]})
    assert code(NAME, content) == (
        [(1, CODE)],
        [f"`{NAME}` holds things that are no cells; they were passed over."],
    )


def test_a_notebook_that_was_cut_off_has_the_cells_before_the_cut():
    whole = text_of("a = 1", "b = 2", "c = 3")
    cut = whole[: whole.index("c = 3")]
    note = f"`{NAME}` is damaged in line {cut.count(chr(10)) + 1}; 3 cells of it could be read."
    assert code(NAME, cut) == ([(1, "a = 1"), (2, "b = 2")], [note])


def test_a_notebook_that_is_broken_in_the_middle_has_the_other_cells():
    content = text_of("a = 1", "b = 2", "c = 3").replace('"b = 2"', '"b = 2')
    found, (note,) = code(NAME, content)
    assert found == [(1, "a = 1"), (2, "c = 3")]
    assert note.endswith("; 3 cells of it could be read.")


def test_a_notebook_with_the_marks_of_a_merge_is_read_from_the_first_side():
    merged = '\n<<<<<<< HEAD\n"a = 2"\n||||||| base\n"a = 0"\n=======\n"a = 3"\n>>>>>>> theirs\n'
    content = text_of("a = 1", "MERGED").replace('"MERGED"', merged)
    note = f"`{NAME}` holds both sides of a merge; the first one counts."
    assert code(NAME, content) == ([(1, "a = 1"), (2, "a = 2")], [note])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"<!DOCTYPE html><title>Log in</title>", "is a web page and no notebook: .*"),
        (b"\x7fELF\x02\x01\x00\x00\x03\x00\x3e", "is no text, so it cannot be read"),
        (b'{"cells": [', "is damaged in line 1; no cell of it could be read"),
        (b'{"a":' * 100_000, "is damaged somewhere; no cell of it could be read"),
        (b'{"cells": [' + b"[]," * 5_000_000, "has more parts than a notebook can have, so it was not read"),
        (b'{"cells": [], "a": 1' + b"0" * 5000 + b"}", "is damaged somewhere; no cell of it could be read"),
    ],
)
def test_what_is_no_notebook_at_all_is_one_sentence(content, reason):
    found, notes = read_cells(NAME, content)
    assert found == ()
    assert re.fullmatch(f"`{NAME}` {reason}\\.", notes[-1])


def test_a_python_file_by_the_name_of_a_notebook_is_read_as_one():
    note = f"`{NAME}` is called a notebook and is none; it was read as a Python file."
    assert code(NAME, CODE) == ([(0, CODE)], [note])


def test_a_notebook_by_the_name_of_a_python_file_is_read_as_one():
    assert code("04.py", text_of(CODE)) == ([(1, CODE)], [])


def test_a_plain_python_file_is_one_cell_without_a_number():
    assert code("helpers.py", CODE) == ([(0, CODE)], [])


PERCENT = """\
# ---
# jupyter: {}
# ---

# %% [markdown]
# # Gates
# def lstm_forward():

# %% exercise="lstm_forward" tags=["a"]
x = 1
# %%
# %time y = 2
y = 2  # %% no head
# %% [raw]
# raw
#%%
z = 3
"""


def test_the_py_half_of_a_notebook_has_its_cells():
    found, notes = code("04.py", PERCENT)
    assert found == [(1, "x = 1"), (2, "# %time y = 2\ny = 2  # %% no head"), (3, "z = 3\n")]
    assert notes == []


def test_code_above_the_first_head_is_a_cell_too():
    assert code("04.py", f"import numpy\n\n{PERCENT}")[0][0] == (
        1,
        f"import numpy\n\n{PERCENT.split('# %%')[0]}"[:-1],
    )


def test_what_jupyter_exports_has_its_cells():
    exported = "#!/usr/bin/env python\n\n# # Gates\n\n# In[ ]:\n\n\nx = 1\n\n\n# In[12]:\n\n\ny = 2\n"
    found, _ = code("04.py", exported)
    assert [(number, source.strip()) for number, source in found] == [(1, "x = 1"), (2, "y = 2")]


def test_a_notebook_without_end_is_read_to_a_limit():
    found, (note,) = code(NAME, text_of(*["x = 1"] * 3_000))
    assert len(found) == 1_999  # and the text cell
    assert note == f"`{NAME}` is very long: its first 2000 cells were read."


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_raise(content):
    for name in ("04.ipynb", "04.py"):
        found, notes = read_cells(name, content)
        assert all(isinstance(note, str) and note.isprintable() for note in notes)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_no_change_of_a_notebook_raises(place, byte):
    content = bytearray(text_of(CODE, "z = 3").encode())
    content[place % len(content)] = byte
    read_cells(NAME, bytes(content))
    read_cells(NAME, bytes(content[: place % len(content)]))


@pytest.mark.parametrize(
    "bomb",
    [
        '{"cell_type":' * 500_000,
        '{"source": "' * 500_000,
        '{"source": ["' + "x" * 10_000_000,
        ("<<<<<<< \n" * 300_000) + "||||||| \n" * 300_000 + "\n>>>>>>> ",
        "{" + " " * 10_000_000,
        "# %%\n" * 1_000_000,
    ],
    ids=["nested", "unclosed", "long", "merges", "spaces", "heads"],
)
def test_no_file_takes_long(bomb):
    began = time.process_time()
    read_cells(NAME, bomb.encode())
    assert time.process_time() - began < 10  # seconds; a tenth of that where nothing else runs
