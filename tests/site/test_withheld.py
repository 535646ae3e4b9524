"""A site that withholds answers: no file of it holds a line of one, and its chapters run and are checked."""

import io
import re
import warnings
import zipfile
from contextlib import redirect_stdout

import pytest

from tests import browser
from tests.marks import exhaustive
from tests.site import small
from tests.site.live import Live, read_right
from tests.site.small import ROOT, served
from tools import Refusal
from tools.course import pairs
from tools.release import notebooks, verify
from tools.site import pages, site, withheld

ALL = tuple(pairs.list_chapters(ROOT))


@pytest.fixture(scope="module", params=[("01",), pytest.param(ALL, marks=exhaustive)], ids=["one", "all"])
def made(request, tmp_path_factory):
    """Return the plan of a release, its site, and what the verb says; that of one chapter has one module."""
    small.skip_without_parts()
    out, words = tmp_path_factory.mktemp("withheld") / "site", io.StringIO()
    one = len(request.param) == 1
    arguments = ["--release", "1"] if one else ["--without-solutions"]
    with pytest.MonkeyPatch.context() as patched, warnings.catch_warnings(), redirect_stdout(words):
        warnings.simplefilter("ignore")  # what the theme uses of Sphinx is not ours
        if one:
            patched.setattr(pages, "list_modules", lambda plan: ["seqgrad.activations"])
        assert site.main([*arguments, "--out", str(out)]) == 0
    return notebooks.plan_release(ROOT, request.param), out, words.getvalue()


def read_package(out):
    """Return the files of the archive that the browser gets of seqgrad."""
    (path,) = out.glob("_static/tab/seqgrad-*.bin")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_verb_says_what_it_has_made_and_what_comes_next(made):
    assert re.search(
        r"^\d+ pages, \d{3,} links and resources followed, in \d+ s\.\nNext: open ", made[2], re.M
    )


def test_no_file_of_the_site_holds_a_withheld_line_whatever_it_is_packed_in(made):
    plan, out, _ = made
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    own = {name: path.read_bytes() for name, path in files.items() if withheld.is_own(name)}
    kinds = ("index.html", "searchindex.js", "_static/site.js", "_static/tab/seqgrad-", "_downloads/")
    assert all(
        any(name.startswith(kind) for name in own) for kind in (*kinds, f"chapters/{plan.chapters[0]}")
    )
    hidden = verify.list_secrets(verify.read_sources(ROOT), plan.withheld)
    assert len(hidden.lines) > 3
    verify.refuse_answers(own, hidden)
    package = read_package(out)
    verify.refuse_answers(package, hidden)
    assert "seqgrad/data/answers.bin" in package and not any("naming" in name for name in package)


def test_what_shows_answers_is_left_out(made):
    plan, out, _ = made
    assert {path.stem for path in (out / "chapters").iterdir()} == set(plan.chapters)
    for name in (
        "solutions",
        "_modules",
        "check.html",
        "diagnosis.html",
        "instructors.html",
        "own_exercises.html",
    ):
        assert not (out / name).exists()


def test_its_first_chapter_runs_its_checks_know_what_is_right_and_what_is_wrong(made, chromium):
    plan, out, _ = made
    name = plan.chapters[0]
    right = read_right(name)
    with served(out) as port, browser.visit(chromium) as (page, met):
        live = Live(page, f"http://127.0.0.1:{port}", name)
        live.open({"cells": right | {"softmax": right["softmax"].replace("axis=0", "axis=1")}, "points": {}})
        live.start()
        assert live.status() == "Ready."
        cards = live.page.locator(".live-shown [role=group]").all_inner_texts()
        assert "softmax: wrong" in cards[0] and "sigmoid: passed" in cards[1]
        assert live.page.locator(".live-points").inner_text() == "5 of 10 points"
        assert met["errors"] == [] and met["hosts"] <= {"127.0.0.1", None, ""}
        browser.screenshot(page, "withheld chapter")
        page.goto(f"http://127.0.0.1:{port}/index.html")
        browser.screenshot(page, "withheld front")


LINE = "a_next = np.tanh(Wax @ xt + Waa @ a_prev + ba)"
COLOURED = "".join(f"<span>{word}</span> " for word in LINE.split())


def pack(text):
    """Return an archive with a module that has a text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("seqgrad/rnn.py", f"x = 1\n{text}\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("chapters/02.html", f"<pre>{COLOURED}</pre>".encode()),
        ("searchindex.js", f'Search.setIndex({{"{LINE}"}})'.encode()),
        ("_downloads/1a/02.ipynb", b'{"cells": [{"source": ["%s"]}]}' % LINE.encode()),
        ("_static/tab/seqgrad-0123456789ab.bin", pack(LINE)),
    ],
    ids=["a page", "the search", "a notebook", "the archive"],
)
def test_a_site_that_gives_an_answer_away_is_refused(tmp_path, name, data):
    plan = notebooks.plan_release(ROOT, ["02"])
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Refusal, match=f"{name}.* a line of rnn_cell_forward, which is withheld"):
        withheld.refuse_answers(ROOT, tmp_path, plan)


@pytest.mark.parametrize(
    ("arguments", "chapters"),
    [([], None), (["--without-solutions"], ALL), (["--release", "2-3"], ALL[1:3])],
)
def test_the_verb_withholds_what_it_is_told_to(tmp_path, monkeypatch, arguments, chapters):
    plans = []
    monkeypatch.setattr(site, "make_site", lambda root, out, plan: plans.append(plan) or (1, 1))
    site.main([*arguments, "--out", str(tmp_path / "site")])
    (plan,) = plans
    assert (plan and plan.chapters) == chapters
