"""Where the project is public, from [tool.seqgrad] in pyproject.toml, and what is made of it.

An address that is empty has nothing made of it.
"""

import re
import tomllib

from tools import Refusal

GITHUB = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")


def read_addresses(root):
    """Return the addresses, ``{"repository": "", "site": ""}`` if there are none."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found = {"repository": "", "site": ""} | project.get("tool", {}).get("seqgrad", {})
    for name, address in found.items():
        if address and not re.fullmatch(r"https://[^\s\"<>]+", address):
            raise Refusal(f"pyproject.toml, [tool.seqgrad]: {name} = {address!r} should begin with https://.")
    return found


def clone(repository):
    """Return the command that copies the project and goes into it; "" without an address."""
    return f"git clone {repository} seqgrad\ncd seqgrad\n" if repository else ""


def link_binder(repository):
    """Return where Binder opens the start page; "" if the address is empty, or not on GitHub."""
    found = GITHUB.fullmatch(repository)
    page = "lab/tree/notebooks/exercises/00_start.ipynb"
    return f"https://mybinder.org/v2/gh/{found[1]}/{found[2]}/HEAD?urlpath={page}" if found else ""


def link_colab(repository, name):
    """Return where Colab opens the exercises of a chapter; "" if the address is empty, or not on GitHub."""
    found = GITHUB.fullmatch(repository)
    base = "https://colab.research.google.com/github"
    return f"{base}/{found[1]}/{found[2]}/blob/HEAD/notebooks/exercises/{name}.ipynb" if found else ""
