"""What only some verbs need: extras of pyproject.toml, installed into this environment when one is asked for.

extras, a lock  ->  what is missing  ->  downloaded as a whole  ->  installed
"""

import importlib
import sys
import tempfile
from pathlib import Path

from tools import Refusal
from tools.environment import ROOT, find_installer, hold_lock, list_missing, run_command


def install(extras, news, lock=None, limit=None, root=ROOT):
    """Install what extras name and this environment lacks, once, however many ask for it at the same time.

    An installation that is cut short would leave half a package, so all of it is downloaded first.

    Parameters
    ----------
    extras : tuple of str
        Their names in pyproject.toml.
    news : str
        What is said before; ``{missing}`` stands for what is missing.
    lock : Path, optional
        The file that pins it.
    limit : int, optional
        Seconds that the download may take.

    Raises
    ------
    Refusal
        Says why it cannot be installed.
    """
    if not list_missing(root, extras):
        return
    try:
        with hold_lock(root / ".venv.lock"):
            importlib.invalidate_caches()
            if missing := list_missing(root, extras):
                print(news.format(missing=", ".join(missing)), flush=True)
                fetch(["--require-hashes", "--requirement", str(lock)] if lock else missing, limit, root)
    except OSError as error:
        raise Refusal(f"It cannot be installed: {error.strerror}.") from error
    importlib.invalidate_caches()


def fetch(wanted, limit, root):
    """Download what pip's arguments ask for, then install it."""
    pip = find_installer(Path(sys.prefix))
    with tempfile.TemporaryDirectory() as folder:
        download(wanted, folder, limit, root)
        install = [*pip, "install", "--quiet", "--no-index", "--find-links", folder, *wanted]
        run_command(install, root, "It cannot be installed")


def download(wanted, folder, limit=None, root=ROOT):
    """Download what pip's arguments ask for into a folder; nothing is installed."""
    pip = find_installer(Path(sys.prefix))
    command = [*pip, "download", "--quiet", "--retries", "1", "--dest", str(folder), *wanted]
    run_command(command, root, "It cannot be installed", limit)
