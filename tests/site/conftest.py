"""The sites that the tests look at, each made once in a run, and the browser that shows them."""

import os
import subprocess
import sys

import pytest

from tests import browser
from tests.site import small
from tests.waiting import wait_until
from tools.environment import try_lock

SECONDS = 600  # that a worker waits for a site which another one makes, on a busy machine


def make_once(tmp_path_factory, name, make):
    """Return a folder that is made once: one worker makes it, and the others wait."""
    above = tmp_path_factory.getbasetemp()
    above = above.parent if "PYTEST_XDIST_WORKER" in os.environ else above
    folder = above / name
    with (above / f"{name}.lock").open("a") as lock:
        wait_until(lambda: try_lock(lock), f"the worker that makes {name}", SECONDS)
        if not folder.exists():
            work = tmp_path_factory.mktemp(name)
            make(work)
            work.rename(folder)
    return folder


@pytest.fixture(scope="session")
def small_site(tmp_path_factory):
    """Return the folder of a site with one chapter, its solution, the check and some modules."""
    small.skip_without_parts()
    return make_once(tmp_path_factory, "small-site", small.make_site) / "html"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Return the whole site as the verb makes it, and what the verb says."""
    small.skip_without_parts(live=False)

    def make(work):
        command = [sys.executable, "-m", "tools", "site", "--out", str(work / "site")]
        done = subprocess.run(command, cwd=small.ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        (work / "said").write_text(done.stdout, encoding="utf-8")

    folder = make_once(tmp_path_factory, "whole-site", make)
    return folder / "site", (folder / "said").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def whole_site(made):
    return made[0]


@pytest.fixture
def folder(request):
    """Return the folder of the site that a test asks for by its name."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as opened:
        yield opened
