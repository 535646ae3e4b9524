"""What the verb makes pages of, how it reads links, and what it refuses."""

import base64
import json
import re
import shutil
import time
from pathlib import Path

import pytest
from nbformat import v4

from tests.marks import exhaustive, missing, sample
from tools import Refusal
from tools.course import chapters, navigation, pairs
from tools.release.locks import KEPT, find_locks
from tools.site import addresses, front, links, needs, pages, session, site
from tools.site.tab import interpreter
from tools.writing import write

ROOT = Path(__file__).parents[2]
CHAPTERS = pairs.list_chapters(ROOT)


def test_what_depends_on_a_blank_shows_no_output_of_the_solution():
    cells = {
        "blank": ("dz, keep = None, 1", "dz, keep = 2.0, 1"),
        "asks": ("print(dz)",) * 2,
        "derived": ("twice = 2 * dz\nprint('computed')",) * 2,
        "uses-derived": ("print(twice)",) * 2,
        "own-name": ("print([dz for dz in range(3)])",) * 2,
        "parameter": ("def show(dz):\n    print(dz)\nshow(1)",) * 2,
        "function": ("print(softmax)",) * 2,
        "bound-anew": ("dz = 3\nprint(dz)",) * 2,
        "as-before": ("print(dz)",) * 2,
    }
    notebook, executed = (
        v4.new_notebook(cells=[v4.new_code_cell(both[side], id=name) for name, both in cells.items()])
        for side in (0, 1)
    )
    for cell in executed.cells:
        cell.outputs = [v4.new_output("stream", text=cell.id)]
    pages.show_demonstrations(notebook, executed, chapters.exercises(ROOT)[:1])
    shown = [cell.id for cell in notebook.cells if cell.outputs]
    assert shown == ["own-name", "parameter", "bound-anew", "as-before"]


def test_with_an_address_the_front_page_has_the_clone_command_and_links_to_binder_and_colab(tmp_path):
    for name in ("README.md", "tools/site/index.md"):
        write(tmp_path / name, pairs.read(ROOT / name))
    write(tmp_path / "pyproject.toml", '[tool.seqgrad]\nrepository = "https://github.com/a-b/c.d"\n')
    page = front.make_front_page(tmp_path, navigation.read_openings(ROOT), chapters.exercises(ROOT))
    assert (
        "```bash\ngit clone https://github.com/a-b/c.d seqgrad\ncd seqgrad\npython3 -m tools lab\n```" in page
    )
    assert (
        "(https://mybinder.org/v2/gh/a-b/c.d/HEAD?urlpath=lab/tree/notebooks/exercises/00_start.ipynb)"
        in page
    )
    colab = (
        "https://colab.research.google.com/github/a-b/c.d/blob/HEAD/notebooks/exercises/04_lstm_forward.ipynb"
    )
    assert f"[Colab]({colab})" in page
    assert f"]({colab})" in pages.make_invitation("04_lstm_forward", (), "https://github.com/a-b/c.d")


@pytest.mark.parametrize("repository", ["https://example.org/git/seqgrad", ""])
def test_a_repository_that_is_elsewhere_has_no_links_to_services(repository):
    assert addresses.link_binder(repository) == addresses.link_colab(repository, "04_lstm_forward") == ""


def test_an_address_that_is_none_is_refused(tmp_path):
    write(tmp_path / "pyproject.toml", '[tool.seqgrad]\nsite = "example"\n')
    with pytest.raises(
        Refusal, match=r"^pyproject.toml, \[tool.seqgrad\]: site = 'example' should begin with https"
    ):
        addresses.read_addresses(tmp_path)


@exhaustive
@pytest.mark.usefixtures("shown")
def test_the_session_of_the_guide_prints_what_stands_there(tmp_path):
    text = session.GUIDE.read_text(encoding="utf-8")
    session.copy_project(tmp_path)
    find_locks(("lstm_cell_forward", "lstm_forward"), ROOT)
    shutil.copytree(ROOT / KEPT, tmp_path / KEPT)  # which take a while to make
    assert session.record_page(text, tmp_path).splitlines() == text.splitlines()


def test_the_guide_shows_the_whole_way():
    commands = re.findall(r"^\$ python3 -m tools (\w+)", session.GUIDE.read_text(encoding="utf-8"), re.M)
    assert commands == ["release", "grade", "gradebook", "gradebook"]


# How links are read.


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<img src="https://far.example/a.png" alt="A">', "loads https://far.example/a.png from elsewhere"),
        (
            '<img srcset="//far.example/a.png 2x" src="a.png" alt="A">',
            "loads //far.example/a.png from elsewhere",
        ),
        ('<script src="gone.js"></script>', "loads gone.js, and there is no such file"),
        (
            '<link rel="stylesheet" href="http://far.example/a.css">',
            "loads http://far.example/a.css from elsewhere",
        ),
        (
            "<style>@import 'https://far.example/a.css';</style>",
            "loads https://far.example/a.css from elsewhere",
        ),
        ('<p style="background: url(//far.example/b.png)">', "loads //far.example/b.png from elsewhere"),
        ('<a href="gone.html">', "links to gone.html, and there is no such file"),
        ('<a href="#gone">', "links to #gone, and that page has no such place"),
        ('<a href="other.html#gone">', "links to other.html#gone, and that page has no such place"),
        ('<a href="file:///etc/hosts">', "links to file:///etc/hosts"),
        ('<img src="a.png">', "the picture a.png has no alternative text"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(tmp_path, text, problem):
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    (tmp_path / "other.html").write_text('<p id="here">', encoding="utf-8")
    (tmp_path / "a.png").touch()
    (found,) = links.list_problems(tmp_path)[0]
    assert found in (f"page.html {problem}", f"page.html: {problem}")


def test_a_style_sheet_that_loads_from_elsewhere_is_told(tmp_path):
    (tmp_path / "a.css").write_text(
        "@font-face { src: url('https://far.example/f.woff2') }", encoding="utf-8"
    )
    assert links.list_problems(tmp_path)[0] == ["a.css loads https://far.example/f.woff2 from elsewhere"]


def test_links_to_read_and_links_within_are_in_order(tmp_path):
    (tmp_path / "page.html").write_text(
        '<p id="here"><a href="https://far.example/">far</a> <a href="#here">here</a> <a href="page.html?q">',
        encoding="utf-8",
    )
    assert links.list_problems(tmp_path) == ([], 3)


# What it refuses.


def test_without_npm_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(
        Refusal, match=r"^The site needs npm, .* install it, on Debian with `apt install npm`"
    ):
        needs.install_modules(tmp_path)


def test_what_builds_it_is_fetched_without_building_it(monkeypatch, capsys):
    fetched = []
    for module, name in (
        (needs, "install_packages"),
        (needs, "install_modules"),
        (interpreter, "install_interpreter"),
    ):
        monkeypatch.setattr(module, name, lambda place, name=name: fetched.append(name))
    monkeypatch.setattr(site, "make_site", None)
    assert site.main(["--fetch"]) == 0
    assert fetched == ["install_packages", "install_modules", "install_interpreter"]
    assert capsys.readouterr().out == "What builds the site is here. Next: python3 -m tools site\n"


def test_a_folder_of_something_else_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(needs, "install_packages", lambda root: None)
    monkeypatch.setattr(needs, "install_modules", lambda cache: tmp_path)
    for name in ("thesis.txt", "searchindex.js"):  # the second as in a site that another program has made
        (tmp_path / name).touch()
        with pytest.raises(
            Refusal, match="and not the mark of a folder that `python3 -m tools site` has filled"
        ):
            site.make_site(ROOT, tmp_path)
        assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        shutil.Error([(f"from/{i}", f"to/{i}", "[Errno 28] No space left on device") for i in range(1000)]),
    ],
)
def test_a_disk_that_is_full_is_told_in_one_short_sentence(tmp_path, monkeypatch, error):
    def full(root, out, plan):
        raise error

    monkeypatch.setattr(site, "make_site", full)
    with pytest.raises(Refusal) as refused:
        site.main(["--out", str(tmp_path / "site")])
    assert re.fullmatch(
        r"The site cannot be written to .*/site: (\[Errno 28\] )?No space left on device\.",
        str(refused.value),
    )


@pytest.mark.skipif(not shutil.which("npm"), reason=missing("npm", "apt install npm"))
@pytest.mark.parametrize("registry", sample(["http://127.0.0.1:9/", "http://nowhere.invalid/"], 2))
def test_without_a_network_npm_gives_up_within_seconds_and_leaves_nothing(tmp_path, monkeypatch, registry):
    monkeypatch.setenv("npm_config_registry", registry)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    began = time.monotonic()
    with pytest.raises(Refusal) as refused:
        needs.install_modules(tmp_path / "site")
    assert str(refused.value) == (
        "MathJax cannot be had from npm: its registry cannot be reached; connect to the network and call "
        "again."
    )
    assert time.monotonic() - began < 30  # on a quiet machine 3; npm alone would try for 72
    assert list((tmp_path / "site").iterdir()) == []


def test_what_else_npm_complains_of_is_one_line(tmp_path):
    npm = tmp_path / "npm"
    lines = "npm error code EACCES\nnpm error errno -13\nnpm error It is so."
    npm.write_text(f"#!/bin/sh\necho '{lines}' >&2; exit 1\n")
    npm.chmod(0o755)
    with pytest.raises(Refusal, match="^MathJax cannot be had from npm: npm says: EACCES It is so.$"):
        needs.fetch(npm, tmp_path)


def test_a_solution_that_was_not_run_is_refused(tmp_path):
    made = chapters.make_variants(ROOT / "notebooks/source" / f"{CHAPTERS[0]}.py", ROOT)["solutions"]
    (tmp_path / "notebooks/solutions").mkdir(parents=True)
    with pytest.raises(Refusal, match="was not executed .* call `python3 -m tools validate 01` first"):
        pages.read_executed(tmp_path, CHAPTERS[0], made)


def test_what_comes_from_npm_is_pinned_by_digest_and_names_no_host():
    lock = json.loads((ROOT / "tools/site/package-lock.json").read_text(encoding="utf-8"))
    packages = [entry for path, entry in lock["packages"].items() if path]
    assert all(len(base64.b64decode(entry["integrity"].removeprefix("sha512-"))) == 64 for entry in packages)
    assert not any("resolved" in entry for entry in packages)


def test_what_comes_from_pypi_is_pinned_and_agrees_with_the_environment():
    pinned = re.compile(r"^([\w.-]+)==(\S+)", re.M)
    own = dict(pinned.findall((ROOT / "tools/site/requirements.lock").read_text(encoding="utf-8")))
    common = dict(pinned.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    assert {name: own[name] for name in own.keys() & common.keys()} == {
        name: common[name] for name in own.keys() & common.keys()
    }
    assert {"sphinx", "myst-nb", "sphinx-book-theme"} <= own.keys()
