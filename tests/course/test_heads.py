"""A cell of a source chapter begins as its author meant, or the chapter is refused with the line."""

import pytest

from tests.small_project import CHAPTER, edit, load, make
from tools import Refusal
from tools.course import build, chapters


@pytest.fixture
def root(tmp_path):
    """Return a small project, built."""
    return make(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'exercise="quarter" points=10',
            'exercise="quarter" points==10',
            'line 18: `exercise="quarter" points==10` cannot stand in the head of a cell; write values, as '
            'in `exercise="softmax" points=5`',
        ),
        (
            'exercise="quarter" points=10',
            "exercise=quarter points=10",
            'line 18: `exercise=quarter` cannot stand in the head of a cell; write values, as in '
            '`exercise="softmax" points=5`',
        ),
        (
            'exercise="quarter"',
            'exercize="quarter"',
            "line 18: no cell has `exercize` in its head; perhaps `exercise` is meant",
        ),
        ('exercise="quarter" points', "points", "line 18: this cell has points and no exercise"),
        (
            'exercise="quarter" points=10',
            'exercise="quarter", points=10',
            "line 18: an exercise is a code cell with one function, as in "
            '`# %% exercise="softmax" points=5`',
        ),
        (
            '# %% exercise="quarter" points=10',
            '# %%exercise="quarter" points=10',
            'line 18: `# %%exercise="quarter" points=10` looks like the head of a cell: a head begins with '
            "`# %%` and a blank, and a line of text with another word",
        ),
        ("# %% [markdown]\n# By", "# %% [markdwon]\n# By", "line 15: `[markdwon]` cannot stand in the head "),
        (
            "# By four.",
            "# By\n# %% four.",
            "line 17: `# %% four.` begins a new cell, and has no empty line above it: put one there; or if "
            "it is text, let the line begin with another word",
        ),
        ("# By four.", "# By\n#\n# %%\n# four.", "line 18: `# %%` begins a new cell, and has no empty line "),
        ('# %% exercise="q', '# % exercise="q', 'line 18: `# % exercise="quarter" points=10` looks '),
        ('# %% exercise="q', '## %% exercise="q', 'line 18: `## %% exercise="quarter" points=10` looks '),
        ('# %% exercise="q', '# exercise = "q', 'line 18: `# exercise = "quarter" points=10` looks '),
        ("# %% [markdown]\n# By", "# % [markdown]\n# By", "line 15: `# % [markdown]` looks like the head "),
        ("# %%\nprint", "#%\nprint", "line 12: `#%` looks like the head of a cell"),
        ("# By four.", "# By\n\n# %% four.", "line 18: `four.` cannot stand in the head of a cell; "),
        ("# %% [markdown]\n# By", '# %% [markdown] answer=1\n# By', "line 15: an answer is a text cell, as "),
        ("# %%\nprint(", "# %% answer=true\nprint(", "line 12: an answer is a text cell, as in "),
        ("# By four.", '"""\n%% four.\n"""', "line 15: its line `%% four.` looks like the head of a cell: "),
        ("# By four.", "# By\n# %%time\n# four.", "line 15: its line `%%time` looks like the head "),
        ("print(halve(3))", "print(halve(3))\n# %%time", "line 12: its line `%%time` looks like the "),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_begin_as_its_author_meant_is_refused_with_its_line(root, old, new, sentence):
    edit(root, "notebooks/source/01_divide.py", old, new)
    for read in (build.build, chapters.exercises):
        with pytest.raises(Refusal) as refusal:
            read(root)
        assert str(refusal.value).startswith(f"notebooks/source/01_divide.py, {sentence}")


def test_heads_of_every_kind_that_a_chapter_may_have_are_let_through(root):
    heads = [
        'jupyter={"source_hidden": true}',
        'tags=["a"]',
        "[markdown]",
        '[markdown] tags=["b"]',
        "[raw]",
        "",
    ]
    more = "".join(f"\n\n# %% {head}\n# Something.\n" for head in heads) + "\n# %%\n# %%time\nx = 1\n"
    edit(
        root, "notebooks/source/01_divide.py", "# %% [markdown]\n# By four.", more + "\n# %% [markdown]\n# By"
    )
    build.build(root)
    cells = load(root).cells
    assert len(cells) == 6 + len(heads) + 2  # and a cell with links
    assert [cell.source for cell in cells if cell.source.startswith("%%")] == ["%%time\nx = 1"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "cannot be read: Is a directory."),
        (b"", "is empty."),
        (CHAPTER.encode("utf-16"), "is written in UTF-16; save it again as UTF-8."),
        (CHAPTER.encode("utf-8-sig"), "is written in UTF-8 with a byte order mark; save it again as UTF-8."),
        (CHAPTER.encode() + b"# \xe9", "is written in Windows-1252; save it again as UTF-8."),
        (b"# ---\n# jupyter:\n#   a: [\n# ---\n", "cannot be read by Jupytext: look at its header."),
        (2_001 * b"# %%\n\n", "has 2,001 cells, and 2,000 are read at most."),
    ],
)
def test_a_source_chapter_that_cannot_be_read_is_refused_in_a_sentence(root, data, sentence):
    path = root / "notebooks/source/01_divide.py"
    path.write_bytes(data or b"")
    if data is None:
        path.unlink()
        path.mkdir()
    with pytest.raises(Refusal) as refusal:
        build.build(root)
    assert str(refusal.value).startswith(f"notebooks/source/01_divide.py {sentence}")
