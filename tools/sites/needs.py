"""What the site is built with and an environment may not have: Sphinx from PyPI, mathematics from npm."""

import shutil
import subprocess
import tomllib
from pathlib import Path

from tools import Refusal, environment

HERE = Path(__file__).parent


def packages(root):
    """Install what the extra `site` of pyproject.toml asks for, if it is missing, as its lock pins it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    missing = [needed for needed in project["optional-dependencies"]["site"] if not environment.meets(needed)]
    if not missing:
        return
    news = f"Installing what builds the site, once: {', '.join(missing)}."
    environment.add(HERE / "requirements.lock", news, root)


def node_modules(cache):
    """Return the folder of what package-lock.json names, installed there by npm if it is not there yet."""
    lock = (HERE / "package-lock.json").read_bytes()
    done = cache / "npm" / "installed-lock.json"
    if not (done.exists() and done.read_bytes() == lock):
        npm = shutil.which("npm")
        if not npm:
            raise Refusal(
                "The site needs npm, which brings MathJax for its formulas; install it, on Debian with "
                "`apt install npm`, and call again."
            )
        print("Fetching MathJax from npm, once.", flush=True)
        done.parent.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, done.parent)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        failed = subprocess.run(command, cwd=done.parent, capture_output=True, text=True)
        if failed.returncode:
            last = (failed.stderr.strip().splitlines() or [f"exit code {failed.returncode}"])[-1]
            raise Refusal(f"MathJax cannot be had from npm: {last}")
        done.write_bytes(lock)
    return done.parent / "node_modules"
