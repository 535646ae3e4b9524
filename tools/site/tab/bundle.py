"""What the live pages load: scripts with npm's packages in them, the interpreter, and our own package.

*.js, npm's packages  ->  esbuild  ->  check.js, worker.js      seqgrad, guest.py  ->  seqgrad.zip
"""

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from tools import Refusal
from tools.imports import list_files
from tools.site.links import list_styled, read_page
from tools.site.tab import examples, interpreter
from tools.writing import write

HERE = Path(__file__).parent
SCRIPTS = ("check.js", "worker.js")
OFFLINE = "offline.js"
ARCHIVE = "seqgrad.zip"
BEGIN = f"import sys; sys.path.insert(0, '/site/{ARCHIVE}'); import guest"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that what is the same has the same bytes


def make_bundle(root, cache, modules, folder):
    """Write all that a live page loads into a folder; return what the page has to know of it, as a dict.

    Parameters
    ----------
    root, cache : Path
        The project, and where what was fetched is kept.
    modules : Path
        npm's packages.
    folder : Path
        Which is made, and becomes ``_static/tab``.

    Raises
    ------
    Refusal
        If the interpreter is not to be had, or the scripts cannot be made.
    """
    python = interpreter.install_interpreter(cache)
    folder.mkdir(parents=True)
    run_esbuild(modules, [*SCRIPTS, OFFLINE], folder)
    write_archive(root, folder / ARCHIVE)
    files = [
        place(python / interpreter.PROGRAM, folder, "program"),
        place(python / interpreter.LIBRARY, folder, "library"),
        place(folder / ARCHIVE, folder, ARCHIVE),
    ]
    (folder / ARCHIVE).unlink()
    licences = [*read_licences(modules), (python / interpreter.LICENCES).read_bytes()]
    write(folder / interpreter.LICENCES, interpreter.LINE.join(licences))
    shutil.copy(HERE / "tab.css", folder)
    digests = {name: digest(folder / name) for name in (*SCRIPTS, "tab.css")}
    return {"files": files, "begin": BEGIN, "digests": digests, "examples": examples.list_examples()}


def run_esbuild(modules, names, folder):
    """Have esbuild write scripts into a folder, each with all that it imports."""
    command = ["node", str(modules / "esbuild/bin/esbuild"), *(str(HERE / name) for name in names)]
    command += ["--bundle", "--minify", "--format=iife", "--target=es2022", "--log-level=error"]
    command += [f"--outdir={folder}", "--charset=utf8", "--legal-comments=none"]
    environment = os.environ | {"NODE_PATH": str(modules)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise Refusal(f"esbuild cannot make the scripts of the live pages: {done.stderr.strip()}")


def write_archive(root, path):
    """Write the package, and what answers in the interpreter, into an archive that Python imports from."""
    files = {file.relative_to(root).as_posix(): file for file in list_files(root / "seqgrad")}
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in (files | {"guest.py": HERE / "guest.py"}).items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), file.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def place(path, folder, name):
    """Copy a file to where it is served, under a name that says what is in it; return its entry.

    The name ends in .bin: a server that knows more would unpack it on the way, or send it as something else.
    """
    served = folder / f"{path.name.partition('.')[0]}-{digest(path)}.bin"
    shutil.copy(path, served)
    return {
        "name": served.name,
        "as": name,
        "bytes": served.stat().st_size,
        "packed": path.suffix == ".gz",
    }


def digest(path):
    """Return a few digits that say what is in a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def read_licences(modules):
    """Yield the licence of each package of npm whose code the site serves."""
    lock = json.loads((HERE.parent / "package-lock.json").read_text(encoding="utf-8"))
    for place, entry in lock["packages"].items():
        folder = modules.parent / place
        if place and not entry.get("dev"):
            title = f"{place.partition('node_modules/')[2]} {entry['version']}".encode()
            texts = [path.read_bytes() for path in sorted(folder.glob("LICEN[CS]E*"))]
            yield b"\n\n".join([title, *texts])


def write_offline(made, page):
    """Write the service worker of a site, which keeps a page and what it loads for a day without network."""
    kept = [page, *list_loaded(made, page), "_static/tab/worker.js"]
    script = (made / "_static/tab" / OFFLINE).read_text(encoding="utf-8")
    write(made / OFFLINE, f"const KEPT = {json.dumps(kept)};\n{script}")
    (made / "_static/tab" / OFFLINE).unlink()


def list_loaded(made, page):
    """Return the addresses, from the site's top, of what a page loads, and of what its style sheets load."""
    found, waiting = {}, read_page(made / page).loads
    while waiting:
        address = waiting.pop()
        path = PurePosixPath(urlsplit(address).path)
        if address in found or urlsplit(address).scheme:
            continue
        found[address] = True
        if path.suffix == ".css":
            inner = list_styled((made / path).read_text(encoding="utf-8"))
            waiting += [os.path.normpath(path.parent / one) for one in inner if not urlsplit(one).scheme]
    return sorted(found)
