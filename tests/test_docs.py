"""Every module and function says what a reader needs: shapes, results, refusals, and where it comes from."""

import functools
import inspect
import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import seqgrad

ROOT = Path(__file__).parents[1]
FOUND = [module.name for module in pkgutil.walk_packages(seqgrad.__path__, "seqgrad.")]
# Importing a __main__ runs it.
MODULES = ["seqgrad", *(name for name in FOUND if not name.endswith("__main__"))]
FUNCTIONS = [getattr(seqgrad, name) for name in seqgrad.__all__]
ARRAYS = "xt x a_prev c_prev a0 c0 da_next dc_next da a dz y_pred y q k v mask dout gamma beta".split()
NEEDS_MORE = ("seqgrad.figures", "seqgrad.widgets")  # import what seqgrad itself can do without
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)


def loaded(name):
    """Import a module, or skip the test where something that only it needs is not installed."""
    return (
        pytest.importorskip(name, exc_type=ImportError)
        if name.startswith(NEEDS_MORE)
        else import_module(name)
    )


def sections(function):
    """Return the text of each section of a docstring; what comes before the first has no heading."""
    parts = re.split(r"^(\w+)\n-+\n", inspect.getdoc(function), flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def documented(section):
    """Return the names that a section lists, each with what stands after its colon."""
    entries = re.findall(r"^(\w[\w, ]*?) : (.+)$", section, flags=re.MULTILINE)
    return {name: kind for names, kind in entries for name in names.split(", ")}


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is(name):
    assert len(inspect.getdoc(loaded(name)) or "") > 30


@pytest.mark.parametrize("name", MODULES)
def test_every_public_function_says_what_it_does_in_its_first_line(name):
    module = loaded(name)
    for member, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == name and not member.startswith("_"):
            first = (inspect.getdoc(value) or "").partition("\n")[0]
            assert re.fullmatch(r"[A-Z].*[.?]", first), f"{name}.{member}: {first!r}"


@pytest.mark.parametrize("name", MODULES)
def test_no_property_says_something_before_a_colon_which_the_reference_would_take_for_its_type(name):
    for kind in vars(loaded(name)).values():
        if inspect.isclass(kind) and kind.__module__ == name:
            for member, value in vars(kind).items():
                if isinstance(value, property | functools.cached_property):
                    assert ": " not in (inspect.getdoc(value) or "").partition("\n")[0], f"{name}.{member}"


def test_all_exercises_are_functions_of_the_package():
    assert seqgrad.__all__ == sorted(seqgrad.__all__)
    assert all(inspect.isfunction(function) for function in FUNCTIONS)


@each_function
def test_every_parameter_is_documented_in_order_and_no_other(function):
    assert list(documented(sections(function)["Parameters"])) == list(inspect.signature(function).parameters)


@each_function
def test_every_array_states_its_shape(function):
    kinds = documented(sections(function)["Parameters"])
    for name, kind in kinds.items():
        if name in ARRAYS and kind != "dict":  # Adam's v
            assert re.match(r"\([\w., ]+\)|array of any shape", kind), f"{name} : {kind}"
    assert re.search(r"\(n_\w+, .*\)|array|float|list of int|zeros of", sections(function)["Returns"])


@each_function
def test_every_function_says_what_it_refuses_if_it_refuses_anything(function):
    refuses = function is not inspect.unwrap(function) or "raise " in inspect.getsource(function)
    assert ("Raises" in sections(function)) == refuses
    if refuses:
        assert re.match(r"(ValueError|TypeError)", sections(function)["Raises"])


@each_function
def test_every_function_names_its_source_and_the_place_in_it(function):
    assert re.search(r"(section|algorithm)\s+[\dIVX]", sections(function).get("Notes", ""))


@each_function
def test_sections_stand_in_the_order_of_the_numpy_standard(function):
    order = ["", "Parameters", "Returns", "Raises", "Notes"]
    assert list(sections(function)) == [name for name in order if name in sections(function)]


@pytest.mark.parametrize(
    "name", ["rnn_cell_forward", "lstm_cell_forward", "gru_cell_forward", "multi_head_attention_forward"]
)
def test_every_parameter_that_a_network_needs_is_named_in_its_docstring(name):
    module = inspect.getmodule(getattr(seqgrad, name))
    text = sections(getattr(seqgrad, name))["Parameters"]
    assert all(f"``{parameter.rstrip('?')}``" in text for parameter in module.PARAMETERS)


def test_importing_seqgrad_needs_numpy_alone():
    """In a new process: nothing beside NumPy and what NumPy has loaded, and so it takes hardly longer."""
    code = """if True:
        import sys, numpy
        before = set(sys.modules)
        import seqgrad
        print(*{name.partition(".")[0] for name in set(sys.modules) - before})
    """
    root = Path(seqgrad.__file__).parents[1]
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert found.stdout.split() == ["seqgrad"]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "tools/grade/README.md"])
def test_every_file_of_tests_that_a_page_names_is_there(page):
    named = re.findall(r"tests/(?:\w+/)*test_\w+\.py", (ROOT / page).read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []
