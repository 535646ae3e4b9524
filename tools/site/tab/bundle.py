"""What the live pages load: scripts with npm's packages in them, the interpreter, and our own package.

*.js, npm's packages  ->  esbuild  ->  check.js, live.js, worker.js    seqgrad, what answers  ->  seqgrad.zip
"""

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from tools import Refusal
from tools.imports import list_files
from tools.site.tab import interpreter
from tools.writing import write

HERE = Path(__file__).parent
SCRIPTS = ("check.js", "live.js", "worker.js")
OFFLINE = "offline.js"
ARCHIVE, CHAPTERS = "seqgrad.zip", "chapters.zip"
ANSWERING = ("guest.py", "notebook.py", "showing.py", "stand_ins.py")  # in Python, beside seqgrad
UNPACK = "import sys, zipfile; zipfile.ZipFile('/site/{}').extractall('/python')"
BEGIN = f"{UNPACK.format(ARCHIVE)}; sys.path.insert(0, '/python'); import "
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that what is the same has the same bytes


def make_bundle(package, cache, modules, folder):
    """Write all that a live page loads into a folder; return what the pages have to know of it, as a dict.

    Parameters
    ----------
    package : Path
        The folder that holds ``seqgrad``: the project, or a release of it.
    cache : Path
        Where what was fetched is kept.
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
    write_archive(package, folder / ARCHIVE)
    files = {
        "program": place(python / interpreter.PROGRAM, folder, "program"),
        "library": place(python / interpreter.LIBRARY, folder, "library"),
        ARCHIVE: place(folder / ARCHIVE, folder, ARCHIVE),
        CHAPTERS: place(python / interpreter.CHAPTERS, folder, CHAPTERS),
    }
    (folder / ARCHIVE).unlink()
    licences = [*read_licences(modules), (python / interpreter.LICENCES).read_bytes()]
    write(folder / interpreter.LICENCES, interpreter.LINE.join(licences))
    shutil.copy(HERE / "tab.css", folder)
    return {"files": files, "digests": {name: digest(folder / name) for name in (*SCRIPTS, "tab.css")}}


def run_esbuild(modules, names, folder):
    """Have esbuild write scripts into a folder, each with all that it imports."""
    command = ["node", str(modules / "esbuild/bin/esbuild"), *(str(HERE / name) for name in names)]
    command += ["--bundle", "--minify", "--format=iife", "--target=es2022", "--log-level=error"]
    command += [f"--outdir={folder}", "--charset=utf8", "--legal-comments=none"]
    environment = os.environ | {"NODE_PATH": str(modules)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise Refusal(f"esbuild cannot make the scripts of the live pages: {done.stderr.strip()}")


def write_archive(package, path):
    """Write the package, and what answers in the interpreter, into an archive that Python imports from."""
    files = {file.relative_to(package).as_posix(): file for file in list_files(package / "seqgrad")}
    files |= {name: HERE / name for name in ANSWERING}
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in files.items():
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
