"""A line of a withheld function is found wherever it hides, and what is no secret is let through."""

import base64
import bz2
import gzip
import io
import json
import lzma
import py_compile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from tools import Refusal
from tools.release import verify

ROOT = Path(__file__).parents[2]
FUNCTIONS = verify.read_sources(ROOT)
WITHHELD = tuple(list(FUNCTIONS)[6:])  # from chapter 4 on
HIDDEN = verify.list_secrets(FUNCTIONS, WITHHELD)

LINE = "dzf = dc * c_prev * ft * (1 - ft)"
SPREAD = "def f():\n    x = (dc *\n         c_prev * ft  # so\n         * (1 - ft))\n"


def refusal(files, hidden=HIDDEN):
    with pytest.raises(Refusal) as refused:
        verify.refuse_answers(files, hidden)
    return str(refused.value)


def notebook(source="", output="", metadata=""):
    """Return a notebook of two cells as JSON; something may stand in the second."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": ["1\n", output]}]
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "Text"]},
        {
            "cell_type": "code",
            "metadata": {"note": metadata},
            "source": source.splitlines(True),
            "outputs": outputs,
        },
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def zipped(name, data, comment=b""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.comment = comment
    return buffer.getvalue()


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


PLACES = {
    "a module": ("a.py", f"x = 1\n\n{LINE}\n".encode()),
    "a text": ("README.md", f"# Title\n\nAs everybody knows, `{LINE}`.\n".encode()),
    "a table": ("a.csv", f'name,line\nanna,"{LINE}"\n'.encode()),
    "text in UTF-16": ("a.txt", LINE.encode("utf-16")),
    "text in UTF-32": ("a.txt", LINE.encode("utf-32-be")),
    "other spaces": ("a.txt", LINE.replace(" ", "\t ").encode()),
    "a notebook's source": ("a.ipynb", notebook(source=f"x = 1\n{LINE}\n")),
    "a notebook's output": ("a.ipynb", notebook(output=f"{LINE}\n")),
    "a notebook's metadata": ("a.ipynb", notebook(metadata=LINE)),
    "a key of JSON": ("a.json", json.dumps({LINE: 1}).encode()),
    "JSON within JSON": ("a.json", json.dumps({"a": json.dumps(["x\n", f"  {LINE}\n"])}).encode()),
    "a member of a zip": ("a.zip", zipped("b.py", LINE)),
    "a name in a zip": ("a.zip", zipped(LINE, "")),
    "the comment of a zip": ("a.zip", zipped("b.py", "", LINE.encode())),
    "a zip in a zip": ("a.zip", zipped("b.zip", zipped("c.py", LINE))),
    "an array of text": ("a.npz", npz(texts=np.array(["x", LINE]))),
    "gzip": ("a.gz", gzip.compress(LINE.encode())),
    "bzip2": ("a.bz2", bz2.compress(LINE.encode())),
    "xz": ("a.xz", lzma.compress(LINE.encode())),
    "zlib": ("a.bin", zlib.compress(LINE.encode(), 9)),
    "base64": ("a.txt", b"x = '" + base64.b64encode(LINE.encode()) + b"'"),
    "base64 for addresses": ("a.txt", base64.urlsafe_b64encode(LINE.encode()).rstrip(b"=")),
    "hexadecimal digits": ("a.py", f'x = "{LINE.encode().hex()}"'.encode()),
    "zlib in base64": ("a.py", b'x = b"' + base64.b64encode(zlib.compress(LINE.encode())) + b'"'),
    "base64 in a notebook": ("a.ipynb", notebook(source=base64.b64encode(LINE.encode()).decode())),
    "the middle of bytes": ("a.bin", bytes(range(256)) + LINE.encode() + bytes(range(255, 0, -1))),
    "an expression laid out anew": ("a.py", SPREAD.encode()),
    "an expression with another target": ("a.py", b"foo = dc * c_prev * ft * (1 - ft)\n"),
    "renamed variables": ("a.py", b"foo = one * two * three * (1 - three)\n"),
    "renamed variables in a notebook": ("a.ipynb", notebook(source="foo = p * q * r * (1 - r)\n")),
    "a page, in pieces": (
        "a.html",
        b"<p>x</p><pre>%s</pre>" % b" ".join(b"<b>%s</b>" % word for word in LINE.encode().split()),
    ),
    "a page, renamed": ("a.html", b"<pre>x = 1\nfoo = <i>p</i> * q * r * (1 - r)</pre>"),
    "renamed variables in a text": ("a.md", b"Like this:\n\n    foo = p * q * r * (1 - r)\n"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_line_is_found_in(place):
    name, data = PLACES[place]
    said = refusal({"fine.txt": b"Nothing.", name: data})
    assert said.startswith(name)
    assert "a line of lstm_cell_backward, which is withheld; nothing was released." in said


def test_a_list_of_other_names_is_no_secret():
    hidden = verify.list_secrets(FUNCTIONS, ("lstm_cell_forward",))
    cache = "cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)"
    assert verify.find_first_secret(cache, hidden)
    assert not verify.find_first_secret("ada, bela, chen, dana, emre, finn, gus, ida, jon, kim", hidden)


def test_the_sentence_names_file_line_and_function():
    said = refusal({"notebooks/a.py": f"x = 1\n\n{LINE}\n".encode()})
    assert said == (
        f"notebooks/a.py, line 3 holds `{LINE}`, a line of lstm_cell_backward, which is withheld; "
        "nothing was released."
    )
    said = refusal({"a.ipynb": notebook(source=f"x = 1\n{LINE}\n")})
    assert said.startswith(f"a.ipynb, cells 2, source, line 2 holds `{LINE}`")


def test_a_text_that_ends_in_any_line_is_found_there():
    for length in range(1, 20):
        lines = [f"    line{number}x = {number}" for number in range(length)]
        for number, line in enumerate(lines, 1):
            assert verify.find_line(verify.squeeze(line), "\n".join(lines)) == number


def test_bytecode_is_refused_whatever_it_is_called(tmp_path):
    source = tmp_path / "a.py"
    source.write_text("x = 1\n")
    data = Path(py_compile.compile(str(source), str(tmp_path / "a.pyc"))).read_bytes()
    sentence = "{} is bytecode, and no release holds any; nothing was released."
    assert refusal({"a.pyc": b""}) == sentence.format("a.pyc")
    assert refusal({"data.bin": data}) == sentence.format("data.bin")
    assert refusal({"a.zip": zipped("b.txt", data)}) == sentence.format("a.zip, b.txt")


@pytest.mark.parametrize("name", WITHHELD)
def test_every_withheld_function_is_found_as_a_whole_and_its_stub_is_not(name):
    whole, alone = {"a.py": FUNCTIONS[name].encode()}, verify.list_secrets({name: FUNCTIONS[name]}, (name,))
    assert "which is withheld; nothing was released." in refusal(whole)
    assert f"a line of {name}," in refusal(whole, alone)
    verify.refuse_answers({"a.py": verify.stub(FUNCTIONS[name]).encode()}, HIDDEN)


def test_what_earlier_chapters_show_is_no_secret():
    earlier = {f"{name}.py": source.encode() for name, source in FUNCTIONS.items() if name not in WITHHELD}
    verify.refuse_answers(earlier, HIDDEN)
    assert "a = np.stack(states, axis=2)" in FUNCTIONS["rnn_forward"]  # as lstm_forward nearly has it


def test_mathematics_and_prose_are_no_secrets():
    text = r"$$dz_f = dc \odot c^{\langle t-1\rangle} \odot f \odot (1 - f)$$ and dzf has the shape of dc."
    verify.refuse_answers({"a.md": text.encode(), "a.ipynb": notebook(source="a.shape, len(caches)")}, HIDDEN)


def test_a_file_that_is_known_to_be_clean_is_looked_at_once(monkeypatch):
    clean, files = set(), {"a.txt": b"Nothing to be found here."}
    verify.refuse_answers(files, HIDDEN, clean)
    monkeypatch.setattr(verify, "find_first_secret", None)
    verify.refuse_answers(files, HIDDEN, clean)


def test_a_broken_archive_or_json_is_still_read_as_it_stands():
    for start in (b"PK\x03\x04", b"\x1f\x8b", b"{", b"[", b"BZh9", b"\x78\x9c", b"\xfd7zXZ"):
        verify.refuse_answers({"a.bin": start + b" and nothing more"}, HIDDEN)
        assert "a.bin" in refusal({"a.bin": start + b"\n" + LINE.encode()})


def test_a_part_of_what_an_earlier_chapter_shows_is_no_secret():
    """The sum of two products, written out, is how the sum of four begins."""
    four, two = (" + ".join(f"W{gate}.T @ dz{gate}" for gate in gates) for gates in ("fico", "ur"))
    functions = {
        name: f"def {name}():\n    # All that comes back.\n    d = {terms}\n\n    return d\n"
        for name, terms in (("four", four), ("two", two))
    }
    hidden = verify.list_secrets(functions, ("two",))
    verify.refuse_answers({"a.py": functions["four"].encode()}, hidden)
    assert "a line of two," in refusal({"a.py": b"d = Wu.T @ dzu + Wr.T @ dzr\n"}, hidden)
