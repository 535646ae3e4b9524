"""What the site is built with and an environment may not have: Sphinx from PyPI, scripts from npm."""

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools import Refusal, extras

HERE = Path(__file__).parent

# Npm tries again for more than a minute where there is no network; so it gives up after some seconds.
IMPATIENT = [
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=2000",
    "--fetch-timeout=30000",
]
LIMIT = 300  # seconds for all of it
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")
UNREACHABLE += ("ERR_SOCKET_TIMEOUT", "EHOSTUNREACH", "FETCH_ERROR")
CONNECT = "its registry cannot be reached; connect to the network and call again."


def install_packages(root):
    """Install what the extra `site` of pyproject.toml asks for, if it is missing, as its lock pins it."""
    news = "Installing what builds the site, once: {missing}."
    extras.install(("site",), news, HERE / "requirements.lock", root=root)


def locate_modules(cache):
    """Return the folder of what package-lock.json names, whether it is there or not."""
    lock = (HERE / "package-lock.json").read_bytes()
    return cache / f"npm-{hashlib.sha256(lock).hexdigest()[:12]}" / "node_modules"


def install_modules(cache):
    """Return the folder of what package-lock.json names, installed there by npm if it is not there yet."""
    done, npm = locate_modules(cache), shutil.which("npm")
    if not (npm or done.is_dir()):
        raise Refusal(
            "The site needs npm, which brings MathJax for its formulas; install it, on Debian with "
            "`apt install npm`, and call again."
        )

    def make(folder):
        fetch(npm, folder)
        return folder / "node_modules"

    return make_once(done, cache, "Fetching MathJax and an editor from npm, once.", make)


def make_once(done, cache, news, make):
    """Return a folder in the cache, made now if it is not there yet, however many ask at the same time.

    `news` is said before; `make` works in an empty folder, and returns the path of what it has made there.
    """
    if not done.is_dir():
        print(news, flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-", ignore_cleanup_errors=True) as folder:
            made = make(Path(folder))
            done.parent.mkdir(exist_ok=True)
            if not done.is_dir():  # by another call, meanwhile
                made.rename(done)
    return done


def fetch(npm, folder):
    """Let npm install into a folder what package-lock.json names."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    calm = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(
            [npm, "ci", *calm, *IMPATIENT], cwd=folder, capture_output=True, text=True, timeout=LIMIT
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(f"MathJax cannot be had from npm within {LIMIT} s: {CONNECT}") from error
    if done.returncode:
        said = re.findall(r"^npm error (?!errno |syscall |A complete log)(.+)", done.stderr, re.MULTILINE)
        code = said.pop(0).removeprefix("code ") if said and said[0].startswith("code ") else ""
        reason = " ".join([code, *said[:1]]).strip(". ") or f"exit code {done.returncode}"
        why = CONNECT if code in UNREACHABLE else f"npm says: {reason}."
        raise Refusal(f"MathJax cannot be had from npm: {why}")
