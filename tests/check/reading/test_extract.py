"""The functions that were asked for are found wherever they stand, with what they need and nothing else."""

import json
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.check.reading import extract as module
from seqgrad.check.reading import files
from seqgrad.check.reading.extract import extract
from seqgrad.check.reading.stub import cut_function, stub
from tools.course.chapters import Exercise

ROOT = Path(__file__).parents[3]
EXERCISES = (
    Exercise("lstm_cell_forward", "04_lstm_forward", 15, "4.1"),
    Exercise("lstm_forward", "04_lstm_forward", 15, "4.2"),
)
NAME = "04_lstm_forward.ipynb"

CELL = "def lstm_cell_forward(xt, a_prev, c_prev, parameters):\n    return np.tanh(xt)"
SEQUENCE = (
    "def lstm_forward(x, a0, parameters, c0=None):\n    return lstm_cell_forward(x, a0, c0, parameters)"
)
CHECKS = ("check(lstm_cell_forward)", "check(lstm_forward).points(15)")
IMPORT = "import numpy as np"


def notebook(*sources, texts=()):
    """Return a notebook with a code cell for each source, below text cells."""
    cells = [{"cell_type": "markdown", "source": text} for text in texts]
    cells += [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": cells}).encode()


def whole(*sources):
    """Return a notebook that has, below other cells, the two functions and their checks."""
    return notebook(IMPORT, *sources, CELL, SEQUENCE, *CHECKS)


def program_of(*sources, exercises=EXERCISES):
    """Return the program in a notebook of these cells."""
    return extract({NAME: notebook(*sources)}, exercises)


def pieces(*sources):
    """Return the texts of the pieces of a notebook of these cells."""
    return [text for _, text, _ in program_of(*sources).pieces]


def without(notes, *beginnings):
    """Return the notes without those that begin so."""
    return [note for note in notes if not note.startswith(beginnings)]


def notes_of(*sources):
    """Return the notes on a notebook of these cells, apart from those on checks and on what is missing."""
    notes = program_of(*sources).notes
    return [note for note in notes if " is gone; " not in note and not note.startswith("Not found")]


# What is found.


def test_functions_are_found_by_name_with_their_place_and_source():
    program = program_of(IMPORT, CELL, CHECKS[0], SEQUENCE, CHECKS[1])
    assert program.functions == {
        "lstm_cell_forward": (f"{NAME}, cell 2", CELL),
        "lstm_forward": (f"{NAME}, cell 4", SEQUENCE),
    }
    assert program.pieces == (
        (f"{NAME}, cell 1", IMPORT, "_file_0"),
        (f"{NAME}, cell 2", CELL, "_file_0"),
        (f"{NAME}, cell 4", SEQUENCE, "_file_0"),
    )
    assert program.notes == ()


def test_a_correct_solution_is_its_functions_and_imports_alone_and_takes_little_time():
    names = ("04_lstm_forward.ipynb", "05_lstm_backward.ipynb")
    files = {name: (ROOT / "notebooks/solutions" / name).read_bytes() for name in names}
    backward = [
        Exercise(name, "05_lstm_backward", 20, "5.1") for name in ("lstm_cell_backward", "lstm_backward")
    ]
    program = extract(files, [*EXERCISES, *backward])
    assert program.notes == ()
    assert [text.split("(")[0] for _, text, _ in program.pieces] == [
        "import numpy as np",
        "from seqgrad.activations import sigmoid, softmax",
        "def lstm_cell_forward",
        "def lstm_forward",
        "import numpy as np",
        "def lstm_cell_backward",
        "def lstm_backward",
    ]
    times = []
    for number in range(5):
        another = {name: data.replace(b"c_next", b"c_%d" % number) for name, data in files.items()}
        began = time.process_time()
        extract(another, EXERCISES)
        times.append(time.process_time() - began)
    assert min(times) < 0.05  # seconds; a tenth of that where nothing else runs


@pytest.mark.parametrize(
    "moved",
    [
        f"if True:\n    {CELL}".replace("\n    return", "\n        return"),
        f"try:\n    {CELL}\nexcept ImportError:\n    pass".replace("\n    return", "\n        return"),
        f"with open('x') as y:\n    {CELL}".replace("\n    return", "\n        return"),
        f"plt.plot([1, 2])\n{CELL}\nplt.show()",
        f"%%time\n{CELL}",
    ],
)
def test_a_function_is_found_wherever_it_was_moved(moved):
    program = program_of(CHECKS[0], moved, IMPORT)
    place, source = program.functions["lstm_cell_forward"]
    assert (place, source) == (f"{NAME}, cell 2", CELL)
    assert {place for place, *_ in program.pieces} == {f"{NAME}, cell 2", f"{NAME}, cell 3"}


def test_a_function_may_stand_in_another_file():
    program = extract({"a.ipynb": notebook(IMPORT, CELL), "b/mine.py": f"{SEQUENCE}\n".encode()}, EXERCISES)
    assert program.functions["lstm_forward"] == ("b/mine.py, line 1", SEQUENCE)


def test_a_name_that_is_given_a_function_is_one():
    renamed = CELL.replace("lstm_cell_forward", "mine")
    program = program_of(IMPORT, renamed, "lstm_cell_forward = mine")
    assert program.functions["lstm_cell_forward"] == (f"{NAME}, cell 3", "lstm_cell_forward = mine")
    assert [text for _, text, _ in program.pieces] == [IMPORT, renamed, "lstm_cell_forward = mine"]


def test_what_is_given_to_the_name_after_the_function_does_not_replace_it():
    assert pieces(IMPORT, CELL, "lstm_cell_forward = lstm_cell_forward(1, 2, 3, 4)") == [IMPORT, CELL]


def test_an_import_of_the_courses_function_does_not_replace_it():
    imports = "from seqgrad.lstm import lstm_cell_forward, lstm_forward as theirs"
    assert pieces(IMPORT, CELL, imports, SEQUENCE.replace("return", "return theirs or")) == [
        IMPORT,
        CELL,
        "from seqgrad.lstm import lstm_forward as theirs",
        SEQUENCE.replace("return", "return theirs or"),
    ]


def test_nothing_that_is_imported_alone_counts_as_handed_in():
    program = program_of("from seqgrad.lstm import lstm_cell_forward")
    assert (program.functions, program.pieces) == ({}, ())


# What is needed.


def test_what_a_function_needs_comes_with_it_and_what_that_needs_too():
    helper = "@functools.cache\ndef gate(z, scale=SCALE):\n    return Gate(z).open() * scale"
    sources = [
        "import numpy as np, functools",
        "import matplotlib.pyplot as plt",
        "SCALE = 1.0\nUNUSED = 2.0",
        "class Gate(Base):\n    def open(self):\n        return np.tanh(self.z)",
        "class Base:\n    def __init__(self, z):\n        self.z = z",
        helper,
        "plt.plot(gate(1.0))",
        "for step in range(10**9):\n    gate(step)",
        CELL.replace("np.tanh", "gate"),
        "model = train(lstm_cell_forward)",
    ]
    expected = [sources[0], "SCALE = 1.0", *sources[3:6], sources[8]]
    assert pieces(*sources) == expected


def test_all_values_that_a_name_is_given_are_kept_in_order():
    sources = ["scale = 1", "scale += 1", "other = 3", "if scale:\n    scale = 4", "scale, other = 5, 6"]
    needing = CELL.replace("xt)", "xt * scale)")
    # The last statement needs nothing more of `other`, so what it was before is left out.
    assert pieces(IMPORT, *sources, needing) == [IMPORT, "scale = 1", "scale += 1", *sources[3:], needing]


def test_what_changes_a_thing_of_ones_own_is_kept_and_what_changes_others_is_not():
    sources = [
        "table = {}\nother = {}",
        "table['a'] = 1\nother['a'] = 1",
        "table.update(b=2)",
        "for k in 'cd':\n    table[k] = 3",
        "np.random.seed(3)",
        "np.allclose = lambda *a, **b: True",
        "np.core.x['y'] = 3",
        "globals().update(np=None)",
    ]
    needing = CELL.replace("xt)", "table)")
    assert pieces(IMPORT, *sources, needing) == [
        IMPORT,
        "table = {}",
        "table['a'] = 1",
        "table.update(b=2)",
        sources[3],
        needing,
    ]


def test_what_is_kept_on_a_function_comes_with_it():
    needing = CELL.replace("xt)", "lstm_cell_forward.scale)")
    assert pieces(IMPORT, needing, "lstm_cell_forward.scale = 3") == [
        IMPORT,
        needing,
        "lstm_cell_forward.scale = 3",
    ]


def test_an_import_of_everything_is_kept():
    assert pieces("from numpy import *", CELL) == ["from numpy import *", CELL]


def test_a_helper_may_stand_in_another_file_of_the_student():
    gates = (
        "import numpy as np\n\ndef gate(z):\n    return np.tanh(z) * SCALE\n\nSCALE = 1\ndef unused(): ..."
    )
    renamed = "def mine(z):\n    return sigma(z)"
    files = {
        NAME: notebook("from gates import gate as sigma, SCALE", renamed, CELL.replace("np.tanh", "mine")),
        "gates.py": gates.encode(),
    }
    program = extract(files, EXERCISES[:1])
    assert program.pieces == (
        ("gates.py, line 1", IMPORT, "gates"),
        ("gates.py, line 3", "def gate(z):\n    return np.tanh(z) * SCALE", "gates"),
        ("gates.py, line 6", "SCALE = 1", "gates"),
        (f"{NAME}, cell 1", "from gates import gate as sigma, SCALE", "_file_0"),
        (f"{NAME}, cell 2", renamed, "_file_0"),
        (f"{NAME}, cell 3", CELL.replace("np.tanh", "mine"), "_file_0"),
    )


def test_all_that_is_imported_from_a_file_of_the_student_can_be_needed():
    files = {
        NAME: notebook("from gates import *", CELL.replace("xt)", "xt * SCALE)")),
        "gates.py": b"import numpy as np\nSCALE = BASE\nBASE = 2\nOTHER = 3",
        "gates.ipynb": notebook("BASE = 7"),
    }
    texts = [text for _, text, _ in extract(files, EXERCISES[:1]).pieces]
    own = ["from gates import *", CELL.replace("xt)", "xt * SCALE)")]
    assert texts == [IMPORT, "SCALE = BASE", "BASE = 2", *own]


def test_files_that_import_each_other_end_the_search():
    files = {
        "a.py": f"from b import *\nfrom b import x\n{CELL} * x".encode(),
        "b.py": b"from a import x, y as z",
    }
    assert list(extract(files, EXERCISES).functions) == ["lstm_cell_forward"]


def test_a_notebook_by_the_name_of_a_module_is_not_that_module():
    files = {NAME: notebook("from random import random as np", CELL), "random.ipynb": notebook("x = 1")}
    assert extract(files, EXERCISES).pieces[0][:2] == (f"{NAME}, cell 1", "from random import random as np")


def test_values_of_another_notebook_do_not_fill_a_gap():
    files = {NAME: notebook(CELL), "05_lstm_backward.ipynb": notebook("np = 3\nimport sys\ntanh = sum = 4")}
    assert [text for _, text, _ in extract(files, EXERCISES).pieces] == [CELL]


def test_functions_that_need_each_other_end_the_search():
    one = CELL.replace("np.tanh", "lstm_forward")
    assert pieces(one, SEQUENCE) == [one, SEQUENCE]


# Namespaces, and what names stand for in them.


def test_each_notebook_has_its_namespace():
    stacks = ("def stack(a): ...", "def stack(a, b): ...")
    both = {
        NAME: notebook(IMPORT, stacks[0], CELL.replace("np.tanh", "stack")),
        "05_lstm_backward.ipynb": notebook(stacks[1], SEQUENCE.replace("a0, c0", "stack(a0, 1), c0")),
    }
    spaces = {text: space for _, text, space in extract(both, EXERCISES).pieces}
    assert [spaces[stack] for stack in stacks] == ["_file_0", "_file_1"]


def test_what_a_notebook_takes_from_another_one_comes_through_an_import():
    """The course's own function, which it imports, has the student's in its place."""
    second = ["from seqgrad.lstm import lstm_cell_forward", SEQUENCE]
    program = extract({NAME: notebook(IMPORT, CELL), "05_x.ipynb": notebook(*second)}, EXERCISES)
    texts = [(text, space) for _, text, space in program.pieces]
    assert texts == [
        (IMPORT, "_file_0"),
        (CELL, "_file_0"),
        ("from _file_0 import lstm_cell_forward", "_file_1"),
        (SEQUENCE, "_file_1"),
    ]
    assert program.homes["lstm_forward"] == "_file_1"


def test_what_a_name_stands_for_below_the_last_check_is_left_out():
    needing = CELL.replace("np.tanh", "s")
    assert pieces("s = abs", needing, CHECKS[0], "for s in range(3): print(s)") == ["s = abs", needing]


def test_what_a_name_stands_for_below_one_check_is_left_out_for_that_function_alone():
    first, second = CELL.replace("np.tanh", "s"), SEQUENCE.replace("a0,", "s,")
    program = program_of("s = abs", first, CHECKS[0], "s = max", second, CHECKS[1])
    assert [text for _, text, _ in program.pieces] == ["s = abs", first, "s = max", second]
    assert program.hidden == {"lstm_cell_forward": (2,)}


def test_a_version_in_an_older_folder_does_not_count_where_there_is_one_beside_it():
    files = {NAME: notebook(IMPORT, CELL), f"old/{NAME}": notebook(IMPORT, f"{CELL} + 0")}
    assert extract(files, EXERCISES[:1]).functions["lstm_cell_forward"][0] == f"{NAME}, cell 2"


def test_of_two_definitions_the_one_with_the_arguments_of_the_exercise_counts():
    other = "def lstm_forward(X, Y, a0, parameters):\n    return np.sum(X)"
    for sources in ([SEQUENCE, other], [other, SEQUENCE]):
        assert program_of(IMPORT, *sources).functions["lstm_forward"][1] == SEQUENCE


@pytest.mark.parametrize("folder", ["seqgrad", "tests", "tools", "seqgrad/check", "seqgrad/check/reading"])
def test_the_name_of_a_folder_costs_nothing(folder):
    program = extract({f"{folder}/{NAME}": notebook(IMPORT, CELL, CHECKS[0])}, EXERCISES[:1])
    assert program.functions["lstm_cell_forward"][0] == f"{folder}/{NAME}, cell 2"


# Several definitions.

STUB = stub(cut_function((ROOT / "seqgrad/lstm.py").read_text(encoding="utf-8"), "lstm_cell_forward"))


@pytest.mark.parametrize(
    ("definitions", "graded", "note"),
    [
        ([CELL, f"{CELL} + 0"], 3, "cells 2 and 3 of {}; the one in cell 3 was graded"),
        ([CELL, CELL], 3, "cells 2 and 3 of {}; the one in cell 3 was graded"),
        ([CELL, STUB], 2, "cells 2 and 3 of {}; the one in cell 2 was graded"),
        ([STUB, CELL, STUB], 3, "cells 2 and 3 and 4 of {}; the one in cell 3 was graded"),
        (
            [CELL, STUB.replace('"""', "'''").replace("# ", "# so: ")],
            2,
            "cells 2 and 3 of {}; .* cell 2 was graded",
        ),
        ([CELL, CELL.split("\n")[0] + "\n    pass"], 2, "cells 2 and 3 of {}; the one in cell 2 was graded"),
        ([CELL, CELL.split("\n")[0] + "\n    a = b = None\n    return a, b"], 2, ".*cell 2 was graded"),
        ([CELL, CELL.split("\n")[0] + "\n    raise NotImplementedError"], 2, ".*cell 2 was graded"),
        ([f"{CELL}\n{CELL} + 0"], 2, "cell 2 of {}; the last one was graded"),
    ],
)
def test_of_several_definitions_the_last_attempt_counts_and_is_named(definitions, graded, note):
    program = program_of(IMPORT, *definitions)
    assert program.functions["lstm_cell_forward"][0] == f"{NAME}, cell {graded}"
    (found,) = notes_of(IMPORT, *definitions)
    assert re.fullmatch(
        f"`lstm_cell_forward` is defined in {note.format(NAME)}\\.".replace("(", "\\("), found
    )


def test_a_stub_alone_is_what_is_graded():
    assert program_of(IMPORT, STUB).functions["lstm_cell_forward"] == (f"{NAME}, cell 2", STUB)


def test_the_notebook_of_the_chapter_comes_before_its_copies():
    copies = {
        name: notebook(f"{CELL} * {number}")
        for number, name in enumerate((NAME, "04_lstm_forward-Copy1.ipynb"))
    }
    copies["z.ipynb"] = notebook(f"{CELL} * 7")
    program = extract(copies, EXERCISES[:1])
    assert program.functions["lstm_cell_forward"][0] == f"{NAME}, cell 1"
    assert without(program.notes, NAME) == [
        "`lstm_cell_forward` is another one in 04_lstm_forward-Copy1.ipynb, cell 1; the one in "
        f"{NAME}, cell 1 was graded.",
        f"`lstm_cell_forward` is another one in z.ipynb, cell 1; the one in {NAME}, cell 1 was graded.",
    ]


def percent(*sources):
    """Return the .py half of a notebook."""
    return "\n".join(f"# %%\n{source}\n" for source in sources).encode()


def test_halves_that_are_alike_are_one():
    sources = (IMPORT, CELL, SEQUENCE, *CHECKS)
    both = {NAME: notebook(*sources), "04_lstm_forward.py": percent(*sources)}
    program = extract(both, EXERCISES)
    assert program == extract({NAME: notebook(*sources)}, EXERCISES)


def test_of_halves_that_differ_the_one_with_an_attempt_counts():
    both = {NAME: notebook(IMPORT, STUB, CHECKS[0]), "04_lstm_forward.py": percent(IMPORT, CELL)}
    program = extract(both, EXERCISES[:1])
    assert program.functions["lstm_cell_forward"] == ("04_lstm_forward.py, cell 2", CELL)
    assert program.notes == (
        "`lstm_cell_forward` is not attempted in the notebook, but in 04_lstm_forward.py, cell 2; "
        "that one was graded.",
    )


def test_of_halves_with_two_attempts_the_notebook_counts():
    both = {NAME: notebook(IMPORT, CELL, CHECKS[0]), "04_lstm_forward.py": percent(IMPORT, f"{CELL} + 0")}
    program = extract(both, EXERCISES[:1])
    assert program.functions["lstm_cell_forward"] == (f"{NAME}, cell 2", CELL)
    assert program.notes == (
        "`lstm_cell_forward` is another one in 04_lstm_forward.py, cell 2; "
        f"the one in {NAME}, cell 2 was graded.",
    )


def test_the_py_half_of_a_broken_notebook_counts():
    both = {NAME: b'{"cells": [', "04_lstm_forward.py": percent(IMPORT, CELL)}
    program = extract(both, EXERCISES[:1])
    assert program.functions["lstm_cell_forward"][0] == "04_lstm_forward.py, cell 2"
    assert program.notes == (f"`{NAME}` is damaged in line 1; no cell of it could be read.",)


PROJECT = ("seqgrad/lstm.py", "seqgrad/check/exercises/lstm.py", "tools/course/lab.py")


def test_a_function_that_was_written_into_the_package_counts_if_there_is_no_other():
    beginnings = {name: (ROOT / name).read_text(encoding="utf-8").split("\n")[0] for name in PROJECT}
    texts = [f'{IMPORT}\n\n\n@stand_in("4.1")\n@takes(\n    xt=3,\n)\n{CELL}', CELL, "x = 3"]
    package = {
        f"p/{name}": f'{words.rstrip(chr(34))}"""\n\n{text}'.encode()
        for (name, words), text in zip(beginnings.items(), texts, strict=True)
    }
    program = extract({NAME: notebook(IMPORT, STUB)} | package, EXERCISES[:1])
    assert program.functions["lstm_cell_forward"] == ("p/seqgrad/lstm.py, line 6", CELL)
    assert [text for _, text, _ in program.pieces] == [IMPORT, CELL]
    assert program.notes == (
        "`lstm_cell_forward` is not attempted in the notebook, but in p/seqgrad/lstm.py, line 6; "
        "that one was graded.",
    )
    program = extract({NAME: notebook(IMPORT, CELL, CHECKS[0])} | package, EXERCISES[:1])
    assert program.functions["lstm_cell_forward"][0] == f"{NAME}, cell 2"


# What there is to say.


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("!pip install torch", "`!pip install torch` is for a shell and was left out."),
        ("%matplotlib inline", "`%matplotlib inline` is for IPython alone and was left out."),
        ("np.tanh?", "`np.tanh?` is for IPython alone and was left out."),
        ("%%bash\nls", "`%%bash` is for a shell and was left out."),
    ],
)
def test_a_line_for_ipython_gets_a_note(line, note):
    program = extract({NAME: whole(line)}, EXERCISES)
    assert program.notes == (f"{NAME}, cell 2: {note}",)
    assert len(program.functions) == 2


def test_a_cell_with_a_mistake_of_syntax_gets_a_note_and_the_others_count():
    broken = "gate = 3\n\ndef half(x:\n    return x"
    program = extract({NAME: whole(broken)}, EXERCISES)
    assert program.notes == (
        f"{NAME}, cell 2, line 3: '(' was never closed; what could be read beside it counts.",
    )
    assert len(program.functions) == 2


def test_a_function_that_python_cannot_read_is_named():
    program = program_of(IMPORT, CELL.replace("):", ")"), SEQUENCE)
    assert list(program.functions) == ["lstm_forward"]
    assert without(program.notes, f"{NAME}: the check") == [
        f"{NAME}, cell 2, line 1: expected ':'; nothing of it could be read.",
        f"{NAME}: `lstm_cell_forward` could not be read.",
        "Not found in what was handed in: `lstm_cell_forward`.",
    ]


def test_a_mistake_in_a_plain_file_is_named_by_its_line():
    program = extract({"mine.py": f"{IMPORT}\n\n\n{CELL}\n\nx = (".encode()}, EXERCISES[:1])
    assert program.notes == ("mine.py, line 7: '(' was never closed; what could be read beside it counts.",)


def test_the_start_page_beside_a_chapter_is_no_matter():
    files = {"00_start.ipynb": notebook("print(1)"), NAME: notebook(IMPORT, CELL, "check(lstm_cell_forward)")}
    assert extract(files, EXERCISES[:1]).notes == ()


def test_a_function_in_a_text_cell_is_pointed_at():
    program = extract({NAME: notebook(IMPORT, texts=[CELL])}, EXERCISES[:1])
    assert program.notes == (
        f"{NAME} holds none of the functions that were asked for.",
        f"{NAME}: `lstm_cell_forward` stands in a text cell, which is no code.",
        "Not found in what was handed in: `lstm_cell_forward`.",
    )


def test_a_check_that_is_gone_and_one_too_many_are_told():
    program = program_of(IMPORT, CELL, SEQUENCE, CHECKS[0], f"{CHECKS[0]}\n1")
    assert program.notes == (
        f"{NAME}: `lstm_cell_forward` is checked in cells 4 and 5; once is enough.",
        f"{NAME}: the check of `lstm_forward` is gone; it was graded all the same.",
    )


def test_that_a_foreign_notebook_has_no_checks_is_one_note():
    assert program_of(IMPORT, CELL, SEQUENCE).notes == (
        f"{NAME} has none of the checks; its functions were graded all the same.",
    )


def test_a_notebook_in_a_newer_python_is_named_where_it_cannot_be_read():
    newer = json.loads(notebook(IMPORT, CELL.replace("):", ") ->:")))
    newer["metadata"] = {"language_info": {"name": "python", "version": "3.99.1"}}
    first, *_ = extract({NAME: json.dumps(newer).encode()}, EXERCISES[:1]).notes
    ours = "{}.{}".format(*sys.version_info)
    assert first.endswith(f" The notebook is written in Python 3.99, and read here as Python {ours}.")


def test_a_module_of_the_student_is_no_file_without_functions():
    files = {NAME: notebook("import gates as g", CELL, CHECKS[0]), "gates.py": b"x = 1"}
    assert extract(files, EXERCISES[:1]).notes == ()


def test_a_notebook_of_another_chapter_is_told():
    program = extract({"02_rnn_forward.ipynb": notebook(IMPORT, "def rnn_forward(): ...")}, EXERCISES)
    assert program.functions == {}
    assert program.notes == (
        "02_rnn_forward.ipynb is of chapter 02; asked for: 04.",
        "Not found in what was handed in: `lstm_cell_forward`, `lstm_forward`.",
    )


def test_what_could_not_be_read_is_passed_on():
    program = extract({NAME: whole(), "x.zip": "`x.zip` is no zip file."}, EXERCISES)
    assert program.notes == ("`x.zip` is no zip file.",)


def test_nothing_handed_in_is_an_empty_program():
    assert extract({}, EXERCISES) == module.Program((), {}, ())


def test_names_alone_will_do_for_exercises():
    assert extract({NAME: whole()}, [one.name for one in EXERCISES]) == extract({NAME: whole()}, EXERCISES)


def test_notes_have_an_end_and_are_fit_to_be_shown():
    program = program_of(*["%x \x1b[0m" + "y" * 500] * 300, "x = (\ud800")
    assert len(program.notes) <= module.NOTES
    assert all(note.isprintable() and len(note) < 300 for note in program.notes)


# What cannot be borne is passed over.


def test_code_without_end_is_read_to_a_limit(monkeypatch):
    monkeypatch.setattr(files, "CODE", 1_000)
    program = program_of(IMPORT, CELL, "x = 1\n" * 200, SEQUENCE)
    assert list(program.functions) == ["lstm_cell_forward"]
    assert f"`{NAME}` is not read to its end: there is too much code in all." in program.notes


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 500,
        "x = " + "-" * 20_000 + "1",
        "\n".join(f"x{n} = x{n + 1}" for n in range(10_000)) + "\n" + CELL.replace("xt)", "x0)"),
        CELL + "\n" + "    return 1\n" * 10_000,
        f"{CELL}\n" * 500,
        "def lstm_forward():\n    return " + "a." * 3_000 + "b",
        "def lstm_forward():\n    return " + "[" * 150 + "]" * 150,
    ],
)
def test_no_program_takes_long_or_stops_the_grader(source):
    began = time.process_time()
    program = program_of(IMPORT, source, CELL)
    assert time.process_time() - began < 10  # seconds; a tenth of that where nothing else runs
    assert "lstm_cell_forward" in program.functions


@given(st.lists(st.text("adeflmrst_ :=()\n\"'%!\0\ud800", max_size=40), max_size=4), st.booleans())
def test_no_submission_raises(sources, as_script):
    content = "\n# %%\n".join(sources).encode("utf-8", "replace") if as_script else notebook(*sources)
    program = extract({"a.py" if as_script else NAME: content, "b.ipynb": content}, EXERCISES)
    assert isinstance(json.dumps([program.pieces, program.functions, program.notes]), str)


def test_the_same_submission_gives_the_same_program():
    files = {NAME: whole("from gates import *"), "gates.py": b"x = 1\ndef gate(): ...", "b.ipynb": whole()}
    assert extract(files, EXERCISES) == extract(dict(reversed(files.items())), EXERCISES)
