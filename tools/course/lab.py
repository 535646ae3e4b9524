"""Open the exercises in JupyterLab."""

import functools
import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tools import Refusal, environment, verb_parser
from tools.course.option import add_course

DESCRIPTION = """\
Build what is out of date, and open JupyterLab on the start page of notebooks/exercises. Saving a notebook
there writes its .py half, too. Ctrl-C stops it."""

EXAMPLE = """\
example:
  python3 -m tools lab
  python3 -m tools lab --no-browser --port 8890"""

PORTS = range(1, 65536)
TRIES = 50  # ports that are looked at, the first one included


def main(arguments):
    """Build, serve until Ctrl-C, and end the process."""
    parser = verb_parser("lab", DESCRIPTION, EXAMPLE)
    parser.add_argument("--no-browser", action="store_true", help="print the address, open no browser")
    parser.add_argument("--port", type=int, default=8888, help="%(default)s, or the next one that is free")
    add_course(parser)
    options = parser.parse_args(arguments)
    root = options.course
    if options.port not in PORTS:
        parser.error(f"--port {options.port}: a port is a number from {PORTS[0]} to {PORTS[-1]}")

    from tools.course import join

    said = say_whose_numbers()
    environment.prepare_kernels()
    join.join_halves(root)
    if (root / "notebooks" / "source").is_dir():  # a release is built already
        from tools.course import build

        build.build(root, tidy=False)
    server = prepare_server(root, find_port(options.port), not options.no_browser)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop(from_signal=True))
    print(said, end="\n" * bool(said), flush=True)
    server.start()
    print("JupyterLab has stopped. Next: python3 -m tools lab goes on where you were.", flush=True)
    sys.stderr.flush()
    os._exit(0)  # without waiting for threads: AnyIO's may wait for work for ever


def say_whose_numbers():
    """Return a sentence on whose numbers a release has here; refuse a token that is not of this release."""
    from seqgrad.check.released import own

    try:
        return own.describe_token()
    except own.WrongToken as wrong:
        raise Refusal(str(wrong)) from wrong


def find_port(first):
    """Return the first port from `first` on at which JupyterLab can listen."""
    ports = range(first, min(first + TRIES, PORTS.stop))
    for port in ports:
        try:
            socket.create_server(("127.0.0.1", port)).close()
            return port
        except PermissionError as error:
            raise Refusal(f"--port {port}: only root may listen there; name one from 1024 on.") from error
        except OSError:  # somebody else listens there
            continue
    raise Refusal(f"No port from {ports[0]} to {ports[-1]} is free; name another one with --port.")


def choose_first_page(root):
    """Return what JupyterLab shows first: the start page, or its folder where there is no such page."""
    from tools.course.navigation import START

    folder = Path("notebooks") / "exercises"
    page = folder / f"{START}.ipynb"
    return (page if (root / page).exists() else folder).as_posix()


def prepare_server(root, port, browser):
    """Return a server of a course that listens at a port once it is started, and then says where it is."""
    from jupyterlab.labapp import LabApp

    # Settings by which it does not even ask whether to show news.
    settings = [str(Path(__file__).with_name("jupyter")), os.environ.get("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, settings))
    page = choose_first_page(root)
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    server = LabApp.initialize_server(
        [
            f"--ServerApp.root_dir={root}",
            f"--LabApp.default_url=/lab/tree/{page}",
            f"--ServerApp.port={port}",
            f"--ServerApp.open_browser={browser}",
            f"--IdentityProvider.token={token}",
            "--ServerApp.allow_root=True",  # as in a container
            "--ServerApp.log_level=ERROR",
            "--LabApp.log_level=ERROR",
            "--KernelManager.transport_encryption=auto",
            "--KernelManager.shutdown_wait_time=1",  # seconds until a kernel that is busy is killed
            # Nothing asks another host.
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
        ]
    )
    start_kernel = server.kernel_manager.start_kernel
    # A kernel's own log has a traceback when it is stopped within a cell; what cells write comes another way.
    server.kernel_manager.start_kernel = functools.partial(start_kernel, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{server.port}/lab/tree/{page}?token={token}"
    said = f"JupyterLab: {address}\nCtrl-C here stops it; save your notebooks first."
    server.io_loop.add_callback(print, said, flush=True)  # once it listens
    return server
