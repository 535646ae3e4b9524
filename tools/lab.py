"""Open the exercises in JupyterLab."""

import os
import secrets

from tools import environment, verb_parser
from tools.environment import ROOT

DESCRIPTION = """\
Build what is out of date, and open JupyterLab on notebooks/exercises. Saving a notebook there writes its .py
half, too. Ctrl-C stops it."""

EXAMPLE = """\
example:
  python3 -m tools lab
  python3 -m tools lab --no-browser --port 8890"""


def main(arguments):
    """Build, serve until Ctrl-C, and return the exit code."""
    parser = verb_parser("lab", DESCRIPTION, EXAMPLE)
    parser.add_argument("--no-browser", action="store_true", help="print the address, open no browser")
    parser.add_argument("--port", type=int, default=8888, help="%(default)s, or the next one that is free")
    options = parser.parse_args(arguments)

    from jupyterlab.labapp import LabApp

    from tools import pairs

    environment.prepare_kernels()
    if (ROOT / "notebooks" / "source").is_dir():  # a release is built already
        from tools import build

        build.build(ROOT, tidy=False)
    pairs.join_halves(ROOT)
    # Settings by which it does not even ask whether to show news.
    settings = [str(ROOT / "tools" / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, settings))
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    server = LabApp.initialize_server(
        [
            f"--ServerApp.root_dir={ROOT}",
            "--LabApp.default_url=/lab/tree/notebooks/exercises",
            f"--ServerApp.port={options.port}",
            f"--ServerApp.open_browser={not options.no_browser}",
            f"--IdentityProvider.token={token}",
            "--ServerApp.allow_root=True",  # as in a container
            "--ServerApp.answer_yes=True",  # Ctrl-C asks nothing
            "--ServerApp.log_level=ERROR",
            "--LabApp.log_level=ERROR",
            "--KernelManager.transport_encryption=auto",
            # Nothing asks another host.
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
        ]
    )
    address = f"http://localhost:{server.port}/lab/tree/notebooks/exercises?token={token}"
    said = f"JupyterLab: {address}\nCtrl-C here stops it; save your notebooks first."
    server.io_loop.add_callback(print, said, flush=True)  # once it listens
    server.start()
    print("JupyterLab has stopped. Next: python3 -m tools lab goes on where you were.")
    return 0
