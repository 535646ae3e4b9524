"""JupyterLab answers, saves both halves of a notebook, keeps to itself, and stops when asked."""

import json
import re
import shutil
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.laboratory import running_lab
from tools import build, chapters, pairs

ROOT = Path(__file__).parent.parent

CHAPTER = """\
# %% [markdown]
# # One chapter

# %%
print(1)
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a copy of the project; return its root, its process and its address."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("seqgrad", "tools"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    pairs.write(root / "notebooks/source/01_one.py", CHAPTER)
    with running_lab(root, 18888) as (process, address):
        yield root, process, address


def ask(address, path, **content):
    """Send a request to the server, with the token of its address; return what it answers."""
    base, token = re.fullmatch(r"(http://localhost:\d+)/.*(\?token=\w+)", address).groups()
    body = json.dumps(content).encode() if content else None
    request = urllib.request.Request(f"{base}/{path}{token}", body, method="PUT" if content else "GET")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def test_lab_builds_first_and_answers_on_the_exercises(lab):
    root, _, address = lab
    assert (root / "notebooks/exercises/01_one.ipynb").exists()
    assert "/lab/tree/notebooks/exercises?" in address
    assert "<title>JupyterLab</title>" in ask(address, "lab/tree/notebooks/exercises")


def test_lab_asks_no_other_host(lab):
    _, _, address = lab
    page = ask(address, "lab")
    assert '"news": {"disabled": true}' in page
    assert json.loads(ask(address, "lab/api/update")) == {"notification": None}
    settings = json.loads(ask(address, "lab/api/settings/@jupyterlab/apputils-extension:notification"))
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"  # and does not ask whether to
    assert '"can_install": false' in page  # an extension manager that looks nowhere


def test_saving_a_notebook_writes_its_other_half_and_no_more(lab):
    root, _, address = lab
    path = "notebooks/exercises/01_one.ipynb"
    halves = pairs.halves(root / "notebooks/exercises/01_one")
    notebook = json.loads(ask(address, f"api/contents/{path}"))["content"]
    ask(address, f"api/contents/{path}", type="notebook", format="json", content=notebook)
    assert pairs.halves(root / "notebooks/exercises/01_one") == halves
    assert build.out_of_date(root) == []

    notebook["cells"][1]["source"] = "print(2)"
    ask(address, f"api/contents/{path}", type="notebook", format="json", content=notebook)
    script = chapters.from_text(pairs.read(root / "notebooks/exercises/01_one.py"))
    assert [cell.source for cell in script.cells] == ["# One chapter", "print(2)"]


def test_ctrl_c_stops_it_without_a_question(lab):
    _, process, _ = lab
    process.send_signal(signal.SIGINT)
    assert (
        process.stdout.read()
        .splitlines()[-1]
        .startswith("JupyterLab has stopped. Next: python3 -m tools lab")
    )
    assert process.wait(60) == 0
