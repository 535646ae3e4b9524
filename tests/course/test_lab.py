"""JupyterLab answers, saves both halves of a notebook, keeps to itself, and stops when asked."""

import contextlib
import http.client
import json
import re
import shutil
import signal
import socket
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jupyter_client import BlockingKernelClient

from tests.laboratory import running_lab
from tests.marks import exhaustive
from tests.waiting import wait_until
from tools import Refusal
from tools.course import build, chapters, pairs
from tools.course import lab as verb
from tools.writing import write

ROOT = Path(__file__).parents[2]
NOTEBOOK = "notebooks/exercises/01_one.ipynb"

CHAPTER = """\
# %% [markdown]
# # One chapter

# %%
print(1)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a copy of the project with one chapter."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("seqgrad", "tools"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    write(root / "notebooks/source/01_one.py", CHAPTER)
    return root


@pytest.fixture(scope="module")
def lab(project):
    """Start JupyterLab; return the root of its project and its address."""
    with running_lab(project, 18880) as (_, address, _):
        yield project, address


def ask(address, path, method="GET", **content):
    """Send a request to the server, with the token of its address; return what it answers."""
    base, token = re.fullmatch(r"(http://localhost:\d+)/.*(\?token=\w+)", address).groups()
    body = json.dumps(content).encode() if content else None
    request = urllib.request.Request(f"{base}/{path}{token}", body, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def test_lab_builds_first_and_answers_on_the_start_page(lab):
    root, address = lab
    assert (root / "notebooks/exercises/01_one.ipynb").exists()
    assert "/lab/tree/notebooks/exercises/00_start.ipynb?" in address
    assert "<title>JupyterLab</title>" in ask(address, "lab/tree/notebooks/exercises/00_start.ipynb")


def test_where_somebody_has_removed_the_start_page_lab_opens_its_folder(tmp_path):
    assert verb.choose_first_page(tmp_path) == "notebooks/exercises"


def test_a_page_of_text_is_shown_and_not_its_markdown(lab):
    settings = json.loads(ask(lab[1], "lab/api/settings/@jupyterlab/docmanager-extension:plugin"))
    viewers = settings["schema"]["properties"]["defaultViewers"]["default"]
    assert viewers == {"markdown": "Markdown Preview"}


def test_lab_asks_no_other_host(lab):
    _, address = lab
    page = ask(address, "lab")
    assert '"news": {"disabled": true}' in page
    assert json.loads(ask(address, "lab/api/update")) == {"notification": None}
    settings = json.loads(ask(address, "lab/api/settings/@jupyterlab/apputils-extension:notification"))
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"  # and does not ask whether to
    assert '"can_install": false' in page  # an extension manager that looks nowhere


def test_saving_a_notebook_writes_its_other_half_and_no_more(lab):
    root, address = lab
    halves = pairs.find_halves(root / "notebooks/exercises/01_one")
    notebook = json.loads(ask(address, f"api/contents/{NOTEBOOK}"))["content"]
    ask(address, f"api/contents/{NOTEBOOK}", "PUT", type="notebook", format="json", content=notebook)
    assert pairs.find_halves(root / "notebooks/exercises/01_one") == halves
    assert build.list_stale(root) == []

    notebook["cells"][1]["source"] = "print(2)"
    ask(address, f"api/contents/{NOTEBOOK}", "PUT", type="notebook", format="json", content=notebook)
    script = chapters.read_notebook(pairs.read(root / "notebooks/exercises/01_one.py"))
    assert [cell.source for cell in script.cells][1:-1] == ["print(2)"]


def test_one_ctrl_c_ends_it_and_its_kernels_while_cells_run_and_a_browser_is_connected(project):
    with running_lab(project, 18888) as (process, address, written):
        stop_amid_work(project, process, address, written)


@exhaustive
def test_one_ctrl_c_ends_it_every_time(project):
    for number in range(5):
        with running_lab(project, 18900 + number) as (process, address, written):
            stop_amid_work(project, process, address, written)


def stop_amid_work(project, process, address, written):
    """Read a notebook, let a kernel run a cell without end, press Ctrl-C once, and see all of it end."""
    kernel = json.loads(ask(address, "api/kernels", "POST", name="python3"))["id"]
    number = start_endless_cell(next(project.rglob(f"kernel-{kernel}.json")), written.with_name("number"))
    with contextlib.closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)) as browser:
        for _ in range(3):
            browser.request("GET", f"/api/contents/{NOTEBOOK}?content=1&{urlsplit(address).query}")
            assert browser.getresponse().read()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert time.monotonic() - began < 3
    assert not Path(f"/proc/{number}/cmdline").exists()
    assert written.read_text().partition("save your notebooks first.\n")[2] == (
        "JupyterLab has stopped. Next: python3 -m tools lab goes on where you were.\n"
    )


def start_endless_cell(connection, path):
    """Run a cell that never ends in the kernel of a connection file; return its process id."""
    code = f"import os\nprint(os.getpid(), file=open({str(path)!r}, 'w'), flush=True)\nwhile True: pass"
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    try:
        client.execute(code)
        return int(wait_until(lambda: path.exists() and path.read_text(), "the cell to begin"))
    finally:
        client.stop_channels()


@pytest.mark.parametrize("port", ["99999", "65536", "0", "-5"])
def test_a_port_that_there_is_not_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        verb.main(["--port", port])
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"python3 -m tools lab: error: --port {port}: a port is a number from 1 to 65535"


def test_the_next_free_port_is_taken_and_where_there_is_none_that_is_said(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert port < verb.find_port(port) < port + verb.TRIES
        monkeypatch.setattr(verb, "TRIES", 1)
        with pytest.raises(
            Refusal, match=f"^No port from {port} to {port} is free; name another one with --port"
        ):
            verb.find_port(port)
